"""The triggers are there, are whole, and let no way of writing through that goes round them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Upper
from django.db.utils import ProgrammingError

from onroll.authorities.models import Team
from onroll.history import triggers, triggers_postgresql
from onroll.history.changes import NoChangeOpen, Refused, change
from onroll.history.connections import open_changes, prepare
from onroll.history.models import Change, Entry, Event, Head, Seal
from onroll.history.recorded import number_of, recorded_tables
from onroll.history.viewing import viewed

from .rows import SAM, Rows

pytestmark = pytest.mark.django_db

TABLES = recorded_tables()


@pytest.fixture
def north() -> Team:
    with change("test.set_up", actor=SAM) as this:
        return this.create(Team(name="North", authority=Rows(this).authority))


def run(sql: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def acts(team: int) -> str:
    return "".join(
        Event.objects.filter(model=number_of(Team), record=team).order_by("pk").values_list("act", flat=True)
    )


def insert(team: Team, *, id: int = 900, how: str = "INSERT", end: str = "", name: str = "South") -> str:
    return (
        f"{how} INTO authorities_team (id, public_id, name, authority_id) "
        f"VALUES ({id}, '00000000-0000-0000-0000-00000000{id:04}', '{name}', {team.authority_id}) {end}"
    )


# They are there ------------------------------------------------------------------------------------------------------


def test_the_database_holds_the_triggers_that_the_models_ask_for():
    triggers.check(connection)


def test_each_recorded_table_has_its_guard_its_three_records_and_its_key():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT tbl_name, replace(name, '_' || tbl_name, '') FROM sqlite_master WHERE type = 'trigger'"
            )
        else:
            cursor.execute(
                "SELECT relname, tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal"
            )
        found = set(cursor.fetchall())
    wanted = {"history_1_insert", "history_1_update", "history_1_delete", "history_2_key"}
    if connection.vendor == "postgresql":
        wanted.add("history_0_guard")
    assert {(table.name, name) for table in TABLES for name in wanted} <= found


@pytest.mark.parametrize("what", ["a trigger is gone", "a trigger is another", "a trigger is new"])
def test_a_connection_is_refused_when_the_triggers_are_not_those_of_the_models(what, monkeypatch):
    closed = []
    monkeypatch.setattr(connection, "close", lambda: closed.append(True))
    table = "children_child"
    if connection.vendor == "sqlite":
        gone = f"DROP TRIGGER history_1_update_{table}"
        made = f"CREATE TRIGGER history_1_update_{table} AFTER UPDATE ON {table} BEGIN SELECT 1; END"
        new = f"CREATE TRIGGER another AFTER UPDATE ON {table} BEGIN SELECT 1; END"
    else:
        gone = f"DROP TRIGGER history_1_update ON {table}"
        made = f"CREATE TRIGGER history_1_update AFTER UPDATE ON {table} EXECUTE FUNCTION history_of_{table}()"
        new = f"CREATE TRIGGER another AFTER UPDATE ON {table} EXECUTE FUNCTION history_of_{table}()"
    statements = {"a trigger is gone": [gone], "a trigger is another": [gone, made], "a trigger is new": [new]}[what]
    if connection.vendor == "postgresql":
        monkeypatch.setattr(connection.connection, "history_checked", False, raising=False)
    with transaction.atomic():
        if triggers_postgresql.web_role():
            # It can't touch a trigger, so here it is the models that are others.
            monkeypatch.setattr(triggers, "wanted_fingerprint", lambda vendor: what)
        else:
            for statement in statements:
                run(statement)
        with pytest.raises(triggers.HistoryNotInPlace):
            prepare(sender=None, connection=connection)
        transaction.set_rollback(True)
    assert closed


@pytest.mark.postgresql
def test_postgresql_functions_carry_the_settings_that_keep_their_plans_fast():
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, proconfig, prosecdef FROM pg_proc WHERE proname LIKE 'history\\_of\\_%'")
        found = cursor.fetchall()
    assert len(found) == len(TABLES)
    for name, settings, as_owner in found:
        assert {"enable_nestloop=off", "jit=off", "TimeZone=UTC"} <= set(settings), name
        assert as_owner, name


# Ways round ----------------------------------------------------------------------------------------------------------


@pytest.mark.sqlite
@pytest.mark.parametrize("how", ["INSERT OR IGNORE", "INSERT OR REPLACE", "INSERT OR FAIL", "REPLACE"])
def test_no_conflict_clause_of_sqlite_lets_a_row_in_unrecorded(north, how):
    with pytest.raises(NoChangeOpen), transaction.atomic():
        run(insert(north, how=how))
    with change("test.set_up", actor=SAM):
        run(insert(north, how=how))
    assert acts(900) == "i"


@pytest.mark.sqlite
def test_or_replace_records_the_row_that_it_removes(north):
    with change("test.set_up", actor=SAM):
        run(insert(north, id=901, how="INSERT OR REPLACE", name="North"))
    assert acts(north.pk) == "id"
    assert acts(901) == "i"


@pytest.mark.sqlite
def test_or_ignore_does_not_swallow_a_refused_update(north):
    with pytest.raises(NoChangeOpen), transaction.atomic():
        run("UPDATE OR IGNORE authorities_team SET name = 'West' WHERE id = %s", north.pk)
    assert Team.objects.get(pk=north.pk).name == "North"


def test_an_upsert_records_each_row_once_with_its_true_act(north):
    upsert = insert(north, id=902, end="ON CONFLICT (authority_id, name) DO UPDATE SET public_id = excluded.public_id")
    with pytest.raises(NoChangeOpen), transaction.atomic():
        run(upsert)
    with change("test.set_up", actor=SAM):
        run(upsert)
        run(insert(north, id=903, name="North", end="ON CONFLICT (authority_id, name) DO UPDATE SET name = 'East'"))
    assert (acts(902), acts(903), acts(north.pk)) == ("i", "", "iu")


def test_an_update_of_many_rows_records_each_that_differs(north):
    with change("test.set_up", actor=SAM) as this:
        this.bulk_create(Team, [Team(name=f"Team {n}", authority_id=north.authority_id) for n in range(50)])
        Team.objects.filter(name="Team 7").update(name="Seven")
        before = Event.objects.count()
        run("UPDATE authorities_team SET name = CASE WHEN name LIKE 'Team%%' THEN upper(name) ELSE name END")
    assert Event.objects.count() == before + 49


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "WITH gone AS (DELETE FROM authorities_team RETURNING id) SELECT count(*) FROM gone",
        "MERGE INTO authorities_team t USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET name = 'Merged'",
        "MERGE INTO authorities_team t USING (SELECT 1 AS one) s ON t.id = -1 WHEN NOT MATCHED THEN "
        "INSERT (id, public_id, name, authority_id) VALUES (904, gen_random_uuid(), 'New', {authority})",
    ],
)
def test_writing_ctes_and_merge_are_refused_and_recorded(north, statement):
    statement = statement.format(authority=north.authority_id)
    with pytest.raises(NoChangeOpen), transaction.atomic():
        run(statement)
    before = Event.objects.count()
    with change("test.set_up", actor=SAM):
        run(statement)
    assert Event.objects.count() == before + 1


@pytest.mark.postgresql
def test_copy_is_refused_and_recorded(north):
    import psycopg

    def copy() -> None:
        with connection.cursor() as cursor, cursor.copy("COPY authorities_team FROM STDIN") as copying:
            copying.write_row((905, "00000000-0000-0000-0000-000000000905", "Copied", north.authority_id))

    with pytest.raises(psycopg.errors.RestrictViolation), transaction.atomic():
        copy()
    with change("test.set_up", actor=SAM):
        with connection.cursor() as cursor:
            columns = [
                column.name for column in connection.introspection.get_table_description(cursor, "authorities_team")
            ]
        assert columns == ["id", "public_id", "name", "authority_id"]
        copy()
    assert acts(905) == "i"


@pytest.mark.postgresql
@pytest.mark.parametrize("table", ["authorities_team", "history_event", "history_seal", "history_entry"])
def test_truncate_is_refused_even_in_a_change(north, table):
    with pytest.raises((Refused, ProgrammingError)), change("test.set_up", actor=SAM):
        run(f"TRUNCATE {table} CASCADE")


@pytest.mark.sqlite
def test_a_script_that_commits_first_is_not_recorded_under_a_closed_change(north):
    """`executescript` commits whatever is open; what it then writes stands under no change and is refused."""
    # A connection of its own, so that the test's own transaction stays whole.
    other = sqlite3.connect(":memory:")
    state = {"changes": [1]}
    other.create_function(
        "history_now", 0, lambda: state["changes"][-1] if other.in_transaction and state["changes"] else None
    )
    other.executescript(
        "CREATE TABLE t (id INTEGER); CREATE TRIGGER g AFTER INSERT ON t BEGIN "
        "SELECT RAISE(ABORT, 'history: no change is open') WHERE history_now() IS NULL; END;"
    )
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO t VALUES (1)")
    with pytest.raises(sqlite3.IntegrityError, match="no change is open"):
        other.executescript("INSERT INTO t VALUES (2);")
    assert open_changes(connection) == []


def test_a_write_after_the_change_is_over_is_refused(north, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, change("test.set_up", actor=SAM) as this:
        transaction.on_commit(lambda: Team.objects.filter(pk=north.pk).update(name="Late"))
    with pytest.raises(NoChangeOpen), transaction.atomic():
        callbacks[0]()
    with pytest.raises(NoChangeOpen), transaction.atomic():
        this.delete(Team.objects.filter(pk=north.pk))


def test_after_a_failed_change_none_is_open(north):
    with pytest.raises(ZeroDivisionError), change("test.set_up", actor=SAM):
        1 / 0  # noqa: B018
    with pytest.raises(NoChangeOpen), transaction.atomic():
        Team.objects.filter(pk=north.pk).update(name="Late")


@pytest.mark.postgresql
def test_an_old_or_invented_change_can_not_be_named(north):
    for id in (Change.objects.first().pk, 987654321):
        with transaction.atomic():
            run("SELECT set_config('history.change', %s, true)", str(id))
            with pytest.raises(NoChangeOpen), transaction.atomic():
                run("UPDATE authorities_team SET name = 'Forged'")


@pytest.mark.proves("LOG-3")
def test_the_history_itself_is_never_altered(north):
    viewed(SAM, 1, "a")
    kept = [Change, Event, Seal, Head, Entry]
    for model in kept:
        assert model.objects.exists(), model
        table = model._meta.db_table
        column = "hash" if model in (Seal, Head, Entry) else "authority"
        value = "'0'" if column == "hash" else "7"
        for statement in (f"UPDATE {table} SET {column} = {value}", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match=r"history: |permission denied|never|kept|grows"), transaction.atomic():
                run(statement)
            refusal = pytest.raises(Exception, match=r"history: |permission denied|never|kept|grows")
            with refusal, change("test.set_up", actor=SAM):
                run(statement)


@pytest.mark.postgresql
def test_after_one_row_saves_an_update_of_many_rows_still_joins_well(north):
    """The plan of the recording function is kept from the first saves. A nested loop would take minutes here."""
    plans: list[str] = []
    with change("test.set_up", actor=SAM) as this:
        this.bulk_create(Team, [Team(name=f"Team {n}", authority_id=north.authority_id) for n in range(20_000)])
        for team in Team.objects.all()[:10]:
            team.name += "!"
            this.save(team)
        before = Event.objects.count()
        with plans_told(plans):
            Team.objects.update(name=Upper("name"))
    assert Event.objects.count() == before + 20_001
    joined = [plan for plan in plans if "old_rows" in plan and "new_rows" in plan]
    assert any("Join" in plan for plan in joined)
    assert not any("Nested Loop" in plan for plan in joined)


@contextmanager
def plans_told(to: list[str]) -> Iterator[None]:
    """Collect the plan of each statement that runs meanwhile, those inside the triggers too."""

    def listener(notice: Any) -> None:
        to.append(notice.message_primary)

    run("SET LOCAL auto_explain.log_min_duration = 0")
    run("SET LOCAL auto_explain.log_nested_statements = on")
    run("SET LOCAL client_min_messages = log")
    connection.connection.add_notice_handler(listener)
    try:
        yield
    finally:
        connection.connection.remove_notice_handler(listener)
        run("SET LOCAL auto_explain.log_min_duration = -1")
        run("SET LOCAL client_min_messages = notice")

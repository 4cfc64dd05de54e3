"""On PostgreSQL the web server's role can open a change and read, and can forge, undo or switch off nothing."""

import pytest
from django.db import DatabaseError, connection, transaction

from onroll.access import scope
from onroll.authorities.models import Authority, Team
from onroll.history.changes import NoChangeOpen, change
from onroll.history.models import Change, Event
from onroll.history.sealing import mark, verify
from onroll.history.triggers_postgresql import web_role

from .rows import SAM

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def north() -> Team:
    with change("test.set_up", actor=SAM) as this:
        authority = this.create(Authority(pk=SAM.authority, code="999", name="Ashcombe", live_from=SAM.today))
        return this.create(Team(name="North", authority=authority))


@pytest.fixture(autouse=True)
def is_the_web_role(north):
    if not web_role():
        pytest.skip("DATABASE_OWNER_URL is not set, so the tests run as the owner")
    with scope.in_authority(SAM.authority):
        yield


def whole() -> bool:
    with scope.everywhere():
        return verify() == []


def run(sql: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO history_event (change_id, authority, model, record, act, payload, digest) "
        "SELECT max(id), 1, 1, 1, 'i', '{}', '' FROM history_change",
        "UPDATE history_event SET payload = '{}'",
        "DELETE FROM history_event",
        "UPDATE history_change SET reason = 'another'",
        "DELETE FROM history_change",
        "INSERT INTO history_seal (authority, number, change_id, count, content, hash) VALUES (1, 99, 1, 0, '', '')",
        "UPDATE history_seal SET hash = ''",
        "UPDATE history_head SET number = number + 1",
        "DELETE FROM history_salt",
        "INSERT INTO history_entry (authority, number, at, actor_name, role, children, section, act, outcome, route, "
        "request_id, address, device, hash) VALUES (1, 1, now(), '', '', '', '', '', '', '', '', '', '', '')",
        "UPDATE history_entryhead SET number = number + 1",
        "TRUNCATE authorities_team CASCADE",
        "ALTER TABLE authorities_team DISABLE TRIGGER ALL",
        "DROP TRIGGER history_0_guard ON authorities_team",
        "CREATE OR REPLACE FUNCTION history_now() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        "CREATE FUNCTION mine() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        "ALTER FUNCTION history_guard() RENAME TO another",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id bigint)",
        "DELETE FROM django_migrations",
    ],
)
@pytest.mark.proves("LOG-3")
def test_it_may_not(north, statement):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), change("test.set_up", actor=SAM):
        run(statement)
    assert whole()


def test_it_can_not_give_a_change_to_another_transaction(north):
    with change("test.set_up", actor=SAM):
        run(
            "INSERT INTO history_change (authority, verb, actor_name, role, at, reason, batch, words_digest, xact) "
            "VALUES (1, 'test.set_up', 'Forged', '', now(), '', '', '', 1)"
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            assert Change.objects.latest("pk").xact == cursor.fetchone()[0]
    assert whole(), "It was sealed with the rest"


def test_a_change_that_was_sealed_early_takes_no_more(north):
    events = Event.objects.count()
    with pytest.raises(NoChangeOpen):
        write_after_sealing(north)
    assert Event.objects.count() == events


def write_after_sealing(north: Team) -> None:
    with change("test.set_up", actor=SAM) as this:
        run("SELECT history_seal(%s, %s)", this.id, mark() - 1)
        run("SELECT set_config('history.change', %s, true)", str(this.id))
        this.delete(north)


def test_a_path_of_its_own_does_not_lead_the_functions_astray(north):
    run("SET LOCAL search_path = pg_temp, public")
    run("CREATE TEMP TABLE history_change AS SELECT 7::bigint AS id, pg_current_xact_id()::text::bigint AS xact")
    run("SELECT set_config('history.change', '7', true)")
    with pytest.raises(NoChangeOpen), transaction.atomic():
        run("UPDATE public.authorities_team SET name = 'Forged'")

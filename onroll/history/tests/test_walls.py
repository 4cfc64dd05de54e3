"""The walls between authorities on PostgreSQL: what each table shows, what may be written, and who may not pass."""

import os
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import isolate_apps

from onroll.access import scope
from onroll.access.scope import OutsideAuthority, everywhere, in_authority, nowhere
from onroll.authorities.models import Authority, Team
from onroll.history import triggers, walls
from onroll.history.changes import change
from onroll.history.connections import prepare
from onroll.history.models import Change, Event, Seal
from onroll.history.recorded import is_recorded, recorded_models
from onroll.history.testing import as_owner
from onroll.history.viewing import viewed
from onroll.site.heads import verify_all

from .rows import SAM, Rows, changeable
from .test_writers import Database

pytestmark = pytest.mark.django_db

OWNED = [
    model for model in recorded_models() if (wall := walls.wall_of(model)) and wall.table != "authorities_authority"
]
names = [model._meta.label for model in OWNED]


def an_authority() -> Authority:
    with change("test.set_up", actor=SAM) as this:
        return Rows(this).authority


def a_row(model: type[models.Model], authority: Authority) -> Any:
    with change("test.set_up", actor=SAM) as this:
        return Rows(this, authority).make(model)


@pytest.fixture
def two() -> tuple[Authority, Authority]:
    return an_authority(), an_authority()


def actor_of(authority: Authority):
    return SAM.command_line(authority.pk, today=SAM.today, user="sam")


def shown(model: type[models.Model]) -> list[int]:
    return list(model._base_manager.filter(authority__isnull=False).values_list("authority", flat=True).distinct())


# What each table shows and lets be written


@pytest.mark.postgresql
@pytest.mark.proves("TEN-2")
@pytest.mark.parametrize("model", OWNED, ids=names)
def test_a_table_shows_nothing_without_an_authority_and_its_own_rows_within_one(two, model):
    here, there = two
    for authority in two:
        a_row(model, authority)
    assert set(shown(model)) == {here.pk, there.pk}, "The test itself looks everywhere"

    with nowhere():
        assert shown(model) == []
    with in_authority(here.pk):
        assert shown(model) == [here.pk]
        with in_authority(there.pk):
            assert shown(model) == [there.pk]
        assert shown(model) == [here.pk]


@pytest.mark.postgresql
@pytest.mark.proves("TEN-2")
@pytest.mark.parametrize("model", OWNED, ids=names)
def test_a_table_takes_no_write_for_another_authority(two, model):
    here, there = two
    row = a_row(model, there)
    field = changeable(model)
    with change("test.set_up", actor=SAM) as this:
        another = Rows(this, there).build(model)
    before = model._base_manager.filter(pk=row.pk).values().get()

    with in_authority(here.pk):
        with change("test.set_up", actor=actor_of(here)):
            assert model._base_manager.filter(pk=row.pk).update(**{field: before[field]}) == 0
            assert model._base_manager.filter(pk=row.pk).delete()[0] == 0
        with pytest.raises(OutsideAuthority), change("test.set_up", actor=actor_of(here)) as this:
            this.create(another)
    assert model._base_manager.filter(pk=row.pk).values().get() == before


@pytest.mark.postgresql
@pytest.mark.parametrize("model", OWNED, ids=names)
def test_a_row_of_ones_own_is_written_and_recorded_under_the_wall(two, model):
    """As the web role, in one authority: the trigger fills the event's authority from the row; the seal holds it."""
    here, _ = two
    with change("test.set_up", actor=SAM) as this:
        row = Rows(this, here).build(model)

    with in_authority(here.pk), change("test.set_up", actor=actor_of(here)) as this:
        this.create(row)
        done = this.id
    with in_authority(here.pk):
        event = Event.objects.get(change=done)
        assert (event.authority, event.record, event.act) == (here.pk, row.pk, "i")
        assert Seal.objects.get(change=done).count == 1
    assert verify_all() == []


@pytest.mark.postgresql
def test_a_setting_of_ones_own_shows_to_its_authority_alone_and_a_national_school_to_all(two):
    from onroll.schools.models import School

    _, there = two
    with change("test.set_up", actor=SAM) as this:
        this.create(School(setting_id="100001", name="Hillside"))
        for authority in two:
            this.create(School(setting_id="S1", name=f"Room of {authority.pk}", authority=authority))
    with nowhere():
        assert [school.name for school in School.objects.all()] == ["Hillside"]
    with in_authority(there.pk):
        assert {school.name for school in School.objects.all()} == {"Hillside", f"Room of {there.pk}"}


@pytest.mark.postgresql
@pytest.mark.proves("TEN-2")
@pytest.mark.parametrize("table", ["change", "event", "seal", "head", "entry", "entryhead"])
def test_the_history_and_the_access_log_of_an_authority_show_to_it_alone(two, table):
    for authority in two:
        with change("test.set_up", actor=actor_of(authority)) as this:
            this.create(Team(name="North", authority=authority))
        viewed(actor_of(authority), 1, "a")

    def authorities() -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT authority FROM history_{table}")
            return {authority for (authority,) in cursor.fetchall()}

    assert {authority.pk for authority in two} <= authorities()
    with nowhere():
        assert authorities() == set()
    with in_authority(two[0].pk):
        assert authorities() == {two[0].pk}


@pytest.mark.postgresql
def test_what_an_authority_did_to_the_national_register_shows_to_it_and_to_no_other(two):
    from onroll.schools.models import School

    here, there = two
    with in_authority(here.pk), change("test.set_up", actor=actor_of(here)) as this:
        this.create(School(setting_id="100001", name="Hillside"))
        done = this.id
    with in_authority(here.pk):
        assert Event.objects.get(change=done).authority == 0
    with in_authority(there.pk):
        assert not Event.objects.filter(change=done).exists()


@pytest.mark.postgresql
def test_an_authority_is_set_up_by_nobody_and_altered_by_itself_alone(two):
    here, there = two
    new = Authority(code="990", name="New", live_from=SAM.today)
    with in_authority(here.pk):
        assert Authority.objects.count() == 2, "All may read which there are"
        with pytest.raises(OutsideAuthority), change("test.set_up", actor=actor_of(here)) as this:
            this.create(new)
        with change("test.set_up", actor=actor_of(here)):
            assert Authority.objects.update(region="Here") == 1
    there.refresh_from_db()
    assert there.region != "Here"
    with nowhere(), change("test.set_up", actor=SAM.system(scope.INSTALLATION, today=SAM.today)) as this:
        this.create(new)


@pytest.mark.postgresql
def test_a_person_finds_their_own_posts_everywhere_and_nobody_elses(two):
    from onroll.people.models import Post
    from onroll.people.posts import live_posts

    here, there = two
    with change("test.set_up", actor=SAM) as this:
        mine = [Rows(this, authority) for authority in two]
        post = mine[0].make(Post, start=SAM.today)
        second = mine[1].make(Post, start=SAM.today, account=post.account, team=mine[1].make(Team, name="South"))
        mine[1].make(Post, start=SAM.today)
    with nowhere():
        with scope.finding_posts(post.account_id):
            assert set(Post.objects.all()) == {post, second}
        assert not Post.objects.exists()
        found = live_posts(post.account, on=SAM.today)
    assert [each.authority.pk for each in found] == [here.pk, there.pk]
    assert found[1].team is not None
    assert found[1].team.name == "South", "Read in the scope of its own authority"


# Where the scope is kept


@pytest.mark.proves("TEN-4")
def test_scopes_nest_and_give_back_the_outer_one_also_after_an_error(two):
    here, there = two
    with in_authority(here.pk):
        with in_authority(there.pk):
            assert scope.current().authority == there.pk
        with pytest.raises(ZeroDivisionError), in_authority(there.pk), transaction.atomic():
            raise ZeroDivisionError
        assert scope.current().authority == here.pk
        with nowhere():
            assert scope.current().authority is None
    assert scope.current() == scope.outermost


@pytest.mark.postgresql
@pytest.mark.parametrize("inner_transaction", ["within the scope", "around the scope"])
def test_after_a_database_error_the_connection_is_back_in_the_outer_scope(two, inner_transaction):
    here, there = two

    def fail() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    with in_authority(here.pk):
        if inner_transaction == "within the scope":
            with pytest.raises(Exception, match="division"), in_authority(there.pk), transaction.atomic():
                fail()
        else:
            with pytest.raises(Exception, match="division"), transaction.atomic(), in_authority(there.pk):
                fail()
        assert told() == str(here.pk)


def told() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('onroll.authority', true)")
        return cursor.fetchone()[0]


@pytest.mark.postgresql
def test_a_connection_that_is_handed_on_is_told_anew(two):
    here, _ = two
    with in_authority(here.pk):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('onroll.authority', '77', false)")
        prepare(sender=None, connection=connection)
        assert told() == str(here.pk)
    assert told() == ""


POOLED = """
from django.db import connection
from onroll.access import scope

def told():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('onroll.authority', true)")
        return cursor.fetchone()

process, before = told()

# What the first connection says when the pool hands it out again.
def the_same_from_the_pool():
    for _ in range(1000):
        connection.close()
        again, words = told()
        if again == process:
            return repr(words)

with scope.in_authority(7):
    inside = the_same_from_the_pool()
    # A thread that dies within its scope gives its connection back as it is.
    connection.close()
    connection.onroll_scope = None
    outside = the_same_from_the_pool()
print(inside, outside)
"""


@pytest.mark.postgresql
@pytest.mark.proves("TEN-2")
@pytest.mark.django_db(transaction=True)
def test_the_pool_hands_no_scope_to_the_next_request(tmp_path):
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    database = Database(
        os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "onroll.site.settings",
            "ONROLL_HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        }
    )
    assert database.program(POOLED).split() == ["'7'", "''"]


@pytest.mark.proves("TEN-2")
def test_a_change_of_one_authority_within_the_scope_of_another_is_refused(two):
    here, there = two
    with (
        in_authority(here.pk),
        pytest.raises(OutsideAuthority, match="within the scope"),
        change("test.set_up", actor=actor_of(there)),
    ):
        pass
    assert not Change.objects.filter(authority=there.pk).exists()


def test_the_chains_are_never_called_whole_by_somebody_who_sees_but_a_part(two):
    with in_authority(two[0].pk), pytest.raises(walls.NotTheOwner):
        verify_all()


# What stands in the database


@pytest.mark.proves("TEN-2")
@isolate_apps("onroll.history")
def test_a_table_that_belongs_to_nobody_is_a_fault_until_it_says_why():
    class Nobodys(models.Model):
        class Meta:
            app_label = "history"

    with pytest.raises(ImproperlyConfigured, match="has no authority"):
        walls.wall_of(Nobodys)


@pytest.mark.postgresql
@pytest.mark.proves("TEN-2", "PLT-6")
def test_every_table_is_open_with_a_reason_or_has_a_forced_wall():
    with nowhere():
        assert walls.why_not() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert {name for (name,) in cursor.fetchall()} == {wall.table for wall in walls.walls()}
    assert {model._meta.db_table for model in OWNED} <= {wall.table for wall in walls.walls()}
    assert all(is_recorded(model) for model in OWNED)


@pytest.mark.postgresql
@pytest.mark.proves("PLT-6")
def test_a_role_that_could_pass_the_walls_is_named():
    assert "bypasses row-level security" in " ".join(walls.why_not()), "The role of the tests' own looks"


@pytest.mark.postgresql
@pytest.mark.proves("PLT-6")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER TABLE authorities_team NO FORCE ROW LEVEL SECURITY", "show in authorities_team"),
        ("ALTER TABLE authorities_team DISABLE ROW LEVEL SECURITY", "show in authorities_team"),
        ("DROP POLICY walls_own ON authorities_team", "show in authorities_team"),
        ("ALTER POLICY walls_own ON authorities_team USING (true)", "not as they were made"),
        ("CREATE POLICY another ON authorities_team USING (true)", "not as they were made"),
        (
            "CREATE OR REPLACE FUNCTION walls_everywhere() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'",
            "not as they were made",
        ),
    ],
)
def test_a_wall_that_was_altered_is_noticed_and_nothing_is_served(statement, words):
    with triggers.unguarded(), as_owner():
        with connection.cursor() as cursor:
            cursor.execute(statement)
        try:
            reasons = " ".join(walls.why_not())
            in_place = triggers.are_in_place()
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DROP POLICY IF EXISTS another ON authorities_team")
            walls.install()
    assert words in reasons
    assert "owns the tables" in reasons
    assert not in_place
    assert triggers.are_in_place()


@pytest.mark.postgresql
@pytest.mark.proves("TEN-2")
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE authorities_team DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE authorities_team NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY walls_own ON authorities_team",
        "CREATE POLICY mine ON authorities_team USING (true)",
        "CREATE OR REPLACE FUNCTION walls_everywhere() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    ],
)
def test_the_web_role_can_not_take_a_wall_down(statement):
    refusal = pytest.raises(DatabaseError, match=r"must be owner|permission denied")
    with nowhere(), refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.postgresql
@pytest.mark.proves("TEN-2")
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT set_config('onroll.everywhere', 'on', true)",
        "SET LOCAL search_path = public, onroll_everywhere, pg_temp",
        "SET LOCAL row_security = off",
    ],
)
def test_the_web_role_can_not_call_itself_the_owner(two, statement):
    with change("test.set_up", actor=SAM) as this:
        this.create(Team(name="North", authority=two[0]))
    with nowhere(), connection.cursor() as cursor:
        cursor.execute(statement)
        try:
            with transaction.atomic():
                assert Team.objects.count() == 0
        except Exception as error:
            assert "would be affected by row-level security policy" in str(error)  # noqa: PT017


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_owner_itself_sees_nothing_until_it_says_that_it_works_for_all():
    with change("test.set_up", actor=SAM) as this:
        Rows(this).make(Team)
    with as_owner(), connection.cursor() as cursor:
        assert Team.objects.count() == 1
        cursor.execute("SELECT set_config('onroll.everywhere', '', false)")
        assert Team.objects.count() == 0


def test_everywhere_is_left_again():
    with nowhere():
        with everywhere():
            assert scope.current().everywhere
        assert not scope.current().everywhere

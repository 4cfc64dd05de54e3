"""What `change()` promises to the people who write with it."""

from datetime import date

import pytest
from django.db import DataError, transaction

from onroll.access.actors import Actor
from onroll.authorities.models import Authority, Team
from onroll.history.changes import NoChangeOpen, change
from onroll.history.models import Change, Event, Head, Seal
from onroll.history.verbs import UnknownVerb

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Actor:
    return Actor.command_line(1, today=date(2026, 3, 31), user="sam")


@pytest.fixture
def ashcombe(officer):
    with change("test.set_up", actor=officer) as this:
        return this.create(Authority(code="999", name="Ashcombe", live_from=date(2020, 1, 1)))


def test_a_write_without_a_change_is_refused(ashcombe):
    with pytest.raises(NoChangeOpen), transaction.atomic():
        Team.objects.create(name="North", authority=ashcombe)
    with pytest.raises(NoChangeOpen), transaction.atomic():
        Authority.objects.filter(pk=ashcombe.pk).update(name="Elsewhere")
    with pytest.raises(NoChangeOpen), transaction.atomic():
        ashcombe.delete()


def test_a_save_is_recorded_with_what_was_and_what_is(ashcombe, officer):
    with change("test.set_up", actor=officer, reason="It was renamed") as this:
        ashcombe.name = "Ashcombe Vale"
        this.save(ashcombe)

    event = Event.objects.order_by("pk").last()
    assert (event.change_id, event.record, event.act) == (this.id, ashcombe.pk, "u")
    assert '"name":["Ashcombe", "Ashcombe Vale"]'.replace(" ", "") in event.payload.replace(" ", "")
    assert event.change.reason == "It was renamed"
    assert event.change.actor_name == "Command line (sam)"


def test_a_save_that_changes_nothing_writes_no_event(ashcombe, officer):
    before = Event.objects.count()
    with change("test.set_up", actor=officer) as this:
        this.save(Authority.objects.get(pk=ashcombe.pk))
    assert Event.objects.count() == before


def test_a_change_within_another_has_its_own_name_and_gives_the_outer_one_back(ashcombe, officer):
    with change("test.set_up", actor=officer) as outer:
        with change("test.set_up", actor=officer) as inner:
            team = inner.create(Team(name="North", authority=ashcombe))
        with pytest.raises(ZeroDivisionError):
            fail_within(officer, ashcombe)
        team.name = "South"
        outer.save(team)

    assert Change.objects.get(pk=inner.id).within_id == outer.id
    assert Change.objects.filter(within=outer.id).count() == 1
    assert not Team.objects.filter(name="Lost").exists()
    assert list(Event.objects.filter(record=team.pk, model=3).values_list("change_id", "act")) == [
        (inner.id, "i"),
        (outer.id, "u"),
    ]


def fail_within(officer, ashcombe):
    with change("test.set_up", actor=officer) as this:
        this.create(Team(name="Lost", authority=ashcombe))
        1 / 0  # noqa: B018


def test_every_change_is_sealed_without_a_gap(ashcombe, officer):
    for name in ("North", "South"):
        with change("test.set_up", actor=officer) as this:
            this.create(Team(name=name, authority=ashcombe))

    assert list(Seal.objects.filter(authority=1).order_by("number").values_list("number", "count")) == [
        (1, 1),
        (2, 1),
        (3, 1),
    ]
    assert Head.objects.get(authority=1).hash == Seal.objects.get(authority=1, number=3).hash


def test_a_change_needs_a_registered_verb(officer):
    with pytest.raises(UnknownVerb), change("no.such_verb", actor=officer):
        pass


def test_many_records_are_inserted_and_altered_in_few_statements(ashcombe, officer, django_assert_max_num_queries):
    with django_assert_max_num_queries(20), change("test.set_up", actor=officer) as this:
        teams = this.bulk_create(Team, [Team(name=f"Team {n}", authority=ashcombe) for n in range(1000)])
        for team in teams:
            team.name += "!"
        assert this.bulk_update(Team, teams, ["name"]) == 1000

    assert {team.name for team in teams} == set(Team.objects.values_list("name", flat=True))
    assert all(Team.objects.get(pk=team.pk).public_id == team.public_id for team in teams[::100])
    assert Event.objects.filter(change=this.id).count() == 2000


def test_a_row_may_point_to_one_that_was_saved_after_it_was_made(officer):
    authority = Authority(code="998", name="Later", live_from=date(2020, 1, 1))
    team = Team(name="North", authority=authority)
    with pytest.raises(ValueError, match="not saved"):
        create_all(officer, [team])
    with change("test.set_up", actor=officer) as this:
        this.create(authority)
        this.bulk_create(Team, [team])
    assert Team.objects.get(pk=team.pk).authority_id == authority.pk


def create_all(officer, teams):
    with change("test.set_up", actor=officer) as this:
        this.bulk_create(Team, teams)


@pytest.mark.postgresql
def test_a_text_that_is_too_long_is_refused_and_not_cut(ashcombe, officer):
    with pytest.raises(DataError, match="too long"):
        create_all(officer, [Team(name="x" * 101, authority=ashcombe)])
    with change("test.set_up", actor=officer) as this:
        team = this.create(Team(name="North", authority=ashcombe))
    team.name = "x" * 101
    with pytest.raises(DataError, match="too long"), change("test.set_up", actor=officer) as this:
        this.bulk_update(Team, [team], ["name"])

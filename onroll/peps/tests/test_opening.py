"""The rows of plans: made on the day they open, moved when a fact moves them, closed when none is needed."""

from datetime import date

import pytest

from onroll.children.models import CareEpisode, SchoolPlace
from onroll.children.tests.scene import a_child, a_place, a_school, an_authority, an_episode, together, write
from onroll.history.models import Change, Event
from onroll.peps.models import Pep, PepSettings
from onroll.peps.opening import next_plan, open_what_is_due
from onroll.peps.tests.scene import TODAY, a_cast, a_pep, ashcombe

pytestmark = pytest.mark.django_db


@pytest.fixture
@together()
def cast(db):
    return a_cast()


def peps_of(child):
    return list(Pep.unscoped.filter(child=child).order_by("due_on"))


@pytest.mark.requirement("R118", "R141")
def test_a_plan_is_opened_for_each_term_from_the_authoritys_first_day_on(cast):
    done = open_what_is_due(cast.authority, today=TODAY)

    terms = [(pep.academic_year, pep.term) for pep in peps_of(cast.child)]
    assert terms == [("2025-26", "autumn"), ("2025-26", "spring"), ("2025-26", "summer"), ("2026-27", "autumn")]
    assert done.opened == 4
    newest = peps_of(cast.child)[-1]
    assert (newest.kind, newest.form, newest.state) == ("termly", "school_age", "due")
    assert (newest.opens_on, newest.due_on) == (date(2026, 9, 2), date(2026, 11, 20))
    assert newest.why == "The plan of autumn 2026/27: the deadline is 20 November 2026."
    assert newest.school == cast.school


def test_history_from_before_the_first_day_opens_nothing(cast):
    cast.authority.live_from = date(2026, 9, 1)

    open_what_is_due(cast.authority, today=TODAY)

    assert [(pep.academic_year, pep.term) for pep in peps_of(cast.child)] == [("2026-27", "autumn")]


def test_the_same_day_again_writes_nothing(cast):
    open_what_is_due(cast.authority, today=TODAY)
    before = Change.objects.count(), Event.objects.count()

    again = open_what_is_due(cast.authority, today=TODAY)

    assert (again.opened, again.moved, again.exempt) == (0, 0, 0)
    assert (Change.objects.count(), Event.objects.count()) == before


def test_a_child_who_comes_into_care_has_a_first_plan_that_day(cast):
    new = a_child(cast.authority, "Ava Thornley", birth_date=date(2018, 1, 4))
    an_episode(new, TODAY)

    open_what_is_due(cast.authority, today=TODAY, only=[new.pk])

    (pep,) = peps_of(new)
    assert (pep.kind, pep.opens_on) == ("initial", TODAY)
    assert (pep.start_by, pep.due_on) == (date(2026, 10, 20), date(2026, 11, 3))
    assert pep.form == "not_on_roll"


@pytest.mark.requirement("R028")
def test_a_child_at_a_nursery_has_a_plan_of_the_early_years(cast):
    new = a_child(cast.authority, "Ivy Thornley", birth_date=date(2023, 1, 4))
    an_episode(new, date(2026, 9, 14))
    a_place(new, a_school("Acorns Nursery"), date(2026, 9, 14))

    open_what_is_due(cast.authority, today=TODAY, only=[new.pk])

    assert [pep.form for pep in peps_of(new)] == ["early_years"]


def test_an_open_plan_goes_with_the_child_to_a_new_school_and_one_that_a_file_brought_stays(cast):
    ours = a_pep(cast.child, source="clock", school=cast.school)
    place, hill = SchoolPlace.unscoped.get(child=cast.child), a_school("Fernhill")
    place.end = TODAY
    write(place)
    a_place(cast.child, hill, TODAY)
    open_what_is_due(cast.authority, today=TODAY)
    assert Pep.unscoped.get(pk=ours.pk).school == hill

    ours.source, ours.school = "file", cast.school
    write(ours)
    open_what_is_due(cast.authority, today=TODAY)
    assert Pep.unscoped.get(pk=ours.pk).school == cast.school


def test_a_change_of_school_brings_the_date_forward_and_says_why(cast):
    a_pep(cast.child)
    old = SchoolPlace.unscoped.get(child=cast.child)
    old.end = date(2026, 9, 28)
    write(old)
    a_place(cast.child, a_school("Riverside"), date(2026, 9, 28))
    cast.authority.live_from = date(2026, 9, 1)

    done = open_what_is_due(cast.authority, today=TODAY)

    (pep,) = peps_of(cast.child)
    assert done.moved == 1
    assert pep.due_on == date(2026, 11, 2)
    assert pep.why.endswith("Brought forward to 2 November 2026 by a new school on 28 September 2026.")


def test_leaving_care_ends_the_open_plan_and_keeps_what_is_done(cast):
    cast.authority.live_from = date(2026, 9, 1)
    days = {"due_on": date(2026, 6, 12), "submitted_on": date(2026, 6, 2), "signed_off_on": date(2026, 6, 3)}
    done = a_pep(cast.child, term="summer", academic_year="2025-26", state="signed_off", **days)
    open_what_is_due(cast.authority, today=TODAY)
    episode = CareEpisode.unscoped.get(child=cast.child)
    episode.end, episode.reason_ceased = TODAY, "E8"
    write(episode)

    open_what_is_due(cast.authority, today=TODAY)

    states = {pep.pk: (pep.state, pep.exempt_reason) for pep in peps_of(cast.child)}
    assert states.pop(done.pk) == ("signed_off", "")
    assert list(states.values()) == [("exempt", "left_care")]


def test_a_plan_that_was_handed_in_is_moved_no_more(cast):
    cast.authority.live_from = date(2026, 9, 1)
    pep = a_pep(cast.child, due_on=date(2026, 11, 13), state="submitted", submitted_on=TODAY)

    open_what_is_due(cast.authority, today=TODAY)

    pep.refresh_from_db()
    assert pep.due_on == date(2026, 11, 13)


def test_what_an_authority_sets_rules_its_clock(cast):
    write(PepSettings(authority=cast.authority, complete_within=10))
    new = a_child(cast.authority, "Ava Thornley", birth_date=date(2018, 1, 4))
    an_episode(new, TODAY)

    open_what_is_due(cast.authority, today=TODAY, only=[new.pk])

    assert peps_of(new)[0].due_on == date(2026, 10, 20)


def test_a_child_of_whom_nothing_is_due_yet_is_told_when(cast):
    cast.authority.live_from = date(2026, 9, 1)
    a_pep(cast.child, state="signed_off", submitted_on=TODAY, signed_off_on=TODAY)

    answer = next_plan(cast.authority, cast.child, today=TODAY)

    assert (answer.state, answer.plan.due) == ("not_yet", date(2027, 3, 5))


def test_the_number_of_queries_does_not_grow_with_the_children(cast, django_assert_max_num_queries):
    for n in range(8):
        an_episode(a_child(cast.authority, f"Child {n}", birth_date=date(2013, 5, 6)))
    open_what_is_due(cast.authority, today=TODAY)

    with django_assert_max_num_queries(10):
        open_what_is_due(cast.authority, today=TODAY)


def test_without_terms_no_date_is_invented(db):
    authority = an_authority()
    authority.live_from = date(2026, 9, 1)
    child = a_child(authority)
    an_episode(child)

    assert open_what_is_due(authority, today=TODAY).opened == 0
    assert next_plan(authority, child, today=TODAY).state == "calendar_missing"


def test_children_of_other_authorities_are_left_alone(cast):
    there = ashcombe(code="998", name="Castlebury")
    stranger = a_child(there, "Strange Child", birth_date=date(2013, 5, 6))
    an_episode(stranger)

    open_what_is_due(cast.authority, today=TODAY)

    assert not peps_of(stranger)

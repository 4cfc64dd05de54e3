"""What the clock is told of a child: times in care joined, changes of school, moves, and what is finished."""

from datetime import date

import pytest

from onroll.children.models import MissingEpisode, SchoolPlace
from onroll.children.tests.scene import a_child, a_place, a_school, an_episode, write
from onroll.peps.clock import Event, Finished, Happened, InCare, Kind
from onroll.peps.facts import changes_of_school, children_of_the_clock, joined
from onroll.peps.models import PepSettings
from onroll.peps.tests.scene import TODAY, a_pep, ashcombe

MAIN, SUBSIDIARY = SchoolPlace.Kind.MAIN, SchoolPlace.Kind.SUBSIDIARY
BORN = date(2013, 5, 6)


def on(day: int, month: int = 3) -> date:
    return date(2026, month, day)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([], []),
        ([(1, 5), (5, None)], [(1, None)]),
        ([(5, None), (1, 5)], [(1, None)]),
        # One day between is a new time in care.
        ([(1, 5), (6, 9)], [(1, 5), (6, 9)]),
        ([(1, 9), (3, 5)], [(1, 9)]),
        ([(1, 5), (3, 9), (9, 12)], [(1, 12)]),
        # What has no end takes in everything after it.
        ([(1, None), (3, 5), (7, None)], [(1, None)]),
        ([(1, 5), (1, 5)], [(1, 5)]),
    ],
)
def test_episodes_that_touch_or_overlap_are_one_time_in_care(times, expected):
    care = [InCare(on(start), on(end) if end else None) for start, end in times]

    assert joined(care) == [InCare(on(start), on(end) if end else None) for start, end in expected]


def place(school: int | None, start: date, kind: str = MAIN, **fields: object) -> SchoolPlace:
    return SchoolPlace(school_id=school, start=start, kind=kind, **fields)


@pytest.mark.parametrize(
    ("second", "changed"),
    [
        (place(2, date(2026, 3, 2)), True),
        (place(1, date(2026, 3, 2)), False),
        (place(2, date(2026, 3, 2), SUBSIDIARY), False),
        (place(2, date(2026, 3, 2), follows_closure=True), False),
        # Born in May 2013: Year 7 began in September 2024, Year 8 a year later.
        (place(2, date(2024, 9, 3)), False),
        (place(2, date(2024, 10, 1)), True),
        (place(2, date(2025, 9, 3)), True),
    ],
)
def test_a_new_main_school_is_a_change_unless_it_is_a_normal_transfer_or_follows_a_closure(second, changed):
    places = [place(1, date(2020, 9, 3)), second]

    assert changes_of_school(places, BORN) == ([second.start] if changed else [])


def test_the_first_school_is_no_change_and_what_lies_between_does_not_hide_one():
    places = [
        place(1, date(2025, 1, 6)),
        place(5, date(2025, 2, 3), SUBSIDIARY),
        place(2, date(2025, 3, 3)),
        place(1, date(2025, 5, 6)),
    ]

    assert changes_of_school(places, BORN) == [date(2025, 3, 3), date(2025, 5, 6)]


# From the record


@pytest.fixture
def authority(db):
    return ashcombe()


def told(child):
    return children_of_the_clock([child], PepSettings(), on=TODAY)[child.pk]


def test_short_breaks_are_no_time_in_care_and_a_change_of_status_does_not_cut_one(authority):
    child = a_child(authority, birth_date=BORN)
    an_episode(child, date(2025, 1, 6), end=date(2025, 3, 1), legal_status="V4")
    an_episode(child, date(2025, 3, 1), end=date(2025, 6, 2), legal_status="C1")
    an_episode(child, date(2025, 6, 2), legal_status="C2", reason_new="L")

    assert told(child).care == [InCare(date(2025, 3, 1))]


def test_a_move_of_home_is_an_event_and_coming_into_care_is_none(authority):
    child = a_child(authority, birth_date=BORN)
    an_episode(child, date(2025, 1, 6), end=date(2025, 6, 2), reason_new="S")
    an_episode(child, date(2025, 6, 2), reason_new="P")

    assert told(child).events == (Event(date(2025, 6, 2), Happened.PLACEMENT_MOVE),)


@pytest.mark.parametrize(("back", "asked"), [(date(2026, 3, 30), False), (date(2026, 3, 31), True)])
def test_only_a_return_after_more_than_four_weeks_is_an_event(authority, back, asked):
    child = a_child(authority, birth_date=BORN)
    an_episode(child)
    write(MissingEpisode(authority=authority, child=child, start=date(2026, 3, 2), end=back, kind="M"))
    write(MissingEpisode(authority=authority, child=child, start=date(2026, 7, 1), kind="M"))

    assert told(child).events == ((Event(back, Happened.MISSING_RETURN),) if asked else ())


def test_who_only_waits_for_a_place_or_has_left_theirs_is_on_no_roll(authority):
    school = a_school()
    waiting, left, here = (a_child(authority, f"Child {n}", birth_date=BORN) for n in range(3))
    a_place(waiting, school, kind=SchoolPlace.Kind.AWAITING)
    a_place(left, school, end=date(2026, 7, 1))
    a_place(here, school)

    asked = children_of_the_clock([waiting, left, here], PepSettings(), on=TODAY)

    assert [asked[child.pk].on_roll for child in (waiting, left, here)] == [False, False, True]


@pytest.mark.parametrize(
    ("done_means", "fields", "day"),
    [
        ("submitted", {"state": "submitted", "held_on": on(1), "submitted_on": on(4)}, on(4)),
        ("held", {"state": "submitted", "held_on": on(1), "submitted_on": on(4)}, on(1)),
        ("signed_off", {"state": "submitted", "held_on": on(1), "submitted_on": on(4)}, None),
        # Returned later, it stays done on the day it was first handed in.
        ("submitted", {"state": "returned", "submitted_on": on(4), "returned_on": on(9)}, on(4)),
        # From elsewhere, with nothing but the day it was signed off.
        ("submitted", {"state": "signed_off", "signed_off_on": on(6)}, on(6)),
        ("submitted", {"state": "missed", "closed_on": on(20)}, on(20)),
        ("submitted", {"state": "exempt", "exempt_reason": "other", "closed_on": on(20)}, None),
        ("submitted", {"state": "held", "held_on": on(1)}, None),
    ],
)
def test_when_a_plan_counts_as_finished_follows_what_the_authority_means_by_done(authority, done_means, fields, day):
    child = a_child(authority, birth_date=BORN)
    a_pep(child, **fields)

    asked = children_of_the_clock([child], PepSettings(done_means=done_means), on=TODAY)[child.pk]

    assert asked.finished == ((Finished(Kind.TERMLY, "2026-27", "autumn", day),) if day else ())


def test_a_plan_on_hold_holds_the_clock_and_the_queries_do_not_grow(authority, django_assert_num_queries):
    children = [a_child(authority, f"Child {n}", birth_date=BORN) for n in range(6)]
    for child in children:
        an_episode(child)
        a_place(child, a_school(f"School of {child}"))
    a_pep(children[0], state="on_hold")

    with django_assert_num_queries(5):
        asked = children_of_the_clock(children, PepSettings(), on=TODAY)

    assert [asked[child.pk].on_hold for child in children] == [True, *[False] * 5]

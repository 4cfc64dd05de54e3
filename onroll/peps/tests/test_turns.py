"""Whose turn it is with a plan and by when: each step's day, and what is cut where there is no room. No database."""

from datetime import date
from typing import Any

import pytest

from onroll.peps.models import Pep, PepSettings, Signature
from onroll.peps.tests.test_clock_cases import the_calendar
from onroll.peps.turns import Turn, Who, book_by, convener_of, hand_in_by, lead_of, turns_of
from onroll.peps.workflow import CLOSED, State

CALENDAR = the_calendar()
OPENS, DUE, TODAY = date(2026, 9, 2), date(2026, 11, 20), date(2026, 10, 6)
LEAD, SOCIAL_WORKER = Signature.As.LEAD, Signature.As.SOCIAL_WORKER


def a_plan(**fields: Any) -> Pep:
    """The plan of autumn 2026, as it is on the day it opens."""
    values = {"kind": "termly", "form": "school_age", "state": State.DUE, "opens_on": OPENS, "due_on": DUE}
    return Pep(**{**values, **fields})


def turns(pep: Pep, *signed: str, today: date = TODAY, **settings: Any) -> list[Turn]:
    return turns_of(pep, set(signed), PepSettings(**settings), CALENDAR, today=today)


def told(found: list[Turn]) -> list[tuple[str, str, date | None]]:
    return [(turn.who.value, turn.key, turn.by) for turn in found]


def test_a_meeting_is_booked_fifteen_school_days_before_the_due_date_and_a_half_term_is_none():
    # The fifteenth school day before 20 November: the break from 26 to 30 October is not counted.
    assert book_by(a_plan(), PepSettings(), CALENDAR) == date(2026, 10, 23)


@pytest.mark.parametrize(
    ("days", "opens", "by"),
    [
        (0, OPENS, DUE),
        (1, OPENS, date(2026, 11, 19)),
        (15, date(2026, 10, 23), date(2026, 10, 23)),
        # Opened too late for fifteen days: one working day is left at the least, and never a day after the due date.
        (15, date(2026, 11, 13), date(2026, 11, 16)),
        (15, date(2026, 11, 20), DUE),
    ],
)
def test_where_there_is_no_room_the_day_to_book_is_cut_to_one_working_day(days, opens, by):
    assert book_by(a_plan(opens_on=opens), PepSettings(propose_before=days), CALENDAR) == by


def test_a_first_plan_is_booked_by_the_day_to_start_by():
    first = a_plan(kind="initial", start_by=date(2026, 10, 20), due_on=date(2026, 11, 3))

    assert book_by(first, PepSettings(), CALENDAR) == date(2026, 10, 20)
    assert "Start the first plan" in turns(first)[0].words


@pytest.mark.parametrize(
    ("fields", "convener", "who"),
    [
        ({}, "designated_teacher", Who.LEAD),
        ({"form": "not_on_roll"}, "designated_teacher", Who.VIRTUAL_SCHOOL),
        ({}, "social_worker", Who.SOCIAL_WORKER),
        ({"form": "not_on_roll"}, "social_worker", Who.SOCIAL_WORKER),
        # A first plan is social care's to convene, whatever the authority chose.
        ({"kind": "initial"}, "designated_teacher", Who.SOCIAL_WORKER),
    ],
)
def test_who_books_the_meeting(fields, convener, who):
    pep = a_plan(**fields)

    assert convener_of(pep, PepSettings(convener=convener)) == who
    (booking,) = [turn for turn in turns(pep, convener=convener) if turn.key == "book"]
    assert booking.who == who


def test_before_the_meeting_is_booked_the_parts_are_due_with_the_plan():
    assert told(turns(a_plan())) == [
        ("lead", "book", date(2026, 10, 23)),
        ("social_worker", "part", DUE),
        ("lead", "part", DUE),
    ]


def test_the_parts_are_due_five_working_days_before_the_meeting_and_of_a_first_plan_at_it():
    meeting = {"state": State.BOOKED, "meeting_on": date(2026, 11, 12)}

    assert told(turns(a_plan(**meeting))) == [
        ("social_worker", "part", date(2026, 11, 5)),
        ("lead", "part", date(2026, 11, 5)),
    ]
    assert {turn.by for turn in turns(a_plan(kind="initial", **meeting))} == {date(2026, 11, 12)}


@pytest.mark.parametrize(
    ("opens", "meeting", "by"),
    [
        # Five working days before would be before it opened: one working day after that is left.
        (date(2026, 11, 9), date(2026, 11, 12), date(2026, 11, 10)),
        # It meets on the day it opens: nothing can be due after the meeting.
        (date(2026, 11, 12), date(2026, 11, 12), date(2026, 11, 12)),
    ],
)
def test_parts_of_a_plan_that_opened_late_have_a_working_day_and_are_never_due_after_the_meeting(opens, meeting, by):
    pep = a_plan(state=State.BOOKED, opens_on=opens, meeting_on=meeting)

    assert {turn.by for turn in turns(pep, today=opens) if turn.key == "part"} == {by}


def test_who_has_written_their_part_is_not_asked_again():
    pep = a_plan(state=State.IN_PREPARATION, meeting_on=date(2026, 11, 12), lead_part_on=TODAY)

    assert [turn.who for turn in turns(pep)] == [Who.SOCIAL_WORKER]

    pep.social_worker_part_on = TODAY
    assert turns(pep) == []


@pytest.mark.parametrize(("today", "asked"), [(date(2026, 11, 11), False), (date(2026, 11, 12), True)])
def test_from_the_day_of_the_meeting_its_convener_says_whether_it_was_held(today, asked):
    pep = a_plan(state=State.BOOKED, meeting_on=date(2026, 11, 12))

    found = [turn for turn in turns(pep, today=today) if turn.key == "held"]

    assert told(found) == ([("lead", "held", date(2026, 11, 12))] if asked else [])
    assert not any(turn.is_late(date(2026, 11, 12)) for turn in found)
    assert all(turn.is_late(date(2026, 11, 13)) for turn in found)


@pytest.mark.parametrize(
    ("held", "by"),
    [
        (date(2026, 10, 1), date(2026, 10, 8)),
        # Five working days after would be past the due date.
        (date(2026, 11, 18), DUE),
        (date(2026, 11, 23), DUE),
    ],
)
def test_after_the_meeting_the_plan_is_handed_in_within_five_days_and_by_its_due_date(held, by):
    pep = a_plan(state=State.HELD, meeting_on=held, held_on=held, social_worker_part_on=held)

    assert hand_in_by(pep, PepSettings()) == by
    assert told(turns(pep, today=held)) == [("lead", "submit", by)]


def test_a_lead_who_has_signed_waits_for_social_care_alone():
    held = date(2026, 10, 1)
    pep = a_plan(state=State.HELD, meeting_on=held, held_on=held, lead_part_on=held)

    assert [turn.who for turn in turns(pep)] == [Who.SOCIAL_WORKER, Who.LEAD]
    assert [turn.who for turn in turns(pep, LEAD)] == [Who.SOCIAL_WORKER]


def test_a_plan_handed_in_waits_for_social_care_and_then_for_the_virtual_school():
    pep = a_plan(state=State.SUBMITTED, submitted_on=TODAY)

    assert told(turns(pep, LEAD)) == [
        ("social_worker", "sign", date(2026, 10, 13)),
        ("virtual_school", "sign_off", date(2026, 10, 20)),
    ]
    (left,) = turns(pep, LEAD, SOCIAL_WORKER)
    assert left.words == "Look at the plan and sign it off"

    pep.state = State.IN_AUDIT
    (left,) = turns(pep, LEAD, SOCIAL_WORKER)
    assert left.words == "Audit the plan"


def test_a_returned_plan_is_put_right_in_ten_working_days_by_who_leads_it():
    pep = a_plan(state=State.RETURNED, submitted_on=TODAY, returned_on=TODAY, social_worker_part_on=TODAY)

    assert told(turns(pep)) == [("lead", "submit", date(2026, 10, 20))]

    pep.form = "not_on_roll"
    assert lead_of(pep) == turns(pep)[0].who == Who.VIRTUAL_SCHOOL


def test_a_returned_plan_that_waits_for_social_cares_part_says_so():
    pep = a_plan(state=State.RETURNED, submitted_on=TODAY, returned_on=TODAY)

    assert [turn.who for turn in turns(pep)] == [Who.LEAD, Who.SOCIAL_WORKER]
    assert [turn.who for turn in turns(pep, LEAD)] == [Who.SOCIAL_WORKER]


@pytest.mark.parametrize("state", [*CLOSED, State.ON_HOLD])
def test_what_is_closed_or_on_hold_waits_for_nobody(state):
    assert turns(a_plan(state=state)) == []


def test_a_plan_from_elsewhere_without_a_date_still_waits_for_those_whose_it_is():
    pep = a_plan(due_on=None, opens_on=None)

    assert {turn.by for turn in turns(pep)} == {None}
    assert {turn.who for turn in turns(pep)} == {Who.LEAD, Who.SOCIAL_WORKER}
    assert not any(turn.is_late(TODAY) for turn in turns(pep))

"""Whose turn it is with a plan, for what, and by when: worked out from the plan's own row and never stored.

The steps and their days are those of the table "inside a PEP" (domain `pep/clock.md`). A step that has no room before
the due date is cut, down to one working day; the due date never moves for that.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from onroll.authorities.calendar import Calendar
from onroll.codes.working_days import add_working_days, working_days_before
from onroll.design.words import lower_first

from .clock import lateness
from .models import Pep, PepSettings, Signature
from .workflow import BEFORE_SUBMISSION, HANDED_IN, State

# A term, about: after it the next plan is there.
TELLING_LAPSES = timedelta(days=60)


class Who(StrEnum):
    """Whose turn it can be."""

    LEAD = "lead"
    SOCIAL_WORKER = "social_worker"
    VIRTUAL_SCHOOL = "virtual_school"
    CARER = "carer"
    OVERSIGHT = "oversight"
    # One person, whatever their part in the plan: who was asked to a meeting, or took on an action.
    PERSON = "person"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Who.LEAD: "The school",
    Who.SOCIAL_WORKER: "Social care",
    Who.VIRTUAL_SCHOOL: "The virtual school",
    Who.CARER: "The carer",
    Who.OVERSIGHT: "Who answers for it",
    Who.PERSON: "One of the people of the meeting",
}


@dataclass(frozen=True)
class Turn:
    """Something that waits for somebody: whose, what to do and by which day. `page`: the route it is done on, where
    that is not the plan's own page, with the row it is about. `at_once`: it is told of however far away its day is.
    """

    who: Who
    key: str
    words: str
    by: date | None
    page: str = ""
    row: UUID | None = None
    at_once: bool = False

    def is_late(self, today: date) -> bool:
        return self.by is not None and self.by < today


def turns_of(
    pep: Pep, signed: Collection[str], settings: PepSettings, calendar: Calendar, *, today: date
) -> list[Turn]:
    """Everything that waits, the first to be done first. Empty: the plan waits for nobody."""
    state = State(pep.state)
    if state == State.RETURNED:
        return list(_after_return(pep, signed, settings))
    if state in HANDED_IN:
        return list(_after_submission(pep, signed, settings))
    if state in BEFORE_SUBMISSION:
        found = _before_submission(pep, signed, settings, calendar, today=today)
        return sorted(found, key=lambda turn: turn.by or date.max)
    return []


def carers_turn(pep: Pep, settings: PepSettings) -> Turn | None:
    """What waits for the carer: a part of their own, before the meeting."""
    if State(pep.state) not in BEFORE_SUBMISSION or pep.carer_part_on is not None:
        return None
    return Turn(Who.CARER, "carer", "Say what you see at home, and what you need", _parts_by(pep, settings))


def passed_up(pep: Pep, waits_for: Collection[str], after: int, *, today: date) -> Turn | None:
    """What stands in the list of who is above: a plan that is late by so many working days, and for whom it waits."""
    if pep.due_on is None or not pep.is_late(today) or lateness(pep.due_on, today) < after:
        return None
    who = ", ".join(lower_first(Who(each).words) for each in waits_for) or "nobody"
    return Turn(Who.OVERSIGHT, "late", f"Ask why this plan is late: it waits for {who}", pep.due_on)


def telling_turn(pep: Pep, settings: PepSettings, *, today: date) -> Turn | None:
    """What is still to be said to the young person of a plan that was agreed. It lapses where nobody did it for long:
    the next plan asks them then.
    """
    on = pep.signed_off_on
    if pep.state != State.SIGNED_OFF or pep.told_on is not None or on is None or on < today - TELLING_LAPSES:
        return None
    words = "Give the one-page plan, and tell what was decided"
    return Turn(lead_of(pep), "told", words, add_working_days(on, settings.tell_within))


def lead_of(pep: Pep) -> Who:
    """Who leads the education part: the setting, or the virtual school for a child or young person who is in none."""
    no_setting = pep.form == Pep.Form.NOT_ON_ROLL or (pep.form == Pep.Form.POST_16 and pep.school_id is None)
    return Who.VIRTUAL_SCHOOL if no_setting else Who.LEAD


def convener_of(pep: Pep, settings: PepSettings) -> Who:
    """Who books the meeting: the social worker for a first plan, else whom the authority chose."""
    if pep.kind == Pep.Kind.INITIAL or settings.convener == PepSettings.Convener.SOCIAL_WORKER:
        return Who.SOCIAL_WORKER
    return lead_of(pep)


def _before_submission(
    pep: Pep, signed: Collection[str], settings: PepSettings, calendar: Calendar, *, today: date
) -> Iterable[Turn]:
    lead = lead_of(pep)
    if pep.held_on is None and pep.meeting_on is None:
        words = "Start the first plan and book its meeting" if pep.start_by else "Book the meeting"
        yield Turn(convener_of(pep, settings), "book", words, book_by(pep, settings, calendar))
    elif pep.held_on is None and pep.meeting_on is not None and pep.meeting_on <= today:
        yield Turn(convener_of(pep, settings), "held", "Say whether the meeting was held", pep.meeting_on)
    parts_by = _parts_by(pep, settings)
    if pep.social_worker_part_on is None:
        yield Turn(Who.SOCIAL_WORKER, "part", "Write the social worker’s part", parts_by)
    if pep.state == State.HELD:
        # A lead who has signed waits for social care's part alone.
        if Signature.As.LEAD in signed:
            return
        yield Turn(lead, "submit", "Finish the plan and send it to the virtual school", hand_in_by(pep, settings))
    elif pep.lead_part_on is None:
        yield Turn(lead, "part", "Write the education part", parts_by)


def _after_return(pep: Pep, signed: Collection[str], settings: PepSettings) -> Iterable[Turn]:
    by = add_working_days(pep.returned_on, settings.put_right_within) if pep.returned_on else pep.due_on
    if Signature.As.LEAD not in signed:
        yield Turn(lead_of(pep), "submit", "Put the plan right and send it again", by)
    if pep.social_worker_part_on is None:
        yield Turn(Who.SOCIAL_WORKER, "part", "Write the social worker’s part", by)


def book_by(pep: Pep, settings: PepSettings, calendar: Calendar) -> date | None:
    """The day by which the meeting is booked: for a first plan the day to start by, else so many school days before."""
    if pep.start_by is not None or pep.due_on is None:
        return pep.start_by
    start = pep.opens_on or pep.due_on - timedelta(days=90)
    if not settings.propose_before:
        return pep.due_on
    days = calendar.school_days(start, pep.due_on)
    if settings.propose_before <= len(days):
        return days[-settings.propose_before]
    return min(add_working_days(start, 1), pep.due_on)


def hand_in_by(pep: Pep, settings: PepSettings) -> date | None:
    """The day by which a plan whose meeting was held is handed in: some days after it, and never after the due date."""
    days = [add_working_days(pep.held_on, settings.write_up_within)] if pep.held_on else []
    return min([*days, *([pep.due_on] if pep.due_on else [])], default=None)


def _parts_by(pep: Pep, settings: PepSettings) -> date | None:
    if pep.meeting_on is None:
        return pep.due_on
    if pep.kind == Pep.Kind.INITIAL:
        return pep.meeting_on
    by = working_days_before(pep.meeting_on, settings.parts_before)
    # What opened late leaves less room: one working day at the least, and never after the meeting.
    return min(max(by, add_working_days(pep.opens_on, 1)), pep.meeting_on) if pep.opens_on else by


def _after_submission(pep: Pep, signed: Collection[str], settings: PepSettings) -> Iterable[Turn]:
    start = pep.submitted_on
    if Signature.As.SOCIAL_WORKER not in signed:
        by = add_working_days(start, settings.agree_within) if start else None
        yield Turn(Who.SOCIAL_WORKER, "sign", "Read the plan and agree it", by)
    by = add_working_days(start, settings.audit_within) if start else None
    words = "Audit the plan" if pep.state == State.IN_AUDIT else "Look at the plan and sign it off"
    yield Turn(Who.VIRTUAL_SCHOOL, "sign_off", words, by)

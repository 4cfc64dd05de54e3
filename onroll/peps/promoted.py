"""Answers that are columns of the plan too, because something is counted or decided by them: the two never differ.

The form's files say which question is which column (`promoted_to`). What is answered in a section goes into the column
with the same save; what came into the column another way, by a booking or by a file, is the answer that the section
shows. What has an act or a page of its own (targets, signatures, the audit, the young person's pages) stands there.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.history.changes import ThisChange

from .actions import why_not_meet_on
from .forms.declarations import Question
from .forms.values import is_nothing
from .meeting.acts import follow_booking, why_not_next_on
from .models import Pep


@dataclass(frozen=True)
class Promoted:
    """A column of the plan that a question answers: how the answer is kept there, and how the column is answered."""

    column: str
    kept: Callable[[Any], Any]
    answered: Callable[[Any], Any]


# A plan whose file says only that help was asked for, or that the virtual school decided it, has no answer of a form.
_HELP = {
    "No": Pep.Support.NO,
    "Yes: school is asking": Pep.Support.SCHOOL,
    "Yes: social worker is asking": Pep.Support.SOCIAL_WORKER,
    "Yes: carer or young person is asking": Pep.Support.CARER_OR_CHILD,
}
_HELP_SAID = {value: said for said, value in _HELP.items()}
_MODE_SAID = {str(value): str(words) for value, words in Pep.Mode.choices}
_MODES = {words: value for value, words in _MODE_SAID.items()}


def _lower(said: Any) -> str:
    return str(said).casefold() if said else ""


def _capital(held: str) -> str | None:
    return held.capitalize() or None


def _date(said: Any) -> date | None:
    return date.fromisoformat(said) if said else None


def _iso(held: date | None) -> str | None:
    return held.isoformat() if held else None


PROMOTED = {
    "pep.school_right": Promoted("school_right", _lower, _capital),
    "pep.support_right": Promoted("support_right", _lower, _capital),
    "pep.outside_lessons": Promoted("outside_lessons", {"Yes": True, "No": False}.get, {True: "Yes", False: "No"}.get),
    "pep.support_required": Promoted("support_required", lambda said: _HELP.get(said, ""), _HELP_SAID.get),
    "pep.meeting_on": Promoted("meeting_on", _date, _iso),
    "pep.meeting_mode": Promoted("meeting_mode", lambda said: _MODES.get(said, ""), _MODE_SAID.get),
    "pep.next_meeting_on": Promoted("next_meeting_on", _date, _iso),
}


def promoted(questions: Iterable[Question]) -> dict[str, Promoted]:
    """The questions that answer a column, by their keys."""
    return {each.key: PROMOTED[each.promoted_to] for each in questions if each.promoted_to in PROMOTED}


def answers_in_columns(pep: Pep, questions: Iterable[Question]) -> dict[str, Any]:
    """What the columns of a plan answer, by question. What they do not hold is absent."""
    found = {key: each.answered(getattr(pep, each.column)) for key, each in promoted(questions).items()}
    return {key: value for key, value in found.items() if value is not None}


def why_not_promote(question: Question, value: Any, pep: Pep, *, actor: Actor) -> str:
    """Why an answer cannot be the plan's own: a meeting is on a day on which it can be, and the next one after it."""
    column = promoted([question]).get(question.key)
    if column is None or is_nothing(value):
        # Who leaves a day open says nothing of it. A meeting that is booked stays booked.
        return ""
    on = column.kept(value)
    if column.column == "meeting_on" and on != pep.meeting_on:
        return why_not_meet_on(pep, on, actor=actor)
    return why_not_next_on(pep, on) if column.column == "next_meeting_on" else ""


def keep_columns(
    this: ThisChange,
    pep: Pep,
    questions: Iterable[Question],
    answers: Mapping[str, Any],
    *,
    actor: Actor,
    only_empty: bool = False,
) -> None:
    """Keep these answers in their columns too, and tell those who were asked to a meeting that it moved.

    `only_empty`: what a column holds already stays.
    """
    was, touched = (pep.meeting_on, pep.meeting_time, pep.meeting_mode), []
    for key, each in promoted(questions).items():
        if key not in answers:
            continue
        value, held = each.kept(answers[key]), getattr(pep, each.column)
        stays = only_empty and held not in (None, "")
        if value == held or stays or (each.column == "meeting_on" and value is None):
            continue
        setattr(pep, each.column, value)
        touched.append(each.column)
        if each.column == "support_required":
            asks = value not in ("", Pep.Support.NO)
            pep.support_asked_on = actor.today if asks else None
            pep.support_by = pep.support_by if asks else None
            touched += ["support_by", "support_asked_on"]
    if touched:
        this.save(pep, touched)
    if not only_empty and pep.meeting_on is not None:
        follow_booking(this, pep, was=was, is_first=was[0] is None, actor=actor)

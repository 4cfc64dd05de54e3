"""The page of a child's personal education plans: newest first, and what the clock says of the next one."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from onroll.access.sections import Section, may_read
from onroll.authorities.models import Authority
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import count_of, day, day_short
from onroll.peps.clock import State
from onroll.peps.models import Pep, PepSettings, PepTarget
from onroll.peps.opening import next_plan
from onroll.peps.queries import days_late, peps_of
from onroll.peps.views import state_cell

from .record import Record


def table(record: Record) -> Table | None:
    """The plans that had opened by the record's day. Who has only the summary sees kind, state and date."""
    found = [pep for pep in peps_of(record.child, record.actor) if pep.opens_on is None or pep.opens_on <= record.day]
    if not found:
        return None
    reads = may_read(record.actor, Section.PEP)
    settings = PepSettings.of(record.child.authority_id)
    columns = [Column("Plan", stacked_label=False), Column("State"), Column("Due")]
    if reads:
        columns += [
            Column("Meeting"),
            Column("Handed in"),
            Column("Signed off"),
            Column("Targets met"),
            Column("Grade"),
        ]
    targets = _targets(record, found) if reads else {}
    rows = [_row(record, pep, settings, targets.get(pep.pk, []), reads=reads) for pep in found]
    return Table(f"{record.child.first_name}’s plans, newest first", columns, rows)


def _targets(record: Record, peps: Sequence[Pep]) -> dict[int, list[str]]:
    """How the targets of each plan went, "" where nobody said yet. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = PepTarget.of(record.child, record.actor).filter(pep__in=[pep.pk for pep in peps])
    for pep, outcome in rows.values_list("pep", "outcome"):
        found[pep].append(outcome)
    return found


def _met(outcomes: Sequence[str]) -> Cell:
    """How many targets were met of all, with those partly met, once it was said how one went."""
    if not any(outcomes):
        return Cell("–", sub=count_of(len(outcomes), "target") if outcomes else "")
    counts = Counter(outcomes)
    partly = counts[PepTarget.Outcome.PARTLY]
    return Cell(f"{counts[PepTarget.Outcome.MET]} of {len(outcomes)}", sub=f"{partly} partly" if partly else "")


def _row(record: Record, pep: Pep, settings: PepSettings, outcomes: Sequence[str], *, reads: bool) -> list[Any]:
    late = days_late(pep, settings, record.day)
    row: list[Any] = [
        Cell(
            f"{pep.title[:1].upper()}{pep.title[1:]}",
            href=reverse("peps:pep", args=[record.child.public_id, pep.public_id]),
            sub=pep.get_form_display(),
        ),
        state_cell(pep),
        Cell(day_short(pep.due_on), sub=f"{count_of(late, 'working day')} late" if late else ""),
    ]
    if reads:
        held = (pep.meeting_on, pep.submitted_on, pep.signed_off_on)
        row += [*(day_short(on) if on else "–" for on in held), _met(outcomes), pep.get_grade_display() or "–"]
    return row


def next_words(record: Record) -> str:
    """When the next plan is due, where none is open."""
    if record.is_past:
        return ""
    authority = Authority.objects.get(pk=record.child.authority_id)
    answer = next_plan(authority, record.child, today=record.day)
    if answer.state == State.CALENDAR_MISSING:
        return "The terms of this school year are not in the calendar, so no plan has a date."
    if answer.plan is None or answer.state != State.NOT_YET:
        return ""
    return f"The next plan opens by itself on {day(answer.plan.opens_on)} and is due by {day(answer.plan.due)}."

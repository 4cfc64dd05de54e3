"""How complete plans are at the end of each month, by phase, against the target of each: as business intelligence asks.

It is a measure of the catalogue divided by phase. So the targets are set where all targets are, small numbers are
hidden by the one rule, and each month is counted once when it is over and kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.codes.years import Period
from onroll.measures.cohorts import Cohort
from onroll.measures.engine import Reading, read, trend_periods
from onroll.measures.models import KeptFigure, Target
from onroll.measures.rag import Judged, rag
from onroll.measures.showing import Amount, rounded, seen, value_words
from onroll.measures.targets import GROUPS, group_words

from .definitions.peps_up_to_date import MEASURE

BY = "phase"
MONTHS = 12


@dataclass(frozen=True)
class Line:
    """One phase in one month: as it is counted today, its target, and as it was counted when the month was closed.

    `phase` is empty for all of them. `amount` is None where this reader has no such figure: the month is not over, or
    too few children stand behind it. Nothing of a closed month is there for a reader from whom any of it is hidden.
    """

    phase: str
    words: str
    month: Period
    amount: Amount | None
    target: Target | None
    judged: Judged | None
    closed: KeptFigure | None

    @property
    def target_words(self) -> str:
        return value_words(self.target.value, MEASURE.unit) if self.target else ""

    @property
    def differs(self) -> bool:
        """Whether the records of a closed month were corrected since."""
        if self.closed is None or self.amount is None:
            return False
        return (self.closed.part, self.closed.whole) != (self.amount.part, self.amount.whole)


def months_of(actor: Actor) -> list[Period]:
    """The last twelve months, oldest first. The last is this one, as far as it goes."""
    return trend_periods(MEASURE, Cohort.for_actor(actor, as_at=actor.today), count=MONTHS)


def lines_of(actor: Actor, months: Sequence[Period]) -> list[Line]:
    """Every phase in each of these months, and all together. The records are read once, whatever their number."""
    cohort, authority = Cohort.for_actor(actor, as_at=actor.today), Authority.objects.get(pk=actor.authority)
    held = _Held(authority)
    return [line for month in months for line in _of_a_month(read(MEASURE, cohort.over(month), by=(BY,)), held)]


class _Held:
    """The targets and the closed months of an authority. Two queries."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        own = {"authority": authority, "measure": MEASURE.id, "characteristic__in": ("", BY)}
        self._targets = list(Target.objects.filter(**own).order_by("pk"))
        self._kept = {(figure.group, figure.start): figure for figure in KeptFigure.objects.filter(**own)}

    def target(self, phase: str, on: date) -> Target | None:
        ours = (each for each in self._targets if each.group == phase)
        return next((each for each in ours if each.start <= on < each.end), None)

    def closed(self, phase: str, month: Period) -> KeptFigure | None:
        return self._kept.get((phase, month.start))


def _of_a_month(reading: Reading, held: _Held) -> list[Line]:
    shown, month = seen(reading), reading.cohort.period
    amounts = {group.code: amount for group, amount in shown.groups}
    if not shown.refused:
        amounts[""] = shown.total
    found = []
    for phase in (*GROUPS[BY], ""):
        amount, target = amounts.get(phase), held.target(phase, month.last_day)
        given = amount is not None and not amount.hidden
        found.append(
            Line(
                phase=phase,
                words=group_words(reading.cohort, BY, phase).partition(": ")[2] if phase else "All phases",
                month=month,
                amount=amount,
                target=target,
                judged=rag(reading, target, authority=held.authority, group=phase) if given and target else None,
                closed=held.closed(phase, month) if shown.is_open else None,
            )
        )
    return found


HEADINGS = (
    "Month", "Phase", "With an up-to-date PEP", "Children", "Per cent", "Target", "State", "Closed on",
    "With one when closed", "Children when closed",
)  # fmt: skip
_STATES = {"on_track": "On track", "near": "Near", "off_track": "Off track", "no_data": "No data"}


def as_rows(lines: Sequence[Line]) -> list[list[Any]]:
    """The lines as a table for a file. What this reader does not have is not in it."""
    return [_as_row(each) for each in lines]


def _as_row(each: Line) -> list[Any]:
    closed = each.closed
    amount = each.amount if each.amount and not each.amount.hidden else None
    return [
        f"{each.month.start:%Y-%m}",
        each.words,
        amount.part if amount else None,
        amount.whole if amount else None,
        rounded(amount.value) if amount and amount.value is not None else None,
        rounded(each.target.value) if each.target else None,
        _STATES[each.judged.state] if each.judged else None,
        closed.counted_on if closed else None,
        int(closed.part) if closed else None,
        closed.whole if closed else None,
    ]

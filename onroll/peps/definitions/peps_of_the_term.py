"""PEPs of the term that are done: handed in by the reference date.

Counted are the termly plans due in the period, without those that turned out not to be needed; those on hold stay in, and
can be told apart. Done late is done. Each authority says what counts as done, so that there are three figures: the
meeting held, the plan handed in, and the plan signed off.

Worked example, from 2026-01-05 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep spring 2025-26 due=2026-03-06 submitted=2026-03-20 -> 1 of 1
    Ben: born 2014-02-03; care 2024-01-10; pep spring 2025-26 due=2026-03-06 submitted=2026-04-01 -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; pep spring 2025-26 kind=initial due=2026-03-06 submitted=2026-03-06 -> left out
    Dee: born 2012-07-09; care 2024-01-10; pep spring 2025-26 due=2026-03-06 state=exempt -> left out
    Eli: born 2012-07-09; care 2024-01-10; pep spring 2025-26 due=2026-03-06 state=on_hold -> 0 of 1
    all: 1 of 3
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..clock import Kind
from ..counted import by, counted
from ..workflow import State


def _done(cohort: Cohort, done_means: str) -> Iterator[Row]:
    for plan in counted(cohort).plans_of(cohort):
        if plan.kind != Kind.TERMLY or not plan.is_asked_for or plan.due_on is None or plan.due_on not in cohort.period:
            continue
        own = {"hold": "on_hold" if plan.state == State.ON_HOLD else "other"}
        yield Row(plan.child, int(by(plan.done_on(done_means), cohort.as_at)), own=own)


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each termly plan due in the period: 1 if it is handed in."""
    return _done(cohort, "submitted")


def held_rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each termly plan due in the period: 1 if its meeting was held."""
    return _done(cohort, "held")


def signed_rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each termly plan due in the period: 1 if it is signed off."""
    return _done(cohort, "signed_off")


MEASURE = Measure(
    id="peps-of-the-term-handed-in",
    title="PEPs of the term handed in",
    part="Termly PEPs handed in by the reference date",
    whole="Termly PEPs due in the term, without those that turned out not to be needed",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="PEPs",
    group="PEPs",
    beside=("peps-of-the-term-held", "peps-of-the-term-signed-off", "peps-in-time"),
    of="PEPs",
    own={"hold": "On hold"},
    own_words={"hold": {"on_hold": "On hold", "other": "Not on hold"}},
    sections=(Section.PEP,),
    rows=rows,
)
HELD = replace(
    MEASURE,
    id="peps-of-the-term-held",
    title="PEPs of the term with the meeting held",
    part="Termly PEPs whose meeting was held by the reference date",
    beside=("peps-of-the-term-handed-in",),
    rows=held_rows,
)
SIGNED = replace(
    MEASURE,
    id="peps-of-the-term-signed-off",
    title="PEPs of the term signed off",
    part="Termly PEPs signed off by the reference date",
    beside=("peps-of-the-term-handed-in",),
    rows=signed_rows,
)
MEASURES = (MEASURE, HELD, SIGNED)

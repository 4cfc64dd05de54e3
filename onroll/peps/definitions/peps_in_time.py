"""PEPs handed in within the time frame.

A plan counts in the term in which it is due, whatever its kind and whether or not the child is still on the roll. In
time is handed in on or before that day; what was in time and returned later stays in time. A plan that turned out not
to be needed is not due.

Worked example, from 2026-01-05 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep spring 2025-26 due=2026-03-06 submitted=2026-03-06 -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep spring 2025-26 due=2026-03-06 submitted=2026-03-07 -> 0 of 1
    Cal: born 2015-11-20; care 2025-03-16..2026-03-10; pep spring 2025-26 due=2026-03-06 -> 0 of 1
    Dee: born 2012-07-09; care 2024-08-01; pep spring 2025-26 due=2026-03-06 state=exempt -> left out
    Eli: born 2012-03-09; care 2024-01-01; pep summer 2025-26 due=2026-04-02 submitted=2026-03-02 -> left out
    all: 1 of 3
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import KINDS, by, counted


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each plan due in the period: 1 if it was handed in by then."""
    for plan in counted(cohort).plans_of(cohort):
        if plan.due_on is not None and plan.due_on in cohort.period and plan.is_asked_for:
            yield Row(plan.child, int(by(plan.submitted_on, plan.due_on)), own=plan.of_kind)


MEASURE = Measure(
    id="peps-in-time",
    title="PEPs handed in within the time frame",
    part="PEPs handed in on or before the day they were due",
    whole="PEPs due in the term, without those that turned out not to be needed",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="PEPs",
    group="PEPs",
    answers=("M65",),
    beside=("first-peps-handed-in", "peps-of-the-term-handed-in", "peps-late"),
    of="PEPs",
    own={"kind": "Kind of PEP"},
    own_words={"kind": KINDS},
    sections=(Section.PEP,),
    rows=rows,
)

"""First PEPs in time: handed in by the day they were due.

The first plan of a time in care is due within the working days that the law gives from coming into care, or at the age
for plans. It counts in the period in which it is due; one that turned out not to be needed does not. Each authority says
what counts as done, so that there are three figures: the meeting held, the plan handed in, and the plan signed off.
Beside them stands whether the plan was begun in time.

Worked example, from 2026-01-05 to 2026-03-31:

    Ada: born 2012-05-01; care 2026-01-10; pep spring 2025-26 kind=initial due=2026-02-06 submitted=2026-02-06 -> 1 of 1
    Ben: born 2014-02-03; care 2026-01-10; pep spring 2025-26 kind=initial due=2026-02-06 met=2026-02-02 submitted=2026-02-07 -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; pep spring 2025-26 due=2026-03-06 submitted=2026-03-06 -> left out
    Dee: born 2012-07-09; care 2026-01-10..2026-01-20; pep spring 2025-26 kind=initial due=2026-02-06 state=exempt -> left out
    all: 1 of 2
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..clock import Kind
from ..counted import Plan, by, counted


def first_plans(cohort: Cohort) -> Iterator[Plan]:
    """The first plans of the cohort that were asked for."""
    for plan in counted(cohort).plans_of(cohort):
        if plan.kind == Kind.INITIAL and plan.is_asked_for:
            yield plan


def _done(cohort: Cohort, done_means: str) -> Iterator[Row]:
    for plan in first_plans(cohort):
        if plan.due_on is not None and plan.due_on in cohort.period:
            yield Row(plan.child, int(by(plan.done_on(done_means), plan.due_on)))


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each first plan due in the period: 1 if it was handed in by then."""
    return _done(cohort, "submitted")


def held_rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each first plan due in the period: 1 if its meeting was held by then."""
    return _done(cohort, "held")


def signed_rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each first plan due in the period: 1 if it was signed off by then."""
    return _done(cohort, "signed_off")


def started_rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each first plan to be begun in the period: 1 if it was."""
    for plan in first_plans(cohort):
        if plan.start_by is not None and plan.start_by in cohort.period:
            yield Row(plan.child, int(by(plan.started_on, plan.start_by)))


MEASURE = Measure(
    id="first-peps-handed-in",
    title="First PEPs handed in by the day they were due",
    part="First PEPs handed in on or before the day they were due",
    whole="First PEPs due in the term, without those that turned out not to be needed",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="PEPs",
    group="PEPs",
    beside=("first-peps-held", "first-peps-signed-off", "first-peps-begun"),
    of="first PEPs",
    sections=(Section.PEP,),
    rows=rows,
)
HELD = replace(
    MEASURE,
    id="first-peps-held",
    title="First PEPs with the meeting held by the day they were due",
    part="First PEPs whose meeting was held on or before the day they were due",
    beside=("first-peps-handed-in",),
    rows=held_rows,
)
SIGNED = replace(
    MEASURE,
    id="first-peps-signed-off",
    title="First PEPs signed off by the day they were due",
    part="First PEPs signed off on or before the day they were due",
    beside=("first-peps-handed-in",),
    rows=signed_rows,
)
BEGUN = replace(
    MEASURE,
    id="first-peps-begun",
    title="First PEPs begun in time",
    part="First PEPs begun by the last day for it",
    whole="First PEPs to be begun in the term",
    beside=("first-peps-handed-in",),
    rows=started_rows,
)
MEASURES = (MEASURE, HELD, SIGNED, BEGUN)

"""Pupils whose PEP document is there.

A document is there when the plan of the term of the reference date, or of the term before, was handed in or signed off
by that day. Counted are the children on the roll whose first plan was already due.

Worked example, on 2026-03-31:

    term 2025-09-02..2025-12-20
    term 2026-01-05..2026-03-28
    term 2026-04-13..2026-07-22
    deadline 2025-11-21
    deadline 2026-03-06
    deadline 2026-06-12
    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26 submitted=2025-11-20 -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep spring 2025-26 met=2026-03-02 signed=2026-03-09 -> 1 of 1
    Cal: born 2015-11-20; care 2026-03-16 -> left out
    Dee: born 2012-07-09; care 2024-08-01; pep spring 2025-26 met=2026-03-02 submitted=2026-04-01 -> 0 of 1
    Eli: born 2012-03-09; care 2024-01-01; pep summer 2024-25 submitted=2025-06-01 -> 0 of 1
    all: 2 of 4
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import by, counted


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child whose first plan was due: 1 if a plan of this term or the last one is on file."""
    held, day = counted(cohort), cohort.as_at
    terms = held.term_and_before(day)
    for child in held.due_a_first_plan(cohort):
        of_now = [plan for plan in held.plans.get(child, ()) if (plan.academic_year, plan.term) in terms]
        yield Row(child, int(any(by(plan.submitted_on, day) or by(plan.signed_off_on, day) for plan in of_now)))


MEASURE = Measure(
    id="pep-documents",
    title="Pupils whose PEP document is there",
    part="Pupils whose PEP of this term or the one before was handed in or signed off by the reference date",
    whole="Pupils on the roll whose first PEP was due before the reference date",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="PEPs and the school calendar",
    group="PEPs",
    answers=("M66",),
    beside=("peps-up-to-date",),
    of="pupils",
    sections=(Section.PEP,),
    rows=rows,
)

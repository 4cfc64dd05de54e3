"""Children with an up-to-date PEP, wherever they live.

Up to date is a plan that is complete (its meeting was held and it is signed off) and current: the deadline of the term
after its own has not passed. Counted are the children on the roll whose first plan was already due: those who are below
the age for plans, or came into care too short a time ago, are left out.

Worked example, on 2026-03-31:

    term 2025-09-02..2025-12-20
    term 2026-01-05..2026-03-28
    term 2026-04-13..2026-07-22
    deadline 2025-11-21
    deadline 2026-03-06
    deadline 2026-06-12
    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26 met=2025-11-10 signed=2025-11-20 -> 0 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep spring 2025-26 met=2026-03-02 signed=2026-03-09 -> 1 of 1
    Cal: born 2015-11-20; care 2026-03-16 -> left out
    Dee: born 2024-07-09; care 2024-08-01 -> left out
    Eli: born 2009-03-09; care 2024-01-01; pep spring 2025-26 met=2026-03-02 signed=2026-04-01 -> 0 of 1
    all: 1 of 3
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import counted


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child whose first plan was due: 1 if a complete plan is current."""
    held = counted(cohort)
    return (Row(child, int(held.has_current(child, cohort.as_at))) for child in held.due_a_first_plan(cohort))


MEASURE = Measure(
    id="peps-up-to-date",
    title="Children with an up-to-date PEP",
    part="Children with a PEP whose meeting was held, which is signed off, and is not past the next term’s deadline",
    whole="Children on the roll whose first PEP was due before the reference date",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="PEPs, care episodes and the school calendar",
    group="PEPs",
    answers=("M11",),
    beside=("peps-late", "peps-in-time", "pep-documents"),
    sections=(Section.PEP,),
    kept_by="phase",
    rows=rows,
)

"""Young people in Years 12 and 13 with a PEP in place.

In place is a plan that is complete and current, as for every child. Who is in no course counts too.

Worked example, on 2026-03-31:

    term 2025-09-02..2025-12-20
    term 2026-01-05..2026-03-28
    term 2026-04-13..2026-07-22
    deadline 2025-11-21
    deadline 2026-03-06
    deadline 2026-06-12
    Ada: born 2008-05-01; care 2023-01-10; pep autumn 2025-26 met=2025-11-10 signed=2025-11-20 -> 0 of 1
    Ben: born 2009-02-03; care 2024-02-01; pep spring 2025-26 met=2026-03-02 signed=2026-03-09 -> 1 of 1
    Cal: born 2009-11-20; care 2024-02-01; pep spring 2025-26 met=2026-03-02 signed=2026-03-09 -> left out
    Dee: born 2008-09-09; care 2024-08-01; pep spring 2025-26 met=2026-03-02 -> 0 of 1
    Eli: born 2008-09-09; care 2024-01-01..2026-02-01; pep autumn 2025-26 met=2025-11-10 signed=2025-11-20 -> left out
    all: 1 of 3
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import counted

FIRST_YEAR, LAST_YEAR = 12, 13


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each young person of Years 12 and 13: 1 if a complete plan is current."""
    held = counted(cohort)
    for child, year in cohort.roll.items():
        if FIRST_YEAR <= year.number <= LAST_YEAR:
            yield Row(child, int(held.has_current(child, cohort.as_at)))


MEASURE = Measure(
    id="peps-at-sixteen",
    title="Young people in Years 12 and 13 with a PEP in place",
    part="Young people with a PEP whose meeting was held, which is signed off, and is not past the next term’s deadline",
    whole="Young people on the roll in Year 12 or Year 13",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="PEPs",
    group="PEPs",
    answers=("W25",),
    beside=("peps-up-to-date",),
    of="young people",
    sections=(Section.PEP,),
    rows=rows,
)

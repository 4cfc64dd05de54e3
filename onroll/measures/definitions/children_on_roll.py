"""Children on the roll.

The authority's own looked-after children on the reference date, from birth to Year 13. Agreed short breaks alone do
not put a child on the roll.

Worked example, on 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10 -> 1
    Ben: born 2014-02-03; care 2024-02-01..2026-03-31 -> left out
    Cal: born 2025-11-20; care 2025-12-01 -> 1
    Dee: born 2010-07-09; care 2025-06-01 status=V4 -> left out
    Eli: born 2008-04-01; care 2020-03-03 -> 1
    all: 3
"""

from collections.abc import Iterator

from ..cohorts import Cohort
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child on the roll."""
    return (Row(child, 1) for child in cohort.roll)


MEASURE = Measure(
    id="children-on-roll",
    title="Children on the roll",
    part="Looked-after children on the reference date, from birth to Year 13",
    whole="",
    unit=Unit.COUNT,
    period=PeriodKind.MONTH,
    source="Care episodes",
    rows=rows,
)

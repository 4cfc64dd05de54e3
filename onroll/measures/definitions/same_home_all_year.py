"""Children with no change of home in twelve months.

The other half of placement stability: no move on any day of the twelve months. Coming into care is no change.

Worked example, on 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10..2025-06-01; care 2025-06-01 reason=P -> 0 of 1
    Ben: born 2014-02-03; care 2024-02-01 -> 1 of 1
    Cal: born 2015-11-20; care 2025-12-01 -> 1 of 1
    Dee: born 2010-07-09; care 2023-01-10..2025-03-31; care 2025-03-31 reason=P -> 1 of 1
    Eli: born 2011-07-09; care 2025-01-01..2025-09-01; care 2025-09-01 reason=L status=E1 -> 1 of 1
    all: 4 of 5
"""

from collections.abc import Iterator

from onroll.access.sections import Section

from ..cohorts import Cohort
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each looked-after child: 1 if they did not move home."""
    return (Row(child, int(not cohort.moved_in_a_year(child))) for child in cohort.roll)


MEASURE = Measure(
    id="same-home-all-year",
    title="Children with no change of home in twelve months",
    part="Children without a change of placement in the twelve months to the reference date",
    whole="Children looked after on the reference date",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="Care episodes",
    group="Home and school",
    beside=("three-or-more-homes",),
    sections=(Section.PLACEMENT,),
    rows=rows,
)

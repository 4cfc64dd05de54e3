"""Placement stability: children with three or more homes in twelve months.

A home is a run of episodes not broken by a move (reasons S, P, T, B and U); temporary placements T0 to T4 and the way
back from them are no move. A home counts if the child had it on any of the twelve months' days.

Worked example, on 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10..2025-06-01; care 2025-06-01..2025-12-01 reason=P; care 2025-12-01 reason=P -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01 -> 0 of 1
    Cal: born 2015-11-20; care 2023-01-10..2025-04-01; care 2025-04-01..2025-12-01 reason=P; care 2025-12-01 reason=P -> 0 of 1
    Dee: born 2010-07-09; care 2023-01-10..2025-08-01; care 2025-08-01..2025-08-09 reason=P type=T2; care 2025-08-09 reason=P -> 0 of 1
    Eli: born 2011-07-09; care 2025-01-01..2025-09-01; care 2025-09-01..2025-11-01 reason=L status=E1; care 2025-11-01..2026-01-10 reason=B; care 2026-01-10 reason=P -> 1 of 1
    all: 2 of 5
"""

from collections.abc import Iterator

from onroll.access.sections import Section

from ..cohorts import Cohort
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind

MANY = 3


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each looked-after child: 1 if they had three or more homes."""
    for child in cohort.roll:
        own = {"school_changed": "yes" if cohort.school_changes_in_a_year(child) else "no"}
        yield Row(child, int(cohort.homes_in_a_year(child) >= MANY), own=own)


MEASURE = Measure(
    id="three-or-more-homes",
    title="Children with three or more homes in twelve months",
    part="Children with three or more placements in the twelve months to the reference date",
    whole="Children looked after on the reference date",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="lower",
    source="Care episodes",
    group="Home and school",
    answers=("W34",),
    beside=("same-home-all-year",),
    own={"school_changed": "Whether the school also changed"},
    own_words={"school_changed": {"yes": "The school changed too", "no": "The school did not change"}},
    comparator="placements_3_or_more",
    sections=(Section.PLACEMENT, Section.SCHOOL),
    rows=rows,
)

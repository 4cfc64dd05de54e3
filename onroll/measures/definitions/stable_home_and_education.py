"""Children with a stable home and a stable education.

Of the children looked after without a break for the twelve months to the reference date: those with no change of home
and no school change but a normal phase transfer in those months.

Worked example, on 2026-03-31:

    school Oak: in 999
    school Elm: in 999
    Ada: born 2012-05-01; care 2023-01-10; place Oak 2023-09-01 -> 1 of 1
    Ben: born 2014-02-03; care 2023-01-10..2025-06-01; care 2025-06-01 reason=P; place Oak 2023-09-01 -> 0 of 1
    Cal: born 2015-11-20; care 2023-01-10; place Oak 2023-09-01..2025-10-01 leaving=planned_move; place Elm 2025-10-01 -> 0 of 1
    Dee: born 2014-07-09; care 2024-01-01; place Oak 2023-09-01..2025-09-01 leaving=normal_transfer; place Elm 2025-09-01 -> 1 of 1
    Eli: born 2010-07-09; care 2025-06-01; place Oak 2023-09-01 -> left out
    all: 2 of 4
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section

from ..cohorts import Cohort
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind


def stable(cohort: Cohort) -> Iterator[tuple[int, bool, bool]]:
    """Each child looked after for the twelve months: whether the home stayed, whether the school did."""
    for child in cohort.roll:
        if cohort.has_been_looked_after_for_a_year(child):
            yield child, not cohort.moved_in_a_year(child), not cohort.school_changes_in_a_year(child)


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child looked after for twelve months: 1 if home and school both stayed."""
    return (Row(child, int(home and school)) for child, home, school in stable(cohort))


def home_rows(cohort: Cohort) -> Iterator[Row]:
    """The same for the home alone."""
    return (Row(child, int(home)) for child, home, _ in stable(cohort))


def education_rows(cohort: Cohort) -> Iterator[Row]:
    """The same for the school alone."""
    return (Row(child, int(school)) for child, _, school in stable(cohort))


MEASURE = Measure(
    id="stable-home-and-education",
    title="Children with a stable home and a stable education",
    part="Children with no change of home and no school change other than normal transfer in twelve months",
    whole="Children looked after for at least twelve months on the reference date",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="Care episodes and school places",
    group="Home and school",
    answers=("M17",),
    beside=("stable-home", "stable-education"),
    sections=(Section.PLACEMENT, Section.SCHOOL),
    rows=rows,
)
HOME = replace(
    MEASURE,
    id="stable-home",
    title="Children with a stable home",
    part="Children with no change of home in twelve months",
    answers=(),
    beside=("stable-home-and-education",),
    rows=home_rows,
)
EDUCATION = replace(
    HOME,
    id="stable-education",
    title="Children with a stable education",
    part="Children with no school change other than normal transfer in twelve months",
    rows=education_rows,
)
MEASURES = (MEASURE, HOME, EDUCATION)

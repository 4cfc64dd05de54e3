"""Early years children with their provider recorded.

Counted are children below reception who are known to attend (they have a place, or wait for one) or are expected to:
the term after the third birthday has begun, when every child has a right to a nursery place.

Worked example, on 2026-03-31:

    school Oak: early_years; in 999
    Ada: born 2022-05-01; care 2023-01-10; place Oak 2025-09-01 -> 1 of 1
    Ben: born 2022-12-31; care 2024-02-01 -> 0 of 1
    Cal: born 2023-01-01; care 2025-12-01 -> left out
    Dee: born 2024-07-09; care 2024-08-01; place none 2026-01-05 kind=awaiting -> 0 of 1
    Eli: born 2021-03-09; care 2024-01-01 -> left out
    all: 1 of 3
"""

from collections.abc import Iterator
from datetime import date

from onroll.access.sections import Section
from onroll.codes.year_groups import Phase

from ..cohorts import Cohort
from ..facts import holding
from ..measure import Measure, Row, Unit
from ..periods import NATIONAL, PeriodKind

FROM_AGE = 3


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child below reception who attends or should: 1 if the provider is recorded."""
    for child, year in cohort.roll.items():
        if year.phase is not Phase.EARLY_YEARS:
            continue
        places = holding(cohort.facts.places.get(child, ()), cohort.as_at)
        if places or entitled_from(cohort.children[child].birth_date) <= cohort.as_at:
            yield Row(child, int(any(place.school is not None and place.kind != "awaiting" for place in places)))


def entitled_from(birth_date: date) -> date:
    """The first day of the term after the third birthday, by the national terms."""
    year, birthday = birth_date.year + FROM_AGE, (birth_date.month, birth_date.day)
    starts = sorted(date(year + later, *first) for first in NATIONAL.values() for later in (0, 1))
    return next(start for start in starts if (start.year, start.month, start.day) > (year, *birthday))


MEASURE = Measure(
    id="early-years-provider",
    title="Early years children with their provider recorded",
    part="Children with a named early years provider on the reference date",
    whole="Children on the roll below reception who attend a provider, wait for one or are expected to have one",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="School places",
    group="Records",
    answers=("W71",),
    sections=(Section.SCHOOL,),
    tells_where=True,
    rows=rows,
)

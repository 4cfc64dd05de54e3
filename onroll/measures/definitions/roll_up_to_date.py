"""Roll up to date.

A child's setting, or that they wait for one, was confirmed within the last term: on or after the first day of the term
before the one that holds the reference date.

Worked example, on 2026-03-31:

    term 2025-09-01..2025-12-20
    term 2026-01-05..2026-04-02
    school Oak: in 999
    Ada: born 2012-05-01; care 2023-01-10; place Oak 2023-09-01 confirmed=2026-01-20 -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; place Oak 2023-09-01 confirmed=2025-09-01 -> 1 of 1
    Cal: born 2015-11-20; care 2025-12-01; place Oak 2023-09-01 confirmed=2025-07-01 -> 0 of 1
    Dee: born 2010-07-09; care 2024-01-01; place none 2026-01-05 kind=awaiting confirmed=2026-03-30 -> 1 of 1
    Eli: born 2010-07-09; care 2024-01-01; place Oak 2023-09-01 confirmed=2026-04-01 -> 0 of 1
    all: 3 of 5
"""

from collections.abc import Iterator

from onroll.access.sections import Section

from .. import periods
from ..cohorts import Cohort
from ..facts import holding
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child on the roll: 1 if a place of theirs, or their wait for one, was confirmed in time."""
    this_term = periods.up_to(PeriodKind.TERM, cohort.as_at, cohort.calendar)
    since = periods.before(PeriodKind.TERM, this_term, cohort.calendar).start
    for child in cohort.roll:
        places = holding(cohort.facts.places.get(child, ()), cohort.as_at)
        days = [place.confirmed_on for place in places if place.confirmed_on]
        yield Row(child, int(any(since <= day <= cohort.as_at for day in days)))


MEASURE = Measure(
    id="roll-up-to-date",
    title="Roll up to date",
    part="Children whose education setting, or that they have none, was confirmed within the last term",
    whole="Looked-after children on the reference date, from early years to Year 13",
    unit=Unit.PERCENT,
    period=PeriodKind.WEEK,
    better="higher",
    source="School places and the day each was last confirmed",
    group="Records",
    answers=("M04",),
    sections=(Section.SCHOOL,),
    rows=rows,
)

"""Children learning out of the authority.

Where the main school of the reference date lies, by the national register.

Worked example, on 2026-03-31:

    school Oak: in 999
    school Elm: in 111
    Ada: born 2012-05-01; care 2023-01-10; place Elm 2023-09-01 -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; place Oak 2023-09-01 -> 0 of 1
    Cal: born 2015-11-20; care 2025-12-01; place Elm 2023-09-01..2026-03-31; place Oak 2026-03-31 -> 0 of 1
    Dee: born 2010-07-09; care 2024-01-01; place none 2026-01-05 kind=awaiting -> left out
    Eli: born 2010-07-09; care 2024-01-01; place Oak 2024-09-01; place Elm 2025-09-01 kind=ap -> 0 of 1
    all: 1 of 4
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.children.queries import school_area

from ..cohorts import Cohort
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child on the roll with a main school: 1 if it lies outside the authority."""
    for child in cohort.roll:
        school = cohort.school_of(child)
        if school is not None:
            yield Row(child, int(school_area(school.la_code, cohort.facts.authority_code) == "out"))


MEASURE = Measure(
    id="learning-out-of-authority",
    title="Children learning out of the authority",
    part="Children whose main school lies outside the authority",
    whole="Children on the roll with a main school on the reference date",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    source="School places and the register of schools",
    group="Home and school",
    beside=("living-out-of-authority",),
    sections=(Section.SCHOOL,),
    tells_where=True,
    rows=rows,
)

"""Children in a school rated less than good, with no reason recorded.

The judgement in force is that of the latest inspection by the reference date that gave an overall grade. The reason
stands on the main place: why this school.

Worked example, on 2026-03-31:

    school Oak: primary; in 999; graded 3 on 2019-05-01
    school Elm: primary; in 111; graded 4 on 2018-05-01
    school Ash: secondary; in 999; graded 3 on 2018-05-01; graded 2 on 2023-05-01
    Ada: born 2015-05-01; care 2023-01-10; place Oak 2023-09-01 -> 1
    Ben: born 2016-02-03; care 2024-02-01; place Oak 2023-09-01 why=near -> 0
    Cal: born 2016-11-20; care 2025-12-01; place Elm 2023-09-01 -> 1
    Dee: born 2010-07-09; care 2024-01-01; place Ash 2023-09-01 -> left out
    Eli: born 2010-03-09; care 2024-01-01 -> left out
    all: 2
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section

from ..cohorts import Cohort
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind
from .good_schools import GOOD, JUDGEMENTS


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child at a school below good: 1 if nobody wrote down why they are there."""
    for child in cohort.roll:
        place, key = cohort.main_place_of(child), cohort.school_key_of(child)
        grade = cohort.facts.grade_of(key, cohort.as_at) if key is not None else None
        if place is not None and grade is not None and grade > GOOD:
            yield Row(child, int(not place.why_this_school.strip()), own={"judgement": str(grade)})


MEASURE = Measure(
    id="less-than-good-without-reason",
    title="Children in a school rated less than good with no reason recorded",
    part="Children whose school’s judgement in force is below good and whose place carries no reason for it",
    whole="",
    unit=Unit.COUNT,
    period=PeriodKind.TERM,
    better="lower",
    source="School places and inspections",
    group="Schools",
    answers=("W41",),
    beside=("share-without-reason",),
    own={"judgement": "Judgement"},
    own_words={"judgement": JUDGEMENTS},
    sections=(Section.SCHOOL,),
    tells_where=True,
    rows=rows,
)
SHARE = replace(
    MEASURE,
    id="share-without-reason",
    title="Share of children in schools rated less than good with no reason recorded",
    whole="Children on the roll whose school’s judgement in force is below good",
    unit=Unit.PERCENT,
    answers=(),
    beside=("less-than-good-without-reason",),
)
MEASURES = (MEASURE, SHARE)

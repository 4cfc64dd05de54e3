"""Children attending a good or outstanding school in the authority.

The judgement in force is that of the latest inspection by the reference date that gave an overall grade. A school with
none stays in the whole. All-through schools count as secondary, pupil referral units as special.

Worked example, on 2026-03-31:

    school Oak: primary; in 999; graded 2 on 2019-05-01
    school Elm: primary; in 999; graded 1 on 2018-05-01; graded 3 on 2023-05-01; graded none on 2025-11-20
    school Ash: secondary; in 111; graded 1 on 2023-05-01
    school Fir: special; in 999
    Ada: born 2015-05-01; care 2023-01-10; place Oak 2023-09-01 -> 1 of 1
    Ben: born 2016-02-03; care 2024-02-01; place Elm 2023-09-01 -> 0 of 1
    Cal: born 2012-11-20; care 2025-12-01; place Ash 2023-09-01 -> left out
    Dee: born 2010-07-09; care 2024-01-01; place Fir 2023-09-01 -> 0 of 1
    Eli: born 2008-03-09; care 2024-01-01; place Oak 2023-09-01 -> left out
    all: 1 of 3
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section
from onroll.children.queries import school_area

from ..cohorts import Cohort
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind

GOOD = 2
KINDS = {"primary": "primary", "secondary": "secondary", "all_through": "secondary", "special": "special",
         "pru": "special"}  # fmt: skip
JUDGEMENTS = {"1": "Outstanding", "2": "Good", "3": "Requires improvement", "4": "Inadequate", "": "No judgement"}


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each school-age child at a school in the authority: 1 if it is good or outstanding."""
    return (row for row in everywhere(cohort) if row.own["area"] == "in")


def everywhere(cohort: Cohort) -> Iterator[Row]:
    """A row for each school-age child at a primary, secondary or special school, wherever it lies."""
    for child in cohort.school_age:
        school, key = cohort.school_of(child), cohort.school_key_of(child)
        if school is None or key is None or school.phase not in KINDS:
            continue
        grade = cohort.facts.grade_of(key, cohort.as_at)
        own = {
            "kind": KINDS[school.phase],
            "judgement": str(grade or ""),
            "area": school_area(school.la_code, cohort.facts.authority_code),
        }
        yield Row(child, int(grade is not None and grade <= GOOD), own=own)


MEASURE = Measure(
    id="good-schools",
    title="Children attending a good or outstanding school in the authority",
    part="Children whose school’s latest overall judgement by the reference date is good or outstanding",
    whole="School-age children on the roll at a primary, secondary or special school in the authority",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="School places, the register of schools and inspections",
    group="Schools",
    answers=("W40",),
    beside=("good-schools-everywhere", "less-than-good-without-reason"),
    own={"kind": "Kind of school", "judgement": "Judgement"},
    own_words={
        "kind": {"primary": "Primary", "secondary": "Secondary", "special": "Special"},
        "judgement": JUDGEMENTS,
    },
    note="Overall grades are no longer given everywhere: the latest one held counts.",
    sections=(Section.SCHOOL,),
    tells_where=True,
    rows=rows,
)
EVERYWHERE = replace(
    MEASURE,
    id="good-schools-everywhere",
    title="Children attending a good or outstanding school, wherever it is",
    whole="School-age children on the roll at a primary, secondary or special school",
    answers=(),
    beside=("good-schools",),
    own={**MEASURE.own, "area": "Where the school is"},
    own_words={
        **MEASURE.own_words,
        "area": {"in": "In the authority", "out": "Out of the authority", "not_known": "Not known"},
    },
    rows=everywhere,
)
MEASURES = (MEASURE, EVERYWHERE)

"""Children with a school change outside normal transfer, this academic year.

A school change is the end of a main place. Passing with a school to its successor is none. Asked for a term, it looks
from the first day of the academic year to the end of that term.

Worked example, from 2025-09-01 to 2026-03-31:

    school Oak: in 999
    school Elm: in 111
    Ada: born 2012-05-01; care 2023-01-10; place Oak 2023-09-01..2026-01-05 leaving=unplanned; place Elm 2026-01-05 -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; place Oak 2023-09-01..2025-09-01 leaving=normal_transfer; place Elm 2025-09-01 -> 0 of 1
    Cal: born 2015-11-20; care 2025-12-01..2026-02-01; place Oak 2023-09-01 -> 0 of 1
    Dee: born 2010-07-09; care 2024-01-01; place Oak 2023-09-01..2025-07-20 leaving=excluded; place Elm 2025-09-01 -> 0 of 1
    Eli: born 2009-03-09; care 2024-01-01; place Oak 2023-09-01..2025-10-20 leaving=excluded -> left out
    all: 1 of 4
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.children.models import SchoolPlace
from onroll.codes.year_groups import year_group_of

from ..cohorts import Cohort
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind

EXAM_YEARS = (10, 11)
REASONS = {str(code): str(words) for code, words in SchoolPlace.LeavingReason.choices}


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each school-age child of the period: 1 if a main place ended otherwise than by normal transfer."""
    for child in cohort.school_age_in_period:
        changes = cohort.school_changes(child, cohort.period)
        day = changes[-1].end if changes and changes[-1].end else cohort.as_at
        exams = year_group_of(cohort.children[child].birth_date, on=day).number in EXAM_YEARS
        own = {"reason": changes[-1].leaving_reason if changes else "none", "exam_year": "yes" if exams else "no"}
        yield Row(child, int(bool(changes)), own=own)


MEASURE = Measure(
    id="school-changes",
    title="Children with a school change outside normal transfer",
    part="Children with one or more school changes in the academic year to date that were no normal phase transfer",
    whole="School-age children on the roll on any day of the academic year to date",
    unit=Unit.PERCENT,
    period=PeriodKind.ACADEMIC_YEAR,
    better="lower",
    source="School places",
    group="Home and school",
    answers=("W35",),
    own={"reason": "Reason for the latest change", "exam_year": "Exam year"},
    own_words={
        "reason": {**REASONS, "": "No reason recorded", "none": "No change"},
        "exam_year": {"yes": "Years 10 and 11", "no": "Other years"},
    },
    note="Changes made against or without the virtual school’s advice are told apart once school moves are recorded.",
    accumulates=True,
    comparator="school_mid_year_move",
    sections=(Section.SCHOOL,),
    rows=rows,
)

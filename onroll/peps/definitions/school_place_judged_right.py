"""School-age children with a school place that was judged right for them.

A place is an enrolment: the main school, a second one, or alternative provision. It was judged right where the latest
plan that answered whether the school is right said yes. A place that no plan judged is not counted as right.

Worked example, on 2026-03-31:

    school Oak: primary; in 999
    Ada: born 2012-05-01; care 2023-01-10; place Oak 2023-09-01; pep spring 2025-26 met=2026-02-01 school=yes -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; place Oak 2023-09-01; pep autumn 2025-26 met=2025-12-22 school=no -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; place Oak 2023-09-01 -> 0 of 1
    Dee: born 2012-07-09; care 2024-08-01; pep spring 2025-26 met=2026-02-01 school=yes -> 0 of 1
    Eli: born 2012-03-09; care 2024-01-01; place Oak 2023-09-01; pep autumn 2025-26 met=2025-11-20 school=yes; pep spring 2025-26 met=2026-02-02 -> 1 of 1
    Flo: born 2008-03-09; care 2024-01-01; place Oak 2023-09-01; pep autumn 2025-26 met=2025-11-20 school=yes -> left out
    all: 2 of 5
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import counted, newest

JUDGED = {"yes": "Right", "partly": "Partly right", "no": "Not right", "": "Not judged", "none": "No place"}


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each school-age child: 1 with a place that the latest judgement found right."""
    held = counted(cohort)
    for child in cohort.school_age:
        plans = newest(held.plans.get(child, ()), cohort.as_at)
        said = [plan.school_right.casefold() for plan in plans if plan.school_right.casefold() in JUDGED]
        latest = next((each for each in reversed(said) if each), "")
        judged = "none" if cohort.enrolment_of(child) is None else latest
        yield Row(child, int(judged == "yes"), own={"judged": judged})


MEASURE = Measure(
    id="school-place-judged-right",
    title="School-age children with a school place that is right for them",
    part="Children with a place at a school or in provision that the latest PEP found right",
    whole="Children on the roll in reception to Year 11",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="School places and PEPs",
    group="PEPs",
    answers=("W39",),
    beside=("right-school-and-support",),
    own={"judged": "How the place was judged"},
    own_words={"judged": JUDGED},
    sections=(Section.PEP, Section.SCHOOL),
    rows=rows,
)

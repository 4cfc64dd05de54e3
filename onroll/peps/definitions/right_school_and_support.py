"""Pupils in the right school with the right support.

Counted are the pupils on the roll with a place at a school whose latest PEP meeting was in the term of the reference date
or the one before. Right is where that plan says yes to both; each also stands on its own.

Worked example, on 2026-03-31:

    term 2025-09-02..2025-12-20
    term 2026-01-05..2026-03-28
    term 2026-04-13..2026-07-22
    deadline 2025-11-21
    deadline 2026-03-06
    deadline 2026-06-12
    school Oak: primary; in 999
    Ada: born 2012-05-01; care 2023-01-10; place Oak 2023-09-01; pep spring 2025-26 met=2026-02-01 school=yes support_right=yes -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; place Oak 2023-09-01; pep autumn 2025-26 met=2025-12-22 school=yes support_right=partly -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; place Oak 2023-09-01; pep summer 2024-25 met=2025-06-20 school=yes support_right=yes -> left out
    Dee: born 2012-07-09; care 2024-08-01; pep spring 2025-26 met=2026-02-01 school=yes support_right=yes -> left out
    Eli: born 2012-03-09; care 2024-01-01; place Oak 2023-09-01; pep autumn 2025-26 met=2025-11-20 school=yes support_right=yes; pep spring 2025-26 met=2026-02-02 -> 0 of 1
    all: 1 of 3
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import Plan, counted, newest

ANSWERS = {"yes": "Yes", "partly": "Partly", "no": "No", "": "Not answered"}


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each of these pupils: 1 if both are right."""
    for child, plan in _reviewed(cohort):
        own = {"school_right": _said(plan.school_right), "support_right": _said(plan.support_right)}
        yield Row(child, int(set(own.values()) == {"yes"}), own=own)


def school_rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each of these pupils: 1 if the school is right."""
    return (Row(child, int(_said(plan.school_right) == "yes")) for child, plan in _reviewed(cohort))


def support_rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each of these pupils: 1 if the support is right."""
    return (Row(child, int(_said(plan.support_right) == "yes")) for child, plan in _reviewed(cohort))


def _reviewed(cohort: Cohort) -> Iterator[tuple[int, Plan]]:
    """The pupils with a place and a recent meeting, each with the plan of the latest."""
    held = counted(cohort)
    since = held.two_terms_before(cohort.as_at)
    for child in cohort.roll:
        plans = newest(held.plans.get(child, ()), cohort.as_at)
        if plans and plans[-1].held_on and plans[-1].held_on >= since and cohort.enrolment_of(child) is not None:
            yield child, plans[-1]


def _said(answer: str) -> str:
    return answer.casefold() if answer.casefold() in ANSWERS else ""


MEASURE = Measure(
    id="right-school-and-support",
    title="Pupils in the right school with the right support",
    part="Pupils whose latest PEP says yes to both: the right school, and the right support",
    whole="Pupils on the roll with a place at a school and a PEP meeting in this term or the one before",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="PEPs and school places",
    group="PEPs",
    answers=("M34",),
    beside=("right-school", "right-support", "school-place-judged-right"),
    of="pupils",
    own={"school_right": "The right school", "support_right": "The right support"},
    own_words={"school_right": ANSWERS, "support_right": ANSWERS},
    sections=(Section.PEP, Section.SCHOOL),
    rows=rows,
)
SCHOOL = replace(
    MEASURE,
    id="right-school",
    title="Pupils in the right school",
    part="Pupils whose latest PEP says that the school is right",
    answers=(),
    beside=("right-school-and-support",),
    own={},
    own_words={},
    rows=school_rows,
)
SUPPORT = replace(
    SCHOOL,
    id="right-support",
    title="Pupils with the right support",
    part="Pupils whose latest PEP says that the support is right",
    rows=support_rows,
)
MEASURES = (MEASURE, SCHOOL, SUPPORT)

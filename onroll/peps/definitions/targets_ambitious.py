"""Ambition of pupil targets.

Counted are the targets in English and mathematics of the plans completed in the period: the meeting held and the plan
signed off. Ambitious is one marked as above the path expected for the child. How many were met stands beside it.

Worked example, from 2026-01-05 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep spring 2025-26 met=2026-02-01 signed=2026-03-01; target ambitious=yes; target area=maths -> 1 of 2
    Ben: born 2014-02-03; care 2024-02-01; pep spring 2025-26 met=2026-02-01 signed=2026-03-01; target area=semh ambitious=yes -> left out
    Cal: born 2015-11-20; care 2024-02-01; pep autumn 2025-26 met=2025-11-20 signed=2025-12-20; target ambitious=yes -> left out
    Dee: born 2012-07-09; care 2024-08-01; pep autumn 2025-26 met=2025-11-20 signed=2026-01-05; target ambitious=no -> 0 of 1
    all: 1 of 3
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import Plan, Target, counted
from ..models import PepTarget
from .targets_met import AREAS

OF_ATTAINMENT = (PepTarget.Area.ENGLISH, PepTarget.Area.MATHS)


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each of these targets: 1 if it is ambitious."""
    return (Row(plan.child, int(bool(each.ambitious)), own={"area": each.area}) for plan, each in _targets(cohort))


def met_rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each of these targets: 1 if it was met."""
    for plan, target in _targets(cohort):
        own = {"area": target.area, "ambitious": "yes" if target.ambitious else "no"}
        yield Row(plan.child, int(target.outcome == PepTarget.Outcome.MET), own=own)


def _targets(cohort: Cohort) -> Iterator[tuple[Plan, Target]]:
    for plan, target in counted(cohort).targets_of(cohort):
        completed = plan.completed_on
        if completed is not None and completed in cohort.period and target.area in OF_ATTAINMENT:
            yield plan, target


MEASURE = Measure(
    id="targets-ambitious",
    title="Ambitious PEP targets in English and mathematics",
    part="Targets marked as above the expected path",
    whole="Targets in English and mathematics of PEPs completed in the term",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="Targets of PEPs",
    group="PEPs",
    answers=("M87",),
    beside=("attainment-targets-met", "targets-met"),
    of="targets",
    own={"area": "Area"},
    own_words={"area": AREAS},
    sections=(Section.PEP,),
    rows=rows,
)
MET = replace(
    MEASURE,
    id="attainment-targets-met",
    title="Targets in English and mathematics met",
    part="Targets that were met",
    answers=(),
    beside=("targets-ambitious",),
    own={**MEASURE.own, "ambitious": "Ambitious"},
    own_words={**MEASURE.own_words, "ambitious": {"yes": "Above the expected path", "no": "Not marked so"}},
    rows=met_rows,
)
MEASURES = (MEASURE, MET)

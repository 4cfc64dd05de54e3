"""PEPs naming an approach that research says works.

Counted are the plans completed in the term: the meeting held and the plan signed off. An approach counts where the bank
of approaches says that its evidence is good; a promising one does not.

Worked example, from 2026-01-05 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep spring 2025-26 met=2026-02-01 signed=2026-03-01; target; target with=phonics_catch_up -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep spring 2025-26 met=2026-02-01 signed=2026-03-01; target with=something_else -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; pep spring 2025-26 met=2026-02-01; target with=phonics_catch_up -> left out
    Dee: born 2012-07-09; care 2024-08-01; pep spring 2025-26 met=2026-02-01 signed=2026-03-01 -> 0 of 1
    all: 1 of 3
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import counted


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each plan completed in the period: 1 if one of its targets names such an approach."""
    held = counted(cohort)
    for plan in held.plans_of(cohort):
        if plan.completed_on is not None and plan.completed_on in cohort.period:
            named = {target.intervention.casefold() for target in held.targets.get(plan.pk, ())}
            yield Row(plan.child, int(bool(named & held.evidenced)))


MEASURE = Measure(
    id="peps-with-evidence",
    title="PEPs naming an approach that research says works",
    part="PEPs with a target that names an approach whose evidence is good, as the bank of approaches has it",
    whole="PEPs completed in the term: the meeting held and the plan signed off",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="PEPs, their targets and the bank of approaches",
    group="PEPs",
    answers=("M56",),
    beside=("targets-met",),
    of="PEPs",
    sections=(Section.PEP,),
    rows=rows,
)

"""PEP meetings attended by the virtual school team.

Counted are the meetings held in the period. Beside it stand those of them for which somebody had said that the virtual
school was needed.

Worked example, from 2026-01-05 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep spring 2025-26 met=2026-02-01 attended=yes -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep spring 2025-26 met=2026-02-01 support=school -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; pep autumn 2025-26 met=2025-11-20 attended=yes -> left out
    Dee: born 2012-07-09; care 2024-08-01; pep spring 2025-26 attended=yes -> left out
    all: 1 of 2
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import KINDS, counted
from ..models import Pep

NOBODY = ("", Pep.Support.NO.value)


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each meeting held in the period: 1 if somebody of the virtual school came."""
    return (
        Row(plan.child, int(bool(plan.vs_attended)), own=plan.of_kind) for plan in counted(cohort).meetings_of(cohort)
    )


def where_needed(cohort: Cohort) -> Iterator[Row]:
    """The same of the meetings at which the virtual school was needed, beside who had asked."""
    for plan in counted(cohort).meetings_of(cohort):
        if plan.support_required not in NOBODY:
            yield Row(plan.child, int(bool(plan.vs_attended)), own={"asked": plan.support_required})


MEASURE = Measure(
    id="meetings-attended",
    title="PEP meetings attended by the virtual school",
    part="Meetings to which somebody of the virtual school came",
    whole="PEP meetings held in the term",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    source="PEPs",
    group="PEPs",
    answers=("W58",),
    beside=("meetings-attended-where-needed",),
    of="meetings",
    own={"kind": "Kind of PEP"},
    own_words={"kind": KINDS},
    sections=(Section.PEP,),
    rows=rows,
)
WHERE_NEEDED = replace(
    MEASURE,
    id="meetings-attended-where-needed",
    title="PEP meetings needing support that the virtual school attended",
    whole="PEP meetings held in the term at which somebody from the virtual school was needed",
    better="higher",
    answers=("M36",),
    beside=("meetings-attended",),
    own={"asked": "Who asked"},
    own_words={"asked": {**{str(code): str(words) for code, words in Pep.Support.choices}, "yes": "Not said who"}},
    rows=where_needed,
)
MEASURES = (MEASURE, WHERE_NEEDED)

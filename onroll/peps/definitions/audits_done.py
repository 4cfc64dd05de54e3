"""PEPs audited in the month.

An audit counts in the month in which it was completed: it has a day and an overall grade. Beside it stands what share of
the plans that were completed in that month has been audited by the reference date.

Worked example, from 2026-03-01 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26; audit 2026-03-02 good -> 1
    Ben: born 2014-02-03; care 2024-02-01; pep autumn 2025-26; audit 2026-03-31 requires_improvement -> 1
    Cal: born 2015-11-20; care 2024-02-01; pep autumn 2025-26; audit 2026-02-28 outstanding -> left out
    Dee: born 2012-07-09; care 2024-08-01..2026-01-05; pep autumn 2025-26; audit 2026-03-20 outstanding -> 1
    Eli: born 2012-03-09; care 2024-01-01; pep autumn 2025-26; audit none outstanding -> left out
    all: 3
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import counted


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each audit completed in the period."""
    return (Row(audit.child, 1, own={"auditor": audit.auditor}) for audit in counted(cohort).audits_of(cohort))


def share_rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each plan completed in the period: 1 if an audit of it was completed by the reference date."""
    held = counted(cohort)
    for plan in held.plans_of(cohort):
        if plan.completed_on is not None and plan.completed_on in cohort.period:
            audits = [each for each in held.audits.get(plan.child, ()) if each.pep == plan.pk]
            yield Row(plan.child, int(any(each.audited_on <= cohort.as_at for each in audits)))


MEASURE = Measure(
    id="audits-done",
    title="PEPs audited in the month",
    part="Audits of PEPs completed in the month",
    whole="",
    unit=Unit.COUNT,
    period=PeriodKind.MONTH,
    source="Audits of PEPs",
    group="PEPs",
    answers=("W17",),
    beside=("audits-good", "share-of-peps-audited"),
    of="audits",
    own={"auditor": "Who audited"},
    own_words={"auditor": {"": "Not recorded"}},
    sections=(Section.PEP,),
    rows=rows,
)
SHARE = replace(
    MEASURE,
    id="share-of-peps-audited",
    title="PEPs completed in the month that have been audited",
    part="PEPs of which an audit was completed by the reference date",
    whole="PEPs completed in the month: the meeting held and the plan signed off",
    unit=Unit.PERCENT,
    source="PEPs and their audits",
    answers=(),
    beside=("audits-done",),
    of="PEPs",
    own={},
    own_words={},
    rows=share_rows,
)
MEASURES = (MEASURE, SHARE)

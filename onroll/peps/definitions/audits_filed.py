"""Completed PEP audits filed on the child's social care record.

Worked example, from 2026-03-01 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26; audit 2026-03-02 good filed=yes -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep autumn 2025-26; audit 2026-03-31 requires_improvement filed=no -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; pep autumn 2025-26; audit 2026-02-28 outstanding -> left out
    Dee: born 2012-07-09; care 2024-08-01..2026-01-05; pep autumn 2025-26; audit 2026-03-20 outstanding -> 0 of 1
    Eli: born 2012-03-09; care 2024-01-01; pep autumn 2025-26; audit none outstanding -> left out
    all: 1 of 3
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import counted


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each audit completed in the period: 1 if it was filed on the social care record."""
    return (Row(audit.child, int(bool(audit.filed))) for audit in counted(cohort).audits_of(cohort))


MEASURE = Measure(
    id="audits-filed",
    title="PEP audits filed on the child’s social care record",
    part="Audits that were filed on the social care record",
    whole="Audits of PEPs completed in the month",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="Audits of PEPs",
    group="PEPs",
    answers=("W19",),
    beside=("audits-copied",),
    of="audits",
    sections=(Section.PEP,),
    rows=rows,
)

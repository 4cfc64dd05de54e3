"""PEPs judged effective and of high quality, with a focus on educational outcomes.

Counted are audits whose overall grade is good or outstanding, and whose grade for how learning is going is so too. Where
the audit gave no grade for learning, nobody judged it good.

Worked example, from 2026-01-05 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26; audit 2026-03-02 good learning=good -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep autumn 2025-26; audit 2026-03-31 good learning=inadequate -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; pep autumn 2025-26; audit 2025-12-31 good learning=good -> left out
    Dee: born 2012-07-09; care 2024-08-01; pep autumn 2025-26; audit 2026-03-20 requires_improvement learning=good -> 0 of 1
    Eli: born 2012-03-09; care 2024-01-01; pep autumn 2025-26; audit 2026-03-20 outstanding -> 0 of 1
    all: 1 of 4
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import counted


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each audit completed in the period: 1 if it is good or better overall and in learning."""
    for audit in counted(cohort).audits_of(cohort):
        yield Row(audit.child, int(audit.passes and audit.passes_in_learning))


MEASURE = Measure(
    id="audits-good-in-learning",
    title="PEPs judged good or outstanding overall and in learning",
    part="Audits graded good or outstanding both overall and for how learning is going",
    whole="Audits of PEPs completed in the term",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="Audits of PEPs",
    group="PEPs",
    answers=("M12",),
    beside=("audits-good", "targets-good"),
    of="audits",
    sections=(Section.PEP,),
    rows=rows,
)

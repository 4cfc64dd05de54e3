"""PEP targets of good quality.

Counted are the targets that an audit graded, in the period in which the audit of their plan was completed.

Worked example, from 2026-01-05 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26; target audit=good; target audit=inadequate; audit 2026-02-01 good -> 1 of 2
    Ben: born 2014-02-03; care 2024-02-01; pep autumn 2025-26; target audit=outstanding; target; audit 2026-02-01 good -> 1 of 1
    Cal: born 2015-11-20; care 2024-02-01; pep autumn 2025-26; target audit=good; audit 2025-12-31 good -> left out
    Dee: born 2012-07-09; care 2024-08-01; pep autumn 2025-26; target audit=good -> left out
    all: 2 of 3
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import GRADES, PASSES, counted
from .targets_met import AREAS, OUTCOMES


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each target that an audit of the period graded: 1 if it is good or outstanding."""
    held = counted(cohort)
    audited = {audit.pep: audit.child for audit in held.audits_of(cohort)}
    for pep, child in audited.items():
        for target in held.targets.get(pep, ()):
            if target.audit_grade:
                own = {"grade": target.audit_grade, "area": target.area, "outcome": target.outcome}
                yield Row(child, int(target.audit_grade in PASSES), own=own)


MEASURE = Measure(
    id="targets-good",
    title="PEP targets of good quality",
    part="Targets that the audit graded good or outstanding",
    whole="Targets graded by an audit of their PEP that was completed in the term",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="Targets and audits of PEPs",
    group="PEPs",
    answers=("M67",),
    beside=("targets-met", "audits-good"),
    of="targets",
    own={"grade": "Grade", "area": "Area", "outcome": "How it went"},
    own_words={"grade": GRADES, "area": AREAS, "outcome": OUTCOMES},
    sections=(Section.PEP,),
    rows=rows,
)

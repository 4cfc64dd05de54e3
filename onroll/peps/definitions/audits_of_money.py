"""Audited PEPs showing appropriate use of Pupil Premium Plus.

Counted are the audits of children for whom there is Pupil Premium Plus: looked after, and in reception to Year 11, on
the day of the audit. An audit that found no money asked for counts, and shows no use.

Worked example, from 2026-03-01 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26; audit 2026-03-02 good money=yes -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep autumn 2025-26; audit 2026-03-31 good money=partly -> 0 of 1
    Cal: born 2008-11-20; care 2024-02-01; pep autumn 2025-26; audit 2026-03-12 good money=yes -> left out
    Dee: born 2012-07-09; care 2024-08-01..2026-03-20; pep autumn 2025-26; audit 2026-03-20 good money=yes -> left out
    Eli: born 2012-03-09; care 2024-01-01; pep autumn 2025-26; audit 2026-03-20 good money=not_asked -> 0 of 1
    all: 1 of 3
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.codes.year_groups import Phase
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import counted, on_the_roll
from ..models import PepAudit


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each audit of a child with Pupil Premium Plus: 1 if its use was found appropriate."""
    for audit in counted(cohort).audits_of(cohort):
        year = cohort.facts.on(audit.audited_on).year[audit.child]
        if year.phase is Phase.SCHOOL_AGE and on_the_roll(cohort, audit.child, audit.audited_on):
            yield Row(audit.child, int(audit.money == PepAudit.Money.YES), own={"use": audit.money})


MEASURE = Measure(
    id="audits-of-money",
    title="Audited PEPs showing appropriate use of Pupil Premium Plus",
    part="Audits that found the use of Pupil Premium Plus appropriate",
    whole="Audits completed in the month of looked-after children in reception to Year 11",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="Audits of PEPs",
    group="PEPs",
    answers=("W56",),
    beside=("audits-good",),
    of="audits",
    own={"use": "Use of Pupil Premium Plus"},
    own_words={"use": {**{str(code): str(words) for code, words in PepAudit.Money.choices}, "": "Not answered"}},
    sections=(Section.PEP, Section.PUPIL_PREMIUM),
    rows=rows,
)

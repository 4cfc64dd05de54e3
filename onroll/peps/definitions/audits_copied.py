"""Completed PEP audits copied to the reviewing officer, the designated teacher and the social worker.

Copied is said by the day on which each of the three was sent it. Beside it stands each of the three on its own.

Worked example, from 2026-03-01 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26; audit 2026-03-02 good copied=iro,dt,sw -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep autumn 2025-26; audit 2026-03-31 requires_improvement copied=iro,sw -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; pep autumn 2025-26; audit 2026-02-28 outstanding -> left out
    Dee: born 2012-07-09; care 2024-08-01..2026-01-05; pep autumn 2025-26; audit 2026-03-20 outstanding -> 0 of 1
    Eli: born 2012-03-09; care 2024-01-01; pep autumn 2025-26; audit none outstanding -> left out
    all: 1 of 3
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import counted

TO = {"iro": "Reviewing officer", "dt": "Designated teacher", "sw": "Social worker"}


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each audit completed in the period: 1 if all three were sent it."""
    return (Row(audit.child, int(audit.copied_to >= set(TO))) for audit in counted(cohort).audits_of(cohort))


def to_each(cohort: Cohort) -> Iterator[Row]:
    """A row for each of these audits and each of the three: 1 if that one was sent it."""
    for audit in counted(cohort).audits_of(cohort):
        for who in TO:
            yield Row(audit.child, int(who in audit.copied_to), own={"to": who})


MEASURE = Measure(
    id="audits-copied",
    title="PEP audits copied to the reviewing officer, the designated teacher and the social worker",
    part="Audits that all three were sent",
    whole="Audits of PEPs completed in the month",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="Audits of PEPs",
    group="PEPs",
    answers=("W18",),
    beside=("audits-copied-to-each", "audits-filed"),
    of="audits",
    sections=(Section.PEP,),
    rows=rows,
)
EACH = replace(
    MEASURE,
    id="audits-copied-to-each",
    title="Copies of PEP audits, by who was sent them",
    part="Copies that were sent",
    whole="Three copies of each audit of a PEP completed in the month",
    answers=(),
    beside=("audits-copied",),
    of="copies",
    own={"to": "Copied to"},
    own_words={"to": TO},
    rows=to_each,
)
MEASURES = (MEASURE, EACH)

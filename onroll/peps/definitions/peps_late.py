"""PEPs late on the day.

Late is a plan past the day it was due that is neither handed in nor closed, whatever its kind. One on hold is not chased,
and one that turned out not to be needed is not late.

Worked example, on 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep spring 2025-26 due=2026-03-06 -> 1
    Ben: born 2014-02-03; care 2024-02-01; pep spring 2025-26 due=2026-03-06 submitted=2026-03-10 -> left out
    Cal: born 2015-11-20; care 2024-02-01; pep spring 2025-26 due=2026-03-06 state=on_hold -> left out
    Dee: born 2012-07-09; care 2024-08-01; pep spring 2025-26 due=2026-03-31 -> left out
    Eli: born 2012-03-09; care 2024-01-01; pep spring 2025-26 due=2026-03-06 submitted=2026-04-10 -> 1
    all: 2
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import KINDS, counted


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each plan that is late on the reference date."""
    late = (plan for plan in counted(cohort).plans_of(cohort) if plan.is_late(cohort.as_at))
    return (Row(plan.child, 1, own=plan.of_kind) for plan in late)


MEASURE = Measure(
    id="peps-late",
    title="PEPs late on the day",
    part="PEPs past the day they were due, and neither handed in nor closed",
    whole="",
    unit=Unit.COUNT,
    period=PeriodKind.MONTH,
    better="lower",
    source="PEPs",
    group="PEPs",
    beside=("peps-in-time", "peps-up-to-date"),
    of="PEPs",
    own={"kind": "Kind of PEP"},
    own_words={"kind": KINDS},
    sections=(Section.PEP,),
    rows=rows,
)

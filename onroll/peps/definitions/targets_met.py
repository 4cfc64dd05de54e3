"""PEP pupil targets met.

A target counts in the period in which it was to be met. One for the end of the year counts too where the period holds
the last day of the plan's school year in the authority's calendar. What was partly met, not met or stopped, or of which
nobody has said how it went, was not met.

Worked example, from 2026-01-05 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26; target due=2026-02-01 outcome=met -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep autumn 2025-26; target due=2026-02-01 outcome=partly; target due=2026-03-31 -> 0 of 2
    Cal: born 2015-11-20; care 2024-02-01; pep autumn 2025-26; target due=2026-04-01 outcome=met -> left out
    Dee: born 2012-07-09; care 2024-08-01; pep autumn 2025-26; target kind=end_of_year outcome=met -> left out
    Eli: born 2012-03-09; care 2024-01-01; pep autumn 2025-26; target due=2026-03-01 outcome=stopped; target outcome=met -> 0 of 1
    all: 1 of 4
"""

from collections.abc import Iterator
from datetime import date

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import Counted, Plan, Target, counted
from ..models import PepTarget

SPANS = {str(code): str(words) for code, words in PepTarget.Span.choices}
AREAS = {str(code): str(words) for code, words in PepTarget.Area.choices}
OUTCOMES = {**{str(code): str(words) for code, words in PepTarget.Outcome.choices}, "": "Not said yet"}


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each target to be met in the period: 1 if it was met."""
    held = counted(cohort)
    for plan, target in held.targets_of(cohort):
        if any(day in cohort.period for day in _days(plan, target, held)):
            own = {"span": target.kind, "area": target.area, "outcome": target.outcome}
            yield Row(plan.child, int(target.outcome == PepTarget.Outcome.MET), own=own)


def _days(plan: Plan, target: Target, held: Counted) -> list[date]:
    """The days of which one has to lie in the period."""
    days = [target.due_on] if target.due_on is not None else []
    if target.kind == PepTarget.Span.END_OF_YEAR:
        days.append(held.last_day_of(plan.academic_year))
    return days


MEASURE = Measure(
    id="targets-met",
    title="PEP pupil targets met",
    part="Targets that were met",
    whole="Targets of PEPs to be met in the term, and those for the end of the year where it ends in the term",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="Targets of PEPs",
    group="PEPs",
    answers=("M20",),
    beside=("targets-changed", "targets-ambitious", "targets-good"),
    of="targets",
    own={"span": "For the term or the year", "area": "Area", "outcome": "How it went"},
    own_words={"span": SPANS, "area": AREAS, "outcome": OUTCOMES},
    sections=(Section.PEP,),
    rows=rows,
)

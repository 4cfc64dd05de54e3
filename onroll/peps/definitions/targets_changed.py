"""Unmet targets with recorded evidence of changes and actions.

Counted are the targets found partly met or not met in the period; where nobody wrote down the day of the review, it is
that by which the target was to be met. Changed is a target for which something else was decided on that day or later.

Worked example, from 2026-01-05 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26; target reviewed=2026-02-01 outcome=partly changed=2026-02-01 -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep autumn 2025-26; target reviewed=2026-02-01 outcome=not_met changed=2026-01-31 -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; pep autumn 2025-26; target reviewed=2026-02-01 outcome=met changed=2026-02-01 -> left out
    Dee: born 2012-07-09; care 2024-08-01; pep autumn 2025-26; target due=2026-03-01 outcome=not_met changed=2026-02-20 -> 1 of 1
    Eli: born 2012-03-09; care 2024-01-01; pep autumn 2025-26; target due=2026-03-01; target reviewed=2026-03-02 outcome=not_met changed=2026-04-02 -> 0 of 1
    all: 2 of 4
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import by, counted
from ..models import PepTarget
from .targets_met import AREAS

UNMET = (PepTarget.Outcome.PARTLY, PepTarget.Outcome.NOT_MET)


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each target found unmet in the period: 1 if a change was written down since."""
    for plan, target in counted(cohort).targets_of(cohort):
        judged = target.judged_on
        if target.outcome not in UNMET or judged is None or judged not in cohort.period:
            continue
        changed = by(target.change_on, cohort.as_at) and not (
            target.change_on and target.reviewed_on and target.change_on < target.reviewed_on
        )
        yield Row(plan.child, int(changed), own={"area": target.area})


MEASURE = Measure(
    id="targets-changed",
    title="Unmet PEP targets after which something was changed",
    part="Targets for which a change or an action was written down since they were found unmet",
    whole="Targets of PEPs found partly met or not met in the term",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="Targets of PEPs",
    group="PEPs",
    answers=("M21",),
    beside=("targets-met",),
    of="targets",
    own={"area": "Area"},
    own_words={"area": AREAS},
    sections=(Section.PEP,),
    rows=rows,
)

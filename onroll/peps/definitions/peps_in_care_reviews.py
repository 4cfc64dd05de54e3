"""PEPs available to and used in the care plan review.

Counted are the care reviews held in the period of children who were on the roll that day. The plan was there if it was
complete before the review and current on its day. Whether it was used is what somebody who was there says; where nobody
did, it counts as used if it had been sent to the reviewing officer by then.

Worked example, from 2026-01-05 to 2026-03-31:

    term 2025-09-02..2025-12-20
    term 2026-01-05..2026-03-28
    term 2026-04-13..2026-07-22
    deadline 2025-11-21
    deadline 2026-03-06
    deadline 2026-06-12
    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26 met=2025-11-20 signed=2025-12-01 iro=2026-01-10; review 2026-01-20 -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep autumn 2025-26 met=2025-11-20 signed=2025-12-01; review 2026-01-20 -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; pep autumn 2025-26 met=2025-11-20 signed=2025-12-01 iro=2026-01-10; review 2026-03-20 -> 0 of 1
    Dee: born 2012-07-09; care 2024-08-01; pep autumn 2025-26 met=2025-11-20 signed=2026-01-20 iro=2026-01-20; review 2026-01-20 -> 0 of 1
    Eli: born 2012-03-09; care 2024-01-01..2026-01-20; review 2026-01-20; review 2026-04-02 -> left out
    Fay: born 2012-05-01; care 2023-01-10; pep autumn 2025-26 met=2025-11-20 signed=2025-12-01 iro=2026-01-10; review 2026-01-20 used=no -> 0 of 1
    Gus: born 2012-05-01; care 2023-01-10; pep autumn 2025-26 met=2025-11-20 signed=2025-12-01; review 2026-01-20 used=yes -> 1 of 1
    Hal: born 2012-05-01; care 2023-01-10; pep autumn 2025-26 met=2025-11-20 signed=2026-01-20; review 2026-01-20 used=yes -> 0 of 1
    all: 2 of 7
"""

from collections.abc import Iterator
from datetime import timedelta

from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import by, counted, on_the_roll


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each review held in the period: 1 if a current plan was there before it and was used."""
    held = counted(cohort)
    for child in cohort.children:
        for on in held.reviews.get(child, ()):
            if on in cohort.period and on_the_roll(cohort, child, on):
                before = on - timedelta(days=1)
                there = [p for p in held.plans.get(child, ()) if p.is_complete(before) and held.is_current(p, on)]
                sent = any(by(plan.sent_to_iro_on, on) for plan in there)
                yield Row(child, int(bool(there) and held.looked_at.get((child, on), sent)))


MEASURE = Measure(
    id="peps-in-care-reviews",
    title="PEPs available to and used in the care plan review",
    part="Reviews before which a current PEP was complete, and at which it was looked at",
    whole="Care reviews held in the term of children on the roll",
    unit=Unit.PERCENT,
    period=PeriodKind.TERM,
    better="higher",
    source="PEPs and care reviews",
    group="PEPs",
    answers=("M32",),
    beside=("peps-up-to-date",),
    of="reviews",
    sections=(Section.PEP, Section.OTHER_STATUS),
    rows=rows,
)

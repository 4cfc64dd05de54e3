"""Head teachers and designated teachers told of a looked-after child on their roll.

Counted are the main school places of the reference date of children on the roll. Both people have to have been told
since the child came there or into care, whichever was later; the day of the later of the two says whether that was
within the authority's time.

Worked example, on 2026-03-31:

    school Oak: in 999
    school Elm: in 999
    Ada: born 2012-05-01; care 2023-01-10; place Oak 2026-03-02; notice Oak 2026-03-03 head_teacher; notice Oak 2026-03-09 designated_teacher -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; place Oak 2023-09-01; notice Oak 2024-02-20 head_teacher; notice Oak 2024-02-02 designated_teacher -> 1 of 1
    Cal: born 2015-11-20; care 2025-12-01; place Oak 2023-09-01; notice Oak 2025-12-02 designated_teacher -> 0 of 1
    Dee: born 2010-07-09; care 2024-01-01; place Elm 2026-01-05; notice Oak 2026-01-06 head_teacher; notice Oak 2026-01-06 designated_teacher -> 0 of 1
    Eli: born 2010-07-09; care 2024-01-01; place none 2026-01-05 kind=awaiting -> left out
    all: 2 of 4
"""

from collections.abc import Iterator
from datetime import date

from onroll.access.sections import Section
from onroll.children.models import RollNotice
from onroll.codes.working_days import add_working_days

from ..cohorts import Cohort
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind

IN_TIME, LATE, NOT_TOLD = "in_time", "late", "not_told"
WORDS = {IN_TIME: "Within the authority’s time", LATE: "Late", NOT_TOLD: "Not both told"}


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each main place of a child on the roll: 1 if both people were told."""
    within = cohort.facts.settings.tell_schools_within
    for child in cohort.roll:
        place, in_care = cohort.main_place_of(child), cohort.in_care_since(child)
        if place is None or place.school is None or in_care is None:
            continue
        since = max(place.start, in_care)
        told = both_told(cohort, child, place.school, since)
        when = NOT_TOLD if told is None else IN_TIME if told <= add_working_days(since, within) else LATE
        yield Row(child, int(told is not None), own={"when": when})


def both_told(cohort: Cohort, child: int, school: int, since: date) -> date | None:
    """The first day by which both people of the school had been told since then. None: not both."""
    first: dict[str, date] = {}
    for notice in cohort.facts.roll_notices.get(child, ()):
        if notice.school == school and since <= notice.on <= cohort.as_at:
            first.setdefault(notice.to, notice.on)
    return max(first.values()) if len(first) == len(RollNotice.To) else None


MEASURE = Measure(
    id="schools-told-of-children",
    title="Head teachers and designated teachers informed of a looked-after child on roll",
    part="Places at which both were told since the child came there or into care",
    whole="Main school places on the reference date of children on the roll",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="School places, and the notices to schools",
    group="Home and school",
    answers=("M09",),
    of="school places",
    own={"when": "When they were told"},
    own_words={"when": WORDS},
    sections=(Section.SCHOOL,),
    tells_where=True,
    rows=rows,
)

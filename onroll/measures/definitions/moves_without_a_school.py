"""Moves to a new home after which the child had no school place.

A move is the start of a home that follows another in the same time in care. Counted if on the first school day after
it the child had no open place at a school, a second school or alternative provision.

Worked example, from 2026-03-01 to 2026-03-31:

    term 2026-01-05..2026-04-02
    school Oak: in 999
    Ada: born 2012-05-01; care 2023-01-10..2026-03-06; care 2026-03-06 reason=P; place Oak 2023-09-01..2026-03-07 -> 1
    Ben: born 2014-02-03; care 2023-01-10..2026-03-06; care 2026-03-06 reason=P; place Oak 2023-09-01 -> 0
    Cal: born 2015-11-20; care 2026-03-06 -> left out
    Dee: born 2010-07-09; care 2023-01-10..2026-02-06; care 2026-02-06 reason=P -> left out
    Eli: born 2023-07-09; care 2024-01-01..2026-03-09; care 2026-03-09 reason=P -> left out
    all: 1
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section
from onroll.codes.year_groups import Phase, phase_of

from ..cohorts import ENROLLED, Cohort
from ..facts import holding
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each move of a school-age child in the period: 1 if there was no place on the next school day."""
    for child, born in cohort.children.items():
        if not born.own:
            continue
        for home in cohort.moves_of(child):
            if home.start not in cohort.period:
                continue
            next_day = cohort.next_school_day(home.start)
            of_school_age = phase_of(born.birth_date, on=home.start) is Phase.SCHOOL_AGE
            if not of_school_age or next_day is None:
                continue
            open_then = holding(cohort.facts.places.get(child, ()), next_day)
            yield Row(child, int(not any(place.kind in ENROLLED for place in open_then)))


MEASURE = Measure(
    id="moves-without-a-school",
    title="Children moved to a new home without a school place",
    part="Moves of school-age children to a new home after which the child had no school place on the next school day",
    whole="",
    unit=Unit.COUNT,
    period=PeriodKind.MONTH,
    of="moves",
    better="lower",
    source="Care episodes, school places and term dates",
    group="Home and school",
    answers=("W36",),
    beside=("share-of-moves-without-a-school",),
    sections=(Section.PLACEMENT, Section.SCHOOL),
    rows=rows,
)
SHARE = replace(
    MEASURE,
    id="share-of-moves-without-a-school",
    title="Share of moves to a new home without a school place",
    whole="Moves of school-age children to a new home in the period",
    unit=Unit.PERCENT,
    answers=(),
    beside=("moves-without-a-school",),
)
MEASURES = (MEASURE, SHARE)

"""Children living out of the authority.

Where the care placement of the reference date lies. A home of which it is not known stays in the whole.

Worked example, on 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10 area=out -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01 area=in -> 0 of 1
    Cal: born 2015-11-20; care 2025-12-01 area=not_known -> 0 of 1
    Dee: born 2010-07-09; care 2024-01-01..2026-01-15 area=out; care 2026-01-15 area=in reason=P -> 0 of 1
    Eli: born 2011-07-09; care 2024-01-01..2026-02-01 area=out -> left out
    all: 1 of 4
"""

from collections.abc import Iterator

from onroll.access.sections import Section

from ..cohorts import Cohort
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child on the roll: 1 if their home lies outside the authority."""
    for child in cohort.roll:
        episode = cohort.episode_of(child, cohort.as_at)
        yield Row(child, int(episode is not None and episode.area == "out"))


MEASURE = Measure(
    id="living-out-of-authority",
    title="Children living out of the authority",
    part="Children whose care placement lies outside the authority",
    whole="Children on the roll on the reference date",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    source="Care episodes and the authority each home lies in",
    group="Home and school",
    beside=("learning-out-of-authority",),
    sections=(Section.PLACEMENT,),
    tells_where=True,
    rows=rows,
)

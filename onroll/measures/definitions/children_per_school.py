"""Looked-after children at each school.

Children on the roll by their main school, the school with most of them first, each with its share of the roll. Schools
with as many as the authority sets for a project are marked.

Worked example, on 2026-03-31:

    school Oak: primary; in 999
    school Elm: secondary; in 111
    Ada: born 2015-05-01; care 2023-01-10; place Oak 2023-09-01 -> 1
    Ben: born 2016-02-03; care 2024-02-01; place Oak 2023-09-01 -> 1
    Cal: born 2012-11-20; care 2025-12-01; place Elm 2023-09-01 -> 1
    Dee: born 2010-07-09; care 2024-01-01; place none 2026-01-05 kind=awaiting -> left out
    Eli: born 2010-03-09; care 2024-01-01; place Elm 2023-09-01..2026-03-31 -> left out
    all: 3
"""

from collections.abc import Iterator

from onroll.access.sections import Section

from ..cohorts import Cohort
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child with a main school."""
    for child in cohort.roll:
        school = cohort.school_of(child)
        if school is not None:
            yield Row(child, 1, own={"kind": school.phase})


def for_a_project(cohort: Cohort) -> int:
    """From how many children on a school is marked: a setting of the authority."""
    return cohort.facts.settings.children_for_a_project


MEASURE = Measure(
    id="children-per-school",
    title="Looked-after children at each school",
    part="Children on the roll at a school on the reference date",
    whole="",
    unit=Unit.LIST,
    period=PeriodKind.TERM,
    source="School places",
    group="Schools",
    answers=("M70",),
    own={"kind": "Kind of school"},
    listed_by="school",
    marked_from=for_a_project,
    mark_words="Enough for a project",
    sections=(Section.SCHOOL,),
    tells_where=True,
    rows=rows,
)

"""Children in early years settings with a PEP in place.

In place is a plan that is complete and current, as for every child. Counted are the children below reception who have a
place at a setting, whatever the authority's age for plans: the plan's own words name no age.

Worked example, on 2026-03-31:

    term 2025-09-02..2025-12-20
    term 2026-01-05..2026-03-28
    term 2026-04-13..2026-07-22
    deadline 2025-11-21
    deadline 2026-03-06
    deadline 2026-06-12
    school Oak: early_years; in 999
    Ada: born 2022-05-01; care 2023-01-10; place Oak 2025-09-01; pep autumn 2025-26 met=2025-11-10 signed=2025-11-20 -> 0 of 1
    Ben: born 2022-02-03; care 2024-02-01; place Oak 2025-09-01; pep spring 2025-26 met=2026-03-02 signed=2026-03-09 -> 1 of 1
    Cal: born 2022-11-20; care 2025-03-16 -> left out
    Dee: born 2021-07-09; care 2024-08-01; place Oak 2025-09-01; pep spring 2025-26 met=2026-03-02 signed=2026-03-09 -> left out
    Eli: born 2023-03-09; care 2024-01-01; place none 2025-09-01 kind=awaiting -> left out
    all: 1 of 2
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.codes.year_groups import Phase
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind
from onroll.schools.models import School

from ..counted import counted


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child below reception with a place: 1 if a complete plan is current."""
    held = counted(cohort)
    for child, year in cohort.roll.items():
        place = cohort.enrolment_of(child)
        if year.phase is Phase.EARLY_YEARS and place is not None and place.school is not None:
            own = {"setting": cohort.facts.schools[place.school].phase}
            yield Row(child, int(held.has_current(child, cohort.as_at)), own=own)


MEASURE = Measure(
    id="peps-of-the-youngest",
    title="Children in early years settings with a PEP in place",
    part="Children with a PEP whose meeting was held, which is signed off, and is not past the next term’s deadline",
    whole="Children on the roll below reception age who have a place at a setting",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="PEPs and school places",
    group="PEPs",
    answers=("W22",),
    beside=("peps-up-to-date",),
    own={"setting": "Kind of setting"},
    own_words={"setting": {str(code): str(words) for code, words in School.Phase.choices}},
    sections=(Section.PEP, Section.SCHOOL),
    tells_where=True,
    rows=rows,
)

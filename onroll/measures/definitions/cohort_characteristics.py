"""Children with every cohort characteristic recorded.

The list: where they learn is in or out of the authority (of a child without a school place: where they live), date of
birth, sex, SEN status, and the protected characteristics that are kept: ethnicity, disability, religion. “Not
disclosed” is an answer and counts as recorded.

Worked example, on 2026-03-31:

    school Oak: in 999
    Ada: born 2012-05-01; care 2023-01-10; place Oak 2023-09-01; sex F; ethnicity WBRI; religion None; disability no; sen K 2024-01-01 -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01 area=out; sex M; ethnicity WBRI; religion None; disability no; sen N 2024-01-01 -> 1 of 1
    Cal: born 2015-11-20; care 2025-12-01 area=not_known; sex M; ethnicity WBRI; religion None; disability no; sen N 2024-01-01 -> 0 of 1
    Dee: born 2010-07-09; care 2024-01-01; place Oak 2023-09-01; sex F; ethnicity WBRI; disability no; sen K 2024-01-01 -> 0 of 1
    Eli: born 2010-07-09; care 2024-01-01; place Oak 2023-09-01; sex F; ethnicity REFU; religion Not disclosed; disability yes; sen K 2024-01-01..2025-01-01 -> 0 of 1
    all: 2 of 5
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.sections import Section
from onroll.children.queries import school_area

from ..cohorts import Cohort
from ..facts import holding
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind

LISTED = {
    "area": "In or out of the authority",
    "born": "Date of birth",
    "sex": "Sex",
    "sen": "SEN status",
    "ethnicity": "Ethnicity",
    "disability": "Disability",
    "religion": "Religion",
}


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child on the roll: 1 if nothing on the list is missing."""
    return (Row(child, int(all(recorded(cohort, child).values()))) for child in cohort.roll)


def one_by_one(cohort: Cohort) -> Iterator[Row]:
    """A row for each child and characteristic: 1 if it is recorded."""
    for child in cohort.roll:
        for key, held in recorded(cohort, child).items():
            yield Row(child, int(held), own={"characteristic": key})


def recorded(cohort: Cohort, child: int) -> dict[str, bool]:
    """Of each characteristic on the list, whether the record says something about this child."""
    held = cohort.facts.characteristics.get(child)
    school, episode = cohort.school_of(child), cohort.episode_of(child, cohort.as_at)
    if school is not None:
        area = school_area(school.la_code, cohort.facts.authority_code)
    else:
        area = episode.area if episode is not None else "not_known"
    dated = holding(cohort.facts.disabilities.get(child, ()), cohort.as_at)
    return {
        "area": area != "not_known",
        "born": True,
        "sex": held is not None and held.sex != "",
        "sen": bool(holding(cohort.facts.sen.get(child, ()), cohort.as_at)),
        "ethnicity": held is not None and held.ethnicity != "",
        "disability": bool(dated) or (held is not None and held.disability is not None),
        "religion": held is not None and held.religion != "",
    }


MEASURE = Measure(
    id="cohort-characteristics",
    title="Children with every cohort characteristic recorded",
    part="Children with an answer, or “not disclosed”, for every characteristic on the list",
    whole="Children on the roll on the reference date",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="The child’s record",
    group="Records",
    answers=("W12",),
    beside=("each-cohort-characteristic",),
    sections=(Section.CHARACTERISTICS, Section.SEN),
    rows=rows,
)
EACH = replace(
    MEASURE,
    id="each-cohort-characteristic",
    title="Cohort characteristics recorded, one by one",
    part="Characteristics on the list with an answer, or “not disclosed”",
    whole="Children on the roll on the reference date, times the characteristics on the list",
    of="characteristics",
    answers=(),
    beside=("cohort-characteristics",),
    own={"characteristic": "Characteristic"},
    own_words={"characteristic": LISTED},
    rows=one_by_one,
)
MEASURES = (MEASURE, EACH)

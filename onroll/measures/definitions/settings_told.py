"""Settings given the child's mental health, SEN and disability information.

Counted are children with such a need who are enrolled: at their main school, else where they have a place. A need is a mental health need (the latest SDQ score is 17 or
more, the cause for concern of the national statistics), an SEN provision or an EHC plan, or a disability. The school
counts as told if each kind of need was told to it since the child came there and since that need began.

Worked example, on 2026-03-31:

    school Oak: in 999
    school Elm: in 999
    Ada: born 2012-05-01; care 2023-01-10; place Oak 2023-09-01; sen K 2024-01-01; told Oak 2024-02-01 sen -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; place Oak 2023-09-01; sen K 2024-01-01; sdq 20 2025-01-01; told Oak 2024-02-01 sen -> 0 of 1
    Cal: born 2015-11-20; care 2025-12-01; place Oak 2023-09-01; sen N 2024-01-01; sdq 16 2025-01-01 -> left out
    Dee: born 2010-07-09; care 2024-01-01; place Elm 2026-01-05; sen E 2024-01-01; told Oak 2024-02-01 sen -> 0 of 1
    Eli: born 2010-07-09; care 2024-01-01; place Oak 2023-09-01; disability yes; told Oak 2023-09-01 disability -> 1 of 1
    all: 2 of 4
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from onroll.access.sections import Section
from onroll.children.models import SettingTold
from onroll.children.telling import HIGH_SDQ, NO_SEN

from ..cohorts import Cohort
from ..facts import holding
from ..measure import Measure, Row, Unit
from ..periods import PeriodKind

About = SettingTold.About


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each child with a need and a school: 1 if the school was told of every kind of need."""
    for child in cohort.roll:
        answers = told(cohort, child)
        if answers:
            yield Row(child, int(all(answers.values())))


def by_kind(cohort: Cohort) -> Iterator[Row]:
    """A row for each child and kind of need: 1 if the school was told of it."""
    for child in cohort.roll:
        for kind, answer in told(cohort, child).items():
            yield Row(child, int(answer), own={"need": kind})


def told(cohort: Cohort, child: int) -> dict[str, bool]:
    """For each kind of need the child has, whether the main school was told. Empty without a need or a school."""
    place = cohort.enrolment_of(child)
    if place is None or place.school is None:
        return {}
    heard = [
        each for each in cohort.facts.told.get(child, ()) if each.school == place.school and each.on <= cohort.as_at
    ]
    return {
        kind: any(kind in each.about and each.on >= max(since, place.start) for each in heard)
        for kind, since in needs(cohort, child).items()
    }


def needs(cohort: Cohort, child: int) -> dict[str, date]:
    """The kinds of need the child has on the reference date, and since when: of several of a kind, the newest."""
    facts, day = cohort.facts, cohort.as_at
    found: list[tuple[str, date]] = []
    found += [(About.SEN, each.start) for each in holding(facts.sen.get(child, ()), day) if each.value != NO_SEN]
    found += [(About.SEN, each.start) for each in holding(facts.ehc_plans.get(child, ()), day)]
    found += [
        (About.DISABILITY, each.start) for each in holding(facts.disabilities.get(child, ()), day) if each.value != "no"
    ]
    held = facts.characteristics.get(child)
    if held is not None and held.disability:
        found.append((About.DISABILITY, date.min))
    scores = [each for each in holding(facts.sdq_scores.get(child, ()), day) if each.score is not None]
    if scores and (scores[-1].score or 0) >= HIGH_SDQ:
        found.append((About.HEALTH, scores[-1].start))
    newest: dict[str, date] = {}
    for kind, since in found:
        newest[kind] = max(since, newest.get(kind, date.min))
    return newest


MEASURE = Measure(
    id="settings-told",
    title="Settings given the child’s mental health, SEN and disability information",
    part="Children whose current setting was told since they came there and since the need last changed",
    whole="Children on the roll who are enrolled and have a recorded mental health need, SEN or disability",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="Needs, school places and what settings were told",
    group="Needs",
    answers=("M08",),
    beside=("settings-told-by-need",),
    sections=(Section.SEN, Section.HEALTH, Section.CHARACTERISTICS),
    tells_where=True,
    rows=rows,
)
BY_NEED = replace(
    MEASURE,
    id="settings-told-by-need",
    title="Settings given information, by kind of need",
    part="Needs of which the current setting was told",
    whole="Kinds of need of children on the roll who are enrolled",
    of="needs",
    answers=(),
    beside=("settings-told",),
    own={"need": "Kind of need"},
    own_words={"need": {str(code): str(words) for code, words in About.choices}},
    rows=by_kind,
)
MEASURES = (MEASURE, BY_NEED)

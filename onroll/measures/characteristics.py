"""What a cohort can be broken down by: each characteristic gives one code for each child on the reference date.

An empty code is “not recorded”. A characteristic belongs to a section of the record: a role that never reads that
section, and whose figures are not of the whole authority, has no breakdown by it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.roles import Role
from onroll.access.sections import Section, cell, may_read
from onroll.children.queries import school_area
from onroll.codes import ETHNICITY, LEGAL_STATUS, SEN_PROVISION, SEX
from onroll.codes.year_groups import LAST_YEAR, SchoolYear, year_group_of

from .cohorts import Cohort
from .facts import holding

NOT_RECORDED = ""
# Where a mark keeps from the reader where the child lives or learns, and where nobody knows it.
NOT_KNOWN = "not_known"
Words = Callable[[Cohort, Iterable[str]], dict[str, str]]


@dataclass(frozen=True)
class Characteristic:
    """A way to divide children into groups: its key, its title, and the group each child is in."""

    key: str
    title: str
    section: Section
    code: Callable[[Cohort, int], str]
    # The words of the codes that occur, in the order in which groups are shown.
    words: Words
    # Whether a group of it tells where its children live or learn, which a mark may keep from the reader.
    tells_where: bool = False

    def is_for(self, actor: Actor) -> bool:
        """Whether the actor's figures may be divided by this. Whoever has R in row u and sees no child may."""
        return may_read(actor, self.section) or (
            cell(actor, Section.FIGURES) == "R" and not can(actor, Can.SEE_CHILDREN)
        )


def _fixed(words: dict[str, str]) -> Words:
    def of(cohort: Cohort, codes: Iterable[str]) -> dict[str, str]:
        present = set(codes)
        known = {code: label for code, label in words.items() if code in present}
        unknown = {code: code for code in sorted(present - set(words) - {NOT_RECORDED})}
        return known | unknown | ({NOT_RECORDED: "Not recorded"} if NOT_RECORDED in present else {})

    return of


def _year(cohort: Cohort, child: int) -> SchoolYear:
    return year_group_of(cohort.facts.children[child].birth_date, on=cohort.as_at)


def _phase(cohort: Cohort, child: int) -> str:
    number = _year(cohort, child).number
    if number < 0:
        return "early_years"
    if number <= 6:
        return "primary"
    return "secondary" if number <= 11 else "post16"


def _year_group(cohort: Cohort, child: int) -> str:
    year = _year(cohort, child)
    return year.code or ("below" if year.number < 0 else "beyond")


_YEARS = {
    "below": "Below nursery age",
    **{SchoolYear(number).code: SchoolYear(number).label for number in range(-2, LAST_YEAR + 1)},
    "beyond": f"Beyond Year {LAST_YEAR}",
}


def _own(name: str) -> Callable[[Cohort, int], str]:
    def code(cohort: Cohort, child: int) -> str:
        held = cohort.facts.characteristics.get(child)
        return str(getattr(held, name)) if held is not None else NOT_RECORDED

    return code


def _sen(cohort: Cohort, child: int) -> str:
    held = holding(cohort.facts.sen.get(child, ()), cohort.as_at)
    return held[-1].value if held else NOT_RECORDED


def _home_area(cohort: Cohort, child: int) -> str:
    episode = cohort.episode_of(child, cohort.as_at)
    if child in cohort.marked:
        return NOT_KNOWN
    return episode.area if episode is not None else NOT_RECORDED


def _school_area(cohort: Cohort, child: int) -> str:
    school = cohort.school_of(child)
    if child in cohort.marked:
        return NOT_KNOWN
    return school_area(school.la_code, cohort.facts.authority_code) if school is not None else "none"


def _legal_status(cohort: Cohort, child: int) -> str:
    episode = cohort.episode_of(child, cohort.as_at)
    return episode.legal_status if episode is not None else NOT_RECORDED


# The bands of care length of domain 05, 5.9: the first day of the period of care, seen from the reference date.
_BANDS = {
    "under_6m": "Under 6 months",
    "6m_to_1y": "6 months to a year",
    "1y_to_2y": "1 to 2 years",
    "2y_to_5y": "2 to 5 years",
    "5y": "5 years or more",
}


def _time_in_care(cohort: Cohort, child: int) -> str:
    start = cohort.in_care_since(child)
    if start is None:
        return NOT_RECORDED
    for months, band in ((6, "under_6m"), (12, "6m_to_1y"), (24, "1y_to_2y"), (60, "2y_to_5y")):
        if start > _months_before(cohort.as_at, months):
            return band
    return "5y"


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _homes_in_a_year(cohort: Cohort, child: int) -> str:
    count = cohort.homes_in_a_year(child)
    return str(count) if count < 3 else "3+"


def _school(cohort: Cohort, child: int) -> str:
    school = cohort.school_of(child)
    if child in cohort.marked:
        return NOT_KNOWN
    return school.setting_id if school is not None else "none"


def _school_words(cohort: Cohort, codes: Iterable[str]) -> dict[str, str]:
    names = {each.setting_id: each.name for each in cohort.facts.schools.values()}
    return _named({**names, NOT_KNOWN: "Not known", NOT_RECORDED: "Not recorded"}, codes, "none", "No school place")


def _named(names: dict[str, str], codes: Iterable[str], none: str, no_words: str) -> dict[str, str]:
    """The codes that occur in the order of their names, and at the end what stands for none."""
    present = set(codes)
    named = {code: names[code] for code in sorted(present - {none}, key=lambda code: (names[code], code))}
    return named | ({none: no_words} if none in present else {})


def _team(cohort: Cohort, child: int) -> str:
    worker = cohort.facts.worker_of(child, Role.SOCIAL_WORKER, cohort.as_at)
    team = cohort.facts.team_of(worker, Role.SOCIAL_WORKER, cohort.as_at) if worker is not None else None
    return cohort.facts.teams[team][0] if team is not None else NOT_RECORDED


def _team_words(cohort: Cohort, codes: Iterable[str]) -> dict[str, str]:
    return _named(dict(cohort.facts.teams.values()), codes, NOT_RECORDED, "No team")


def _officer(cohort: Cohort, child: int) -> str:
    officer = cohort.facts.worker_of(child, Role.VS_OFFICER, cohort.as_at)
    return cohort.facts.officers[officer][0] if officer is not None else NOT_RECORDED


def _officer_words(cohort: Cohort, codes: Iterable[str]) -> dict[str, str]:
    return _named(dict(cohort.facts.officers.values()), codes, NOT_RECORDED, "No officer")


_IN_OUT = {"in": "In the authority", "out": "Out of the authority", "not_known": "Not known"}

CHARACTERISTICS = {
    each.key: each
    for each in (
        Characteristic(
            "phase",
            "Phase",
            Section.BASICS,
            _phase,
            _fixed(
                {
                    "early_years": "Early years",
                    "primary": "Reception to Year 6",
                    "secondary": "Years 7 to 11",
                    "post16": "Years 12 and 13",
                }
            ),
        ),
        Characteristic("year_group", "Year group", Section.BASICS, _year_group, _fixed(_YEARS)),
        Characteristic(
            "sex", "Sex", Section.CHARACTERISTICS, _own("sex"), _fixed({code.code: code.label for code in SEX})
        ),
        Characteristic(
            "ethnicity",
            "Ethnicity",
            Section.CHARACTERISTICS,
            _own("ethnicity"),
            _fixed({code.code: code.label for code in ETHNICITY}),
        ),
        Characteristic("sen", "SEN", Section.SEN, _sen, _fixed({code.code: code.label for code in SEN_PROVISION})),
        Characteristic(
            "home_area", "Where they live", Section.PLACEMENT, _home_area, _fixed(_IN_OUT), tells_where=True
        ),
        Characteristic(
            "school_area",
            "Where they learn",
            Section.SCHOOL,
            _school_area,
            _fixed({**_IN_OUT, "none": "No school place"}),
            tells_where=True,
        ),
        Characteristic(
            "legal_status",
            "Legal status",
            Section.CARE,
            _legal_status,
            _fixed({code.code: code.label for code in LEGAL_STATUS}),
        ),
        Characteristic("time_in_care", "Time in care", Section.CARE, _time_in_care, _fixed(_BANDS)),
        Characteristic(
            "homes",
            "Homes in 12 months",
            Section.PLACEMENT,
            _homes_in_a_year,
            _fixed({"0": "None recorded", "1": "One", "2": "Two", "3+": "Three or more"}),
        ),
        Characteristic("school", "School", Section.SCHOOL, _school, _school_words, tells_where=True),
        Characteristic("team", "Social work team", Section.PROFESSIONALS, _team, _team_words),
        Characteristic("officer", "Virtual school officer", Section.PROFESSIONALS, _officer, _officer_words),
    )
}


def for_actor(actor: Actor) -> list[Characteristic]:
    """What the actor's figures may be divided by, in the order in which it is offered."""
    return [each for each in CHARACTERISTICS.values() if each.is_for(actor)]

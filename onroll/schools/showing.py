"""A school as pages show it: its facts in words, its inspections, and what came before and after it."""

from dataclasses import dataclass
from datetime import date

from onroll.access.actors import Actor
from onroll.codes import (
    ESTABLISHMENT_TYPE,
    EVALUATION_AREA,
    LOCAL_AUTHORITY,
    OVERALL_EFFECTIVENESS,
    REPORT_CARD_GRADE,
    SAFEGUARDING_JUDGEMENT,
)
from onroll.design.words import day

from .actions import SAFEGUARDING
from .forms import OUTSIDE_ENGLAND
from .kinds import kind_of
from .models import Inspection, School

STATUS_COLOURS = {
    School.Status.OPEN: "green",
    School.Status.OPEN_PROPOSED_TO_CLOSE: "yellow",
    School.Status.PROPOSED_TO_OPEN: "yellow",
    School.Status.CLOSED: "grey",
}


def authority_words(school: School, actor: Actor) -> str:
    """The name of the authority the school lies in, as far as it is known."""
    if not school.la_code:
        return "Not known"
    if school.la_code == actor.authority_code:
        return actor.authority_name
    if school.la_code == OUTSIDE_ENGLAND:
        return "Outside England"
    authority = LOCAL_AUTHORITY.get(school.la_code)
    return authority.name if authority else f"Authority {school.la_code}"


def type_words(school: School) -> str:
    """What kind of school it is, in today's words for its type where it has one."""
    kind = ESTABLISHMENT_TYPE.get(school.type_code)
    return kind.label if kind else school.type_words


def address_lines(school: School) -> list[str]:
    lines = [school.street, school.locality, school.town, school.county, school.postcode]
    return [line for line in dict.fromkeys(lines) if line]


def web_address(text: str) -> str:
    """The address as a link can use it. Empty for what is not an address of the web."""
    if text.startswith(("http://", "https://")):
        return text
    return f"https://{text}" if text and "." in text and ":" not in text and " " not in text else ""


@dataclass(frozen=True)
class Fact:
    """One line about a school. `lines` stand below each other; `href` makes the first of them a link."""

    name: str
    lines: list[str]
    href: str = ""


def facts_of(school: School, *, actor: Actor) -> list[Fact]:
    """What is known of a school, in the order in which people ask for it. What is not known is left out."""
    ages = f"{school.age_low} to {school.age_high}" if school.age_low is not None and school.age_high else ""
    place = authority_words(school, actor)
    if school.la_code and actor.authority_code:
        place += " (your authority)" if school.la_code == actor.authority_code else " (another authority)"
    kind = kind_of(school)
    unregistered = (
        ["Not registered with the Department for Education or Ofsted"] if kind and not kind.registered else []
    )
    facts = [
        Fact("Kind", [type_words(school), *unregistered]),
        Fact("Ages", [ages]),
        Fact("Admits", [school.gender]),
        Fact("Local authority", [place]),
        Fact("Address", address_lines(school)),
        Fact("Telephone", [school.phone]),
        Fact("Website", [school.website], web_address(school.website)),
        Fact("Trust", [school.trust_name]),
        Fact("Opened", [day(school.opened_on)]),
        Fact("Closed", [day(school.closed_on)]),
        Fact("URN", [school.urn]),
        Fact("LAESTAB", [school.laestab]),
        Fact("UKPRN", [school.ukprn]),
        Fact("Number here", ["" if school.urn else school.setting_id]),
    ]
    return [Fact(fact.name, lines, fact.href) for fact in facts if (lines := [line for line in fact.lines if line])]


@dataclass(frozen=True)
class ShownInspection:
    """An inspection in words: one grade, or one for each area. Neither is turned into the other."""

    on: date
    grade: str
    areas: list[tuple[str, str]]
    report: str


def shown_inspections(inspections: list[Inspection]) -> list[ShownInspection]:
    """The inspections of a school, newest first."""
    return [
        ShownInspection(
            on=inspection.inspected_on,
            grade=_overall(inspection.overall),
            areas=_areas(inspection),
            report=web_address(inspection.report),
        )
        for inspection in inspections
    ]


def _overall(overall: int | None) -> str:
    return OVERALL_EFFECTIVENESS[str(overall)].label if overall else ""


def _areas(inspection: Inspection) -> list[tuple[str, str]]:
    by_area = {each.area: each.grade for each in inspection.area_grades.all()}
    shown = []
    for area in EVALUATION_AREA:
        grades = SAFEGUARDING_JUDGEMENT if area.code == SAFEGUARDING else REPORT_CARD_GRADE
        grade = grades.get(by_area.get(area.code, ""))
        if grade:
            shown.append((area.label.partition(" (")[0], grade.label))
    return shown

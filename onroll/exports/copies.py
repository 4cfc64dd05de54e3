"""A copy of one child's record for a named reader: the sections of its recipient, fact by fact.

Each section has a function here that says what of it leaves. What has no function does not leave.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from onroll.access.roles import SCHOOL_STAFF, Role
from onroll.access.sections import Section
from onroll.children.models import Child, SchoolPlace, Status
from onroll.codes import SDQ_REASON, SEN_NEED, SEN_PROVISION, sdq_band_of
from onroll.codes.year_groups import year_group_of
from onroll.design import pdfs
from onroll.design.words import day
from onroll.profile.needs import NOT_KNOWN, characteristics
from onroll.profile.people import person_name
from onroll.profile.record import Record
from onroll.profile.school import number_rows
from onroll.profile.story import hours_words
from onroll.profile.words import home_words, legal_label

from .recipients import COPY, PARENT, Recipient

Rows = list[tuple[str, str]]


TITLE = "Copy of a record"
HEADINGS = ("What", "What is recorded")


@dataclass(frozen=True)
class Part:
    """One section of a copy: its title, and its facts as question and answer."""

    section: Section
    title: str
    rows: Rows


def on_paper(part: Part) -> pdfs.Part:
    """The section as a part of the PDF: what is recorded, beside what it answers."""
    return pdfs.Part(part.title, HEADINGS, part.rows, (38, 62), labelled=True)


def parts_of(record: Record, recipient: Recipient, sections: list[Section]) -> list[Part]:
    """What of these sections leaves for this recipient. Sections that the recipient may not have are not among it."""
    assert COPY in recipient.made
    allowed = recipient.sections_for(record.actor)
    found = []
    for section, (title, facts) in _SECTIONS.items():
        if section in allowed and section in sections and (rows := facts(record, recipient)):
            found.append(Part(section, title, rows))
    return found


def sections_of(record: Record, recipient: Recipient) -> list[Section]:
    """The sections that can be chosen for a copy for this recipient."""
    return [section for section in recipient.sections_for(record.actor) if section in _SECTIONS]


def title_of(section: Section) -> str:
    return _SECTIONS[section][0]


def _name(record: Record, recipient: Recipient) -> Rows:
    child: Child = record.child
    rows = [("Name", child.name)]
    if child.known_as:
        rows.append(("Known as", child.known_as))
    year = year_group_of(child.birth_date, on=record.day)
    return [*rows, ("Date of birth", day(child.birth_date)), ("Year", year.label)]


def _characteristics(record: Record, recipient: Recipient) -> Rows:
    return [(each.label, each.value) for each in characteristics(record) if each.known]


def _numbers(record: Record, recipient: Recipient) -> Rows:
    return [(row.key, str(row.value)) for row in number_rows(record)]


def _care(record: Record, recipient: Recipient) -> Rows:
    care = record.care
    if care.episode is None or care.since is None:
        return [("Looked after", "No")]
    rows = [("Looked after", f"Since {day(care.since)}"), ("Legal status", legal_label(care.episode.legal_status))]
    held = [review for review in record.facts("review") if review.number and record.may_read(Section.OTHER_STATUS)]
    return [*rows, *([("Last care review", day(held[-1].start))] if held else [])]


def _statuses(record: Record, recipient: Recipient) -> Rows:
    return [(Status.Kind(fact.words[0]).label, f"Since {day(fact.start)}") for fact in record.on_the_day("status")]


def _people(record: Record, recipient: Recipient) -> Rows:
    """Who works with the child. Carers are not told of, nor staff of a school that the recipient is not told of."""
    facts = [*record.on_the_day("allocation"), *record.facts("school_contact")]
    told = all_told(record, recipient)
    return [
        (Role(fact.words[0]).label, person_name(fact))
        for fact in facts
        if fact.words[0] != Role.CARER and (told or fact.words[0] not in SCHOOL_STAFF)
    ]


def all_told(record: Record, recipient: Recipient) -> bool:
    """Whether this recipient may be told of every school where the child is now."""
    now = [place for place in record.places if place.holds_on(record.day)]
    return not record.keeps_a_place and all(recipient.may_be_told(place.disclosure) for place in now)


def _school(record: Record, recipient: Recipient) -> Rows:
    rows = []
    for place in reversed(record.places):
        if place.start <= record.day and place.school is not None and recipient.may_be_told(place.disclosure):
            rows.append((place.school.name, _place(place)))
    return rows


def _place(place: SchoolPlace) -> str:
    last = f"to {day(place.end - timedelta(days=1))}" if place.end else "to now"
    hours = hours_words(place)
    return f"{place.get_kind_display()}, {day(place.start)} {last}" + (f", {hours}" if hours else "")


def _home(record: Record, recipient: Recipient) -> Rows:
    """The kind of home and since when. Where it is does not leave."""
    home = record.home
    if home is None or recipient.key == PARENT:
        return []
    kind = home_words(home.latest) or "Kind of home not recorded"
    return [("Lives with or in", kind), ("Since", f"{day(home.start)}")]


def _sen(record: Record, recipient: Recipient) -> Rows:
    rows = []
    for fact in record.on_the_day("sen")[-1:]:
        provision = SEN_PROVISION.get(fact.words[0])
        rows.append(("Provision", provision.label if provision else NOT_KNOWN))
    for fact in record.on_the_day("need"):
        need = SEN_NEED.get(fact.words[0])
        rows.append(("Need", need.label if need else NOT_KNOWN))
    for plan in record.on_the_day("ehc_plan"):
        rows.append(("EHC plan issued", day(plan.start)))
        if plan.on:
            rows.append(("Next annual review", day(plan.on)))
    return rows


def _health(record: Record, recipient: Recipient) -> Rows:
    rows = []
    for fact in reversed(record.facts("sdq")):
        if fact.number is None:
            reason = SDQ_REASON.get(fact.words[0])
            said = f"No score: {reason.label}" if reason else "No score"
        else:
            said = f"{fact.number}, {sdq_band_of(fact.number).label}"
        rows.append((f"SDQ on {day(fact.start)}", said))
    return rows


_SECTIONS: dict[Section, tuple[str, Callable[[Record, Recipient], Rows]]] = {
    Section.BASICS: ("Who this is about", _name),
    Section.NUMBERS: ("Numbers", _numbers),
    Section.CARE: ("Care", _care),
    Section.OTHER_STATUS: ("Other statuses", _statuses),
    Section.PLACEMENT: ("Home", _home),
    Section.PROFESSIONALS: ("Who works with the child", _people),
    Section.SCHOOL: ("School", _school),
    Section.SEN: ("Special educational needs", _sen),
    Section.CHARACTERISTICS: ("Characteristics", _characteristics),
    Section.HEALTH: ("Strengths and difficulties (SDQ)", _health),
}

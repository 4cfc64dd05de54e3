"""The page about a child's school: the place on the day, what else there is, and every place before."""

from datetime import timedelta

from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.sections import Section
from onroll.children.models import SchoolPlace
from onroll.children.queries import a_year_before, school_area, school_moves_in
from onroll.children.roll_notices import told_words
from onroll.codes import UPN_UNKNOWN
from onroll.codes.year_groups import year_group_of
from onroll.design.tables import Table
from onroll.design.values import SpellRow, SummaryRow, spell_table
from onroll.design.words import day, lower_first

from .record import Record
from .story import Story, hours_words
from .words import source_words

_KINDS = {
    SchoolPlace.Kind.MAIN: "Main school",
    SchoolPlace.Kind.SUBSIDIARY: "Second school",
    SchoolPlace.Kind.AP: "Alternative provision",
    SchoolPlace.Kind.AWAITING: "Waiting for a place",
}


def school_url(record: Record, place: SchoolPlace) -> str:
    """The page of the school, for those who look up schools."""
    if place.school is None or not can(record.actor, Can.SEE_SCHOOLS):
        return ""
    return reverse("schools:school", args=[place.school.public_id])


def place_rows(record: Record, place: SchoolPlace) -> list[SummaryRow]:
    """What is known of one place, in questions and answers."""
    rows = [SummaryRow("Since", day(place.start))]
    if place.end is not None:
        rows.append(SummaryRow("Last day", day(place.end - timedelta(days=1))))
    year = year_group_of(record.child.birth_date, on=record.day)
    rows.append(SummaryRow("Year", year.label))
    if hours := hours_words(place):
        rows.append(SummaryRow("Hours", hours[:1].upper() + hours[1:]))
    if place.school is not None:
        if place.kind == SchoolPlace.Kind.MAIN:
            rows.append(SummaryRow("Where", _area_words(record, place)))
            if not record.at_a_school:
                rows.append(SummaryRow("School changes in the last 12 months", str(_changes(record))))
        if place.school.phone:
            rows.append(SummaryRow("Telephone", place.school.phone))
    if place.why_this_school:
        rows.append(SummaryRow("Why this school", place.why_this_school))
    if place.kind == SchoolPlace.Kind.MAIN and place.school is not None and not record.is_past:
        for who, on, how in told_words(place, record.actor):
            rows.append(SummaryRow(f"{who} told", f"{day(on)}, {lower_first(how)}" if on else "Not yet"))
    known = source_words(place.source)
    rows.append(
        SummaryRow("Known from", f"{known}, confirmed on {day(place.confirmed_on)}" if place.confirmed_on else known)
    )
    return rows


def _changes(record: Record) -> int:
    """How often the main school changed in the year that ends on the day."""
    return school_moves_in(record.places, a_year_before(record.day), record.day + timedelta(days=1))


def place_acts(record: Record, place: SchoolPlace) -> list[tuple[str, str]]:
    """What the reader may do with this place: the words and the address."""
    if not record.may_change(Section.SCHOOL):
        return []
    acts = [("End this place", "children:place_end")]
    if place.school is not None:
        acts.append(("Change the hours", "children:place_hours"))
        if place.confirmed_on is None:
            acts.append(("Confirm this place", "children:place_confirm"))
    return [(words, record.act_url(route, place.public_id)) for words, route in acts]


def _area_words(record: Record, place: SchoolPlace) -> str:
    assert place.school is not None
    area = school_area(place.school.la_code, record.actor.authority_code)
    town = f"{place.school.town}, " if place.school.town else ""
    words = {"in": "in the authority", "out": "outside the authority"}.get(area, "authority not known")
    return (town + words)[:1].upper() + (town + words)[1:]


def places_now(record: Record) -> list[SchoolPlace]:
    """The places that hold on the day, the main one first."""
    order = [str(kind) for kind in _KINDS]
    return sorted((p for p in record.places if p.holds_on(record.day)), key=lambda p: order.index(p.kind))


def places_to_come(record: Record) -> list[SchoolPlace]:
    """The places that are planned."""
    return [place for place in record.places if place.start > record.day]


def places_before(record: Record) -> Table | None:
    """The places that are over and the gaps between them, newest first."""
    over = [place for place in record.places if place.end is not None and place.end <= record.day]
    rows = [
        SpellRow(
            what=place.school.name if place.school else "No school",
            start=place.start,
            last=place.end - timedelta(days=1) if place.end else None,
            href=school_url(record, place),
            more=[_KINDS[SchoolPlace.Kind(place.kind)], hours_words(place), _how_it_ended(place)],
        )
        for place in over
    ]
    rows += [
        SpellRow(
            what=gap.words[:1].upper() + gap.words[1:],
            start=gap.start,
            last=gap.end - timedelta(days=1),
            gap=True,
        )
        for gap in Story(record).gaps
        if gap.end is not None
    ]
    if not rows:
        return None
    rows.sort(key=lambda row: row.start or record.child.birth_date, reverse=True)
    return spell_table("Earlier places", rows, today=record.day, what="School", more=["As", "Hours", "How it ended"])


def _how_it_ended(place: SchoolPlace) -> str:
    if place.leaving_reason:
        return place.get_leaving_reason_display()
    return ""


def number_rows(record: Record) -> list[SummaryRow]:
    """The numbers a school works with, for those who may know them."""
    numbers = record.facts("school_numbers")
    if not numbers:
        return []
    upn, uln, unknown = numbers[0].words[:3]
    if upn:
        said = upn
    else:
        why = UPN_UNKNOWN.get(unknown)
        said = f"None: {lower_first(why.label)}" if why else "Not known"
    rows = [SummaryRow("UPN", said), SummaryRow("ULN", uln or "Not known")]
    former = [numbers.words[1] for numbers in record.facts("numbers") if numbers.words[1]]
    return [*rows, *(SummaryRow("Former UPN", each) for each in former)]

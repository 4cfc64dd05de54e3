"""The page about care and home: why the child is looked after, where they live, and every home before."""

from datetime import date, timedelta
from typing import Any

from django.utils.html import format_html

from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.models import CareEpisode, Disclosure, Status
from onroll.children.queries import (
    Home,
    a_year_before,
    continuously_looked_after,
    homes_in,
    periods_of_care,
    placement_type_of,
)
from onroll.codes import (
    CATEGORY_OF_NEED,
    LEGAL_STATUS,
    LOCAL_AUTHORITY,
    MISSING_TYPE,
    PLACEMENT_PROVIDER,
    PLACEMENT_TYPE,
    PREVIOUS_PERMANENCE,
    REASON_CEASED,
    REASON_PLACEMENT_CHANGE,
    CodeSet,
)
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import SpellRow, SummaryRow, spell_table
from onroll.design.words import day, day_short, length_of_time

from .header import looked_after
from .people import next_review, person_name, social_worker
from .record import DatedFact, Record
from .words import PARTICIPATION, home_words, legal_label, living_words, ordinal, source_words


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def care_rows(record: Record) -> list[SummaryRow]:
    """Whether the child is looked after, since when, and on what ground."""
    fact = looked_after(record)
    if fact is None:
        return []
    care = record.care
    if not record.may_read(Section.CARE):
        return [SummaryRow("Looked after", fact.fact)]
    if care.episode is None or care.since is None:
        return [SummaryRow("Looked after", f"{fact.fact}. {capital(fact.more)}." if fact.more else fact.fact)]
    rows = [
        SummaryRow("Looked after", f"Since {day(care.since)}, for {length_of_time(care.since, record.day) or 'a day'}")
    ]
    rows.append(SummaryRow("Legal status", _label(LEGAL_STATUS, care.episode.legal_status)))
    need = _label(CATEGORY_OF_NEED, care.episode.category_of_need)
    if need:
        rows.append(SummaryRow("Category of need", need))
    throughout = continuously_looked_after(record.episodes, record.day)
    rows.append(SummaryRow("For the last 12 months", "Looked after throughout" if throughout else "Not throughout"))
    if care.first_ever and care.first_ever != care.since:
        rows.append(SummaryRow("First came into care", day(care.first_ever)))
    rows.append(SummaryRow("Known from", source_words(care.episode.source)))
    return rows


def home_rows(record: Record) -> list[SummaryRow]:
    """The home on the day: for a school no more than its kind, for others what their cells hold."""
    home = record.home
    if home is None:
        return []
    rows = [SummaryRow("Lives", capital(living_words(home.latest)) or "Kind of home not recorded")]
    if not record.may_read(Section.PLACEMENT):
        return rows
    since = f"{day(home.start)}, for {length_of_time(home.start, record.day) or 'a day'}"
    rows.append(SummaryRow("Since", since))
    if record.actor.role != Role.CARER:
        rows.append(SummaryRow("Homes in this time in care", f"This is the {ordinal(record.care.homes)}"))
        in_a_year = len(homes_in(record.episodes, a_year_before(record.day), record.day + timedelta(days=1)))
        rows.append(SummaryRow("Homes in the last 12 months", str(in_a_year)))
    placement = getattr(home.latest, "placement", None)
    if placement is not None:
        rows.append(SummaryRow("Kind of placement", _label(PLACEMENT_TYPE, placement.placement_type) or "Not recorded"))
        if provider := _label(PLACEMENT_PROVIDER, placement.provider):
            rows.append(SummaryRow("Provided by", provider.partition(" (")[0]))
    if area := record.area_of(home):
        rows.append(SummaryRow("Where", f"{'In' if area == 'in' else 'Outside'} {record.actor.authority_name}"))
    return rows


def address_rows(record: Record) -> list[SummaryRow]:
    """The address and who must not know it, for those who may."""
    home = record.home
    if home is None or not record.may_read(Section.ADDRESS):
        return []
    mark = Disclosure(record.mark_of(home))
    who = SummaryRow("Who must not know", mark.label if mark != Disclosure.ORDINARY else "No one in particular")
    if not record.knows_address_of(home):
        return [who]
    found = record.addresses.get(home.latest.pk)
    address = ", ".join(str(part) for part in (found.address, found.postcode) if part) if found else ""
    rows = [SummaryRow("Address", address or "Not recorded"), who]
    facts = getattr(home.latest, "area_facts", None) if found is None else getattr(found.episode, "area_facts", None)
    if facts is not None:
        # The authority's own name stands under "Where" already.
        if facts.la_code and facts.la_code != record.actor.authority_code:
            authority = LOCAL_AUTHORITY.get(facts.la_code)
            stated = "as a source says" if facts.la_stated else "by its postcode"
            named = authority.label if authority else f"Authority {facts.la_code}"
            rows.append(SummaryRow("Authority it lies in", f"{named}, {stated}"))
        if facts.distance_miles is not None:
            rows.append(SummaryRow("From the family home", f"{facts.distance_miles} miles"))
    return rows


def earlier_addresses(record: Record) -> list[SummaryRow]:
    """Where the child lived before, for those who may know those addresses."""
    now = record.home.latest.pk if record.home else None
    rows = []
    for home in reversed(record.homes):
        found = record.addresses.get(home.latest.pk) if home.latest.pk != now else None
        if found is not None and (found.address or found.postcode):
            text = ", ".join(str(part) for part in (found.address, found.postcode) if part)
            rows.append(SummaryRow(f"{day_short(home.start)} to {day_short(_last(home.end)) or 'now'}", text))
    return rows


def carer_rows(record: Record) -> list[SummaryRow]:
    """Who the carers are, for those who may know."""
    carers = [fact for fact in record.on_the_day("allocation") if fact.words[0] == Role.CARER]
    return [SummaryRow(person_name(fact), fact.words[3] or "No telephone recorded") for fact in carers]


def school_rows(record: Record) -> list[SummaryRow]:
    """What a school has in place of the address: whom to ring."""
    worker = social_worker(record) if record.at_a_school else None
    if worker is None:
        return []
    ring = f"{person_name(worker)}, social worker"
    return [SummaryRow("In an emergency", f"Ring {ring}" + (f", {worker.words[3]}" if worker.words[3] else ""))]


def homes_table(record: Record) -> Table | None:
    """Every home, newest first, with why it changed."""
    homes = list(reversed(record.homes))
    if not homes:
        return None
    knows_area = any(record.area_of(home) for home in homes)
    columns = [*(["Where"] if knows_area else []), *(["Why it ended"] if record.may_read(Section.CARE) else [])]
    rows = [
        SpellRow(
            what=capital(home_words(home.latest)) or "Not recorded",
            start=home.start,
            last=_last(home.end),
            more=[
                *([_area(record, home)] if knows_area else []),
                *([_why_ended(home.latest)] if record.may_read(Section.CARE) else []),
            ],
        )
        for home in homes
    ]
    return spell_table("Homes", rows, today=record.day, what="Home", more=columns)


def short_stays_table(record: Record) -> Table | None:
    """Days elsewhere that are no move: hospital, holiday."""
    if not record.may_read(Section.PLACEMENT) or record.actor.role == Role.CARER:
        return None
    rows = [
        SpellRow(what=kind.label, start=episode.start, last=_last(episode.end))
        for episode in reversed(record.care.episodes)
        if (kind := PLACEMENT_TYPE.get(placement_type_of(episode))) is not None and kind.is_temporary
    ]
    return spell_table("Short stays elsewhere", rows, today=record.day, what="Where") if rows else None


def legal_table(record: Record) -> Table | None:
    """Every legal status, newest first."""
    if not record.may_read(Section.CARE) or not record.care.episodes:
        return None
    rows: list[SpellRow] = []
    for period in periods_of_care(record.care.episodes):
        for episode in period.episodes:
            label = legal_label(episode.legal_status)
            if (
                rows
                and rows[-1].what == label
                and rows[-1].last is not None
                and rows[-1].last >= _before(episode.start)
            ):
                rows[-1] = SpellRow(label, rows[-1].start, _last(episode.end), more=[_why_care_ended(episode)])
            else:
                rows.append(SpellRow(label, episode.start, _last(episode.end), more=[_why_care_ended(episode)]))
    ended = any(row.more[0] for row in rows)
    return spell_table(
        "Legal status", rows[::-1], today=record.day, what="Legal status", more=["How care ended"] if ended else []
    )


def review_rows(record: Record) -> list[SummaryRow]:
    """The next care review and the last one held."""
    held = [review for review in record.facts("review") if review.number]
    planned = next_review(record)
    if not held and planned is None:
        return []
    rows = [SummaryRow("Next", day(planned.start) if planned else "None planned")]
    if held:
        how = PARTICIPATION.get(held[-1].words[0], "")
        said = (
            f"{day(held[-1].start)}. {record.child.first_name} {how}."
            if how and held[-1].words[0] != "PN0"
            else day(held[-1].start)
        )
        rows.append(SummaryRow("Last held", said))
    return rows


def review_table(record: Record) -> Table | None:
    """Care reviews, planned and held, newest first."""
    reviews = record.facts("review")
    if not reviews:
        return None
    rows = [
        [
            day_short(review.start),
            "Held"
            if review.number
            else "Planned"
            if (review.start or date.min) >= record.day
            else "Planned, not recorded as held",
            capital(PARTICIPATION.get(review.words[0], "")),
        ]
        for review in reversed(reviews)
    ]
    columns = [Column("Day"), Column("Review"), Column(record.child.first_name)]
    return Table("Care reviews", columns, rows, caption_hidden=False)


def missing_table(record: Record) -> Table | None:
    """Times missing or away, newest first."""
    rows = [
        SpellRow(what=_label(MISSING_TYPE, fact.words[0]) or "Missing", start=fact.start, last=_last(fact.end))
        for fact in reversed(record.facts("missing"))
    ]
    return spell_table("Missing or away", rows, today=record.day, what="What") if rows else None


def permanence_rows(record: Record) -> list[SummaryRow]:
    """An earlier permanence that ended before this time in care."""
    rows = []
    for fact in record.facts("permanence"):
        kind = _label(PREVIOUS_PERMANENCE, fact.words[0]) or "Kind not known"
        authority = LOCAL_AUTHORITY.get(fact.words[1])
        where = f", {authority.label}" if authority else ""
        rows.append(SummaryRow(kind, f"{_day_as_sent(fact.words[2])}{where}"))
    return rows


def status_table(record: Record) -> Table | None:
    """Other statuses that the duty covers, newest first."""
    facts = list(reversed(record.facts("status")))
    if not facts:
        return None
    ends = record.may_change(Section.OTHER_STATUS)
    rows = [
        SpellRow(
            what=Status.Kind(fact.words[0]).label,
            start=fact.start,
            last=_last(fact.end),
            more=[fact.words[3], *([_end_link(record, fact)] if ends else [])],
        )
        for fact in facts
    ]
    more = ["Lawful basis", *(["End"] if ends else [])]
    return spell_table("Other statuses", rows, today=record.day, what="Status", more=more)


def _end_link(record: Record, fact: DatedFact) -> Cell | str:
    if fact.end is not None:
        return ""
    name = Status.Kind(fact.words[0]).label
    words = format_html('End<span class="govuk-visually-hidden">: {}</span>', name)
    return Cell(words, href=record.act_url("children:status_end", fact.public_id))


def _label(codes: CodeSet[Any], code: str) -> str:
    held = codes.get(code)
    return held.label if held else ""


def _area(record: Record, home: Home) -> str:
    area = record.area_of(home)
    return f"{'In' if area == 'in' else 'Outside'} {record.actor.authority_name}" if area else "Not known"


def _why_ended(episode: CareEpisode) -> str:
    if episode.provisional_end:
        return "Provisional: the return no longer holds it"
    return _label(REASON_PLACEMENT_CHANGE, episode.reason_place_change) or _why_care_ended(episode)


def _why_care_ended(episode: CareEpisode) -> str:
    reason = REASON_CEASED.get(episode.reason_ceased)
    if episode.end is None or reason is None:
        return ""
    return reason.label if reason.leaves_care else ""


def _day_as_sent(text: str) -> str:
    """A day of which parts may not be known, as the return writes it: zz/03/2017."""
    parts = text.split("/")
    known = [part for part in parts if part.isdecimal()]
    if len(parts) == 3 and len(known) == 1:
        return f"in {known[0]}"
    if len(parts) == 3 and len(known) == 2 and not parts[0].isdecimal():
        return f"in {date(2000, int(parts[1]), 1):%B} {parts[2]}"
    return text or "day not known"


def _last(end: date | None) -> date | None:
    return _before(end) if end else None


def _before(on: date) -> date:
    return on - timedelta(days=1)

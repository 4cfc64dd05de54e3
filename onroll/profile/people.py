"""The people round a child: who they are, in which role, since when."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.utils.html import format_html

from onroll.access.can import Can, can
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.actions.releases import what_for
from onroll.children.models import Release, ServiceCase, YoungAdultAgreement
from onroll.children.releases import SECTION_OF
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import PersonChip, SpellRow, spell_table
from onroll.design.words import day_short

from .record import DatedFact, Record

# The order in which one thinks of them.
_ORDER = [
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    Role.VS_OFFICER,
    Role.DESIGNATED_TEACHER,
    Role.DEPUTY_DT,
    Role.IRO,
    Role.CARER,
]


def person_name(fact: DatedFact) -> str:
    """The name of an allocated person."""
    return f"{fact.words[1]} {fact.words[2]}".strip()


def social_worker(record: Record) -> DatedFact | None:
    """The social worker on the day, the latest where there are two."""
    workers = [fact for fact in record.on_the_day("allocation") if fact.words[0] == Role.SOCIAL_WORKER]
    return workers[-1] if workers else None


def people_now(record: Record, *, carers: bool, contacts: bool = False, only: Collection[str] = ()) -> list[PersonChip]:
    """Who works with the child on the day. Carers are named on the page about people alone."""
    facts = [*record.on_the_day("allocation"), *record.facts("school_contact")]
    facts = [fact for fact in facts if not only or fact.words[0] in only]
    facts = [fact for fact in facts if carers or fact.words[0] != Role.CARER]
    return [_chip(record, fact, contacts=contacts) for fact in _in_order(facts)]


def opened_table(record: Record) -> Table | None:
    """Cases of partner services, and what a young adult agreed to: what opens the record beyond allocations."""
    if record.is_past or not record.is_staff:
        return None
    child, actor = record.child, record.actor
    cases = ServiceCase.of(child, actor).filter(end__isnull=True).select_related("account").order_by("start", "pk")
    agreed = YoungAdultAgreement.of(child, actor).filter(end__isnull=True).select_related("school", "account")
    may_close = can(actor, Can.OPEN_A_CASE) and record.may_change(Section.PROFESSIONALS)
    let_out = Release.of(child, actor).filter(end__isnull=True, case__in=cases).select_related("released_by")
    releases = {row.case_id: row for row in let_out}
    may_withdraw = can(actor, Can.RECORD_AGREEMENT) and record.may_change(Section.PROFESSIONALS)
    rows = [
        [
            case.account.name,
            Cell(case.get_service_display(), sub=case.about),
            day_short(case.start),
            _let_out(record, case, releases.get(case.pk)),
            Cell("Close", href=record.act_url("children:case_close", case.public_id)) if may_close else "",
        ]
        for case in cases
    ]
    rows += [
        [
            row.school.name if row.school else row.account.name,
            Cell("As the young adult agreed", sub=row.told),
            day_short(row.start),
            "",
            Cell("Withdraw", href=record.act_url("children:young_adult_end", row.public_id)) if may_withdraw else "",
        ]
        for row in agreed.order_by("start", "pk")
    ]
    columns = [
        Column("Name", stacked_label=False),
        Column("Why"),
        Column("Since"),
        Column("Let out"),
        Column("End", hidden=True),
    ]
    return Table("Others to whom the record is open", columns, rows, caption_hidden=False) if rows else None


def _let_out(record: Record, case: ServiceCase, held: Release | None) -> Cell | str:
    """What was let out to a case with the way to take it back, or the way to let it out."""
    what = what_for(case)
    may = what is not None and can(record.actor, Can.RELEASE_TO_A_CASE) and record.may_read(SECTION_OF[what])
    if held is not None:
        words = f"{held.get_what_display()}, {day_short(held.start)}"
        return Cell(words, href=record.act_url("children:release_end", held.public_id)) if may else words
    if what is None or not may:
        return ""
    words = "Let the address out" if what is Release.What.ADDRESS else "Let the SDQ totals out"
    return Cell(words, href=record.act_url("children:release", case.public_id))


def people_table(record: Record) -> Table | None:
    """Who works with the child on the day, with whom to ring: carers too, for those who may know them."""
    facts = _in_order([*record.on_the_day("allocation"), *record.facts("school_contact")])
    if not facts:
        return None
    ends = record.may_change(Section.PROFESSIONALS)
    rows = []
    for fact in facts:
        row: list[Any] = [
            person_name(fact),
            Role(fact.words[0]).label,
            day_short(fact.start) if fact.kind == "allocation" else "",
            fact.words[3],
        ]
        if ends:
            url = record.act_url("children:allocation_end", fact.public_id) if fact.kind == "allocation" else ""
            hidden = format_html('<span class="govuk-visually-hidden">: {}</span>', person_name(fact))
            row.append(Cell(format_html("End{}", hidden), href=url) if url else "")
        rows.append(row)
    columns = [Column("Name", stacked_label=False), Column("Role"), Column("Since"), Column("Telephone")]
    return Table("Now", [*columns, *([Column("End", hidden=True)] if ends else [])], rows, caption_hidden=False)


def _in_order(facts: list[DatedFact]) -> list[DatedFact]:
    return sorted(facts, key=lambda f: _ORDER.index(Role(f.words[0])) if f.words[0] in _ORDER else len(_ORDER))


def _chip(record: Record, fact: DatedFact, *, contacts: bool) -> PersonChip:
    more = [fact.words[3]] if contacts and fact.words[3] else []
    if fact.words[0] == Role.IRO and (review := next_review(record)) is not None:
        more.append(f"review {day_short(review.start)}")
    # The teacher of the school came with the school, and since when they hold the post says nothing of the child.
    since = None if fact.kind == "school_contact" else fact.start
    return PersonChip(name=person_name(fact), role=Role(fact.words[0]).label, since=since, contact=" · ".join(more))


def next_review(record: Record) -> DatedFact | None:
    """The next care review that is planned."""
    planned = [f for f in record.facts("review") if not f.number and f.start is not None and f.start >= record.day]
    return planned[0] if planned else None


def people_before(record: Record) -> Table | None:
    """Who worked with the child before, newest first."""
    over = [fact for fact in record.facts("allocation") if fact.end is not None and fact.end <= record.day]
    rows = [
        SpellRow(
            what=person_name(fact),
            start=fact.start,
            last=fact.end - timedelta(days=1) if fact.end else None,
            more=[Role(fact.words[0]).label],
        )
        for fact in sorted(over, key=lambda fact: (fact.end or date.max, fact.pk), reverse=True)
    ]
    return spell_table("Earlier", rows, today=record.day, what="Name", more=["Role"]) if rows else None

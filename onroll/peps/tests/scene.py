"""A small cast for plans: an authority with two years of terms, a child in care at a school, and those around them."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.authorities.models import Authority, CalendarEntry
from onroll.children.models import Child
from onroll.children.tests.scene import (
    a_child,
    a_person,
    a_place,
    a_school,
    an_allocation,
    an_authority,
    an_episode,
    together,
    write,
)
from onroll.codes.years import academic_year_of
from onroll.history.changes import change
from onroll.peps.models import Pep, PepTarget
from onroll.peps.tests.test_clock_cases import the_calendar

TODAY = date(2026, 10, 6)


def with_terms(authority: Authority) -> Authority:
    """Load the terms of 2025/26 and 2026/27."""
    entries = list(the_calendar().entries)
    for entry in entries:
        entry.authority = authority
    _write_all(entries)
    return authority


def _write_all(entries: list[CalendarEntry]) -> None:
    with change("test.set_up", actor=Actor.command_line(0, today=TODAY, user="test")) as this:
        this.bulk_create(CalendarEntry, entries)


def with_terms_around(authority: Authority, today: date) -> Authority:
    """Load three school years of terms: that of a day, the one before and the one after."""
    first, entries = int(academic_year_of(today)[:4]), []
    for year in (first - 1, first, first + 1):
        for term, begins, ends, deadline in (
            ("autumn", date(year, 9, 2), date(year, 12, 19), date(year, 11, 20)),
            ("spring", date(year + 1, 1, 5), date(year + 1, 3, 27), date(year + 1, 3, 6)),
            ("summer", date(year + 1, 4, 13), date(year + 1, 7, 21), date(year + 1, 6, 12)),
        ):
            keys = {"authority": authority, "academic_year": academic_year_of(begins), "term": term}
            entries.append(CalendarEntry(**keys, kind="term", start=begins, end=ends))
            next_day = deadline + timedelta(days=1)
            entries.append(CalendarEntry(**keys, kind="pep_deadline", start=deadline, end=next_day))
    _write_all(entries)
    return authority


def ashcombe(**fields: Any) -> Authority:
    """An authority with terms, whose clock looks back to autumn 2025."""
    authority = with_terms(an_authority(**fields))
    authority.live_from = date(2025, 9, 1)
    return write(authority)


@together()
def a_cast(today: date = TODAY, authority: Authority | None = None) -> SimpleNamespace:
    """Mia, long in care at Hillside, with her designated teacher, social worker, adviser and the head."""
    authority = authority or ashcombe()
    school = a_school("Hillside")
    child = a_child(authority, "Mia Dawson", birth_date=date(2013, 5, 6))
    an_episode(child)
    a_place(child, school)
    cast = SimpleNamespace(authority=authority, school=school, child=child, accounts={}, actors={}, today=today)
    for name, role, post in (
        ("teacher", Role.DESIGNATED_TEACHER, {"school": school}),
        ("worker", Role.SOCIAL_WORKER, {}),
        ("adviser", Role.VS_OFFICER, {}),
        ("head", Role.VSH, {}),
        ("carer", Role.CARER, {}),
        ("support", Role.VS_ADMIN, {}),
        ("iro", Role.IRO, {}),
    ):
        account, actor = a_person(authority, role, f"{name.title()} Doyle", **post)
        cast.accounts[name] = account
        cast.actors[name] = replace(actor, today=today, school=school.pk if "school" in post else None)
        if role in (Role.SOCIAL_WORKER, Role.VS_OFFICER, Role.CARER, Role.IRO):
            an_allocation(child, account, role)
    return cast


def a_pep(child: Child, **fields: Any) -> Pep:
    """The plan of autumn 2026, open and due."""
    values = {
        "kind": "termly",
        "form": "school_age",
        "academic_year": "2026-27",
        "term": "autumn",
        "opens_on": date(2026, 9, 2),
        "due_on": date(2026, 11, 20),
        "why": "The plan of autumn 2026/27: the deadline is 20 November 2026.",
    }
    return write(Pep(authority_id=child.authority_id, child=child, **{**values, **fields}))


def a_target(pep: Pep, text: str = "Read 80 words correctly in a minute", **fields: Any) -> PepTarget:
    values = {"area": "english", "place": PepTarget.unscoped.filter(pep=pep).count() + 1, **fields}
    return write(PepTarget(authority_id=pep.authority_id, child_id=pep.child_id, pep=pep, text=text, **values))


def as_of(actor: Actor, today: date) -> Actor:
    return replace(actor, today=today)

"""What people do with an authority: set it up, name its teams, keep its calendar."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.encryption import make_key_ring
from onroll.codes import LOCAL_AUTHORITY
from onroll.history.changes import change, verb

from .models import Authority, CalendarEntry, KeptFacts, SensitiveKind, Team

SET_UP = verb("authority.set_up", "{actor} set the authority up")
TEAM_ADDED = verb("team.added", "{actor} added a team")
CALENDAR_CHANGED = verb("calendar.changed", "{actor} changed the calendar")
CALENDAR_COPIED = verb("calendar.copied", "{actor} copied last year’s calendar")

KEEPING_STARTED = verb("sensitive_facts.on", "{actor} chose to keep a kind of sensitive fact from the return")
KEEPING_STOPPED = verb("sensitive_facts.off", "{actor} chose to keep a kind of sensitive fact no longer")

SHORTEST_REASON = 20


class Refused(Exception):
    """An act that may not be done now. Its text is the reason, for people."""


def set_up_authority(code: str, *, today: date, user: str, **settings: Any) -> Authority:
    """A new authority of the national list, with its key ring. Name and region are the list's unless given."""
    if Authority.objects.filter(code=code).exists():
        raise Refused(f"Authority {code} is set up already.")
    known = LOCAL_AUTHORITY.get(code)
    if known is None and "name" not in settings:
        raise Refused(f"{code} is not the code of a local authority in England.")
    values = {"name": known.label, "region": known.region} if known else {}
    authority = Authority(code=code, live_from=today, **{**values, **settings})
    with change("authority.set_up", actor=Actor.command_line(0, today=today, user=user)) as this:
        this.create(authority)
    make_key_ring(authority.pk)
    return authority


def team_named(name: str, *, actor: Actor) -> Team:
    """The authority's team of this name, made if it is new."""
    team = Team.objects.filter(authority_id=actor.authority, name=name).first()
    if team is None:
        with change("team.added", actor=actor) as this:
            team = this.create(Team(authority_id=actor.authority, name=name))
    return team


def keep_entry(entry: CalendarEntry, *, actor: Actor) -> CalendarEntry:
    """Save a new or changed entry of the calendar."""
    with change("calendar.changed", actor=actor) as this:
        return this.save(entry)


def remove_entry(entry: CalendarEntry, *, actor: Actor) -> None:
    with change("calendar.changed", actor=actor) as this:
        this.delete(entry)


def why_not_copy(entries: Iterable[CalendarEntry], academic_year: str) -> str:
    """Why last year's calendar can't be copied into this academic year. Empty if it can."""
    held = list(entries)
    if any(entry.academic_year == academic_year for entry in held):
        return f"The calendar of {academic_year} has entries already. Change them one by one."
    if not any(entry.academic_year == _year_before(academic_year) for entry in held):
        return f"There is no calendar of {_year_before(academic_year)} to copy."
    return ""


def copy_last_years(academic_year: str, *, actor: Actor) -> list[CalendarEntry]:
    """Copy the calendar of the year before, 52 weeks on, so that each day keeps its weekday."""
    held = list(CalendarEntry.objects.filter(authority_id=actor.authority))
    if why := why_not_copy(held, academic_year):
        raise Refused(why)
    shift = timedelta(weeks=52)
    copies = [
        CalendarEntry(
            authority_id=actor.authority,
            kind=entry.kind,
            academic_year=academic_year,
            term=entry.term,
            start=entry.start + shift,
            end=entry.end + shift,
        )
        for entry in held
        if entry.academic_year == _year_before(academic_year)
    ]
    with change("calendar.copied", actor=actor) as this:
        return this.bulk_create(CalendarEntry, copies)


def why_not_keep(kind: str, reason: str, *, actor: Actor) -> str:
    """Why the actor can't switch this kind of sensitive fact on now. Empty if they can."""
    if not can(actor, Can.CHOOSE_SENSITIVE_FACTS):
        return "Your role does not choose what is kept of the return."
    if len(reason.strip()) < SHORTEST_REASON:
        return f"Say why in at least {SHORTEST_REASON} characters."
    if _open_spell(kind, actor=actor) is not None:
        return f"{SensitiveKind(kind).label} are kept already."
    return ""


def start_keeping(kind: str, reason: str, *, actor: Actor) -> KeptFacts:
    """From today on a return that is loaded brings this kind of sensitive fact into the record."""
    if why := why_not_keep(kind, reason, actor=actor):
        raise Refused(why)
    with change("sensitive_facts.on", actor=actor, reason=reason.strip()) as this:
        return this.create(
            KeptFacts(
                authority_id=actor.authority,
                kind=kind,
                start=actor.today,
                reason=reason.strip(),
                started_by=actor.name,
            )
        )


def why_not_stop_keeping(kind: str, *, actor: Actor) -> str:
    """Why the actor can't switch this kind of sensitive fact off now. Empty if they can."""
    if not can(actor, Can.CHOOSE_SENSITIVE_FACTS):
        return "Your role does not choose what is kept of the return."
    if _open_spell(kind, actor=actor) is None:
        return f"{SensitiveKind(kind).label} are not kept."
    return ""


def stop_keeping(kind: str, *, actor: Actor) -> None:
    """From today on a return is read past this kind. What is stored stays in the record until its disposal."""
    if why := why_not_stop_keeping(kind, actor=actor):
        raise Refused(why)
    held = _open_spell(kind, actor=actor)
    assert held is not None
    with change("sensitive_facts.off", actor=actor) as this:
        held.end, held.ended_by = actor.today, actor.name
        this.save(held)


def _open_spell(kind: str, *, actor: Actor) -> KeptFacts | None:
    return KeptFacts.objects.filter(authority_id=actor.authority, kind=kind, end__isnull=True).first()


def _year_before(academic_year: str) -> str:
    first = int(academic_year[:4]) - 1
    return f"{first}-{(first + 1) % 100:02}"

"""Accounts that nobody uses are switched off, after two warnings a week apart (LNK-4).

After 90 days; whose posts are all at schools after one full term of the authority's calendar, since a term can pass
without a child of the authority at the school. Who works for several authorities has the longest of their times.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Max
from django.utils.timezone import localdate

from onroll.access import mails, scope
from onroll.access.actors import Actor
from onroll.access.models import Account, Mail
from onroll.access.roles import SCHOOL_STAFF
from onroll.access.sessions import end_sign_ins
from onroll.authorities.models import CalendarEntry
from onroll.history.changes import change, verb

from .people import INVITING, UNUSED, Person, people_of

verb("person.unused", "{actor} switched off an account that nobody had used")

AFTER = timedelta(days=90)
# Longer than any term, for schools while the calendar names no term to come.
NO_TERM_KNOWN = timedelta(days=183)
BETWEEN = timedelta(days=7)


@dataclass(frozen=True)
class Use:
    """An account: from which day it is unused, from which it is off, and the authority that says so."""

    account: Account
    since: date
    off_on: date
    authority: int


def daily(authorities: Iterable[int], *, today: date) -> int:
    """Warn and switch off what is due, over all authorities. Answers how many were switched off."""
    uses: dict[int, Use] = {}
    for authority in sorted(authorities):
        with scope.in_authority(authority):
            for use in uses_in(Actor.system(authority, today=today)):
                held = uses.get(use.account.pk, use)
                since, off_on = max(held.since, use.since), max(held.off_on, use.off_on)
                uses[use.account.pk] = replace(held, since=since, off_on=off_on)
    near = {pk: use for pk, use in uses.items() if use.off_on - 2 * BETWEEN <= today}
    warned = _warnings(near)
    return sum(_next_step(use, *warned.get(pk, (0, None)), today=today) for pk, use in near.items())


def uses_in(actor: Actor) -> list[Use]:
    """Everybody with a live post in the actor's authority. Four queries."""
    entries = CalendarEntry.objects.filter(authority_id=actor.authority, kind=CalendarEntry.Kind.TERM)
    terms = list(entries.order_by("start").values_list("start", "end"))
    asked = Mail.objects.filter(authority=actor.authority, kind__in=INVITING)
    asked_on = dict(asked.values("to").annotate(last=Max("written_at")).values_list("to", "last"))
    found = []
    for person in people_of(actor):
        if not person.live:
            continue
        days = [post.start for post in person.live]
        days += [localdate(at) for at in (person.account.last_login, asked_on.get(person.account.pk)) if at]
        since = max(days)
        found.append(Use(person.account, since, _off_on(person, since, terms), actor.authority))
    return found


def _off_on(person: Person, since: date, terms: list[tuple[date, date]]) -> date:
    """From which day an account that is unused since this day is off."""
    if all(post.role in SCHOOL_STAFF for post in person.live):
        full = [end for start, end in terms if start > since]
        return full[0] if full else since + NO_TERM_KNOWN
    return since + AFTER


def _warnings(uses: dict[int, Use]) -> dict[int, tuple[int, date | None]]:
    """How often each was warned since they used their account, and when last. One query."""
    written = Mail.objects.filter(kind=UNUSED, to__in=list(uses)).values_list("to", "written_at")
    found: dict[int, tuple[int, date | None]] = {}
    for to, at in written.order_by("pk"):
        if localdate(at) >= uses[to].since:
            found[to] = (found.get(to, (0, None))[0] + 1, localdate(at))
    return found


def _next_step(use: Use, warnings: int, last: date | None, *, today: date) -> bool:
    """Warn, warn again, or switch off, never sooner than a week after the step before. Whether it was switched off."""
    if last is not None and today < last + BETWEEN:
        return False
    due = use.off_on - (2 - min(warnings, 2)) * BETWEEN
    if today < due:
        return False
    actor = Actor.system(use.authority, today=today)
    with scope.in_authority(use.authority):
        if warnings < 2:
            mails.send(UNUSED, to=use.account, authority=use.authority)
            return False
        with change("person.unused", actor=actor) as this:
            use.account.is_active = False
            this.save(use.account, ["is_active"])
            end_sign_ins(use.account)
    return True

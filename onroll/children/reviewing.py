"""Emergency openings as those who review them see them: what waits, until when, and what was looked at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate, localtime

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.codes.working_days import add_working_days
from onroll.history.models import Entry

from .guard_models import LeakKept, MarkRequest, Opening
from .guards import kept_from
from .models import Child

REVIEWED_WITHIN = 2
"""Working days from the day of the opening (BG-3)."""


def openings_of(actor: Actor) -> Any:
    """The emergency openings of the authority that this person may review or read about, the newest first.

    Information governance sees all but those of a child who is kept from them; it has no link to any child.
    """
    if not can(actor, Can.REVIEW_OPENINGS):
        return Opening.unscoped.none()
    if actor.role == Role.IG:
        children = Child.unscoped.filter(kept_from(actor), authority_id=actor.authority)
        found = Opening.unscoped.filter(authority_id=actor.authority, child__in=children.values("pk"))
    else:
        found = Opening.visible_to(actor)
    return found.select_related("account", "post", "child", "reviewed_by").order_by("-opened_at", "-id")


def review_due(opening: Opening) -> date:
    """The last day on which the review is in time."""
    return add_working_days(localdate(opening.opened_at), REVIEWED_WITHIN)


def is_late(opening: Opening, *, on: date) -> bool:
    return opening.reviewed_at is None and review_due(opening) < on


def waiting(actor: Actor) -> list[Opening]:
    """The openings that this person has to review: not their own, the oldest first. One query."""
    return list(openings_of(actor).filter(reviewed_at__isnull=True).exclude(account_id=actor.account))[::-1]


def to_decide(actor: Actor) -> list[MarkRequest]:
    """The requests to loosen a mark that this person, as the second, has to decide. One query."""
    if not can(actor, Can.AGREE_TO_LOOSEN):
        return []
    asked = MarkRequest.visible_to(actor).filter(decided_at__isnull=True).exclude(asked_by_id=actor.account)
    return list(asked.select_related("child", "asked_by").order_by("asked_at"))


def leaks_of(actor: Actor, *, days: int) -> Any:
    """The texts of the last days that were kept though they tell something of an address, the newest first."""
    since = timezone.now() - timedelta(days=days)
    if actor.role == Role.IG:
        found = LeakKept.unscoped.filter(authority_id=actor.authority)
    else:
        found = LeakKept.visible_to(actor)
    return found.filter(kept_at__gt=since).select_related("child", "kept_by").order_by("-kept_at", "-id")


@dataclass(frozen=True)
class Look:
    """One page that was opened: when, which parts of the record it showed, and whether it was refused."""

    at: datetime
    parts: str
    refused: bool


_TITLES = {section.value: section for section in Section}


def looks_of(opening: Opening) -> list[Look]:
    """Every page that was asked for in the opening, in order."""
    entries = Entry.objects.filter(authority=opening.authority_id, break_glass=opening.pk).order_by("number")
    return [
        Look(
            localtime(entry.at),
            ", ".join(_TITLES[part].title for part in entry.section.split(",") if part in _TITLES),
            entry.outcome == "refused",
        )
        for entry in entries
    ]

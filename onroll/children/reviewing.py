"""Emergency openings as those who review them see them: what waits, until when, and what was looked at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate, localtime

from onroll.access import mails
from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.codes.working_days import add_working_days
from onroll.history.models import Entry
from onroll.people.models import Post

from .guard_models import LeakKept, MarkRequest, MustNotSee, Opening
from .guards import kept_from
from .models import Child
from .records import holds_on

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


OPENED, LATE = "emergency_opened", "emergency_review_late"
mails.register(
    OPENED,
    subject="A record was opened in an emergency",
    text="Somebody opened a record in an emergency. Sign in to see which, and to review it:\n\n{address}",
)
mails.register(
    LATE,
    subject="An emergency opening waits for its review",
    text="A record was opened in an emergency more than two working days ago, and nobody has reviewed it:\n\n{address}",
)


def alert(opening: Opening, kind: str, *, on: date) -> int:
    """Write to the virtual school head and to information governance: a reference, and nothing of the child (BG-3).

    Not to the opener, and not to a person from whom the child is kept. Returns to how many it went.
    """
    posts = Post.objects.live(on).filter(authority_id=opening.authority_id, role__in=(Role.VSH, Role.IG))
    kept = MustNotSee.unscoped.filter(holds_on(on), child_id=opening.child_id).values("account_id")
    people = Account.objects.filter(pk__in=posts.values("account_id")).exclude(pk=opening.account_id)
    path = reverse("children:opening", args=[opening.public_id])
    to = list(people.exclude(pk__in=kept).order_by("pk"))
    for account in to:
        mails.send(kind, to=account, authority=opening.authority_id, path=path)
    return len(to)


def remind(authority: int, *, on: date) -> int:
    """Write again, each day, about the openings of an authority whose review is late. Returns how many those are."""
    unreviewed = Opening.unscoped.filter(authority_id=authority, reviewed_at__isnull=True)
    late = [opening for opening in unreviewed.order_by("pk") if is_late(opening, on=on)]
    for opening in late:
        alert(opening, LATE, on=on)
    return len(late)


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

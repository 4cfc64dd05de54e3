"""Addresses that somebody has to confirm: those of no allowed domain, and those from which messages came back."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Lower

from onroll.access.actors import Actor
from onroll.access.models import Account, RefusedAddress
from onroll.people.actions import why_not_second
from onroll.people.models import Post

from .people import people_of, posts_here


@dataclass(frozen=True)
class Waiting:
    """One post that waits for a second person: who asked for it, and why the reader can't be that person."""

    post: Post
    asked_by: str
    why_not: str

    @property
    def is_change(self) -> bool:
        """The holder was confirmed under another address, and has changed it since."""
        return self.post.asked_by_id == self.post.account_id


def waiting(actor: Actor) -> list[Waiting]:
    """What waits for a second person in the actor's authority, the oldest first. Two queries."""
    posts = list(
        posts_here(actor).waiting(actor.today).select_related("account", "school", "team", "agreement", "asked_by")
    )
    return [Waiting(post, _name_of(post.asked_by), why_not_second(post, actor=actor)) for post in posts]


def _name_of(account: Account | None) -> str:
    return account.name if account is not None else "The command line"


@dataclass(frozen=True)
class CameBack:
    """A person whose messages come back, and since when."""

    name: str
    account: Account
    since: date


def came_back(actor: Actor) -> list[CameBack]:
    """People with a post here whose address refuses the messages of this authority."""
    refused = {each.address: each for each in RefusedAddress.objects.filter(authority=actor.authority)}
    if not refused:
        return []
    posts = posts_here(actor).filter(Q(end__isnull=True) | Q(end__gt=actor.today))
    posts = posts.annotate(address=Lower("account__email")).filter(address__in=list(refused))
    return [
        CameBack(person.name, person.account, refused[person.account.email.lower()].refused_at.date())
        for person in people_of(actor, posts)
        if person.live
    ]


def count_to_confirm(actor: Actor) -> int:
    return posts_here(actor).waiting(actor.today).count() + len(came_back(actor))

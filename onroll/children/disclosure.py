"""Who may know where a child lives: the section gives the role, and the mark on the address may still say no."""

from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read

from .models import Disclosure, EpisodePlacement

# Those who work with the child day by day and must know in any case. Whoever else is named is told by them.
_ALWAYS_NAMED = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER)


def may_know_address(actor: Actor, mark: str) -> bool:
    """Whether the actor may read an address that carries this mark."""
    if not may_read(actor, Section.ADDRESS):
        return False
    return mark != Disclosure.ONLY_NAMED_USERS or knows_all_addresses(actor)


def knows_all_addresses(actor: Actor) -> bool:
    """Who knows also an address that only named users may know. In an emergency opening the head alone (BG-1)."""
    if actor.opening is not None:
        return actor.role == Role.VSH
    return actor.role in _ALWAYS_NAMED


# What the marks below leave free: in or out of the authority tells too little to lead anyone to the door.
_TELLS_LITTLE = (Disclosure.ORDINARY, Disclosure.NOT_TO_FAMILY)


def may_know_area(actor: Actor, mark: str) -> bool:
    """Whether the actor may know if a home is in or out of the authority: that tells something of the address."""
    if not may_read(actor, Section.PLACEMENT):
        return False
    return may_know_address(actor, mark) or mark in _TELLS_LITTLE


def may_list_homes(actor: Actor) -> bool:
    """Whether lists tell the actor of homes. A carer knows of their own alone, and a list can't tell whose it is."""
    return may_read(actor, Section.PLACEMENT) and actor.role != Role.CARER


def area_as_marked(actor: Actor, episode: str = "") -> Any:
    """The same for lists: the area of an episode's home as a column. What the reader may not know is not known.

    `episode` leads from the rows of the query to their episode.
    """
    kept = [mark for mark in Disclosure if not may_know_area(actor, mark)]
    return Case(
        When(Q(**{f"{episode}address__disclosure__in": kept}), then=Value(EpisodePlacement.Area.NOT_KNOWN.value)),
        default=F(f"{episode}placement__area"),
        output_field=CharField(),
    )

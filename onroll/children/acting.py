"""In which post a person opens a child's record: the one place where it is decided.

A person acts in one authority at a time. Who works at a school for several authorities opens each child in the child's
own, and the page, the log and every change then speak of that one (security-requirements AWK-2, TEN-4).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.people.posts import actors_beside

from .models import Child
from .visibility import PAPERWORK

Answer = TypeVar("Answer")


def find_child(actor: Actor, public_id: UUID) -> tuple[Actor, Child] | None:
    """The child, with the actor as they act for this child. One query for who acts in the post they chose."""
    for acting in _ways_in(actor):
        with scope.in_authority(acting.authority):
            child = Child.visible_to(acting).filter(public_id=public_id).first()
        if child is not None:
            return acting, child
    return None


def _ways_in(actor: Actor) -> Iterator[Actor]:
    """As the person they are, then in their posts for other authorities at the school, then to finish paperwork."""
    yield actor
    yield from actors_beside(actor)
    if actor.role == Role.IRO:
        yield finishing(actor)


def finishing(actor: Actor) -> Actor:
    """A reviewing officer in the working days after an allocation ended: the name and the reviews, read alone."""
    only = PAPERWORK if actor.only_sections is None else PAPERWORK & actor.only_sections
    return replace(actor, finishing=True, only_sections=only)


def for_each_authority(actor: Actor, ask: Callable[[Actor], Answer]) -> list[tuple[Actor, Answer]]:
    """The same question, asked once in each authority for which the person works at their school.

    Each answer is read in its own authority and logged there. They are shown to this person side by side: never kept,
    exported or added up.
    """
    answers = []
    for acting in (actor, *actors_beside(actor)):
        with scope.in_authority(acting.authority):
            answers.append((acting, ask(acting)))
    return answers

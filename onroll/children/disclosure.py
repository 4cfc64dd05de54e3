"""Who may know where a child lives: the section gives the role, and the mark on the address may still say no."""

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read

from .models import Disclosure

# Those who work with the child day by day and must know in any case. Whoever else is named is told by them.
_ALWAYS_NAMED = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER)


def may_know_address(actor: Actor, mark: str) -> bool:
    """Whether the actor may read an address that carries this mark."""
    if not may_read(actor, Section.ADDRESS):
        return False
    return mark != Disclosure.ONLY_NAMED_USERS or actor.role in _ALWAYS_NAMED

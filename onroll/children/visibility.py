"""Who may see whom: one rule per role, from dated links, evaluated for the actor's today.

A link is an allocation, or a place at the school where the actor holds a post. Roles of the virtual school reach the
authority's children through their post (security-requirements 2.2). Which parts of a record is another question, and
`access.sections` answers it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.access.roles import COMMAND_LINE, SYSTEM, Role
from onroll.access.sections import Section, may_read
from onroll.people.models import Post

from .guards import kept_from, opened_alone
from .models import Allocation, Child, Matter, SchoolPlace
from .records import holds_on


def reach(actor: Actor) -> Any:
    """The children whom the actor may see today, of the actor's own authority. Merged records are not among them.

    Raises OutsideAuthority where the work at hand is not in the scope of that authority.
    """
    scope.require(actor.authority)
    rule = opened_alone if actor.opening else _RULES.get(actor.role, _nobody)
    return Child.unscoped.filter(rule(actor), kept_from(actor), authority_id=actor.authority, merged_into__isnull=True)


def known_on(actor: Actor, day: date) -> Any:
    """The children whom the actor may see today, as far as a look back to this day may show them.

    Who has only the summary of care does not look back past their own link: it would tell of earlier times in care.
    """
    now = reach(actor)
    if day >= actor.today or may_read(actor, Section.CARE):
        return now
    return now.filter(pk__in=reach(replace(actor, today=day)).values("pk"))


def _nobody(actor: Actor) -> Q:
    return Q(pk__in=())


def _whole_authority(actor: Actor) -> Q:
    return Q()


def _allocated(actor: Actor, role: str) -> Q:
    """Children with a live allocation of this person in this role."""
    return Q(
        Exists(
            Allocation.unscoped.filter(holds_on(actor.today), child=OuterRef("pk"), account_id=actor.account, role=role)
        )
    )


def _own_allocations(actor: Actor) -> Q:
    return _allocated(actor, actor.role)


def _adviser(actor: Actor) -> Q:
    if actor.advisers_see_all:
        return Q()
    own = _allocated(actor, Role.VS_OFFICER)
    if actor.team is None:
        return own
    return own | _allocated_to_team(actor, Role.VS_OFFICER)


def _allocated_to_team(actor: Actor, role: str) -> Q:
    """Children with a live allocation of someone who holds a live post of that role in the actor's team."""
    team = Post.objects.live(actor.today).filter(authority_id=actor.authority, team_id=actor.team, role=role)
    return Q(
        Exists(
            Allocation.unscoped.filter(
                holds_on(actor.today), child=OuterRef("pk"), role=role, account_id__in=team.values("account_id")
            )
        )
    )


def _team_manager(actor: Actor) -> Q:
    return _allocated_to_team(actor, Role.SOCIAL_WORKER) if actor.team is not None else _nobody(actor)


def _school(actor: Actor) -> Q:
    """Children with a live place at the actor's school."""
    if actor.school is None:
        return _nobody(actor)
    places = SchoolPlace.unscoped.filter(holds_on(actor.today), child=OuterRef("pk"), school_id=actor.school)
    return Q(Exists(places.exclude(kind=SchoolPlace.Kind.AWAITING))) & Q(held_as=Child.HeldAs.OWN)


def _open_matters(actor: Actor) -> Q:
    """Children about whom a request, an incident or a review is open."""
    return Q(Exists(Matter.unscoped.filter(holds_on(actor.today), child=OuterRef("pk"))))


_RULES: dict[str, Callable[[Actor], Q]] = {
    COMMAND_LINE: _whole_authority,
    SYSTEM: _whole_authority,
    Role.VSH: _whole_authority,
    Role.DEPUTY_VSH: _whole_authority,
    Role.VS_ADMIN: _whole_authority,
    Role.DATA_OFFICER: _whole_authority,
    Role.VS_OFFICER: _adviser,
    Role.SOCIAL_WORKER: _own_allocations,
    Role.TEAM_MANAGER: _team_manager,
    Role.IRO: _own_allocations,
    Role.CARER: _own_allocations,
    Role.EET: _own_allocations,
    Role.DESIGNATED_TEACHER: _school,
    Role.DEPUTY_DT: _school,
    Role.IG: _open_matters,
}

"""Who may see whom: one rule per role, from dated links, evaluated for the actor's today.

A link is an allocation, an open case, or a place at the school where the actor holds a post. Roles of the virtual
school reach the authority's children through their post (security-requirements 2.2). Which parts of a record is another
question, and `access.sections` answers it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.access.roles import AT_THE_HOME, COMMAND_LINE, MAY_GO_ON, PARTNERS, REST_ON_CARE, SCHOOL_STAFF, SYSTEM, Role
from onroll.access.sections import Section, may_read
from onroll.codes.working_days import is_working_day
from onroll.people.models import Cover, Post

from .guards import kept_from, opened_alone
from .models import (
    Allocation,
    CareEpisode,
    Child,
    CoverChild,
    Matter,
    SchoolPlace,
    ServiceCase,
    YoungAdultAgreement,
)
from .records import holds_on

ADULT = 18
# Working days after the end: an IRO's to finish the review's paperwork, a partner service's to finish its own (2.2).
PAPERWORK_DAYS, CASE_DAYS = 20, 5
# All that is open to an IRO in those days: whose review it was, and the reviews.
PAPERWORK = frozenset({Section.BASICS.value, Section.OTHER_STATUS.value})


def reach(actor: Actor) -> Any:
    """The children whom the actor may see today, of the actor's own authority. Merged records are not among them.

    Raises OutsideAuthority where the work at hand is not in the scope of that authority.
    """
    scope.require(actor.authority)
    if actor.opening is not None:
        linked = opened_alone(actor)
    else:
        linked = _RULES.get(actor.role, _nobody)(actor) & _goes_on(actor) & _covered(actor)
    return Child.unscoped.filter(linked, kept_from(actor), authority_id=actor.authority, merged_into__isnull=True)


def known_on(actor: Actor, day: date) -> Any:
    """The children whom the actor may see today, as far as a look back to this day may show them.

    Who has only the summary of care does not look back past their own link: it would tell of earlier times in care.
    """
    now = reach(actor)
    if day >= actor.today or may_read(actor, Section.CARE):
        return now
    return now.filter(pk__in=reach(replace(actor, today=day)).values("pk"))


def years_before(day: date, years: int) -> date:
    """The latest date of birth of those who have reached this age on the day. Born on 29 February: on 1 March."""
    year = day.year - years
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) and year % 4 else day.replace(year=year)


def earliest_end(today: date, working_days: int) -> date:
    """Links that ended on this day or later are within so many working days of it. The end is the first of them."""
    day, counted = today + timedelta(days=1), 0
    while True:
        before = day - timedelta(days=1)
        counted += is_working_day(before)
        if counted > working_days:
            return day
        day = before


def _nobody(actor: Actor) -> Q:
    return Q(pk__in=())


def _whole_authority(actor: Actor) -> Q:
    return Q()


def open_at(day: date, moment: datetime | None) -> Q:
    """Allocations that open the record on this day; at this moment of it also those that end to the minute later on."""
    held = holds_on(day)
    return held if moment is None else held | Q(start__lte=day, ended_at__gt=moment)


def _allocated(actor: Actor, role: str) -> Q:
    """Children with a live allocation of this person in this role."""
    live = Allocation.unscoped.filter(open_at(actor.today, actor.at))
    return Q(Exists(live.filter(child=OuterRef("pk"), account_id=actor.holder, role=role)))


def _own_allocations(actor: Actor) -> Q:
    return _allocated(actor, actor.role)


def _from_16(actor: Actor) -> Q:
    """Own allocations, from the 16th birthday on: before it there is no leaving care to prepare."""
    return _allocated(actor, actor.role) & Q(birth_date__lte=years_before(actor.today, 16))


def _at_the_home(actor: Actor) -> Q:
    """Own allocations while the child is in care. The carer of a young adult goes on only as that adult agreed."""
    in_care = Exists(CareEpisode.unscoped.filter(holds_on(actor.today), child=OuterRef("pk")))
    return _allocated(actor, actor.role) & (Q(in_care) | Q(birth_date__lte=years_before(actor.today, ADULT)))


def _reviewing_officer(actor: Actor) -> Q:
    """Own allocations; to finish the last review's paperwork alone, those that ended up to 20 working days ago."""
    if not actor.finishing:
        return _own_allocations(actor)
    ended = Allocation.unscoped.filter(child=OuterRef("pk"), account_id=actor.holder, role=Role.IRO)
    return Q(
        Exists(
            ended.filter(end__gt=F("start"), end__gte=earliest_end(actor.today, PAPERWORK_DAYS), end__lte=actor.today)
        )
    )


def _own_cases(actor: Actor) -> Q:
    """Children with whom this person of a partner service has a case that is open, or was a few days ago."""
    cases = ServiceCase.unscoped.filter(child=OuterRef("pk"), account_id=actor.holder, service=actor.role)
    closed = earliest_end(actor.today, CASE_DAYS)
    return Q(Exists(cases.filter(Q(end__isnull=True) | Q(end__gt=F("start"), end__gte=closed), start__lte=actor.today)))


def _goes_on(actor: Actor) -> Q:
    """What rests on care ends on the 18th birthday. It goes on where the young adult agreed, and nowhere else."""
    if actor.role not in REST_ON_CARE:
        return Q()
    child = Q(birth_date__gt=years_before(actor.today, ADULT))
    if actor.role not in MAY_GO_ON:
        return child
    agreed = YoungAdultAgreement.unscoped.filter(holds_on(actor.today), child=OuterRef("pk"))
    to = {"school_id": actor.school} if actor.role in SCHOOL_STAFF else {"account_id": actor.holder}
    return child | Q(Exists(agreed.filter(**to)))


def _covered(actor: Actor) -> Q:
    """Who stands in for somebody sees no child beyond those the cover names, where it names any."""
    if actor.cover is None:
        return Q()
    cover = Cover.objects.filter(pk=actor.cover)
    named = CoverChild.unscoped.filter(child=OuterRef("pk"), cover=actor.cover)
    return Q(Exists(cover.filter(every_child=True))) | Q(Exists(named))


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
    Role.IRO: _reviewing_officer,
    Role.DIRECTOR: _own_allocations,
    Role.PERSONAL_ADVISER: _from_16,
    Role.EET: _from_16,
    **dict.fromkeys(AT_THE_HOME, _at_the_home),
    **dict.fromkeys(SCHOOL_STAFF, _school),
    **dict.fromkeys(PARTNERS, _own_cases),
    Role.IG: _open_matters,
}

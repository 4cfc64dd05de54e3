"""Who may know where a child lives and learns: the section gives the role, and the mark may still say no.

A mark stands on an address (it covers the carers there) and on a school place. Behind a mark that names people or
places stand `Named` rows: of the child, about the home or the school. Whatever follows from a marked fact asks here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read

from .guard_models import Disclosure, Named
from .models import EpisodePlacement
from .records import holds_on

# Those who work with the child day by day and must know in any case. Others are named one by one.
_ALWAYS_NAMED = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER)

HOME, SCHOOL = Named.About.HOME, Named.About.SCHOOL


@dataclass(frozen=True)
class Names:
    """Who stands behind a mark: accounts that may know, accounts and schools that must not. Database keys."""

    may_know: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    schools: frozenset[int] = frozenset()


NO_NAMES = Names()

# The marks whose meaning depends on who is named.
NAMING = (Disclosure.NOT_TO_NAMED_PEOPLE, Disclosure.NOT_TO_NAMED_PLACES, Disclosure.ONLY_NAMED_USERS)


def named_of(children: Iterable[int], about: str, actor: Actor) -> dict[int, Names]:
    """Who is named of each of these children. One query."""
    kinds: dict[int, tuple[set[int], set[int], set[int]]] = {key: (set(), set(), set()) for key in children}
    rows = Named.unscoped.filter(holds_on(actor.today), child_id__in=kinds, about=about)
    for child, knows, account, school in rows.values_list("child_id", "knows", "account_id", "school_id"):
        may_know, people, schools = kinds[child]
        if account is not None:
            (may_know if knows else people).add(account)
        if school is not None:
            schools.add(school)
    return {key: Names(*(frozenset(each) for each in held)) for key, held in kinds.items()}


def names_for(child: int, about: str, mark: str, actor: Actor) -> Names:
    """Who is named of one child. Only a mark that names someone asks the database."""
    return named_of([child], about, actor)[child] if mark in NAMING else NO_NAMES


def knows_what_is_marked(actor: Actor) -> bool:
    """Who knows also what only named users may know. In an emergency opening the head alone (BG-1)."""
    if actor.opening is not None:
        return actor.role == Role.VSH
    return actor.role in _ALWAYS_NAMED


def mark_lets(actor: Actor, mark: str, names: Names) -> bool:
    """Whether the mark lets this person know, whose role reads the section. What acts for the system knows all."""
    if actor.account is None:
        return True
    match mark:
        case Disclosure.SEALED:
            return False
        case Disclosure.ONLY_NAMED_USERS:
            return knows_what_is_marked(actor) or actor.account in names.may_know
        case Disclosure.NOT_TO_NAMED_PEOPLE:
            return names.people.isdisjoint(actor.people)
        case Disclosure.NOT_TO_NAMED_PLACES:
            return actor.school is None or actor.school not in names.schools
    return True


def kept_by_mark(actor: Actor, about: str, *, mark: str = "disclosure", child: str = "child_id") -> Q:
    """The same for rows of a query: those whose mark keeps them from this person."""
    if actor.account is None:
        return Q(pk__in=())
    named = Named.unscoped.filter(holds_on(actor.today), child=OuterRef(child), about=about)
    kept = Q(**{mark: Disclosure.SEALED})
    if not knows_what_is_marked(actor):
        may_know = Exists(named.filter(knows=True, account_id=actor.account))
        kept |= Q(**{mark: Disclosure.ONLY_NAMED_USERS}) & ~Q(may_know)
    kept |= Q(**{mark: Disclosure.NOT_TO_NAMED_PEOPLE}) & Q(
        Exists(named.filter(knows=False, account_id__in=actor.people))
    )
    if actor.school is not None:
        kept |= Q(**{mark: Disclosure.NOT_TO_NAMED_PLACES}) & Q(
            Exists(named.filter(knows=False, school_id=actor.school))
        )
    return kept


def may_know_address(actor: Actor, mark: str, names: Names) -> bool:
    """Whether the actor may read an address that carries this mark."""
    return may_read(actor, Section.ADDRESS) and mark_lets(actor, mark, names)


# What the marks below leave free: in or out of the authority tells too little to lead anyone to the door.
_TELLS_LITTLE = (Disclosure.ORDINARY, Disclosure.NOT_TO_FAMILY)


def may_know_area(actor: Actor, mark: str, names: Names) -> bool:
    """Whether the actor may know if a home is in or out of the authority: that tells something of the address."""
    if not may_read(actor, Section.PLACEMENT):
        return False
    return may_know_address(actor, mark, names) or mark in _TELLS_LITTLE


def may_list_homes(actor: Actor) -> bool:
    """Whether lists tell the actor of homes. A carer knows of their own alone, and a list can't tell whose it is."""
    return may_read(actor, Section.PLACEMENT) and actor.role != Role.CARER


def area_as_marked(actor: Actor, episode: str = "") -> Any:
    """The same for lists: the area of an episode's home as a column. What the reader may not know is not known.

    `episode` leads from the rows of the query to their episode.
    """
    mark = f"{episode}address__disclosure"
    if not may_read(actor, Section.PLACEMENT):
        return Value(EpisodePlacement.Area.NOT_KNOWN.value, output_field=CharField())
    if may_read(actor, Section.ADDRESS):
        kept = kept_by_mark(actor, HOME, mark=mark, child=f"{episode}child_id")
    else:
        kept = Q(**{f"{mark}__in": [each for each in Disclosure if each not in _TELLS_LITTLE]})
    return Case(
        When(kept, then=Value(EpisodePlacement.Area.NOT_KNOWN.value)),
        default=F(f"{episode}placement__area"),
        output_field=CharField(),
    )

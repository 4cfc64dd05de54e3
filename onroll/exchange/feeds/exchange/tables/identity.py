"""Who the children are, who works with them, and the names they had before."""

from collections.abc import Iterable
from typing import Any

from onroll.access.roles import Role
from onroll.access.sections import may_write
from onroll.children.actions.people import section_of
from onroll.children.models import Allocation, Characteristics, Child, FormerName, Identifiers
from onroll.children.searching import search_words_of
from onroll.codes import ETHNICITY, SEX, UPN_UNKNOWN
from onroll.exchange.plans import Changes

from ..cells import code, day, one_of, text, yes_no
from .table import DoesNotFit, Held, Holdings, Table, facts_of_a_child

_OF_THE_CHILD = ("given_name", "family_name", "known_as", "birth_date", "held_as")
_NUMBERS = ("upn", "uln", "upn_unknown", "former_upn")
_CHARACTERISTICS = (
    "sex",
    "ethnicity",
    "first_language",
    "religion",
    "uasc",
    "uasc_until",
    "disability",
    "fsm",
)

_EMPTY = {field.name: field.get_default() for field in Characteristics._meta.concrete_fields}


def _children(holdings: Holdings) -> Iterable[Held]:
    """Each child held, with numbers and characteristics: of the records that the files speak of."""
    told = {row.child_id: row for row in Characteristics.unscoped.filter(authority_id=holdings.actor.authority)}
    numbers = Identifiers.unscoped.filter(authority_id=holdings.actor.authority).select_related("child")
    for held in numbers:
        child, traits = held.child, told.get(held.child_id)
        if child.pk not in holdings.numbers:
            continue
        values: dict[str, Any] = {"child_id": held.child_number}
        values |= {name: getattr(child, name) for name in _OF_THE_CHILD}
        values |= {name: getattr(held, name) for name in _NUMBERS}
        values |= {name: getattr(traits, name) if traits else _EMPTY[name] for name in _CHARACTERISTICS}
        yield Held(values, (child, held, traits))


def _only(values: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: values[name] for name in names}


def _new_child(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    authority = holdings.actor.authority
    child = Child(authority_id=authority, source=holdings.source, **_only(values, _OF_THE_CHILD))
    child.search_words = search_words_of(child)
    changes.create(child)
    changes.create(
        Identifiers(
            authority_id=authority,
            child=child,
            child_number=values["child_id"],
            source=holdings.source,
            **_only(values, _NUMBERS),
        )
    )
    changes.create(
        Characteristics(authority_id=authority, child=child, source=holdings.source, **_only(values, _CHARACTERISTICS))
    )
    holdings.children[values["child_id"]] = child


def _alter_child(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    child, numbers, traits = held.records
    if changes.update(child, **_only(values, _OF_THE_CHILD)):
        changes.update(child, search_words=search_words_of(child))
    changes.update(numbers, **_only(values, _NUMBERS))
    if traits is not None:
        changes.update(traits, **_only(values, _CHARACTERISTICS))
    else:
        changes.create(
            Characteristics(
                authority_id=holdings.actor.authority,
                child=child,
                source=holdings.source,
                **_only(values, _CHARACTERISTICS),
            )
        )


CHILDREN = Table(
    "children",
    "Children",
    (
        text("child_id", 20, needed=True),
        text("upn", 13),
        text("uln", 10),
        text("given_name", 100),
        text("family_name", 100),
        text("known_as", 100),
        day("birth_date", needed=True),
        code("sex", SEX),
        code("ethnicity", ETHNICITY),
        text("first_language", 60),
        text("religion", 60),
        yes_no("uasc"),
        yes_no("disability"),
        yes_no("fsm"),
        one_of("held_as", Child.HeldAs.values, empty=Child.HeldAs.OWN),
        code("upn_unknown", UPN_UNKNOWN),
        text("former_upn", 13),
        day("uasc_until"),
    ),
    ("child_id",),
    _children,
    _new_child,
    _alter_child,
)

NAMES = facts_of_a_child(
    "names",
    "Earlier names",
    FormerName,
    (
        text("child_id", 20, needed=True),
        text("given_name", 100),
        text("family_name", 100),
        text("known_as", 100),
        day("start"),
        day("end"),
        text("reason", 200),
    ),
    key=("child_id", "given_name", "family_name", "start"),
)


def _allocations(holdings: Holdings) -> Iterable[Held]:
    rows = Allocation.unscoped.filter(authority_id=holdings.actor.authority).select_related("account")
    for row in rows:
        if row.child_id in holdings.numbers:
            values = {"child_id": holdings.numbers[row.child_id], "email": row.account.email, "role": row.role}
            yield Held({**values, "start": row.start, "end": row.end}, (row,))


def _refuse_a_link(role: str, holdings: Holdings) -> None:
    """An allocation opens the record, so who loads it must be able to write who has this role (who the carers are)."""
    section = section_of(role)
    if not may_write(holdings.actor, section):
        raise DoesNotFit("role", f"opens a part of the record that your role does not change: {section.title}")


def _new_allocation(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    _refuse_a_link(values["role"], holdings)
    changes.create(
        Allocation(
            authority_id=holdings.actor.authority,
            child=holdings.child(values["child_id"]),
            account=holdings.account(values["email"]),
            role=values["role"],
            start=values["start"],
            end=values["end"],
            source=holdings.source,
        )
    )


def _alter_allocation(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    _refuse_a_link(held.records[0].role, holdings)
    changes.update(held.records[0], end=values["end"])


ALLOCATIONS = Table(
    "allocations",
    "Allocations",
    (
        text("child_id", 20, needed=True),
        text("email", 254, needed=True),
        one_of("role", Role.values, needed=True),
        day("start", needed=True),
        day("end"),
    ),
    ("child_id", "email", "role", "start"),
    _allocations,
    _new_allocation,
    _alter_allocation,
)

"""A free text of a file that tells where a child lives does not go where more people read it (ADR-4).

There is nobody to ask about each of a thousand rows, so the words are left out, and the list of problems says of whom
and what kind of words. A person who may can write them in the record, and is asked there.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import models

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.children.forms.leaks import SENTENCES
from onroll.children.leaks import secrets_of, what_tells
from onroll.children.models import Allocation, Disclosure, Identifiers, PlacementAddress
from onroll.children.records import ChildRecord
from onroll.design.words import listed, lower_first

from .closed import whose
from .plans import Changes, Plan
from .problems import Grade, Problem

DONE = "Left the words out. Who may know the address can write them in the record"


def take_out(plan: Plan, actor: Actor) -> None:
    """Leave out of a plan the free texts that tell where their child lives. Four queries at most."""
    texts = list(_texts(plan.changes))
    if not texts:
        return
    secrets = _secrets(plan.changes, {whose(row) for row, _, _ in texts}, actor)
    found = []
    for row, values, field in texts:
        tells = what_tells(str(values[field.attname]), secrets[whose(row)]) if whose(row) in secrets else []
        if tells:
            setattr(row, field.attname, "")
            if values is not row.__dict__:
                del values[field.attname]
            elif not field.blank:
                # A target without its words is none.
                plan.changes.creates[type(row)] = [each for each in plan.changes.creates[type(row)] if each is not row]
            found.append((row, field, tells))
    for altered in plan.changes.updates.values():
        for pk in [pk for pk, (_, values) in altered.items() if not values]:
            del altered[pk]
    numbers = _numbers(plan.changes, [row for row, _, _ in found]) if found else {}
    for row, field, tells in found:
        words = lower_first(str(field.verbose_name))
        wrong = f"The words “{words}” tell {listed(tells)}"
        number = numbers.get(whose(row), "")
        plan.problems.append(Problem(Grade.LEFT_OUT, "tells", "", None, number, field.name, wrong, DONE))


def _texts(changes: Changes) -> Iterator[tuple[Any, dict[str, Any], Any]]:
    """Every free text that would be written: its row, where its value stands, and its field."""
    for model in {*changes.creates, *changes.updates}:
        if not issubclass(model, ChildRecord):
            continue
        fields = [
            field
            for field in model._meta.concrete_fields
            if type(field) in (models.CharField, models.TextField)
            and not field.choices
            and (field.max_length or SENTENCES) >= SENTENCES
        ]
        rows = [(row, row.__dict__) for row in changes.creates.get(model, [])] if fields else []
        rows += changes.updates.get(model, {}).values() if fields else []
        yield from ((row, values, field) for row, values in rows for field in fields if values.get(field.attname))


def _secrets(changes: Changes, children: set[Any], actor: Actor) -> dict[Any, Any]:
    """What tells where these children live, of those whose address is marked: as held, or as the file brings it."""
    held = PlacementAddress.unscoped.filter(
        authority_id=actor.authority,
        child__in=[key for key in children if isinstance(key, int)],
        episode__end__isnull=True,
    )
    addresses: dict[Any, Any] = {row.child_id: row for row in held.select_related("child").order_by("episode__start")}
    for row in changes.creates.get(PlacementAddress, []):
        if whose(row) in children and row.episode.end is None:  # type: ignore[attr-defined]
            addresses[whose(row)] = row
    marked = {key: row for key, row in addresses.items() if row.disclosure != Disclosure.ORDINARY}
    carers: dict[int, list[Any]] = defaultdict(list)
    living = Allocation.unscoped.filter(child__in=[k for k in marked if isinstance(k, int)], role=Role.CARER)
    for allocation in living.filter(end__isnull=True).select_related("account"):
        carers[allocation.child_id].append(allocation.account)
    return {key: secrets_of(row.child, row, carers.get(key, [])) for key, row in marked.items()}


def _numbers(changes: Changes, rows: list[Any]) -> dict[Any, str]:
    """The authority's numbers of the children of these rows."""
    held = Identifiers.unscoped.filter(child__in=[row.child_id for row in rows if row.child_id])
    numbers: dict[Any, str] = dict(held.values_list("child_id", "child_number"))
    new: list[Any] = changes.creates.get(Identifiers, [])
    return numbers | {whose(row): row.child_number for row in new}

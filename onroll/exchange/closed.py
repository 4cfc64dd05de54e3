"""No load ties a record that an adoption closed to the record of the same child's new life (ID-4), or opens a name.

A row that carries both identities is refused whole: nothing that the load says of that child is taken. It is reported
without a number, a name or a line: any of them would say which two records belong together.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model

from onroll.access.actors import Actor
from onroll.children.closing import NAME_OF_A_CHILD, TIE, closed_records, numbers_of, with_closed_names
from onroll.children.matching import ADOPTED
from onroll.children.models import CareEpisode, Child, Difference, FormerName, Identifiers
from onroll.history.viewing import noted

from .plans import Changes, Plan
from .problems import Grade, Problem

_NUMBERS = ("upn", "former_upn", "uln")
# Differences on these say who the child is.
_IDENTITY = ("child.", "identifiers.")
_NAMES = ("given_name", "family_name", "known_as", "search_words")
NAME = "A row would change the name of a person whose former names are closed"
NAME_DONE = "Kept the name as it is. Who works with the child can change it in the record"
WRONG = "A row would tie two records that must stay apart"
DONE = "Left the child of that row out, whole. Ask the custodians of the sealed register"


def keep_apart(plan: Plan, actor: Actor) -> int:
    """Take out of a plan every child by whom two records would be tied. Returns how many. Four queries at most."""
    _leave_names_alone(plan, with_closed_names(actor.authority))
    changes = plan.changes
    closed: set[Any] = set(closed_records(actor.authority))
    closing = {whose(row) for row, values in _written(changes, CareEpisode) if values.get("reason_ceased") in ADOPTED}
    if not closed | closing:
        return 0
    owners: dict[str, Any] = numbers_of(closed | closing, authority=actor.authority)
    for row in changes.creates.get(Identifiers, []):
        if whose(row) in closing:
            for number in filter(None, (getattr(row, name) for name in _NUMBERS)):
                owners.setdefault(number, whose(row))
    refused = set(_that_tie(changes, owners, closed, closing))
    if refused:
        _refuse(plan, refused)
        plan.problems.append(Problem(Grade.LEFT_OUT, "sealed", "", None, "", "", WRONG, DONE))
    return len(refused)


def _leave_names_alone(plan: Plan, children: set[int]) -> None:
    """Take out what a load says of the name of a person whose former names are closed: it may be one (ID-5)."""
    changes, taken = plan.changes, 0
    for pk in children & set(changes.updates.get(Child, {})):
        values = changes.updates[Child][pk][1]
        taken += len([values.pop(name) for name in _NAMES if name in values])
        if not values:
            del changes.updates[Child][pk]
    for model in (FormerName, Difference):
        rows: list[Any] = changes.creates.get(model, [])
        kept = [row for row in rows if whose(row) not in children or not _is_of_a_name(row)]
        taken += len(rows) - len(kept)
        if rows:
            changes.creates[model] = kept
    if taken:
        plan.problems.append(Problem(Grade.LEFT_OUT, "sealed", "", None, "", "", NAME, NAME_DONE))


def _is_of_a_name(row: Any) -> bool:
    return isinstance(row, FormerName) or re.match(NAME_OF_A_CHILD, row.fact) is not None


def _that_tie(changes: Changes, owners: dict[str, Any], closed: set[Any], closing: set[Any]) -> Iterator[Any]:
    """Whose rows would tie: by a number that is another's, or by who the child of a closed record is said to be now."""
    for row, values in _written(changes, Identifiers):
        if (
            any(owners.get(values.get(name) or "", whose(row)) != whose(row) for name in _NUMBERS)
            or whose(row) in closed
        ):
            yield whose(row)
    yield from (pk for pk in changes.updates.get(Child, {}) if pk in closed)
    # A name that changes with the order itself is the name of the new life.
    yield from (whose(row) for row in changes.creates.get(FormerName, []) if whose(row) in closed | closing)
    for row in changes.creates.get(Difference, []):
        if whose(row) in closed and row.fact.startswith(_IDENTITY):  # type: ignore[attr-defined]
            yield whose(row)


def _written(changes: Changes, model: type[Model]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The new and the altered rows of a model, each with the values that would be written."""
    yield from ((row, row.__dict__) for row in changes.creates.get(model, []))
    yield from changes.updates.get(model, {}).values()


def whose(row: Any) -> Any:
    """The child of a row: its key, or for one that this load makes its public id. None: the row is of no child."""
    if isinstance(row, Child):
        return row.pk or row.public_id
    if not hasattr(type(row), "child"):
        return None
    return row.__dict__.get("child_id") or row.child.public_id


def _refuse(plan: Plan, refused: set[Any]) -> None:
    """Take out everything that the load would do to these children, and their numbers from what it says it does."""
    changes = plan.changes
    numbers = {row.child_number for row in changes.creates.get(Identifiers, []) if whose(row) in refused}  # type: ignore[attr-defined]
    held = Identifiers.unscoped.filter(child__in=[key for key in refused if isinstance(key, int)])
    numbers |= set(held.values_list("child_number", flat=True))
    for model in (*changes.creates, *changes.deletes):
        for rows in (changes.creates, changes.deletes):
            if model in rows:
                rows[model] = _without(rows[model], refused)
    for altered in changes.updates.values():
        for pk in [pk for pk, (row, _) in altered.items() if whose(row) in refused]:
            del altered[pk]
    for sentence in plan.sentences:
        kept = [number for number in sentence.children if number not in numbers]
        sentence.count -= len(sentence.children) - len(kept)
        sentence.children = kept


def _without(rows: Iterable[Any], refused: set[Any]) -> list[Any]:
    return [row for row in rows if whose(row) not in refused]


def report(refused: int, actor: Actor) -> None:
    """Write down that a load held something that would tie two records. Nothing of what it was."""
    if refused:
        noted(actor, TIE, outcome="refused")

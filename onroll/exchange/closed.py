"""No load ties a record that an adoption closed to the record of the same child's new life (ID-4).

What a row says of who a closed record is about is not taken, and a number of a closed record goes into no other. It is
reported without a number, a name or a line: any of them would say which two records belong together.
"""

from typing import Any

from onroll.access.actors import Actor
from onroll.children.closing import TIE, closed_records, numbers_of_closed
from onroll.children.models import Child, Difference, FormerName, Identifiers
from onroll.history.viewing import noted

from .plans import Plan
from .problems import Grade, Problem

_NUMBERS = ("upn", "former_upn", "uln")
WRONG = "A row would tie two records that must stay apart"
DONE = "Left out what would tie them. Ask the custodians of the sealed register"


def keep_apart(plan: Plan, actor: Actor) -> int:
    """Take out of a plan what would tie a closed record to another: how much that was. Three queries at most."""
    closed = set(closed_records(actor.authority))
    if not closed:
        return 0
    numbers, taken = numbers_of_closed(actor.authority), 0
    changes: Any = plan.changes
    for row in changes.creates.get(Identifiers, []):
        taken += _take_numbers(row, {name: getattr(row, name) for name in _NUMBERS}, numbers)
    for pk, (row, values) in list(changes.updates.get(Identifiers, {}).items()):
        if row.child_id not in closed:
            taken += _take_numbers(row, values, numbers)
        if row.child_id in closed or not values:
            taken += row.child_id in closed
            del changes.updates[Identifiers][pk]
    for pk in [pk for pk in changes.updates.get(Child, {}) if pk in closed]:
        del changes.updates[Child][pk]
        taken += 1
    for model in (FormerName, Difference):
        kept = [row for row in changes.creates.get(model, []) if row.child_id not in closed]
        taken += len(changes.creates.get(model, [])) - len(kept)
        if model in changes.creates:
            changes.creates[model] = kept
    if taken:
        plan.problems.append(Problem(Grade.LEFT_OUT, "sealed", "", None, "", "", WRONG, DONE))
    return taken


def _take_numbers(row: Any, values: dict[str, Any], closed_numbers: set[str]) -> int:
    ties = [name for name in _NUMBERS if values.get(name) in closed_numbers]
    for name in ties:
        setattr(row, name, "")
        values.pop(name, None)
    return len(ties)


def report(taken: int, actor: Actor) -> None:
    """Write down that a load held something that would tie two records. Nothing of what it was."""
    if taken:
        noted(actor, TIE, outcome="refused")

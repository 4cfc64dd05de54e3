"""One fact giving way to the next: the one that holds ends on the day the new one starts."""

from datetime import date
from typing import TypeVar

from onroll.history.changes import ThisChange

from ..models import Child
from ..records import ChildSpell
from .saving import keep

S = TypeVar("S", bound=ChildSpell)


def start_next(new: S, child: Child, held: ChildSpell | None, start: date, this: ThisChange) -> S:
    """Write the new fact about the child from `start` on, in place of what held until then."""
    if held is not None:
        held.end = start
        keep(this, held)
    new.authority_id, new.child, new.start = child.authority_id, child, start
    return this.create(new)

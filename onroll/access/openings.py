"""Emergency openings: one child's record, read only, for two hours, with a reason and a reviewer (break-glass).

An opening is kept by a higher part, which says here how to find it. While an actor carries one, they have no other
child, write nothing of the record, and read what an emergency needs beside what their role reads (2.4).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from .actors import Actor

OPENING_IN_SESSION = "opening"

# Who the child is, where, with whom, in whose care, and what must be known to keep them safe.
NEEDED_IN_AN_EMERGENCY = frozenset({"a", "b", "c", "d", "d2", "k", "l", "n", "o", "p"})
SEALED = "t"


@dataclass(frozen=True)
class LiveOpening:
    """The emergency opening in which an actor works: `id` and `child` are database keys, `until` the moment it ends."""

    id: int
    public_id: UUID
    reference: str
    child: int
    child_public_id: UUID
    until: datetime
    renewed: bool = False


def cell_in_opening(letter: str, section: str) -> str:
    """The cell of a section in an emergency opening, from the cell that the role has without one. Never a write."""
    if section == SEALED:
        return ""
    if section in NEEDED_IN_AN_EMERGENCY or letter in ("W", "R"):
        return "R"
    return "S" if letter == "S" else ""


# `children` fills this at start: given the actor, the opening's key and the moment, the opening if it lives, or None.
_finders: list[Callable[["Actor", int, datetime], LiveOpening | None]] = []


def register_opening_finder(finder: Callable[["Actor", int, datetime], LiveOpening | None]) -> None:
    """Say who knows the emergency openings. There is one."""
    _finders[:] = [finder]


def opening_of(actor: "Actor", session: Any, now: datetime) -> LiveOpening | None:
    """The live opening that this session works in. One that has ended is forgotten."""
    key = session.get(OPENING_IN_SESSION)
    if key is None or not _finders:
        return None
    found = _finders[0](actor, key, now)
    if found is None:
        del session[OPENING_IN_SESSION]
    return found

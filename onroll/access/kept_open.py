"""A page that stays open while a meeting goes on, though nobody types for longer than a sign-in rests.

The sign-in itself is not prolonged: once it has rested for too long, what is kept open answers until its end, and every
other page asks who this is. What is asked of the open page then does not count as use of the sign-in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

IN_SESSION = "kept_open"
# Four hours of meeting and the half hour after it.
LONGEST = timedelta(minutes=270)


@dataclass(frozen=True)
class KeptOpen:
    """Until when which addresses answer: those that begin so. A moment is seconds since 1970, to be stored as JSON."""

    until: float
    paths: tuple[str, ...]

    @classmethod
    def of(cls, session: Any) -> "KeptOpen | None":
        held = session.get(IN_SESSION)
        return cls(held["until"], tuple(held["paths"])) if held else None

    @property
    def until_at(self) -> datetime:
        return datetime.fromtimestamp(self.until, UTC)

    def lives(self, now: datetime) -> bool:
        return now < self.until_at

    def holds(self, path: str, now: datetime) -> bool:
        return self.lives(now) and any(
            path == each or (each.endswith("/") and path.startswith(each)) for each in self.paths
        )


def keep_open(session: Any, paths: Sequence[str], *, length: timedelta, now: datetime) -> KeptOpen:
    """Keep these addresses open for so long. While they are open already their end stays: to look again moves nothing.

    An address that ends in a stroke stands for all below it. Another call for other addresses takes the place of this.
    """
    held = KeptOpen.of(session)
    if held is not None and held.paths == tuple(paths) and held.lives(now):
        return held
    new = KeptOpen((now + min(length, LONGEST)).timestamp(), tuple(paths))
    session[IN_SESSION] = {"until": new.until, "paths": list(new.paths)}
    return new


def close(session: Any) -> None:
    """Nothing is kept open any more."""
    session.pop(IN_SESSION, None)

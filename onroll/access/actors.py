"""Who is asking: one small frozen value, made at the edge and passed to everything below it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .openings import LiveOpening
from .roles import COMMAND_LINE, SYSTEM


@dataclass(frozen=True)
class Actor:
    """One person acting in one post, in one authority, on one day.

    `authority`, `account`, `post`, `team` and `school` are database keys. `account` and `post` are None for
    the command line and for background jobs, which act under a name and with the reach of a data officer.
    """

    authority: int
    role: str
    today: date
    name: str
    account: int | None = None
    post: int | None = None
    team: int | None = None
    school: int | None = None
    # The account whose cover the actor is: whatever they look at and write is on record as “actor for that person”.
    behalf_of: int | None = None
    # Authority setting "the virtual school keeps the roll" (security-requirements SEC-0).
    keeps_the_roll: bool = True
    # Authority setting "advisers see all children", not only their own and their team's.
    advisers_see_all: bool = False
    # Whose virtual school, for words on pages.
    authority_code: str = ""
    authority_name: str = ""
    demonstration: bool = False
    # The emergency opening in which they work: one child, read only, until its end. Every entry of the access log made
    # under it carries its key.
    opening: LiveOpening | None = None

    @classmethod
    def command_line(cls, authority: int, *, today: date, user: str) -> "Actor":
        """The person at the terminal: a data officer's writes over the whole authority."""
        return cls(authority=authority, role=COMMAND_LINE, today=today, name=f"Command line ({user})")

    @classmethod
    def system(cls, authority: int, *, today: date, name: str = "Onroll") -> "Actor":
        """A scheduled job of the product itself."""
        return cls(authority=authority, role=SYSTEM, today=today, name=name)

    @property
    def is_person(self) -> bool:
        return self.account is not None


# `people` fills this at start: given the signed-in account, the chosen post and today, the actor or None.
_finders: list[Callable[[Any, int | None, date], Actor | None]] = []


def register_actor_finder(finder: Callable[[Any, int | None, date], Actor | None]) -> None:
    """Say who turns a signed-in account into an actor. There is one."""
    _finders[:] = [finder]


def find_actor(account: Any, post: int | None, today: date) -> Actor | None:
    """The actor for this account in this post today. None when the account holds no live post."""
    return _finders[0](account, post, today) if _finders else None

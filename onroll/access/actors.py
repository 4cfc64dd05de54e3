"""Who is asking: one small frozen value, made at the edge and passed to everything below it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from .openings import LiveOpening
from .roles import COMMAND_LINE, SYSTEM, Role

# How a session names cover that was chosen in place of a post.
COVER = "cover:"


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
    school_name: str = ""
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
    # Authority settings of signing in: how long without a page, and how long in all.
    idle_minutes: int = 30
    sign_in_hours: int = 12
    # The moment of the request, for what ends to the minute. None where there is no request: what ends in the course
    # of the day counts as over from its beginning.
    at: datetime | None = None
    # When a password or second factor was last proved in this sign-in. None where nobody signed in.
    verified_at: datetime | None = None
    # Of cover, beside `behalf_of`: the name of whoever gave it, and its key.
    behalf_of_name: str = ""
    cover: int | None = None
    # Letters of the only sections that are open, where a cover or a link that is coming to its end narrows them.
    only_sections: frozenset[str] | None = None
    # The link has ended, and its days of grace to finish paperwork run: nothing is written but that.
    finishing: bool = False
    # This person has another post or cover to choose; and of the posts they hold at the same school for other
    # authorities, the authority and the post.
    several: bool = False
    beside: tuple[tuple[int, int], ...] = ()

    @classmethod
    def command_line(cls, authority: int, *, today: date, user: str) -> "Actor":
        """The person at the terminal: a data officer's writes over the whole authority."""
        return cls(authority=authority, role=COMMAND_LINE, today=today, name=f"Command line ({user})")

    @classmethod
    def system(cls, authority: int, *, today: date, name: str = "Onroll") -> "Actor":
        """A scheduled job of the product itself."""
        return cls(authority=authority, role=SYSTEM, today=today, name=name)

    def is_fresh(self, *, now: datetime, minutes: int = 15) -> bool:
        """Whether the person proved who they are within these minutes."""
        return self.verified_at is not None and now - self.verified_at < timedelta(minutes=minutes)

    @property
    def role_words(self) -> str:
        """What the role is called, for pages about posts."""
        return str(Role(self.role).label) if self.role in Role else ""

    @property
    def holder(self) -> int | None:
        """The account whose links count: the person's own, or of the one for whom they stand in."""
        return self.behalf_of or self.account

    @property
    def people(self) -> list[int]:
        """The accounts that may be kept from something: the person, and the one for whom they stand in.

        Cover is never wider than the giver's own.
        """
        return [each for each in (self.account, self.behalf_of) if each is not None]

    @property
    def chosen(self) -> int | str | None:
        """What a session keeps of whom the person chose to be: the post, or the cover."""
        return f"{COVER}{self.cover}" if self.cover else self.post

    @property
    def is_person(self) -> bool:
        return self.account is not None


# `people` fills these at start: given the signed-in account, the chosen post and today, the actor or None; and every
# actor that an account can be today, one for each post.
_finders: list[Callable[[Any, int | str | None, date], Actor | None]] = []
_all_finders: list[Callable[[Any, date], list[Actor]]] = []


def register_actor_finder(finder: Callable[[Any, int | str | None, date], Actor | None]) -> None:
    """Say who turns a signed-in account into an actor. There is one."""
    _finders[:] = [finder]


def register_actors_finder(finder: Callable[[Any, date], list[Actor]]) -> None:
    _all_finders[:] = [finder]


def actors_of(account: Any, today: date) -> list[Actor]:
    """Who this account can be today: an actor for each live post, in an order that does not change."""
    return _all_finders[0](account, today) if _all_finders else []


def find_actor(account: Any, post: int | str | None, today: date) -> Actor | None:
    """The actor for this account in this post today, without a post in its first. None when it does not hold it."""
    return _finders[0](account, post, today) if _finders else None

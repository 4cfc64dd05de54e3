"""In whose authority the work at hand is done: the wall of last resort beneath the gates of the query layer.

A request, a command or a job enters the scope of one authority and leaves it again:

    with in_authority(actor.authority):
        ...

On PostgreSQL the scope is told to the connection, and forced row-level security (`onroll/history/walls.py`) then lets
rows of that one authority through: none where no scope was entered, and no write outside it. Scopes nest, and the
inner one alone counts, so that a list over several authorities is read from one after the other. SQLite has no
row-level security: there the gates of the query layer, which call `require`, are the only wall.

A connection is told at once and at both ends, also one that opens in between (`history/connections.py`). Whatever
a rollback takes back was told within what is rolled back, since scopes and transactions nest.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

# What belongs to the installation and to no authority: setting one up, an account, a migration.
INSTALLATION = 0


class OutsideAuthority(Exception):
    """Work for an authority outside the scope of that authority. Nothing was read or written."""


@dataclass(frozen=True)
class Scope:
    """The one `authority` whose rows may be read and written, and the `account` that may find its own posts.

    `everywhere` is the installation as a whole: to migrate, to back up, to verify the chains. PostgreSQL grants it
    to the role that owns the tables, and ignores it for any other.
    """

    authority: int | None = None
    account: int | None = None
    everywhere: bool = False


NOWHERE = Scope()
EVERYWHERE = Scope(everywhere=True)

# Where work begins that has entered no scope yet. For a test's own words, outside of every page, command and change,
# it is everywhere (`history/testing.py`); in the product it is nowhere.
outermost = NOWHERE


def current() -> Scope:
    """The scope that this thread has entered."""
    return _scope_on(connection)


def _scope_on(connection: Any) -> Scope:
    return getattr(connection, "onroll_scope", None) or outermost


def in_authority(authority: int | None) -> Any:
    """Work for this authority: its rows and what is national, and no other authority's. None: no authority's yet."""
    return _entered(replace(current(), authority=authority, everywhere=False))


def nowhere() -> Any:
    """Work for nobody: only what is national. A page, a command and a job begin so."""
    return _entered(NOWHERE)


def finding_posts(account: int) -> Any:
    """As it is, and the posts of this account can be read in every authority, to choose the one it acts in.

    It is how a person who signs in finds their authorities. It opens their own posts and nothing that these lead to.
    """
    return _entered(replace(current(), account=account, everywhere=False))


def everywhere() -> Any:
    """Work for the installation as a whole. On PostgreSQL it takes the role that owns the tables."""
    return _entered(EVERYWHERE)


def for_change(authority: int) -> Any:
    """The scope of a change by an actor of this authority. Never another authority's than the one at work."""
    now = current()
    if now.everywhere or now.authority == authority:
        return _entered(now)
    if now.authority and authority:
        raise OutsideAuthority(f"A change of authority {authority} within the scope of authority {now.authority}.")
    return in_authority(authority)


def require(authority: int | None) -> None:
    """Raise OutsideAuthority unless the work at hand is in the scope of this authority."""
    now = current()
    if not authority:
        raise OutsideAuthority("No authority is set, so nothing is read.")
    if not now.everywhere and now.authority != authority:
        raise OutsideAuthority(f"Authority {authority} is not the one whose scope was entered ({now.authority}).")


@contextmanager
def _entered(scope: Scope) -> Iterator[None]:
    before = getattr(connection, "onroll_scope", None)
    if scope == current():
        yield
        return
    connection.onroll_scope = scope  # type: ignore[attr-defined]
    try:
        tell(connection)
        yield
    finally:
        connection.onroll_scope = before  # type: ignore[attr-defined]
        tell(connection)


def tell(connection: Any) -> None:
    """Give an open PostgreSQL connection the scope of its thread. It is one statement.

    After an error inside a transaction nothing can be told, and need not be: the rollback brings back what was set
    when the transaction, or its savepoint, began.
    """
    raw = connection.connection
    if connection.vendor != "postgresql" or raw is None or raw.closed:
        return
    if raw.info.transaction_status == raw.info.transaction_status.INERROR:
        return
    # On the connection itself: it is no query of the page, and must not be counted or recorded as one.
    raw.execute(*statement(_scope_on(connection)))


def statement(scope: Scope) -> tuple[str, list[str]]:
    return (
        "SELECT pg_catalog.set_config('onroll.authority', %s, false), "
        "pg_catalog.set_config('onroll.account', %s, false), pg_catalog.set_config('onroll.everywhere', %s, false)",
        [
            "" if scope.authority is None else str(scope.authority),
            "" if scope.account is None else str(scope.account),
            "on" if scope.everywhere else "",
        ],
    )

"""What every database connection of Onroll carries: the open change, and refusals put into our own words.

A refusal reaches the program as `Refused`, from one place and on both engines. It is not an IntegrityError: code that
takes that to mean "already there" must not hide it.
"""

import hashlib
import weakref
from typing import Any

from django.db import IntegrityError, ProgrammingError
from django.db.backends.signals import connection_created

from onroll.access import scope

from . import triggers
from .apart import OVERLAPS

MARK = "history: "
NO_CHANGE = MARK + "no change is open"
OTHER_AUTHORITY = "points to a row of another authority"


class Refused(Exception):
    """The database refused a write, to keep the history whole."""


class NoChangeOpen(Refused):
    """A write outside `change()`."""


class Overlap(Refused):
    """A spell that would share a day with another from which the model keeps it apart."""


class OtherAuthority(Refused):
    """A row that points to a row of another authority."""


def in_our_words(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    try:
        return execute(sql, params, many, context)
    except ProgrammingError as error:
        if "violates row-level security policy" not in str(error):
            raise
        raise scope.OutsideAuthority("A row was to be written that is not of the authority at work.") from error
    except IntegrityError as error:
        words = str(error).splitlines()[0] if str(error) else ""
        if not words.startswith(MARK):
            raise
        sentence = words.removeprefix(MARK)
        if words.startswith(NO_CHANGE):
            raise NoChangeOpen(sentence) from error
        if sentence.startswith(OVERLAPS):
            raise Overlap(sentence.removeprefix(OVERLAPS)) from error
        raise (OtherAuthority if OTHER_AUTHORITY in words else Refused)(sentence) from error


def open_changes(connection: Any) -> list[int]:
    """The ids of the changes open on this connection, the innermost last."""
    if not hasattr(connection, "history_open_changes"):
        connection.history_open_changes = []
    return connection.history_open_changes


def overlaps_noted(connection: Any) -> set[tuple[str, int]]:
    """SQLite: the spells that overlapped when they were written, by the name of the rule and their key."""
    if not hasattr(connection, "history_overlaps_noted"):
        connection.history_overlaps_noted = set()
    return connection.history_overlaps_noted


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def prepare(sender: Any, connection: Any, **kwargs: Any) -> None:
    if connection.alias != "default":
        return
    # The pool's connection may have another thread's.
    scope.tell(connection)
    open_changes(connection).clear()
    overlaps_noted(connection).clear()
    if in_our_words not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, in_our_words)
    raw = connection.connection
    if connection.vendor == "sqlite":
        # A weak reference: the function must not keep its own connection alive.
        wrapper = weakref.ref(connection)

        def history_now() -> int | None:
            # Outside a transaction there is no open change, whatever the list still says: executescript commits first.
            ours = wrapper()
            if ours is None:
                return None
            changes = open_changes(ours)
            return changes[-1] if changes and ours.connection.in_transaction else None

        def history_overlap(rule: str, key: int) -> None:
            overlaps_noted(wrapper()).add((rule, key))

        raw.create_function("history_now", 0, history_now)
        raw.create_function("history_overlap", 2, history_overlap)
        raw.create_function("history_sha256", 1, sha256, deterministic=True)
    elif getattr(raw, "history_checked", False):
        # The pool gives the same connection again and again.
        return
    if triggers.must_check():
        try:
            triggers.check(connection)
        except BaseException:
            connection.close()
            raise
        if connection.vendor != "sqlite":
            raw.history_checked = True


def connect() -> None:
    connection_created.connect(prepare, dispatch_uid="onroll.history")

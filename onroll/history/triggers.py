"""The triggers that record or refuse every write, made from the models after each migration, beside the walls.

What stands in the database is compared with what the models ask for whenever a connection opens: a migration that
died half-way leaves tables unguarded, and then nothing is served until it has been finished.
"""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection as default_connection
from django.db import transaction

from . import triggers_postgresql, triggers_sqlite
from .recorded import Table, recorded_tables

# Commands that make, repair or only describe the database.
MAY_RUN_UNGUARDED = {
    "check",
    "dbshell",
    "init",
    "makemigrations",
    "migrate",
    "optimizemigration",
    "restore",
    "showmigrations",
    "sqlmigrate",
    "squashmigrations",
}

_unguarded = 0


class HistoryNotInPlace(Exception):
    """The database does not record and refuse as the models ask. Nothing may be served from it."""


def install(connection: Any = default_connection, tables: list[Table] | None = None) -> None:
    """Make every trigger and function, in place of those that are there."""
    tables = recorded_tables() if tables is None else tables
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _drop_sqlite(cursor)
            for name, text in triggers_sqlite.statements(tables).items():
                cursor.execute(f"CREATE TRIGGER {name} {text}")
        else:
            triggers_postgresql.install(cursor, tables)


def drop(connection: Any = default_connection, *, keep_guard: bool = False) -> None:
    """Take the triggers away, to migrate. PostgreSQL can keep those that refuse."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _drop_sqlite(cursor)
        else:
            triggers_postgresql.drop(cursor, keep_guard=keep_guard)


def _drop_sqlite(cursor: Any) -> None:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'history\\_%' ESCAPE '\\'")
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP TRIGGER "{name}"')


@cache
def wanted_fingerprint(vendor: str) -> str:
    """Of all trigger and function texts that the models ask for."""
    if vendor == "sqlite":
        texts = triggers_sqlite.statements(recorded_tables())
        lines = [f"{name}|CREATE TRIGGER {name} {text}" for name, text in texts.items()]
    else:
        lines = triggers_postgresql.wanted_lines(recorded_tables())
    return hashlib.md5("\n".join(sorted(lines)).encode(), usedforsecurity=False).hexdigest()


def fingerprint(connection: Any = default_connection) -> str:
    """Of all trigger and function texts that are in the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name || '|' || sql FROM sqlite_master WHERE type = 'trigger'")
            lines = sorted(line for (line,) in cursor.fetchall())
            return hashlib.md5("\n".join(lines).encode(), usedforsecurity=False).hexdigest()
        return triggers_postgresql.fingerprint(cursor)


def are_in_place(connection: Any = default_connection) -> bool:
    return fingerprint(connection) == wanted_fingerprint(connection.vendor)


def check(connection: Any = default_connection) -> None:
    """Raise HistoryNotInPlace unless the database holds exactly the triggers that the models ask for."""
    if not are_in_place(connection):
        raise HistoryNotInPlace(
            "The database does not have the history that this version of Onroll needs. Run the command migrate."
        )


def must_check() -> bool:
    return not _unguarded and not (len(sys.argv) > 1 and sys.argv[1] in MAY_RUN_UNGUARDED)


@contextmanager
def unguarded() -> Iterator[None]:
    """For migrating and for making the database: connections open without being checked."""
    global _unguarded
    _unguarded += 1
    try:
        yield
    finally:
        _unguarded -= 1

"""Single alterations of a chain, as somebody with the file or the owner's rights could make them."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, transaction

from onroll.history import triggers
from onroll.history.testing import as_owner

Tampering = Callable[[Any, random.Random], None]


@contextmanager
def without_triggers() -> Iterator[None]:
    """The triggers away and the right to write: only for tests that commit, or are the owner."""
    with triggers.unguarded(), as_owner():
        triggers.drop(connection)
        yield


@contextmanager
def tampered(tampering: Tampering, chance: random.Random) -> Iterator[None]:
    """The database as it is after this one alteration, and then again as it was."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            tampering(cursor, chance)
            assert cursor.rowcount == 1, tampering
        yield
        transaction.set_rollback(True)


@contextmanager
def a_full_log() -> Iterator[None]:
    """The database takes no entry of the access log, as where its disk is full."""

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "history_entry"') or "history_look(" in sql:
            raise DatabaseError("the disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


def _pick(cursor: Any, chance: random.Random, query: str) -> tuple:
    cursor.execute(query)
    return chance.choice(cursor.fetchall())


def _other(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text)) if text else 0
    return text[:at] + chr((ord(text[at]) if text else 64) ^ 1) + text[at + 1 :]


def alter_text(table: str, column: str, where: str = "1 = 1") -> Tampering:
    def tamper(cursor: Any, chance: random.Random) -> None:
        id, text = _pick(cursor, chance, f"SELECT id, {column} FROM {table} WHERE {where}")
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [_other(text, chance), id])

    tamper.__name__ = f"alter {table}.{column}"
    return tamper


def alter_number(table: str, column: str) -> Tampering:
    def tamper(cursor: Any, chance: random.Random) -> None:
        id, value = _pick(cursor, chance, f"SELECT id, {column} FROM {table}")
        # Far away, so that it never runs into a number that must be unique.
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE id = %s", [(value or 0) + chance.choice([7000, 9001]), id]
        )

    tamper.__name__ = f"alter {table}.{column}"
    return tamper


def remove(table: str, key: str = "id") -> Tampering:
    def tamper(cursor: Any, chance: random.Random) -> None:
        (id,) = _pick(cursor, chance, f"SELECT {key} FROM {table}")
        cursor.execute(f"DELETE FROM {table} WHERE {key} = %s", [id])

    tamper.__name__ = f"remove from {table}"
    return tamper


def insert_copy(table: str, columns: str, alike: str, values: str) -> Tampering:
    """Another row beside one that is there, under a new id."""

    def tamper(cursor: Any, chance: random.Random) -> None:
        (id,) = _pick(cursor, chance, f"SELECT id FROM {table}")
        (last,) = _pick(cursor, chance, f"SELECT max(id) FROM {table}")
        cursor.execute(
            f"INSERT INTO {table} (id, {columns}, {alike}) SELECT %s, {values}, {alike} FROM {table} WHERE id = %s",
            [last + chance.randrange(1, 5), id],
        )

    tamper.__name__ = f"insert into {table}"
    return tamper


def swap(table: str, column: str) -> Tampering:
    """Two rows exchange what they say: one statement, so that it is a single alteration."""

    def tamper(cursor: Any, chance: random.Random) -> None:
        cursor.execute(f"SELECT id, {column} FROM {table}")
        rows = cursor.fetchall()
        one = chance.choice(rows)
        other = chance.choice([row for row in rows if row[1] != one[1]])
        cursor.execute(
            f"UPDATE {table} SET {column} = CASE WHEN id = %s THEN %s ELSE %s END WHERE id IN (%s, %s)",
            [one[0], other[1], one[1], one[0], other[0]],
        )
        assert cursor.rowcount == 2
        cursor.execute("SELECT 1")
        cursor.fetchall()
        cursor.execute(f"UPDATE {table} SET {column} = {column} WHERE id = %s", [one[0]])

    tamper.__name__ = f"swap {table}.{column}"
    return tamper

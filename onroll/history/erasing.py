"""Erasing a child's record for good, without breaking the chain.

The rows go first, because their deletion writes them into the history once more. Then every payload about the child is
replaced by its digest, and the salt that the digest was made with is destroyed: what it said can't even be guessed.
The reasons given in changes about the child go the same way. The access log stays: it holds no value of a record.
"""
# ruff: noqa: S608 -- names of tables and columns come from the models, values are parameters

from collections.abc import Callable, Collection

from django.db import connection

from onroll.access.actors import Actor

from .changes import change
from .recorded import recorded_tables
from .verbs import DISPOSED

# What a higher part keeps of children outside the tables goes as well. It is told inside the change, rows still there.
_also: list[Callable[[Collection[int]], None]] = []


def also_erase(erase: Callable[[Collection[int]], None]) -> None:
    if erase not in _also:
        _also.append(erase)


def dispose(children: Collection[int], *, actor: Actor, reason: str) -> int:
    """Delete every row about these children and erase their history. Returns how many events were erased.

    The reason stays readable, so it must not tell of a child. Of two records that were merged, name both.
    """
    keys = sorted(children)
    with change(DISPOSED, actor=actor, reason=reason):
        for erase in _also:
            erase(keys)
        with connection.cursor() as cursor:
            for table in recorded_tables():
                if table.child:
                    for some in _portions(keys):
                        marks = ", ".join(["%s"] * len(some))
                        cursor.execute(f'DELETE FROM "{table.name}" WHERE "{table.child}" IN ({marks})', some)
        return sum(_erase(some) for some in _portions(keys))


def _erase(children: list[int]) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT history_erase(%s)", [children])
            return cursor.fetchone()[0]
        marks = ", ".join(["%s"] * len(children))
        salt = "(SELECT salt FROM history_salt s WHERE s.child = {}.child)"
        cursor.execute(
            "INSERT OR IGNORE INTO history_salt (child, salt) "
            f"SELECT child, lower(hex(randomblob(16))) FROM (SELECT DISTINCT child FROM history_event "
            f"WHERE child IN ({marks}) UNION SELECT child FROM history_change WHERE child IN ({marks}))",
            [*children, *children],
        )
        cursor.execute(
            f"UPDATE history_event SET digest = history_sha256({salt.format('history_event')} || payload), "
            f"payload = '' WHERE child IN ({marks}) AND digest = ''",
            children,
        )
        erased = cursor.rowcount
        cursor.execute(
            f"UPDATE history_change SET words_digest = history_sha256({salt.format('history_change')} "
            "|| history_sha256(reason) || history_sha256(batch)), reason = '', batch = '' "
            f"WHERE child IN ({marks}) AND words_digest = '' AND id <> history_now()",
            children,
        )
        cursor.execute(f"DELETE FROM history_salt WHERE child IN ({marks})", children)
        return erased


def _portions(keys: list[int]) -> list[list[int]]:
    return [keys[start : start + 500] for start in range(0, len(keys), 500)]

"""At the end of a change: spells that a model keeps apart and that still share a day are refused."""

from functools import cache
from typing import Any

from .apart import SQLITE_EVER, KeptApart, counts, rivals
from .connections import Overlap, overlaps_noted
from .recorded import recorded_tables


@cache
def _rules() -> dict[str, KeptApart]:
    return {rule.name: rule for table in recorded_tables() for rule in table.apart}


def refuse(connection: Any) -> None:
    """Raise Overlap if a spell written since the last look shares a day with one that it must not."""
    if connection.vendor == "sqlite":
        noted = set(overlaps_noted(connection))
        overlaps_noted(connection).clear()
        with connection.cursor() as cursor:
            for name, key in sorted(noted):
                if _still_overlaps(cursor, _rules()[name], key):
                    raise Overlap(_rules()[name].words)
        return
    # The triggers are deferred to the commit, and so are foreign keys: both speak now, while the change is open.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _still_overlaps(cursor: Any, rule: KeptApart, key: int) -> bool:
    together = rivals(rule, "r", "IS", SQLITE_EVER)
    cursor.execute(
        f'SELECT 1 FROM "{rule.table}" r JOIN "{rule.table}" o ON {together} '  # noqa: S608
        f'WHERE r."{rule.key}" = %s AND {counts(rule, "r")} LIMIT 1',
        [key],
    )
    return cursor.fetchone() is not None

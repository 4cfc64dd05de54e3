"""For tests that commit: `transactional_db` and `live_server` empty every table afterwards, which triggers refuse.

The triggers are taken away for that moment and made again. They are never loosened for a test.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from . import triggers
from .recorded import recorded_tables

_as_owner: Callable[[], AbstractContextManager] = nullcontext


def as_owner() -> AbstractContextManager:
    """Be the role that may alter tables, for a test that does. Only outside a transaction."""
    return _as_owner()


def let_tests_flush(as_owner: Callable[[], AbstractContextManager] = nullcontext) -> None:
    """Wrap the teardown of tests that commit. `as_owner` gives the role that may empty tables."""
    global _as_owner
    _as_owner = as_owner
    case: Any = TransactionTestCase
    teardown = case._fixture_teardown
    if getattr(teardown, "keeps_history", False):
        return

    def flush_without_triggers(self: Any) -> None:
        with triggers.unguarded(), as_owner():
            triggers.drop(connection)
            try:
                teardown(self)
            finally:
                there = set(connection.introspection.table_names())
                triggers.install(connection, [table for table in recorded_tables() if table.name in there])

    flush_without_triggers.keeps_history = True  # type: ignore[attr-defined]
    case._fixture_teardown = flush_without_triggers

"""What the tests need of the history and of the walls, without loosening either.

Tests that commit: `transactional_db` and `live_server` empty every table afterwards, which triggers refuse. They are
taken away for that moment and made again.

Whose eyes a test has: what it says itself, between the pages it asks for, sets a scene in several authorities and looks
at all of it. It does so everywhere, as a role of its own that row-level security does not hold. What it calls is held:
from where a page, a command or a change enters a scope until it leaves it, the database sees the web role.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import dj_database_url
from django.db import connection
from django.test import TransactionTestCase

from onroll.access import scope

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


def let_tests_see_everything() -> None:
    """From now on what has entered no scope is a test's own look. On PostgreSQL it has a role for that."""
    scope.outermost = scope.EVERYWHERE
    reader_url = os.environ.get("DATABASE_READER_URL")
    if connection.vendor != "postgresql" or not reader_url:
        return
    web, reader = connection.settings_dict["USER"], dj_database_url.parse(reader_url)
    if reader["USER"] == web:
        return
    connection.close()
    connection.settings_dict.update(USER=reader["USER"], PASSWORD=reader["PASSWORD"])
    telling: Any = scope
    told = scope.statement

    def told_with_role(entered: scope.Scope) -> tuple[str, list[str]]:
        statement, words = told(entered)
        role = "none" if entered.everywhere else web
        return f"{statement}, pg_catalog.set_config('role', %s, false)", [*words, role]

    telling.statement = told_with_role

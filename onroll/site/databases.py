"""Acting on the database as the role that owns its tables, which the web server never is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import dj_database_url
from django.db import connection


@contextmanager
def as_owner() -> Iterator[None]:
    """Be the role that DATABASE_OWNER_URL names. Without it there is only the one role, and nothing changes."""
    owner_url = os.environ.get("DATABASE_OWNER_URL")
    if not owner_url or connection.vendor != "postgresql":
        yield
        return
    owner = dict(dj_database_url.parse(owner_url))
    usual = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    _become({key: owner[key] for key in usual})
    try:
        yield
    finally:
        _become(usual)


def _become(role: dict[str, str]) -> None:
    connection.close()
    connection.close_pool()
    connection.settings_dict.update(role)

"""Acting on the database as the role that owns its tables, which the web server never is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import dj_database_url
from django.db import connection

from onroll.access import scope

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper


@contextmanager
def as_owner() -> Iterator[None]:
    """Be the role that DATABASE_OWNER_URL names, and work for the installation as a whole.

    Without that address there is only the one role.
    """
    owner_url = os.environ.get("DATABASE_OWNER_URL")
    if not owner_url or connection.vendor != "postgresql":
        with scope.everywhere():
            yield
        return
    owner = dj_database_url.parse(owner_url)
    usual = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    _become(owner["USER"], owner["PASSWORD"])
    try:
        with scope.everywhere():
            yield
    finally:
        _become(*usual)


def _become(user: str, password: str) -> None:
    connection.close()
    # The pool's connections are of the other role.
    cast("DatabaseWrapper", connection).close_pool()
    connection.settings_dict.update(USER=user, PASSWORD=password)

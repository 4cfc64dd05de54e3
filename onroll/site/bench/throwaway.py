"""An installation for one run of a benchmark: a home and a database of its own, gone at the end.

What ONROLL_HOME and DATABASE_URL name is never touched: of the server alone another database is asked.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL")


@contextmanager
def home() -> Iterator[None]:
    """A folder that the settings take for the installation. To be entered before they are read."""
    with tempfile.TemporaryDirectory(prefix="onroll-bench-") as folder:
        for name in [name for name in os.environ if name.startswith("ONROLL_")]:
            del os.environ[name]
        os.environ |= {"ONROLL_HOME": folder, "ONROLL_LOOPBACK": "1"}
        yield


@contextmanager
def database() -> Iterator[None]:
    """A new database with nothing in it: a file of the home, or another one on the server."""
    from django.conf import settings
    from django.db import connection

    name = f"onroll_bench_{secrets.token_hex(6)}"
    if connection.vendor != "postgresql":
        connection.settings_dict["NAME"] = settings.ONROLL_HOME / f"{name}.sqlite3"
        yield
        connection.close()
        return
    addresses = {key: os.environ[key] for key in ADDRESSES if os.environ.get(key)}
    _on_server(addresses, f"CREATE DATABASE {name}")
    connection.settings_dict["NAME"] = name
    try:
        os.environ |= {key: urlunsplit(urlsplit(url)._replace(path=f"/{name}")) for key, url in addresses.items()}
        yield
    finally:
        os.environ |= addresses
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        _on_server(addresses, f"DROP DATABASE {name}")


def _on_server(addresses: dict[str, str], statement: str) -> None:
    import psycopg

    from onroll.site.installation import Refused

    with psycopg.connect(addresses.get("DATABASE_OWNER_URL") or addresses["DATABASE_URL"], autocommit=True) as server:
        try:
            server.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            raise Refused(
                "A benchmark makes a database of its own, which this role of the server may not do. Give the role of"
                " DATABASE_OWNER_URL the right CREATEDB, or leave DATABASE_URL out to measure SQLite."
            ) from None

"""An installation for one run of a benchmark: a home and a database of its own, gone at the end.

What ONROLL_HOME and DATABASE_URL name is never touched: of the server alone another database is asked.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL")
SERVERS = ("postgres", "postgresql")


@contextmanager
def home() -> Iterator[None]:
    """A folder that the settings take for the installation. To be entered before they are read."""
    with tempfile.TemporaryDirectory(prefix="onroll-bench-") as folder:
        own = [name for name in os.environ if name.startswith("ONROLL_")]
        # Of a server another database is asked for; a file that an address names would be the real one.
        own += [name for name in ADDRESSES if os.environ.get(name, "").partition(":")[0] not in SERVERS]
        for name in own:
            os.environ.pop(name, None)
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
    # A connection that is open already would go on in the database that it is in.
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["NAME"] = name
    try:
        os.environ |= {key: of_database(url, name) for key, url in addresses.items()}
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            assert cursor.fetchone() == (name,), "the benchmark is not in its own database"
        yield
    finally:
        os.environ |= addresses
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        _on_server(addresses, f"DROP DATABASE {name}")


def of_database(url: str, name: str) -> str:
    """The same address, of another database of the server."""
    parts = urlsplit(url)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key != "dbname"]
    return urlunsplit(parts._replace(path=f"/{name}", query=urlencode(kept)))


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

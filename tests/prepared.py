"""An installation with its tables and nothing in them: made once, by the first process that needs it, copied by all.

To migrate from nothing takes longer than most files of tests. What it was made from names it, so that nobody is given
the tables of other code.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

CHECKOUT = Path(__file__).resolve().parents[1]
KEPT = CHECKOUT / ".pytest_cache" / "prepared"
PREPARE = "import django; django.setup(); from onroll.site.installation import prepare; prepare()"
# The name of the database in a home.
SQLITE = "onroll.sqlite3"
ON_POSTGRESQL = bool(os.environ.get("DATABASE_URL"))


def prepared_home() -> Path:
    """The home of the prepared installation, to copy from: its keys, its static files, and on SQLite its tables."""
    home = KEPT / digest()
    with one_at_a_time():
        if not home.exists():
            for older in KEPT.glob("*/"):
                shutil.rmtree(older)
            unfinished = Path(tempfile.mkdtemp(dir=KEPT))
            prepare(unfinished)
            unfinished.rename(home)
    return home


def copy_prepared_database(to: str) -> None:
    """Make a database of this name on the server, with the tables and nothing in them."""
    with one_at_a_time():
        if not on_server("SELECT 1 FROM pg_database WHERE datname = %s", prepared_database()):
            unfinished = f"{prepared_database()}_unfinished"
            on_server(f"DROP DATABASE IF EXISTS {unfinished}")
            on_server(f"CREATE DATABASE {unfinished}")
            with tempfile.TemporaryDirectory() as home:
                prepare(Path(home), unfinished)
            on_server(f"ALTER DATABASE {unfinished} RENAME TO {prepared_database()}")
        on_server(f"CREATE DATABASE {to} TEMPLATE {prepared_database()}")


def drop_prepared_database() -> None:
    drop_database(prepared_database())


def drop_database(name: str) -> None:
    """Drop it, and end what a test left open in it; not by force, which stumbles over the server's own housekeeping."""
    on_server(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
        name,
    )
    on_server(f"DROP DATABASE IF EXISTS {name}")


def prepared_database() -> str:
    return f"onroll_test_{digest()}"


@cache
def digest() -> str:
    """Of all that tables, triggers and walls are made from."""
    found = hashlib.sha256()
    for path in sorted([*CHECKOUT.glob("onroll/**/*.py"), *CHECKOUT.glob("requirements/*.txt")]):
        if "tests" not in path.parts:
            found.update(f"{path.relative_to(CHECKOUT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return found.hexdigest()[:20]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(home: Path, database: str = "") -> None:
    """Migrate from nothing, as a new installation does."""
    environment = environment_of(home, database) | {"DJANGO_SETTINGS_MODULE": "onroll.site.settings"}
    subprocess.run([sys.executable, "-c", PREPARE], cwd=CHECKOUT, env=environment, check=True)


def environment_of(home: Path, database: str) -> dict[str, str]:
    """What an installation is told of where it is: its home, and on PostgreSQL its database. No database: on SQLite."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ONROLL_", "DJANGO_"))}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        if (url := environment.pop(name, "")) and database:
            environment[name] = urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
    return environment | {"ONROLL_HOME": str(home)}


def on_server(statement: str, *words: str) -> list[tuple]:
    """What the server of the run answers the role that owns the tables."""
    url = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    with closing(psycopg.connect(url, autocommit=True)) as server:
        answer = server.execute(statement, words or None)
        return answer.fetchall() if answer.description else []

"""Whole installations, each with a home and a database of its own, driven through the command line."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

ON_POSTGRESQL = bool(os.environ.get("DATABASE_URL"))


class Installation:
    """One home, and on PostgreSQL one database, and `onroll` run in it as a person would."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("ONROLL_", "DJANGO_"))
        }
        self.environment["ONROLL_HOME"] = str(home)
        self.database = f"onroll_test_{uuid.uuid4().hex[:12]}"
        if ON_POSTGRESQL:
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
                if url := os.environ.get(name):
                    self.environment[name] = urlunsplit(urlsplit(url)._replace(path=f"/{self.database}"))

    def make_database(self, like: "Installation | None" = None) -> None:
        if ON_POSTGRESQL:
            self._on_server(f"CREATE DATABASE {self.database}" + (f" TEMPLATE {like.database}" if like else ""))

    def drop_database(self) -> None:
        if ON_POSTGRESQL:
            self._on_server(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")

    def _on_server(self, statement: str) -> None:
        url = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            connection.execute(statement)

    def onroll(self, *words: Any, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "onroll.site.command_line", *map(str, words)]
        return subprocess.run(command, env=self.environment | environment, capture_output=True, text=True, timeout=120)

    def done(self, *words: Any) -> str:
        """What a command printed that was done."""
        result = self.onroll(*words)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def data(self, *words: Any) -> Any:
        return json.loads(self.done(*words, "--json"))

    def refused(self, *words: Any) -> str:
        """Why a command was refused."""
        result = self.onroll(*words)
        assert result.returncode == 1, result.stdout
        assert "Traceback" not in result.stderr
        return result.stderr


@pytest.fixture(scope="session")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with one authority and nothing in it: made once, and copied for each test."""
    made = Installation(tmp_path_factory.mktemp("installation"))
    made.make_database()
    made.done("init", "--authority", "336")
    yield made
    made.drop_database()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    """An installation that nobody has set up."""
    installation = Installation(tmp_path / "empty")
    installation.make_database()
    yield installation
    installation.drop_database()


@pytest.fixture
def installation(tmp_path: Path, set_up_once: Installation) -> Iterator[Installation]:
    """An installation with one authority, Wolverhampton, and nothing in it."""
    copy = Installation(tmp_path / "home")
    shutil.copytree(set_up_once.home, copy.home)
    copy.make_database(like=set_up_once)
    yield copy
    copy.drop_database()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A small file of the register of schools."""
    path = tmp_path / "register.csv"
    path.write_text("URN,EstablishmentName,Town,LastChangedDate\n106653,Fernhill School,Sheffield,01-01-2020\n")
    return path

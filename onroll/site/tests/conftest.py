"""Whole installations, each with a home and a database of its own, driven through the command line."""

import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.prepared import (
    ON_POSTGRESQL,
    copy_prepared_database,
    drop_database,
    environment_of,
    on_server,
    prepared_home,
)

BACKUP, KEYS = "onroll.tar.gz", "onroll.keys"


class Installation:
    """One home, and on PostgreSQL one database, and `onroll` run in it as a person would."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.database = f"onroll_test_{uuid.uuid4().hex[:12]}"
        self.environment = environment_of(home, self.database)

    def prepare(self) -> None:
        """Have its tables, without the time that it takes to make them."""
        shutil.copytree(prepared_home(), self.home)
        if ON_POSTGRESQL:
            copy_prepared_database(self.database)

    def make_database(self, like: "Installation | None" = None) -> None:
        if ON_POSTGRESQL:
            on_server(f"CREATE DATABASE {self.database}" + (f" TEMPLATE {like.database}" if like else ""))

    def drop_database(self) -> None:
        if ON_POSTGRESQL:
            drop_database(self.database)

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
    made = Installation(tmp_path_factory.mktemp("installation") / "home")
    made.prepare()
    made.done("init", "--authority", "336")
    yield made
    made.drop_database()


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[Installation]:
    """An installation that has its tables, and no authority."""
    installation = Installation(tmp_path / "prepared")
    installation.prepare()
    yield installation
    installation.drop_database()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    """An installation that nobody has set up: it has no tables yet."""
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


@pytest.fixture(scope="session")
def backed_up_once(tmp_path_factory: pytest.TempPathFactory, set_up_once: Installation) -> Iterator[Installation]:
    """An installation in which a file was loaded, its backup, and its keys apart: made once, copied for each test."""
    made = Installation(tmp_path_factory.mktemp("backed_up") / "home")
    shutil.copytree(set_up_once.home, made.home)
    made.make_database(like=set_up_once)
    made.done("import", "gias", a_register(tmp_path_factory.mktemp("register")), "--authority", "336")
    made.done("backup", made.home / BACKUP, "--keys", made.home / KEYS)
    yield made
    made.drop_database()


@pytest.fixture
def backed_up(tmp_path: Path, backed_up_once: Installation) -> Iterator[Any]:
    """An installation in which a file was loaded, its backup, and its keys apart."""
    copy: Any = Installation(tmp_path / "home")
    shutil.copytree(backed_up_once.home, copy.home)
    copy.make_database(like=backed_up_once)
    copy.backup, copy.keys = copy.home / BACKUP, copy.home / KEYS
    yield copy
    copy.drop_database()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A small file of the register of schools."""
    return a_register(tmp_path)


def a_register(folder: Path) -> Path:
    path = folder / "register.csv"
    path.write_text("URN,EstablishmentName,Town,LastChangedDate\n106653,Fernhill School,Sheffield,01-01-2020\n")
    return path

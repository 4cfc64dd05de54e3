"""Writers at the same time, and writers that are killed: no gap, no fork, no row without its event."""

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from onroll.authorities.models import Authority
from onroll.history.changes import change

from .rows import SAM

NIGHTLY = os.environ.get("ONROLL_NIGHTLY") == "1"
# SQLite waits for the disk at each change, one writer after the other.
NIGHTLY_CHANGES = 40 if os.environ.get("DATABASE_URL") else 6
WRITERS, CHANGES, KILLS = (50, NIGHTLY_CHANGES, 25) if NIGHTLY else (8, 6, 2)

REPORT = """
from django.db.models import Sum
from onroll.history import reading, sealing, viewing
from onroll.history.models import Change, Event, Seal
from onroll.history.recorded import recorded_models
print(*sealing.verify(), *viewing.verify_log(), sep="; ", end="|")
print(*(words for model in recorded_models() for words in reading.differences_from_rows(model)), sep="; ", end="|")
sealed = Seal.objects.aggregate(sum=Sum("count"))["sum"] or 0
print(Change.objects.count() - Seal.objects.count(), Event.objects.count() - sealed, sep="|", end="|")
print(Event.objects.count())
"""


class Database:
    """A database that several processes write to: a file of its own, or PostgreSQL's test database."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def start(self, *words: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str) -> str:
        process = self.start(*words)
        try:
            out, errors = process.communicate(timeout=300)
        finally:
            process.kill()
        assert process.returncode == 0, errors[-3000:]
        return out

    def program(self, text: str) -> str:
        return self.run("-c", f"import django; django.setup()\n{text}")

    def report(self) -> tuple[str, str, str, str, int]:
        findings, differences, unsealed_changes, unsealed_events, events = self.program(REPORT).strip().split("|")
        return findings, differences, unsealed_changes, unsealed_events, int(events)


@pytest.fixture
def database(tmp_path: Path, transactional_db: None) -> Database:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "onroll.site.settings",
        "ONROLL_HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with change("test.set_up", actor=SAM) as this:
        for n in range(3):
            this.create(Authority(code=f"90{n}", name=f"Authority {n}", live_from=date(2020, 1, 1)))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "onroll.sqlite3")])
        return Database(environment)
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return Database(environment | {"DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}"})


WRITE = ("-m", "onroll.history.tests.writers")


@pytest.mark.proves("LOG-3")
def test_many_writers_leave_no_gap_and_no_fork(database):
    before = database.report()[-1]
    database.run(*WRITE, str(WRITERS), str(CHANGES))
    *faults, events = database.report()
    assert faults == ["", "", "0", "0"]
    assert events - before == WRITERS * sum(3 if n % 3 == 2 else 2 for n in range(CHANGES))


def test_killed_writers_leave_rows_and_events_equal_and_the_chain_whole(database):
    before = database.report()[-1]
    for kill in range(KILLS):
        process = database.start(*WRITE, "4", "100000")
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        time.sleep(kill % 7 / 10)
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    *faults, events = database.report()
    assert faults == ["", "", "0", "0"]
    assert events > before

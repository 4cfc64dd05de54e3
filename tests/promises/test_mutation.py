"""The tests of the guard can fail: each piece of it that is broken is noticed by one of them."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from .mutation import Mutant, killed, mutants_of

GUARD = {
    "onroll/access/can.py": ["tests/promises/test_guard.py", "tests/promises/test_pages.py"],
    "onroll/access/pages.py": ["tests/promises/test_pages.py", "onroll/site/tests/test_visits.py"],
    "onroll/access/sections.py": ["tests/promises/test_guard.py", "onroll/children/tests"],
    "onroll/children/visibility.py": [
        "tests/promises/test_guard.py",
        "onroll/children/tests",
        "tests/promises/test_attacks.py",
    ],
    "onroll/children/records.py": ["tests/promises/test_guard.py", "onroll/children/tests"],
    "onroll/children/disclosure.py": ["onroll/children/tests", "tests/promises/test_attacks.py"],
    "onroll/children/pages.py": ["tests/promises/test_pages.py", "tests/promises/test_attacks.py"],
    "onroll/profile/pages.py": [
        "tests/promises/test_pages.py",
        "tests/promises/test_attacks.py",
        "onroll/profile/tests",
    ],
    "onroll/history/viewing.py": ["onroll/history/tests/test_viewing.py", "onroll/history/tests/test_chain.py"],
}
# On every change a few that would open a child's record to the wrong person, each noticed by the matrix of the guard.
EVERY_TIME = "onroll/children/visibility.py", {"leaves out account_id=", "leaves out school_id=", "leaves out team_id="}


@pytest.fixture
def migrated(db, tmp_path) -> Path:
    """A file with this run's tables and nothing in them."""
    path = tmp_path / "migrated.sqlite3"
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
    return path


def noticed(mutants: list[Mutant], migrated: Path) -> list[bool]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda mutant: killed(mutant, GUARD[mutant.path], migrated), mutants))


def every_mutant() -> list[Mutant]:
    return [mutant for path in GUARD for mutant in mutants_of(path)]


@pytest.mark.sqlite
def test_a_piece_of_the_guard_that_is_broken_is_noticed(migrated):
    path, words = EVERY_TIME
    # The first place in the module that each stands at.
    chosen = {mutant.words: mutant for mutant in reversed(mutants_of(path)) if mutant.words in words}
    assert set(chosen) == words

    judge = ["tests/promises/test_guard.py"]
    assert [str(mutant) for mutant in chosen.values() if not killed(mutant, judge, migrated)] == []


@pytest.mark.sqlite
@pytest.mark.nightly
def test_at_least_95_of_100_mutants_of_the_guard_are_noticed(migrated):
    every = every_mutant()

    survived = [str(mutant) for mutant, seen in zip(every, noticed(every, migrated), strict=True) if not seen]

    assert len(survived) <= len(every) * 0.05, f"{len(survived)} of {len(every)} were not noticed: {survived}"

"""The tests of the guard can fail: each piece of it that is broken is noticed by one of them."""

import pytest

from .mutation import mutants_of, survivors

MATRIX = "tests/promises/test_guard.py"
PAGES = "tests/promises/test_pages.py"
ATTACKS = "tests/promises/test_attacks.py"
# Each module of the guard, and the tests that are to notice what is broken in it, the quickest first.
GUARD = {
    "onroll/access/can.py": [MATRIX, PAGES],
    "onroll/access/pages.py": ["onroll/access/tests/test_signing_in.py", PAGES],
    "onroll/access/sections.py": [MATRIX, "onroll/children/tests", "onroll/profile/tests", PAGES],
    "onroll/children/visibility.py": [MATRIX, "onroll/children/tests", ATTACKS],
    "onroll/children/records.py": [MATRIX, "onroll/children/tests"],
    "onroll/children/disclosure.py": ["onroll/children/tests", ATTACKS],
    "onroll/children/pages.py": ["onroll/profile/tests", PAGES, ATTACKS],
    "onroll/profile/pages.py": ["onroll/profile/tests", PAGES, ATTACKS],
    "onroll/history/viewing.py": ["onroll/profile/tests", "tests/promises/test_looks.py", "onroll/looks/tests"],
}
# On every change a few that would open a child's record to the wrong person, each noticed by who sees the child at all.
WHO_SEES = [
    f"{MATRIX}::{test}"
    for test in (
        "test_every_role_sees_the_child_exactly_while_its_link_lives",
        "test_nobody_sees_a_child_of_another_authority",
        "test_the_days_for_paperwork_open_the_child_to_the_officer_who_reviewed_alone",
    )
]
EVERY_TIME = "onroll/children/visibility.py", ("leaves out account_id=", "leaves out school_id=", "leaves out team_id=")


def test_a_piece_of_the_guard_that_is_broken_is_noticed():
    path, words = EVERY_TIME
    assert {mutant.words for mutant in mutants_of(path)} >= set(words)

    assert survivors(path, WHO_SEES, *words) == []


@pytest.mark.nightly
def test_at_least_95_of_100_mutants_of_the_guard_are_noticed():
    survived = [each for path, tests in GUARD.items() for each in survivors(path, tests)]

    every = sum(len(mutants_of(path)) for path in GUARD)
    assert len(survived) <= every * 0.05, f"{len(survived)} of {every} were not noticed: {survived}"

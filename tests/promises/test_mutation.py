"""The tests of the guard can fail: each piece of it that is broken is noticed by one of them."""

import pytest

from .mutation import mutants_of, survivors

NEED_TO_KNOW = "onroll/access/tests/test_need_to_know.py"
REACH = "onroll/children/tests/test_reach.py"
ACTING = "onroll/children/tests/test_acting.py::test_a_teacher_opens_each_child_in_the_childs_own_authority"
READING = "onroll/profile/tests/test_pages.py"
LOG = "onroll/history/tests/test_chain.py::"
# Each module of the guard, and the tests that are to notice what is broken in it: few and quick, since a mutant that
# none of them notices costs all of them.
GUARD = {
    "onroll/access/can.py": [NEED_TO_KNOW],
    "onroll/access/pages.py": ["onroll/access/tests/test_pages.py", ACTING],
    "onroll/access/sections.py": [NEED_TO_KNOW],
    "onroll/children/visibility.py": [REACH],
    "onroll/children/records.py": ["onroll/children/tests/test_records.py"],
    "onroll/children/disclosure.py": [
        "onroll/children/tests/test_disclosure.py",
        "onroll/children/tests/test_openings.py::test_an_address_for_named_users_is_opened_to_the_head_alone",
    ],
    "onroll/children/pages.py": [
        ACTING,
        "onroll/children/tests/test_closing.py::test_who_asks_for_a_closed_record_is_written_down",
        "onroll/children/tests/test_openings.py::"
        "test_saying_so_hides_the_child_at_once_and_asking_again_is_written_down",
        f"{READING}::test_every_page_writes_down_who_looked_and_at_which_sections",
        f"{READING}::test_a_role_without_a_link_to_children_finds_no_page_of_one",
        "onroll/children/tests/test_child_pages.py",
    ],
    "onroll/profile/pages.py": [
        f"{READING}::test_a_day_is_asked_for_where_one_is_chosen_and_not_before",
        f"{READING}::test_a_day_that_cannot_be_answered_for_is_refused_in_words",
        f"{READING}::test_every_page_writes_down_who_looked_and_at_which_sections",
        "tests/promises/test_attacks.py::test_a_look_back_ends_where_the_readers_own_link_began",
        "onroll/children/tests/test_child_pages.py",
    ],
    "onroll/history/viewing.py": [
        f"{LOG}test_the_log_numbers_each_authority_and_is_whole",
        f"{LOG}test_a_log_that_goes_on_growing_is_whole",
        f"{LOG}test_where_a_request_came_from_is_said_of_its_own_entries_alone",
        f"{LOG}test_what_a_look_says_is_one_clean_line",
        f"{LOG}test_an_entry_names_the_opening_and_whose_cover_the_looker_is",
        f"{LOG}test_a_change_made_on_a_page_stands_in_the_log_too",
        f"{LOG}test_the_first_bad_number_of_the_log_comes_first",
        f"{LOG}test_a_log_that_was_cut_is_found_by_the_heads_that_were_kept_elsewhere",
        f"{LOG}test_every_single_tampering_with_the_log_is_found",
    ],
}
# On every change a few that would open a child's record to the wrong person.
EVERY_TIME = "onroll/children/visibility.py", ("leaves out account_id=", "leaves out school_id=", "leaves out team_id=")


def test_a_piece_of_the_guard_that_is_broken_is_noticed():
    path, words = EVERY_TIME
    assert {mutant.words for mutant in mutants_of(path)} >= set(words)

    assert survivors(path, GUARD[path], *words) == []


@pytest.mark.nightly
def test_at_least_95_of_100_mutants_of_the_guard_are_noticed():
    survived = [each for path, tests in GUARD.items() for each in survivors(path, tests)]

    every = sum(len(mutants_of(path)) for path in GUARD)
    assert len(survived) <= every * 0.05, f"{len(survived)} of {every} were not noticed: {survived}"

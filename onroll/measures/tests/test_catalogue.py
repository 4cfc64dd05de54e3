"""The catalogue: every measure in words, and every plan measure accounted for."""

import csv
from pathlib import Path

import pytest

from onroll.access.sections import Section
from onroll.measures.catalogue import CATALOGUE, GROUPS, not_yet
from onroll.measures.measure import Unit

PLAN_MEASURES = [f"{letter}{number:02}" for letter in "WM" for number in range(1, 100)]
SHARED = Path(__file__).resolve().parents[4] / "shared" / "plans" / "plan-measures.csv"


def test_every_plan_measure_is_answered_or_waits_for_a_part_that_is_named():
    answered = [answer for measure in CATALOGUE for answer in measure.answers]

    assert len(answered) == len(set(answered)), "two measures answer the same words"
    assert sorted([*answered, *not_yet()]) == sorted(PLAN_MEASURES)
    assert all(not_yet().values())


@pytest.mark.skipif(not SHARED.exists(), reason="the plans' own list is not here")
def test_what_answers_a_plan_measure_has_its_unit():
    with SHARED.open(encoding="utf-8", newline="") as file:
        units = {row["id"]: row["unit"] for row in csv.DictReader(file)}

    assert sorted(units) == sorted(PLAN_MEASURES)
    for measure in CATALOGUE:
        assert {units[answer] for answer in measure.answers} <= {measure.unit.value}, measure.id


@pytest.mark.parametrize("measure", list(CATALOGUE), ids=lambda each: each.id)
def test_a_measure_says_in_words_what_it_counts(measure):
    assert all([measure.title, measure.part, measure.source])
    assert bool(measure.whole) == (measure.unit in (Unit.PERCENT, Unit.DAYS)), "a whole where one divides by it"
    assert measure.group in GROUPS
    assert set(measure.own) == set(measure.own_words) or not measure.own_words
    assert all(CATALOGUE.find(each) for each in measure.beside)


# Of home or school, and yet silent on where it is: how often either changed, when last confirmed, if it is right.
SILENT_ON_WHERE = {
    "moves-without-a-school",
    "share-of-moves-without-a-school",
    "school-changes",
    "stable-education",
    "stable-home",
    "stable-home-and-education",
    "same-home-all-year",
    "three-or-more-homes",
    "roll-up-to-date",
    "right-school",
    "right-school-and-support",
    "right-support",
    "school-place-judged-right",
}


def test_each_measure_of_home_or_school_says_whether_it_tells_where_children_are():
    of_either = [each for each in CATALOGUE if {Section.SCHOOL, Section.PLACEMENT} & set(each.sections)]

    assert {each.id for each in of_either if not each.tells_where} == SILENT_ON_WHERE


def test_a_measure_is_found_by_its_id_and_by_what_it_answers():
    assert CATALOGUE.find("W34") is CATALOGUE.find("three-or-more-homes")
    assert CATALOGUE.find("W00") is None


def test_a_definition_that_is_worded_anew_has_another_fingerprint():
    prints = {CATALOGUE.fingerprint(measure) for measure in CATALOGUE}

    assert len(prints) > 10
    assert CATALOGUE.fingerprint(CATALOGUE.find("W34")) != CATALOGUE.fingerprint(CATALOGUE.find("W35"))

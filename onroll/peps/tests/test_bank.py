"""The bank of approaches: whole, filed under the needs of the form, and fit for the checker."""

import csv

import pytest

from onroll.peps.targets.bank import (
    BANK,
    NEEDS,
    Approach,
    Area,
    BadBank,
    Evidence,
    Phase,
    approaches,
    read_bank,
    whole_bank,
)
from onroll.peps.targets.checker import ALL_RULES, check_target
from onroll.peps.targets.target_rules import Target


def rows():
    with BANK.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_bank_is_what_was_declared(shared):
    assert BANK.read_bytes() == (shared / "domain/pep/interventions.csv").read_bytes()
    assert len(whole_bank()) == 71


def test_the_lists_of_words_are_what_was_declared(shared):
    assert (BANK.parent / "target_words.json").read_bytes() == (shared / "domain/pep/target-words.json").read_bytes()


def test_needs_and_areas_are_the_choices_of_the_form(shared):
    with (shared / "domain/pep/forms.csv").open(encoding="utf-8", newline="") as file:
        options = {row["question_key"]: row["options"] for row in csv.DictReader(file)}

    _, _, after = options["needs_list"].partition("need:choice(")
    assert tuple(after.partition(")")[0].split(";")) == NEEDS
    assert options["target[].area"].split("; ") == list(Area)


def test_a_need_and_a_phase_lead_to_what_helps():
    offered = approaches(need="Reading", phase=Phase.EARLY_YEARS)

    assert [each.key for each in offered] == [
        each.key for each in whole_bank() if "Reading" in each.needs and Phase.EARLY_YEARS in each.phases
    ]
    assert {each.key for each in approaches(need="Phonics")} == {"phonics_catch_up", "ey_early_sounds"}
    assert approaches(need="Nothing of the kind") == ()
    assert approaches() == whole_bank()


def test_every_need_and_every_phase_has_an_approach():
    assert [need for need in NEEDS if not approaches(need=need)] == []
    assert [phase for phase in Phase if not approaches(phase=phase)] == []


def test_an_approach_knows_its_evidence():
    phonics, typing = (next(each for each in whole_bank() if each.key == key) for key in ("phonics_catch_up", "device"))

    assert (phonics.area, phonics.evidence_based, phonics.eef_months) == (Area.ENGLISH, Evidence.YES, 5)
    assert phonics.phases == (Phase.PRIMARY, Phase.SECONDARY)
    assert (typing.usually_needs_money, typing.evidence_based, typing.eef_months) == (True, Evidence.NO, None)


def test_what_the_bank_fills_in_passes_the_checker_but_for_three_that_do_not_say_how_often():
    fired = {
        each.key: {finding.rule for finding in check_target(filled(each), ALL_RULES)} & {"T14", "T15", "T25"}
        for each in whole_bank()
    }

    assert {key: rules for key, rules in fired.items() if rules} == {
        "restorative": {"T14"},
        "independent_visitor": {"T14"},
        "ey_more_hours": {"T14"},
    }


def filled(approach: Approach) -> Target:
    return Target(what=approach.default_action, how_often=approach.typical_dose)


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("key", "", "A row without a key has no key. Fill it."),
        ("needs", " ; ", "paired_reading has no needs. Fill it."),
        ("area", "music", "paired_reading: music is no area. Choose from english, maths, semh"),
        ("phases", "primary; nursery", "paired_reading: nursery is no phase."),
        ("needs", "Reading; Sums", "paired_reading: Sums is no need."),
        ("evidence_based", "maybe", "paired_reading: maybe is no evidence."),
        ("eef_toolkit", "somewhere", "paired_reading: somewhere is no toolkit."),
        ("eef_months", "five", "paired_reading: five is no number of months."),
        ("usually_needs_money", "often", "paired_reading: often is no answer to whether it needs money."),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_the_reason(column, cell, says):
    row = next(row for row in rows() if row["key"] == "paired_reading")

    with pytest.raises(BadBank) as refused:
        read_bank([row | {column: cell}])

    assert str(refused.value).startswith(says)


def test_a_key_stands_once():
    row = rows()[0]

    with pytest.raises(BadBank, match="is in the bank twice"):
        read_bank([row, row])

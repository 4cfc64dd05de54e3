"""Whole returns, public and invented, give the roll that they are known to hold."""

from datetime import date

import pytest

from onroll.children.models import (
    CareEpisode,
    CareLeaverContact,
    Child,
    Identifiers,
    MissingEpisode,
    PreviousPermanence,
    Review,
    SDQScore,
)
from onroll.exchange.engine import undo
from onroll.exchange.models import Import
from onroll.exchange.problems import Refused
from onroll.history.models import Event

from .conftest import year_of

END_OF_2017_18, END_OF_2018_19, END_OF_2019_20 = date(2018, 3, 31), date(2019, 3, 31), date(2020, 3, 31)
# The rolls at the end of the three years once all three returns are in: a later one adds what an earlier left out.
IN_ORDER = [462, 276, 135]


def rolls_of(office):
    return [office.roll(day).count for day in (END_OF_2017_18, END_OF_2018_19, END_OF_2019_20)]


@pytest.fixture
def returns(shared):
    return shared / "data/ssda903"


def test_a_whole_return_becomes_the_roll_of_its_last_day(office, returns):
    load = office.load(returns / "csc-validator")

    assert load.speaks_words.startswith("1 April 2017 to 31 March 2018")
    assert Child.unscoped.count() == 2675
    roll = office.roll(END_OF_2017_18)
    assert roll.count == 1201
    assert roll.by_phase == {"early_years": 24, "school_age": 1125, "post16": 52}
    assert roll.short_breaks == 218
    assert load.sentence("came")["count"] == 1201
    assert load.sentence("held")["count"] == 2675 - 1201
    assert load.summary == "The roll on 31 March 2018 goes from 0 to 1,201 children."
    # What it brings besides: reviews held and planned, scores, times missing, contacts. Two reviews were said twice.
    assert Review.unscoped.filter(on__lte=END_OF_2017_18, held=False).count() == 0
    assert Review.unscoped.filter(on__gt=END_OF_2017_18, held=True).count() == 0
    assert SDQScore.unscoped.count() == PreviousPermanence.unscoped.count() == 2675
    assert MissingEpisode.unscoped.count() == 43
    assert CareLeaverContact.unscoped.count() == 53


@pytest.mark.large
def test_the_same_return_again_changes_nothing_and_a_part_in_xml_only_adds(office, returns):
    office.load(returns / "csc-validator")
    events = Event.objects.exclude(child=None).count()

    again = office.load(returns / "csc-validator")
    as_a_whole = office.why_not(returns / "csc-validator/fake_903.xml")
    part = office.load(returns / "csc-validator/fake_903.xml", part=True)

    assert again.would_change == 0
    assert again.sentence("same")["count"] == 2675
    assert "only by leaving them out" in as_a_whole
    assert part.would_end == 0
    assert Child.unscoped.count() == 2675 + 253
    assert Event.objects.filter(act="i", child__isnull=False).count() > events
    assert office.roll(END_OF_2017_18).count == 1201 + 110


def test_undoing_a_return_leaves_nothing_of_it(office, returns):
    load = office.load(*year_of(returns / "demand-model", 2019))

    undo(load, actor=office.actor)

    assert load.state == Import.State.UNDONE
    for model in (Child, Identifiers, CareEpisode, Review, SDQScore):
        assert model.unscoped.count() == 0


def test_returns_in_another_order_come_to_the_same_rolls(office, returns):
    for year in (2019, 2017, 2018):
        office.load(*year_of(returns / "demand-model", year), confirm_endings=True)

    assert rolls_of(office) == IN_ORDER


def test_three_returns_in_order_each_give_the_roll_of_their_own_year(office, returns):
    folder = returns / "demand-model"
    rolls = []
    for year in (2017, 2018, 2019):
        load = office.load(*year_of(folder, year), confirm_endings=True)
        rolls.append(office.roll(load.speaks_to).count)

    assert rolls == [367, 195, 135]
    assert Child.unscoped.count() == 819 + 1
    assert rolls_of(office) == IN_ORDER

    # An older return again never reopens what a newer one closed.
    for year in (2017, 2018):
        assert office.load(*year_of(folder, year)).would_change == 0
    assert rolls_of(office) == IN_ORDER


def test_endings_that_a_return_only_implies_need_a_persons_word(office, returns):
    folder = returns / "demand-model"
    office.load(*year_of(folder, 2017))

    refusal = office.why_not(*year_of(folder, 2018))

    assert refusal.startswith("This file would end 88 facts only by leaving them out.")
    with pytest.raises(Refused):
        office.load(*year_of(folder, 2018))
    assert office.roll(END_OF_2018_19).count == 351

    office.load(*year_of(folder, 2018), confirm_endings=True)
    roll = office.roll(END_OF_2018_19)
    assert roll.count == 195
    assert roll.awaiting_a_real_end == 85
    assert set(CareEpisode.unscoped.filter(provisional_end=True).values_list("end", flat=True)) == {date(2018, 4, 1)}


def test_a_return_with_rows_that_stop_applies_nothing(office, returns):
    refusal = office.why_not(returns / "dirty")

    assert refusal == "5 rows stop this load. Mend the file, or choose to apply the good rows."
    with pytest.raises(Refused):
        office.load(returns / "dirty")
    assert Child.unscoped.count() == 0


def test_good_rows_leave_out_whole_the_children_that_stop(office, returns):
    load = office.load(returns / "dirty", good_rows=True)

    # Both children of these files have a row that stops.
    assert load.state == Import.State.APPLIED
    assert Child.unscoped.count() == 0
    kinds = set(load.problems.values_list("kind", flat=True))
    assert {"two_birth_dates", "unknown_code", "extra_column", "upn_form", "postcode"} <= kinds
    assert load.speaks_words == ""


def test_the_year_is_the_one_that_holds_the_day_given(office, returns):
    load = office.check(*year_of(returns / "demand-model", 2017), as_at=date(2017, 6, 30))

    assert load.speaks_words.startswith("1 April 2017 to 31 March 2018: the collection year that holds 30 June 2017")
    words = [file["words"] for file in load.files if file["name"] == "2017-ad1.csv"]
    assert words == ["empty"]

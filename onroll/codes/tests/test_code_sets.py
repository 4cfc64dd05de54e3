from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll import codes
from onroll.codes import (
    ENROLMENT_STATUS,
    ESTABLISHMENT_TYPE,
    ETHNICITY,
    LEGAL_STATUS,
    LOCAL_AUTHORITY,
    OC3_ACCOMMODATION,
    OUTSIDE_ENGLAND,
    OVERALL_EFFECTIVENESS,
    PLACEMENT_TYPE,
    REASON_CEASED,
    REASON_NEW,
    REPORT_CARD_GRADE,
    REVIEW_PARTICIPATION,
    SCHOOL_STATUS,
    SDQ_BAND,
    SEN_PROVISION,
    SEX,
    CodeSet,
    NotACode,
    sdq_band_of,
    sex_of,
)
from onroll.codes.code_sets import DATA, Code, read_rows, sources

EVERY_SET = {name: each for name, each in vars(codes).items() if isinstance(each, CodeSet)}
any_day = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))


def test_every_list_says_where_it_was_published():
    assert set(sources()) == {path.name for path in DATA.glob("*.csv")} - {"sources.csv"}
    assert all(source.strip() for source in sources().values())


@pytest.mark.parametrize("file", sorted(sources()))
def test_every_row_of_a_list_has_as_many_cells_as_its_header(file):
    for row in read_rows(file):
        assert None not in row
        assert None not in row.values()


@pytest.mark.parametrize("name", EVERY_SET)
def test_every_set_is_filled_named_and_sourced(name):
    code_set = EVERY_SET[name]

    assert len(code_set)
    assert code_set.name
    assert code_set.source
    assert all(each.code and each.label for each in code_set)
    assert name in codes.__all__


@pytest.mark.parametrize("name", EVERY_SET)
def test_no_code_means_two_things_on_one_day(name):
    code_set = EVERY_SET[name]

    for day in (date(2016, 3, 31), date(2018, 3, 31), date(2024, 9, 2), date(2026, 9, 1)):
        that_day = [each.code for each in code_set.on(day)]
        assert len(that_day) == len(set(that_day))


@given(st.sampled_from(sorted(EVERY_SET)), any_day)
def test_a_set_on_a_day_holds_exactly_the_codes_valid_that_day(name, day):
    code_set = EVERY_SET[name]

    that_day = code_set.on(day)

    assert list(that_day) == [each for each in code_set if each.is_valid(day)]
    assert all((each.code in that_day) == (code_set.get(each.code, on=day) is not None) for each in code_set)


def test_a_code_is_found_by_its_letters_and_shows_its_words():
    assert LEGAL_STATUS["C2"].label == "Full care order"
    assert str(LEGAL_STATUS["C2"]) == "Full care order"
    assert "C2" in LEGAL_STATUS
    assert "c2" not in LEGAL_STATUS


def test_a_retired_code_stays_readable_but_cannot_be_given_any_more():
    assert PLACEMENT_TYPE["P2"].label.startswith("Independent living")
    assert PLACEMENT_TYPE.get("P2", on=date(2023, 10, 27)) == PLACEMENT_TYPE["P2"]
    assert PLACEMENT_TYPE.get("P2", on=date(2023, 10, 28)) is None
    assert "P2" not in dict(PLACEMENT_TYPE.choices(on=date(2024, 1, 1)))
    assert "P2" in dict(PLACEMENT_TYPE.choices())


def test_a_code_that_is_not_in_the_set_is_refused_in_words():
    with pytest.raises(NotACode, match="“Q9” is not a code for a legal status"):
        LEGAL_STATUS["Q9"]
    with pytest.raises(KeyError, match="“P2” is not a code for a type of placement on 1 April 2024"):
        PLACEMENT_TYPE.on(date(2024, 4, 1))["P2"]
    with pytest.raises(NotACode, match="on 2 April 2024"):
        PLACEMENT_TYPE.on(date(2024, 4, 2))["P2"]
    assert LEGAL_STATUS.get("Q9") is None


def test_of_two_generations_of_a_code_the_later_is_found_and_the_earlier_on_its_days():
    older = Code(code="B", label="Educated off site", valid_to=date(2024, 8, 18))
    newer = Code(code="B", label="Approved activity off site", valid_from=date(2024, 8, 19))
    marks = CodeSet("a mark", "a test", [newer, older])

    assert marks["B"] is newer
    assert marks.on(date(2024, 8, 18))["B"] is older
    assert marks.choices() == [("B", "Approved activity off site")]


def test_choices_keep_the_order_of_the_list():
    assert [code for code, _ in PLACEMENT_TYPE.choices()][:6] == ["A3", "A4", "A5", "A6", "H5", "K1"]


def test_only_agreed_short_breaks_are_short_breaks():
    assert [each.code for each in LEGAL_STATUS if each.is_short_breaks] == ["V3", "V4"]
    assert all(each.looked_after_statistics != each.is_short_breaks for each in LEGAL_STATUS)
    assert [each.code for each in LEGAL_STATUS if each.is_care_order] == ["C1", "C2"]
    assert [each.code for each in LEGAL_STATUS if each.is_youth_justice] == ["J1", "J2", "J3"]


def test_placements_know_what_kind_they_are():
    assert [each.code for each in PLACEMENT_TYPE if each.is_temporary] == ["T0", "T1", "T2", "T3", "T4"]
    assert [each.code for each in PLACEMENT_TYPE if each.is_foster] == ["U1", "U2", "U3", "U4", "U5", "U6"]
    assert [each.code for each in PLACEMENT_TYPE if each.is_with_relative_or_friend] == ["U1", "U2", "U3"]
    assert [each.code for each in PLACEMENT_TYPE if each.is_adoption] == ["A3", "A4", "A5", "A6"]
    assert [each.code for each in PLACEMENT_TYPE if each.is_with_parents] == ["P1"]
    assert [each.code for each in PLACEMENT_TYPE if each.is_independent] == ["H5", "K3", "P2"]
    assert {each.code for each in PLACEMENT_TYPE if each.is_residential} == {"K1", "K2", "R1", "R2", "R3", "R5", "S1"}
    assert all(
        "with current foster carers" in each.label for each in PLACEMENT_TYPE if each.is_adoption_by_current_carers
    )
    assert not PLACEMENT_TYPE["T1"].provider_required


def test_reasons_know_what_they_mean():
    assert [each.code for each in REASON_NEW if each.is_placement_change] == ["P", "T", "B", "U"]
    assert [each.code for each in REASON_NEW if each.is_carer_change] == ["P", "B"]
    assert [each.code for each in REASON_NEW if each.starts_care] == ["S"]
    assert [each.code for each in REASON_CEASED if not each.leaves_care] == ["X1"]
    assert [each.code for each in REASON_CEASED if each.is_death] == ["E2"]
    assert [each.code for each in REASON_CEASED if each.is_adoption] == ["E11", "E12"]
    assert {each.code for each in REASON_CEASED if each.makes_previously_looked_after} == {
        *("E11", "E12", "E41", "E45", "E46", "E47", "E48")
    }


def test_a_child_took_part_in_a_review_by_being_there_or_not():
    assert [each.code for each in REVIEW_PARTICIPATION if each.child_attended] == ["PN1", "PN2", "PN3", "PN4"]


def test_not_disclosed_is_an_answer_and_not_yet_obtained_is_none():
    assert [each.code for each in ETHNICITY if each.not_disclosed] == ["REFU"]
    assert [each.code for each in ETHNICITY if each.not_yet_obtained] == ["NOBT"]


def test_sex_is_read_from_returns_of_every_year():
    assert sex_of("1") == sex_of("M") == SEX["M"]
    assert sex_of("2") == sex_of("F") == SEX["F"]
    assert sex_of("U") == SEX["U"]
    assert sex_of("3") is None
    assert sex_of("") is None


def test_sen_provision_is_a_plan_support_or_neither():
    assert [each.code for each in SEN_PROVISION.on(date(2026, 1, 1))] == ["N", "K", "E"]
    assert SEN_PROVISION["E"].is_plan
    assert SEN_PROVISION["S"].is_plan
    assert SEN_PROVISION["K"].is_support
    assert not SEN_PROVISION["N"].is_plan
    assert not SEN_PROVISION["N"].is_support


def test_local_authorities_are_dated_and_know_who_came_after():
    dorset = LOCAL_AUTHORITY["835"]

    assert dorset.valid_to == date(2019, 3, 31)
    assert [each.code for each in dorset.successors] == ["838", "839"]
    assert len(LOCAL_AUTHORITY.on(date(2026, 1, 1))) == 153
    assert LOCAL_AUTHORITY["203"].is_in_london
    assert LOCAL_AUTHORITY["336"].name == "Wolverhampton"
    assert LOCAL_AUTHORITY["336"].successors == []
    assert "WAL" in OUTSIDE_ENGLAND
    assert all(each.code in LOCAL_AUTHORITY for gone in LOCAL_AUTHORITY for each in gone.successors)


def test_schools_know_their_sector_and_whether_they_are_open():
    assert ESTABLISHMENT_TYPE["14"].is_alternative_provision
    assert ESTABLISHMENT_TYPE["44"].is_special
    assert ESTABLISHMENT_TYPE["10"].is_special
    assert ESTABLISHMENT_TYPE["10"].is_independent
    assert ESTABLISHMENT_TYPE["15"].is_nursery
    assert ESTABLISHMENT_TYPE["18"].is_post_16
    assert ESTABLISHMENT_TYPE["24"].is_secure
    assert [each.label for each in SCHOOL_STATUS if each.is_open] == ["Open", "Open, but proposed to close"]
    assert ENROLMENT_STATUS["S"].label.startswith("Current subsidiary")


def test_ofsted_gives_no_overall_grade_since_september_2024_and_report_cards_since_november_2025():
    assert len(OVERALL_EFFECTIVENESS.on(date(2024, 9, 1))) == 4
    assert len(OVERALL_EFFECTIVENESS.on(date(2024, 9, 2))) == 0
    assert len(REPORT_CARD_GRADE.on(date(2025, 11, 9))) == 0
    assert next(iter(REPORT_CARD_GRADE.on(date(2025, 11, 10)))).label == "Exceptional"


def test_accommodation_is_suitable_unsuitable_or_not_known():
    assert OC3_ACCOMMODATION["B1"].is_suitable is True
    assert OC3_ACCOMMODATION["B2"].is_suitable is False
    assert OC3_ACCOMMODATION["0"].is_suitable is None


@given(st.integers(min_value=0, max_value=40))
def test_every_sdq_score_has_one_band(score):
    assert [each for each in SDQ_BAND if each.min_score <= score <= each.max_score] == [sdq_band_of(score)]


@pytest.mark.parametrize(("score", "band"), [(13, "normal"), (14, "borderline"), (16, "borderline")])
def test_sdq_bands_turn_at_14_and_17(score, band):
    assert sdq_band_of(score).code == band
    assert sdq_band_of(17).code == "cause_for_concern"


@pytest.mark.parametrize("score", [-1, 41])
def test_an_sdq_score_outside_0_to_40_is_refused(score):
    with pytest.raises(ValueError, match="from 0 to 40"):
        sdq_band_of(score)


def test_no_day_falls_between_two_generations_of_local_authorities():
    for gone in LOCAL_AUTHORITY:
        for successor in gone.successors:
            assert gone.valid_to is not None
            assert successor.is_valid(gone.valid_to + timedelta(days=1))

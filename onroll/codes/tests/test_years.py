from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.codes.year_groups import (
    Phase,
    SchoolYear,
    age_on,
    born_between,
    compulsory_school_age_from,
    compulsory_school_age_to,
    is_of_compulsory_school_age,
    phase_of,
    year_group_of,
)
from onroll.codes.years import (
    Term,
    academic_year,
    academic_year_of,
    collection_year,
    collection_year_of,
    financial_year,
    financial_year_of,
    school_years_in,
    term_of,
)

a_day = st.dates(min_value=date(1995, 1, 1), max_value=date(2060, 12, 31))


@pytest.mark.parametrize(
    ("born_on", "on", "label"),
    [
        (date(2015, 8, 31), date(2020, 9, 1), "Year 1"),
        (date(2015, 9, 1), date(2020, 9, 1), "Reception"),
        (date(2015, 9, 1), date(2020, 8, 31), "Nursery 2 (age 4 in the year)"),
        (date(2015, 9, 1), date(2019, 8, 31), "Nursery 1 (age 3 in the year)"),
        (date(2015, 9, 1), date(2016, 9, 1), "Below nursery age"),
        (date(2008, 2, 29), date(2026, 3, 31), "Year 13"),
        (date(2006, 2, 28), date(2026, 3, 31), "Beyond Year 13"),
    ],
)
def test_a_child_is_in_the_year_of_their_age_on_31_august(born_on, on, label):
    assert str(year_group_of(born_on, on=on)) == label


@pytest.mark.parametrize(
    ("number", "phase"),
    [
        (-4, Phase.EARLY_YEARS),
        (-1, Phase.EARLY_YEARS),
        (0, Phase.SCHOOL_AGE),
        (11, Phase.SCHOOL_AGE),
        (12, Phase.POST_16),
        (13, Phase.POST_16),
        (14, None),
    ],
)
def test_the_phase_turns_at_reception_year_12_and_after_year_13(number, phase):
    assert SchoolYear(number).phase is phase


def test_the_three_phases_have_words():
    assert [each.label for each in Phase] == ["Early years", "Reception to Year 11", "Years 12 and 13"]


def test_a_year_knows_its_code_and_key_stage():
    assert (SchoolYear(0).code, SchoolYear(0).key_stage) == ("R", "EYFS")
    assert (SchoolYear(2).code, SchoolYear(2).key_stage) == ("2", "KS1")
    assert [SchoolYear(each).key_stage for each in (3, 6, 7, 9, 10, 11)] == ["KS2", "KS2", "KS3", "KS3", "KS4", "KS4"]
    assert (SchoolYear(14).code, SchoolYear(14).key_stage) == ("", "")
    assert SchoolYear(3) < SchoolYear(10)


@given(a_day, a_day)
def test_a_list_of_a_year_holds_exactly_those_born_between_its_two_dates(born_on, on):
    year = year_group_of(born_on, on=on)
    first, last = born_between(year, on=on)

    assert first <= born_on <= last
    assert year_group_of(first, on=on) == year_group_of(last, on=on) == year
    assert year_group_of(last + timedelta(days=1), on=on).number == year.number - 1
    assert phase_of(born_on, on=on) is year.phase


@given(a_day, a_day)
def test_everyone_moves_up_one_year_on_1_september_alone(born_on, on):
    tomorrow = on + timedelta(days=1)
    moved_up = year_group_of(born_on, on=tomorrow).number - year_group_of(born_on, on=on).number

    assert moved_up == (1 if (tomorrow.month, tomorrow.day) == (9, 1) else 0)


def test_someone_born_on_29_february_is_a_year_older_on_1_march():
    assert age_on(date(2008, 2, 29), on=date(2025, 2, 28)) == 16
    assert age_on(date(2008, 2, 29), on=date(2025, 3, 1)) == 17
    assert age_on(date(2008, 2, 29), on=date(2024, 2, 29)) == 16


@pytest.mark.parametrize(
    ("born_on", "starts", "ends"),
    [
        (date(2015, 3, 31), date(2020, 3, 31), date(2031, 6, 27)),
        (date(2015, 4, 1), date(2020, 8, 31), date(2031, 6, 27)),
        (date(2015, 8, 31), date(2020, 8, 31), date(2031, 6, 27)),
        (date(2015, 9, 1), date(2020, 12, 31), date(2032, 6, 25)),
        (date(2016, 2, 29), date(2021, 3, 31), date(2032, 6, 25)),
    ],
)
def test_compulsory_school_age_runs_from_a_prescribed_day_to_the_last_friday_of_june(born_on, starts, ends):
    assert compulsory_school_age_from(born_on) == starts
    assert compulsory_school_age_to(born_on) == ends
    assert ends.weekday() == 4
    assert is_of_compulsory_school_age(born_on, on=starts)
    assert not is_of_compulsory_school_age(born_on, on=starts - timedelta(days=1))
    assert is_of_compulsory_school_age(born_on, on=ends)
    assert not is_of_compulsory_school_age(born_on, on=ends + timedelta(days=1))


def test_someone_born_at_the_end_of_february_leaves_in_june_of_their_own_school_year():
    assert compulsory_school_age_to(date(2008, 9, 1)) == date(2025, 6, 27)
    assert compulsory_school_age_to(date(2008, 8, 31)) == date(2024, 6, 28)


@given(a_day)
def test_every_day_lies_in_its_own_years(day):
    assert day in academic_year(academic_year_of(day))
    assert day in collection_year(collection_year_of(day))
    assert day in financial_year(financial_year_of(day))


def test_years_are_written_with_both_years_and_turn_on_their_first_day():
    assert academic_year_of(date(2026, 8, 31)) == "2025-26"
    assert academic_year_of(date(2026, 9, 1)) == "2026-27"
    assert collection_year_of(date(2018, 3, 31)) == "2017-18"
    assert collection_year_of(date(2018, 4, 1)) == "2018-19"
    assert academic_year_of(date(1999, 9, 1)) == "1999-00"
    assert collection_year("2017-18").start == date(2017, 4, 1)
    assert collection_year("2017-18").last_day == date(2018, 3, 31)
    assert collection_year("2017-18").end == date(2018, 4, 1)
    assert date(2018, 4, 1) not in collection_year("2017-18")


@pytest.mark.parametrize("words", ["", "2025", "2025-27", "2025/26", "2025-2026", "next year", "²025-26"])
def test_what_is_not_a_year_is_refused_in_words(words):
    with pytest.raises(ValueError, match="A year is written like 2025-26"):
        academic_year(words)


def test_the_national_terms_turn_on_1_january_1_april_and_1_september():
    assert term_of(date(2025, 9, 1)) is Term.AUTUMN
    assert term_of(date(2025, 12, 31)) is Term.AUTUMN
    assert term_of(date(2026, 1, 1)) is Term.SPRING
    assert term_of(date(2026, 4, 1)) is Term.SUMMER
    assert Term.SUMMER.label == "Summer"


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("2025-26", ["2025-26"]),
        ("2025/2026", ["2025-26"]),
        ("202526", ["2025-26"]),
        ("1999/00 and 2019–20", ["2019-20"]),
        ("PEP_2020_21_b, 2021 - 22", ["2020-21", "2021-22"]),
        ("2025-27, 2025, 1202526, A202526 and 2025-26a", []),
    ],
)
def test_a_school_year_is_found_however_people_write_it(words, years):
    assert [label for label, _ in school_years_in(words)] == years

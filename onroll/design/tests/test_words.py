import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.design import words


def test_a_day_is_written_in_full_and_in_tables_with_its_month_cut_short():
    on = dt.date(2026, 11, 12)

    assert words.day(on) == "12 November 2026"
    assert words.day_short(on) == "12 Nov 2026"
    assert words.day_short(on, without_year=True) == "12 Nov"
    assert words.weekday(dt.date(2026, 11, 17)) == "Tuesday 17 November"


def test_no_day_is_written_as_nothing():
    assert words.day(None) == words.day_short(None) == words.weekday(None) == ""


@pytest.mark.parametrize(
    ("start", "end", "long", "short"),
    [
        (dt.date(2021, 6, 18), dt.date(2026, 11, 12), "5 years 4 months", "5 y 4 m"),
        (dt.date(2025, 11, 12), dt.date(2026, 11, 12), "1 year", "1 y 0 m"),
        (dt.date(2026, 3, 12), dt.date(2026, 11, 12), "8 months", "0 y 8 m"),
        (dt.date(2026, 11, 4), dt.date(2026, 11, 12), "8 days", "8 days"),
        (dt.date(2026, 11, 11), dt.date(2026, 11, 12), "1 day", "1 day"),
        (dt.date(2026, 1, 31), dt.date(2026, 2, 28), "28 days", "28 days"),
    ],
)
def test_a_length_of_time_is_told_in_years_and_months_and_under_a_month_in_days(start, end, long, short):
    assert words.length_of_time(start, end) == long
    assert words.length_of_time(start, end, short=True) == short


@given(st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 9000))
def test_a_length_of_time_is_never_longer_than_it_was(start, days):
    end = start + dt.timedelta(days=days)

    months = words.months_between(start, end)

    years, left = divmod(start.month - 1 + months, 12)
    assert (start.year + years, left + 1) <= (end.year, end.month)
    assert months >= days / 31 - 1


def test_one_is_one_and_more_are_many():
    assert words.count_of(1, "child", "children") == "1 child"
    assert words.count_of(1200, "child", "children") == "1,200 children"
    assert words.count_of(0, "place") == "0 places"


def test_a_share_is_worked_out_from_its_two_integers_and_rounds_half_up():
    assert words.percent(61, 296) == "20.6%"
    assert words.percent(1, 8) == "12.5%"
    assert words.percent(1, 16, places=0) == "6%"
    assert words.percent(25, 1000, places=0) == "3%"
    assert words.percent(3, 0) == ""
    assert words.part_of_whole(61, 296) == "61 of 296 (20.6%)"


def test_the_name_of_a_thing_stands_in_a_sentence_as_people_say_it():
    assert words.the("Family name") == "the family name"
    assert words.the("UPN") == "the UPN"
    assert words.the("The files") == "the files"
    assert words.the("Your password") == "your password"
    assert words.the("Mia’s school") == "Mia’s school"
    assert words.lower_first("I agree") == "I agree"
    assert words.listed(["Year 11", "EHC plan", "no school place"]) == "Year 11, EHC plan and no school place"

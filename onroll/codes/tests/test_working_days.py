import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.codes.working_days import (
    BANK_HOLIDAYS,
    add_working_days,
    bank_holidays_in,
    by_the_standing_rule,
    is_working_day,
    working_days_between,
)

a_day = st.dates(min_value=date(1990, 1, 1), max_value=date(2050, 12, 31))


def test_a_deadline_counts_neither_its_own_day_nor_easter():
    came_into_care_on = date(2026, 4, 1)

    assert add_working_days(came_into_care_on, 10) == date(2026, 4, 17)


def test_no_working_days_on_is_the_same_day():
    assert add_working_days(date(2026, 4, 4), 0) == date(2026, 4, 4)


def test_working_days_are_not_counted_backward():
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 4, 1), -1)


@given(a_day, st.integers(min_value=1, max_value=60))
def test_a_day_some_working_days_on_is_a_working_day_that_far_away(day, count):
    due_on = add_working_days(day, count)

    assert is_working_day(due_on)
    assert working_days_between(day, due_on) == count


@given(a_day, st.integers(min_value=0, max_value=30), st.integers(min_value=0, max_value=30))
def test_working_days_add_up(day, first, second):
    assert add_working_days(add_working_days(day, first), second) == add_working_days(day, first + second)


def test_a_day_before_another_is_no_working_days_after_it():
    assert working_days_between(date(2026, 3, 2), date(2026, 3, 1)) == 0


def test_the_list_holds_moved_and_one_off_days():
    assert BANK_HOLIDAYS[date(2020, 5, 8)] == "Early May bank holiday (VE day)"
    assert not is_working_day(date(2022, 9, 19))
    assert is_working_day(date(2020, 5, 4))


@pytest.mark.parametrize("year", sorted(set(range(2010, 2031)) - {2011, 2012, 2020, 2022, 2023}))
def test_the_standing_rule_gives_the_years_in_which_nothing_was_moved_or_added(year):
    assert by_the_standing_rule(year) == bank_holidays_in(year)


@given(st.integers(min_value=1980, max_value=2100))
def test_every_year_has_at_least_eight_bank_holidays_and_all_are_weekdays(year):
    holidays = bank_holidays_in(year)

    assert len(holidays) >= 8
    assert all(day.weekday() < 5 and day.year == year for day in holidays)


def test_easter_is_found_in_years_beyond_the_list():
    assert date(2038, 4, 26) in bank_holidays_in(2038)
    assert date(1994, 4, 1) in bank_holidays_in(1994)
    assert date(2076, 4, 20) in bank_holidays_in(2076)


def test_the_list_is_what_was_published(shared):
    published = json.loads((shared / "data/reference/bank-holidays.json").read_text(encoding="utf-8"))
    days = {date.fromisoformat(each["date"]) for each in published["england-and-wales"]["events"]}

    assert {day for day in BANK_HOLIDAYS if 2012 <= day.year <= 2028} == days

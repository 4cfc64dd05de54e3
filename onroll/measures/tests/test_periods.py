"""The periods figures are asked for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.authorities.calendar import Calendar
from onroll.authorities.models import CalendarEntry
from onroll.codes.years import Period, Term
from onroll.measures.periods import PeriodKind, before, containing, last_periods, named_term, up_to, words


def entry(kind, year, term, start, end):
    return CalendarEntry(
        kind=kind, academic_year=year, term=term, start=date.fromisoformat(start), end=date.fromisoformat(end)
    )


# One year of Ashcombe's own; the years round it are the national terms'.
CALENDAR = Calendar(
    (
        entry("term", "2025-26", "autumn", "2025-09-03", "2025-12-20"),
        entry("half_term_break", "2025-26", "autumn", "2025-10-25", "2025-11-03"),
        entry("term", "2025-26", "spring", "2026-01-05", "2026-04-02"),
        entry("term", "2025-26", "summer", "2026-04-20", "2026-07-22"),
    )
)


def test_a_term_that_is_said_to_be_of_another_year_does_not_leave_days_without_a_term():
    slip = Calendar((entry("term", "2026-27", "autumn", "2025-10-08", "2026-11-22"),))

    for day in (date(2026, 8, 20), date(2026, 11, 22), date(2025, 10, 8)):
        assert day in containing(PeriodKind.TERM, day, slip)
        assert words(PeriodKind.TERM, containing(PeriodKind.TERM, day, slip), slip)


@given(st.sampled_from(list(PeriodKind)), st.dates(date(2023, 1, 1), date(2028, 12, 31)))
def test_periods_follow_each_other_without_a_gap(kind, day):
    period = containing(kind, day, CALENDAR)

    assert day in period
    assert containing(kind, period.start, CALENDAR) == containing(kind, period.last_day, CALENDAR) == period
    assert before(kind, period, CALENDAR).end == period.start
    assert up_to(kind, day, CALENDAR) == Period(period.start, day + timedelta(days=1))
    assert words(kind, period, CALENDAR)


def test_a_holiday_belongs_to_the_term_before_it():
    christmas = containing(PeriodKind.TERM, date(2025, 12, 25), CALENDAR)

    assert christmas == Period(date(2025, 9, 3), date(2026, 1, 5))
    assert words(PeriodKind.TERM, christmas, CALENDAR) == "Autumn 2025"


def test_a_term_is_halved_where_its_break_ends():
    assert containing(PeriodKind.HALF_TERM, date(2025, 10, 27), CALENDAR).end == date(2025, 11, 3)
    assert words(PeriodKind.HALF_TERM, containing(PeriodKind.HALF_TERM, date(2025, 11, 3), CALENDAR), CALENDAR) == (
        "Autumn 2025, second half"
    )


def test_a_term_that_is_named_is_the_calendars_or_the_national_one():
    assert named_term("2025-26", Term.SPRING, CALENDAR) == Period(date(2026, 1, 5), date(2026, 4, 2))
    assert named_term("2023-24", Term.SPRING, CALENDAR) == Period(date(2024, 1, 1), date(2024, 4, 1))


def test_the_last_periods_are_whole_but_for_the_one_that_goes_on():
    now = up_to(PeriodKind.MONTH, date(2026, 3, 10), CALENDAR)

    months = last_periods(PeriodKind.MONTH, now, CALENDAR, count=3)

    assert [(each.start.month, each.last_day.day) for each in months] == [(1, 31), (2, 28), (3, 10)]


@pytest.mark.parametrize(
    ("kind", "start", "end", "said"),
    [
        (PeriodKind.WEEK, "2026-03-09", "2026-03-16", "Week of 9 Mar 2026"),
        (PeriodKind.MONTH, "2026-03-01", "2026-04-01", "March 2026"),
        (PeriodKind.QUARTER, "2026-01-01", "2026-04-01", "January to March 2026"),
        (PeriodKind.ACADEMIC_YEAR, "2025-09-01", "2026-09-01", "2025/26"),
        (PeriodKind.FINANCIAL_YEAR, "2025-04-01", "2026-04-01", "Year to 31 March 2026"),
    ],
)
def test_each_kind_of_period_has_its_bounds_and_its_words(kind, start, end, said):
    period = containing(kind, date(2026, 3, 10), CALENDAR)

    assert period == Period(date.fromisoformat(start), date.fromisoformat(end))
    assert words(kind, period, CALENDAR) == said

"""Working days in England: Monday to Friday without the bank holidays."""

from datetime import date, timedelta
from functools import cache

from .code_sets import read_rows

BANK_HOLIDAYS: dict[date, str] = {
    date.fromisoformat(row["day"]): row["label"] for row in read_rows("bank_holidays_england.csv")
}
FIRST_YEAR, LAST_YEAR = min(BANK_HOLIDAYS).year, max(BANK_HOLIDAYS).year


@cache
def bank_holidays_in(year: int) -> frozenset[date]:
    """England's bank holidays of a year: as proclaimed where the list has them, else by the standing rule."""
    if FIRST_YEAR <= year <= LAST_YEAR:
        return frozenset(day for day in BANK_HOLIDAYS if day.year == year)
    return by_the_standing_rule(year)


def by_the_standing_rule(year: int) -> frozenset[date]:
    """The eight bank holidays of a year in which nothing is moved or added."""
    easter = _easter_sunday(year)
    holidays = {
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
    }
    # A fixed day at a weekend is kept on the next weekday that is not a bank holiday already.
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while day.weekday() >= 5 or day in holidays:
            day += timedelta(days=1)
        holidays.add(day)
    return frozenset(holidays)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays_in(day.year)


def add_working_days(day: date, count: int) -> date:
    """The day that is this many working days after another, which itself is not counted."""
    if count < 0:
        raise ValueError("Working days are counted forward from a day.")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_before(day: date, count: int) -> date:
    """The day that is this many working days before another, which itself is not counted."""
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """Working days after the first day, up to and with the last. A deadline is kept if they are not too many."""
    return sum(is_working_day(first + timedelta(days=each)) for each in range(1, (last - first).days + 1))


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _easter_sunday(year: int) -> date:
    """Easter of the Gregorian calendar, by the rule that Gauss found."""
    century = year // 100
    shift = (15 - (13 + 8 * century) // 25 + century - century // 4) % 30
    moon = (19 * (year % 19) + shift) % 30
    if moon == 29 or (moon == 28 and year % 19 > 10):
        moon -= 1
    full_moon = date(year, 3, 21) + timedelta(days=moon)
    return full_moon + timedelta(days=7 - (full_moon.weekday() + 1) % 7)

"""The school calendar: terms, half-term breaks, holidays and the days on which PEPs are due."""

from datetime import date, timedelta
from functools import cache

from onroll.authorities.models import CalendarEntry
from onroll.codes.working_days import add_working_days, bank_holidays_in, is_working_day
from onroll.codes.years import academic_year_of

Kind, Term = CalendarEntry.Kind, CalendarEntry.Term


def first_year_of(day: date) -> int:
    """The calendar year in which the day's academic year began."""
    return int(academic_year_of(day)[:4])


def entries(first_year: int) -> list[CalendarEntry]:
    """The entries of the academic year that begins in this year, without an authority."""
    good_friday = min(day for day in bank_holidays_in(first_year + 1) if day.month in (3, 4))
    # Two weeks off with Easter in them: after it where it is early, before it where it is late.
    easter = good_friday if (good_friday.month, good_friday.day) < (4, 10) else good_friday - timedelta(days=6)
    autumn = _first_day(first_year)
    october = _monday(date(first_year, 10, 22))
    christmas = _monday(date(first_year, 12, 18)) - timedelta(days=2)
    spring = _monday(date(first_year + 1, 1, 3))
    february = _monday(date(first_year + 1, 2, 11))
    summer = _monday(easter + timedelta(days=11))
    whitsun = _monday(date(first_year + 1, 5, 25))
    july = date(first_year + 1, 7, 22)
    next_autumn = _first_day(first_year + 1)
    year = academic_year_of(autumn)

    def entry(kind: str, term: str, start: date, end: date) -> CalendarEntry:
        return CalendarEntry(kind=kind, academic_year=year, term=term, start=start, end=end)

    week = timedelta(days=7)
    made = [
        entry(Kind.TERM, Term.AUTUMN, autumn, christmas),
        entry(Kind.HALF_TERM_BREAK, Term.AUTUMN, october, october + week),
        entry(Kind.SCHOOL_HOLIDAY, "", christmas, spring),
        entry(Kind.TERM, Term.SPRING, spring, easter),
        entry(Kind.HALF_TERM_BREAK, Term.SPRING, february, february + week),
        entry(Kind.SCHOOL_HOLIDAY, "", easter, summer),
        entry(Kind.TERM, Term.SUMMER, summer, july),
        entry(Kind.HALF_TERM_BREAK, Term.SUMMER, whitsun, whitsun + week),
        entry(Kind.SCHOOL_HOLIDAY, "", july, next_autumn),
    ]
    for term, last in ((Term.AUTUMN, christmas), (Term.SPRING, easter), (Term.SUMMER, july)):
        # Three weeks before the term ends, so that what is wrong can still be put right in it.
        due = add_working_days(last - timedelta(days=23), 1)
        made.append(entry(Kind.PEP_DEADLINE, term, due, due + timedelta(days=1)))
    return made


@cache
def _holidays_of(first_year: int) -> list[CalendarEntry]:
    return [entry for entry in entries(first_year) if entry.kind in (Kind.HALF_TERM_BREAK, Kind.SCHOOL_HOLIDAY)]


def school_day_from(day: date) -> date:
    """The first school day on or after a day."""
    while not is_working_day(day) or any(entry.holds(day) for entry in _holidays_of(first_year_of(day))):
        day += timedelta(days=1)
    return day


def _first_day(year: int) -> date:
    """The first school day: 2 September, or the Monday after."""
    day = date(year, 9, 2)
    return day if day.weekday() < 5 else _monday(day)


def _monday(day: date) -> date:
    """The Monday on or after a day."""
    return day + timedelta(days=-day.weekday() % 7)

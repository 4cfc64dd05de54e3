"""The periods a figure is asked for: a week, a month, a term, a year. They follow each other without a gap.

A holiday belongs to the term, or the half-term, before it, so that every day has one. Where the authority's calendar
does not reach, the national terms stand in: from September, January and April on.
"""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from onroll.authorities.calendar import Calendar
from onroll.authorities.models import CalendarEntry
from onroll.codes.years import Period, Term, academic_year, academic_year_of, financial_year, financial_year_of
from onroll.design.words import day_short

_SOME_WEEKS = timedelta(weeks=5)
NATIONAL = {Term.AUTUMN: (9, 1), Term.SPRING: (1, 1), Term.SUMMER: (4, 1)}


class PeriodKind(StrEnum):
    """How often a figure is asked for."""

    WEEK = "week"
    MONTH = "month"
    HALF_TERM = "half_term"
    TERM = "term"
    QUARTER = "quarter"
    ACADEMIC_YEAR = "academic_year"
    FINANCIAL_YEAR = "financial_year"

    @property
    def label(self) -> str:
        return _WORDS[self]


_WORDS = {
    PeriodKind.WEEK: "week",
    PeriodKind.MONTH: "month",
    PeriodKind.HALF_TERM: "half-term",
    PeriodKind.TERM: "term",
    PeriodKind.QUARTER: "quarter",
    PeriodKind.ACADEMIC_YEAR: "academic year",
    PeriodKind.FINANCIAL_YEAR: "financial year",
}


def containing(kind: PeriodKind, day: date, calendar: Calendar) -> Period:
    """The whole period of this kind that holds the day."""
    return _CONTAINING[kind](day, calendar)


def up_to(kind: PeriodKind, day: date, calendar: Calendar) -> Period:
    """The period of this kind that holds the day, as far as that day: what “as at” means for a figure of a period."""
    return Period(containing(kind, day, calendar).start, day + timedelta(days=1))


def before(kind: PeriodKind, period: Period, calendar: Calendar) -> Period:
    """The whole period of this kind before the one in which this one begins."""
    return containing(kind, containing(kind, period.start, calendar).start - timedelta(days=1), calendar)


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def last_periods(kind: PeriodKind, period: Period, calendar: Calendar, *, count: int) -> list[Period]:
    """So many periods of this kind, oldest first, whole but for the last, which is the given one."""
    found = [period]
    while len(found) < count:
        found.append(before(kind, found[-1], calendar))
    return found[::-1]


def named_term(year: str, term: Term, calendar: Calendar) -> Period:
    """A term as the calendar has it, from its first day to its last. Without one in the calendar, the national term."""
    for entry in calendar.terms:
        if (entry.academic_year, entry.term) == (year, term):
            return Period(entry.start, entry.end)
    starts = [start for start in _national_starts(academic_year(year)) if start[1] == term]
    return containing(PeriodKind.TERM, starts[0][0], calendar)


def words(kind: PeriodKind, period: Period, calendar: Calendar) -> str:
    """What people call the period: “Autumn 2026”, “November 2026”, “2026/27”."""
    match kind:
        case PeriodKind.WEEK:
            return f"Week of {day_short(period.start)}"
        case PeriodKind.MONTH:
            return f"{period.start:%B %Y}"
        case PeriodKind.QUARTER:
            return f"{period.start:%B} to {period.last_day:%B %Y}"
        case PeriodKind.ACADEMIC_YEAR:
            return academic_year_of(period.start).replace("-", "/")
        case PeriodKind.FINANCIAL_YEAR:
            return f"Year to 31 March {containing(kind, period.start, calendar).end.year}"
    term = _term_words(period.start, calendar)
    if kind is PeriodKind.TERM:
        return term
    first = containing(PeriodKind.TERM, period.start, calendar).start == period.start
    return f"{term}, {'first' if first else 'second'} half"


def _term_words(day: date, calendar: Calendar) -> str:
    name = dict(_term_starts(day, calendar))[containing(PeriodKind.TERM, day, calendar).start]
    return f"{name.label} {day.year}"


def _week(day: date, calendar: Calendar) -> Period:
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=7))


def _month(day: date, calendar: Calendar) -> Period:
    return Period(day.replace(day=1), _first_of_month(day, 1))


def _quarter(day: date, calendar: Calendar) -> Period:
    """Quarters of the financial year, which are those of the calendar year too."""
    start = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return Period(start, _first_of_month(start, 3))


def _first_of_month(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _academic_year(day: date, calendar: Calendar) -> Period:
    return academic_year(academic_year_of(day))


def _financial_year(day: date, calendar: Calendar) -> Period:
    return financial_year(financial_year_of(day))


def _term(day: date, calendar: Calendar) -> Period:
    return _between([start for start, _ in _term_starts(day, calendar)], day)


def _half_term(day: date, calendar: Calendar) -> Period:
    """A term is halved where its break ends. A term without a break in the calendar is one half."""
    term = _term(day, calendar)
    breaks = [entry.end for entry in calendar.entries if entry.kind == CalendarEntry.Kind.HALF_TERM_BREAK]
    return _between([term.start, *(end for end in breaks if term.start < end < term.end), term.end], day)


def _between(starts: list[date], day: date) -> Period:
    ordered = sorted(set(starts))
    place = bisect_right(ordered, day)
    return Period(ordered[place - 1], ordered[place])


def _term_starts(day: date, calendar: Calendar) -> list[tuple[date, Term]]:
    """The first days of the terms round this day: the calendar's, and the national ones of years it does not hold."""
    year = _academic_year(day, calendar)
    round_it = [academic_year_of(each) for each in (year.start - timedelta(days=1), year.start, year.end)]
    starts: list[tuple[date, Term]] = []
    for label in round_it:
        whole = academic_year(label)
        own = [
            (entry.start, Term(entry.term))
            for entry in calendar.terms
            # Some schools begin in August. A term that begins far from the year it is said to be of is a slip.
            if entry.academic_year == label and whole.start - _SOME_WEEKS <= entry.start < whole.end
        ]
        starts += own or _national_starts(whole)
    return sorted(starts)


def _national_starts(year: Period) -> list[tuple[date, Term]]:
    return [(date(year.start.year + (month < 9), month, first), term) for term, (month, first) in NATIONAL.items()]


_CONTAINING: dict[PeriodKind, Callable[[date, Calendar], Period]] = {
    PeriodKind.WEEK: _week,
    PeriodKind.MONTH: _month,
    PeriodKind.HALF_TERM: _half_term,
    PeriodKind.TERM: _term,
    PeriodKind.QUARTER: _quarter,
    PeriodKind.ACADEMIC_YEAR: _academic_year,
    PeriodKind.FINANCIAL_YEAR: _financial_year,
}

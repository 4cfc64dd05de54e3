"""Dates and frequencies as plans print them, and the days they come to.

Plans say “March 2016”, “Spring 2019”, “April 2019 and ongoing”, “3x year”, “Feb half term / key school holidays”. The
words are kept as they are; this module answers what days they come to. A month ends on its last day, a term on the last
day that the authority's calendar gives it, or the national one where the calendar does not know the term. Words that
name no day come to none: nothing is guessed. Pure: no record is read here, and today is not known.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from onroll.codes.years import Period, Term, academic_year, academic_year_of
from onroll.design.dates import month_number, real_day

from .models import Rhythm

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SchoolYears:
    """What the authority's calendar knows of terms, half-term breaks and holidays, each a `Period`."""

    terms: tuple[tuple[str, str, Period], ...] = ()
    breaks: tuple[tuple[str, str, Period], ...] = ()
    holidays: tuple[Period, ...] = ()

    def term(self, year: str, term: str) -> Period:
        """A term by the calendar, or by the national dates: to 31 December, 31 March and 31 August."""
        for its_year, its_term, period in self.terms:
            if (its_year, its_term) == (year, term):
                return period
        start, end = academic_year(year).start, academic_year(year).end
        turns = [start, date(end.year, 1, 1), date(end.year, 4, 1), end]
        at = list(Term).index(Term(term))
        return Period(turns[at], turns[at + 1])

    def half_term_break(self, year: str, term: str) -> Period | None:
        return next((period for its_year, its, period in self.breaks if (its_year, its) == (year, term)), None)


@dataclass(frozen=True)
class AsPrinted:
    """What words about dates come to. `due` is the last day on which it is in time; what is ongoing is never due."""

    start: date | None = None
    due: date | None = None
    ongoing: bool = False
    rhythm: str = ""


_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATED = re.compile(
    "|".join(
        (
            r"\b(?P<iso>\d{4}-\d{2}-\d{2})\b",
            r"\b(?P<d1>\d{1,2})[./](?P<m1>\d{1,2})[./](?P<y1>\d{4}|\d{2})\b",
            rf"\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH.format('m2')}(?:\s+(?P<y2>\d{{4}}))?\b",
            rf"\b{_MONTH.format('hm')}\s+half[\s-]?term\b",
            rf"\b{_MONTH.format('m3')}(?:\s+(?P<y3>\d{{4}}))?\b",
            r"\b(?P<term>autumn|spring|summer)(?:\s+term)?(?:\s+(?P<y4>\d{4}))?\b",
            r"\b(?P<year>\d{4})[-/](?P<next>\d{2})\b",
        )
    ),
    re.IGNORECASE,
)
_ONGOING = re.compile(r"\bon[\s-]?going\b", re.IGNORECASE)
# The first that fits: a half-term is no term.
_RHYTHMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (rhythm.value, re.compile(pattern, re.IGNORECASE))
    for rhythm, pattern in (
        (Rhythm.WEEK, r"\bweekly\b|\b(?:every|each) week\b"),
        (Rhythm.HALF_TERM, r"\bhalf[\s-]?termly\b|\b(?:every|each) half[\s-]?term\b"),
        (Rhythm.TERM, r"\btermly\b|\b(?:every|each) term\b|\b(?:3|three)\s*(?:x|times)(?:\s+(?:a|per))?\s+year\b"),
        (Rhythm.MONTH, r"\bmonthly\b|\b(?:every|each) month\b"),
        (Rhythm.QUARTER, r"\bquarterly\b|\b(?:every|each) quarter\b"),
        (Rhythm.YEAR, r"\b(?:annual|annually|yearly)\b|\b(?:every|each) year\b"),
        (Rhythm.FEBRUARY, r"\bfeb(?:ruary)?\s+half[\s-]?term\b.*\bholidays?\b"),
        (Rhythm.HOLIDAYS, r"\bschool holidays?\b"),
        (Rhythm.MEETINGS, r"\bmeeting (?:cycle|schedule)\b"),
    )
)


def read(words: str, *, within: Period | None = None, years: SchoolYears | None = None) -> AsPrinted:
    """What these words come to. `within` is the plan's year, in which a month or a term without a year lies.

    What comes round, and says no end of its own, is due by the end of the plan's year.
    """
    years = years or SchoolYears()
    rhythm = next((name for name, pattern in _RHYTHMS if pattern.search(words)), "")
    ongoing = bool(_ONGOING.search(words))
    periods = list(_periods(words, within, years))
    start = min((period.start for period in periods), default=None)
    if ongoing:
        return AsPrinted(start, None, True, rhythm)
    if rhythm:
        return AsPrinted(start, within.last_day if within else None, False, rhythm)
    return AsPrinted(start, max((period.last_day for period in periods), default=None))


def _periods(words: str, within: Period | None, years: SchoolYears) -> Iterator[Period]:
    for found in _DATED.finditer(words):
        period = _period({name: text for name, text in found.groupdict().items() if text}, within, years)
        if period is not None:
            yield period


def _period(said: dict[str, str], within: Period | None, years: SchoolYears) -> Period | None:
    """The days of one thing that the words name."""
    if "iso" in said:
        day = real_day(*reversed(said["iso"].split("-")))
        return _one_day(day)
    if "d1" in said:
        year = said["y1"] if len(said["y1"]) == 4 else f"20{said['y1']}"
        return _one_day(real_day(said["d1"], said["m1"], year))
    if "d2" in said:
        if "y2" in said:
            return _one_day(real_day(said["d2"], said["m2"], said["y2"]))
        month = _month(said["m2"], "", within)
        return _one_day(real_day(said["d2"], said["m2"], str(month.start.year))) if month else None
    if "hm" in said:
        month = _month(said["hm"], "", within)
        if month is None:
            return None
        return years.half_term_break(academic_year_of(month.start), _half_term_in(month.start.month)) or month
    if "m3" in said:
        return _month(said["m3"], said.get("y3", ""), within)
    if "term" in said:
        return _term(said["term"].lower(), said.get("y4", ""), within, years)
    first = int(said["year"])
    is_a_year = first and int(said["next"]) == (first + 1) % 100 and first < MAXYEAR
    return academic_year(f"{said['year']}-{said['next']}") if is_a_year else None


def _one_day(day: date | None) -> Period | None:
    return Period(day, day + ONE_DAY) if day and day < date.max else None


def _half_term_in(month: int) -> str:
    return Term.AUTUMN if month >= 9 else Term.SPRING if month <= 3 else Term.SUMMER


def _month(name: str, year: str, within: Period | None) -> Period | None:
    number = month_number(name)
    assert number is not None
    if year:
        return _whole_month(int(year), number)
    if within is None:
        return None
    for each in (within.start.year, within.start.year + 1):
        month = _whole_month(each, number)
        if month and month.end > within.start and month.start < within.end:
            return month
    return None


def _whole_month(year: int, month: int) -> Period | None:
    if not 1 <= year < MAXYEAR:
        return None
    return Period(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))


def _term(term: str, year: str, within: Period | None, years: SchoolYears) -> Period | None:
    """Autumn 2018 is in 2018-19, Spring 2019 too."""
    if year:
        first = int(year) - (term != Term.AUTUMN)
        return years.term(_label(first), term) if 1 <= first < MAXYEAR - 1 else None
    if within is None:
        return None
    first = int(academic_year_of(within.start)[:4])
    for each in (first, first + 1):
        period = years.term(_label(each), term)
        if period.end > within.start and period.start < within.end:
            return period
    return None


def _label(first: int) -> str:
    return f"{first:04}-{(first + 1) % 100:02}"


def due_dates(rhythm: str, within: Period, years: SchoolYears | None = None) -> list[date]:
    """Every day in the plan's year by which something that comes round is due, in order.

    Weekly work is due on Fridays, what is done in holidays by the last day of each.
    """
    years = years or SchoolYears()
    days = {day for day in _due(rhythm, within, years) if day in within}
    return sorted(days)


def _due(rhythm: str, within: Period, years: SchoolYears) -> Iterator[date]:
    if rhythm == Rhythm.WEEK:
        friday = within.start + timedelta(days=(4 - within.start.weekday()) % 7)
        yield from (friday + timedelta(weeks=n) for n in range((within.end - within.start).days // 7 + 1))
    elif rhythm in (Rhythm.MONTH, Rhythm.QUARTER):
        month = _whole_month(within.start.year, within.start.month)
        while month and month.start < within.end:
            if rhythm == Rhythm.MONTH or month.start.month % 3 == 0:
                yield month.last_day
            month = _whole_month(month.end.year, month.end.month)
    elif rhythm in (Rhythm.TERM, Rhythm.HALF_TERM):
        first = int(academic_year_of(within.start)[:4])
        for year in range(first, within.end.year + 1):
            for term in Term:
                yield years.term(_label(year), term).last_day
                half = years.half_term_break(_label(year), term)
                if rhythm == Rhythm.HALF_TERM and half:
                    yield half.start - ONE_DAY
    elif rhythm == Rhythm.YEAR:
        yield within.last_day
    elif rhythm in (Rhythm.HOLIDAYS, Rhythm.FEBRUARY):
        yield from (period.last_day for period in years.holidays)
        february = rhythm == Rhythm.FEBRUARY
        yield from (period.last_day for _, term, period in years.breaks if not february or term == Term.SPRING)

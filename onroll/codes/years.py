"""The years a virtual school lives by: academic, collection and financial, and the three terms."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


@dataclass(frozen=True, order=True)
class Period:
    """A run of days. `end` is the first day after it, as in every spell."""

    start: date
    end: date

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


class Term(StrEnum):
    AUTUMN = "autumn"
    SPRING = "spring"
    SUMMER = "summer"

    @property
    def label(self) -> str:
        return self.value.capitalize()


def academic_year_of(day: date) -> str:
    """The school year of a day, from 1 September: “2025-26”."""
    return _label(day.year if day.month >= 9 else day.year - 1)


def academic_year(label: str) -> Period:
    """1 September to 31 August."""
    return _year(label, month=9)


def collection_year_of(day: date) -> str:
    """The year of the return of children looked after, 1 April to 31 March: “2017-18”."""
    return _label(day.year if day.month >= 4 else day.year - 1)


def collection_year(label: str) -> Period:
    """1 April to 31 March."""
    return _year(label, month=4)


# Grants and budgets run over the same twelve months as the return.
financial_year_of = collection_year_of
financial_year = collection_year


# 2025-26, 2025/26, 2025/2026, 2025 26, 202526: what stands between the two years may be left out.
_AS_WRITTEN = re.compile(r"(?<![A-Za-z0-9])(20\d\d)[-–/_. ]{0,3}(?:20)?(\d\d)(?![A-Za-z0-9])")


def school_years_in(words: str) -> list[tuple[str, re.Match[str]]]:
    """The school years that are named in some words, however people write them, each with where it stands."""
    found = [(_label(int(match[1])), match) for match in _AS_WRITTEN.finditer(words)]
    return [(label, match) for label, match in found if label.endswith(match[2])]


def term_of(day: date) -> Term:
    """The term of a day by the national dates, which funding and compulsory school age go by.

    Where the authority's own calendar says when a term begins and ends, ask the calendar.
    """
    if day.month >= 9:
        return Term.AUTUMN
    return Term.SPRING if day.month <= 3 else Term.SUMMER


def _label(first_year: int) -> str:
    return f"{first_year}-{(first_year + 1) % 100:02}"


def _year(label: str, *, month: int) -> Period:
    first_year = int(label[:4]) if label[:4].isdecimal() and label[:4].isascii() else 0
    if first_year == 0 or label != _label(first_year):
        raise ValueError(f"“{label}” is not a year. A year is written like 2025-26.")
    return Period(date(first_year, month, 1), date(first_year + 1, month, 1))

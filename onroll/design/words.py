"""How days, lengths of time, counts and shares are written, everywhere the same.

Plain functions, so that an import's sentences and a page's table say it in the same words. The
template filters of `{% load design %}` are these functions.
"""

import datetime as dt
import re

# In no text file, picture or document, whatever was typed or pasted.
_NO_LETTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day(on: dt.date | None) -> str:
    """12 November 2026. Nothing for no day."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}" if on else ""


def day_short(on: dt.date | None, *, without_year: bool = False) -> str:
    """12 Nov 2026, for tables. The year is left out only for days of the present term."""
    if not on:
        return ""
    words = f"{on.day} {MONTHS[on.month - 1][:3]}"
    return words if without_year else f"{words} {on.year}"


def weekday(on: dt.date | None) -> str:
    """Tuesday 17 November, where people plan."""
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}" if on else ""


def legible(words: str) -> str:
    """The words with a blank for each sign that no file can hold."""
    return _NO_LETTER.sub(" ", words)


def months_between(start: dt.date, end: dt.date) -> int:
    """The whole months from one day to another."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def length_of_time(start: dt.date | None, end: dt.date | None, *, short: bool = False) -> str:
    """5 years 4 months; under a month 8 days. In tables 5 y 4 m; 8 days."""
    if not start or not end or end < start:
        return ""
    years, months = divmod(months_between(start, end), 12)
    if short:
        return f"{years} y {months} m" if years or months else count_of((end - start).days, "day")
    parts = [count_of(number, unit) for number, unit in ((years, "year"), (months, "month")) if number]
    return " ".join(parts) or count_of((end - start).days, "day")


def number(value: int) -> str:
    """25,094."""
    return f"{value:,}"


def count_of(count: int, one: str, many: str = "") -> str:
    """1 child, 2 children; 1 place, 2 places when the plural is the usual one."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(part: int, whole: int, *, places: int = 1) -> str:
    """61 of 296 is 20.6%, from the two integers, so that both databases agree to the digit."""
    if not whole:
        return ""
    scale = 10**places
    rounded = (2 * part * 100 * scale + whole) // (2 * whole)
    return f"{rounded // scale}.{rounded % scale:0{places}d}%" if places else f"{rounded}%"


def part_of_whole(part: int, whole: int) -> str:
    """61 of 296 (20.6%): a share never stands without its part and whole."""
    words = f"{part:,} of {whole:,}"
    return f"{words} ({percent(part, whole)})" if whole else words


def listed(names: list[str]) -> str:
    """Year 11, another authority and EHC plan."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def lower_first(words: str) -> str:
    """The words as they stand inside a sentence: School becomes school; UPN, EHC plan and I stay."""
    inside = words[1:2].islower() or words.startswith("A ")
    return words[:1].lower() + words[1:] if inside else words


def the(words: str) -> str:
    """The name of a thing as a sentence asks for it: Family name becomes the family name."""
    first = words.partition(" ")[0]
    if first.endswith("’s") or first.lower() in {"the", "a", "an", "your", "their", "her", "his", "i"}:
        return words if first.endswith("’s") else lower_first(words)
    return f"the {lower_first(words)}"

"""Whether a value can be the answer to a question, and if not what to say.

An answer is a plain JSON value: words, "Yes" or "No", a list of ticks, a day as YYYY-MM-DD, and for a table or a list
of cards a list of rows, each with its cells or answers by name. Nothing (None, "", []) can always be one: what is
missing is `reading.missing`'s to say.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from .declarations import Column, Kind, Options, Question

MOST_LETTERS = {Kind.LONG_TEXT: 4000}
MOST_LETTERS_ELSE = 300
MOST_LINES = 100

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)

# What each source of options offers now, by the name of the source.
Offered = Mapping[str, Iterable[str]]


def is_nothing(value: Any, *, levels: int = 3) -> bool:
    """Whether this says nothing: no value, only spaces, no row with anything in it.

    No answer is deeper than ticks in a row of a list; what is, is something, and not looked into.
    """
    if isinstance(value, list | dict):
        inside = value if isinstance(value, list) else value.values()
        return all(is_nothing(each, levels=levels - 1) for each in inside) if levels else not value
    return value is None or (isinstance(value, str) and not value.strip())


def check_value(question: Question, value: Any, offered: Offered | None = None) -> str:
    """What is wrong with this as an answer, in a sentence; "" if nothing is.

    A source that `offered` does not name is not asked: any words of ordinary length will do.
    """
    if is_nothing(value):
        return ""
    if question.kind is Kind.TABLE:
        return _check_table(question, value, offered or {})
    if question.kind.is_list:
        return _check_list(question, value, offered or {})
    return _check(question.kind, question.options, value, offered or {})


def _check(kind: Kind, options: Options, value: Any, offered: Offered) -> str:
    match kind:
        case Kind.SHOWN | Kind.VOICE:
            return "This is shown here, and answered elsewhere."
        case Kind.YES_NO:
            return "" if value in ("Yes", "No") else "Choose yes or no."
        case Kind.CHOICE:
            return _check_choice(options, value, offered)
        case Kind.MULTI_CHOICE:
            return _check_ticks(options, value, offered)
        case Kind.DATE:
            return _check_day(value)
        case Kind.NUMBER:
            is_number = isinstance(value, int | float | str) and not isinstance(value, bool)
            return "" if is_number and _NUMBER.fullmatch(str(value).strip()) else "Enter a number, like 12 or 12.5."
    return _check_words(value, MOST_LETTERS.get(kind, MOST_LETTERS_ELSE))


def _check_words(value: Any, most: int) -> str:
    if not isinstance(value, str):
        return "Enter words."
    if not _is_text(value):
        return "Take out what is not text."
    too_many = len(value) - most
    return f"Use {most:,} characters or fewer: this is {too_many:,} too long." if too_many > 0 else ""


def _is_text(words: str) -> bool:
    """Whether both databases can keep it: no nought byte, no half of a character."""
    try:
        return b"\0" not in words.encode()
    except UnicodeEncodeError:
        return False


def _check_choice(options: Options, value: Any, offered: Offered) -> str:
    if not isinstance(value, str):
        return "Choose one of the options."
    if (options.source and options.source not in offered) or options == Options():
        return _check_words(value, MOST_LETTERS_ELSE)
    return "" if value in dict(options.choices(offered)) else f"Choose one of the options: “{value[:60]}” is not one."


def _check_ticks(options: Options, value: Any, offered: Offered) -> str:
    if not isinstance(value, list) or len(value) > MOST_LINES:
        return "Choose from the options."
    if any(value.count(each) > 1 for each in value):
        return "Choose each option once."
    return next((wrong for each in value if (wrong := _check_choice(options, each, offered))), "")


def _check_day(value: Any) -> str:
    try:
        if not _DAY.fullmatch(value):
            raise ValueError
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return "Enter a date that there is, as day, month and year."
    return ""


def _check_table(question: Question, value: Any, offered: Offered) -> str:
    columns: dict[str, Column] = {column.name: column for column in question.columns}
    if not columns:
        return "This is shown here, and answered elsewhere."

    def cell(name: str, words: Any) -> str:
        column = columns[name]
        wrong = "" if is_nothing(words) else _check(column.kind, column.options, words, offered)
        return f"{column.title}: {wrong}" if wrong else ""

    return _check_rows(value, columns, cell, most=MOST_LINES, one="Line")


def _check_list(question: Question, value: Any, offered: Offered) -> str:
    parts = {part.name: part for part in question.parts}

    def answer(name: str, words: Any) -> str:
        return check_value(parts[name], words, offered)

    return _check_rows(value, parts, answer, most=question.limits.most, one=question.card.capitalize())


def _check_rows(value: Any, names: Mapping[str, Any], cell: Callable[[str, Any], str], *, most: int, one: str) -> str:
    """What is wrong with the first row that has something wrong."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return "Enter this line by line."
    if len(value) > most:
        return f"Keep to {most} at most: there are {len(value)}."
    for number, row in enumerate(value, 1):
        for name, words in row.items():
            wrong = cell(name, words) if name in names else "there is something that the form does not ask."
            if wrong:
                return f"{one} {number}, {wrong}"
    return ""

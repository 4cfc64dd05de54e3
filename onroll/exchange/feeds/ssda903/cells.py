"""One reader for each kind of cell: the value, or what is wrong with it in words.

A return repeats the same few thousand days and codes, so what was read once is remembered.
"""

import re
from datetime import date
from functools import lru_cache

from onroll.codes.code_sets import CodeSet
from onroll.codes.upn import check_letter, is_code_for_unknown, tidy_upn, why_not_form
from onroll.exchange.problems import BadValue

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 00:00(?::00)?)?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_A_NUMBER_CHANGED_BY_A_SPREADSHEET = re.compile(r"\d+\.0+|\d(?:\.\d+)?[eE]\+?\d+")


@lru_cache(maxsize=65_536)
def day(text: str) -> date:
    """A day as the guide writes it (31/03/2018), or as a computer does (2018-03-31)."""
    match = _DAY.fullmatch(text)
    parts = match.group(3, 2, 1) if match else None
    if match is None and (match := _ISO_DAY.fullmatch(text)):
        parts = match.group(1, 2, 3)
    if parts is None:
        raise BadValue(f"{quoted(text)} is not a day. A day is like 31/03/2018.")
    try:
        found = date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        raise BadValue(f"{quoted(text)} is not a day of the calendar.") from None
    if not 1900 <= found.year <= 2100:
        raise BadValue(f"{quoted(text)} can't be right: its year is {found.year}.")
    return found


@lru_cache(maxsize=65_536)
def child_number(text: str) -> str:
    """The authority's own number of a child, kept letter for letter: leading zeros matter."""
    if not text:
        raise BadValue("There is no child's number.")
    if len(text) > 20:
        raise BadValue(f"{quoted(text)} is longer than 20 characters, so it is not a child's number.")
    if _A_NUMBER_CHANGED_BY_A_SPREADSHEET.fullmatch(text):
        raise BadValue(
            f"{quoted(text)} is a number that a spreadsheet has changed, so the child can't be known from it."
        )
    if not text.isprintable():
        raise BadValue("The child's number holds characters that can't be seen.")
    return text


def code(codes: CodeSet, text: str) -> str:
    """A code of the set, of any year. Raises BadValue for what no year has had."""
    found = text.upper()
    if found not in codes:
        raise BadValue(f"{quoted(text)} is not a code for {codes.name}.")
    return found


@lru_cache(maxsize=65_536)
def upn(text: str) -> tuple[str, str, str]:
    """The UPN, the code for why there is none, and what to note: a wrong check letter does not make it another's."""
    number = tidy_upn(text)
    if not number:
        return "", "", ""
    if is_code_for_unknown(number):
        return "", number, ""
    problem = why_not_form(number)
    if problem and not (len(number) == 13 and number.isascii() and number.isalnum()):
        raise BadValue(f"{quoted(text)} is not a UPN. A UPN has 13 characters.")
    if problem:
        return number, "", f"{number} does not have the form of a UPN: a letter (never I, O or S), then 12 digits."
    expected = check_letter(number[1:])
    if number[0] != expected:
        return number, "", f"The check letter of UPN {number} does not fit: it would be {expected}."
    return number, "", ""


def quoted(text: str) -> str:
    """A cell's text as it can be shown: short, on one line, in quotation marks."""
    shown = "".join(character if character.isprintable() else "·" for character in text[:40])
    return f"“{shown}”" if len(text) <= 40 else f"“{shown}…”"

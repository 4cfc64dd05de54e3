"""How the cells of people's spreadsheets are read: their days, yes and no, hours, and the names of schools."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from onroll.codes import CodeSet
from onroll.codes.years import school_years_in
from onroll.exchange.feeds.exchange.tables.table import DoesNotFit, Holdings
from onroll.exchange.feeds.ssda903.cells import child_number, day, quoted
from onroll.exchange.problems import BadValue
from onroll.exchange.sheets import SheetColumn
from onroll.schools.models import School
from onroll.schools.searching import tidy

__all__ = ["CHILD", "END", "START", "coded", "day_or_none", "hours", "school_year", "setting_of", "words"]


def words(longest: int) -> Any:
    """Free words, no longer than fit."""

    def read(cell: str) -> str:
        if len(cell) > longest:
            raise BadValue(f"{quoted(cell)} is longer than {longest} characters.")
        return cell

    return read


def day_or_none(cell: str) -> Any:
    return day(cell) if cell else None


def school_year(cell: str) -> str:
    """A school year, as people write it. Empty: it is not said."""
    found = [label for label, match in school_years_in(cell) if match[0] == cell]
    if cell and not found:
        raise BadValue(f"{quoted(cell)} is not a school year like 2025/26.")
    return found[0] if found else ""


def hours(cell: str) -> Decimal | None:
    if not cell:
        return None
    try:
        found = Decimal(cell)
    except InvalidOperation:
        raise BadValue(f"{quoted(cell)} is not a number of hours like 25 or 12.5.") from None
    if not 0 <= found <= 168:
        raise BadValue(f"{quoted(cell)} can't be the hours of a week.")
    return round(found, 1)


def coded(choices: Mapping[str, Any], what: str, also: Mapping[str, str] | None = None) -> Any:
    """One of a few answers, by its code or its words. `also`: other words that people use, each with its code."""
    known = {str(words).lower(): code for code, words in choices.items()} | {code.lower(): code for code in choices}
    known |= also or {}

    def read(cell: str) -> str:
        found = known.get(cell.lower())
        if cell and found is None:
            raise BadValue(f"{quoted(cell)} is not {what}. Write one of: {', '.join(map(str, choices.values()))}.")
        return found or ""

    return read


def of_code_set(codes: "CodeSet[Any]") -> Any:
    """A national code, or its words."""
    return coded({each.code: each.label for each in codes}, f"a code for {codes.name}")


CHILD = SheetColumn(
    "child_id",
    "Child’s number",
    child_number,
    ("child id", "child", "child unique id", "unique id", "person id", "client id", "lcs id", "mosaic id"),
    needed=True,
    hint="The authority’s own number of the child, as in the SSDA903 return",
)
START = SheetColumn("start", "Start", day, ("start date", "from", "started on", "date from"), needed=True)
END = SheetColumn("end", "End", day_or_none, ("end date", "to", "ended on", "date to", "leaving date"))


def setting_of(cell: str, holdings: Holdings) -> str:
    """The setting that a cell means: by URN or own number, by LAESTAB, or by a name that only one open school has."""
    if cell in holdings.schools:
        return cell
    digits = cell.replace("/", "").replace(" ", "")
    if digits.isdecimal() and len(digits) == 7:
        found = [s.setting_id for s in School.objects.filter(laestab=digits).exclude(status=School.Status.CLOSED)]
    else:
        wanted = tidy(cell)
        found = [key for key, school in holdings.schools.items() if tidy(school.name) == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise DoesNotFit("School", f"{len(found)} schools are called {quoted(cell)}: give the URN")
    raise DoesNotFit("School", f"No school is known as {quoted(cell)}: give the URN, or add the setting")

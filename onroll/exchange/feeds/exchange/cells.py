"""How a cell of the exchange format is read and written: ISO days, yes and no, codes, empty for not known."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from onroll.codes import CodeSet
from onroll.exchange.problems import BadValue


@dataclass(frozen=True)
class Column:
    """A column: its name, how its cell becomes a value (BadValue says what is wrong), and how a value is written."""

    name: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    needed: bool = False


def text(name: str, longest: int, *, needed: bool = False) -> Column:
    """Free words, kept as sent."""

    def read(cell: str) -> str:
        if len(cell) > longest:
            raise BadValue(f"has {len(cell)} characters; {longest} fit")
        return cell

    return Column(name, read, needed=needed)


def one_of(name: str, allowed: Iterable[str], *, needed: bool = False, empty: str = "") -> Column:
    """A word of a short list. `empty` is what an empty cell stands for, and a column that is not there."""
    words = tuple(allowed)

    def read(cell: str) -> str:
        if cell and cell not in words:
            raise BadValue(f"“{cell[:40]}” is not one of {', '.join(words)}")
        return cell or empty

    return Column(name, read, needed=needed)


def code(name: str, codes: "CodeSet[Any] | tuple[CodeSet[Any], ...]", *, needed: bool = False) -> Column:
    """A code of a national list; retired codes are read too."""
    sets = codes if isinstance(codes, tuple) else (codes,)

    def read(cell: str) -> str:
        if cell and not any(cell in each for each in sets):
            raise BadValue(f"“{cell[:40]}” is not a code for {sets[0].name}")
        return cell

    return Column(name, read, needed=needed)


@lru_cache(maxsize=100_000)
def _day(cell: str) -> date:
    if len(cell) != 10:
        raise BadValue(f"“{cell[:40]}” is not a day like 2026-03-31")
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise BadValue(f"“{cell[:40]}” is not a day like 2026-03-31") from None


def day(name: str, *, needed: bool = False) -> Column:
    """A day, like 2026-03-31."""
    return Column(
        name, lambda cell: _day(cell) if cell else None, lambda value: value.isoformat() if value else "", needed
    )


def yes_no(name: str, *, empty: bool | None = None, spelled: bool = False) -> Column:
    """yes or no. Empty is `empty`: not known, unless the column has a plain answer. `spelled`: always written out."""

    def read(cell: str) -> bool | None:
        if cell not in ("", "yes", "no"):
            raise BadValue(f"“{cell[:40]}” is neither yes nor no")
        return cell == "yes" if cell else empty

    def write(value: bool | None) -> str:
        return "" if value is empty and not spelled else "yes" if value else "no"

    return Column(name, read, write)


def whole(name: str, low: int, high: int) -> Column:
    """A whole number."""

    def read(cell: str) -> int | None:
        if not cell:
            return None
        if not (cell.isascii() and cell.isdecimal()) or not low <= int(cell) <= high:
            raise BadValue(f"“{cell[:40]}” is not a whole number from {low} to {high}")
        return int(cell)

    return Column(name, read, lambda value: "" if value is None else str(value))


def hours(name: str) -> Column:
    """Hours, to a tenth."""

    def read(cell: str) -> Decimal | None:
        if not cell:
            return None
        try:
            number = Decimal(cell)
        except InvalidOperation:
            number = Decimal(-1)
        if not 0 <= number <= 168 or number != round(number, 1):
            raise BadValue(f"“{cell[:40]}” is not a number of hours like 25 or 12.5")
        return number

    return Column(name, read, lambda value: "" if value is None else f"{value.normalize():f}")


def number(name: str, *, needed: bool = False) -> Column:
    """A number from 0, to two decimals."""

    def read(cell: str) -> Decimal | None:
        if not cell:
            return None
        try:
            value = Decimal(cell)
        except InvalidOperation:
            value = Decimal(-1)
        if not 0 <= value < 10**10 or value != round(value, 2):
            raise BadValue(f"“{cell[:40]}” is not a number like 70 or 12.5")
        return value

    return Column(name, read, lambda value: "" if value is None else f"{value.normalize():f}", needed)

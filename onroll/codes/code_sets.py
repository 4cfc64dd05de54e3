"""The reader of a code set: a CSV beside this file, one typed object a row."""

import csv
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar, cast, get_type_hints

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class Code:
    """One code: its letters, its words, and the first and last day on which it could be given."""

    code: str
    label: str
    valid_from: date | None = None
    valid_to: date | None = None

    def __str__(self) -> str:
        return self.label

    def is_valid(self, on: date) -> bool:
        """Could this code be given on this day?"""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


C = TypeVar("C", bound=Code)


class NotACode(KeyError):
    """Someone asked a set for a code that it does not hold. Says so in a sentence."""

    def __str__(self) -> str:
        return str(self.args[0])


class CodeSet(Generic[C]):
    """The codes of one list, in the order of the list. Of two generations of a code, the later is the one found."""

    def __init__(self, name: str, source: str, codes: Iterable[C]) -> None:
        self.name = name
        self.source = source
        self._day: date | None = None
        self._codes = tuple(codes)
        self._by_code = {each.code: each for each in self._codes}
        self._by_code.update((each.code, each) for each in sorted(self._codes, key=_first_day))
        # What a set holds changes on few days, so that asking it for 5,000 days sorts it only a few times.
        self._turning_days = sorted(
            {each.valid_from for each in self._codes if each.valid_from}
            | {each.valid_to + timedelta(days=1) for each in self._codes if each.valid_to}
        )
        self._by_period: dict[int, CodeSet[C]] = {}

    def on(self, day: date) -> "CodeSet[C]":
        """The codes that could be given on this day."""
        period = bisect_right(self._turning_days, day)
        if period not in self._by_period:
            self._by_period[period] = CodeSet(self.name, self.source, [c for c in self._codes if c.is_valid(day)])
        that_day = copy(self._by_period[period])
        that_day._day = day
        return that_day

    def get(self, code: str, on: date | None = None) -> C | None:
        """The code, also a retired one; with a day, only one that could be given that day."""
        return (self.on(on) if on else self)._by_code.get(code)

    def choices(self, on: date | None = None) -> list[tuple[str, str]]:
        """Code and words, for a form or a model field; with a day, only what could be given that day."""
        return [(each.code, each.label) for each in (self.on(on) if on else self)._by_code.values()]

    def __getitem__(self, code: str) -> C:
        try:
            return self._by_code[code]
        except KeyError:
            day = f" on {self._day.day} {self._day:%B %Y}" if self._day else ""
            raise NotACode(f"“{code}” is not a code for {self.name}{day}.") from None

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[C]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def __repr__(self) -> str:
        return f"<CodeSet {self.name}: {len(self)} codes>"


def _first_day(code: Code) -> date:
    return code.valid_from or date.min


def read_rows(file: str) -> list[dict[str, str]]:
    """The rows of one of the lists beside this module, as they are written."""
    with (DATA / file).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@cache
def sources() -> dict[str, str]:
    """Where each list was published, by the name of its file."""
    return {row["file"]: row["source"] for row in read_rows("sources.csv")}


def read_code_set(kind: type[C], file: str, name: str, *, where: dict[str, str] | None = None) -> CodeSet[C]:
    """The code set of a file: each column that is a field of `kind`, read as that field's type.

    With `where`, only the rows that hold these words: a file can carry more than one list.
    """
    hints = get_type_hints(kind)
    readers = {each.name: _READERS[hints[each.name]] for each in fields(kind)}
    codes = []
    for row in read_rows(file):
        if where and any(row[column] != words for column, words in where.items()):
            continue
        codes.append(kind(**{column: read(row[column]) for column, read in readers.items() if column in row}))
    return CodeSet(name, sources()[file], codes)


def _yes(cell: str) -> bool:
    if cell not in ("0", "1"):
        raise ValueError(f"“{cell}” is neither 1 nor 0.")
    return cell == "1"


def _words(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


_READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    bool: _yes,
    cast(Any, date | None): lambda cell: date.fromisoformat(cell) if cell else None,
    tuple[str, ...]: _words,
}

"""Spreadsheets that people keep: any headings, matched to our columns once by the officer and then remembered.

A sheet is CSV or Excel. Its cells become text first, the same way from both, so that one reader serves: an Excel day
becomes 31/03/2026, a whole number loses its ".0". What a spreadsheet has spoiled is caught and not guessed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from onroll.access.actors import Actor
from onroll.history.changes import change, verb

from .models import ColumnMatch
from .problems import BadValue, Grade, Problem, Unreadable
from .reading import Limits, Sheet, Upload, read_csv
from .workbooks import read_apart

MATCHED = verb("columns.matched", "{actor} matched the columns of a spreadsheet")


@dataclass(frozen=True)
class SheetColumn:
    """A column of ours: its heading, other headings it is known by, how its cell is read, whether a row needs it."""

    key: str
    heading: str
    read: Callable[[str], Any]
    others: tuple[str, ...] = ()
    needed: bool = False
    hint: str = ""

    def is_called(self, heading: str) -> bool:
        return _plain(heading) in {_plain(self.heading), *map(_plain, self.others), _plain(self.key)}


class NeedsMatching(Unreadable):
    """A column that a row cannot do without is under none of the headings that we know."""

    def __init__(self, missing: list[SheetColumn], headings: list[str]) -> None:
        self.missing, self.headings = missing, headings
        names = ", ".join(column.heading for column in missing)
        super().__init__(f"No column of the file is known as: {names}. Match the columns, and we will remember.")


@dataclass
class SheetRows:
    """The rows of a sheet by our columns, each with its line; cells that could not be read are among the problems."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", heading.lower())


def read_sheet(upload: Upload, limits: Limits | None = None) -> Sheet:
    """The first sheet with rows of a workbook, or a CSV file, as text."""
    limits = limits or Limits()
    if upload.kind == "xls":
        raise Unreadable(f"{upload.name} is in the old Excel format. Save it as .xlsx or CSV.")
    if upload.kind != "xlsx":
        return read_csv(upload, limits)
    rows = read_apart(upload, limits)
    if not rows:
        return Sheet(upload.name, "Excel", [])
    return Sheet(upload.name, "Excel", rows[0][1], rows[1:])


def rows_of(sheet: Sheet, columns: Iterable[SheetColumn], chosen: dict[str, str]) -> SheetRows:
    """The rows by our columns. `chosen` says under which heading a column stands where the officer matched it.

    A cell that can't be read leaves its row out, with the line and the reason. Raises NeedsMatching when a needed
    column is not found, and Unreadable when two columns of the file answer to one of ours.
    """
    columns = list(columns)
    places: dict[str, int] = {}
    for column in columns:
        wanted = chosen.get(column.key)
        known = [
            at
            for at, heading in enumerate(sheet.headings)
            if (heading == wanted if wanted else column.is_called(heading))
        ]
        if len(known) > 1:
            raise Unreadable(f"{sheet.name} has two columns that mean “{column.heading}”. Take one out.")
        if known:
            places[column.key] = known[0]
    missing = [column for column in columns if column.needed and column.key not in places]
    if missing:
        raise NeedsMatching(missing, sheet.headings)
    found = SheetRows(unused=[h for at, h in enumerate(sheet.headings) if h and at not in places.values()])
    for number, cells in sheet.rows:
        _read_row(sheet.name, number, cells, columns, places, found)
    return found


def _read_row(
    name: str, number: int, cells: list[str], columns: list[SheetColumn], places: dict[str, int], found: SheetRows
) -> None:
    values: dict[str, Any] = {}
    for column in columns:
        at = places.get(column.key)
        cell = cells[at].strip() if at is not None and at < len(cells) else ""
        try:
            if column.needed and not cell:
                raise BadValue("There is nothing here, and the row can't do without it.")
            values[column.key] = column.read(cell)
        except BadValue as why:
            child = values.get("child_id") or ""
            found.problems.append(
                Problem(
                    Grade.LEFT_OUT, column.key, name, number, child, column.heading, str(why), "The row was left out."
                )
            )
            return
    found.rows.append((number, values))


def remembered(feed: str, *, authority: int) -> dict[str, str]:
    """Which heading the authority's officer matched to which of our columns."""
    return dict(ColumnMatch.objects.filter(authority_id=authority, feed=feed).values_list("column", "heading"))


def remember(feed: str, matches: dict[str, str], *, actor: Actor) -> None:
    """Keep the officer's matching, in place of what was kept before."""
    held = {row.column: row for row in ColumnMatch.objects.filter(authority_id=actor.authority, feed=feed)}
    with change("columns.matched", actor=actor) as this:
        for column, heading in matches.items():
            row = held.pop(column, None) or ColumnMatch(authority_id=actor.authority, feed=feed, column=column)
            row.heading = heading
            this.save(row)
        for row in held.values():
            this.delete(row)

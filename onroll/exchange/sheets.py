"""Spreadsheets that people keep: any headings, matched to our columns once by the officer and then remembered.

A sheet is CSV or Excel. Its cells become text first, the same way from both, so that one reader serves: an Excel day
becomes 31/03/2026, a whole number loses its ".0". What a spreadsheet has spoiled is caught and not guessed.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import IO, Any

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

from onroll.access.actors import Actor
from onroll.history.changes import change, verb

from .models import ColumnMatch
from .problems import BadValue, Grade, Problem, Unreadable
from .reading import Clock, Limits, Sheet, Upload, read_csv

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


_UNREADABLE = (
    CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)


def read_sheet(upload: Upload, limits: Limits | None = None) -> Sheet:
    """The first sheet with rows of a workbook, or a CSV file, as text."""
    limits = limits or Limits()
    if upload.kind == "xls":
        raise Unreadable(f"{upload.name} is in the old Excel format. Save it as .xlsx or CSV.")
    if upload.kind != "xlsx":
        return read_csv(upload, limits)
    try:
        _look_inside(upload, limits)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(upload.data))
        tables = (workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names)
        found = next((table for table in tables if table), [])
    except _UNREADABLE as error:
        raise Unreadable(f"{upload.name} can't be read as an Excel workbook. Save it again, or as CSV.") from error
    if len(found) > limits.rows or (found and len(found[0]) > limits.columns):
        raise Unreadable(f"{upload.name} has more rows or columns than a list of children can. Is it the right file?")
    rows = [(number, [_text(cell)[: limits.cell] for cell in cells]) for number, cells in enumerate(found, start=1)]
    rows = [(number, cells) for number, cells in rows if any(cells)]
    if not rows:
        return Sheet(upload.name, "Excel", [])
    return Sheet(upload.name, "Excel", rows[0][1], rows[1:])


# Two cells far apart make a table of all that lies between them, and it is the reader of the workbook who makes it.
_MOST_CELLS = 5_000_000
_CELL_ADDRESS = re.compile(r"([A-Za-z]{0,9})([0-9]{1,9})")


class _Counted:
    """A part of a workbook, read no further than there is room. What the zip's directory claims is not believed."""

    def __init__(self, part: IO[bytes], room: int) -> None:
        self.part, self.room = part, room

    def read(self, size: int = 1 << 16) -> bytes:
        data = self.part.read(size)
        self.room -= len(data)
        if self.room < 0:
            raise _TooMuch
        return data


class _TooMuch(Exception):
    """The workbook unpacks to more than there is room for."""


def _look_inside(upload: Upload, limits: Limits) -> None:
    """Refuse a workbook that would unpack to too much, or to too large a table, before it is opened."""
    room = min(limits.unpacked, max(len(upload.data), 1) * limits.ratio)
    clock = Clock(limits.seconds)
    with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        if len(archive.infolist()) > limits.members:
            raise Unreadable(f"{upload.name} holds too many parts for a list of children.")
        for item in archive.infolist():
            with archive.open(item) as part:
                counted = _Counted(part, room)
                try:
                    if item.filename.endswith(".xml") and "worksheets/" in item.filename:
                        _refuse_far_cells(upload.name, counted, limits, clock)
                    while counted.read():
                        clock.check()
                except _TooMuch:
                    raise Unreadable(
                        f"{upload.name} unpacks to far more than it should hold, so it was not read."
                    ) from None
                room = counted.room


def _refuse_far_cells(name: str, sheet: _Counted, limits: Limits, clock: Clock) -> None:
    """Where the last cell with something in it stands. A sheet may be formatted far beyond that."""
    wide = high = 0
    cells = etree.iterparse(sheet, tag="{*}c", load_dtd=False, no_network=True, resolve_entities=False, huge_tree=False)
    for number, (_, cell) in enumerate(cells):
        if len(cell):
            letters, row = _address(cell)
            wide, high = max(wide, letters), max(high, row)
            if wide > limits.columns or high > limits.rows or wide * high > _MOST_CELLS:
                raise Unreadable(f"{name} has more rows or columns than a list of children can. Is it the right file?")
        cell.clear()
        while cell.getprevious() is not None:
            del cell.getparent()[0]
        if not number & 4095:
            clock.check()


def _address(cell: etree._Element) -> tuple[int, int]:
    """The column and row of a cell. One that does not say stands in the row that it is in."""
    row = cell.getparent()
    found = _CELL_ADDRESS.fullmatch(cell.get("r") or "")
    if found is None and row is not None:
        found = _CELL_ADDRESS.fullmatch(row.get("r") or "")
    if found is None:
        return 1, 1
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return max(column, 1), int(found[2])


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}" if cell.time() == time() else f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        # Past fifteen digits a spreadsheet keeps no number whole.
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell).strip()


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

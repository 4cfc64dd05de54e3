"""Excel workbooks, read in a process of its own within little memory and time: their reader trusts what it is given.

No formula is worked out and no macro runs: what is read is the value that the workbook was saved with.
"""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, time
from typing import IO, Any

from lxml import etree

from onroll.access import limited

from .problems import Unreadable
from .reading import Clock, Limits, Upload

LIMITS = limited.Limits(seconds=60, memory=1024 * 1024 * 1024)
Row = tuple[int, list[str]]


def read_apart(upload: Upload, limits: Limits) -> list[Row]:
    """The rows of the first sheet that has any, as text, each with its number. Empty rows are left out."""
    wanted = {"name": upload.name, "limits": asdict(limits)}
    try:
        said, answer = limited.ask("onroll.exchange.workbooks", wanted, upload.data, LIMITS)
    except limited.Stopped as stopped:
        raise Unreadable(f"{upload.name} took too much time or memory to read. Save it as CSV.") from stopped
    if "refused" in said:
        raise Unreadable(said["refused"])
    return [(number, cells) for number, cells in json.loads(answer)]


def rows_in(upload: Upload, limits: Limits) -> list[Row]:
    """The same, in this process."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        _look_inside(upload, limits)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(upload.data))
        tables = (workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names)
        found = next((table for table in tables if table), [])
    except (CalamineError, *_UNREADABLE) as error:
        raise Unreadable(f"{upload.name} can't be read as an Excel workbook. Save it again, or as CSV.") from error
    if len(found) > limits.rows or (found and len(found[0]) > limits.columns):
        raise Unreadable(f"{upload.name} has more rows or columns than a list of children can. Is it the right file?")
    rows = [(number, [_text(cell)[: limits.cell] for cell in cells]) for number, cells in enumerate(found, start=1)]
    return [(number, cells) for number, cells in rows if any(cells)]


_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)

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


def _work() -> Callable[[dict[str, Any], bytes], limited.Answer]:
    def work(wanted: dict[str, Any], data: bytes) -> limited.Answer:
        try:
            rows = rows_in(Upload(wanted["name"], data), Limits(**wanted["limits"]))
        except Unreadable as why:
            return {"refused": str(why)}, b""
        return {}, json.dumps(rows).encode()

    return work


if __name__ == "__main__":
    limited.serve(_work)

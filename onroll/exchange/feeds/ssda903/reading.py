"""From the files of a return to the rows of its tables, CSV or XML alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from lxml import etree

from onroll.exchange.plans import FileRead
from onroll.exchange.problems import Grade, Problem, Unreadable
from onroll.exchange.reading import Clock, Limits, Sheet, Upload, elements, read_csv

from . import tables
from .tables import Table

Row = tuple[int, tuple[str, ...]]


@dataclass
class TableRows:
    """The rows of one table in one file: line, then the cells in the order of the table's columns."""

    table: Table
    file: str
    rows: list[Row]


@dataclass
class Read:
    """All the tables of a return, in the order of the guide, and what is to be said of its files."""

    tables: list[TableRows]
    files: list[FileRead]
    problems: list[Problem]


def read(uploads: list[Upload], limits: Limits | None = None) -> Read:
    """The tables of a folder of CSV files, or of one XML file.

    A folder that holds both is read as its CSV files: an XML return is a whole return of its own.
    """
    limits = limits or Limits()
    clock = Clock(limits.seconds)
    found = Read([], [], [])
    xml = [upload for upload in uploads if upload.kind == "xml"]
    others = [upload for upload in uploads if upload.kind != "xml"]
    for upload in others:
        _read_csv(upload, found, limits, clock)
    if any(part.rows for part in found.tables):
        for upload in xml:
            _read_past(found, upload, "a return of its own in XML: load it by itself")
    elif len(xml) > 1:
        names = " and ".join(upload.name for upload in xml)
        raise Unreadable(f"{names} are returns of their own. Load each by itself.")
    else:
        for upload in xml:
            _read_xml(upload, found, limits, clock)
    if not found.tables:
        raise Unreadable(_no_table(uploads))
    for table in tables.ONE_OF_A_KIND:
        files = [part.file for part in found.tables if part.table is table and part.rows]
        if len(files) > 1:
            raise Unreadable(
                f"{' and '.join(files)} each hold the table {table.name}. A return has one: load each return by itself."
            )
    if sum(len(part.rows) for part in found.tables) > limits.rows:
        raise Unreadable(f"This return has more than {limits.rows:,} rows. Load it in parts.")
    found.tables.sort(key=lambda part: tables.TABLES.index(part.table))
    return found


def _no_table(uploads: list[Upload]) -> str:
    names = ", ".join(upload.name for upload in uploads[:5])
    return (
        f"No file here holds a table of the return ({names}). The first line of each file must name its columns, "
        "for example CHILD, DOB, SEX, ETHNIC, UPN."
    )


def _read_past(found: Read, upload: Upload, why: str) -> None:
    found.files.append(FileRead(upload.name, 0, why))
    found.problems.append(
        Problem(Grade.NOTED, "file_read_past", upload.name, None, "", "", f"This is {why}", "Read past")
    )


def _read_csv(upload: Upload, found: Read, limits: Limits, clock: Clock) -> None:
    if upload.kind == "empty":
        found.files.append(FileRead(upload.name, 0, "empty"))
        found.problems.append(
            Problem(
                Grade.NOTED, "empty_file", upload.name, None, "", "", "The file is empty", "There was nothing to read"
            )
        )
        return
    if "." in upload.name and not upload.name.lower().endswith((".csv", ".txt", ".xlsx", ".xls")):
        _read_past(found, upload, "not a file of the return")
        return
    sheet = read_csv(upload, limits, clock)
    names = [tables.column(heading) for heading in sheet.headings]
    table = tables.table_of(names)
    if table is None:
        _read_past(found, upload, "not a table of the return: its columns belong to none")
        return
    _refuse_unclear_columns(sheet, names, table)
    extra = [sheet.headings[at] for at, name in enumerate(names) if name and name not in table.columns]
    for heading in extra:
        found.problems.append(
            Problem(
                Grade.NOTED,
                "extra_column",
                sheet.name,
                1,
                "",
                heading[:60],
                f"The column {heading[:60]} is not one of the table {table.name}",
                "Read past",
            )
        )
    rows = _in_order(sheet, names, table)
    found.tables.append(TableRows(table, sheet.name, rows))
    found.files.append(FileRead(sheet.name, len(rows), f"{table.name}: {table.words} ({sheet.encoding})"))
    width = len(names)
    for line, cells in sheet.rows:
        if len(cells) > width and any(cells[width:]):
            found.problems.append(
                Problem(
                    Grade.NOTED,
                    "long_row",
                    sheet.name,
                    line,
                    cells[names.index("CHILD")],
                    "",
                    f"The row has {len(cells)} cells and the file {width} columns",
                    "Read the cells that have a column",
                )
            )


def _refuse_unclear_columns(sheet: Sheet, names: list[str], table: Table) -> None:
    for name in table.columns:
        if names.count(name) > 1:
            raise Unreadable(f"{sheet.name} has two columns called {name}. Keep one of them.")
    missing = [name for name in table.needs if name not in names]
    if missing:
        raise Unreadable(
            f"{sheet.name} looks like the table {table.name} but has no column {' and no column '.join(missing)}. "
            "Add it, even if it is empty."
        )


def _in_order(sheet: Sheet, names: list[str], table: Table) -> list[Row]:
    """Each row's cells in the order of the table's columns, empty where the file has no such column."""
    nothing = len(names)
    places = [names.index(name) if name in names else nothing for name in table.columns]
    take = itemgetter(*places)
    if nothing in places:
        return [(line, take([*cells[:nothing], ""])) for line, cells in sheet.rows]
    return [(line, take(cells)) for line, cells in sheet.rows]


# The XML holds a table either as elements of their own or as single fields of the child's header.
_NESTED = {
    "AREVIEW": tables.REVIEWS,
    "AMISSING": tables.MISSING,
    "PERMANENCE": tables.PREVIOUS_PERMANENCE,
    "OC2": tables.OC2,
    "AD_PLACED": tables.PLACED_FOR_ADOPTION,
}
_FLAT = (tables.UASC, tables.OC3, tables.ADOPTION)


def _read_xml(upload: Upload, found: Read, limits: Limits, clock: Clock) -> None:
    rows: dict[str, list[Row]] = {table.name: [] for table in tables.TABLES}
    children = 0
    for child in elements(upload, "CHILD", clock):
        children += 1
        if children > limits.rows:
            raise Unreadable(f"{upload.name} has more than {limits.rows:,} children. Load it in parts.")
        for table, line, cells in _rows_of_child(child):
            rows[table.name].append((line, cells))
    if not children:
        raise Unreadable(f"{upload.name} holds no CHILD elements. Is it an SSDA903 return?")
    held = []
    for table in tables.TABLES:
        if rows[table.name]:
            found.tables.append(TableRows(table, upload.name, rows[table.name]))
            held.append(f"{table.name} {len(rows[table.name]):,}")
    found.files.append(FileRead(upload.name, children, f"XML, {children:,} children: rows of {', '.join(held)}"))


def _rows_of_child(child: etree._Element) -> Iterator[tuple[Table, int, tuple[str, ...]]]:
    header = child.find("HEADER")
    own = _texts(header) if header is not None else {}
    line = _line(child)
    yield tables.HEADER, line, _cells(tables.HEADER, own)
    same = {"CHILD": own.get("CHILD", ""), "DOB": own.get("DOB", ""), "SEX": own.get("SEX", "")}
    for episode in child.iterfind("EPISODE"):
        yield tables.EPISODES, _line(episode), _cells(tables.EPISODES, {**_texts(episode), **same})
    if header is None:
        return
    for element in header:
        table = _NESTED.get(str(element.tag))
        if table:
            texts = _texts(element)
            if any(texts.values()):
                yield table, _line(element), _cells(table, {**texts, **same})
    for table in _FLAT:
        if any(own.get(name) for name in table.only_here):
            yield table, line, _cells(table, own)


def _texts(element: etree._Element) -> dict[str, str]:
    return {tables.column(str(part.tag)): (part.text or "").strip() for part in element if not len(part)}


def _cells(table: Table, texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(texts.get(name, "") for name in table.columns)


def _line(element: etree._Element) -> int:
    return element.sourceline or 1  # type: ignore[return-value]

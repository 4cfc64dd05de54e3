"""Exchange files in: read every row, refuse the whole where one does not fit, work out what would change."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from onroll.access.actors import Actor
from onroll.exchange.plans import Checked, FileRead, Options, Plan
from onroll.exchange.problems import BadValue, Grade, Problem, Unreadable
from onroll.exchange.reading import Sheet, Upload, read_csv

from .tables import TABLES
from .tables.table import DoesNotFit, Holdings, Table


@dataclass
class Line:
    """One row of a file: where it stands, and its values by column."""

    file: str
    number: int
    values: dict[str, Any]


@dataclass
class Facts:
    """The rows of each file, in the order of the format."""

    lines: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))


def check(uploads: list[Upload], options: Options) -> Checked:
    """Read the files by their names. A file of a part that is not here yet is named and passed over."""
    checked = Checked(facts=Facts())
    named = {PurePosixPath(upload.name).name.lower(): upload for upload in uploads}
    for table in TABLES:
        upload = named.pop(table.file, None)
        if upload is not None and upload.kind != "empty":
            sheet = read_csv(upload)
            checked.files.append(FileRead(upload.name, len(sheet.rows), table.title))
            read_rows(table, sheet, checked)
    for name, upload in named.items():
        checked.files.append(FileRead(upload.name, 0, "Not read: this version has no place for it"))
        wrong = f"{name} is not a file that this version reads."
        checked.problems.append(Problem(Grade.NOTED, "no-place", upload.name, None, "", "", wrong, "Passed over."))
    if not any(checked.facts.lines.values()):
        raise Unreadable("There is no row of the exchange format here. Look for children.csv and the files beside it.")
    return checked


def read_rows(table: Table, sheet: Sheet, checked: Checked) -> None:
    places = {}
    for column in table.columns:
        if column.name in sheet.headings:
            places[column.name] = sheet.headings.index(column.name)
        elif column.needed:
            raise Unreadable(f"{table.file} has no column {column.name}. Its first row must name the columns.")
    for number, cells in sheet.rows:
        values: dict[str, Any] = {}
        for column in table.columns:
            cell = cells[places[column.name]] if column.name in places else ""
            try:
                if column.needed and not cell:
                    raise BadValue("is empty")
                values[column.name] = column.read(cell)
            except BadValue as why:
                values[column.name] = None
                line = Line(table.file, number, values)
                child = values.get("child_id") or ""
                checked.problems.append(does_not_fit(table, line, child, column.name, str(why), Grade.STOPS))
        checked.facts.lines[table.file].append(Line(table.file, number, values))


def does_not_fit(table: Table, line: Line, child: str, column: str, why: str, grade: Grade) -> Problem:
    """A row that cannot be taken. With one that stops, nothing of the whole is applied."""
    done = "Nothing was applied." if grade is Grade.STOPS else "The row was left out."
    return Problem(grade, f"{table.name}-{column}", line.file, line.number, child, column, f"{column} {why}.", done)


def plan(checked: Checked, *, actor: Actor, options: Options) -> Plan:
    """What the files would change. What is held and not in a file stays as it is."""
    found = Plan()
    if any(problem.grade is Grade.STOPS for problem in checked.problems):
        found.sentence("stopped", 0, "Nothing can be loaded until the rows below are mended", "Nothing was loaded")
        return found
    holdings = Holdings.of(actor)
    for table in TABLES:
        lines = checked.facts.lines.get(table.file)
        if lines:
            compare(table, lines, holdings, found)
    return found


def compare(table: Table, lines: list[Line], holdings: Holdings, found: Plan, grade: Grade = Grade.STOPS) -> None:
    """Match each row with what is held under the same key, one for one; make, alter, or leave it.

    A row that does not fit is a problem of this grade.
    """
    if table.prepare:
        table.prepare([line.values for line in lines], holdings, found.changes)
    held: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for each in table.held(holdings):
        held[table.key_of(each.values)].append(each)
    made = altered = same = 0
    children: set[str] = set()
    for line in lines:
        candidates = held[table.key_of(line.values)]
        match = next((each for each in candidates if each.values == line.values), candidates[0] if candidates else None)
        try:
            if match is None:
                table.make(line.values, holdings, found.changes)
                made += 1
            else:
                candidates.remove(match)
                if match.values == line.values:
                    same += 1
                    continue
                table.alter(match, line.values, holdings, found.changes)
                altered += 1
        except DoesNotFit as why:
            column, words = why.args
            child = line.values.get("child_id") or ""
            found.problems.append(does_not_fit(table, line, child, column, words, grade))
            continue
        if line.values.get("child_id"):
            children.add(line.values["child_id"])
    if table.conflicts:
        first_line = {line.values.get("child_id"): line for line in reversed(lines)}
        for child, column, words in table.conflicts(holdings, found.changes):
            line = first_line.get(child) or lines[0]
            found.problems.append(does_not_fit(table, line, child, column, words, Grade.STOPS))
    told = f"{table.title}: {made:,} new, {altered:,} changed"
    found.sentence(table.name, made + altered, told, told, small=f"{same:,} are as held.", children=sorted(children))

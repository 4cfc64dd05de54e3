"""A feed made of a table of the exchange format and the columns of a spreadsheet."""

from collections.abc import Callable
from typing import Any

from onroll.access.actors import Actor
from onroll.exchange.engine import Feed
from onroll.exchange.feeds.exchange.loading import Line, compare
from onroll.exchange.feeds.exchange.tables.table import DoesNotFit, Holdings, Table
from onroll.exchange.plans import Checked, FileRead, Options, Plan
from onroll.exchange.problems import Grade, Problem, Unreadable
from onroll.exchange.reading import Upload
from onroll.exchange.sheets import SheetColumn, read_sheet, rows_of


def mapped_feed(
    name: str,
    title: str,
    words: str,
    columns: list[SheetColumn],
    table: Table,
    values_of: Callable[[dict[str, Any], Holdings], dict[str, Any]],
    *,
    source: str,
    order: int,
    tell: Callable[[Plan, Holdings], None] = lambda plan, holdings: None,
) -> Feed:
    """The feed of one kind of spreadsheet. `values_of` turns a row into the table's values, or says why not. `tell`
    says in sentences what the load does beside its rows.
    """

    def check(uploads: list[Upload], options: Options) -> Checked:
        checked = Checked(facts=[])
        for upload in uploads:
            sheet = read_sheet(upload)
            found = rows_of(sheet, columns, options.own.get("columns", {}))
            checked.facts += [Line(upload.name, number, values) for number, values in found.rows]
            checked.problems += found.problems
            unused = f"; not used: {', '.join(found.unused)}" if found.unused else ""
            checked.files.append(FileRead(upload.name, len(sheet.rows), f"{title}, {sheet.encoding}{unused}"))
        if not any(file.rows for file in checked.files):
            raise Unreadable("There is no row in this file.")
        return checked

    def plan(checked: Checked, *, actor: Actor, options: Options) -> Plan:
        found, holdings = Plan(), Holdings.of(actor, source)
        lines = []
        for line in checked.facts:
            try:
                lines.append(Line(line.file, line.number, values_of(line.values, holdings)))
            except DoesNotFit as why:
                column, reason = why.args
                child = line.values.get("child_id") or ""
                found.problems.append(
                    Problem(
                        Grade.LEFT_OUT, f"{name}-{column}", line.file, line.number, child, column,
                        f"{reason}.", "The row was left out.",
                    )
                )  # fmt: skip
        compare(table, lines, holdings, found, Grade.LEFT_OUT)
        tell(found, holdings)
        return found

    told = tuple((title, column.heading, column.hint) for column in columns)
    return Feed(
        name=name,
        title=title,
        words=words,
        check=check,
        plan=plan,
        columns=told,
        matched_columns=tuple(columns),
        kinds="Excel, CSV or zip",
        order=order,
    )

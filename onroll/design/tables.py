"""The dense table of casework: sort buttons, group rows, and one block a row on a phone.

    Table(
        caption="46 children, by name",
        columns=[Column("Name", sort="name"), Column("Year", sort="year"), Column("In care", number=True)],
        rows=[[Cell("Birch, Noah", href=url), "6", "1 y 3 m"], ...],
        sorted_by="name",
    )

Rows come prepared, and the table writes itself in Python: a template inside every cell of 50 rows
would cost more than the query that filled them.
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from onroll.design.tags import tag


def text(value: Any) -> str:
    """The value as HTML: escaped, unless it is marked safe or draws itself. A plain form of Django's, for speed."""
    return value.__html__() if hasattr(value, "__html__") else html.escape(str(value))


@dataclass(frozen=True)
class Column:
    """A heading. With `sort` it is a button that sends this word as the new order."""

    label: str
    number: bool = False
    sort: str = ""
    hidden: bool = False
    """The heading is read out but not shown, as over a column of links."""
    stacked_label: bool = True
    """On a phone the value has its heading before it; a school's name needs none."""


@dataclass(frozen=True)
class Cell:
    """What one cell holds: a fact, at most one grey line below it, a link, a status tag."""

    text: Any = ""
    href: str = ""
    note: str = ""
    """Grey words on the same line: the known-as name."""
    sub: str = ""
    tag: str = ""
    """The colour of the tag that the text stands in: see design.tags."""
    bold: bool = False

    def __html__(self) -> SafeString:
        inner = text(self.text)
        if self.href:
            inner = f'<a class="govuk-link" href="{text(self.href)}">{inner}</a>'
        if self.tag:
            inner = tag(mark_safe(inner), self.tag)  # noqa: S308 - escaped above
        if self.bold:
            inner = f"<b>{inner}</b>"
        if self.note:
            inner = f'{inner} <span class="onroll-dim">{text(self.note)}</span>'
        if self.sub:
            inner = f'{inner}<span class="onroll-table__sub">{text(self.sub)}</span>'
        return mark_safe(inner)  # noqa: S308 - every value went through escaping

    def __str__(self) -> str:
        return self.__html__()


@dataclass(frozen=True)
class GroupRow:
    """A row across the whole table that names the rows below it."""

    text: Any


@dataclass(frozen=True)
class TickedRow:
    """A row that can be ticked for an act on several: `value` is sent under the table's `tick` name."""

    cells: Sequence[Any]
    value: str
    label: str
    ticked: bool = False


@dataclass(frozen=True)
class Table:
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any] | GroupRow | TickedRow]
    caption_hidden: bool = True
    stacked: str = "full"
    """On a phone: "full" puts each value on its own line, "brief" lets them run on, "" scrolls sideways."""
    sorted_by: str = ""
    descending: bool = False
    keep: Mapping[str, Any] = field(default_factory=dict)
    """The rest of the address that sorting must keep: the filters and the view."""
    form_id: str = "sort"
    tick: str = ""
    """The name under which ticked rows are sent. The boxes belong to the form `tick_form`."""
    tick_form: str = ""
    foot: Sequence[Any] = ()

    def __html__(self) -> SafeString:
        role = _roles if self.stacked else _no_roles
        sorts = any(column.sort for column in self.columns)
        classes = "onroll-table"
        if self.stacked:
            classes += " onroll-table--stack"
        if self.stacked == "brief":
            classes += " onroll-table--brief"
        parts = [self._sort_form() if sorts else ""]
        if not self.stacked:
            parts.append(f'<div class="onroll-scroll" tabindex="0" role="region" aria-label="{text(self.caption)}">')
        hidden = ' class="govuk-visually-hidden"' if self.caption_hidden else ""
        parts.append(f'<table class="{classes}"{role("table")}><caption{hidden}>{text(self.caption)}</caption>')
        # With sort buttons the headings stay in sight on a phone, as a row of buttons.
        shown = ' class="onroll-table__sorts"' if sorts else ""
        parts.append(f"<thead{shown}{role('rowgroup')}><tr{role('row')}>")
        parts.append(self._tick_heading(role))
        parts += [self._heading(column, role) for column in self.columns]
        parts.append(f"</tr></thead><tbody{role('rowgroup')}>")
        parts += [self._row(row, role) for row in self.rows]
        parts.append("</tbody>")
        if self.foot:
            parts.append(f"<tfoot{role('rowgroup')}>{self._row(self.foot, role)}</tfoot>")
        parts.append("</table>" if self.stacked else "</table></div>")
        return mark_safe("".join(parts))  # noqa: S308 - every value went through escaping

    __str__ = __html__

    def _sort_form(self) -> str:
        kept = "".join(
            f'<input type="hidden" name="{text(name)}" value="{text(value)}">'
            for name, values in self.keep.items()
            for value in (values if isinstance(values, list | tuple) else [values])
        )
        return f'<form id="{text(self.form_id)}" method="get">{kept}</form>'

    def _heading(self, column: Column, role: Any) -> str:
        classes = ' class="n"' if column.number else ""
        words = text(column.label)
        if column.hidden:
            words = f'<span class="govuk-visually-hidden">{words}</span>'
        order = ""
        if column.sort:
            value = column.sort
            if column.sort == self.sorted_by:
                order = f' aria-sort="{"descending" if self.descending else "ascending"}"'
                value = column.sort if self.descending else f"-{column.sort}"
            words = (
                f'<button class="onroll-sort" form="{text(self.form_id)}" name="sort" value="{text(value)}">'
                f"{words}</button>"
            )
        return f'<th scope="col"{role("columnheader")}{classes}{order}>{words}</th>'

    def _tick_heading(self, role: Any) -> str:
        if not self.tick:
            return ""
        name = text(self.tick)
        return (
            f'<th scope="col"{role("columnheader")} class="tick">'
            f'<input type="checkbox" class="onroll-tick" data-onroll-all="{name}" aria-label="Tick every row"></th>'
        )

    def _row(self, row: Any, role: Any) -> str:
        if isinstance(row, GroupRow):
            across = len(self.columns) + bool(self.tick)
            return (
                f'<tr class="group"{role("row")}><th scope="rowgroup" colspan="{across}"{role("rowheader")}>'
                f"{text(row.text)}</th></tr>"
            )
        parts = [f"<tr{role('row')}>"]
        cells = row
        if isinstance(row, TickedRow):
            cells = row.cells
            form = f' form="{text(self.tick_form)}"' if self.tick_form else ""
            ticked = " checked" if row.ticked else ""
            parts.append(
                f'<td class="tick"{role("cell")}><input type="checkbox" class="onroll-tick" name="{text(self.tick)}"'
                f' value="{text(row.value)}" aria-label="{text(row.label)}"{form}{ticked}></td>'
            )
        for number, (column, cell) in enumerate(zip(self.columns, cells, strict=True)):
            classes = ' class="n"' if column.number else ""
            if number == 0:
                parts.append(f'<th scope="row"{role("rowheader")}{classes}>{text(cell)}</th>')
                continue
            label = ""
            if self.stacked and column.stacked_label and not column.hidden:
                label = f' data-l="{text(column.label)}"'
            parts.append(f"<td{role('cell')}{classes}{label}>{text(cell)}</td>")
        parts.append("</tr>")
        return "".join(parts)


def _roles(name: str) -> str:
    # A stacked table is drawn as blocks, and browsers then forget that it is a table.
    return f' role="{name}"'


def _no_roles(name: str) -> str:
    return ""

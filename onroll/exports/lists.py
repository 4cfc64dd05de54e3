"""A list of children as it leaves: the columns that its recipient may have, and nothing that a mark keeps back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from onroll.access.actors import Actor
from onroll.access.sections import Section
from onroll.children.models import PlacementAddress, SchoolPlace
from onroll.children.records import holds_on
from onroll.children.roll_columns import Column, Row, rows_of
from onroll.children.roll_filters import VIEWS, Choice, RollFilterForm
from onroll.children.views import sorted_keys
from onroll.design.tables import Cell
from onroll.design.words import day

from .recipients import Recipient

NAMES = ["Family name", "Given name", "Known as"]
# Stands for what is not recorded and for what the recipient must not be told: a cell that said which would tell.
NOTHING = "–"
_NOT_RECORDED = ("", NOTHING, "None recorded", "No school place", "None held")


@dataclass(frozen=True)
class TakenOut:
    """A list as it leaves: its headings, its rows, and the keys of the children in it."""

    title: str
    headings: list[str]
    rows: list[list[str]]
    children: list[int]


def take_out(choice: Choice, recipient: Recipient, columns: Sequence[Column], *, actor: Actor) -> TakenOut:
    """The list that was chosen, for this recipient. `columns` are of those the recipient may have."""
    allowed = recipient.columns_for(actor)
    columns = [column for column in allowed if column in columns]
    keys = sorted_keys(actor, choice, columns)
    rows = rows_of(actor, keys, columns, choice.as_at)
    if recipient.is_outside:
        rows = _without_what_is_marked(rows, columns, recipient, choice.as_at)
    headings = [*(NAMES if recipient.names else []), *(column.heading for column in columns)]
    table = [[*(_names(row) if recipient.names else []), *(_text(cell) for cell in row.cells)] for row in rows]
    if not recipient.names:
        # In the order of names a row would still point at its child.
        table.sort()
    return TakenOut(f"Children as at {day(choice.as_at)}", headings, table, keys)


def _names(row: Row) -> list[str]:
    return [row.child.family_name, row.child.given_name, row.child.known_as]


def _text(cell: Cell) -> str:
    return f"{cell.text} ({cell.sub})" if cell.sub else str(cell.text)


def _without_what_is_marked(rows: list[Row], columns: Sequence[Column], recipient: Recipient, on: date) -> list[Row]:
    """The rows without the schools and areas whose marks the recipient stands behind. Two queries at most."""
    keys = [row.child.pk for row in rows]
    sections = {column.section for column in columns}
    schools = _marked_schools(keys, recipient, on) if Section.SCHOOL in sections else set()
    homes = _marked_homes(keys, recipient, on) if Section.PLACEMENT in sections else set()

    def kept(row: Row, column: Column, cell: Cell) -> Cell:
        if column.section is Section.SCHOOL and not column.apart:
            return Cell(NOTHING) if row.child.pk in schools or cell.text in _NOT_RECORDED else cell
        if column.section is Section.PLACEMENT and row.child.pk in homes:
            return replace(cell, sub="")
        return cell

    return [
        Row(row.child, [kept(row, column, cell) for column, cell in zip(columns, row.cells, strict=True)])
        for row in rows
    ]


def _marked_schools(keys: list[int], recipient: Recipient, on: date) -> set[int]:
    places = SchoolPlace.unscoped.filter(holds_on(on), child__in=keys).values_list("child_id", "disclosure")
    return {child for child, mark in places if not recipient.may_be_told(mark)}


def _marked_homes(keys: list[int], recipient: Recipient, on: date) -> set[int]:
    held = PlacementAddress.unscoped.filter(holds_on(on, "episode__"), child__in=keys)
    return {child for child, mark in held.values_list("child_id", "disclosure") if not recipient.may_be_told_area(mark)}


def narrowing_in_words(choice: Choice, actor: Actor, people: list[tuple[str, str, str]]) -> str:
    """What the list was narrowed by: “Children as at 31 March 2026. Year group: Year 9. Words: dawson”."""
    form = RollFilterForm(actor=actor, people=people)
    said = [f"Children as at {day(choice.as_at)}"]
    if choice.view:
        said.append(f"View: {VIEWS[choice.view].words}")
    for name, value in choice.narrowed.items():
        if name in form.fields:
            words = dict(form.fields[name].choices).get(value, value)  # type: ignore[attr-defined]
            said.append(f"{form.fields[name].label}: {words}")
    if choice.words:
        said.append(f"Words: {choice.words}")
    return ". ".join(said)

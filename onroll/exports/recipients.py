"""For whom something may leave: for each recipient the sections of the record it may hold. The table is data.

What stands in `recipients.csv` is all that a recipient may have; nothing is ever made by taking away from more (EXP-1).
No profile holds an address, a carer's identity or contact arrangements: these don't leave in a list or a copy.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from onroll.access.actors import Actor
from onroll.access.sections import Section, may_read
from onroll.children.guard_models import Disclosure
from onroll.children.marks import STRICTNESS
from onroll.children.roll_columns import COLUMNS, Column

LIST, COPY, PEP = "list", "copy", "pep"
OWN_TEAM, PARENT, CHILD, CARE_REVIEW = "own_team", "parent", "child", "care_review"


@dataclass(frozen=True)
class Recipient:
    """A kind of recipient: its words, what it is for (lists, copies, plans), and what it may hold.

    `printed` stands on everything made for it. `up_to` is the strictest mark of a school that it may still be told;
    empty: whatever its maker may know. `also` are single columns beside those of its sections.
    `voice` are the choices of a young person by which it holds what they said for a plan.
    """

    key: str
    title: str
    words: str
    printed: str
    made: tuple[str, ...]
    names: bool
    up_to: str
    sections: frozenset[Section]
    also: tuple[str, ...]
    voice: frozenset[str]

    def sections_for(self, actor: Actor) -> list[Section]:
        """The sections that may leave: allowed to the recipient, and read by whoever makes it."""
        return [section for section in Section if section in self.sections and may_read(actor, section)]

    def columns_for(self, actor: Actor) -> list[Column]:
        """The columns of a list that the recipient may have and the actor may see."""
        return [column for column in COLUMNS.values() if self._may_hold(column) and column.is_for(actor)]

    def _may_hold(self, column: Column) -> bool:
        if column.key in self.also:
            return True
        return column.section in self.sections and not (column.apart and self.is_outside)

    def may_be_told(self, mark: str) -> bool:
        """Whether a school place that carries this mark may be in it."""
        return not self.up_to or STRICTNESS.index(mark) <= STRICTNESS.index(self.up_to)

    def may_be_told_area(self, mark: str) -> bool:
        """Whether “in or out of the authority” may be in it, of a home that carries this mark."""
        return not self.is_outside or mark in (Disclosure.ORDINARY, Disclosure.NOT_TO_FAMILY)

    @property
    def is_outside(self) -> bool:
        return self.key != OWN_TEAM


@cache
def recipients() -> dict[str, Recipient]:
    with (Path(__file__).parent / "recipients.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: _read(row) for row in csv.DictReader(file)}


def _read(row: dict[str, str]) -> Recipient:
    return Recipient(
        key=row["key"],
        title=row["title"],
        words=row["words"],
        printed=row["printed"],
        made=tuple(row["for"].split()),
        names=row["names"] == "yes",
        up_to=row["places_up_to"],
        sections=frozenset(Section(letter) for letter in row["sections"].split()),
        also=tuple(row["also"].split()),
        voice=frozenset(row["voice"].split()),
    )


def recipients_of(kind: str) -> dict[str, Recipient]:
    """Those for whom a list, a copy, or a plan on paper can be made."""
    return {key: each for key, each in recipients().items() if kind in each.made}

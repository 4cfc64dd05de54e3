"""What each role can see, as sentences, with why it is so and no more. Read by the page and by the generated docs."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .roles import Role
from .sections import Section, letter_of

_WORDS = {
    "W": "Reads and writes",
    "R": "Reads",
    "C": "Reads and writes their own part of",
    "S": "Reads what was written for them of",
}


@dataclass(frozen=True)
class Explained:
    """One role: what opens a child to it, which parts it sees and how, and why."""

    role: Role
    opened_by: str
    reason: str

    @property
    def lines(self) -> list[tuple[str, list[str]]]:
        """The words for each letter that the role has, with the sections; at the end what it does not see."""
        found = [(words, self._sections(letter)) for letter, words in _WORDS.items()]
        return [*((words, sections) for words, sections in found if sections), ("Sees nothing of", self._sections(""))]

    def _sections(self, letter: str) -> list[str]:
        return [section.title for section in Section if letter_of(section, self.role) == letter]


@cache
def explained() -> dict[Role, Explained]:
    """Every role, in the order of the list of roles."""
    with (Path(__file__).parent / "narrow_cells.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["role"]: row for row in csv.DictReader(file)}
    return {role: Explained(role, rows[role]["opened_by"], rows[role]["reason"]) for role in Role}

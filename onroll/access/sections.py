"""Which parts of a child's record each role may see and write: the table of need to know, kept as data.

A cell is W read and write, R read, C own part, S a summary written for that reader, or empty. A cell presupposes
a live link to the child: which children is decided in `children.visibility`.
"""

import csv
from dataclasses import replace
from enum import Enum
from functools import cache
from pathlib import Path

from .actors import Actor
from .openings import cell_in_opening
from .roles import COMMAND_LINE, SYSTEM, Role


class Section(Enum):
    """A part of a child's record, with the letter that the need-to-know table uses."""

    BASICS = "a"
    CHARACTERISTICS = "a2"
    NUMBERS = "a3"
    CARE = "b"
    OTHER_STATUS = "b2"
    PROFESSIONALS = "c"
    SCHOOL = "d"
    PLACEMENT = "d2"
    ATTENDANCE = "e"
    ATTAINMENT = "f"
    PEP = "g"
    VIEWS = "h"
    PUPIL_PREMIUM = "i"
    SEN = "j"
    HEALTH = "k"
    SAFEGUARDING = "l"
    EXCLUSION = "m"
    ADDRESS = "n"
    CARER = "o"
    CONTACT = "p"
    LOOKS = "s"
    SEALED = "t"
    FIGURES = "u"

    @property
    def title(self) -> str:
        return _table()[self.value]["title"]

    @property
    def short(self) -> str:
        """The section in a word or two, as it stands inside a sentence."""
        return _SHORT.get(self.value, self.title[:1].lower() + self.title[1:])

    @property
    def data_class(self) -> str:
        """P0 to P5: how sensitive the section is."""
        return _table()[self.value]["class"]


_SHORT = {
    "a": "name and birth",
    "a2": "characteristics",
    "a3": "numbers",
    "b": "care",
    "b2": "other statuses",
    "c": "people",
    "d": "school",
    "d2": "home",
    "j": "SEN",
    "k": "health",
    "n": "address",
    "e": "attendance",
    "f": "attainment",
    "g": "PEP",
    "h": "the child’s views",
    "i": "Pupil Premium Plus",
    "m": "exclusion",
    "o": "carers",
    "p": "contact",
    "s": "who has looked",
}


@cache
def _table() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "sections.csv").open(encoding="utf-8", newline="") as file:
        return {row["section"]: row for row in csv.DictReader(file)}


def letter_of(section: Section, role: str) -> str:
    """The letter that stands in the table for this role, before any setting of an authority."""
    return _table()[section.value].get(role) or ""


# Where the authority has the virtual school keep the roll (the default), these cells become W (SEC-0).
_KEPT_BY_THE_VIRTUAL_SCHOOL = {Section.ADDRESS, Section.CARER, Section.HEALTH}


def cell(actor: Actor, section: Section) -> str:
    """The actor's letter for this section: "W", "R", "C", "S" or ""."""
    if actor.opening is not None:
        return cell_in_opening(cell(replace(actor, opening=None), section), section.value)
    if actor.only_sections is not None and section.value not in actor.only_sections:
        return ""
    letter = _letter(actor, section)
    return "R" if actor.finishing and letter == "W" else letter


def _letter(actor: Actor, section: Section) -> str:
    if actor.role == SYSTEM:
        return "W"
    if actor.role == COMMAND_LINE:
        # The terminal has a data officer's cells; carers' identities come in by the same files.
        return "W" if section is Section.CARER else _table()[section.value][Role.DATA_OFFICER]
    letter = letter_of(section, actor.role)
    head_or_adviser = actor.role in (Role.VSH, Role.DEPUTY_VSH, Role.VS_OFFICER)
    if letter == "R" and head_or_adviser and actor.keeps_the_roll and section in _KEPT_BY_THE_VIRTUAL_SCHOOL:
        return "W"
    return letter


def readers_of(section: Section) -> list[Role]:
    """The roles that read this section whole, of the children they work with."""
    return [role for role in Role if _table()[section.value].get(role) in ("W", "R")]


def may_read(actor: Actor, section: Section) -> bool:
    """Whether the actor's role reads this section whole. A summary is not the section."""
    return cell(actor, section) in ("W", "R")


def may_write(actor: Actor, section: Section) -> bool:
    return cell(actor, section) == "W"


def has_summary(actor: Actor, section: Section) -> bool:
    """Whether the actor gets at least the summary written for their role."""
    return cell(actor, section) in ("W", "R", "S")

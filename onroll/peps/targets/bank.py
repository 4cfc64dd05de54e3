"""The bank: approaches that help, filed under needs, so that what to do is never chosen before what is needed.

The rows are `data/interventions.csv`. What the Education Endowment Foundation's toolkit says of a strand (months of
progress, cost, strength of evidence) is given only where its page was seen; `eef_checked` says how. A blank is not
nought.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

BANK = Path(__file__).parent / "data" / "interventions.csv"
Choice = TypeVar("Choice", bound=StrEnum)


class Area(StrEnum):
    """What a target is about, as it is counted."""

    ENGLISH = "english"
    MATHS = "maths"
    SEMH = "semh"
    ATTENDANCE = "attendance"
    ASPIRATION = "aspiration"
    OTHER = "other"


class Phase(StrEnum):
    EARLY_YEARS = "early_years"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    POST_16 = "post_16"


class Evidence(StrEnum):
    """Whether research says that an approach works."""

    YES = "yes"
    PROMISING = "promising"
    NO = "no"


# What gets in the way of learning: the choices of the needs list, in its order.
NEEDS = (
    "Reading",
    "Writing",
    "Phonics",
    "Maths",
    "Speaking and listening",
    "English as an additional language",
    "Attention and memory",
    "Organisation and independence",
    "Knowledge gaps from missed school",
    "Friendships",
    "Feelings and behaviour",
    "Trust and safety",
    "Anxiety about school",
    "Attendance",
    "Self-belief",
    "Physical or sensory",
    "Exams",
    "Next steps",
    "Play and early learning",
    "Other",
)


class BadBank(ValueError):
    """A row of a bank that can't be read, and why, in words for whoever mends it."""


@dataclass(frozen=True, kw_only=True)
class Approach:
    """Something that helps, with the words that it fills into a target: who, when, where, how often, what, success."""

    key: str
    name: str
    area: Area
    phases: tuple[Phase, ...]
    needs: tuple[str, ...]
    what_it_is: str
    typical_dose: str
    default_who: str
    default_when: str
    default_where: str
    default_action: str
    measurement: str
    category: str
    usually_needs_money: bool
    evidence_based: Evidence
    eef_toolkit: str
    eef_strand: str
    eef_months: int | None
    eef_cost: str
    eef_evidence: str
    eef_checked: str
    evidence_note: str
    suits: str


# Of the toolkit itself, what was not seen is blank.
MAY_BE_BLANK = {"eef_strand", "eef_months", "eef_cost", "eef_evidence", "evidence_note"}
TOOLKITS = {"teaching_learning", "early_years", "none"}


def approaches(*, need: str | None = None, phase: Phase | None = None) -> tuple[Approach, ...]:
    """The approaches for a need and a phase, in the order of the bank. Without one of the two, for any."""
    return tuple(
        each
        for each in whole_bank()
        if (need is None or need in each.needs) and (phase is None or phase in each.phases)
    )


@cache
def whole_bank() -> tuple[Approach, ...]:
    with BANK.open(encoding="utf-8", newline="") as file:
        return read_bank(csv.DictReader(file))


def read_bank(rows: Iterable[Mapping[str, str]]) -> tuple[Approach, ...]:
    """The approaches of these rows. BadBank at the first that is incomplete, unknown in a choice, or there already."""
    found: dict[str, Approach] = {}
    for row in rows:
        approach = _approach(row)
        if approach.key in found:
            raise BadBank(f"{approach.key} is in the bank twice. Give each approach a key of its own.")
        found[approach.key] = approach
    return tuple(found.values())


def _approach(row: Mapping[str, str]) -> Approach:
    cells = {name: (row.get(name) or "").strip() for name in Approach.__dataclass_fields__}
    key = cells["key"] or "A row without a key"
    for name, cell in cells.items():
        if not cell.strip("; ") and name not in MAY_BE_BLANK:
            raise BadBank(f"{key} has no {name}. Fill it.")
    months = cells["eef_months"]
    if months and not (months.isascii() and months.isdigit()):
        raise BadBank(f"{key}: {months} is no number of months. Write one, or leave it blank.")
    if (toolkit := cells["eef_toolkit"]) not in TOOLKITS:
        raise _not_a_choice(key, toolkit, "toolkit", sorted(TOOLKITS))
    if (money := cells["usually_needs_money"]) not in ("yes", "no"):
        raise _not_a_choice(key, money, "answer to whether it needs money", ["yes", "no"])
    needs = _parts(cells["needs"])
    for need in needs:
        if need not in NEEDS:
            raise _not_a_choice(key, need, "need", NEEDS)
    given = cells | {
        "area": _choice(key, cells["area"], Area),
        "phases": tuple(_choice(key, each, Phase) for each in _parts(cells["phases"])),
        "needs": needs,
        "usually_needs_money": money == "yes",
        "evidence_based": _choice(key, cells["evidence_based"], Evidence),
        "eef_months": int(months) if months else None,
    }
    return Approach(**given)  # type: ignore[arg-type]


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _choice(key: str, cell: str, choices: type[Choice]) -> Choice:
    if cell not in list(choices):
        raise _not_a_choice(key, cell, choices.__name__.lower(), choices)
    return choices(cell)


def _not_a_choice(key: str, cell: str, what: str, choices: Iterable[str]) -> BadBank:
    return BadBank(f"{key}: {cell} is no {what}. Choose from {', '.join(choices)}.")

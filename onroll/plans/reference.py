"""What plans refer to: duties of the statutory guidance, corporate parenting principles, measures of the two plans.

Each is a dated list beside this file, in `data/`. The duties are what the guidance “Promoting the education of
looked-after children and previously looked-after children” (Department for Education, February 2018) says a virtual
school head should ensure, each with the measures that tell whether it is met; the principles are those of the Children
and Social Work Act 2017, section 1.
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from onroll.codes.code_sets import Code, CodeSet

DATA = Path(__file__).parent / "data"
WORDS_OF_AN_OPENING = 9


@dataclass(frozen=True, kw_only=True)
class Duty(Code):
    """One thing that the guidance says must be so. `measures` are ids of plan measures that show it."""

    measures: tuple[str, ...] = ()


def _rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _code(row: dict[str, str]) -> dict[str, Any]:
    dates = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("valid_from", "valid_to")}
    return {"code": row["code"], "label": row["label"], **dates}


DUTIES = CodeSet(
    "statutory duties",
    "Promoting the education of looked-after children and previously looked-after children, statutory guidance, "
    "Department for Education, February 2018",
    [
        Duty(**_code(row), measures=tuple(row["measures"].split(";")) if row["measures"] else ())
        for row in _rows("duties.csv")
    ],
)
PRINCIPLES = CodeSet(
    "corporate parenting principles",
    "Children and Social Work Act 2017, section 1",
    [Code(**_code(row)) for row in _rows("principles.csv")],
)


def plain(words: str) -> str:
    """Words as they are compared: without case, marks and breaks of lines."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", words.lower()).split())


@cache
def _openings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in _rows("measures_of_actions.csv"):
        found[row["action"]].append(row["measure"])
    return dict(found)


def measures_of(words: str) -> list[str]:
    """The plan measures that answer an action of one of the two plans that the measures were drawn from.

    An action is known by its opening words, a short one by all of them. One of any other plan has none: its lead
    chooses them.
    """
    action = plain(words)
    return [
        measure
        for opening, measures in _openings().items()
        if action == opening or (len(opening.split()) >= WORDS_OF_AN_OPENING and action.startswith(f"{opening} "))
        for measure in measures
    ]

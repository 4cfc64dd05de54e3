"""The tables that a plan can come as, told apart by their headings, and how each row of one is read.

Cells are kept as printed: several leads in a cell, dates of a month's precision, a missing rating. What is empty in the
file leaves what is held.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from onroll.plans.models import Goal, Milestone, Rated, Serves
from onroll.plans.reference import DUTIES as STATUTORY
from onroll.plans.reference import measures_of

YEAR = re.compile(r"\b(\d{4})[-/ ](\d{2})\b")
_OF_A_CONTRACT = re.compile(r"\b(contract|procure|procurement|tender|recruit|induct)", re.IGNORECASE)
WEEKS_OF_WARNING = 4


@dataclass
class Named:
    """What a file is called: the plan's number and title, and the year that the name says, if it says one."""

    number: str
    title: str
    year: str

    @classmethod
    def of(cls, file: str) -> "Named":
        stem = PurePosixPath(file).stem
        words = " ".join(re.split(r"[\s_-]+", stem)).strip()
        # The two halves of a year stay together.
        words = re.sub(r"\b(\d{4}) (\d{2})\b", r"\1-\2", words)
        found = YEAR.search(words)
        first = int(found[1]) if found else 0
        is_a_year = found is not None and int(found[2]) == (first + 1) % 100
        return cls(
            number=re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:60] or "plan",
            title=(words[:1].upper() + words[1:])[:200] or "Plan",
            year=f"{found[1]}-{found[2]}" if found and is_a_year else "",
        )

    @property
    def first_word(self) -> str:
        return self.number.partition("-")[0]


@dataclass
class PlanRows:
    """The rows of one plan, as the exchange tables have them. Of each action only what the file says."""

    named: Named
    file: str = ""
    actions: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    # By the place of the action among the actions.
    milestones: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    serves: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    goals: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    duties: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    # Cells that say something that can't be taken: line, column, words.
    wrong: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Kind:
    """One layout: its columns with what each is, the one or two that tell it, and how a row is read into a plan."""

    title: str
    columns: tuple[tuple[str, str], ...]
    told_by: tuple[str, ...]
    read: Callable[[PlanRows, int, dict[str, str]], None]


def _lines(cell: str) -> list[str]:
    """The things that a cell holds one below the other."""
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _action(plan: PlanRows, line: int, **said: Any) -> int:
    """Add an action, and what its own words are bound to. Returns its place."""
    said["measures"] = tuple(measures_of(said["action"]))
    plan.actions.append((line, {name: value for name, value in said.items() if value}))
    return len(plan.actions) - 1


def _work_plan(plan: PlanRows, line: int, cells: dict[str, str]) -> None:
    rating = next((each for each in Rated.values if each.lower() == cells["RAG Rating"].lower()), "")
    if cells["RAG Rating"] and not rating:
        plan.wrong.append((line, "RAG Rating", f"“{cells['RAG Rating'][:40]}” is not one of {', '.join(Rated.values)}"))
    at = _action(
        plan,
        line,
        section=cells["Section"],
        action=cells["Action Title"],
        lead=tuple(_lines(cells["Responsible Officer"])),
        outcome=cells["Anticipated Outcome/Result"],
        start=cells["Proposed Start Date"],
        end=cells["Proposed End Date"],
        measured_by=cells["Performance Measures"],
        update=cells["Progress Update"],
        rag=rating,
    )
    for objective in _lines(cells["Corp. Plan Ref"]):
        plan.serves.append((line, at, {"kind": Serves.Kind.OBJECTIVE.value, "words": objective}))


def _improvement_plan(plan: PlanRows, line: int, cells: dict[str, str]) -> None:
    action = cells["Strand / action"]
    at = _action(
        plan,
        line,
        section=cells["Priority or strand"],
        action=action,
        lead=tuple(_lines(cells["Lead person"])),
        end=cells["Date / frequency"],
        measured_by=cells["Monitoring"],
    )
    for words in _lines(cells["Milestones"]):
        of_a_contract = bool(_OF_A_CONTRACT.search(f"{action} {words}"))
        kind = Milestone.Kind.CONTRACT if of_a_contract else Milestone.Kind.STEP
        weeks = WEEKS_OF_WARNING if of_a_contract else 0
        plan.milestones.append((line, at, {"milestone": words, "kind": kind.value, "warn_weeks": weeks}))


def _goals(plan: PlanRows, line: int, cells: dict[str, str]) -> None:
    for column, kind in (("Priorities", Goal.Kind.PRIORITY), ("Success criteria", Goal.Kind.CRITERION)):
        if cells[column]:
            plan.goals.append((line, {"kind": kind.value, "words": cells[column]}))


def _duties(plan: PlanRows, line: int, cells: dict[str, str]) -> None:
    words = f"{cells['Lead-in']} {cells['Expectation']}".strip()
    code = cells["Ref"] if cells["Ref"] in STATUTORY else ""
    plan.duties.append((line, {"kind": Serves.Kind.DUTY.value, "code": code, "words": words}))


WORK_PLAN = Kind(
    "work plan",
    (
        ("Section", "The heading the action stands under"),
        ("Corp. Plan Ref", "The corporate objective it serves"),
        ("Action Title", "What is to be done"),
        ("Responsible Officer", "Who leads it: one or several, each on a line"),
        ("Anticipated Outcome/Result", "What it is to bring about"),
        ("Proposed Start Date", "As printed, like July 2015"),
        ("Proposed End Date", "As printed, like March 2016: it is due on the month's last day"),
        ("Performance Measures", "How it is judged, in words"),
        ("Progress Update", "What was reported"),
        ("RAG Rating", "Off Track, In Progress, Completed or empty"),
    ),
    ("Action Title",),
    _work_plan,
)
IMPROVEMENT_PLAN = Kind(
    "improvement plan",
    (
        ("Priority or strand", "The heading the action stands under"),
        ("Strand / action", "What is to be done"),
        ("Date / frequency", "As printed, like April 2019 and ongoing, Weekly, 3x year"),
        ("Lead person", "Who leads it, in words or as a role: one or several, each on a line"),
        ("Milestones", "One a line; a day in the words becomes its due date"),
        ("Monitoring", "How it is judged, in words"),
    ),
    ("Strand / action",),
    _improvement_plan,
)
GOALS = Kind(
    "priorities and success criteria",
    (("Priorities", "A priority, or empty"), ("Success criteria", "A success criterion, or empty")),
    ("Priorities", "Success criteria"),
    _goals,
)
DUTIES = Kind(
    "duties",
    (
        ("Ref", "D01 to D13 for the expectations of the statutory guidance of 2018"),
        ("Lead-in", "The words before it"),
        ("Expectation", "What must be so, as quoted"),
    ),
    ("Expectation",),
    _duties,
)
KINDS = (WORK_PLAN, IMPROVEMENT_PLAN, GOALS, DUTIES)
# The cell without which a row says nothing.
NEEDED = {WORK_PLAN.title: "Action Title", IMPROVEMENT_PLAN.title: "Strand / action"}


def plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", heading.lower())


def kind_of(headings: list[str]) -> Kind | None:
    """Which layout this is, by the columns that only it has."""
    there = {plain(heading) for heading in headings}
    return next((kind for kind in KINDS if {plain(each) for each in kind.told_by} <= there), None)

"""Reports on paper: as a workbook, a PDF, a Word document and one page of HTML. The same lines stand in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.design import pdfs
from onroll.design.pictures import RAG
from onroll.design.spreadsheets import xlsx_bytes
from onroll.design.word_files import docx_bytes
from onroll.design.words import day
from onroll.plans.models import Plan
from onroll.plans.reporting import report_of

from .scorecards import Line, audience_of, lines_of

# What stands in a cell of paper at most.
LONGEST = 400


@dataclass(frozen=True)
class Paper:
    """A report to be set: its title, first lines, and one table under each heading. `widths` share out the page."""

    title: str
    told: Sequence[str]
    headings: Sequence[str]
    widths: Sequence[int]
    groups: Sequence[tuple[str, Sequence[Sequence[str]]]]


def as_file(paper: Paper, kind: str) -> bytes:
    """The report as a file of this kind: html, pdf, docx or xlsx."""
    if kind == "xlsx":
        rows = [row for _, rows in paper.groups for row in rows]
        return xlsx_bytes(paper.title, paper.headings, rows, above=[[line] for line in [paper.title, *paper.told]])
    if kind == "pdf":
        parts = [pdfs.Part(group, paper.headings, rows, paper.widths) for group, rows in paper.groups]
        return pdfs.made(paper.title, paper.told, " · ".join(paper.told), parts, wide=True)
    if kind == "docx":
        return docx_bytes(paper.title, paper.told, paper.headings, paper.widths, paper.groups)
    return render_to_string("reports/paper.html", {"paper": paper}).encode()


# The scorecard


@dataclass(frozen=True)
class Scorecard:
    """A scorecard: whose, of which day, made by whom."""

    authority: str
    whom: str
    as_at: date
    by: str
    lines: Sequence[Line]

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """The lines under the groups of the catalogue, in the order in which they were chosen."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.measure.group, []).append(line)
        return list(found.items())

    @property
    def paper(self) -> Paper:
        return Paper(
            title=f"Scorecard, {day(self.as_at)}",
            told=[f"{self.authority} Virtual School", f"For: {self.whom}", f"Made by {self.by}"],
            headings=("Measure", "Now", "Part and whole", "Target", "State", "Direction", "England", "Last periods"),
            widths=(26, 8, 14, 8, 8, 10, 12, 30),
            groups=[(group, [row_of(line) for line in lines]) for group, lines in self.groups],
        )


def scorecard_of(actor: Actor, *, as_at: date) -> Scorecard:
    """The scorecard of this actor's audience on a day."""
    authority = Authority.objects.get(pk=actor.authority)
    return Scorecard(authority.name, audience_of(actor).label, as_at, actor.name, lines_of(actor, as_at=as_at))


def row_of(line: Line) -> list[str]:
    """One line as the headings of a scorecard have it."""
    england = line.england if line.england is not None and line.england.value is not None else None
    return [
        line.measure.title,
        line.value,
        line.part,
        line.target or "none set",
        RAG[line.judged.state] if line.judged else "–",
        line.travel or "–",
        line.england_words + (f" ({england.year_words})" if england else ""),
        line.last_three,
    ]


# The plan


def plan_paper(plan: Plan, actor: Actor) -> Paper:
    """The plan: each action with who, by when, how its lead rates it, what the records say and what was last said."""
    told = report_of(plan, actor)
    above = [told["service"], told["accountable"] and f"Accountable: {told['accountable']}"]
    return Paper(
        title=plan.title,
        told=[*(line for line in above if line), f"As at {day(actor.today)}", f"Made by {actor.name}"],
        headings=("Action", "Who", "By when", "Lead says", "Measures say", "What the records say", "Last update"),
        widths=(27, 14, 10, 9, 11, 24, 23),
        groups=[
            (section["title"], [_action_row(action) for action in section["actions"]])
            for section in told["sections"]
            if section["actions"]
        ],
    )


def _action_row(action: dict[str, Any]) -> list[str]:
    figures = [
        " ".join(part for part in (each["value"], each["part_and_whole"], f"({each['title']})") if part)
        for each in action["figures"]
    ]
    return [
        _short(f"{action['reference']} {action['action']}".strip()),
        ", ".join(action["leads"]) or "–",
        action["when"].removeprefix("by ") or "–",
        action["rating"] or "Not rated",
        RAG[action["measures_say"]],
        "; ".join(figures) or "–",
        _short(action["update"]) or "–",
    ]


def _short(words: str) -> str:
    joined = " ".join(words.split())
    return joined if len(joined) <= LONGEST else f"{joined[:LONGEST].rsplit(' ', 1)[0]} …"

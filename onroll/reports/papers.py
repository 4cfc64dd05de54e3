"""The scorecard on paper: as a workbook, as a PDF and as one page of HTML. The same lines stand in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.design import pdfs
from onroll.design.pictures import RAG
from onroll.design.spreadsheets import xlsx_bytes
from onroll.design.words import day

from .scorecards import Line, audience_of, lines_of

HEADINGS = ("Measure", "Now", "Part and whole", "Target", "State", "Before", "England", "Last periods")
WIDTHS = (26, 8, 14, 8, 8, 10, 12, 30)
FORMATS = ("html", "pdf", "xlsx")


@dataclass(frozen=True)
class Scorecard:
    """A scorecard to be set: whose, of which day, made by whom."""

    authority: str
    whom: str
    as_at: date
    by: str
    lines: Sequence[Line]

    @property
    def title(self) -> str:
        return f"Scorecard, {day(self.as_at)}"

    @property
    def told(self) -> list[str]:
        return [f"{self.authority} Virtual School", f"For: {self.whom}", f"Made by {self.by}"]

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """The lines under the groups of the catalogue, in the order in which they were chosen."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.measure.group, []).append(line)
        return list(found.items())


def scorecard_of(actor: Actor, *, as_at: date) -> Scorecard:
    """The scorecard of this actor's audience on a day."""
    authority = Authority.objects.get(pk=actor.authority)
    whom = audience_of(actor).label
    return Scorecard(authority.name, str(whom), as_at, actor.name, lines_of(actor, as_at=as_at))


def row_of(line: Line) -> list[str]:
    """One line as the columns of HEADINGS."""
    return [
        line.measure.title,
        line.value,
        line.part,
        line.target or "none set",
        RAG[line.judged.state] if line.judged else "–",
        f"{line.before}{f' ({line.change})' if line.change else ''}",
        line.england_words
        + (f" ({line.england.year_words})" if line.england and line.england.value is not None else ""),
        line.last_three,
    ]


def as_file(scorecard: Scorecard, kind: str) -> bytes:
    """The scorecard as a file of this kind: one of FORMATS."""
    if kind == "xlsx":
        rows = [row_of(line) for line in scorecard.lines]
        return xlsx_bytes("Scorecard", HEADINGS, rows, above=[[line] for line in [scorecard.title, *scorecard.told]])
    if kind == "pdf":
        parts = [
            pdfs.Part(group, HEADINGS, [row_of(line) for line in lines], WIDTHS) for group, lines in scorecard.groups
        ]
        return pdfs.made(scorecard.title, scorecard.told, " · ".join(scorecard.told), parts, wide=True)
    return render_to_string(
        "reports/paper.html",
        {"scorecard": scorecard, "headings": HEADINGS,
         "groups": [(group, [row_of(line) for line in lines]) for group, lines in scorecard.groups]},
    ).encode()  # fmt: skip

"""The page of how complete plans are month by month and phase by phase, and the same as a file."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.design.pictures import rag as rag_picture
from onroll.design.spreadsheets import as_csv, as_xlsx
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import Chip
from onroll.design.words import day_short
from onroll.history.viewing import noted

from .completion import HEADINGS, Line, as_rows, lines_of, months_of

SHOWN_MONTHS = 7


class CompletionPage(Page):
    """Up-to-date plans of a month by phase, each against its target, and what was counted when the month was closed."""

    requires = Can.SEE_FIGURES
    template_name = "peps/completion.html"

    def context(self) -> dict[str, Any]:
        months = months_of(self.actor)
        asked = self.request.GET.get("month", "")
        month = next((each for each in months if f"{each.start:%Y-%m}" == asked), months[-1])
        lines = lines_of(self.actor, [month])
        return {
            "month_words": f"{month.start:%B %Y}",
            "going_on": month == months[-1],
            "months": [
                Chip(f"{each.start:%B %Y}", _address(f"{each.start:%Y-%m}"), current=each == month)
                for each in reversed(months[-SHOWN_MONTHS:])
            ],
            "table": _table(lines),
            "differs": [line.words for line in lines if line.differs],
            "may_set": can(self.actor, Can.KEEP_PLAN),
        }


def _address(month: str) -> str:
    return f"{reverse('peps:completion')}?{urlencode({'month': month})}"


def _table(lines: list[Line]) -> Table:
    columns = [
        Column("Phase", stacked_label=False),
        Column("Up to date", number=True),
        Column("Target", number=True),
        Column("State"),
        Column("When it was closed"),
    ]
    return Table("Children with an up-to-date PEP, by phase", columns, [_row(line) for line in lines])


def _row(line: Line) -> list[Any]:
    closed = line.closed
    counted = f"{int(closed.part)} of {closed.whole}" if closed else ""
    return [
        Cell(line.words, bold=not line.phase),
        Cell(line.amount.words, sub=line.amount.part_words) if line.amount else "–",
        line.target_words or "No target",
        Cell(rag_picture(line.judged.state)) if line.judged else "–",
        Cell(counted, sub=f"counted on {day_short(closed.counted_on)}") if closed else "–",
    ]


class CompletionFile(Page):
    """The last twelve months as a file: a line for each month and phase, and no child."""

    requires = Can.SEE_FIGURES

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:  # type: ignore[override]
        if kind not in ("csv", "xlsx"):
            raise Http404
        rows = as_rows(lines_of(self.actor, months_of(self.actor)))
        name, title = f"pep-completion-{self.actor.today:%Y-%m-%d}", "Up-to-date PEPs by phase"
        noted(self.actor, "report", route=f"peps:completion_file {self.actor.today} {kind}", outcome="made")
        return as_csv(name, title, HEADINGS, rows) if kind == "csv" else as_xlsx(name, title, HEADINGS, rows)

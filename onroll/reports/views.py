"""Pages of reports: the scorecard, the file of it, and which measures stand on whose."""

from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.design.forms import GovukForm
from onroll.design.pictures import rag as rag_picture
from onroll.design.pictures import sparkline
from onroll.design.spreadsheets import XLSX
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.values import AsAt
from onroll.design.words import day
from onroll.history.viewing import noted
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.views import Asked

from .models import Audience
from .papers import Scorecard, as_file, scorecard_of
from .scorecards import Line, audience_of, choose, chosen

KINDS = {"xlsx": XLSX, "pdf": "application/pdf"}


class ScorecardPage(Page):
    """The measures of the reader's audience, each with target, state, the periods before and England's figure."""

    requires = Can.SEE_FIGURES
    template_name = "reports/scorecard.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = Asked.from_address(request.GET, today=self.actor.today)
        scorecard = scorecard_of(self.actor, as_at=asked.as_at)
        may_choose = can(self.actor, Can.CHOOSE_MEASURES)
        return self.show(
            scorecard=scorecard,
            table=_table(scorecard),
            bar=AsAt(
                asked.as_at,
                self.actor.today,
                error=asked.wrong_day,
                typed=asked.typed_day,
                back=reverse("reports:scorecard"),
            ),
            here=asked.address(today=self.actor.today),
            audiences=[(label, reverse("reports:choose_measures", args=[key])) for key, label in Audience.choices]
            if may_choose
            else [],
            differs=sorted({line.england.differs for line in scorecard.lines if line.england and line.england.differs}),
        )


def _table(scorecard: Scorecard) -> Table:
    columns = [
        Column("Measure", stacked_label=False),
        Column("Now", number=True),
        Column("Target", number=True),
        Column("State"),
        Column("Before", number=True),
        Column("England"),
        Column("Last periods"),
    ]
    rows: list[Any] = []
    for group, lines in scorecard.groups:
        rows.append(GroupRow(group))
        rows += [_row(line) for line in lines]
    return Table(f"Scorecard as at {day(scorecard.as_at)}", columns, rows)


def _row(line: Line) -> list[Any]:
    england = line.england if line.england is not None and line.england.value is not None else None
    return [
        Cell(line.measure.title, href=reverse("measures:measure", args=[line.measure.id])),
        Cell(line.value, sub=line.part, bold=True),
        line.target or "none set",
        rag_picture(line.judged.state) if line.judged else "–",
        Cell(line.before, sub=line.change),
        Cell(line.england_words, sub=england.year_words if england else ""),
        sparkline(line.values, what=line.measure.title) or "–",
    ]


class ScorecardFile(Page):
    """The same scorecard as a file."""

    requires = Can.SEE_FIGURES

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:  # type: ignore[override]
        if kind not in KINDS:
            raise Http404
        asked = Asked.from_address(request.GET, today=self.actor.today)
        data = as_file(scorecard_of(self.actor, as_at=asked.as_at).paper, kind)
        noted(self.actor, "report", route="reports:scorecard_file", outcome="made")
        name = f"scorecard-{asked.as_at:%Y-%m-%d}.{kind}"
        return HttpResponse(
            data,
            content_type=KINDS[kind],
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Content-Security-Policy": "sandbox; default-src 'none'",
            },
        )


class MeasuresForm(GovukForm):
    """Which measures stand on a scorecard. They stand in the order of the catalogue."""

    measures = forms.MultipleChoiceField(
        label="Measures",
        choices=lambda: [(measure.id, measure.title) for measure in CATALOGUE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one measure"},
    )


class ChooseMeasuresPage(Page):
    """Which measures stand on the scorecard of one audience."""

    requires = Can.CHOOSE_MEASURES
    template_name: ClassVar[str] = "reports/choose.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        if kwargs["audience"] not in Audience.values:
            raise Http404
        self.audience = Audience(kwargs["audience"])

    def context(self) -> dict[str, Any]:
        return {"audience": self.audience, "own": self.audience == audience_of(self.actor)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = [measure.id for measure in chosen(self.actor.authority, self.audience)]
        return self.show(form=MeasuresForm(initial={"measures": now}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MeasuresForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=422)
        wanted = set(form.cleaned_data["measures"])
        choose(self.audience, [each.id for each in CATALOGUE if each.id in wanted], actor=self.actor)
        return HttpResponseRedirect(reverse("reports:scorecard"))

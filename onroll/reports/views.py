"""Pages of reports: the scorecard, the file of it, and which measures stand on whose."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.access.sections import Section, cell
from onroll.children.models import Child
from onroll.children.roll_columns import columns_for, rows_of, table_of
from onroll.design.forms import GovukForm
from onroll.design.pictures import rag as rag_picture
from onroll.design.pictures import sparkline
from onroll.design.spreadsheets import XLSX
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.values import AsAt, Pages
from onroll.design.word_files import WORD
from onroll.design.words import count_of, day
from onroll.history.viewing import listed, noted
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.views import Asked
from onroll.plans.views import OnePlanPage

from . import inspection
from .models import Audience
from .papers import Paper, Scorecard, as_file, plan_paper, scorecard_of
from .scorecards import Line, audience_of, choose, chosen
from .tiles import MOST

# How many children of the roll stand on one page of the inspection morning.
ON_A_PAGE = 50
KINDS = {"xlsx": XLSX, "pdf": "application/pdf", "docx": WORD}


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
            may_prepare=can(self.actor, Can.EXPORT_A_LIST),
            all_wait=bool(scorecard.lines) and all(line.now.refused for line in scorecard.lines),
            all_hidden=bool(scorecard.lines) and not any(line.now.total.value is not None for line in scorecard.lines),
            month_over=asked.as_at.replace(day=1) - timedelta(days=1),
            differs=sorted({line.england.differs for line in scorecard.lines if line.england and line.england.differs}),
        )


def _table(scorecard: Scorecard) -> Table:
    columns = [
        Column("Measure", stacked_label=False),
        Column("Two periods ago", number=True),
        Column("One period ago", number=True),
        Column("Now", number=True),
        Column("Direction"),
        Column("State"),
        Column("England"),
        Column("Trend"),
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
        *(Cell(point.seen.total.words, sub=point.words) if point else "–" for point in line.earlier),
        Cell(line.value, sub=line.part, bold=True),
        line.travel or "–",
        Cell(rag_picture(line.judged.state) if line.judged else "–", sub=_target_words(line)),
        Cell(line.england_words, sub=england.year_words if england else ""),
        sparkline(line.values, what=line.measure.title) or "–",
    ]


def _target_words(line: Line) -> str:
    return f"target {line.target}" if line.target else "no target set"


class ScorecardFile(Page):
    """The same scorecard as a file."""

    requires = Can.SEE_FIGURES

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:  # type: ignore[override]
        if kind not in KINDS:
            raise Http404
        as_at = Asked.from_address(request.GET, today=self.actor.today).as_at
        return _handed_over("scorecard", scorecard_of(self.actor, as_at=as_at).paper, kind, as_at, self.actor)


class PlanFile(OnePlanPage):
    """The plan of today as a file: each action with what its lead says and what the records say."""

    requires = Can.SEE_PLAN

    def get(self, request: HttpRequest, kind: str, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        if kind not in KINDS:
            raise Http404
        return _handed_over("plan", plan_paper(self.plan, self.actor), kind, self.actor.today, self.actor)


def _handed_over(what: str, paper: Paper, kind: str, as_at: date, actor: Actor) -> HttpResponse:
    """The paper as a file, with an entry in the log: what left is told by its day, its kind and the beginning of its
    digest (EXP-4).
    """
    data = as_file(paper, kind)
    digest = hashlib.sha256(data).hexdigest()[:16]
    noted(actor, "report", route=f"reports:{what}_file {as_at.isoformat()} {kind} {digest}", outcome="made")
    return HttpResponse(
        data,
        content_type=KINDS[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{what}-{as_at:%Y-%m-%d}.{kind}"',
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

    def __init__(self, *args: Any, most: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most
        if most:
            self.fields["measures"].help_text = f"Up to {most}."

    def clean_measures(self) -> list[str]:
        wanted: list[str] = self.cleaned_data["measures"]
        if self.most and len(wanted) > self.most:
            raise forms.ValidationError(f"Choose up to {self.most} measures. You chose {len(wanted)}")
        return wanted


class ChooseMeasuresPage(Page):
    """Which measures stand on the scorecard of one audience, or on the home page of the heads."""

    requires = Can.CHOOSE_MEASURES
    template_name: ClassVar[str] = "reports/choose.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        if kwargs["audience"] not in Audience.values:
            raise Http404
        self.audience = Audience(kwargs["audience"])

    @property
    def at_home(self) -> bool:
        return self.audience == Audience.HOME

    @property
    def most(self) -> int | None:
        return MOST if self.at_home else None

    def context(self) -> dict[str, Any]:
        return {
            "audience": self.audience,
            "own": self.audience == audience_of(self.actor),
            "at_home": self.at_home,
            "title": "Figures on the home page" if self.at_home else "Measures of a scorecard",
            "save": "Put these on the home page" if self.at_home else "Put these on the scorecard",
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = [measure.id for measure in chosen(self.actor.authority, self.audience)]
        return self.show(form=MeasuresForm(initial={"measures": now}, most=self.most))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MeasuresForm(request.POST, most=self.most)
        if not form.is_valid():
            return self.show(form=form, status=422)
        wanted = set(form.cleaned_data["measures"])
        choose(self.audience, [each.id for each in CATALOGUE if each.id in wanted], actor=self.actor)
        return HttpResponseRedirect(reverse("home" if self.at_home else "reports:scorecard"))


class InspectionPage(Page):
    """The morning an inspector rings: whom they would ask about with the story of each, then the whole roll."""

    requires = Can.EXPORT_A_LIST
    template_name: ClassVar[str] = "reports/inspection.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        # Who stands in without the section of figures has no cohort to read.
        if not cell(self.actor, Section.FIGURES):
            raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = Asked.from_address(request.GET, today=self.actor.today)
        morning = inspection.Morning(self.actor, as_at=asked.as_at)
        children = _by_name(self.actor, morning.roll)
        page = Paginator(list(children), ON_A_PAGE).get_page(request.GET.get("page"))
        columns = columns_for(self.actor, list(inspection.COLUMNS))
        rows = rows_of(self.actor, list(page.object_list), columns, asked.as_at)
        picked = [key for key in children if key in morning.picks]
        listed(self.actor, list(dict.fromkeys([*picked, *page.object_list])), "reports:inspection")
        keep = {} if asked.as_at == self.actor.today else {"as-at": asked.as_at.isoformat()}
        many = count_of(len(children), "child", "children")
        return self.show(
            as_at=asked.as_at,
            many=many,
            picked=len(picked),
            groups=_by_reason(morning, children),
            table=table_of(rows, columns, caption=f"{many} on the roll on {day(asked.as_at)}"),
            pages=Pages(page.number, ON_A_PAGE, len(children), keep, "children"),
            bar=AsAt(
                asked.as_at,
                self.actor.today,
                many,
                error=asked.wrong_day,
                typed=asked.typed_day,
                back=reverse("reports:inspection"),
            ),
            take_roll=_to_take(inspection.COLUMNS, keep),
            take_picks=_to_take((*inspection.COLUMNS, *inspection.OF_PICKS), keep | {"view": inspection.VIEW}),
        )


def _by_name(actor: Actor, keys: frozenset[int]) -> dict[int, Child]:
    """Those of these children whom the reader may see, in the order of their names. One query."""
    found = Child.visible_to(actor).filter(pk__in=keys).order_by("family_name", "given_name", "pk")
    return {child.pk: child for child in found}


def _by_reason(
    morning: inspection.Morning, children: dict[int, Child]
) -> list[tuple[str, list[tuple[Child, inspection.Pick]]]]:
    """Each reason with the children who are picked for it first, by name."""
    groups = [
        (
            reason.title,
            [(children[key], pick) for key in children if (pick := morning.picks.get(key)) and pick.reason is reason],
        )
        for reason in inspection.REASONS.values()
    ]
    return [(title, found) for title, found in groups if found]


def _to_take(columns: Sequence[str], keep: dict[str, str]) -> str:
    """Where these children are taken out, with these columns as far as the recipient may have them."""
    return f"{reverse('exports:list')}?{urlencode([*keep.items(), *(('column', each) for each in columns)])}"

"""The page of the month's sample: which plans were drawn and why, how far markers agree, and what is often not good."""

from datetime import date
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.contradictions import Refused
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import Chip
from onroll.design.words import count_of, day_short
from onroll.history.viewing import listed

from .audit_actions import draw_sample, seed_of, why_not_draw
from .audit_queries import OfAWorker, agreement_until, marked_twice, own_team, sample_of, themes_of
from .audit_views import TAGS
from .candidates import candidates_of, month_after
from .filing_views import audits_to_file
from .models import PepAudit, PepSettings
from .views import state_cell

SHOWN_MONTHS = 6
NATIONAL_TAGS = {
    "outstanding": TAGS["blue"],
    "good": TAGS["green"],
    "requires_improvement": TAGS["yellow"],
    "inadequate": TAGS["red"],
}


def month_of(text: str, today: date) -> date:
    """The first day of the month that an address names, like 2026-11. What names none, or one to come: this month."""
    this = today.replace(day=1)
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return this
    return asked if asked <= this else this


def months_until(today: date) -> list[date]:
    """The first days of the last months, the newest first."""
    found, first = [], today.replace(day=1)
    for _ in range(SHOWN_MONTHS):
        found.append(first)
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    return found


class AuditsPage(Page):
    """The plans drawn for audit of those handed in in a month. A team manager has the grades of the own team alone."""

    requires = Can.SEE_AUDITS
    template_name = "peps/audits.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        self.month = month_of(self.request.GET.get("month", ""), self.actor.today)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can(self.actor, Can.DECIDE_ON_PEPS):
            raise Http404
        try:
            drawn = draw_sample(self.actor.authority, self.month, actor=self.actor)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"{count_of(drawn, 'plan')} drawn.")
        return HttpResponseRedirect(self._address(self.month))

    @staticmethod
    def _address(month: date) -> str:
        return f"{reverse('peps:audits')}?month={month:%Y-%m}"

    def context(self) -> dict[str, Any]:
        if self.actor.role == Role.TEAM_MANAGER:
            return {"team": _team_table(own_team(self.actor)), "manager": True}
        audits = sample_of(self.actor, self.month)
        held = candidates_of(self.actor, self.month)
        done = sum(audit.audited_on is not None for audit in audits)
        listed(self.actor, [audit.child_id for audit in audits], "peps:audits", section=Section.PEP)
        agree = agreement_until(self.actor, month_after(self.month))
        return {
            "manager": False,
            "month_words": f"{self.month:%B %Y}",
            "months": [
                Chip(f"{month:%B %Y}", self._address(month), current=month == self.month)
                for month in months_until(self.actor.today)
            ],
            "summary": f"{count_of(len(audits), 'plan')} drawn, {done} audited, {len(held.waiting)} waiting undrawn",
            "table": self._table(audits) if audits else None,
            "why_not": why_not_draw(held, PepSettings.of(self.actor.authority)),
            "seed": seed_of(self.actor.authority, self.month),
            "agreement": agree,
            "exact": _per_cent(agree.exact),
            "within_one": _per_cent(agree.within_one),
            "themes": themes_of(audits)[:5],
            "to_file": len(audits_to_file(self.actor)) if can(self.actor, Can.FILE_AUDITS) else 0,
        }

    def _table(self, audits: list[PepAudit]) -> Table:
        twice = marked_twice(audits)
        columns = [
            Column("Child", stacked_label=False),
            Column("Why it was drawn"),
            Column("State"),
            Column("Drawn"),
            Column("Grade"),
        ]
        return Table(f"Drawn of the plans of {self.month:%B %Y}", columns, [self._row(each, twice) for each in audits])

    def _row(self, audit: PepAudit, twice: dict[int, str]) -> list[Any]:
        pep, child = audit.pep, audit.child
        waits_for_second = twice.get(pep.pk) == ""
        # Who may still be the second marker is not told the first grade.
        hidden = waits_for_second and audit.auditor_id != self.actor.account
        if audit.audited_on is None:
            grade = Cell("Not audited yet", sub="Marked twice" if waits_for_second else "")
        elif hidden:
            grade = Cell("Waits for a second marker")
        else:
            held = audit.agreed_grade or audit.grade
            words = PepAudit(grade=held).get_grade_display()
            grade = Cell(words, tag=NATIONAL_TAGS.get(held, "grey"), sub=_of_two_markers(audit, twice.get(pep.pk)))
        return [
            Cell(child.name, href=reverse("peps:audit", args=[child.public_id, pep.public_id]), sub=pep.title),
            audit.why_drawn,
            state_cell(pep),
            day_short(audit.drawn_on) if audit.drawn_on else "–",
            grade,
        ]


def _of_two_markers(audit: PepAudit, second: str | None) -> str:
    """How a second marker's grade stands to the first. None: there is no second marker."""
    if audit.agreed_grade:
        return "The grade was settled"
    if second is None:
        return ""
    if not second:
        return "Waits for a second marker"
    return "Marked twice: the same grade" if second == audit.grade else "Marked twice: the grades differ, settle one"


def _per_cent(share: Fraction | None) -> str:
    return "" if share is None else f"{float(share):.0%}"


def _team_table(workers: list[OfAWorker]) -> Table | None:
    if not workers:
        return None
    columns = [Column("Social worker", stacked_label=False), Column("Audits", number=True), Column("Good or better")]
    rows = [
        [each.name, str(each.audits), "Too few to say" if each.good is None else f"{each.good} of {each.audits}"]
        for each in workers
    ]
    return Table("Audited plans of the last twelve months, by social worker", columns, rows)

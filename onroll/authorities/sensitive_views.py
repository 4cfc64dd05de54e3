"""Pages on which the virtual school head says which sensitive facts of the return are kept, and why."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.access.sections import readers_of
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import SummaryRow
from onroll.design.words import day, day_short, lower_first

from .actions import Refused, start_keeping, stop_keeping
from .forms import KeepForm
from .models import KeptFacts
from .sensitive_facts import ALL, BY_KIND, kept_on


class SensitiveFactsPage(Page):
    """Each kind of sensitive fact in the return: what it asks, and whether it is kept, since when, by whom and why."""

    requires = Can.CHOOSE_SENSITIVE_FACTS
    template_name = "authorities/sensitive_facts.html"

    def context(self) -> dict[str, Any]:
        kept = kept_on(self.actor.authority, self.actor.today)
        rows = []
        for each in ALL:
            held = kept.get(each.kind)
            since = f"since {day_short(held.start)}, by {held.started_by}" if held else ""
            state = Cell("Kept" if held else "Not kept", tag="orange" if held else "grey", sub=since)
            href = reverse("authorities:sensitive_fact", args=[each.kind.value])
            why = held.reason if held else ""
            rows.append([Cell(each.kind.label, href=href, sub=each.asks), state, why])
        columns = [
            Column("What the return asks", stacked_label=False),
            Column("Now", stacked_label=False),
            Column("Why"),
        ]
        ended = KeptFacts.objects.filter(authority_id=self.actor.authority, end__isnull=False).order_by("-end", "-pk")
        return {
            "table": Table("Sensitive facts that the return asks for", columns, rows),
            "earlier": _earlier(list(ended)),
        }


def _earlier(ended: list[KeptFacts]) -> Table | None:
    """What was kept before, newest first."""
    if not ended:
        return None
    rows = [
        [
            Cell(held.get_kind_display(), bold=True),
            Cell(day_short(held.start), sub=f"by {held.started_by}"),
            Cell(day_short(held.end), sub=f"by {held.ended_by}"),
            held.reason,
        ]
        for held in ended
    ]
    return Table(
        "Kept before",
        [Column("What", stacked_label=False), Column("From"), Column("Switched off"), Column("Why")],
        rows,
        caption_hidden=False,
    )


class SensitiveFactPage(Page):
    """One kind of sensitive fact: what keeping it changes, and the switch. Switching on asks for a reason."""

    requires = Can.CHOOSE_SENSITIVE_FACTS
    template_name = "authorities/sensitive_fact.html"

    def open(self, kind: str, **kwargs: Any) -> None:  # type: ignore[override]
        found = BY_KIND.get(kind)
        if found is None:
            raise Http404
        self.facts = found

    def context(self) -> dict[str, Any]:
        held = kept_on(self.actor.authority, self.actor.today).get(self.facts.kind)
        about = [
            SummaryRow("What the return asks", self.facts.asks),
            SummaryRow("Why it is sensitive", self.facts.why_sensitive),
        ]
        if held:
            about += [
                SummaryRow("Kept since", f"{day(held.start)}, switched on by {held.started_by}"),
                SummaryRow("Why", held.reason),
            ]
        return {
            "facts": self.facts,
            "held": held,
            "about": about,
            "readers": [lower_first(role.label) for role in readers_of(self.facts.section)],
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=KeepForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") == "stop":
            return self._stop()
        form = KeepForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        try:
            start_keeping(self.facts.kind, form.cleaned_data["reason"], actor=self.actor)
        except Refused as why:
            form.add_error("reason", str(why))
            return self.show(form=form)
        messages.success(self.request, f"From the next load on, {self.facts.called} are kept.")
        return HttpResponseRedirect(reverse("authorities:sensitive_facts"))

    def _stop(self) -> HttpResponse:
        try:
            stop_keeping(self.facts.kind, actor=self.actor)
        except Refused as why:
            messages.error(self.request, str(why))
        else:
            messages.success(self.request, f"From the next load on, {self.facts.called} are read past.")
        return HttpResponseRedirect(reverse("authorities:sensitive_facts"))

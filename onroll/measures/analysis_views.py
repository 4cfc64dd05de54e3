"""Pages about what people found in breakdowns: keep a finding, and the list of a year."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.codes.years import academic_year_of
from onroll.design.forms import GovukForm, Look

from .analyses import all_of, keep_findings, of_the_year
from .catalogue import CATALOGUE
from .characteristics import CHARACTERISTICS
from .cohorts import Cohort
from .engine import dimensions
from .models import Analysis
from .views import MeasurePage


class FindingsForm(GovukForm):
    """What a breakdown shows, in the words of the one who looked."""

    findings = forms.CharField(
        label="What does this breakdown show?",
        help_text="Write about groups, and about no child that a reader could recognise",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what the breakdown shows"},
    )

    looks = {"findings": Look(label="m")}


class KeepFindingsPage(MeasurePage):
    """A breakdown, and the words that are kept with it."""

    requires = Can.KEEP_FINDINGS
    template_name = "measures/keep_findings.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        if not can(self.actor, Can.SEE_FIGURES):
            raise Http404

    def context(self) -> dict[str, Any]:
        back = reverse("measures:measure", args=[self.measure.id]) + self.here()
        return {"measure": self.measure, "breakdown": self._breakdown(), "back": back, "as_at": self.asked.as_at}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=FindingsForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FindingsForm(request.POST)
        if not form.is_valid() or not self.reading.by:
            return self.show(form=form, status=422)
        findings = form.cleaned_data["findings"]
        keep_findings(self.measure, self.reading.by, findings, actor=self.actor, as_at=self.asked.as_at)
        return HttpResponseRedirect(reverse("measures:analyses"))


class AnalysesPage(Page):
    """Which characteristics were analysed this academic year and which were not, and everything that was found."""

    requires = Can.KEEP_FINDINGS
    template_name = "measures/analyses.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        looked = of_the_year(self.actor.authority, on=self.actor.today)
        return self.show(
            year=academic_year_of(self.actor.today).replace("-", "/"),
            done=[each for each in looked if each.newest],
            not_yet=[each for each in looked if not each.newest],
            found=[self._shown(analysis) for analysis in all_of(self.actor.authority) if self._is_for_reader(analysis)],
        )

    def _is_for_reader(self, analysis: Analysis) -> bool:
        """Words about the whole authority are for who has its figures, by what they may divide them by."""
        known = [CHARACTERISTICS[key] for key in analysis.keys if key in CHARACTERISTICS]
        whole = Cohort.for_actor(self.actor, as_at=self.actor.today).is_whole
        return (whole or analysis.written_by_id == self.actor.account) and all(k.is_for(self.actor) for k in known)

    @staticmethod
    def _shown(analysis: Any) -> dict[str, Any]:
        measure = CATALOGUE.find(analysis.measure)
        titles = dimensions(measure) if measure else {}
        by = " and ".join(titles.get(key, key).lower() for key in analysis.keys)
        keys = "&".join(f"by={key}" for key in analysis.keys)
        address = reverse("measures:measure", args=[analysis.measure]) if measure else ""
        return {
            "analysis": analysis,
            "title": f"{measure.title if measure else analysis.measure}, by {by}",
            "address": f"{address}?{keys}&as-at={analysis.as_at:%Y-%m-%d}" if address else "",
        }

"""Pages about what a child needs."""

from typing import Any

from onroll.access.can import Can
from onroll.access.sections import Section
from onroll.design.words import day

from ..actions.needs import (
    end_ehc_plan,
    record_ehc_plan,
    record_sdq,
    record_sen_need,
    record_sen_provision,
    set_plan_review,
    what_provision_leaves,
)
from ..forms.identity import EndForm
from ..forms.needs import NeedForm, PlanForm, PlanReviewForm, ProvisionForm, SDQForm
from ..holding import needs_now, sdq_now
from ..models import EHCPlan
from .act import ActPage


class NeedsActPage(ActPage):
    """An act on a child's special educational needs."""

    abstract = True
    section = Section.SEN
    back_to = "profile:needs"

    def held(self) -> list[str]:
        return needs_now(self.child, self.actor)

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor}


class ProvisionPage(NeedsActPage):
    """Where SEN provision changes."""

    requires = Can.RECORD_CHANGES
    title = "Record SEN provision"
    form_class = ProvisionForm

    def leaves(self, form: ProvisionForm) -> list[str]:
        data = form.cleaned_data
        return what_provision_leaves(self.child, value=data["value"], start=data["start"])

    def act(self, form: ProvisionForm) -> str:
        record_sen_provision(self.child, **form.cleaned_data, actor=self.actor)
        return "The provision is recorded."


class NeedPage(NeedsActPage):
    """Where the primary need changes."""

    requires = Can.RECORD_CHANGES
    title = "Record the primary need"
    form_class = NeedForm

    def act(self, form: NeedForm) -> str:
        record_sen_need(self.child, **form.cleaned_data, actor=self.actor)
        return "The primary need is recorded."


class PlanPage(NeedsActPage):
    """Where an EHC plan is issued."""

    requires = Can.RECORD_CHANGES
    title = "Record an EHC plan"
    form_class = PlanForm

    def act(self, form: PlanForm) -> str:
        record_ehc_plan(self.child, **form.cleaned_data, actor=self.actor)
        return f"The plan of {day(form.cleaned_data['issued_on'])} is recorded."


class OnePlanPage(NeedsActPage):
    """An act on one EHC plan."""

    abstract = True

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.plan: EHCPlan = self.one_of_the_child(EHCPlan, kwargs["plan"])

    def form_options(self) -> dict[str, Any]:
        return {}


class PlanReviewPage(OnePlanPage):
    """Where the next annual review of a plan is set."""

    requires = Can.RECORD_CHANGES
    title = "Next review of the EHC plan"
    form_class = PlanReviewForm

    def initial(self) -> dict[str, Any]:
        return {"review_on": self.plan.review_on}

    def act(self, form: PlanReviewForm) -> str:
        set_plan_review(self.plan, review_on=form.cleaned_data["review_on"], actor=self.actor)
        return f"The next review is on {day(form.cleaned_data['review_on'])}."


class EndPlanPage(OnePlanPage):
    """Where an EHC plan ceases."""

    requires = Can.RECORD_CHANGES
    title = "The EHC plan ceased"
    form_class = EndForm

    def form_options(self) -> dict[str, Any]:
        return {"label": "When did it cease?", "asks": "the day the plan ceased"}

    def act(self, form: EndForm) -> str:
        end_ehc_plan(self.plan, end=form.cleaned_data["end"], actor=self.actor)
        return f"The plan ceased on {day(form.cleaned_data['end'])}."


class SDQPage(NeedsActPage):
    """Where a strengths and difficulties score is recorded."""

    requires = Can.RECORD_CHANGES
    section = Section.HEALTH
    title = "Record an SDQ score"
    form_class = SDQForm

    def held(self) -> list[str]:
        return sdq_now(self.child, self.actor)

    def act(self, form: SDQForm) -> str:
        data = form.cleaned_data
        record_sdq(self.child, on=data["on"], score=data["score"], reason=data["reason"], actor=self.actor)
        return "The score is recorded." if data["score"] is not None else "Recorded why there is no score."

"""The page on which it is said whether the plan was looked at in a care review."""

from typing import Any

from django import forms
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.sections import Section, may_read
from onroll.children.models import Review
from onroll.children.record_views.act import ActPage
from onroll.design.forms import GovukForm, Look
from onroll.design.words import day, weekday

from .care_reviews import current_on, deadlines, say_of_review, why_not_say
from .models import Pep, PlanInReview


class PlanInReviewForm(GovukForm):
    """One answer."""

    used = forms.ChoiceField(
        label="Was the plan looked at in the review?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
    )
    looks = {"used": Look(inline=True)}


class PlanInReviewPage(ActPage):
    """Whether the plan was looked at in a care review. Who reads both says so, though they write neither."""

    requires = Can.SAY_PLAN_WAS_USED
    section = Section.OTHER_STATUS
    also_shows = (Section.PEP,)
    writes = False
    form_class = PlanInReviewForm
    title = "The plan in the care review"
    done = "Written down."

    def _may_open(self) -> bool:
        return super()._may_open() and may_read(self.actor, Section.PEP)

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.review = self.one_of_the_child(Review, kwargs["review"])
        plans = Pep.of(self.child, self.actor).filter(signed_off_on__isnull=False)
        self.plan = current_on(plans, self.review.on, deadlines(self.actor.authority))

    def heading(self) -> str:
        return f"{self.title} on {day(self.review.on)}"

    def held(self) -> list[str]:
        if self.plan is None:
            return ["There was no current plan on that day."]
        sent = self.plan.sent_to_iro_on
        told = f"It was sent to the reviewing officer on {day(sent)}." if sent else "It was not sent before."
        return [f"The current plan was the {self.plan.title}, signed off on {weekday(self.plan.signed_off_on)}.", told]

    def blocked(self) -> str:
        return why_not_say(self.review, actor=self.actor)

    def initial(self) -> dict[str, Any]:
        row = PlanInReview.of(self.child, self.actor).filter(on=self.review.on).first()
        return {"used": "yes" if row.used else "no"} if row else {}

    def act(self, form: Any) -> None:
        say_of_review(self.review, used=form.cleaned_data["used"] == "yes", actor=self.actor)

    def where_next(self, form: Any) -> str:
        if self.plan is None:
            return super().where_next(form)
        return reverse("peps:pep", args=[self.child.public_id, self.plan.public_id])

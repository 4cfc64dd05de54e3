"""What a child needs."""

from typing import Any

from django import forms

from onroll.access.actors import Actor
from onroll.codes import SDQ_REASON, SEN_NEED, SEN_PROVISION
from onroll.design.forms import GovukDateField, GovukForm, Look

from .parts import authorities, chosen


class ProvisionForm(GovukForm):
    value = forms.ChoiceField(
        label="Special educational provision",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the provision"},
    )
    start = GovukDateField(label="From which day?", asks="the day it began")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["value"]
        field.choices = SEN_PROVISION.choices(on=actor.today)


class NeedForm(GovukForm):
    value = forms.ChoiceField(label="Primary need")
    start = GovukDateField(label="From which day?", asks="the day it began")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["value"]
        field.choices = chosen(SEN_NEED, actor.today)


class PlanForm(GovukForm):
    issued_on = GovukDateField(label="When was the plan issued?", asks="the day the plan was issued")
    review_on = GovukDateField(label="Next annual review", asks="the day of the next review", required=False)
    la_code = forms.ChoiceField(label="Authority responsible for the plan", required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["la_code"]
        field.choices = authorities(actor)


class PlanReviewForm(GovukForm):
    review_on = GovukDateField(label="Next annual review", asks="the day of the next review")


class SDQForm(GovukForm):
    """A score, or why there is none."""

    on = GovukDateField(label="Day of the questionnaire", asks="the day of the questionnaire")
    there_is = forms.ChoiceField(
        label="Is there a score?",
        choices=[("score", "Yes"), ("reason", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether there is a score"},
    )
    score = forms.IntegerField(label="Total score", required=False, min_value=0, max_value=40, help_text="0 to 40")
    reason = forms.ChoiceField(label="Why not?", required=False)

    looks = {"there_is": Look(reveals={"score": "score", "reason": "reason"}), "score": Look(width=2)}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reason"]
        field.choices = chosen(SDQ_REASON, actor.today)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("there_is") == "score":
            if "score" in data and data["score"] is None:
                self.add_error("score", "Enter the total score, from 0 to 40")
            data["reason"] = ""
        elif data.get("there_is") == "reason":
            if not data.get("reason"):
                self.add_error("reason", "Choose why there is no score")
            data["score"] = None
        return data

"""The form of a target."""

from datetime import timedelta
from typing import Any

from django import forms

from onroll.design.forms import GovukDateField, GovukForm, Look

from .cohorts import Cohort
from .models import Target
from .targets import GROUPS, group_words, measures


class TargetForm(GovukForm):
    """Which figure, whom for, when, and what it should be."""

    measure = forms.ChoiceField(label="Figure", error_messages={"required": "Choose a figure"})
    whom = forms.ChoiceField(label="Whom is it for?", required=False)
    better = forms.ChoiceField(
        label="What should the figure be?",
        choices=Target.Better.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it should be at least or at most the target"},
    )
    value = forms.DecimalField(
        label="Target",
        max_digits=12,
        decimal_places=2,
        help_text="A percentage, a number, days or pounds, as the figure is.",
        error_messages={"required": "Enter the target", "invalid": "Enter the target as a number, like 70 or 12.5"},
    )
    first_day = GovukDateField(label="First day", asks="the first day", like="1 9 2026")
    last_day = GovukDateField(label="Last day", asks="the last day", like="31 8 2027")
    due_on = GovukDateField(label="When is it due?", asks="when it is due", like="31 8 2027")
    by_autumn = forms.DecimalField(
        label="Expected by the end of the autumn term",
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text="For a figure that grows over the year. Without these it is set against the same day last year.",
        error_messages={"invalid": "Enter a number, like 5 or 7.5"},
    )
    by_spring = forms.DecimalField(
        label="Expected by the end of the spring term",
        max_digits=12,
        decimal_places=2,
        required=False,
        error_messages={"invalid": "Enter a number, like 10 or 12.5"},
    )

    looks = {
        "value": Look(width=5),
        "by_autumn": Look(width=5),
        "by_spring": Look(width=5),
        "better": Look(label="s"),
    }
    mark_optional = True

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = [("", "Choose a figure"), *((each.id, each.title) for each in measures())]  # type: ignore[attr-defined]
        self.fields["whom"].choices = [  # type: ignore[attr-defined]
            ("", "Everyone"),
            *((f"{key}:{code}", group_words(cohort, key, code)) for key, codes in GROUPS.items() for code in codes),
        ]

    @staticmethod
    def initial_of(target: Target) -> dict[str, Any]:
        """What the form says of a target."""
        return {
            "measure": target.measure,
            "whom": f"{target.characteristic}:{target.group}" if target.characteristic else "",
            "better": target.better,
            "value": target.value if target.pk else None,
            "first_day": target.start,
            "last_day": target.end - timedelta(days=1),
            "due_on": target.due_on,
            "by_autumn": target.by_autumn,
            "by_spring": target.by_spring,
        }

    def put_into(self, target: Target) -> None:
        """What was typed, as the target says it."""
        typed = self.cleaned_data
        characteristic, _, group = typed["whom"].partition(":")
        target.measure, target.characteristic, target.group = typed["measure"], characteristic, group
        target.start, target.end = typed["first_day"], typed["last_day"] + timedelta(days=1)
        for name in ("better", "value", "due_on", "by_autumn", "by_spring"):
            setattr(target, name, typed[name])

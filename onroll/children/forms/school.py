"""Places at schools."""

from typing import Any

from django import forms

from onroll.design.forms import GovukDateField, GovukForm, Look

from ..models import Disclosure, SchoolPlace
from .parts import NOT_TOLD, SchoolForm

Kind = SchoolPlace.Kind

_SCHOOL_LOOK = {"school_words": Look(label="m", spellcheck=False, autocomplete="off")}


def _hours(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=4,
        decimal_places=1,
        min_value=0,
        max_value=60,
        error_messages={"invalid": f"{label} must be a number, like 25 or 32.5"},
    )


class StartPlaceForm(SchoolForm):
    kind = forms.ChoiceField(
        label="What kind of place is it?",
        choices=[each for each in Kind.choices if each[0] != Kind.AWAITING],
        initial=Kind.MAIN,
        widget=forms.RadioSelect,
    )
    start = GovukDateField(label="First day there", asks="the first day there")
    hours_per_week = _hours("Hours a week")
    full_time_hours = _hours("Full time there, hours a week")
    disclosure = forms.ChoiceField(
        label="Who must not be told of this school?",
        choices=NOT_TOLD,
        initial=Disclosure.ORDINARY,
    )
    why_this_school = forms.CharField(
        label="Why this school?", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    field_order = ["school_words", "school", "school_shown", "kind", "start"]
    looks = {
        **_SCHOOL_LOOK,
        "hours_per_week": Look(width=3, suffix="hours"),
        "full_time_hours": Look(width=3, suffix="hours"),
        "why_this_school": Look(rows=3),
    }


class EndPlaceForm(GovukForm):
    """The end of a place, and what comes next."""

    end = GovukDateField(
        label="First day on which the place no longer holds",
        asks="the day the place ends",
        help_text="If the last day there is a Friday, this is the day after",
    )
    leaving_reason = forms.ChoiceField(
        label="Why does it end?",
        choices=SchoolPlace.LeavingReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why the place ends"},
    )
    then = forms.ChoiceField(
        label="What comes next?",
        choices=[
            ("next", "The next place: I add it now"),
            ("waits", "There is none yet: the child waits for a place"),
            ("none", "Nothing else is to be recorded now"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what comes next"},
    )
    why_none = forms.CharField(label="Why is there none?", max_length=500, required=False)

    looks = {"then": Look(reveals={"waits": "why_none"})}

    def __init__(self, *args: Any, place: SchoolPlace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if place.kind != Kind.MAIN:
            del self.fields["then"], self.fields["why_none"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("then") == "waits" and not data.get("why_none"):
            self.add_error("why_none", "Say why there is no next place")
        return data


class HoursForm(GovukForm):
    hours_per_week = _hours("Hours a week")
    full_time_hours = _hours("Full time there, hours a week")

    looks = {"hours_per_week": Look(width=3, suffix="hours"), "full_time_hours": Look(width=3, suffix="hours")}


class AwaitForm(SchoolForm):
    """A wait for a place, at a school that may be known already."""

    start = GovukDateField(label="Since when?", asks="the day the wait began")
    why = forms.CharField(label="Why is there no place?", max_length=500)

    school_must = False
    field_order = ["start", "why", "school_words", "school", "school_shown"]
    looks = _SCHOOL_LOOK

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_words"].label = "School that is to take the child"


class NextPlacesForm(SchoolForm):
    """The turn of the year for several children."""

    end = GovukDateField(label="First day on which the present places no longer hold", asks="the day the places end")
    leaving_reason = forms.ChoiceField(
        label="Why do they end?",
        choices=SchoolPlace.LeavingReason.choices,
        initial=SchoolPlace.LeavingReason.NORMAL_TRANSFER,
        widget=forms.RadioSelect,
    )
    start = GovukDateField(
        label="First day at the next school", asks="the first day at the next school", required=False
    )

    school_must = False
    field_order = ["end", "leaving_reason", "school_words", "school", "school_shown", "start"]
    looks = _SCHOOL_LOOK

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_words"].label = "The next school"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("school_words") and "start" in data and data["start"] is None:
            self.add_error("start", "Enter the first day at the next school, like 3 9 2026")
        if data.get("start") and not data.get("school_words"):
            self.add_error("school_words", "Enter the name of the next school, or take out the first day there")
        return data

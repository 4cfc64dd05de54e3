"""Forms about schools: what was typed, and what is wrong with it in words."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from onroll.codes import EVALUATION_AREA, LOCAL_AUTHORITY, OVERALL_EFFECTIVENESS, REPORT_CARD_GRADE
from onroll.codes import SAFEGUARDING_JUDGEMENT as SAFEGUARDING_JUDGEMENTS
from onroll.codes.postcodes import tidy_postcode, why_not_postcode
from onroll.design.forms import FilterForm, GovukDateField, GovukForm, Look

from .actions import SAFEGUARDING
from .kinds import KINDS, kind_of
from .models import School

OUTSIDE_ENGLAND = "000"


class FindSchoolForm(FilterForm):
    words = forms.CharField(
        label="Find a school or setting",
        help_text="Name, town, postcode, URN or LAESTAB",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    open_only = forms.BooleanField(label="Leave out closed schools")

    looks = {
        "words": Look(label="m", width="two-thirds", spellcheck=False, autocomplete="off"),
        "open_only": Look(small=True),
    }


class SettingForm(GovukForm):
    """A setting that the national register does not hold."""

    kind = forms.ChoiceField(
        label="What kind of setting is it?",
        choices=[(kind.key, kind.words) for kind in KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of setting it is"},
    )
    name = forms.CharField(label="Name", max_length=200)
    la_code = forms.ChoiceField(label="Local authority it is in", required=False)
    street = forms.CharField(label="Street", max_length=120, required=False)
    town = forms.CharField(label="Town", max_length=80, required=False)
    postcode = forms.CharField(label="Postcode", max_length=12, required=False)
    phone = forms.CharField(label="Telephone number", max_length=30, required=False)
    website = forms.CharField(label="Website", max_length=200, required=False, help_text="Like www.example.org")

    looks = {
        "kind": Look(label="m", hints={kind.key: kind.hint for kind in KINDS if kind.hint}),
        "la_code": Look(width="two-thirds"),
        "postcode": Look(width=10, autocomplete="off"),
        "phone": Look(width=20),
    }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authorities = [(code, name) for code, name in LOCAL_AUTHORITY.choices(on=today)]
        self.fields["la_code"].choices = [  # type: ignore[attr-defined]
            ("", "Not known"),
            (OUTSIDE_ENGLAND, "Outside England"),
            *sorted(authorities, key=lambda each: each[1]),
        ]

    @classmethod
    def starting_values(cls, school: School) -> dict[str, Any]:
        """What the form shows of a setting that is held."""
        kind = kind_of(school)
        named = ("name", "la_code", "street", "town", "postcode", "phone", "website", "closed_on")
        return {"kind": kind.key if kind else "other", **{name: getattr(school, name) for name in named}}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_postcode(self) -> str:
        postcode = tidy_postcode(self.cleaned_data["postcode"])
        if postcode and why_not_postcode(postcode):
            raise ValidationError("Enter a full postcode, like SW1A 1AA")
        return postcode


class ChangeSettingForm(SettingForm):
    closed_on = GovukDateField(
        label="When did it close?", asks="the day it closed", required=False, help_text="Only if it has closed"
    )


class InspectionForm(GovukForm):
    """What an inspection found: one overall grade until September 2024, a report card since November 2025."""

    inspected_on = GovukDateField(label="When was the inspection?", asks="the day of the inspection")
    overall = forms.ChoiceField(
        label="Overall grade",
        required=False,
        choices=[("", "None was given"), *OVERALL_EFFECTIVENESS.choices()],
        help_text="Only for inspections before 2 September 2024",
    )
    report = forms.CharField(
        label="Address of the report", max_length=200, required=False, help_text="Like reports.ofsted.gov.uk/…"
    )

    # Almost everything may be left out, and the headings say when.
    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for area in EVALUATION_AREA:
            grades = SAFEGUARDING_JUDGEMENTS if area.code == SAFEGUARDING else REPORT_CARD_GRADE
            self.fields[f"area_{area.code}"] = forms.ChoiceField(
                label=area.label.partition(" (")[0],
                required=False,
                choices=[("", "Not graded"), *grades.choices()],
            )

    @property
    def area_fields(self) -> list[Any]:
        return [self[f"area_{area.code}"] for area in EVALUATION_AREA]

    @property
    def areas(self) -> dict[str, str]:
        """The grades that were chosen, by area."""
        chosen = {area.code: self.cleaned_data.get(f"area_{area.code}", "") for area in EVALUATION_AREA}
        return {area: grade for area, grade in chosen.items() if grade}

    @property
    def overall_grade(self) -> int | None:
        return int(self.cleaned_data["overall"]) if self.cleaned_data.get("overall") else None

"""Forms of the authority's own settings: an entry of the calendar, and why a sensitive fact is kept."""

from typing import Any

from django import forms

from onroll.codes.years import academic_year_of
from onroll.design.forms import GovukDateField, GovukForm, Look

from .actions import SHORTEST_REASON
from .models import CalendarEntry


class CalendarEntryForm(GovukForm):
    """What it is and its first and last day. The record keeps the first day after."""

    kind = forms.ChoiceField(label="What is it?", choices=CalendarEntry.Kind.choices)
    term = forms.ChoiceField(label="Which term does it belong to?", choices=CalendarEntry.Term.choices)
    first_day = GovukDateField(label="First day", asks="the first day", like="3 9 2026")
    last_day = GovukDateField(
        label="Last day",
        asks="the last day",
        like="16 12 2026",
        required=False,
        help_text="For a deadline leave this empty.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day is before the first day")
        if (
            first
            and not last
            and "last_day" not in self.errors
            and cleaned.get("kind") != CalendarEntry.Kind.PEP_DEADLINE
        ):
            self.add_error("last_day", "Enter the last day, like 16 12 2026")
        if first and last and academic_year_of(first) != academic_year_of(last):
            self.add_error("last_day", "The last day is in another school year. Make two entries.")
        return cleaned


class KeepForm(GovukForm):
    """Why the authority keeps a kind of sensitive fact. The reason is read by everyone who loads a return."""

    reason = forms.CharField(
        label="Why does the authority need to keep this?",
        help_text="Say what it is used for and who agreed it. Do not write about one child.",
        min_length=SHORTEST_REASON,
        max_length=500,
        widget=forms.Textarea,
        error_messages={
            "required": f"Say why, in at least {SHORTEST_REASON} characters",
            "min_length": f"Say why, in at least {SHORTEST_REASON} characters",
            "max_length": "Say why in 500 characters or fewer",
        },
    )

    looks = {"reason": Look(rows=4, count=500, label="s")}

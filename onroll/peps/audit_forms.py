"""The form of an audit: the ticks that are the auditor's, words to the writer by criterion, and what is said in all."""

from collections.abc import Mapping
from typing import Any

from django import forms

from onroll.design.forms import GovukForm, Look

from .audit_actions import LONGEST, Marking
from .models import PepAudit

FEEDBACK = "feedback-"


def _words(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, required=False, help_text=hint, widget=forms.Textarea)


class AuditForm(GovukForm):
    """What an auditor gives. Nothing is required: what is not ticked is not there."""

    strong = _words("What is strong", "With the line that you liked best")
    to_do = _words("One or two things for next time")
    pp_use_appropriate = forms.ChoiceField(
        label="Is the use of Pupil Premium Plus appropriate?",
        choices=PepAudit.Money,
        required=False,
        widget=forms.RadioSelect,
    )
    tick = forms.MultipleChoiceField(label="Ticks", required=False, widget=forms.CheckboxSelectMultiple)

    mark_optional = False

    def __init__(self, marking: Marking, audit: PepAudit, data: Any = None) -> None:
        self.marking = marking
        self.looks: Mapping[str, Look] = {
            "strong": Look(label="s", rows=3),
            "to_do": Look(label="s", rows=3),
            "pp_use_appropriate": Look(label="s", small=True),
            **{f"{FEEDBACK}{each.key}": Look(rows=2) for each in marking.criteria},
        }
        said = {f"{FEEDBACK}{key}": words for key, words in audit.feedback.items()}
        initial = {
            "strong": audit.strong,
            "to_do": audit.to_do,
            "pp_use_appropriate": audit.pp_use_appropriate,
            "tick": audit.ticks,
            **said,
        }
        super().__init__(data, initial=initial)
        ticks = dict.fromkeys(tick.key for each in marking.criteria for tick in each.ticks)
        self.fields["tick"].choices = [(key, key) for key in ticks]  # type: ignore[attr-defined]
        for each in marking.criteria:
            self.fields[f"{FEEDBACK}{each.key}"] = _words("Words to the writer about this")

    @property
    def ticked(self) -> list[str]:
        """What is ticked, as it was typed or as it was kept."""
        if self.is_bound:
            return list(self.cleaned_data.get("tick", ()))
        return list(self.initial["tick"])

    def feedback(self) -> dict[str, str]:
        """The words to the writer, by criterion."""
        return {each.key: self.cleaned_data[f"{FEEDBACK}{each.key}"] for each in self.marking.criteria}

    def feedback_field(self, criterion: str) -> Any:
        return self[f"{FEEDBACK}{criterion}"]

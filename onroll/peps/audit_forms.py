"""The form of an audit: the ticks that are the auditor's, words to the writer by criterion, and what is said in all."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from onroll.design.forms import GovukForm, Look

from .audit.rubrics import Rubric, Tick
from .audit_actions import LONGEST, Marking, why_not_against
from .models import PepAudit, PepTarget

FEEDBACK = "feedback-"
AGAINST = "against-"
GRADE, NOTE = "grade-", "note-"


def _words(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, required=False, help_text=hint, widget=forms.Textarea)


class AuditForm(GovukForm):
    """What an auditor gives: ticks, and for each target a grade. What is not ticked is not there.

    To a tick that the record decides belongs a box for why it is not so: filled in, the tick is turned round.
    """

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

    def __init__(self, marking: Marking, audit: PepAudit, targets: Sequence[PepTarget] = (), data: Any = None) -> None:
        self.marking, self.targets = marking, targets
        asked = {tick.key: tick for each in marking.criteria for tick in each.ticks}
        self.by_record: dict[str, Tick] = {key: asked[key] for key in marking.from_data}
        self.looks: Mapping[str, Look] = {
            "strong": Look(label="s", rows=3),
            "to_do": Look(label="s", rows=3),
            "pp_use_appropriate": Look(label="s", small=True),
            **{f"{FEEDBACK}{each.key}": Look(rows=2) for each in marking.criteria},
            **{f"{GRADE}{target.key}": Look(label="s", small=True, inline=True) for target in targets},
        }
        said = {f"{FEEDBACK}{key}": words for key, words in audit.feedback.items()}
        initial = {
            "strong": audit.strong,
            "to_do": audit.to_do,
            "pp_use_appropriate": audit.pp_use_appropriate,
            "tick": audit.ticks,
            **said,
            **{f"{AGAINST}{key}": why for key, why in audit.changed_ticks.items()},
            **{f"{GRADE}{key}": each["grade"] for key, each in audit.target_grades.items()},
            **{f"{NOTE}{key}": each["note"] for key, each in audit.target_grades.items()},
        }
        super().__init__(data, initial=initial)
        self.fields["tick"].choices = [(key, key) for key in asked]  # type: ignore[attr-defined]
        for each in marking.criteria:
            self.fields[f"{FEEDBACK}{each.key}"] = _words("Words to the writer about this")
        for key, tick in self.by_record.items():
            self.fields[f"{AGAINST}{key}"] = forms.CharField(label=tick.words, max_length=500, required=False)
        for number, target in enumerate(targets, start=1):
            self.fields[f"{GRADE}{target.key}"] = forms.ChoiceField(
                label=f"Grade of target {number}",
                choices=grades_of_scale(marking.rubric),
                widget=forms.RadioSelect,
                required=self._is_kept(data),
                error_messages={"required": f"Choose a grade for target {number}"},
            )
            self.fields[f"{NOTE}{target.key}"] = forms.CharField(
                label=f"Note on target {number}", max_length=300, required=False
            )

    @staticmethod
    def _is_kept(data: Any) -> bool:
        """Whether the audit is kept by this, and not only worked out."""
        return data is not None and data.get("act") == "keep"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for key in self.by_record:
            name = f"{AGAINST}{key}"
            why = cleaned.get(name, "").strip()
            if why and (said := why_not_against(why)):
                self.add_error(name, said)
        return cleaned

    def _said(self, name: str) -> str:
        held = self.cleaned_data.get(name) if self.is_bound else self.initial.get(name)
        return str(held or "").strip()

    @property
    def ticked(self) -> list[str]:
        """What is ticked, as it was typed or as it was kept."""
        if self.is_bound:
            return list(self.cleaned_data.get("tick", ()))
        return list(self.initial["tick"])

    def against(self) -> dict[str, str]:
        """The ticks that are turned round against the record, with the reason, as typed or as kept."""
        return {key: why for key in self.by_record if (why := self._said(f"{AGAINST}{key}"))}

    def of_targets(self) -> dict[str, tuple[str, str]]:
        """The grade and the note of each target."""
        return {
            target.key: (self._said(f"{GRADE}{target.key}"), self._said(f"{NOTE}{target.key}"))
            for target in self.targets
        }

    def feedback(self) -> dict[str, str]:
        """The words to the writer, by criterion."""
        return {each.key: self.cleaned_data[f"{FEEDBACK}{each.key}"] for each in self.marking.criteria}

    def feedback_field(self, criterion: str) -> Any:
        return self[f"{FEEDBACK}{criterion}"]

    def against_field(self, tick: str) -> Any:
        return self[f"{AGAINST}{tick}"]

    def target_fields(self, target: PepTarget) -> tuple[Any, Any]:
        return self[f"{GRADE}{target.key}"], self[f"{NOTE}{target.key}"]


def grades_of_scale(rubric: Rubric) -> list[tuple[str, str]]:
    """The grades of a rubric to choose from, the best first."""
    best_first = sorted(rubric.scale, key=lambda grade: -grade.order)
    return [(grade.key, grade.label) for grade in best_first]


class AgreeForm(GovukForm):
    """The grade that two markers agree on, and why."""

    grade = forms.ChoiceField(label="Which grade does the plan have?", widget=forms.RadioSelect)
    why = forms.CharField(
        label="Why this grade?",
        max_length=500,
        help_text="What you looked at again, and what decided it. Both grades that were given stay on record",
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, grades: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = list(grades)  # type: ignore[attr-defined]

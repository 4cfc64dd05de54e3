"""The page on which a term's assessments are put right."""

from typing import Any

from django import forms

from onroll.access.can import Can
from onroll.access.sections import Section
from onroll.attainment.actions import Assessed
from onroll.attainment.models import Result
from onroll.design.forms import GovukForm, Look

from .act_views import PepActPage
from .assessing import correct_results, results_table
from .holding import not_written
from .writing import Writing

# Empty lines beyond those that are held, and the most that are read.
SPARE, MOST = 2, 40


class AssessmentsForm(GovukForm):
    """A line for each subject of the term, and some that are empty."""

    mark_optional = False

    def __init__(self, data: Any = None, *, rows: list[Result], scale: list[str]) -> None:
        self.looks: dict[str, Look] = {}
        typed = str(data.get("lines", "")) if data is not None else ""
        self.count = min(int(typed), MOST) if typed.isascii() and typed.isdecimal() else len(rows) + SPARE
        fields: dict[str, forms.Field] = {}
        initial: dict[str, Any] = {}
        for number in range(self.count):
            row = rows[number] if number < len(rows) else None
            for name, (label, field) in self._asked(scale, row).items():
                key = f"{name}-{number}"
                field.label = f"{label}, line {number + 1}"
                fields[key], initial[key] = field, getattr(row, name) if row else ""
                self.looks[key] = Look(hidden_label=True, width="full", small=True)
        super().__init__(data, initial=initial)
        self.fields.update(fields)

    @staticmethod
    def _asked(scale: list[str], row: Result | None) -> dict[str, tuple[str, forms.Field]]:
        def words(held: str) -> forms.Field:
            if not scale:
                return forms.CharField(required=False, max_length=300)
            # What was said in other words stays as it is until somebody chooses anew.
            own = [held] if held and held not in scale else []
            return forms.ChoiceField(required=False, choices=[("", "–"), *((each, each) for each in [*own, *scale])])

        return {
            "subject": ("Subject", forms.CharField(required=False, max_length=100)),
            "value": ("Now", words(row.value if row else "")),
            "on_track": ("On track", forms.ChoiceField(required=False, choices=[("", "–"), *Result.OnTrack.choices])),
            "goal": ("End-of-year goal", words(row.goal if row else "")),
        }

    def lines(self) -> list[list[tuple[str, Any]]]:
        """The boxes line by line, each with its heading."""
        names = [(name, label) for name, (label, _) in self._asked([], None).items()]
        return [[(label, self[f"{name}-{number}"]) for name, label in names] for number in range(self.count)]

    def clean(self) -> dict[str, Any]:
        said: set[str] = set()
        for number in range(self.count):
            line = {
                name: str(self.cleaned_data.get(f"{name}-{number}") or "").strip() for name in self._asked([], None)
            }
            if line["value"] and not line["subject"]:
                self.add_error(f"subject-{number}", f"Enter the subject of line {number + 1}, or empty the line.")
            if line["subject"] and not line["value"]:
                self.add_error(f"value-{number}", f"Enter how {line['subject']} is now, or empty the line.")
            if line["subject"].casefold() in said:
                self.add_error(f"subject-{number}", f"{line['subject']} stands in another line already. Keep one.")
            said |= {line["subject"].casefold()} - {""}
        return self.cleaned_data

    def assessed(self) -> list[Assessed]:
        given = [
            Assessed(*(str(self.cleaned_data[f"{name}-{number}"]).strip() for name in self._asked([], None)))
            for number in range(self.count)
        ]
        return [each for each in given if each.subject]


class AssessmentsPage(PepActPage):
    """This term's assessments, put right where they are not. The record changes, whoever gave them."""

    requires = Can.WRITE_PEPS
    section = Section.ATTAINMENT
    form_class = AssessmentsForm
    template_name = "peps/assessments.html"
    title = "This term’s assessments"
    done = "The assessments are saved."

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.writing = Writing(self.pep, self.actor)

    def blocked(self) -> str:
        return "" if self.writing.is_open else not_written(self.pep)

    def form_options(self) -> dict[str, Any]:
        return {"rows": self.writing.known.results_of_the_term, "scale": self.writing.settings.scale}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "table": results_table(self.writing)}

    def act(self, form: Any) -> None:
        correct_results(self.writing, form.assessed())

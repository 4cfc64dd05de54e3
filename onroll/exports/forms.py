"""Forms about what leaves: for whom, which columns or sections, why, and what the second person decides."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from onroll.access.actors import Actor
from onroll.children.forms.leaks import without_address
from onroll.children.leaks import found_in
from onroll.children.models import Child
from onroll.children.roll_columns import Column
from onroll.design.forms import FilterForm, GovukForm, Look
from onroll.design.words import listed
from onroll.peps.printing import Holds

from .actions import SHORTEST_PURPOSE
from .copies import title_of
from .models import Export
from .recipients import Recipient


class RecipientForm(FilterForm):
    """Who it is for. It comes first, since it decides what there is to choose from."""

    for_ = forms.ChoiceField(label="Who is it for?", widget=forms.RadioSelect)

    def __init__(self, offered: dict[str, Recipient], chosen: str) -> None:
        super().__init__(initial={"for": chosen})
        field = self.fields.pop("for_")
        field.choices = [(key, each.title) for key, each in offered.items()]  # type: ignore[attr-defined]
        field.initial = chosen
        # The name of the field is a word that Python keeps for itself.
        self.fields["for"] = field
        hints = {key: f"{each.words}." for key, each in offered.items()}
        self.looks = {"for": Look(label="m", hints=hints)}


def _purpose(label: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        min_length=SHORTEST_PURPOSE,
        max_length=300,
        widget=forms.Textarea,
        error_messages={
            "required": "Write what it is for",
            "min_length": f"Say what it is for in at least {SHORTEST_PURPOSE} characters",
        },
    )


def _format(first: Export.Format, *others: Export.Format) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Kind of file",
        choices=[(each.value, each.label) for each in (first, *others)],
        widget=forms.RadioSelect,
        initial=first,
        error_messages={"required": "Choose a kind of file"},
    )


class ListForm(GovukForm):
    """The columns of a list, what it is for, and as what kind of file."""

    columns = forms.MultipleChoiceField(
        label="Columns",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one column"},
    )
    purpose = _purpose("What is it for?", "It is kept with the export and stands on the file. No child’s name.")
    format = _format(Export.Format.XLSX, Export.Format.CSV)

    looks = {
        "columns": Look(label="m", small=True),
        "purpose": Look(label="m", rows=2, count=300),
        "format": Look(label="m", inline=True),
    }

    def __init__(self, *args: Any, offered: Sequence[Column], recipient: Recipient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        field = self.fields["columns"]
        field.choices = [(column.key, column.heading) for column in offered]  # type: ignore[attr-defined]
        field.required = not recipient.names
        field.help_text = (
            "The name stands before them." if recipient.names else "Each row is a child, without a name or number."
        )

    def clean_purpose(self) -> str:
        return without_address(self.cleaned_data["purpose"])

    def chosen(self) -> list[Column]:
        return [column for column in self.offered if column.key in self.cleaned_data["columns"]]


def _reader() -> forms.CharField:
    return forms.CharField(
        label="Who will read it?",
        help_text="The full name of the person it is handed to, and who they are to the child. It stands on each page.",
        max_length=120,
        error_messages={"required": "Enter the name of the person who will read it"},
    )


class _ForAReader:
    """What is typed stands on the copy, whoever reads it: so it tells nothing of where the child lives."""

    child: Child
    actor: Actor
    cleaned_data: dict[str, Any]

    def clean_reader(self) -> str:
        return self._tells_nothing("reader")

    def clean_purpose(self) -> str:
        return self._tells_nothing("purpose")

    def _tells_nothing(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if tells := found_in([text], self.child, self.actor):
            raise ValidationError(f"This tells {listed(tells)} and would stand on the copy. Leave it out")
        return text


class CopyForm(_ForAReader, GovukForm):
    """Who will read the copy, why, and which sections it holds."""

    reader = _reader()
    sections = forms.MultipleChoiceField(
        label="What goes into it?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one part of the record"},
    )
    purpose = _purpose("Why do they need it?", "It stands on the copy. Not where the child lives.")
    format = _format(Export.Format.PDF, Export.Format.HTML)

    looks = {
        "reader": Look(label="m", width="two-thirds", spellcheck=False),
        "sections": Look(label="m", small=True),
        "purpose": Look(label="m", rows=2, count=300),
        "format": Look(label="m", inline=True),
    }

    def __init__(self, *args: Any, offered: Sequence[Any], child: Child, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered, self.child, self.actor = offered, child, actor
        choices = [(section.value, title_of(section)) for section in offered]
        self.fields["sections"].choices = choices  # type: ignore[attr-defined]
        self.fields["sections"].initial = [value for value, _ in choices]

    def chosen(self) -> list[Any]:
        return [section for section in self.offered if section.value in self.cleaned_data["sections"]]


class PlanCopyForm(_ForAReader, GovukForm):
    """Who will read the plan, how much of it they get, and why."""

    reader = _reader()
    holds = forms.ChoiceField(
        label="How much of the plan?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much of the plan it holds"},
    )
    purpose = _purpose("Why do they need it?", "It stands on the copy. Not where the child lives.")
    format = _format(Export.Format.PDF, Export.Format.DOCX)

    looks = {
        "reader": Look(label="m", width="two-thirds", spellcheck=False),
        "holds": Look(label="m"),
        "purpose": Look(label="m", rows=2, count=300),
        "format": Look(label="m", inline=True),
    }

    def __init__(self, *args: Any, offered: Sequence[Holds], child: Child, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.child, self.actor = child, actor
        self.fields["holds"].choices = [(each.value, each.label) for each in offered]  # type: ignore[attr-defined]
        self.fields["holds"].initial = offered[0]


class WholeForm(GovukForm):
    """Why the whole record is taken out."""

    purpose = _purpose("What is it for?", "Such as a move to another system. It is kept with the export.")
    looks = {"purpose": Look(label="m", rows=2, count=300)}

    def clean_purpose(self) -> str:
        return without_address(self.cleaned_data["purpose"])


class CheckForm(GovukForm):
    """What the second person decides."""

    agrees = forms.ChoiceField(
        label="May this leave?",
        choices=[("yes", "Yes, all of it"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether this may leave"},
    )
    looks = {
        "agrees": Look(
            label="m",
            hints={
                "yes": "You have read it, and nothing in it tells this reader what they must not know",
                "no": "The file is deleted. Tell whoever made it why",
            },
        )
    }

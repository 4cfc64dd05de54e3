"""Putting an entry right: its own fields and why; and taking one out."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models

from onroll.access.actors import Actor
from onroll.codes import (
    CATEGORY_OF_NEED,
    LEGAL_STATUS,
    REASON_CEASED,
    REVIEW_PARTICIPATION,
    SDQ_REASON,
    SEN_NEED,
    SEN_PROVISION,
)
from onroll.design.forms import GovukDateField, GovukForm, Look

from ..actions.entries import kind_of
from ..models import CharacteristicSpell, SDQScore, SENNeed, SENProvision
from ..records import ChildRecord
from .parts import SchoolForm, authorities

# Corrections reach back to codes that are no longer given.
_CODES = {
    "legal_status": LEGAL_STATUS,
    "category_of_need": CATEGORY_OF_NEED,
    "reason_ceased": REASON_CEASED,
    "participation": REVIEW_PARTICIPATION,
}
_VALUES: dict[type[ChildRecord], Any] = {SENProvision: SEN_PROVISION, SENNeed: SEN_NEED}
_LABELS = {
    "start": "First day",
    "end": "First day after",
    "on": "Day",
    "hours_per_week": "Hours a week",
    "full_time_hours": "Full time there, hours a week",
    "leaving_reason": "Why it ended",
    "kind": "What kind of place it is",
    "value": "What it says",
    "held": "Was it held?",
}
_LOOKS = {
    "hours_per_week": Look(width=3, suffix="hours"),
    "full_time_hours": Look(width=3, suffix="hours"),
    "score": Look(width=2),
}
_DAYS = {"start": "the day it began", "end": "the day it ended"}


class CorrectForm(SchoolForm):
    """The fields of one entry, as they are, and what was wrong. A school is chosen by words."""

    wrong = forms.CharField(
        label="What was wrong?", max_length=200, error_messages={"required": "Enter what was wrong"}
    )

    school_must = False
    looks = {**SchoolForm.looks, **_LOOKS}

    def __init__(self, *args: Any, entry: ChildRecord, actor: Actor, **kwargs: Any) -> None:
        self.entry, self.actor = entry, actor
        names = kind_of(entry).fields
        initial: dict[str, Any] = {name: self._shown(getattr(entry, name)) for name in names if name != "school"}
        fields = {name: self._field(name) for name in names if name != "school"}
        if "school" in names:
            initial |= self.starting_with(getattr(entry, "school", None))
            fields = {name: self.base_fields[name] for name in ("school_words", "school", "school_shown")} | fields
        self.base_fields = {**fields, "wrong": self.base_fields["wrong"]}
        super().__init__(*args, actor=actor, initial=initial, **kwargs)

    @staticmethod
    def _shown(value: Any) -> Any:
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value.normalize() if isinstance(value, Decimal) else value

    def _field(self, name: str) -> forms.Field:
        """A form field for a stored one, in the words of the model."""
        column: Any = self.entry._meta.get_field(name)
        label = _LABELS.get(name, str(column.verbose_name))
        label = label[:1].upper() + label[1:]
        required = not column.blank and not column.null
        if isinstance(column, models.DateField):
            return GovukDateField(label=label, asks=_DAYS.get(name, ""), required=required)
        choices = self._choices(name, column)
        if choices is not None:
            options = choices if required else [("", "None"), *choices]
            return forms.ChoiceField(label=label, choices=options, required=required)
        if isinstance(column, models.BooleanField):
            return forms.ChoiceField(label=label, choices=[("yes", "Yes"), ("no", "No")])
        if isinstance(column, models.DecimalField):
            return forms.DecimalField(
                label=label, required=required, max_digits=column.max_digits, decimal_places=column.decimal_places
            )
        if isinstance(column, models.PositiveSmallIntegerField):
            return forms.IntegerField(label=label, required=required, min_value=0)
        return forms.CharField(label=label, required=required, max_length=column.max_length)

    def _choices(self, name: str, column: Any) -> list[tuple[str, str]] | None:
        if column.choices:
            return list(column.choices)
        if name in ("la_code", "other_authority"):
            return [each for each in authorities(self.actor) if each[0]]
        if name == "value" and isinstance(self.entry, CharacteristicSpell):
            return [("yes", "Yes"), ("no", "No")]
        codes: Any = _VALUES.get(type(self.entry)) if name == "value" else _CODES.get(name)
        if name == "reason" and isinstance(self.entry, SDQScore):
            codes = SDQ_REASON
        return codes.choices() if codes is not None else None

    def clean(self) -> dict[str, Any]:
        return super().clean() if "school_words" in self.fields else self.cleaned_data

    def values(self) -> dict[str, Any]:
        """What the entry is to say, by its stored fields."""
        said: dict[str, Any] = {}
        for name in kind_of(self.entry).fields:
            if name == "school":
                said[name] = self.chosen_school
            elif isinstance(self.entry._meta.get_field(name), models.BooleanField):
                said[name] = self.cleaned_data[name] == "yes"
            else:
                said[name] = self.cleaned_data[name]
        return said


class RemoveForm(GovukForm):
    reason = forms.CharField(label="Why is this entry wrong?", max_length=200)

    looks = {"reason": Look(label="m")}

"""The choices that narrow the history of a record."""

from typing import Any

from django import forms

from .history import Choices


class HistoryFilterForm(forms.Form):
    """Who acted, and on which part of the record. Sent in the address: fixed choices, and no name among them."""

    by = forms.ChoiceField(label="Person", required=False)
    part = forms.ChoiceField(label="Part", required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [("", "Everyone"), *choices.people]  # type: ignore[attr-defined]
        self.fields["part"].choices = [("", "Every part"), *choices.parts]  # type: ignore[attr-defined]

"""The sealed register."""

from typing import Any

from django import forms

from onroll.access.custodians import LEAST_PASSPHRASE
from onroll.design.forms import GovukForm, Look

from ..guard_models import SealedOpening


def _passphrase(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}), **more
    )


class CustodianForm(GovukForm):
    passphrase = _passphrase(
        "Your passphrase",
        min_length=LEAST_PASSPHRASE,
        help_text=f"{LEAST_PASSPHRASE} characters or more. Onroll does not keep it: you must",
    )
    again = _passphrase("The same again")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("passphrase") and data.get("again") and data["passphrase"] != data["again"]:
            self.add_error("again", "The two are not the same")
        return data


class SealForm(GovukForm):
    closed_number = forms.CharField(label="Number of the closed record", max_length=20)
    new_number = forms.CharField(label="Number of the new record", max_length=20)

    looks = {
        "closed_number": Look(width=10, autocomplete="off", spellcheck=False),
        "new_number": Look(width=10, autocomplete="off", spellcheck=False),
    }


class UnsealForm(GovukForm):
    """Both custodians sit before this form."""

    number = forms.CharField(label="Number of one of the two records", max_length=20)
    why = forms.ChoiceField(
        label="What is the lawful reason?",
        choices=SealedOpening.Why.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the lawful reason"},
    )
    reason = forms.CharField(
        label="The reason in words",
        max_length=1000,
        min_length=20,
        widget=forms.Textarea,
        help_text="20 characters or more",
    )
    passphrase = _passphrase("Your passphrase")
    other_passphrase = _passphrase("The passphrase of the other custodian")

    looks = {"number": Look(width=10, autocomplete="off", spellcheck=False), "reason": Look(rows=3)}

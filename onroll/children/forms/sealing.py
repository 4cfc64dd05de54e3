"""The sealed register."""

from typing import Any

from django import forms

from onroll.access.custodians import LEAST_PASSPHRASE, custodians, waiting
from onroll.access.models import Account
from onroll.design.forms import GovukForm, Look

from ..guard_models import ClosedNames, SealedOpening
from .leaks import without_address


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


class HandOverForm(GovukForm):
    """Who leaves, who follows, and the word of both custodians: of the one who leaves, printed words will do."""

    leaving = forms.ChoiceField(
        label="Who leaves?", widget=forms.RadioSelect, error_messages={"required": "Choose who leaves"}
    )
    to = forms.ChoiceField(
        label="Who follows?", widget=forms.RadioSelect, error_messages={"required": "Choose who follows"}
    )
    secret = _passphrase(
        "Passphrase of the custodian who leaves", help_text="Or the words on the paper that was put in the safe"
    )
    other_passphrase = _passphrase("Passphrase of the custodian who stays")

    def __init__(self, *args: Any, authority: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, held in (("leaving", custodians(authority)), ("to", waiting(authority))):
            people = Account.objects.filter(public_id__in=[each.account for each in held])
            field: Any = self.fields[name]
            field.choices = [(str(each.public_id), each.name) for each in people.order_by("family_name", "given_name")]


class CloseNamesForm(GovukForm):
    why = forms.ChoiceField(
        label="Why are they closed?",
        choices=ClosedNames.Why.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why they are closed"},
    )


class SealForm(GovukForm):
    closed_number = forms.CharField(label="Number of the closed record", max_length=20)
    new_number = forms.CharField(label="Number of the new record", max_length=20)

    looks = {
        "closed_number": Look(width=10, autocomplete="off", spellcheck=False),
        "new_number": Look(width=10, autocomplete="off", spellcheck=False),
    }


class UnsealForm(GovukForm):
    """Both custodians sit before this form."""

    number = forms.CharField(
        label="Number of one of the two records",
        max_length=20,
        help_text="The authority’s number of the closed record or of the new one",
    )
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

    def clean_reason(self) -> str:
        return without_address(self.cleaned_data["reason"])

    looks = {"number": Look(width=10, autocomplete="off", spellcheck=False), "reason": Look(rows=3)}

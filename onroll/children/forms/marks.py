"""Who must not know where a child lives or learns."""

from typing import Any

from django import forms

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.design.forms import GovukForm, Look

from ..guard_models import Disclosure
from .guards import people_with_posts
from .parts import NOT_TOLD, SchoolForm


class MarkForm(GovukForm):
    mark = forms.ChoiceField(
        label="Who must not know?",
        choices=NOT_TOLD,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who must not know"},
    )
    reason = forms.CharField(
        label="Why may more people know?",
        max_length=200,
        required=False,
        help_text="Only where the mark becomes less strict",
    )

    looks = {
        "mark": Look(
            label="m",
            hints={
                Disclosure.NOT_TO_NAMED_PEOPLE: "Name them afterwards",
                Disclosure.NOT_TO_NAMED_PLACES: "Name them afterwards",
                Disclosure.ONLY_NAMED_USERS: "You are one. The social worker and their manager know in any case",
                Disclosure.SEALED: "Not even you. Two people have to agree before anyone reads it again",
            },
        )
    }
    mark_optional = False


class NameForm(SchoolForm):
    """A user who may know, or a user, a school or somebody else who must not."""

    how = forms.ChoiceField(
        label="What do you want to say?",
        choices=[
            ("may", "A user of Onroll may know"),
            ("not", "A user of Onroll must not know"),
            ("school", "A school must not know"),
            ("other", "Somebody else must not know"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you want to say"},
    )
    may_know = forms.ChoiceField(label="Who may know?", required=False)
    must_not = forms.ChoiceField(label="Who must not know?", required=False)
    words = forms.CharField(
        label="Who is it?", max_length=200, required=False, help_text="A person or an organisation, by name"
    )

    school_must = False
    # Who is named stands with the mark, for no more readers than the address.
    no_wider = frozenset({"words"})
    field_order = ["how", "may_know", "must_not", "school_words", "school", "school_shown", "words"]
    looks = {
        "how": Look(
            label="m",
            reveals={"may": "may_know", "not": "must_not", "school": "school_words", "other": "words"},
        ),
        "school_words": Look(spellcheck=False, autocomplete="off"),
        "words": Look(autocomplete="off"),
    }
    mark_optional = False

    _ASKED = {"may": "may_know", "not": "must_not", "school": "school_words", "other": "words"}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        for name in ("may_know", "must_not"):
            field: Any = self.fields[name]
            field.choices = [("", "Choose one"), *people_with_posts(actor)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name = self._ASKED.get(data.get("how", ""))
        if name and not data.get(name) and name not in self.errors:
            self.add_error(name, "Choose or enter who")
        return data

    def who(self) -> dict[str, Any]:
        """Who is named, for the action."""
        how, data = self.cleaned_data["how"], self.cleaned_data
        if how == "school":
            return {"knows": False, "school": self.chosen_school}
        if how == "other":
            return {"knows": False, "words": data["words"]}
        key = data["may_know"] if how == "may" else data["must_not"]
        return {"knows": how == "may", "account": Account.objects.get(public_id=key)}


class UnnameForm(GovukForm):
    reason = forms.CharField(label="Why?", max_length=200, error_messages={"required": "Say why"})


class DecideForm(GovukForm):
    agreed = forms.ChoiceField(
        label="Do you agree?",
        choices=[("yes", "Yes, more people may know"), ("no", "No, it stays as it is")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no"},
    )

    looks = {"agreed": Look(label="m")}

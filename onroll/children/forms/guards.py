"""Opening a record in an emergency, reviewing that, and people who must not see a child's record."""

from typing import Any

from django import forms

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.design.forms import GovukDateField, GovukForm, Look
from onroll.people.models import Post

from ..actions.guards import LEAST_REASON
from ..guard_models import MustNotSee, Opening
from .leaks import without_address
from .parts import Choices


class EmergencyForm(GovukForm):
    """Who the child is, exactly, and why the record must be opened now."""

    how = forms.ChoiceField(
        label="What do you know of the child?",
        choices=[
            ("name", "The surname and the date of birth"),
            ("upn", "The UPN"),
            ("number", "The number in the social care system"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you know of the child"},
    )
    family_name = forms.CharField(label="Surname", max_length=100, required=False, help_text="Exactly as recorded")
    birth_date = GovukDateField(label="Date of birth", asks="the date of birth", like="6 5 2014", required=False)
    upn = forms.CharField(label="UPN", max_length=20, required=False)
    child_number = forms.CharField(label="Number in the social care system", max_length=20, required=False)
    why = forms.ChoiceField(
        label="Why do you open the record?",
        choices=Opening.Why.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why you open the record"},
    )
    reason = forms.CharField(
        label="What has happened?",
        max_length=1000,
        widget=forms.Textarea,
        help_text="Whoever reviews the opening reads this",
        error_messages={"required": "Say what has happened"},
    )

    looks = {
        "how": Look(label="m", reveals={"name": ("family_name", "birth_date"), "upn": "upn", "number": "child_number"}),
        "family_name": Look(width=20, autocomplete="off", spellcheck=False),
        "upn": Look(width=20, autocomplete="off", spellcheck=False),
        "child_number": Look(width=10, autocomplete="off", spellcheck=False),
        "why": Look(label="m"),
        "reason": Look(label="m", rows=4, count=1000),
    }
    mark_optional = False

    _NEEDS = {
        "name": (("family_name", "Enter the surname"), ("birth_date", "Enter the date of birth")),
        "upn": (("upn", "Enter the UPN"),),
        "number": (("child_number", "Enter the number in the social care system"),),
    }

    def clean_reason(self) -> str:
        # Nothing is compared with the child's own address: that would confirm a guess before anybody is told.
        return without_address(self.cleaned_data["reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, words in self._NEEDS.get(data.get("how", ""), ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, words)
        if 0 < len(data.get("reason", "").strip()) < LEAST_REASON:
            self.add_error("reason", f"Say what has happened, in {LEAST_REASON} characters or more")
        return data

    def sought(self) -> dict[str, Any]:
        """The words by which the child is looked for: of the one way that was chosen."""
        return {name: self.cleaned_data[name] for name, _ in self._NEEDS[self.cleaned_data["how"]]}


class NoteForm(GovukForm):
    text = forms.CharField(
        label="Your note",
        max_length=4000,
        widget=forms.Textarea,
        help_text="Those who read the safeguarding notes of this child read it",
        error_messages={"required": "Enter the note"},
    )

    looks = {"text": Look(label="m", rows=6, count=4000)}


class ReviewForm(GovukForm):
    """Was the opening right?"""

    review = forms.ChoiceField(
        label="What do you make of it?",
        choices=Opening.Review.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you make of it"},
    )
    words = forms.CharField(label="In words", max_length=2000, required=False, widget=forms.Textarea)

    looks = {
        "review": Look(
            label="m",
            hints={
                Opening.Review.QUESTION: "Say below what there is to ask, and of whom",
                Opening.Review.INCIDENT: "Say below what happened. Information governance is told",
            },
        ),
        "words": Look(rows=4),
    }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("review") in (Opening.Review.QUESTION, Opening.Review.INCIDENT) and not data.get("words"):
            self.add_error("words", "Say what there is to ask, or what happened")
        return data


class TieForm(GovukForm):
    """The person says what ties them to the child."""

    tie = forms.ChoiceField(
        label="What ties you to the child?",
        choices=MustNotSee.Tie.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what ties you to the child"},
    )

    looks = {"tie": Look(label="m")}


class KeepApartForm(GovukForm):
    """Who must not see whom. The child is told by the number alone: the page shows nobody's name."""

    who = forms.ChoiceField(label="Who must not see the record?", error_messages={"required": "Choose the person"})
    child_number = forms.CharField(
        label="The child’s number in the social care system",
        max_length=20,
        help_text="The answer is the same whether or not there is a record with this number",
        error_messages={"required": "Enter the number"},
    )
    tie = forms.ChoiceField(
        label="What ties them?",
        choices=MustNotSee.Tie.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what ties them"},
    )

    looks = {
        "who": Look(label="m"),
        "child_number": Look(label="m", width=10, autocomplete="off"),
        "tie": Look(label="m"),
    }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["who"]
        field.choices = [("", "Choose one"), *people_with_posts(actor)]

    def account(self) -> Account:
        return Account.objects.get(public_id=self.cleaned_data["who"])


def people_with_posts(actor: Actor) -> Choices:
    """Everyone who holds a post in the authority now or later, by name. One query."""
    posts = Post.objects.filter(authority_id=actor.authority).exclude(end__lte=actor.today).select_related("account")
    people = {str(post.account.public_id): post.account for post in posts}
    by_name = sorted(people.items(), key=lambda each: (each[1].family_name, each[1].given_name, each[0]))
    return [(key, account.name) for key, account in by_name]


class ReasonForm(GovukForm):
    reason = forms.CharField(
        label="Why may they see the record again?",
        max_length=200,
        error_messages={"required": "Say why they may see the record again"},
    )

    def clean_reason(self) -> str:
        return without_address(self.cleaned_data["reason"])

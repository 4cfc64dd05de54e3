"""Who works with a child, and word of a move."""

from typing import Any

from django import forms

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.sections import may_write
from onroll.design.forms import GovukDateField, GovukForm, Look
from onroll.people.models import Post

from ..actions.people import ALLOCATED, section_of
from ..models import MoveNotice
from .parts import Choices, SchoolForm


def holders(actor: Actor, roles: tuple[str, ...], *, team: int | None = None) -> list[tuple[str, Choices]]:
    """Who holds a live post in each of these roles, for a select with a heading for each. One query."""
    posts = Post.objects.live(actor.today).filter(authority_id=actor.authority, role__in=roles)
    if team is not None:
        posts = posts.filter(team_id=team)
    found: dict[str, dict[str, str]] = {role: {} for role in roles}
    for post in posts.select_related("account").order_by("account__family_name", "account__given_name"):
        found[post.role][f"{post.role}:{post.account.public_id}"] = post.account.name
    return [(Role(role).label, list(people.items())) for role, people in found.items() if people]


class AllocateForm(GovukForm):
    who = forms.ChoiceField(label="Who works with the child?", error_messages={"required": "Choose who"})
    start = GovukDateField(label="From which day?", asks="the day it begins")
    in_place = forms.ChoiceField(
        label="Who has this role now?",
        choices=[("yes", "Their work ends that day"), ("no", "They stay as well")],
        initial="yes",
        widget=forms.RadioSelect,
        help_text="A child has one social worker at a time",
    )

    looks = {"who": Look(label="m")}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        roles = tuple(role for role in ALLOCATED if may_write(actor, section_of(role)))
        field: Any = self.fields["who"]
        field.choices = [("", "Choose one"), *holders(actor, roles)]

    def allocated(self) -> tuple[Account, str]:
        """The person and the role that were chosen."""
        role, _, public_id = self.cleaned_data["who"].partition(":")
        return Account.objects.get(public_id=public_id), role


class MoveForm(SchoolForm):
    """Two minutes, on a phone: what, when, where to, why."""

    about = forms.ChoiceField(
        label="What is the child moving?",
        choices=MoveNotice.About.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the child is moving"},
    )
    has_happened = forms.ChoiceField(
        label="Has it happened?",
        choices=[("no", "No, it is planned"), ("yes", "Yes")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it has happened"},
    )
    happens_on = GovukDateField(label="On which day?", asks="the day of the move")
    new_home = forms.CharField(
        label="Where will the child live?",
        max_length=400,
        required=False,
        help_text="As far as you know it. Only those who may see the address read this.",
    )
    why = forms.CharField(label="Why?", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    school_must = False
    field_order = ["about", "has_happened", "happens_on", "new_home", "school_words", "school", "school_shown", "why"]
    looks = {
        "about": Look(inline=True),
        "has_happened": Look(inline=True),
        "school_words": Look(spellcheck=False, autocomplete="off"),
        "new_home": Look(autocomplete="off"),
        "why": Look(rows=3),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_words"].label = "Which school next?"

"""Forms about looks: a person and a time, a review, and a matter about a child."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import Resolver404, resolve

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.children.forms.leaks import without_address
from onroll.children.matching import left_by_adoption
from onroll.children.models import Child, Identifiers, Matter
from onroll.design.dates import read_day
from onroll.design.forms import FilterForm, GovukDateField, GovukForm, Look
from onroll.people.models import Post

from .actions import why_not_until
from .models import Alert
from .reading import WAYS, Looked, LooksAt


class LooksFilterForm(FilterForm):
    """Who looked, at which part, in which way, between which days. Fixed choices: they stand in the address."""

    start = forms.CharField(label="From", max_length=20)
    end = forms.CharField(label="To", max_length=20)
    by = forms.ChoiceField(label="Person")
    part = forms.ChoiceField(label="Part of the record")
    way = forms.ChoiceField(label="What they did", choices=[("", "Everything"), *WAYS.items()])

    looks = {"start": Look(width=10, inputmode="numeric"), "end": Look(width=10, inputmode="numeric")}

    def clean_start(self) -> date | None:
        return self._day("start")

    def clean_end(self) -> date | None:
        return self._day("end")

    def _day(self, name: str) -> date | None:
        typed = self.cleaned_data[name].strip()
        found = read_day(typed) if typed else None
        if typed and found is None:
            raise ValidationError("Enter a day like 31/3/2026")
        return found

    def offer(self, looks: LooksAt) -> None:
        """Offer the people and the parts that these days hold."""
        self.fields["by"].choices = [("", "Everyone"), *looks.people]  # type: ignore[attr-defined]
        self.fields["part"].choices = [("", "Every part"), *looks.parts]  # type: ignore[attr-defined]


class ReviewForm(GovukForm):
    """What a reviewer found."""

    state = forms.ChoiceField(
        label="What do you find?",
        choices=[(s.value, s.label) for s in (Alert.State.RIGHT, Alert.State.QUESTION, Alert.State.INCIDENT)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you find"},
    )
    note = forms.CharField(
        label="Why",
        help_text="Do not write a child’s name. Who reads alerts may not be allowed to know it.",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Write why"},
    )

    looks = {
        "state": Look(
            label="m",
            hints={
                "right": "The person had a reason that goes with their work",
                "question": "You have asked the person or their manager, or will",
                "incident": "It goes to your procedure for data incidents. The clock of 72 hours may run",
            },
        ),
        "note": Look(rows=4, count=2000),
    }

    def clean_note(self) -> str:
        return without_address(self.cleaned_data["note"])


class ExposureForm(GovukForm):
    """Whose looks, or at which page, document or export, and from when to when."""

    email = forms.EmailField(
        label="E-mail address of the person",
        help_text="With which they sign in. Leave it empty for everyone who was shown the page below",
        max_length=254,
        required=False,
    )
    address = forms.CharField(
        label="Address of the page, the document or the export",
        help_text="Copy it from the browser. Leave it empty for everything that the person was shown",
        max_length=500,
        required=False,
    )
    start = GovukDateField(label="First day", asks="the first day")
    end = GovukDateField(label="Last day", asks="the last day")

    looks = {
        "email": Look(width="two-thirds", spellcheck=False, autocomplete="off"),
        "address": Look(spellcheck=False, autocomplete="off"),
    }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.looked = Looked()

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if not email:
            return ""
        held = Post.objects.filter(authority=self.actor.authority, account__email__iexact=email)
        account = Account.objects.filter(pk__in=held.values("account")).first()
        if account is None:
            raise ValidationError("Nobody with this address holds or held a post in your authority. Check the spelling")
        self.looked = replace(self.looked, account=account.pk)
        return email

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip()
        if not address:
            return ""
        try:
            page = resolve(urlsplit(address).path)
        except (Resolver404, ValueError):
            raise ValidationError("This is no page of Onroll. Copy the whole address from the browser") from None
        child = None
        if "child" in page.kwargs:
            of_the_authority = Child.unscoped.filter(authority_id=self.actor.authority)
            child = of_the_authority.filter(public_id=page.kwargs["child"]).values_list("pk", flat=True).first()
            if child is None:
                raise ValidationError("No record of your authority is at this address")
        # A document and an export are named in the entries of every page about them.
        names = str(page.kwargs.get("document") or page.kwargs.get("export") or "")
        self.looked = replace(self.looked, route=page.view_name, names=names, child=child)
        return address

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("start"), data.get("end")
        if start and end and end < start:
            self.add_error("end", "The last day must be the first day or later")
        if not self.errors and not data.get("email") and not data.get("address"):
            self.add_error("email", "Enter the e-mail address of a person, or the address of a page")
        return data


class MatterForm(GovukForm):
    """A request, an incident or a review about a child, who is named by a number or reference alone."""

    number = forms.CharField(
        label="The child’s number or reference",
        help_text="The authority’s number, the UPN, the ULN, or the reference from an alert. Exactly as it was given.",
        max_length=40,
        error_messages={"required": "Enter the child’s number or reference"},
    )
    kind = forms.ChoiceField(
        label="What is it?",
        choices=Matter.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    reference = forms.CharField(
        label="Your reference",
        help_text="Of your own case file. No names.",
        max_length=30,
        error_messages={"required": "Enter your reference"},
    )
    reason = forms.CharField(
        label="Why you need to see who looked at this child",
        min_length=20,
        max_length=300,
        widget=forms.Textarea,
        error_messages={
            "required": "Write why you need to see who looked",
            "min_length": "Write at least 20 characters",
        },
    )
    until = GovukDateField(
        label="Last day", help_text="At most three months from today. You can close it earlier.", asks="the last day"
    )

    looks = {
        "number": Look(width=20, spellcheck=False, autocomplete="off"),
        "reference": Look(width=20, autocomplete="off"),
        "reason": Look(rows=3, count=300),
    }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].strip()
        self.child = child_numbered(number, self.actor.authority)
        if self.child is None:
            raise ValidationError("No child of your authority has this number or reference. Check it with who gave it")
        return number

    def clean_reason(self) -> str:
        return without_address(self.cleaned_data["reason"])

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if reason := why_not_until(until, actor=self.actor):
            raise ValidationError(reason)
        return until


def child_numbered(number: str, authority: int) -> Child | None:
    """The authority's child who has exactly this number or reference. One whose record was joined is the other one.

    A record that an adoption closed answers as one that never was.
    """
    upper = number.upper().replace(" ", "")
    numbers = Identifiers.unscoped.filter(authority_id=authority)
    held = numbers.filter(Q(child_number=number) | Q(upn=upper) | Q(uln=upper)).values("child_id")
    found = Child.unscoped.filter(~Q(left_by_adoption()), authority_id=authority).select_related("merged_into")
    try:
        reference = forms.UUIDField().to_python(number)
    except ValidationError:
        reference = None
    child = found.filter(public_id=reference).first() if reference else found.filter(pk__in=held).order_by("pk").first()
    return child.merged_into or child if child else None


def usual_days(today: date) -> tuple[date, date]:
    """The days a page of looks shows when none are chosen: the last ninety."""
    return today - timedelta(days=90), today

"""Who a child is: adding, names, numbers, characteristics, other statuses."""

from typing import Any

from django import forms

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section, may_write
from onroll.codes import ETHNICITY, SEX, UPN_UNKNOWN
from onroll.codes.upn import tidy_upn, why_not_form
from onroll.design.forms import GovukDateField, GovukForm, Look

from ..actions.identity import NAME_EVENTS, NEEDS_A_BASIS, NewStatus, gives_numbers
from ..models import Characteristics, CharacteristicSpell, Child, Status
from .parts import Choices, authorities

_NAMES = ("given_name", "family_name", "known_as")
_NAME_LOOKS = {name: Look(width="two-thirds", spellcheck=False, autocomplete="off") for name in _NAMES}


class AddChildForm(GovukForm):
    """A new record. Why the virtual school holds the child decides what else is asked."""

    given_name = forms.CharField(label="Given names", max_length=100)
    family_name = forms.CharField(label="Family name", max_length=100)
    known_as = forms.CharField(
        label="Known as", max_length=100, required=False, help_text="Only if it differs from the given name"
    )
    birth_date = GovukDateField(label="Date of birth", asks="the date of birth", like="6 5 2014")
    child_number = forms.CharField(
        label="Number in the social care system",
        max_length=20,
        required=False,
        help_text="If you do not know it, the child gets a number of Onroll’s own for now",
    )
    upn = forms.CharField(label="UPN", max_length=20, required=False)
    held_as = forms.ChoiceField(
        label="Why does the virtual school hold this child?",
        choices=[
            (Child.HeldAs.OWN, "Looked after by this authority, now or soon"),
            (Child.HeldAs.OTHER_AUTHORITY, "Looked after by another authority, and lives or learns here"),
            (Child.HeldAs.ENQUIRY, "Not looked after: an enquiry, or a programme"),
        ],
        initial=Child.HeldAs.OWN,
        widget=forms.RadioSelect,
    )
    other_authority = forms.ChoiceField(label="Which authority looks after the child?", required=False)
    notified_on = GovukDateField(label="When were you told?", asks="the day you were told", required=False)
    notified_of = forms.CharField(
        label="What were you told?", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    enquiry = forms.ChoiceField(label="Which kind?", required=False)
    lawful_basis = forms.CharField(
        label="On which lawful basis do you hold this?",
        max_length=200,
        required=False,
        help_text="For example: advice asked for by the special guardian",
    )
    social_worker = forms.ChoiceField(label="Social worker of your team", required=False)

    looks = {
        **_NAME_LOOKS,
        "child_number": Look(width=10, autocomplete="off", spellcheck=False),
        "upn": Look(width=20, autocomplete="off", spellcheck=False),
        "held_as": Look(
            label="m",
            reveals={
                Child.HeldAs.OTHER_AUTHORITY: ("other_authority", "notified_on", "notified_of"),
                Child.HeldAs.ENQUIRY: ("enquiry", "lawful_basis"),
            },
        ),
        "notified_of": Look(rows=3),
    }

    def __init__(self, *args: Any, actor: Actor, workers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        fields: Any = self.fields
        fields["other_authority"].choices = [
            each for each in authorities(actor, none="Choose one") if each[0] != actor.authority_code
        ]
        if not may_write(actor, Section.OTHER_STATUS):
            # Why else a child is held stands in a section of its own.
            fields["held_as"].choices = fields["held_as"].choices[:1]
        kinds = [
            (kind.value, kind.label)
            for kind in Status.Kind
            if kind not in (Status.Kind.OTHER_AUTHORITY, Status.Kind.UASC)
        ]
        fields["enquiry"].choices = [("", "Choose one"), *kinds]
        if not gives_numbers(actor):
            del fields["child_number"]
        if not may_write(actor, Section.NUMBERS):
            del fields["upn"]
        # A team manager sees the children of the team's social workers, so one must be named.
        if actor.role == Role.TEAM_MANAGER:
            fields["social_worker"].choices = [("", "Choose one"), *workers]
            fields["social_worker"].required = True
        else:
            del fields["social_worker"]

    def clean_upn(self) -> str:
        upn = tidy_upn(self.cleaned_data["upn"])
        if upn and why_not_form(upn):
            raise forms.ValidationError(why_not_form(upn))
        return upn

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        held_as = data.get("held_as")
        if held_as == Child.HeldAs.OTHER_AUTHORITY and not data.get("other_authority"):
            self.add_error("other_authority", "Choose the authority that looks after the child")
        if held_as == Child.HeldAs.ENQUIRY and not data.get("enquiry"):
            self.add_error("enquiry", "Choose which kind")
        if held_as == Child.HeldAs.ENQUIRY and data.get("enquiry") in NEEDS_A_BASIS and not data.get("lawful_basis"):
            self.add_error("lawful_basis", "Give the lawful basis on which you hold this")
        return data

    def status(self) -> NewStatus | None:
        """The status that goes with why the child is held."""
        data = self.cleaned_data
        if data["held_as"] == Child.HeldAs.OWN:
            return None
        if data["held_as"] == Child.HeldAs.OTHER_AUTHORITY:
            return NewStatus(
                kind=Status.Kind.OTHER_AUTHORITY,
                start=data["notified_on"] or self.actor.today,
                other_authority=data["other_authority"],
                notified_on=data["notified_on"],
                notified_of=data["notified_of"],
            )
        return NewStatus(kind=data["enquiry"], start=self.actor.today, lawful_basis=data["lawful_basis"])


class CorrectIdentityForm(GovukForm):
    """What was wrong from the start. The given name may be empty: the statutory return brings none."""

    given_name = forms.CharField(label="Given names", max_length=100, required=False)
    family_name = forms.CharField(label="Family name", max_length=100, required=False)
    known_as = forms.CharField(label="Known as", max_length=100, required=False)
    birth_date = GovukDateField(label="Date of birth", asks="the date of birth", like="6 5 2014")
    reason = forms.CharField(
        label="What was wrong?", max_length=200, error_messages={"required": "Enter what was wrong"}
    )

    looks = _NAME_LOOKS

    @classmethod
    def starting_values(cls, child: Child) -> dict[str, Any]:
        return {name: getattr(child, name) for name in ("given_name", "family_name", "known_as", "birth_date")}


class ChangeNameForm(GovukForm):
    """A new name from a day on. The one until then is kept."""

    given_name = forms.CharField(label="Given names", max_length=100)
    family_name = forms.CharField(label="Family name", max_length=100)
    known_as = forms.CharField(label="Known as", max_length=100, required=False)
    on = GovukDateField(label="From which day?", asks="the day of the change")
    event = forms.ChoiceField(
        label="What changed the legal name?",
        choices=[*NAME_EVENTS, ("", "The legal name stays: only “known as” changes")],
        required=False,
        widget=forms.RadioSelect,
        help_text="Before an adoption order the legal name stays. After one, the child has a new record.",
    )

    looks = _NAME_LOOKS

    @classmethod
    def starting_values(cls, child: Child) -> dict[str, Any]:
        return {name: getattr(child, name) for name in ("given_name", "family_name", "known_as")}


class NumbersForm(GovukForm):
    child_number = forms.CharField(label="Number in the social care system", max_length=20)
    upn = forms.CharField(label="UPN", max_length=20, required=False)
    upn_unknown = forms.ChoiceField(
        label="If there is no UPN, why not?", required=False, choices=[("", "There is one"), *UPN_UNKNOWN.choices()]
    )
    former_upn = forms.CharField(label="Former UPN", max_length=20, required=False)
    uln = forms.CharField(label="ULN", max_length=14, required=False, help_text="From the age of 14")

    looks = {
        "child_number": Look(width=10, autocomplete="off", spellcheck=False),
        "upn": Look(width=20, autocomplete="off", spellcheck=False),
        "former_upn": Look(width=20, autocomplete="off", spellcheck=False),
        "uln": Look(width=10, autocomplete="off", inputmode="numeric"),
    }


def _yes_no(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=[("yes", "Yes"), ("no", "No"), ("", "Not known")],
        coerce=lambda word: {"yes": True, "no": False}.get(word),
        empty_value=None,
        widget=forms.RadioSelect,
    )


class CharacteristicsForm(GovukForm):
    """What the statistics ask of a child. Left out: not known. "Not disclosed" is an answer of its own."""

    sex = forms.ChoiceField(label="Sex", required=False, choices=[("", "Not known"), *SEX.choices()])
    ethnicity = forms.ChoiceField(label="Ethnicity", required=False, choices=[("", "Not known"), *ETHNICITY.choices()])
    first_language = forms.CharField(
        label="First language", max_length=60, required=False, help_text=f"Or “{Characteristics.NOT_DISCLOSED}”"
    )
    religion = forms.CharField(
        label="Religion", max_length=60, required=False, help_text=f"Or “{Characteristics.NOT_DISCLOSED}”"
    )
    disability = _yes_no("Has a disability")
    fsm = _yes_no("Free school meals")
    uasc = _yes_no("Unaccompanied asylum-seeking child")
    uasc_until = GovukDateField(label="Until when?", asks="the day this ended", required=False)

    looks = {
        "first_language": Look(width=20),
        "religion": Look(width=20),
        "disability": Look(inline=True),
        "fsm": Look(inline=True),
        "uasc": Look(reveals={"yes": "uasc_until"}),
    }
    mark_optional = False

    @classmethod
    def starting_values(cls, held: Characteristics | None) -> dict[str, Any]:
        words = {True: "yes", False: "no", None: ""}
        if held is None:
            return {}
        plain = ("sex", "ethnicity", "first_language", "religion", "uasc_until")
        return {
            **{name: getattr(held, name) for name in plain},
            **{name: words[getattr(held, name)] for name in ("disability", "fsm", "uasc")},
        }


class CharacteristicFromForm(GovukForm):
    kind = forms.ChoiceField(label="What changed?", choices=CharacteristicSpell.Kind.choices, widget=forms.RadioSelect)
    value = forms.ChoiceField(
        label="Does it apply from then on?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
    )
    start = GovukDateField(label="From which day?", asks="the day it changed")

    looks = {"value": Look(inline=True)}


class StatusForm(GovukForm):
    """Another status that the duty covers."""

    kind = forms.ChoiceField(
        label="Which status?",
        choices=Status.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the status"},
    )
    start = GovukDateField(label="Since when?", asks="the day the status began")
    lawful_basis = forms.CharField(
        label="On which lawful basis do you hold this?",
        max_length=200,
        required=False,
        help_text="Needed for a child in need, a child protection plan and kinship care",
    )
    other_authority = forms.ChoiceField(label="Which authority looks after the child?", required=False)

    looks = {"kind": Look(reveals={Status.Kind.OTHER_AUTHORITY: "other_authority"})}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["other_authority"]
        field.choices = authorities(actor, none="Choose one")

    def status(self) -> NewStatus:
        return NewStatus(**{name: self.cleaned_data[name] for name in self.fields})


class EndForm(GovukForm):
    """The day on which something no longer holds. `asks` is what the day is of."""

    end = GovukDateField(label="From which day does it no longer hold?")

    def __init__(self, *args: Any, label: str = "", asks: str = "the day it ended", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["end"]
        field.asks = asks
        if label:
            field.label = label

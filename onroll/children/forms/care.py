"""Care and home: starting, moving, ending."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import make_aware

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.sections import Section, may_write
from onroll.codes import (
    CATEGORY_OF_NEED,
    LEGAL_STATUS,
    PLACEMENT_PROVIDER,
    PLACEMENT_TYPE,
    REASON_CEASED,
    REASON_PLACEMENT_CHANGE,
)
from onroll.design.forms import GovukDateField, GovukForm, Look

from ..actions.care import Placement
from ..models import Disclosure
from .parts import NOT_TOLD, a_postcode, authorities, chosen
from .people import holders

_ADDRESS = ("address", "postcode", "home_postcode", "disclosure")

_HOME_LOOKS = {
    "address": Look(rows=3, autocomplete="off", spellcheck=False),
    "postcode": Look(width=10, autocomplete="off", spellcheck=False),
    "home_postcode": Look(width=10, autocomplete="off", spellcheck=False),
    "ofsted_urn": Look(width=10, autocomplete="off"),
    "disclosure": Look(label="s"),
}


class HomeForm(GovukForm):
    """The home of an episode. The address is asked only of those who may write it."""

    placement_type = forms.ChoiceField(
        label="What kind of home is it?", error_messages={"required": "Choose what kind of home it is"}
    )
    provider = forms.ChoiceField(
        label="Who provides it?",
        required=False,
        help_text="Not for temporary and other placements",
    )
    ofsted_urn = forms.CharField(label="Ofsted’s number of the home", max_length=10, required=False)
    address = forms.CharField(label="Address", max_length=400, required=False, widget=forms.Textarea)
    postcode = forms.CharField(label="Postcode", max_length=10, required=False)
    la_code = forms.ChoiceField(
        label="Local authority it lies in",
        required=False,
        help_text="Leave it to find it by the postcode",
    )
    home_postcode = forms.CharField(
        label="Postcode of the family home",
        max_length=10,
        required=False,
        help_text="For the distance. Leave it empty to keep the one that is held",
    )
    disclosure = forms.ChoiceField(
        label="Who must not be told where the child lives?",
        choices=NOT_TOLD,
        initial=Disclosure.NOT_TO_FAMILY,
        widget=forms.RadioSelect,
    )

    looks = _HOME_LOOKS

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        fields: Any = self.fields
        fields["placement_type"].choices = chosen(PLACEMENT_TYPE, actor.today)
        fields["provider"].choices = chosen(PLACEMENT_PROVIDER, actor.today, none="None")
        fields["la_code"].choices = authorities(actor, none="By the postcode")
        if not may_write(actor, Section.ADDRESS):
            for name in _ADDRESS:
                del self.fields[name]

    def clean_postcode(self) -> str:
        return a_postcode(self.cleaned_data["postcode"])

    def clean_home_postcode(self) -> str:
        return a_postcode(self.cleaned_data["home_postcode"])

    def placement(self) -> Placement:
        names = ("placement_type", "provider", "ofsted_urn", "la_code", *_ADDRESS)
        return Placement(**{name: self.cleaned_data[name] for name in names if name in self.fields})


class StartCareForm(HomeForm):
    start = GovukDateField(label="When did care start?", asks="the day care started")
    legal_status = forms.ChoiceField(label="Legal status")
    category_of_need = forms.ChoiceField(label="Main reason for coming into care")

    field_order = ["start", "legal_status", "category_of_need"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        fields: Any = self.fields
        fields["legal_status"].choices = chosen(LEGAL_STATUS, actor.today)
        fields["category_of_need"].choices = chosen(CATEGORY_OF_NEED, actor.today)


class LegalStatusForm(GovukForm):
    on = GovukDateField(label="When did it change?", asks="the day it changed")
    legal_status = forms.ChoiceField(label="New legal status")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["legal_status"]
        field.choices = chosen(LEGAL_STATUS, actor.today)


class MoveHomeForm(HomeForm):
    on = GovukDateField(label="When did the child move?", asks="the day of the move")
    same_carer = forms.ChoiceField(
        label="Do the carers stay the same?",
        choices=[("no", "No"), ("yes", "Yes, they moved together")],
        initial="no",
        widget=forms.RadioSelect,
    )
    reason_place_change = forms.ChoiceField(
        label="Why did the home change?", required=False, help_text="Not for temporary stays"
    )
    legal_status = forms.ChoiceField(label="Legal status from then on", required=False)
    carer = forms.ChoiceField(
        label="Who cares for the child there?",
        required=False,
        help_text="Of those who have a sign-in as a carer. They see the record from the day of the move",
    )
    emergency = forms.ChoiceField(
        label="Did the home before end in an emergency?",
        choices=[("no", "No"), ("yes", "Yes, at a time that counts")],
        initial="no",
        required=False,
        widget=forms.RadioSelect,
        help_text="The carers there see the record up to that minute, and not after it",
    )
    ended_at_time = forms.TimeField(
        label="At what time?",
        required=False,
        input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p", "%I:%M %p", "%I %p"],
        help_text="For example, 14:30 or 2.30pm",
        error_messages={"invalid": "Enter a time, like 14:30 or 2.30pm"},
    )

    field_order = [
        "on",
        "emergency",
        "ended_at_time",
        "same_carer",
        "carer",
        "reason_place_change",
        "legal_status",
        "placement_type",
        "provider",
        "ofsted_urn",
    ]
    looks = {
        **_HOME_LOOKS,
        "same_carer": Look(inline=True),
        "emergency": Look(reveals={"yes": "ended_at_time"}),
        "ended_at_time": Look(width=5, autocomplete="off"),
    }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        fields: Any = self.fields
        fields["reason_place_change"].choices = chosen(REASON_PLACEMENT_CHANGE, actor.today)
        fields["legal_status"].choices = chosen(LEGAL_STATUS, actor.today, none="It stays as it is")
        if may_write(actor, Section.CARER):
            carers = [each for _, people in holders(actor, (Role.CARER,)) for each in people]
            fields["carer"].choices = [("", "Nobody who signs in, or not known yet"), *carers]
        else:
            del self.fields["carer"]

    def new_carer(self) -> Account | None:
        """Who is allocated as the carer from the day of the move on."""
        _, _, public_id = self.cleaned_data.get("carer", "").partition(":")
        return Account.objects.get(public_id=public_id) if public_id else None

    def ended_at(self) -> datetime | None:
        """The moment at which the home before ended, where it ended in an emergency."""
        data = self.cleaned_data
        if data.get("emergency") != "yes":
            return None
        return make_aware(datetime.combine(data["on"], data["ended_at_time"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("emergency") == "yes" and "ended_at_time" in data and data["ended_at_time"] is None:
            self.add_error("ended_at_time", "Enter the time at which the home ended, like 14:30")
        if data.get("carer") and data.get("same_carer") == "yes":
            self.add_error("carer", "Choose a carer only where the carers change")
        kind = PLACEMENT_TYPE.get(data.get("placement_type", ""))
        if kind is not None and kind.provider_required and not data.get("provider"):
            self.add_error("provider", "Choose who provides the home")
        return data


class EndCareForm(GovukForm):
    on = GovukDateField(label="When did care end?", asks="the day care ended")
    reason_ceased = forms.ChoiceField(
        label="Why did it end?",
        choices=[("", "Choose one"), *((code.code, code.label) for code in REASON_CEASED if code.leaves_care)],
    )


class RealEndForm(GovukForm):
    """What a person knows of an ending that a return only implied."""

    goes_on = forms.ChoiceField(
        label="Did care end?",
        choices=[("no", "Yes, it ended"), ("yes", "No, the child is still looked after")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether care ended"},
    )
    on = GovukDateField(label="When did it end?", asks="the day care ended", required=False)
    reason_ceased = forms.ChoiceField(
        label="Why did it end?",
        required=False,
        choices=[("", "Choose one"), *((code.code, code.label) for code in REASON_CEASED if code.leaves_care)],
    )

    looks = {"goes_on": Look(reveals={"no": ("on", "reason_ceased")})}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("goes_on") == "yes":
            return {**data, "on": None, "reason_ceased": ""}
        if "on" in data and data["on"] is None:
            self.add_error("on", "Enter the day care ended, like 18 12 2026")
        if not data.get("reason_ceased"):
            self.add_error("reason_ceased", "Choose why care ended")
        return data


class AddressForm(GovukForm):
    """Where the child lives now, and who must not know it."""

    address = forms.CharField(label="Address", max_length=400, required=False, widget=forms.Textarea)
    postcode = forms.CharField(label="Postcode", max_length=10, required=False)
    la_code = forms.ChoiceField(
        label="Local authority it lies in", required=False, help_text="Leave it to find it by the postcode"
    )
    home_postcode = forms.CharField(label="Postcode of the family home", max_length=10, required=False)
    disclosure = forms.ChoiceField(
        label="Who must not be told where the child lives?", choices=NOT_TOLD, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Why may more people know it now?",
        max_length=200,
        required=False,
        help_text="Only where the mark becomes less strict",
    )

    looks = _HOME_LOOKS

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["la_code"]
        field.choices = authorities(actor, none="By the postcode")

    def clean_postcode(self) -> str:
        return a_postcode(self.cleaned_data["postcode"])

    def clean_home_postcode(self) -> str:
        return a_postcode(self.cleaned_data["home_postcode"])

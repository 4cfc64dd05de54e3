"""Cover, cases of partner services, what a young adult agreed to, and telling a setting."""

from datetime import date, timedelta
from typing import Any

from django import forms

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import MAY_GO_ON, PARTNERS, SCHOOL_STAFF
from onroll.access.sections import Section, cell
from onroll.design.forms import GovukDateField, GovukForm, Look
from onroll.schools.models import School

from ..models import Child, RollNotice, SchoolPlace, SettingTold
from ..visibility import reach
from .leaks import without_address
from .people import holders


class CoverForm(GovukForm):
    email = forms.EmailField(
        label="Their e-mail address",
        error_messages={"required": "Enter an e-mail address", "invalid": "Enter an e-mail address like a@example.com"},
        help_text="They must sign in with this address. Tell them yourself: for their privacy we do not say here "
        "whether it is known to Onroll.",
    )
    start = GovukDateField(label="First day", asks="the first day")
    last = GovukDateField(label="Last day", asks="the last day", help_text="Four weeks at most")
    whom = forms.ChoiceField(
        label="Which children?",
        choices=[("all", "All children that my post opens"), ("some", "Only those I choose")],
        initial="all",
        widget=forms.RadioSelect,
    )
    children = forms.MultipleChoiceField(label="Children", required=False, widget=forms.CheckboxSelectMultiple)
    what = forms.ChoiceField(
        label="Which parts of the record?",
        choices=[("all", "All that I see"), ("some", "Only those I choose")],
        initial="all",
        widget=forms.RadioSelect,
    )
    sections = forms.MultipleChoiceField(
        label="Parts of the record",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The child’s name is always among them",
    )
    reason = forms.CharField(label="Why?", max_length=200, required=False, help_text="For example: leave")

    looks = {
        "whom": Look(reveals={"some": "children"}),
        "what": Look(reveals={"some": "sections"}),
        "children": Look(small=True),
        "sections": Look(small=True),
    }
    # More than these are not ticked one by one.
    MOST_CHILDREN = 60

    def clean_reason(self) -> str:
        return without_address(self.cleaned_data["reason"])

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = reach(actor).order_by("family_name", "given_name", "pk")[: self.MOST_CHILDREN + 1]
        self.by_id: dict[str, Child] = {str(child.public_id): child for child in found}
        few = len(self.by_id) <= self.MOST_CHILDREN
        children: Any = self.fields["children"]
        children.choices = [(key, child.name) for key, child in self.by_id.items()] if few else []
        if not few:
            del self.fields["children"], self.fields["whom"]
        # Whom the form names, for the access log.
        self.named = [child.pk for child in found] if few else []
        sections: Any = self.fields["sections"]
        sections.choices = [(s.value, s.title) for s in Section if s is not Section.BASICS and cell(actor, s)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("whom") == "some" and not data.get("children"):
            self.add_error("children", "Choose at least one child")
        if data.get("what") == "some" and not data.get("sections"):
            self.add_error("sections", "Choose at least one part of the record")
        if data.get("last"):
            data["end"] = data["last"] + timedelta(days=1)
        return data

    @property
    def chosen_children(self) -> list[Child] | None:
        data = self.cleaned_data
        return [self.by_id[key] for key in data["children"]] if data.get("whom") == "some" else None


class CaseForm(GovukForm):
    who = forms.ChoiceField(
        label="Which service, and who of it?",
        error_messages={"required": "Choose who"},
        help_text="Those whose post rests on a sharing agreement in force",
    )
    about = forms.CharField(
        label="What is the case?",
        max_length=200,
        help_text="For example: EHC needs assessment, agreed on 3 March",
        error_messages={"required": "Say what the case is"},
    )
    start = GovukDateField(label="From which day?", asks="the day the case opened")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["who"]
        field.choices = [("", "Choose one"), *holders(actor, PARTNERS)]

    def chosen(self) -> tuple[Account, str]:
        role, _, public_id = self.cleaned_data["who"].partition(":")
        return Account.objects.get(public_id=public_id), role


class YoungAdultForm(GovukForm):
    to = forms.ChoiceField(label="Who may go on seeing the record?", error_messages={"required": "Choose who"})
    told = forms.CharField(
        label="How did they tell you?",
        max_length=300,
        help_text="In their own words, if you can: “Yes, my college can see my plan” – said on the phone on 3 March",
        error_messages={"required": "Say how the young adult told you"},
    )
    start = GovukDateField(label="From which day?", asks="the day it begins")

    def __init__(self, *args: Any, actor: Actor, child: Child, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = SchoolPlace.unscoped.filter(child=child, end__isnull=True, school__isnull=False)
        self.schools: dict[str, School] = {
            f"school:{place.school.public_id}": place.school for place in places.select_related("school")
        }
        people = tuple(role for role in MAY_GO_ON if role not in SCHOOL_STAFF)
        field: Any = self.fields["to"]
        field.choices = [
            ("", "Choose one"),
            ("Place of study", [(key, school.name) for key, school in self.schools.items()]),
            *holders(actor, people),
        ]

    def chosen(self) -> dict[str, Any]:
        value = self.cleaned_data["to"]
        if value in self.schools:
            return {"school": self.schools[value]}
        role, _, public_id = value.partition(":")
        return {"account": Account.objects.get(public_id=public_id), "role": role}


class TellForm(GovukForm):
    about = forms.MultipleChoiceField(
        label="What is it about?",
        choices=SettingTold.About.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what the school is told of"},
    )
    text = forms.CharField(
        label="What must the school do?",
        max_length=2000,
        widget=forms.Textarea,
        help_text="Written for the school, which reads this and no more. Not the diagnosis, not the score, not what "
        "happened to the child: what helps, what to avoid, whom to ring.",
        error_messages={"required": "Write what the school must do"},
    )
    to_whom = forms.CharField(
        label="Who was told?",
        max_length=200,
        help_text="Name and role, for example: Marcus Bell, designated teacher, by phone",
        error_messages={"required": "Say who was told"},
    )
    why = forms.CharField(
        label="Why does the school need it?",
        max_length=500,
        error_messages={"required": "Say why the school needs it"},
    )
    told_on = GovukDateField(label="When?", asks="the day the school was told")

    looks = {"text": Look(rows=6, count=2000), "about": Look(small=True)}


class RollNoticeForm(GovukForm):
    """Who of the school was told that the child is on its roll, and when: today at the latest."""

    to = forms.MultipleChoiceField(
        label="Who was told?",
        choices=RollNotice.To.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who was told"},
    )
    told_on = GovukDateField(label="When?", asks="the day they were told")

    looks = {"to": Look(small=True)}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_told_on(self) -> date:
        told_on = self.cleaned_data["told_on"]
        if told_on > self.today:
            raise forms.ValidationError("Enter today or an earlier day")
        return told_on

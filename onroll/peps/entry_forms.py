"""Forms of acts on a plan as a whole: its meeting, its return, its signatures, and what sets it aside."""

from collections.abc import Sequence
from typing import Any

from django import forms

from onroll.access.models import Account
from onroll.children.forms.leaks import without_address
from onroll.design.forms import GovukDateField, GovukForm, Look

from .meeting.people import Names, Part
from .meeting_models import MeetingPerson
from .models import Pep

YES_NO = [("yes", "Yes"), ("no", "No")]


def reason(label: str, hint: str = "") -> forms.CharField:
    """Why, in sentences. It stands in the history with the name of who gave it."""
    return forms.CharField(label=label, max_length=500, help_text=hint, widget=forms.Textarea)


class HeldForm(GovukForm):
    """That the meeting was held, and who came. Of the young person and the virtual school it is asked where neither
    stands among the people of the meeting, since both are counted.
    """

    on = GovukDateField(label="On which day was the meeting?", asks="the day of the meeting", like="17 11 2026")
    came = forms.MultipleChoiceField(label="Who came?", required=False, widget=forms.CheckboxSelectMultiple)
    young_person = forms.ChoiceField(label="Did the young person take part?", choices=YES_NO, widget=forms.RadioSelect)
    virtual_school = forms.ChoiceField(
        label="Was somebody from the virtual school there?", choices=YES_NO, widget=forms.RadioSelect
    )
    outside_lessons = forms.ChoiceField(
        label="Was it out of lesson time?", choices=YES_NO, widget=forms.RadioSelect, required=False
    )
    mode = forms.ChoiceField(label="How did people meet?", choices=Pep.Mode, widget=forms.RadioSelect, required=False)
    next_on = GovukDateField(
        label="When is the next meeting?", asks="the day of the next meeting", like="17 3 2027", required=False
    )

    looks = {name: Look(inline=True) for name in ("young_person", "virtual_school", "outside_lessons")}

    def __init__(self, *args: Any, people: Sequence[MeetingPerson], names: Names, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["came"].choices = [  # type: ignore[attr-defined]
            (str(each.public_id), f"{names.of_person(each)}, {each.get_part_display().lower()}") for each in people
        ]
        parts = {each.part for each in people}
        for name, part in (("young_person", Part.YOUNG_PERSON), ("virtual_school", Part.VIRTUAL_SCHOOL)):
            if part in parts:
                del self.fields[name]
        if not people:
            del self.fields["came"]

    def said(self, name: str) -> bool | None:
        """Yes, no, or not said."""
        return {"yes": True, "no": False}.get(self.cleaned_data.get(name, ""))

    def who_came(self) -> dict[int, str]:
        """Of each of the people whether they came. Who had said that they can't come sent apologies."""
        ticked, kinds = self.cleaned_data.get("came", ()), MeetingPerson.Attendance
        found = {}
        for each in self.people:
            away = kinds.APOLOGIES if each.reply == MeetingPerson.Reply.CANNOT else kinds.ABSENT
            found[each.pk] = (kinds.CAME if str(each.public_id) in ticked else away).value
        return found


class HelpForm(GovukForm):
    """Whether somebody from the virtual school is needed at the meeting, and who goes."""

    asked = forms.ChoiceField(
        label="Does this meeting need somebody from the virtual school?", choices=Pep.Support, widget=forms.RadioSelect
    )
    who = forms.ChoiceField(label="Who goes?", required=False, help_text="Leave it open if nobody is found yet")

    def __init__(self, *args: Any, people: list[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Nobody is found yet"), *((str(person.pk), person.name) for person in people)]
        self.fields["who"].choices = choices  # type: ignore[attr-defined]


class ReturnForm(GovukForm):
    """What has to be put right."""

    reason = reason(
        "What has to be put right before it can be accepted?",
        "A plan is not returned for what the child or another agency did not do",
    )


class SignOffForm(GovukForm):
    """The virtual school's acceptance."""

    without = forms.CharField(
        label="Why can a signature not be had?",
        max_length=500,
        required=False,
        help_text="Only where social care or the school has not signed",
        widget=forms.Textarea,
    )


class SignForm(GovukForm):
    """A signature."""

    agreed = forms.BooleanField(label="I have read the plan and agree to it")
    instead = forms.CharField(
        label="If you sign in place of somebody else, why?", max_length=500, required=False, widget=forms.Textarea
    )


class SubmitForm(GovukForm):
    """Why somebody else than who leads the plan hands it in."""

    instead = forms.CharField(
        label="You hand this in in place of the school. Why?", max_length=500, required=False, widget=forms.Textarea
    )

    def clean_instead(self) -> str:
        return without_address(self.cleaned_data["instead"])


class AmendForm(GovukForm):
    """Why a plan is opened again that was signed off."""

    reason = reason("What has to change in the plan, and why?")


class HoldForm(GovukForm):
    """Why nobody is asked for a plan for a time."""

    reason = reason("Why is the plan put on hold?", "Its date is kept, and nobody is reminded of it")


class TakeUpForm(GovukForm):
    """Nothing to fill in: the plan goes on where it stood."""


class ExemptForm(GovukForm):
    """Why no plan is needed."""

    why = forms.ChoiceField(label="Why is no plan needed?", choices=Pep.Exempt, widget=forms.RadioSelect)
    reason = reason("What happened?")


class MissedForm(GovukForm):
    """Why a plan was not done."""

    reason = reason("Why was it not done?", "It stays not done in the figures of its term")

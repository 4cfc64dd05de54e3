"""Forms around a meeting: when and how, who is asked, their replies, who came, and who does what."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms

from onroll.authorities.calendar import Calendar
from onroll.children.forms.leaks import SENTENCES
from onroll.design.forms import GovukDateField, GovukForm, Look

from ..meeting_models import MeetingPerson, PepAction
from ..models import Pep
from .people import Names, Part, Proposed

# Who can be written into the list by name. Who the carers are is written down nowhere but on their own page.
NAMED_PARTS = [(part.value, part.label) for part in Part if part not in (Part.YOUNG_PERSON, Part.CARER)]
MORE_PEOPLE = 3
# School days that an action has, unless somebody says otherwise.
ACTION_DAYS = 20


def time_like(words: str) -> time | None:
    """A time as people type it: 15:30, 15.30, 3.30pm. None: it is none."""
    typed = words.strip().lower().replace(".", ":").replace(" ", "")
    for shape in ("%H:%M", "%I:%M%p", "%I%p", "%H%M"):
        try:
            return datetime.strptime(typed, shape).time()  # noqa: DTZ007 - a time of day
        except ValueError:
            continue
    return None


class BookForm(GovukForm):
    """When the meeting is, where and how."""

    on = GovukDateField(label="On which day is the meeting?", asks="the day of the meeting", like="17 11 2026")
    time = forms.CharField(
        label="At what time?", max_length=10, required=False, help_text="Like 15:30. Out of lessons if it can be"
    )
    minutes = forms.IntegerField(
        label="How long is it planned for?", min_value=15, max_value=240, required=False, help_text="Up to 240 minutes"
    )
    mode = forms.ChoiceField(label="How do people meet?", choices=Pep.Mode, widget=forms.RadioSelect, required=False)
    place = forms.CharField(
        label="Where?",
        max_length=SENTENCES,
        required=False,
        help_text="Never where the child lives. Calendars leave it out for a child whose whereabouts are protected",
    )

    looks = {"time": Look(width=5), "minutes": Look(width=3, suffix="minutes")}

    def clean_time(self) -> Any:
        typed = self.cleaned_data["time"]
        found = time_like(typed) if typed else None
        if typed and found is None:
            raise forms.ValidationError("Enter the time like 15:30")
        return found

    def clean_minutes(self) -> int:
        return self.cleaned_data["minutes"] or 60


def _name(number: int) -> forms.CharField:
    return forms.CharField(label=f"Somebody else: name {number}", max_length=SENTENCES, required=False)


def _part(number: int) -> forms.ChoiceField:
    label = f"Their part in the meeting, name {number}"
    return forms.ChoiceField(label=label, choices=[("", "Choose"), *NAMED_PARTS], required=False)


def _with_parts(form: forms.Form, given: dict[str, Any]) -> dict[str, Any]:
    """What was typed into the lines for people without an account: each name has its part in the meeting."""
    for number in range(1, MORE_PEOPLE + 1):
        if given.get(f"name_{number}") and not given.get(f"part_{number}"):
            form.add_error(f"part_{number}", "Choose what part they have in the meeting")
    return given


def named_in(form: forms.Form) -> list[tuple[str, str]]:
    """The parts and names that were typed. A part without a name stands for itself."""
    typed = form.cleaned_data
    lines = [(typed.get(f"part_{number}"), typed.get(f"name_{number}")) for number in range(1, MORE_PEOPLE + 1)]
    return [(part, name or "") for part, name in lines if part]


class PeopleForm(GovukForm):
    """Everybody who could be at the meeting: who is in the list is ticked."""

    name_1, part_1 = _name(1), _part(1)
    name_2, part_2 = _name(2), _part(2)
    name_3, part_3 = _name(3), _part(3)
    mark_optional = False

    def __init__(
        self,
        *args: Any,
        listed: Sequence[MeetingPerson],
        proposals: Sequence[Proposed],
        names: Names,
        **kwargs: Any,
    ) -> None:
        self.listed, self.proposals = listed, proposals
        super().__init__(*args, **kwargs)
        choices = [(str(each.public_id), _line(each, names)) for each in listed]
        choices += [(each.key, _line(each, names)) for each in proposals]
        self.fields["people"] = forms.MultipleChoiceField(
            label="Who is asked?",
            choices=choices,
            required=False,
            initial=[str(each.public_id) for each in listed],
            widget=forms.CheckboxSelectMultiple,
            help_text="From the people around the child today. Who has an account is told by e-mail, without a name",
        )
        self.order_fields(["people"])

    def clean(self) -> dict[str, Any]:
        return _with_parts(self, super().clean() or {})

    def chosen(self) -> list[Proposed]:
        return [each for each in self.proposals if each.key in self.cleaned_data["people"]]

    def taken_off(self) -> set[int]:
        return {each.pk for each in self.listed if str(each.public_id) not in self.cleaned_data["people"]}


def _line(person: MeetingPerson | Proposed, names: Names) -> str:
    name, part = names.of_person(person), Part(person.part).label
    return name if name == part else f"{name}, {part.lower()}"


class ReplyForm(GovukForm):
    """Whether somebody comes."""

    reply = forms.ChoiceField(
        label="Can you come to the meeting?",
        choices=[("coming", "Yes"), ("cannot", "No")],
        widget=forms.RadioSelect,
    )
    sent_views = forms.BooleanField(label="The views are sent in writing instead", required=False)

    looks = {"reply": Look(reveals={"cannot": "sent_views"})}


class AttendanceForm(GovukForm):
    """Who came, of those in the list and others; and the next meeting."""

    name_1, part_1 = _name(1), _part(1)
    name_2, part_2 = _name(2), _part(2)
    name_3, part_3 = _name(3), _part(3)
    mark_optional = False

    next_on = GovukDateField(
        label="When is the next meeting?", asks="the day of the next meeting", like="17 3 2027", required=False
    )

    def __init__(self, *args: Any, people: Sequence[MeetingPerson], names: Names, **kwargs: Any) -> None:
        self.people = people
        super().__init__(*args, **kwargs)
        for person in people:
            self.fields[_box(person)] = forms.ChoiceField(
                label=_line(person, names),
                choices=MeetingPerson.Attendance,
                widget=forms.RadioSelect,
                required=False,
                initial=person.attendance,
            )
        self.looks = {_box(person): Look(inline=True, label="s") for person in people}
        self.order_fields([*self.looks, "next_on"])

    def clean(self) -> dict[str, Any]:
        return _with_parts(self, super().clean() or {})

    def said(self) -> dict[int, str]:
        """Of each of the people whether they came."""
        return {each.pk: self.cleaned_data[_box(each)] for each in self.people}


def _box(person: MeetingPerson) -> str:
    return f"came_{person.public_id.hex}"


class TakenOnForm(GovukForm):
    """What somebody does, and by when."""

    what = forms.CharField(
        label="What will be done?",
        max_length=1000,
        widget=forms.Textarea,
        help_text="Only what is no part of a target",
    )
    owner = forms.ChoiceField(label="Who does it?", required=False)
    owner_words = forms.CharField(
        label="Who, if they are not in the list?", max_length=SENTENCES, required=False, help_text="Like “the SENCO”"
    )
    due_on = GovukDateField(label="By when?", asks="the day by which it is done", like="27 11 2026")

    looks = {"what": Look(rows=3)}

    def __init__(self, *args: Any, owners: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Somebody else"), *owners]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("owner") and not given.get("owner_words"):
            self.add_error("owner", "Choose who does it, or write who")
        if given.get("owner") and given.get("owner_words"):
            self.add_error("owner_words", "Choose somebody from the list or write who does it, not both")
        return given


class TakenOnOutcomeForm(GovukForm):
    """Whether an action was done, or why it is dropped."""

    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=[("done", "It is done"), ("dropped", "It is not done any more")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Why not?", max_length=500, required=False, widget=forms.Textarea)

    looks = {"outcome": Look(reveals={"dropped": "reason"}), "reason": Look(rows=3)}


def suggested_day(calendar: Calendar, start: date) -> date | None:
    """By when an action is done unless somebody says otherwise: so many school days after the meeting."""
    after = calendar.school_days(start + timedelta(days=1), start + timedelta(days=120))
    return after[ACTION_DAYS - 1] if len(after) >= ACTION_DAYS else None


def as_typed(action: PepAction) -> dict[str, Any]:
    """An action as its form shows it."""
    return {
        "what": action.what,
        "owner": str(action.owner.public_id) if action.owner else "",
        "owner_words": action.owner_words,
        "due_on": action.due_on,
    }

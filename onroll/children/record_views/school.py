"""Pages about places at schools."""

from typing import Any

from onroll.access.can import Can
from onroll.access.sections import Section
from onroll.design.dates import read_day
from onroll.design.forms import GovukForm
from onroll.design.words import day
from onroll.schools.models import School

from ..actions.school import (
    NewPlace,
    await_place,
    change_hours,
    confirm_place,
    end_place,
    start_place,
)
from ..contradictions import knows_place, places_of, what_a_place_leaves, what_ending_a_place_leaves
from ..forms.school import AwaitForm, EndPlaceForm, HoursForm, StartPlaceForm
from ..holding import place_now, school_now
from ..models import SchoolPlace
from ..who_sees import gained_by_place
from .act import ActPage


class SchoolActPage(ActPage):
    """An act on a child's school places."""

    abstract = True
    section = Section.SCHOOL
    back_to = "profile:school"

    def held(self) -> list[str]:
        return school_now(self.child, self.actor)

    def places(self) -> list[SchoolPlace]:
        return [place for place in places_of([self.child])[self.child.pk] if knows_place(place, self.actor)]


class StartPlacePage(SchoolActPage):
    """Where a place at a school starts."""

    requires = Can.RECORD_CHANGES
    title = "Start a school place"
    button = "Start this place"
    form_class = StartPlaceForm

    def form_options(self) -> dict[str, Any]:
        own = School.objects.filter(pk=self.actor.school).first() if self.actor.school else None
        start = read_day(self.request.GET.get("from", ""))
        return {"actor": self.actor, "initial": {**StartPlaceForm.starting_with(own), "start": start}}

    def leaves(self, form: StartPlaceForm) -> list[str]:
        data = form.cleaned_data
        if self.actor.school is not None:
            # What other schools did is not a school's to read, not even in a warning.
            return []
        left = what_a_place_leaves(
            self.child, form.chosen_school, kind=data["kind"], start=data["start"], among=self.places()
        )
        school = form.chosen_school
        return left + (
            gained_by_place(self.child, school, start=data["start"], today=self.actor.today) if school else []
        )

    def act(self, form: StartPlaceForm) -> str:
        data = form.cleaned_data
        names = ("kind", "start", "hours_per_week", "full_time_hours", "disclosure", "why_this_school")
        place = NewPlace(child=self.child, school=form.chosen_school, **{name: data[name] for name in names})
        start_place(place, actor=self.actor)
        return f"{self.child.first_name} has a place at {form.chosen_school} from {day(data['start'])}."


class OnePlacePage(SchoolActPage):
    """An act on one place."""

    abstract = True

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.place: SchoolPlace = self.one_of_the_child(SchoolPlace, kwargs["place"])

    def held(self) -> list[str]:
        return [place_now(self.place, self.actor)]


class EndPlacePage(OnePlacePage):
    """Where a place ends, and what comes next is asked."""

    requires = Can.RECORD_CHANGES
    title = "End a school place"
    button = "End this place"
    button_kind = "warning"
    form_class = EndPlaceForm

    def blocked(self) -> str:
        return f"This place ended on {day(self.place.end)}." if self.place.end else ""

    def form_options(self) -> dict[str, Any]:
        return {"place": self.place}

    def leaves(self, form: EndPlaceForm) -> list[str]:
        data = form.cleaned_data
        if data.get("then") in ("next", "waits") or self.actor.school is not None:
            # Whether another school comes next is not a school's to read, not even in a missing warning.
            return []
        return what_ending_a_place_leaves(self.child, self.place, end=data["end"], among=self.places())

    def act(self, form: EndPlaceForm) -> str:
        data = form.cleaned_data
        end_place(
            self.place,
            end=data["end"],
            leaving_reason=data["leaving_reason"],
            waits=data.get("then") == "waits",
            why_none=data.get("why_none", ""),
            actor=self.actor,
        )
        what = self.place.school.name if self.place.school else "The wait"
        return f"{what}: ended on {day(data['end'])}."

    def where_next(self, form: EndPlaceForm) -> str:
        if form.cleaned_data.get("then") == "next":
            return f"{self.child_url('children:place_start')}?from={form.cleaned_data['end']:%Y-%m-%d}"
        return super().where_next(form)


class HoursPage(OnePlacePage):
    """Where the hours of a place change."""

    requires = Can.RECORD_CHANGES
    title = "Change hours"
    form_class = HoursForm

    def initial(self) -> dict[str, Any]:
        return {"hours_per_week": self.place.hours_per_week, "full_time_hours": self.place.full_time_hours}

    def act(self, form: HoursForm) -> str:
        change_hours(self.place, **form.cleaned_data, actor=self.actor)
        return "The hours are changed."


class ConfirmPlacePage(OnePlacePage):
    """Where someone who knows says that the child still has this place."""

    requires = Can.RECORD_CHANGES
    title = "Is this still so?"
    button = "Yes, this place still holds"
    form_class = GovukForm

    def held(self) -> list[str]:
        before = f"Last confirmed on {day(self.place.confirmed_on)}." if self.place.confirmed_on else ""
        return [*super().held(), before]

    def act(self, form: GovukForm) -> str:
        confirm_place(self.place, on=self.actor.today, actor=self.actor)
        return f"Confirmed on {day(self.actor.today)}."


class AwaitPage(SchoolActPage):
    """Where a child is recorded as waiting for a place."""

    requires = Can.RECORD_CHANGES
    title = "Waiting for a school place"
    form_class = AwaitForm

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def act(self, form: AwaitForm) -> str:
        data = form.cleaned_data
        await_place(self.child, start=data["start"], school=form.chosen_school, why=data["why"], actor=self.actor)
        return f"{self.child.first_name} waits for a place since {day(data['start'])}."

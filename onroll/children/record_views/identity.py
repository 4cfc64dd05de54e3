"""Pages about who a child is: adding, names, numbers, characteristics, other statuses."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.models import Account
from onroll.access.pages import Page
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.design.words import day
from onroll.history.viewing import listed

from ..actions.identity import (
    add_child,
    change_name,
    correct_identity,
    doubts_about_numbers,
    end_status,
    record_characteristic_from,
    record_characteristics,
    record_numbers,
    record_status,
)
from ..contradictions import Refused
from ..forms.identity import (
    AddChildForm,
    ChangeNameForm,
    CharacteristicFromForm,
    CharacteristicsForm,
    CorrectIdentityForm,
    EndForm,
    NumbersForm,
    StatusForm,
)
from ..forms.leaks import LeakForm, free_texts
from ..forms.people import holders
from ..holding import statuses_now
from ..leaks import what_looks_like_an_address
from ..matching import Match, find_possible_matches
from ..models import Characteristics, Child, Identifiers, Status
from .act import ActPage
from .leaking import note_leak


class AddChildPage(Page):
    """Where a child is added. Records that may be of the same child are shown before the last step."""

    requires = Can.ADD_CHILD
    template_name = "children/add.html"

    def make_form(self, data: Any = None) -> AddChildForm:
        workers = []
        if self.actor.role == Role.TEAM_MANAGER and self.actor.team is not None:
            workers = [
                each for _, group in holders(self.actor, (Role.SOCIAL_WORKER,), team=self.actor.team) for each in group
            ]
        return AddChildForm(data, actor=self.actor, workers=workers)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.make_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        # Nobody knows yet where a new child lives, or who may know: whatever looks like an address is asked about.
        leak = LeakForm(what_looks_like_an_address("\n".join(free_texts(form))), request.POST)
        if not leak.is_settled:
            leak.ask()
            return self.show(form=form, leak=leak)
        matches = self.matches(form)
        shown = ",".join(str(match.child.public_id) for match in matches)
        if matches and request.POST.get("none_of") != shown:
            listed(self.actor, [match.child.pk for match in matches], "children:add")
            return self.show(form=form, matches=matches, none_of=shown, leak=leak if leak.tells else None)
        try:
            child = self.add(form)
            note_leak(leak, child, where="Add a child", actor=self.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        messages.success(request, f"{child.first_name} is added.")
        if not Child.visible_to(self.actor).filter(pk=child.pk).exists():
            return HttpResponseRedirect(reverse("children:roll"))
        return HttpResponseRedirect(reverse("profile:story", args=[child.public_id]))

    def matches(self, form: AddChildForm) -> list[Match]:
        data = form.cleaned_data
        names = ("given_name", "family_name", "known_as", "birth_date", "upn")
        return find_possible_matches(**{name: data.get(name, "") for name in names}, actor=self.actor)

    def add(self, form: AddChildForm) -> Child:
        data = form.cleaned_data
        names = ("given_name", "family_name", "known_as", "birth_date", "child_number", "upn", "held_as")
        return add_child(
            **{name: data.get(name, "") for name in names},
            status=form.status(),
            social_worker=self.social_worker(data.get("social_worker", "")),
            actor=self.actor,
        )

    def social_worker(self, chosen: str) -> Account | None:
        """Who can open the new record: the social worker who adds it, or the one whom the manager names."""
        if self.actor.role == Role.SOCIAL_WORKER:
            return Account.objects.get(pk=self.actor.holder)
        return Account.objects.get(public_id=chosen.partition(":")[2]) if chosen else None


class CorrectIdentityPage(ActPage):
    """Where a name or a date of birth that was wrong from the start is put right."""

    requires = Can.RECORD_CHANGES
    section = Section.BASICS
    title = "Correct name or date of birth"
    form_class = CorrectIdentityForm

    def initial(self) -> dict[str, Any]:
        return CorrectIdentityForm.starting_values(self.child)

    def act(self, form: CorrectIdentityForm) -> str:
        correct_identity(self.child, **form.cleaned_data, actor=self.actor)
        return "The record is corrected."


class ChangeNamePage(ActPage):
    """Where a child's new name is recorded. The one until then is kept."""

    requires = Can.RECORD_CHANGES
    section = Section.BASICS
    title = "Change of name"
    form_class = ChangeNameForm

    def initial(self) -> dict[str, Any]:
        return ChangeNameForm.starting_values(self.child)

    def act(self, form: ChangeNameForm) -> str:
        change_name(self.child, **form.cleaned_data, actor=self.actor)
        return f"The new name holds from {day(form.cleaned_data['on'])}."


class NumbersPage(ActPage):
    """Where the numbers a child is known by are kept."""

    requires = Can.RECORD_CHANGES
    section = Section.NUMBERS
    back_to = "profile:school"
    title = "Numbers"
    form_class = NumbersForm

    def initial(self) -> dict[str, Any]:
        held = Identifiers.of(self.child, self.actor).first()
        names = ("child_number", "upn", "upn_unknown", "former_upn", "uln")
        return {name: getattr(held, name) for name in names} if held else {}

    def leaves(self, form: NumbersForm) -> list[str]:
        data = form.cleaned_data
        return doubts_about_numbers(self.child, upn=data["upn"], former_upn=data["former_upn"], actor=self.actor)

    def act(self, form: NumbersForm) -> str:
        record_numbers(self.child, **form.cleaned_data, actor=self.actor)
        return "The numbers are recorded."


class CharacteristicsPage(ActPage):
    """Where what the statistics ask of a child is kept."""

    requires = Can.RECORD_CHANGES
    section = Section.CHARACTERISTICS
    back_to = "profile:needs"
    title = "Characteristics"
    form_class = CharacteristicsForm

    def initial(self) -> dict[str, Any]:
        return CharacteristicsForm.starting_values(Characteristics.of(self.child, self.actor).first())

    def act(self, form: CharacteristicsForm) -> str:
        record_characteristics(self.child, **form.cleaned_data, actor=self.actor)
        return "The characteristics are recorded."


class CharacteristicFromPage(ActPage):
    """Where a characteristic changes from a day on."""

    requires = Can.RECORD_CHANGES
    section = Section.CHARACTERISTICS
    back_to = "profile:needs"
    title = "A characteristic changed"
    form_class = CharacteristicFromForm

    def act(self, form: CharacteristicFromForm) -> str:
        record_characteristic_from(self.child, **form.cleaned_data, actor=self.actor)
        return "The change is recorded."


class StatusPage(ActPage):
    """Where another status that the duty covers is recorded."""

    requires = Can.RECORD_CHANGES
    section = Section.OTHER_STATUS
    back_to = "profile:home"
    title = "Record another status"
    form_class = StatusForm

    def held(self) -> list[str]:
        return statuses_now(self.child, self.actor)

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def act(self, form: StatusForm) -> str:
        status = record_status(self.child, status=form.status(), actor=self.actor)
        return f"{status.get_kind_display()}: recorded."


class EndStatusPage(ActPage):
    """Where another status ends."""

    requires = Can.RECORD_CHANGES
    section = Section.OTHER_STATUS
    back_to = "profile:home"
    title = "A status ended"
    form_class = EndForm

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.status: Status = self.one_of_the_child(Status, kwargs["status"])

    def held(self) -> list[str]:
        return [f"{self.status.get_kind_display()} since {day(self.status.start)}."]

    def form_options(self) -> dict[str, Any]:
        return {"label": "From which day does it no longer hold?", "asks": "the day it ended"}

    def act(self, form: EndForm) -> str:
        end_status(self.status, end=form.cleaned_data["end"], actor=self.actor)
        return f"{self.status.get_kind_display()}: ended on {day(form.cleaned_data['end'])}."

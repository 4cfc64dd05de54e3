"""Pages about who works with a child, and word of a move."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.access.sections import Section, may_write
from onroll.design.forms import GovukForm
from onroll.design.words import day, lower_first
from onroll.history.viewing import listed

from ..actions.moves import mark_seen, tell_of_a_move
from ..actions.people import allocate, end_allocation, section_of
from ..contradictions import called
from ..forms.identity import EndForm
from ..forms.people import AllocateForm, MoveForm
from ..holding import people_now, school_now
from ..models import Allocation, Child, MoveNotice
from ..moves import in_words, marks_of, moves_to_see
from ..who_sees import gained_by_allocation
from .act import ActPage


class PeopleActPage(ActPage):
    """An act on who works with a child. Whoever hands the child on by it has no link to the record any more."""

    abstract = True
    section = Section.PROFESSIONALS
    back_to = "profile:people"

    def where_next(self, form: Any) -> str:
        if not Child.visible_to(self.actor).filter(pk=self.child.pk).exists():
            return reverse("children:roll")
        return super().where_next(form)


class AllocatePage(PeopleActPage):
    """Where someone is allocated to a child."""

    requires = Can.RECORD_CHANGES
    title = "Allocate someone"
    button = "Allocate"
    form_class = AllocateForm

    def held(self) -> list[str]:
        return people_now(self.child, self.actor)

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor, "initial": {"start": self.actor.today, "in_place": "yes"}}

    def leaves(self, form: AllocateForm) -> list[str]:
        """Whom this lets in: a change that widens who can see the child is shown before it is saved (ACC-6)."""
        account, role = form.allocated()
        return gained_by_allocation(self.child, account, role, start=form.cleaned_data["start"], today=self.actor.today)

    def act(self, form: AllocateForm) -> str:
        account, role = form.allocated()
        data = form.cleaned_data
        allocate(
            self.child,
            account=account,
            role=role,
            start=data["start"],
            in_place=data["in_place"] == "yes",
            actor=self.actor,
        )
        words = lower_first(Allocation(role=role).get_role_display())
        return f"{account.name} is {words} of {called(self.child)} from {day(data['start'])}."


class EndAllocationPage(PeopleActPage):
    """Where someone's work with a child ends."""

    requires = Can.RECORD_CHANGES
    title = "End an allocation"
    button = "End this allocation"
    button_kind = "warning"
    form_class = EndForm

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.allocation: Allocation = self.one_of_the_child(Allocation, kwargs["allocation"])
        if not may_write(self.actor, section_of(self.allocation.role)):
            raise Http404

    def held(self) -> list[str]:
        role = lower_first(self.allocation.get_role_display())
        name = self.allocation.account.name
        return [f"{name} is {role} of {called(self.child)} since {day(self.allocation.start)}."]

    def blocked(self) -> str:
        return f"This allocation ended on {day(self.allocation.end)}." if self.allocation.end else ""

    def form_options(self) -> dict[str, Any]:
        return {
            "label": "From which day is the record closed to them?",
            "asks": "the day the allocation ends",
            "initial": {"end": self.actor.today},
        }

    def act(self, form: EndForm) -> str:
        end_allocation(self.allocation, end=form.cleaned_data["end"], actor=self.actor)
        return f"{self.allocation.account.name}’s allocation ends on {day(form.cleaned_data['end'])}."


class MovePage(ActPage):
    """Where a social worker tells the virtual school that a child is moving home or school."""

    requires = Can.TELL_OF_A_MOVE
    writes = False
    section = Section.BASICS
    also_shows = (Section.SCHOOL,)
    form_class = MoveForm
    title = "Moving home or school"
    button = "Tell the virtual school"

    def heading(self) -> str:
        return f"{self.child.first_name} is moving home or school"

    def held(self) -> list[str]:
        return school_now(self.child, self.actor)

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def act(self, form: MoveForm) -> str:
        data = form.cleaned_data
        tell_of_a_move(
            self.child,
            about=data["about"],
            happens_on=data["happens_on"],
            has_happened=data["has_happened"] == "yes",
            why=data["why"],
            new_home=data["new_home"],
            new_school=form.chosen_school,
            actor=self.actor,
        )
        return "The virtual school has been told."


class MovesPage(Page):
    """Moves that social workers told of and nobody of the virtual school has seen yet."""

    requires = Can.ACT_ON_MANY
    template_name = "children/moves.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        moves = moves_to_see(self.actor)
        listed(self.actor, dict.fromkeys(move.notice.child_id for move in moves), "children:moves")
        return self.show(moves=moves)


class SeeMovePage(ActPage):
    """Where the virtual school says that a notice of a move is seen and taken up."""

    requires = Can.ACT_ON_MANY
    section = Section.SCHOOL
    also_shows = (Section.ADDRESS,)
    back_to = "profile:school"
    title = "Take up this move"
    button = "Seen: I take it up"
    form_class = GovukForm

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.notice: MoveNotice = self.one_of_the_child(MoveNotice, kwargs["notice"])

    def held(self) -> list[str]:
        move = in_words(self.notice, self.actor, marks=marks_of([self.child.pk], self.actor)[self.child.pk])
        return [f"{move.sentence}.", move.where, move.why, f"{move.told}."]

    def blocked(self) -> str:
        return f"It was seen on {day(self.notice.seen_on)}." if self.notice.seen_on else ""

    def act(self, form: GovukForm) -> str:
        mark_seen(self.notice, actor=self.actor)
        return f"Seen. Record in {called(self.child)}’s record what changes."

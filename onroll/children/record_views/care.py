"""Pages about care and home."""

from typing import Any, ClassVar

from django.http import Http404

from onroll.access.can import Can
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read, may_write
from onroll.design.words import day

from ..actions.care import (
    Placement,
    change_legal_status,
    end_care,
    give_real_end,
    move_placement,
    record_address,
    start_care,
    what_would_rest_no_more,
    why_not_know,
)
from ..actions.marks import who_would_know
from ..contradictions import called, open_episodes, what_a_move_leaves, what_ending_care_leaves
from ..disclosure import HOME, named_of
from ..forms.care import AddressForm, EndCareForm, LegalStatusForm, MoveHomeForm, RealEndForm, StartCareForm
from ..holding import address_now, care_now
from ..models import CareEpisode, PlacementAddress, PlacementArea
from ..who_sees import gained_by_allocation, who_loses
from .act import ActPage
from .marks import gains


class CarePage(ActPage):
    """An act on a child's care."""

    abstract = True
    section = Section.CARE
    also_shows: ClassVar[tuple[Section, ...]] = (Section.PLACEMENT,)
    back_to = "profile:home"

    def held(self) -> list[str]:
        return care_now(self.child, self.actor)


class OpenCarePage(CarePage):
    """An act on the care that is open now."""

    abstract = True

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.episodes = open_episodes(self.child)

    def blocked(self) -> str:
        if not self.episodes:
            return f"{self.child.first_name} is not looked after now."
        if len(self.episodes) > 1:
            return f"{len(self.episodes)} care episodes are open. Correct or remove all but one first."
        return ""


class StartCarePage(CarePage):
    """Where a child comes into care."""

    requires = Can.RECORD_CHANGES
    also_writes = (Section.PLACEMENT,)
    title = "Start care"
    button = "Start care"
    form_class = StartCareForm

    def blocked(self) -> str:
        if open_episodes(self.child):
            return f"{self.child.first_name} is looked after already. Record a change of legal status or home instead."
        return ""

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def act(self, form: StartCareForm) -> str:
        data = form.cleaned_data
        start_care(
            self.child,
            start=data["start"],
            legal_status=data["legal_status"],
            category_of_need=data["category_of_need"],
            placement=form.placement(),
            actor=self.actor,
        )
        return f"{self.child.first_name} is looked after since {day(data['start'])}."


class LegalStatusPage(OpenCarePage):
    """Where the legal status changes and the home stays."""

    requires = Can.RECORD_CHANGES
    title = "Change legal status"
    form_class = LegalStatusForm

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def act(self, form: LegalStatusForm) -> str:
        data = form.cleaned_data
        change_legal_status(self.child, on=data["on"], legal_status=data["legal_status"], actor=self.actor)
        return f"The legal status changed on {day(data['on'])}."


class MoveHomePage(OpenCarePage):
    """Where a move of home that has happened is recorded."""

    requires = Can.RECORD_CHANGES
    also_writes = (Section.PLACEMENT,)
    title = "Move home"
    button = "Record this move"
    form_class = MoveHomeForm

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def leaves(self, form: MoveHomeForm) -> list[str]:
        """Also who can see the child no more, and who can from then on: said before it is so (ACC-6)."""
        data, child = form.cleaned_data, self.child
        ending = what_would_rest_no_more(
            child, on=data["on"], placement=form.placement(), same_carer=data["same_carer"] == "yes"
        )
        left = what_a_move_leaves(child, self.episodes[0], placement_type=data["placement_type"])
        left += who_loses(child, ending, self.actor, until=form.ended_at())
        if carer := form.new_carer():
            day = data["on"]
            left += gained_by_allocation(child, carer, Role.CARER, start=day, today=self.actor.today)
        return left

    def act(self, form: MoveHomeForm) -> str:
        data = form.cleaned_data
        move_placement(
            self.child,
            on=data["on"],
            placement=form.placement(),
            reason_place_change=data["reason_place_change"],
            same_carer=data["same_carer"] == "yes",
            legal_status=data["legal_status"],
            carer=form.new_carer(),
            ended_at=form.ended_at(),
            actor=self.actor,
        )
        return f"{self.child.first_name} moved home on {day(data['on'])}."


class EndCarePage(OpenCarePage):
    """Where a child leaves care."""

    requires = Can.RECORD_CHANGES
    title = "End care"
    button = "End care"
    button_kind = "warning"
    form_class = EndCareForm

    def leaves(self, form: EndCareForm) -> list[str]:
        data = form.cleaned_data
        ending = what_would_rest_no_more(self.child, on=data["on"], reason_ceased=data["reason_ceased"])
        left = what_ending_care_leaves(self.child, on=data["on"], reason_ceased=data["reason_ceased"])
        return left + who_loses(self.child, ending, self.actor)

    def act(self, form: EndCareForm) -> str:
        data = form.cleaned_data
        end_care(self.child, on=data["on"], reason_ceased=data["reason_ceased"], actor=self.actor)
        return f"Care ended on {day(data['on'])}."


class RealEndPage(CarePage):
    """Where a person settles an end of care that a return only implied."""

    requires = Can.RECORD_CHANGES
    title = "Did care end?"
    form_class = RealEndForm

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.episode: CareEpisode = self.one_of_the_child(CareEpisode, kwargs["episode"])
        if not self.episode.provisional_end:
            raise Http404

    def held(self) -> list[str]:
        return [
            f"The episode of {day(self.episode.start)} was left out of a later return. "
            f"Until someone says what happened, {called(self.child)} is not on the roll."
        ]

    def act(self, form: RealEndForm) -> str:
        data = form.cleaned_data
        give_real_end(self.episode, on=data["on"], reason_ceased=data["reason_ceased"], actor=self.actor)
        return f"Care ended on {day(data['on'])}." if data["on"] else f"{self.child.first_name}’s care goes on."


class AddressPage(OpenCarePage):
    """Where the child's address and its mark are written."""

    requires = Can.RECORD_CHANGES
    section = Section.ADDRESS
    also_shows = ()
    title = "Where the child lives"
    form_class = AddressForm

    def _may_open(self) -> bool:
        return may_write(self.actor, Section.ADDRESS) and may_read(self.actor, Section.PLACEMENT)

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        held = PlacementAddress.of(self.child, self.actor)
        self.address = held.filter(episode=self.episodes[0]).first() if self.episodes else None

    def held(self) -> list[str]:
        return address_now(self.child, self.actor)

    def blocked(self) -> str:
        return super().blocked() or (why_not_know(self.address, actor=self.actor) if self.address else "")

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def initial(self) -> dict[str, Any]:
        if self.blocked():
            return {}
        address = self.address
        area = PlacementArea.of(self.child, self.actor).filter(episode=self.episodes[0]).first()
        names = ("address", "postcode", "home_postcode", "disclosure")
        shown = {name: getattr(address, name) for name in names} if address else {}
        return {**shown, "la_code": area.la_code if area and area.la_stated else ""}

    def leaves(self, form: AddressForm) -> list[str]:
        """Who would know where the child lives, or who the carers are, by a mark that is less strict (ACC-6)."""
        if self.address is None:
            return []
        self.address.child = self.child
        names = named_of([self.child.pk], HOME, self.actor)[self.child.pk]
        mark = form.cleaned_data["disclosure"]
        return gains(who_would_know(self.address, HOME, mark=mark, names=names, actor=self.actor), self.child)

    def act(self, form: AddressForm) -> str:
        data = form.cleaned_data
        names = ("address", "postcode", "home_postcode", "la_code", "disclosure")
        episode = self.episodes[0]
        episode.child = self.child
        placement = Placement(placement_type="", **{name: data[name] for name in names})
        record_address(episode, placement=placement, reason=data["reason"], actor=self.actor)
        return "The address is recorded."

"""Which acts on a child's record the reader has, for the links at the head of the child's pages."""

from dataclasses import dataclass

from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.sections import Section, may_write

from .actions.sealing import is_custodian
from .models import Child
from .visibility import ADULT, years_before


@dataclass(frozen=True)
class Act:
    """A link to a page of one act."""

    label: str
    url: str


@dataclass(frozen=True)
class _Offer:
    label: str
    route: str
    sections: tuple[Section, ...]
    requires: Can = Can.RECORD_CHANGES
    # What stands in the address behind the child.
    about: tuple[str, ...] = ()


_CARE, _HOME = (Section.CARE,), (Section.CARE, Section.PLACEMENT)

_OFFERS: dict[str, tuple[_Offer, ...]] = {
    "story": (
        _Offer("Moving home or school", "children:move", (), Can.TELL_OF_A_MOVE),
        _Offer("Change of name", "children:name_change", (Section.BASICS,)),
        _Offer("Correct name or date of birth", "children:identity_correct", (Section.BASICS,)),
        _Offer("Put an entry right", "children:entries", ()),
        _Offer("Make a copy for someone", "exports:copy", (), Can.MAKE_A_COPY),
        _Offer("I must not see this record", "children:tie", (), Can.DECLARE_A_TIE),
    ),
    "school": (
        _Offer("Start a school place", "children:place_start", (Section.SCHOOL,)),
        _Offer("Waiting for a place", "children:place_await", (Section.SCHOOL,)),
        _Offer("Who may know", "children:mark", (), Can.SET_MARKS, ("school",)),
        _Offer("Numbers", "children:numbers", (Section.NUMBERS,)),
        _Offer("The school knows", "children:roll_notice", (Section.SCHOOL,), Can.TELL_A_SETTING),
        _Offer("Moving home or school", "children:move", (), Can.TELL_OF_A_MOVE),
    ),
    "needs": (
        _Offer("SEN provision", "children:provision", (Section.SEN,)),
        _Offer("Primary need", "children:need", (Section.SEN,)),
        _Offer("EHC plan", "children:plan_start", (Section.SEN,)),
        _Offer("SDQ score", "children:sdq", (Section.HEALTH,)),
        _Offer("Tell the school", "children:tell", (Section.HEALTH,), Can.TELL_A_SETTING),
        _Offer("Characteristics", "children:characteristics", (Section.CHARACTERISTICS,)),
        _Offer("A characteristic changed", "children:characteristic", (Section.CHARACTERISTICS,)),
    ),
    "people": (
        _Offer("Allocate someone", "children:allocate", (Section.PROFESSIONALS,)),
        _Offer("Open a case with a service", "children:case_open", (Section.PROFESSIONALS,), Can.OPEN_A_CASE),
        _Offer("The young adult’s agreement", "children:young_adult", (Section.PROFESSIONALS,), Can.RECORD_AGREEMENT),
        _Offer("Who can see this child", "children:who_sees", (), Can.SEE_WHO_CAN_SEE),
    ),
}
_OUT_OF_CARE = (_Offer("Start care", "children:care_start", _HOME),)
_IN_CARE = (
    _Offer("Move home", "children:home_move", _HOME),
    _Offer("Change legal status", "children:legal_status", _CARE),
    _Offer("Address", "children:address", (Section.ADDRESS,)),
    _Offer("Who may know", "children:mark", (), Can.SET_MARKS, ("home",)),
    _Offer("End care", "children:care_end", _CARE),
)
_STATUS = _Offer("Another status", "children:status_start", (Section.OTHER_STATUS,))
_CUSTODIANS = _Offer("Close former names", "children:names_close", (Section.BASICS, Section.NUMBERS), Can.KEEP_SEALED)


def acts_on(child: Child, actor: Actor, *, page: str, in_care: bool = True) -> list[Act]:
    """The acts that a page about the child offers to this reader. `page` is its key: story, school, home, ..."""
    offers = _OFFERS.get(page, ())
    if page == "home":
        offers = (*(_IN_CARE if in_care else _OUT_OF_CARE), _STATUS)
    if page == "story" and is_custodian(actor):
        offers = (*offers, _CUSTODIANS)
    if child.birth_date > years_before(actor.today, ADULT):
        offers = tuple(offer for offer in offers if offer.route != "children:young_adult")
    return [
        Act(offer.label, reverse(offer.route, args=[child.public_id, *offer.about]))
        for offer in offers
        if can(actor, offer.requires) and all(may_write(actor, section) for section in offer.sections)
    ]

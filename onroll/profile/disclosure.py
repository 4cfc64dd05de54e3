"""Who may know where a child lives, and what follows from it: the mark on an address, and the words that go with it."""

from onroll.access.actors import Actor
from onroll.access.sections import Section, may_read
from onroll.children.disclosure import may_know_address
from onroll.children.models import Disclosure

_HOME = {
    Disclosure.NOT_TO_FAMILY: "Parents and relatives must not be told where {name} lives.",
    Disclosure.NOT_TO_NAMED_PEOPLE: "Some people must not be told where {name} lives.",
    Disclosure.NOT_TO_NAMED_PLACES: "Some schools or organisations must not be told where {name} lives.",
    Disclosure.ONLY_NAMED_USERS: "Only named people may know where {name} lives.",
}
_SCHOOL = {
    Disclosure.NOT_TO_FAMILY: "Parents and relatives must not be told which school {name} goes to.",
    Disclosure.NOT_TO_NAMED_PEOPLE: "Some people must not be told which school {name} goes to.",
    Disclosure.NOT_TO_NAMED_PLACES: "Some schools or organisations must not be told which school {name} goes to.",
    Disclosure.ONLY_NAMED_USERS: "Only named people may know which school {name} goes to.",
}


def may_know_area(actor: Actor, mark: str) -> bool:
    """Whether the actor may know if a home is in or out of the authority: that tells something of the address."""
    if not may_read(actor, Section.PLACEMENT):
        return False
    return may_know_address(actor, mark) or mark in (Disclosure.ORDINARY, Disclosure.NOT_TO_FAMILY)


def home_instruction(mark: str, name: str) -> str:
    """The sentence that a mark on an address puts before those who may know it. Empty for an ordinary one."""
    return _HOME[Disclosure(mark)].format(name=name) if mark in _HOME else ""


def school_instruction(mark: str, name: str) -> str:
    """The sentence that a mark on a school place puts before those who read the place."""
    return _SCHOOL[Disclosure(mark)].format(name=name) if mark in _SCHOOL else ""

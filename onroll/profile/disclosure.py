"""The words that go with the mark on an address or a school."""

from onroll.children.models import Disclosure

_HOME = {
    Disclosure.NOT_TO_FAMILY: "Parents and relatives must not be told where {name} lives.",
    Disclosure.NOT_TO_NAMED_PEOPLE: "Some people must not be told where {name} lives.",
    Disclosure.NOT_TO_NAMED_PLACES: "Some schools or organisations must not be told where {name} lives.",
    Disclosure.ONLY_NAMED_USERS: "Only named people may know where {name} lives.",
    Disclosure.SEALED: "Where {name} lives is sealed.",
}
_SCHOOL = {
    Disclosure.NOT_TO_FAMILY: "Parents and relatives must not be told which school {name} goes to.",
    Disclosure.NOT_TO_NAMED_PEOPLE: "Some people must not be told which school {name} goes to.",
    Disclosure.NOT_TO_NAMED_PLACES: "Some schools or organisations must not be told which school {name} goes to.",
    Disclosure.ONLY_NAMED_USERS: "Only named people may know which school {name} goes to.",
    Disclosure.SEALED: "Which school {name} goes to is sealed.",
}


def home_instruction(mark: str, name: str) -> str:
    """The sentence that a mark on an address puts before those who may know it. Empty for an ordinary one."""
    return _HOME[Disclosure(mark)].format(name=name) if mark in _HOME else ""


def school_instruction(mark: str, name: str) -> str:
    """The sentence that a mark on a school place puts before those who read the place."""
    return _SCHOOL[Disclosure(mark)].format(name=name) if mark in _SCHOOL else ""

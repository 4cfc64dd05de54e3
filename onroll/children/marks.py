"""The marks on addresses and school places: how strict each is, and what it takes to make one less strict (ADR-1)."""

from collections.abc import Sequence

from .guard_models import Disclosure

STRICTNESS: Sequence[str] = Disclosure.values
# From this mark on, loosening takes a second person.
SECOND_PERSON_FROM = Disclosure.ONLY_NAMED_USERS


def stricter(one: str, other: str) -> str:
    """The stricter of two marks."""
    return max(one, other, key=STRICTNESS.index)


def loosens(held: str, new: str) -> bool:
    return STRICTNESS.index(new) < STRICTNESS.index(held)


def takes_two(held: str, new: str) -> bool:
    """Whether making this mark less strict takes a second person."""
    return loosens(held, new) and STRICTNESS.index(held) >= STRICTNESS.index(SECOND_PERSON_FROM)


def why_not_loosen(held: str, new: str, reason: str) -> str:
    """Why one person can't make a mark less strict by themselves, or without a reason."""
    if not loosens(held, new):
        return ""
    if takes_two(held, new):
        return "A second person has to agree before more people may know. Ask for it under “Who may know”."
    return "" if reason.strip() else "Say why more people may know this now."

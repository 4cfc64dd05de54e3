"""Records that an adoption order closed, and what would tie them to the record of the same child's new life.

A record is closed as soon as it says that care ended by adoption: nobody reaches it on any page. The link to a new
record stands in the sealed register alone (`SealedLink`), which two custodians open together.
"""

from collections.abc import Iterable

from django.db.models import Q

from onroll.access.actors import Actor
from onroll.history.viewing import noted

from .matching import left_by_adoption
from .models import Child, Identifiers

# The act of an entry of the access log that tells of something that would have tied two records.
TIE = "sealed-tie"
NOT_HERE = "This number can’t be used for this record. Ask the school for the number it uses now."


def closed_records(authority: int) -> Iterable[int]:
    """The keys of the authority's closed records."""
    return Child.unscoped.filter(left_by_adoption(), authority_id=authority).values_list("pk", flat=True)


def numbers_of_closed(authority: int) -> set[str]:
    """Every pupil and learner number that a closed record holds.

    Put together here and not by the database: right after a large load PostgreSQL has no statistics, and may then
    compare every number with every child.
    """
    closed = set(closed_records(authority))
    held = Identifiers.unscoped.filter(authority_id=authority).values_list("child_id", "upn", "former_upn", "uln")
    return {number for child, *numbers in held.iterator() if child in closed for number in numbers if number}


def why_not_numbers_of_closed(numbers: Iterable[str], *, actor: Actor) -> str:
    """Why these numbers can't stand in a record: one of them is a closed record's. It is written down, unnamed."""
    given = [number for number in numbers if number]
    if not given:
        return ""
    closed = Identifiers.unscoped.filter(
        Q(upn__in=given) | Q(former_upn__in=given) | Q(uln__in=given),
        authority_id=actor.authority,
        child__in=closed_records(actor.authority),
    )
    if not closed.exists():
        return ""
    noted(actor, TIE, outcome="refused")
    return NOT_HERE

"""Records that an adoption order closed, and what would tie them to the record of the same child's new life.

A record is closed as soon as it says that care ended by adoption: nobody reaches it on any page but one, which shows
it to the two custodians for an hour after they opened the sealed register together. The link to a new record stands in
that register alone (`SealedLink`), and so do the names of a person who had them closed.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from onroll.access.actors import Actor
from onroll.history.viewing import noted

from .matching import left_by_adoption
from .models import Child, ClosedNames, Identifiers, SealedOpening

# The act of an entry of the access log that tells of something that would have tied two records.
TIE = "sealed-tie"
# Of one that tells of an opening of the sealed register, and of someone who asked for a closed record without one.
OPENED, CLOSED = "sealed-opening", "closed-record"
# A difference between sources on what a child is called.
NAME_OF_A_CHILD = r"^child\.\d+\.(given_name|family_name|known_as)$"
NOT_HERE = "This number can’t be used for this record. Ask the school for the number it uses now."


def closed_records(authority: int) -> Iterable[int]:
    """The keys of the authority's closed records."""
    return Child.unscoped.filter(left_by_adoption(), authority_id=authority).values_list("pk", flat=True)


def numbers_of(closed: Collection[object], *, authority: int) -> dict[str, int]:
    """Every pupil and learner number that these records hold, and whose it is. One query.

    Put together here and not by the database: right after a large load PostgreSQL has no statistics, and may then
    compare every number with every child.
    """
    held = Identifiers.unscoped.filter(authority_id=authority).values_list("child_id", "upn", "former_upn", "uln")
    return {number: child for child, *numbers in held.iterator() if child in closed for number in numbers if number}


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


def is_closed(child: Child) -> bool:
    return Child.unscoped.filter(left_by_adoption(), pk=child.pk).exists()


def note_closed(actor: Actor, child: object, route: str) -> None:
    """Write down that someone asked for a record that an adoption closed. Of any other: nothing."""
    if actor.account is None:
        return
    found = Child.unscoped.filter(left_by_adoption(), public_id=child, authority_id=actor.authority).first()
    if found is not None:
        noted(actor, CLOSED, child=found.pk, route=route, outcome="refused")


def names_closed_at(child: Child) -> datetime | None:
    """When the names that this person had before were last closed. None: they were not."""
    held = ClosedNames.unscoped.filter(child=child).order_by("-closed_at")
    return held.values_list("closed_at", flat=True).first()


def with_closed_names(authority: int) -> set[int]:
    """The keys of the children of the authority whose former names are closed."""
    return set(ClosedNames.unscoped.filter(authority_id=authority).values_list("child_id", flat=True))


def opened_record(actor: Actor, opening: UUID, *, now: datetime) -> tuple[SealedOpening, Child] | None:
    """The closed record that this opening shows to its two custodians, while it lives."""
    live = SealedOpening.objects.filter(
        Q(opened_by=actor.account) | Q(opened_with=actor.account),
        public_id=opening,
        authority_id=actor.authority,
        opened_at__lte=now,
        until__gt=now,
    )
    found = live.select_related("opened_by", "opened_with").first()
    if found is None:
        return None
    child = Child.unscoped.filter(left_by_adoption(), public_id=str(found.record), authority_id=actor.authority).first()
    return (found, child) if child is not None else None

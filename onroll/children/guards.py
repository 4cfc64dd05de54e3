"""What stands before any role: a pair of a person and a child who must not meet here, and an emergency opening."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from onroll.access.actors import Actor
from onroll.access.openings import LiveOpening
from onroll.history.viewing import noted

from .guard_models import MustNotSee, Opening
from .matching import left_by_adoption
from .records import holds_on

# The act of an entry of the access log that tells of someone who asked for a record they must not see.
MUST_NOT_SEE = "must-not-see"


def kept_from(actor: Actor) -> Q:
    """The children who are not kept from this person. Stronger than any role, link or emergency opening (AWK-1).

    A record that an adoption closed is kept from everyone (ID-2).
    """
    if actor.account is None:
        return Q()
    pairs = MustNotSee.unscoped.filter(holds_on(actor.today), child=OuterRef("pk"), account_id__in=actor.people)
    return ~Q(Exists(pairs)) & ~Q(left_by_adoption())


def opened_alone(actor: Actor) -> Q:
    """In an emergency opening there is no other child (BG-1)."""
    assert actor.opening is not None
    return Q(pk=actor.opening.child)


def note_attempt(actor: Actor, child: object, route: str) -> None:
    """Write down that someone asked for a record that is kept from them. For a child of no such pair: nothing."""
    if actor.account is None:
        return
    pair = MustNotSee.unscoped.filter(
        holds_on(actor.today), child__public_id=child, account_id=actor.account, authority_id=actor.authority
    ).first()
    if pair is not None:
        noted(actor, MUST_NOT_SEE, child=pair.child_id, route=route, outcome="refused")


def live_opening(actor: Actor, key: int, now: datetime) -> LiveOpening | None:
    """This opening of the actor, in this post, if it lives at this moment."""
    found = (
        Opening.unscoped.filter(
            pk=key, account_id=actor.account, post_id=actor.post, authority_id=actor.authority, until__gt=now
        )
        .select_related("child")
        .first()
    )
    if found is None or not found.lives(now):
        return None
    return LiveOpening(
        id=found.pk,
        public_id=found.public_id,
        reference=found.reference,
        child=found.child_id,
        child_public_id=found.child.public_id,
        until=found.until,
        renewed=found.renewed_at is not None,
    )


def in_reach_of(opening: Opening, actor: Actor) -> bool:
    """Whether an opening still shows its child: not to one from whom the child has been kept since."""
    children = type(opening.child).unscoped
    return children.filter(kept_from(actor), pk=opening.child_id, merged_into__isnull=True).exists()

"""Letting a fact out to the open case of a partner service, and taking it back."""

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read
from onroll.history.changes import change, verb
from onroll.people.models import Post
from onroll.people.posts import actor_for

from ..contradictions import called, refuse_if, why_not_write
from ..disclosure import HOME, mark_lets, names_for
from ..models import PlacementAddress, Release, SDQScore, ServiceCase
from ..releases import FOR_SERVICE, SECTION_OF, address_now, why_not_by_mark
from .saving import keep

verb("release.made", "{actor} let a fact out to a case of a partner service")
verb("release.withdrawn", "{actor} took back what was let out to a partner service")


def what_for(case: ServiceCase) -> Release.What | None:
    """What a case of this service may be given."""
    return FOR_SERVICE.get(Role(case.service))


def why_not_release(case: ServiceCase, *, actor: Actor) -> str:
    """Why nothing can be let out to this case by this person."""
    what = what_for(case)
    if what is None:
        return "Nothing is let out to this service."
    if not can(actor, Can.RELEASE_TO_A_CASE) or not may_read(actor, SECTION_OF[what]):
        return "Your role does not let this out."
    if not case.holds_on(actor.today):
        return "This case is not open today."
    if Release.unscoped.filter(case=case, what=what, end__isnull=True).exists():
        return "It was let out to this case already."
    if what is Release.What.SDQ:
        scores = SDQScore.unscoped.filter(child=case.child, score__isnull=False)
        return "" if scores.exists() else f"No SDQ score of {called(case.child)} is recorded."
    return _why_not_the_address(case, actor=actor) or why_not_write(case.child, actor=actor)


def _why_not_the_address(case: ServiceCase, *, actor: Actor) -> str:
    address = address_now(case.child)
    if address is None:
        return f"No address is recorded for {called(case.child)}."
    names = names_for(case.child_id, HOME, address.disclosure, actor)
    if not mark_lets(actor, address.disclosure, names):
        return "Only named people may know this address."
    post = Post.objects.live(actor.today).filter(
        account_id=case.account_id, authority_id=case.authority_id, role=case.service
    )
    holder = post.select_related("account", "authority", "school").first()
    if holder is None:
        return f"{case.account.name} has no post with an agreement in force."
    return why_not_by_mark(address, actor_for(holder, today=actor.today))


def release(case: ServiceCase, *, why: str, actor: Actor, source: str = "person") -> Release:
    """The person of this case reads the fact, from today until the case is closed."""
    refuse_if(why_not_release(case, actor=actor) or ("" if why.strip() else "Say why the case needs it."))
    what = what_for(case)
    address: PlacementAddress | None = address_now(case.child) if what is Release.What.ADDRESS else None
    keys = {"authority_id": case.authority_id, "child": case.child, "source": source}
    with change("release.made", actor=actor, child=case.child) as this:
        return this.create(
            Release(
                **keys,
                case=case,
                what=what,
                row=address.public_id if address else None,
                why=why.strip(),
                released_by_id=actor.account,
                start=actor.today,
            )
        )


def why_not_withdraw(held: Release, *, actor: Actor) -> str:
    """Why this person can't take it back."""
    if not can(actor, Can.RELEASE_TO_A_CASE) or not may_read(actor, Section.PROFESSIONALS):
        return "Your role does not take this back."
    return "It was taken back already." if held.end is not None else ""


def withdraw(held: Release, *, actor: Actor) -> None:
    """From the next request on the case reads it no more."""
    refuse_if(why_not_withdraw(held, actor=actor))
    with change("release.withdrawn", actor=actor, child=held.child_id) as this:
        held.end = actor.today
        keep(this, held)

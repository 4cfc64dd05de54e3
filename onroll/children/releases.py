"""What was let out to the open case of a partner service: the one way by which a partner reads a fact of P4 (2.6).

An address goes to admissions and the totals of the SDQ to an educational psychologist, to the person of that case and
to no one who stands in for them. The mark on the address is asked each time: what is sealed, or for named users only,
is not read whatever was let out before.
"""

from dataclasses import dataclass, field
from datetime import date

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.roles import Role
from onroll.access.sections import Section

from .disclosure import HOME, mark_lets, names_for
from .guard_models import Disclosure
from .models import Child, PlacementAddress, Release, SDQScore, ServiceCase
from .records import holds_on

# What each service may be given, and the section from which it comes.
FOR_SERVICE = {Role.ADMISSIONS: Release.What.ADDRESS, Role.EP: Release.What.SDQ}
SECTION_OF = {Release.What.ADDRESS: Section.ADDRESS, Release.What.SDQ: Section.HEALTH}
# Behind these marks an address is let out to nobody.
NEVER = (Disclosure.ONLY_NAMED_USERS, Disclosure.SEALED)


@dataclass
class Released:
    """What a case reads, each with the release that lets it: an address and its postcode, and totals by their day."""

    release: Release | None = None
    address: str = ""
    postcode: str = ""
    totals: list[tuple[date, int]] = field(default_factory=list)
    # The address was let out and is not read any more: the child has moved, or the mark is stricter.
    withheld: bool = False


def why_not_by_mark(address: PlacementAddress, actor: Actor) -> str:
    """Why the mark keeps this address from a case of this person, in words that do not tell which mark it is."""
    names = names_for(address.child_id, HOME, address.disclosure, actor)
    kept = address.disclosure in NEVER or not mark_lets(actor, address.disclosure, names)
    return "The mark on this address does not let it out to a service." if kept else ""


def address_now(child: Child) -> PlacementAddress | None:
    """The address where the child lives in the care that is open now."""
    held = PlacementAddress.unscoped.filter(child=child, episode__end__isnull=True)
    return held.exclude(address="", postcode="").order_by("-episode__start", "-pk").first()


def released_to(child: Child, actor: Actor) -> Released:
    """What is let out to this person for their own open case with the child. Four queries at most."""
    if not can(actor, Can.SEE_RELEASED):
        return Released()
    cases = ServiceCase.unscoped.filter(
        holds_on(actor.today), child=child, account_id=actor.account, service=actor.role
    )
    live = Release.unscoped.filter(holds_on(actor.today), case__in=cases, what=FOR_SERVICE[Role(actor.role)])
    release = live.select_related("released_by").order_by("-start", "-pk").first()
    if release is None:
        return Released()
    if release.what == Release.What.SDQ:
        scores = SDQScore.unscoped.filter(child=child, score__isnull=False, start__lte=actor.today)
        return Released(release, totals=[(row.start, row.score) for row in scores.order_by("-start", "-pk")])
    address, let_out = address_now(child), PlacementAddress.unscoped.filter(public_id=release.row, child=child).first()
    if address is None or let_out is None or not _the_same(address, let_out) or why_not_by_mark(address, actor):
        return Released(release, withheld=True)
    return Released(release, address=str(address.address), postcode=str(address.postcode))


def _the_same(one: PlacementAddress, other: PlacementAddress) -> bool:
    """The same home: a change of legal status writes its address anew."""
    return (str(one.address), str(one.postcode)) == (str(other.address), str(other.postcode))

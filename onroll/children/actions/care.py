"""Coming into care, what changes in it, and leaving it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection
from django.utils.timezone import localdate

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.authorities.models import Authority
from onroll.codes import (
    CATEGORY_OF_NEED,
    LEGAL_STATUS,
    PLACEMENT_TYPE,
    REASON_CEASED,
    REASON_PLACEMENT_CHANGE,
)
from onroll.codes.postcodes import tidy_postcode
from onroll.history.changes import ThisChange, change, verb

from ..areas import area_of
from ..contradictions import (
    open_episodes,
    refuse_if,
    why_not_change_care,
    why_not_code,
    why_not_placement,
    why_not_reason_ceased,
    why_not_start_care,
    why_not_write,
)
from ..disclosure import HOME, may_know_address, names_for
from ..marks import stricter, why_not_loosen
from ..models import (
    Allocation,
    CareEpisode,
    Child,
    Disclosure,
    EpisodePlacement,
    PlacementAddress,
    PlacementArea,
    Status,
)
from ..resting import Lived, ending_with_the_home, homes_of
from .people import why_not_allocate
from .saving import keep

verb("care.started", "{actor} recorded that the child came into care")
verb("care.legal_status_changed", "{actor} recorded a change of legal status")
verb("care.moved", "{actor} recorded a move of home")
verb("care.ended", "{actor} recorded that the child left care")
verb("care.end_confirmed", "{actor} gave the real end of an episode")
verb("care.address_recorded", "{actor} recorded where the child lives")

SAME_DAY = "X1"

# Leaving care by one of these orders makes the child one whom the duty goes on covering.
STATUS_AFTER = {"SGO": Status.Kind.SGO, "CAO": Status.Kind.CAO}


@dataclass(frozen=True, kw_only=True)
class Placement:
    """A home, as a person tells of it. `la_code` is the authority it lies in, where that is known."""

    placement_type: str
    provider: str = ""
    ofsted_urn: str = ""
    address: str = ""
    postcode: str = ""
    home_postcode: str = ""
    la_code: str = ""
    disclosure: str = Disclosure.NOT_TO_FAMILY


def start_care(
    child: Child,
    *,
    start: date,
    legal_status: str,
    category_of_need: str,
    placement: Placement,
    actor: Actor,
    source: str = "person",
) -> CareEpisode:
    """The child comes into care: the first episode of a new period. Held for an enquiry until now, they are our own."""
    refuse_if(
        _why_not_write_care(child, placement, actor=actor)
        or why_not_start_care(child, start=start, legal_status=legal_status, actor=actor)
        or why_not_code(category_of_need, CATEGORY_OF_NEED, start, "the category of need")
        or why_not_placement(placement.placement_type, placement.provider, on=start)
    )
    with change("care.started", actor=actor, child=child) as this:
        _lock(child)
        refuse_if(why_not_start_care(child, start=start, legal_status=legal_status, actor=actor))
        if child.held_as == Child.HeldAs.ENQUIRY:
            child.held_as = Child.HeldAs.OWN
            keep(this, child)
        episode = CareEpisode(
            authority_id=child.authority_id,
            child=child,
            start=start,
            legal_status=legal_status,
            category_of_need=category_of_need,
            reason_new="S",
            source=source,
        )
        _begin(episode, placement, this)
    return episode


def change_legal_status(
    child: Child, *, on: date, legal_status: str, actor: Actor, source: str = "person"
) -> CareEpisode:
    """The legal status changes and the home stays: the open episode ends and the next starts the same day."""
    refuse_if(why_not_write(child, Section.CARE, actor=actor))
    episodes = open_episodes(child)
    refuse_if(
        why_not_change_care(child, episodes, on=on, actor=actor)
        or why_not_code(legal_status, LEGAL_STATUS, on, "a legal status")
        or _why_not_same(episodes[0], legal_status)
    )
    before = episodes[0]
    with change("care.legal_status_changed", actor=actor, child=child) as this:
        _one_at_a_time(child, episodes)
        _end(before, on, SAME_DAY, this)
        episode = _next_episode(before, on, reason_new="L", legal_status=legal_status, source=source)
        this.create(episode)
        for held in _of_the_home(before):
            _carry_over(held, episode, this)
    return episode


def _why_not_same(episode: CareEpisode, legal_status: str) -> str:
    if episode.legal_status != legal_status:
        return ""
    return f"The legal status is {LEGAL_STATUS[legal_status].label} already."


def move_placement(
    child: Child,
    *,
    on: date,
    placement: Placement,
    reason_place_change: str = "",
    same_carer: bool = False,
    legal_status: str = "",
    carer: Account | None = None,
    ended_at: datetime | None = None,
    actor: Actor,
    source: str = "person",
) -> CareEpisode:
    """The child moves home: the open episode ends and the next starts the same day.

    A legal status that changes on the same day goes with it. Temporary stays carry no reason for the change. What
    rests on the home that ends (its carers' allocations) ends that day, or at the moment `ended_at` of it; `carer` is
    allocated from that day on.
    """
    refuse_if(_why_not_write_care(child, placement, actor=actor))
    episodes = open_episodes(child)
    refuse_if(
        why_not_change_care(child, episodes, on=on, actor=actor)
        or why_not_placement(placement.placement_type, placement.provider, on=on)
        or ("" if ended_at is None or localdate(ended_at) == on else "The time must be on the day of the move.")
        or (_why_not_carer(child, carer, on=on, actor=actor) if carer else "")
    )
    before = episodes[0]
    placement = replace(placement, disclosure=_mark_of_the_next_home(before, placement.disclosure))
    temporary = _is_temporary(before) or PLACEMENT_TYPE[placement.placement_type].is_temporary
    new_status = legal_status if legal_status != before.legal_status else ""
    if new_status:
        refuse_if(why_not_code(new_status, LEGAL_STATUS, on, "a legal status"))
    if temporary:
        reason_place_change = ""
    else:
        refuse_if(why_not_code(reason_place_change, REASON_PLACEMENT_CHANGE, on, "why the placement changed"))
    with change("care.moved", actor=actor, child=child) as this:
        _one_at_a_time(child, episodes)
        before.reason_place_change = reason_place_change
        _end(before, on, SAME_DAY, this)
        episode = _next_episode(
            before,
            on,
            reason_new=("U" if same_carer else "B") if new_status else ("T" if same_carer else "P"),
            legal_status=new_status or before.legal_status,
            source=source,
        )
        if not placement.home_postcode and hasattr(before, "address"):
            # The family's home stays where it was, and the distance is from there.
            placement = replace(placement, home_postcode=str(before.address.home_postcode))
        _begin(episode, placement, this)
        _end_what_rests_on_the_home(child, on, this, ended_at=ended_at)
        if carer is not None:
            keys = {"authority_id": child.authority_id, "child": child, "source": source}
            this.create(Allocation(**keys, account=carer, role=Role.CARER, start=on))
    return episode


def _why_not_carer(child: Child, carer: Account, *, on: date, actor: Actor) -> str:
    reasons = why_not_allocate([child], account=carer, role=Role.CARER, start=on, in_place=False, actor=actor)
    return reasons.get(child.pk, "")


def what_would_rest_no_more(
    child: Child, *, on: date, placement: Placement | None = None, same_carer: bool = False, reason_ceased: str = ""
) -> list[Allocation]:
    """The allocations that would end with the home, if the child moved to this one on the day, or left care."""
    homes = homes_of(child)
    if placement is None:
        homes = [replace(each, end=on, reason_ceased=reason_ceased) if each.end is None else each for each in homes]
    else:
        why = "T" if same_carer else "P"
        homes.append(Lived(on, None, why, "", placement.placement_type, placement.ofsted_urn, placement.postcode))
    return [row for row, _ in ending_with_the_home({child.pk: homes}, on={child.pk: [on]})]


def _end_what_rests_on_the_home(child: Child, on: date, this: ThisChange, *, ended_at: datetime | None = None) -> None:
    for allocation, end in ending_with_the_home({child.pk: homes_of(child)}, on={child.pk: [on]}):
        allocation.end, allocation.ended_at = end, ended_at
        keep(this, allocation)


def _is_temporary(episode: CareEpisode) -> bool:
    held = PLACEMENT_TYPE.get(episode.placement.placement_type) if hasattr(episode, "placement") else None
    return held is not None and held.is_temporary


def end_care(child: Child, *, on: date, reason_ceased: str, actor: Actor) -> CareEpisode:
    """The child leaves care. After a special guardianship or child arrangements order that is recorded as a status."""
    refuse_if(why_not_write(child, Section.CARE, actor=actor))
    episodes = open_episodes(child)
    refuse_if(why_not_change_care(child, episodes, on=on, actor=actor) or why_not_reason_ceased(reason_ceased))
    episode = episodes[0]
    with change("care.ended", actor=actor, child=child) as this:
        _one_at_a_time(child, episodes)
        _end(episode, on, reason_ceased, this)
        _end_what_rests_on_the_home(child, on, this)
        _record_status_after(episode, on, this)
    return episode


def _record_status_after(episode: CareEpisode, on: date, this: ThisChange) -> None:
    kind = STATUS_AFTER.get(REASON_CEASED[episode.reason_ceased].group)
    if kind is None:
        return
    this.create(
        Status(
            authority_id=episode.authority_id,
            child_id=episode.child_id,
            kind=kind,
            start=on,
            source=episode.source,
        )
    )


def why_not_give_real_end(episode: CareEpisode, *, on: date | None, reason_ceased: str = "", actor: Actor) -> str:
    """Why the provisional end of an episode can't be settled like this. No day: care goes on."""
    reason = why_not_write(episode.child, Section.CARE, actor=actor)
    if reason:
        return reason
    if not episode.provisional_end:
        return "The end of this episode is not provisional. Correct the entry instead."
    later = CareEpisode.unscoped.filter(child_id=episode.child_id, start__gte=episode.start).exclude(pk=episode.pk)
    first = later.order_by("start").values_list("start", flat=True).first()
    if on is None:
        return "A later episode has started. Give the day this one ended." if first else ""
    if on > actor.today:
        return "The day care ended must be today or earlier."
    if on <= episode.start:
        return "The end must be after the start of the episode."
    if first is not None and on > first:
        return "A later episode had started by then."
    return why_not_reason_ceased(reason_ceased)


def give_real_end(episode: CareEpisode, *, on: date | None, reason_ceased: str = "", actor: Actor) -> CareEpisode:
    """A person settles an end that a return only implied: with the day care ended, or with none, as care goes on."""
    refuse_if(why_not_give_real_end(episode, on=on, reason_ceased=reason_ceased, actor=actor))
    with change("care.end_confirmed", actor=actor, child=episode.child) as this:
        episode.provisional_end = False
        # From now on it is a person's word: the same return again does not end it by its silence.
        episode.source = "person"
        _end(episode, on, reason_ceased if on else "", this)
        if on:
            _end_what_rests_on_the_home(episode.child, on, this)
            _record_status_after(episode, on, this)
    return episode


def record_address(episode: CareEpisode, *, placement: Placement, reason: str = "", actor: Actor) -> None:
    """Where the child lives in this episode: the address, who must not know it, and the area that follows from it.

    Making the mark less strict needs a reason.
    """
    child = episode.child
    held = PlacementAddress.unscoped.filter(episode=episode).first()
    refuse_if(
        why_not_write(child, Section.ADDRESS, actor=actor)
        or (why_not_know(held, actor=actor) if held else "")
        or (why_not_loosen(held.disclosure, placement.disclosure, reason) if held else "")
    )
    kind = EpisodePlacement.unscoped.filter(episode=episode).first()
    kind = kind or EpisodePlacement(episode=episode, authority_id=child.authority_id, child=child)
    with change("care.address_recorded", actor=actor, child=child, reason=reason) as this:
        _record_home(episode, kind, placement, this)


def why_not_know(address: PlacementAddress, *, actor: Actor) -> str:
    """Why the actor may not read or change this address, whose mark keeps it to named people."""
    names = names_for(address.child_id, HOME, address.disclosure, actor)
    known = may_know_address(actor, address.disclosure, names)
    return "" if known else "Only named people may know this address."


def _mark_of_the_next_home(before: CareEpisode, asked: str) -> str:
    """A move takes the mark along, or a stricter one. Making it less strict is an act of its own, with a reason."""
    held = before.address.disclosure if hasattr(before, "address") else asked
    return stricter(held, asked)


# Writing an episode


def _lock(child: Child) -> None:
    """Let whoever changes this child's care next wait until this change is done. SQLite has one writer anyway."""
    if connection.features.has_select_for_update:
        Child.unscoped.select_for_update().get(pk=child.pk)


def _one_at_a_time(child: Child, episodes: Sequence[CareEpisode]) -> None:
    """Refuse when someone else changed the child's care after these open episodes were read."""
    _lock(child)
    held = [(episode.pk, episode.start) for episode in open_episodes(child)]
    if held != [(episode.pk, episode.start) for episode in episodes]:
        refuse_if("Someone else changed this child’s care a moment ago. Look at it again before you go on.")


def _why_not_write_care(child: Child, placement: Placement, *, actor: Actor) -> str:
    sections = [Section.CARE, Section.PLACEMENT]
    if placement.address or placement.postcode or placement.home_postcode:
        sections.append(Section.ADDRESS)
    return why_not_write(child, *sections, actor=actor)


def _end(episode: CareEpisode, on: date | None, reason_ceased: str, this: ThisChange) -> None:
    episode.end = on
    episode.reason_ceased = reason_ceased
    keep(this, episode)


def _next_episode(before: CareEpisode, on: date, *, reason_new: str, legal_status: str, source: str) -> CareEpisode:
    """The episode that follows on the same day. The category of need stays for the whole period of care."""
    return CareEpisode(
        authority_id=before.authority_id,
        child_id=before.child_id,
        start=on,
        legal_status=legal_status,
        reason_new=reason_new,
        category_of_need=before.category_of_need,
        source=source,
    )


def _begin(episode: CareEpisode, placement: Placement, this: ThisChange) -> None:
    """Write an episode with its home."""
    this.create(episode)
    held = EpisodePlacement(
        authority_id=episode.authority_id,
        child_id=episode.child_id,
        episode=episode,
        placement_type=placement.placement_type,
        provider=placement.provider,
        ofsted_urn=placement.ofsted_urn,
        source=episode.source,
    )
    _record_home(episode, held, placement, this)


def _record_home(episode: CareEpisode, held: EpisodePlacement, placement: Placement, this: ThisChange) -> None:
    """Write the address and what is counted from it. A home nobody gave the address of keeps its mark all the same."""
    keys = {"authority_id": episode.authority_id, "child_id": episode.child_id, "source": episode.source}
    own = Authority.objects.values_list("code", flat=True).get(pk=episode.authority_id)
    where = area_of(own, postcode=placement.postcode, home_postcode=placement.home_postcode, la_code=placement.la_code)
    held.area = where.area
    keep(this, held)
    address = PlacementAddress.unscoped.filter(episode=episode).first() or PlacementAddress(episode=episode, **keys)
    address.address = placement.address
    address.postcode = tidy_postcode(placement.postcode)
    address.home_postcode = tidy_postcode(placement.home_postcode)
    address.disclosure = placement.disclosure
    keep(this, address)
    area = PlacementArea.unscoped.filter(episode=episode).first() or PlacementArea(episode=episode, **keys)
    area.la_code, area.la_stated, area.distance_miles = where.la_code, where.la_stated, where.distance_miles
    keep(this, area)


_HOME = (EpisodePlacement, PlacementAddress, PlacementArea)


def _of_the_home(episode: CareEpisode) -> list[EpisodePlacement | PlacementAddress | PlacementArea]:
    """What is recorded of the home of an episode."""
    return [row for model in _HOME for row in model.unscoped.filter(episode=episode)]


def _carry_over(
    held: EpisodePlacement | PlacementAddress | PlacementArea, episode: CareEpisode, this: ThisChange
) -> None:
    """The same home in the next episode. Encrypted text is bound to its row, so it is written anew."""
    left_out = {"id", "public_id", "episode"}
    values = {f.attname: getattr(held, f.attname) for f in held._meta.concrete_fields if f.name not in left_out}
    this.create(type(held)(episode=episode, **values))

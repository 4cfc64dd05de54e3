"""Putting right a single entry of a record, and taking out one that was wrong. Both keep what was, with the reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.roles import SCHOOL_STAFF, Role
from onroll.access.sections import Section
from onroll.codes import CATEGORY_OF_NEED, LEGAL_STATUS, REASON_CEASED, SDQ_REASON, SEN_NEED, SEN_PROVISION
from onroll.design.words import day
from onroll.history.changes import ThisChange, change, verb

from ..contradictions import (
    called,
    overlap,
    overlaps_in_words,
    places_of,
    refuse_if,
    why_not_dates,
    why_not_start_place,
    why_not_write,
)
from ..models import (
    Allocation,
    CareEpisode,
    CharacteristicSpell,
    EHCPlan,
    EpisodePlacement,
    FormerName,
    MissingEpisode,
    PlacementAddress,
    PlacementArea,
    Review,
    SchoolPlace,
    SDQScore,
    SENNeed,
    SENProvision,
    Status,
)
from ..records import ChildRecord, ChildSpell
from .care import SAME_DAY
from .people import section_of
from .saving import keep

verb("entry.corrected", "{actor} corrected an entry")
verb("entry.removed", "{actor} removed an entry made by mistake")


@dataclass(frozen=True)
class Kind:
    """A kind of entry: its name in addresses, its words, and the fields a person may put right."""

    name: str
    words: str
    model: type[ChildRecord]
    fields: tuple[str, ...]


_SPELL = ("start", "end")

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "care",
            "care episode",
            CareEpisode,
            (*_SPELL, "legal_status", "category_of_need", "reason_ceased"),
        ),
        Kind(
            "place",
            "school place",
            SchoolPlace,
            (*_SPELL, "school", "kind", "hours_per_week", "full_time_hours", "leaving_reason"),
        ),
        Kind("provision", "SEN provision", SENProvision, (*_SPELL, "value")),
        Kind("need", "primary need", SENNeed, (*_SPELL, "value")),
        Kind("plan", "EHC plan", EHCPlan, (*_SPELL, "review_on", "la_code")),
        Kind("sdq", "SDQ score", SDQScore, (*_SPELL, "score", "reason")),
        Kind("characteristic", "dated characteristic", CharacteristicSpell, (*_SPELL, "value")),
        Kind("allocation", "allocation", Allocation, _SPELL),
        Kind(
            "status",
            "status",
            Status,
            (*_SPELL, "lawful_basis", "other_authority", "notified_on", "notified_of"),
        ),
        Kind("former-name", "former name", FormerName, ("given_name", "family_name", "known_as", *_SPELL)),
        Kind("review", "care review", Review, ("on", "participation", "held")),
        Kind("missing", "missing episode", MissingEpisode, _SPELL),
    )
}


def kind_of(entry: ChildRecord) -> Kind:
    return next(kind for kind in KINDS.values() if kind.model is type(entry))


def section_of_entry(entry: ChildRecord) -> Section:
    """The section that guards this entry."""
    return section_of(entry.role) if isinstance(entry, Allocation) else entry.section()


def why_not_touch(entry: ChildRecord, *, actor: Actor) -> str:
    """Why the actor may not put this entry right at all."""
    at_another_school = isinstance(entry, SchoolPlace) and actor.school is not None and entry.school_id != actor.school
    if at_another_school:
        return "You can change places at your own school only."
    return why_not_write(entry.child, section_of_entry(entry), actor=actor)


# Correcting


def why_not_correct(entry: ChildRecord, values: dict[str, Any], *, reason: str, actor: Actor) -> str:
    """Why the entry can't be changed to these values."""
    refused = why_not_touch(entry, actor=actor)
    if refused:
        return refused
    if not reason.strip():
        return "Say what was wrong."
    new = _as_it_would_be(entry, values)
    if isinstance(new, ChildSpell) and new.start is not None:
        refused = why_not_dates(new.child, new.start, new.end)
    return refused or _RULES.get(type(entry), _no_rule)(new, actor)


def correct_entry(entry: ChildRecord, values: dict[str, Any], *, reason: str, actor: Actor) -> None:
    """Put right what was wrong with an entry. Of a care episode that others join, they keep joining it."""
    assert set(values) <= set(kind_of(entry).fields)
    refuse_if(why_not_correct(entry, values, reason=reason, actor=actor))
    with overlaps_in_words(), change("entry.corrected", actor=actor, child=entry.child_id, reason=reason) as this:
        if isinstance(entry, CareEpisode):
            _move_the_joins(entry, values, this)
        for name, value in values.items():
            setattr(entry, name, value)
        keep(this, entry)


def _as_it_would_be(entry: ChildRecord, values: dict[str, Any]) -> Any:
    new = type(entry)(**{f.attname: entry.__dict__[f.attname] for f in entry._meta.concrete_fields})
    new.child = entry.child
    for name, value in values.items():
        setattr(new, name, value)
    return new


def neighbours(episode: CareEpisode) -> tuple[CareEpisode | None, CareEpisode | None]:
    """The episodes that end on the day this one starts, and start on the day it ends, within the period of care."""
    others = CareEpisode.unscoped.filter(child_id=episode.child_id).exclude(pk=episode.pk).order_by("start", "id")
    before = others.filter(end=episode.start, reason_ceased=SAME_DAY).last()
    after = None
    if episode.end is not None and episode.reason_ceased == SAME_DAY:
        after = others.filter(start=episode.end).first()
    return before, after


def _move_the_joins(episode: CareEpisode, values: dict[str, Any], this: ThisChange) -> None:
    before, after = neighbours(episode)
    if before is not None and "start" in values:
        before.end = values["start"]
        keep(this, before)
    if after is not None and values.get("end"):
        after.start = values["end"]
        keep(this, after)


def _why_not_episode(new: CareEpisode, actor: Actor) -> str:
    held = CareEpisode.unscoped.get(pk=new.pk)
    before, after = neighbours(held)
    if new.start > actor.today or (new.end is not None and new.end > actor.today):
        return "The days of an episode must be today or earlier."
    if new.end is not None and new.end <= new.start:
        return "An episode can't start and end on one day."
    if before is not None and new.start <= before.start:
        return f"The episode before this one starts on {day(before.start)}. This one must start later."
    if after is not None and new.end is None:
        return f"The next episode starts on {day(after.start)}, so this one has an end."
    if after is not None and after.end is not None and new.end is not None and new.end >= after.end:
        return f"The next episode ends on {day(after.end)}. This one must end earlier."
    if (new.end is None) != (new.reason_ceased == ""):
        return "Give both the day the episode ended and why, or neither."
    if after is not None and new.reason_ceased != SAME_DAY:
        return "The next episode starts the same day, so this one did not end care."
    for code, codes in ((new.legal_status, LEGAL_STATUS), (new.category_of_need, CATEGORY_OF_NEED)):
        if code and code not in codes:
            return f"“{code}” is not a code for {codes.name}."
    return "" if not new.reason_ceased or new.reason_ceased in REASON_CEASED else "Choose why the episode ended."


def _why_not_place(new: SchoolPlace, actor: Actor) -> str:
    held = SchoolPlace.unscoped.get(pk=new.pk)
    longer = new.start < held.start or (held.end is not None and (new.end is None or new.end > held.end))
    if actor.role in SCHOOL_STAFF and new.kind == SchoolPlace.Kind.MAIN and longer:
        # Whether the days are free would tell a school when the child was at another one.
        return "The virtual school makes a main school place longer. Tell them from which day to which."
    return why_not_start_place(
        new.child,
        school=new.school,
        kind=new.kind,
        start=new.start,
        end=new.end,
        actor=actor,
        among=places_of([new.child])[new.child_id],
        ignoring=new,
    )


def _why_not_allocation(new: Allocation, actor: Actor) -> str:
    others = Allocation.unscoped.filter(child_id=new.child_id, role=new.role).exclude(pk=new.pk)
    for other in others.select_related("account"):
        rivals = new.role == Role.SOCIAL_WORKER or other.account_id == new.account_id
        if rivals and overlap(new.start, new.end, other.start, other.end):
            until = f" to {day(other.end)}" if other.end else " on"
            return f"{other.account.name} has this role with {called(new.child)} from {day(other.start)}{until}."
    return ""


def _why_not_sdq(new: SDQScore, actor: Actor) -> str:
    if (new.score is None) == (not new.reason):
        return "Give a score, or say why there is none, not both."
    if new.score is not None and not 0 <= new.score <= 40:
        return "A score is from 0 to 40."
    return "" if not new.reason or new.reason in SDQ_REASON else "Choose why there is no score."


def _why_not_value(codes: Any) -> Callable[[Any, Actor], str]:
    return lambda new, actor: "" if new.value in codes else f"“{new.value}” is not a code for {codes.name}."


def _no_rule(new: Any, actor: Actor) -> str:
    return ""


_RULES: dict[type[models.Model], Callable[[Any, Actor], str]] = {
    CareEpisode: _why_not_episode,
    SchoolPlace: _why_not_place,
    Allocation: _why_not_allocation,
    SDQScore: _why_not_sdq,
    SENProvision: _why_not_value(SEN_PROVISION),
    SENNeed: _why_not_value(SEN_NEED),
}


# Removing

# Part of the episode itself, so that they go with it.
_OF_AN_EPISODE = (EpisodePlacement, PlacementAddress, PlacementArea)


def why_not_remove(entry: ChildRecord, *, reason: str, actor: Actor) -> str:
    """Why the entry can't be taken out: most often what stands on it."""
    if not can(actor, Can.REMOVE_AN_ENTRY):
        return "Your role does not remove entries."
    refused = why_not_touch(entry, actor=actor)
    if refused:
        return refused
    stands = _what_stands_on(entry)
    if stands:
        return f"{stands} Remove that first."
    return "" if reason.strip() else "Say why this entry is wrong."


def _what_stands_on(entry: ChildRecord) -> str:
    if isinstance(entry, CareEpisode):
        before, after = neighbours(entry)
        if before is None and after is not None:
            return f"The care episode of {day(after.start)} follows on from this one."
    for relation in entry._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.related_model in _OF_AN_EPISODE:
            continue
        model: Any = relation.related_model
        if model._base_manager.filter(**{relation.field.name: entry}).exists():  # type: ignore[union-attr]
            return f"Another entry stands on this one: {model._meta.verbose_name}."
    return ""


def what_removing_leaves(entry: ChildRecord) -> list[str]:
    """What takes the place of the entry once it is gone."""
    if not isinstance(entry, CareEpisode):
        return []
    before, _ = neighbours(entry)
    if before is None:
        return []
    return [f"The care episode of {day(before.start)} then goes on in its place."]


def remove_entry(entry: ChildRecord, *, reason: str, actor: Actor) -> None:
    """Take out an entry that was wrong. The history keeps it whole, with the reason.

    Without a care episode in the midst of a period, the one before it goes on in its place.
    """
    refuse_if(why_not_remove(entry, reason=reason, actor=actor))
    with change("entry.removed", actor=actor, child=entry.child_id, reason=reason) as this:
        if isinstance(entry, CareEpisode):
            before, _ = neighbours(entry)
            for model in _OF_AN_EPISODE:
                this.delete(model.unscoped.filter(episode=entry))
            this.delete(entry)
            if before is not None:
                before.end, before.reason_ceased = entry.end, entry.reason_ceased
                before.provisional_end = entry.provisional_end
                keep(this, before)
        else:
            this.delete(entry)

"""Two records of one child become one, and can be parted again without loss."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.sections import Section, may_write
from onroll.design.words import count_of, day
from onroll.history.changes import ThisChange, change, verb
from onroll.history.models import Change
from onroll.history.undoing import undo, why_not_undo

from ..contradictions import called, knows_place, overlap, overlaps_in_words, refuse_if, start_of_sentence
from ..matching import left_by_adoption
from ..models import (
    Allocation,
    CareEpisode,
    Characteristics,
    Child,
    Difference,
    EpisodePlacement,
    Identifiers,
    PlacementAddress,
    PlacementArea,
    SchoolPlace,
)
from ..records import ChildRecord

MERGED = verb("child.merged", "{actor} joined two records of this child")
SPLIT = verb("child.split", "{actor} parted two records that had been joined")

# One row a child: the second record keeps its own, and fills what the first lacks. Its number so still finds it.
ONE_EACH = (Identifiers, Characteristics)
# So do differences about those.
_STAY = {model._meta.model_name for model in (*ONE_EACH, Child)}
# These go where their episode goes.
_OF_AN_EPISODE = (EpisodePlacement, PlacementAddress, PlacementArea)
_NOT_WHAT_IT_SAYS = {"id", "public_id", "child", "source", "authority"}


@dataclass
class Merge:
    """What joining two records would do: rows that move, and rows that say again what the first record says."""

    moving: dict[type[ChildRecord], list[Any]] = field(default_factory=dict)
    doubled: dict[type[ChildRecord], list[Any]] = field(default_factory=dict)

    @property
    def sentences(self) -> list[str]:
        """What will happen, in words with counts."""
        moving = [_counted(model, rows) for model, rows in self.moving.items() if rows]
        doubled = [_counted(model, rows) for model, rows in self.doubled.items() if rows]
        return [
            *(
                f"{words} moves to the joined record." if words.startswith("1 ") else f"{words} move."
                for words in moving
            ),
            *(f"{words} says the same in both and stays once." for words in doubled),
        ]


def _counted(model: type[models.Model], rows: list[Any]) -> str:
    names = model._meta
    return count_of(len(rows), str(names.verbose_name), str(names.verbose_name_plural))


def models_about_children() -> list[type[ChildRecord]]:
    """Every kind of row about one child, of every part."""
    return [model for model in apps.get_models() if issubclass(model, ChildRecord)]


def why_not_merge(first: Child, second: Child, *, actor: Actor) -> str:
    """Why the two records can't be joined."""
    if not can(actor, Can.MERGE_CHILDREN):
        return "Your role does not join records."
    if first.authority_id != actor.authority or second.authority_id != actor.authority:
        return "Both records must be of your authority."
    if first.pk == second.pk:
        return "Choose two records."
    for child in (first, second):
        if child.merged_into_id is not None:
            return f"The record of {called(child)} was joined to another already."
    if Child.unscoped.filter(left_by_adoption(), pk__in=[first.pk, second.pk]).exists():
        # The new record of an adopted child is never tied to the old one.
        return "These records can't be joined."
    return _why_not_places(first, second, actor) or _why_not_social_workers(first, second)


def _why_not_places(first: Child, second: Child, actor: Actor) -> str:
    theirs = SchoolPlace.unscoped.filter(kind=SchoolPlace.Kind.MAIN).select_related("school").order_by("start", "id")
    ours = list(theirs.filter(child=first))
    for place in theirs.filter(child=second):
        for held in ours:
            if overlap(place.start, place.end, held.start, held.end) and _says(place) != _says(held):
                if not (knows_place(held, actor) and knows_place(place, actor)):
                    return (
                        "Both records have a main school place on the same days. Correct or remove one of them first."
                    )
                return (
                    f"Both records have a main school place on the same days: {held.school} from {day(held.start)}, "
                    f"and {place.school} from {day(place.start)}. Correct or remove one of them first."
                )
    return ""


def _why_not_social_workers(first: Child, second: Child) -> str:
    theirs = Allocation.unscoped.filter(role="social_worker").select_related("account").order_by("start", "id")
    ours = list(theirs.filter(child=first))
    for allocation in theirs.filter(child=second):
        for held in ours:
            if overlap(allocation.start, allocation.end, held.start, held.end) and _says(allocation) != _says(held):
                return (
                    f"Both records have a social worker on the same days: {held.account.name} from {day(held.start)}, "
                    f"and {allocation.account.name} from {day(allocation.start)}. Correct or remove one of them first."
                )
    return ""


def _says(row: Any) -> tuple[Any, ...]:
    """What a row says, whoever's it is and wherever it came from."""
    # Asked of the row and not of what is stored: the same words are never encrypted alike.
    return tuple(getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in _NOT_WHAT_IT_SAYS)


def what_merging_does(first: Child, second: Child) -> Merge:
    """Which rows of the second record move to the first, and which the first has already."""
    merge = Merge()
    for model in models_about_children():
        if model in ONE_EACH or model in _OF_AN_EPISODE:
            continue
        said = {_key(row) for row in model.unscoped.filter(child=first)}
        for row in model.unscoped.filter(child=second).order_by("pk"):
            if isinstance(row, Difference) and row.fact.partition(".")[0] in _STAY:
                continue
            pile = merge.doubled if _key(row) in said else merge.moving
            pile.setdefault(model, []).append(row)
    return merge


def _key(row: Any) -> tuple[Any, ...]:
    if isinstance(row, Difference) and row.settled_on is None:
        # Of one fact and one source only one difference is open.
        return (row.fact, row.other_source)
    return _says(row)


def merge_children(first: Child, second: Child, *, actor: Actor) -> None:
    """Join the second record to the first, as one act. What it says moves; what both say stays once.

    The second record stays as a pointer to the first, with its own number, so that a feed that names it still finds
    the child.
    """
    refuse_if(why_not_merge(first, second, actor=actor))
    with overlaps_in_words(), change(MERGED, actor=actor, child=first, batch=_mark(second)) as this:
        merge = what_merging_does(first, second)
        _merge_episodes(first, merge, this)
        for model, rows in merge.doubled.items():
            if model is not CareEpisode:
                this.delete(model.unscoped.filter(pk__in=[row.pk for row in rows]))
        for model, rows in merge.moving.items():
            if model is not CareEpisode:
                _move(model, rows, first, this)
        for model in ONE_EACH:
            _fill(model, first, second, this)
        for name in ("given_name", "family_name", "known_as"):
            setattr(first, name, getattr(first, name) or getattr(second, name))
        first.search_words = f"{first.search_words} {second.search_words}".strip()[:400]
        if second.held_as == Child.HeldAs.OWN:
            first.held_as = Child.HeldAs.OWN
        this.save(first)
        second.merged_into = first
        this.save(second)


def _mark(second: Child) -> str:
    return f"merge:{second.public_id}"


def _move(model: type[ChildRecord], rows: Iterable[Any], first: Child, this: ThisChange) -> None:
    moved = list(rows)
    for row in moved:
        row.child = first
    this.bulk_update(model, moved, ["child"])


def _merge_episodes(first: Child, merge: Merge, this: ThisChange) -> None:
    """Episodes move with their homes. One that both records have gives the first's what its home lacks."""
    moving = merge.moving.get(CareEpisode, [])
    doubled = merge.doubled.get(CareEpisode, [])
    twins = {_says(episode): episode for episode in CareEpisode.unscoped.filter(child=first)}
    _move(CareEpisode, moving, first, this)
    for model in _OF_AN_EPISODE:
        _move(model, model.unscoped.filter(episode__in=moving), first, this)
        for episode in doubled:
            twin = twins[_says(episode)]
            rows = model.unscoped.filter(episode=episode)
            if model.unscoped.filter(episode=twin).exists():
                this.delete(rows)
                continue
            for row in rows:
                row.child, row.episode = first, twin
                this.save(row, ["child", "episode"])
    this.delete(CareEpisode.unscoped.filter(pk__in=[episode.pk for episode in doubled]))


def _fill(model: type[ChildRecord], first: Child, second: Child, this: ThisChange) -> None:
    ours, theirs = (model.unscoped.filter(child=child).first() for child in (first, second))
    if ours is None or theirs is None:
        return
    for column in model._meta.concrete_fields:
        if column.name not in _NOT_WHAT_IT_SAYS and column.name != "child_number":
            held = getattr(ours, column.attname)
            if held is None or held == "":
                setattr(ours, column.attname, getattr(theirs, column.attname))
    this.save(ours)


# Parting


def merge_of(second: Child) -> Change | None:
    """The act that joined this record to another, if it is joined now."""
    if second.merged_into_id is None:
        return None
    acts = Change.objects.filter(verb=MERGED, child=second.merged_into_id, batch=_mark(second))
    return acts.order_by("-pk").first()


def why_not_split(second: Child, *, actor: Actor) -> str:
    """Why the record can't be parted again: most often what was written since."""
    if not can(actor, Can.MERGE_CHILDREN) or not may_write(actor, Section.BASICS):
        return "Your role does not part records."
    if second.authority_id != actor.authority:
        return "This record belongs to another authority."
    act = merge_of(second)
    if act is None:
        return f"{start_of_sentence(called(second))} is not joined to another record."
    return why_not_undo(act)


def split_children(second: Child, *, actor: Actor) -> None:
    """Part a record from the one it was joined to: every row is again as it was before."""
    refuse_if(why_not_split(second, actor=actor))
    act = merge_of(second)
    assert act is not None
    with change(SPLIT, actor=actor, child=second.merged_into_id, batch=_mark(second)):
        undo(act, actor=actor)

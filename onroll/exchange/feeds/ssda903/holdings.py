"""What the record holds of an authority's children, read once, in few queries, before a return is compared with it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onroll.authorities.models import Authority
from onroll.children.models import (
    CareEpisode,
    Characteristics,
    Child,
    EpisodePlacement,
    Identifiers,
    PlacementAddress,
    PlacementArea,
)
from onroll.children.queries import SHORT_BREAKS
from onroll.codes.year_groups import LAST_YEAR, SchoolYear, born_between


@dataclass
class Holding:
    """One child as the record holds it, or as this return makes it. `numbers` has more than one after a merge."""

    number: str
    child: Child
    identifiers: Identifiers
    characteristics: Characteristics | None
    is_new: bool = False
    numbers: set[str] = field(default_factory=set)
    episodes: dict[date, list[CareEpisode]] = field(default_factory=lambda: defaultdict(list))

    def all_episodes(self) -> list[CareEpisode]:
        return [episode for episodes in self.episodes.values() for episode in episodes]

    def is_on_the_roll(self, day: date, *, without: Collection[int] = ()) -> bool:
        """Looked after on this day, from birth to Year 13, by the episodes as they stand in memory."""
        return (
            self.child.held_as == Child.HeldAs.OWN
            and self.child.birth_date >= born_between(SchoolYear(LAST_YEAR), on=day)[0]
            and any(
                episode.holds_on(day) and episode.legal_status not in SHORT_BREAKS and id(episode) not in without
                for episode in self.all_episodes()
            )
        )


class Holdings:
    """The children of one authority by number, with their episodes, homes, addresses and areas."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.by_number: dict[str, Holding] = {}
        self.placements: dict[int, EpisodePlacement] = self._of_an_episode(EpisodePlacement)
        self.addresses: dict[int, PlacementAddress] = self._of_an_episode(PlacementAddress)
        self.areas: dict[int, PlacementArea] = self._of_an_episode(PlacementArea)
        self._read()

    def _of_an_episode(self, model: Any) -> dict[int, Any]:
        return {row.episode_id: row for row in model.unscoped.filter(authority=self.authority)}

    def _read(self) -> None:
        own = {"authority": self.authority}
        children = {child.pk: child for child in Child.unscoped.filter(**own)}
        characteristics = {row.child_id: row for row in Characteristics.unscoped.filter(**own)}
        numbers = list(Identifiers.unscoped.filter(**own))
        by_key: dict[int, Holding] = {}
        for row in numbers:
            child = children[row.child_id]
            if child.merged_into_id is None:
                row._state.fields_cache["child"] = child
                by_key[child.pk] = Holding(row.child_number, child, row, characteristics.get(child.pk))
        for row in numbers:
            # The number of a record that was merged is another number of the child it was merged into.
            child = children[row.child_id]
            while child.merged_into_id is not None:
                child = children[child.merged_into_id]
            if child.pk in by_key:
                by_key[child.pk].numbers.add(row.child_number)
                self.by_number[row.child_number] = by_key[child.pk]
        for episode in CareEpisode.unscoped.filter(**own).order_by("pk"):
            holding = by_key.get(episode.child_id)
            if holding is not None:
                episode._state.fields_cache["child"] = holding.child
                holding.episodes[episode.start].append(episode)

    def everyone(self) -> list[Holding]:
        """Each child once, whatever numbers it has."""
        return list({id(holding): holding for holding in self.by_number.values()}.values())

    def on_the_roll(self, day: date, *, without: Collection[int] = ()) -> set[str]:
        """The numbers of the children on the roll on this day. `without`: episodes (by `id`) that are taken away."""
        return {holding.number for holding in self.everyone() if holding.is_on_the_roll(day, without=without)}

    def theirs(self, model: Any) -> dict[int, list[Any]]:
        """What is held of one kind, by child."""
        held: dict[int, list[Any]] = defaultdict(list)
        for row in model.unscoped.filter(authority=self.authority).order_by("pk"):
            held[row.child_id].append(row)
        return held

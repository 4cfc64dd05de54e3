"""Where an episode's home lies: its postcodes, who must not know them, and the authority and distance they come to."""

from typing import Any

from onroll.authorities.models import Postcode
from onroll.children.areas import Area, area_of, look_up
from onroll.children.models import CareEpisode, Disclosure, EpisodePlacement, PlacementAddress, PlacementArea
from onroll.exchange.writing import new

from . import facts
from .comparison import Comparison, place_of
from .holdings import Holding

_STRICTNESS = Disclosure.values


class Homes:
    """Brings addresses up to a return. No import loosens a mark: a new home keeps the mark of the one before."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.directory: dict[str, Postcode] = {}
        if Postcode.objects.exists():
            said = comparison.said.episodes
            self.directory = look_up({e.postcode for e in said} | {e.home_postcode for e in said})

    def new(self, holding: Holding, episode: CareEpisode, placement: EpisodePlacement, said: facts.Episode) -> None:
        """The address of an episode that the record did not hold."""
        before = None if holding.is_new else self._address_before(holding, said)
        values: dict[str, Any] = {"postcode": said.postcode, "home_postcode": said.home_postcode}
        if before is not None:
            values["disclosure"] = max(before.disclosure, Disclosure.NOT_TO_FAMILY, key=_STRICTNESS.index)
            if said.postcode and before.postcode == said.postcode:
                values["address"] = str(before.address)
        if any(values.values()):
            self.comparison.changes.create(
                new(PlacementAddress, **self.comparison.own(holding.child), episode=episode, **values)
            )
        self._place(holding, episode, placement, said)

    def update(
        self,
        holding: Holding,
        episode: CareEpisode,
        placement: EpisodePlacement,
        said: facts.Episode,
        *,
        fill_only: bool,
    ) -> bool:
        """The address of an episode that is held. Answers whether anything changes."""
        address = self.comparison.holdings.addresses.get(episode.pk)
        values = {"postcode": said.postcode, "home_postcode": said.home_postcode}
        if address is None:
            if not any(values.values()):
                return False
            own = self.comparison.own(holding.child)
            self.comparison.changes.create(new(PlacementAddress, **own, episode=episode, **values))
        else:
            address._state.fields_cache["child"] = holding.child
            place = place_of(holding, said)
            if not self.comparison.trust.merge(address, values, **place, fill_only=fill_only):
                return False
        self._place(holding, episode, placement, said)
        return True

    def _address_before(self, holding: Holding, said: facts.Episode) -> PlacementAddress | None:
        earlier = [
            e for e in holding.all_episodes() if e.start < said.start and e.pk in self.comparison.holdings.addresses
        ]
        if not earlier:
            return None
        return self.comparison.holdings.addresses[max(earlier, key=lambda episode: episode.start).pk]

    def _place(self, holding: Holding, episode: CareEpisode, placement: EpisodePlacement, said: facts.Episode) -> None:
        """What the postcode directory says of the home. Without a directory that is nothing, and nothing is written."""
        held = self.comparison.holdings.areas.get(episode.pk)
        if held is not None and held.la_stated:
            return
        found = area_of(
            self.comparison.authority.code,
            postcode=said.postcode,
            home_postcode=said.home_postcode,
            directory=self.directory,
        )
        values = {"la_code": found.la_code, "distance_miles": found.distance_miles}
        if placement.pk is None:
            placement.area = found.area
        else:
            self.comparison.changes.update(placement, area=found.area)
        if held is not None:
            self.comparison.changes.update(held, **values)
        elif found != Area():
            own = self.comparison.own(holding.child)
            self.comparison.changes.create(new(PlacementArea, **own, episode=episode, **values))

"""Where a listed child lives, beside the home that is held: the same, put right, or another one."""

from dataclasses import dataclass
from typing import Any

from onroll.authorities.models import Postcode
from onroll.children.areas import Area, area_of, in_or_out, joined, look_up
from onroll.children.models import CareEpisode, Disclosure, EpisodePlacement, PlacementAddress, PlacementArea
from onroll.exchange.feeds.ssda903.holdings import Holding
from onroll.exchange.writing import new

from .comparison import SOURCE, Comparison
from .rows import Listed

_STRICTNESS = Disclosure.values
_KIND = ("placement_type", "provider", "ofsted_urn")


@dataclass
class Home:
    """What is held of the home of one episode."""

    placement: EpisodePlacement | None = None
    address: PlacementAddress | None = None
    area: PlacementArea | None = None

    @property
    def postcode(self) -> str:
        return joined(str(self.address.postcode)) if self.address else ""

    @property
    def source(self) -> str:
        """Who told of it."""
        return self.placement.source if self.placement else SOURCE

    def is_another(self, listed: Listed) -> bool:
        """Whether the list tells of another home: another kind, another number of Ofsted's, another postcode."""
        kind, urn = (self.placement.placement_type, self.placement.ofsted_urn) if self.placement else ("", "")
        pairs = (
            (kind, listed.placement_type),
            (urn, listed.ofsted_urn),
            (self.postcode, joined(listed.postcode)),
        )
        return any(held and said and held != said for held, said in pairs)

    def is_surely_the_same(self, listed: Listed) -> bool:
        """The same kind at the same postcode, both known."""
        kind = self.placement.placement_type if self.placement else ""
        same_kind = bool(kind) and kind == listed.placement_type
        return same_kind and bool(self.postcode) and self.postcode == joined(listed.postcode)


class Homes:
    """The homes of episodes, held and new. No list loosens a mark: a new home keeps the mark of the one before."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self._new: dict[int, Home] = {}
        self.directory: dict[str, Postcode] = {}
        if Postcode.objects.exists():
            asked = {listed.postcode for _, listed in comparison.children}
            asked |= {str(address.home_postcode) for address in comparison.holdings.addresses.values()}
            self.directory = look_up(asked)

    def of(self, episode: CareEpisode) -> Home:
        if episode.pk is None:
            return self._new[id(episode)]
        held = self.comparison.holdings
        return Home(held.placements.get(episode.pk), held.addresses.get(episode.pk), held.areas.get(episode.pk))

    def begin(
        self,
        holding: Holding,
        episode: CareEpisode,
        listed: Listed | None,
        before: Home | None,
        *,
        care_goes_on: bool = True,
    ) -> None:
        """The home of a new episode, as the list tells of it. None: the list does not say where the child lived.

        While care goes on the family's home stays where it was.
        """
        create, own = self.comparison.changes.create, {**self.comparison.own(holding.child), "episode": episode}
        kind = {name: getattr(listed, name) if listed else "" for name in _KIND}
        home = self._new[id(episode)] = Home(create(new(EpisodePlacement, **own, **kind)))
        was = before.address if before else None
        values: dict[str, Any] = {"home_postcode": str(was.home_postcode) if was and care_goes_on else ""}
        if listed:
            values |= {"postcode": listed.postcode, "address": listed.address}
            if was and not listed.address and listed.postcode and joined(str(was.postcode)) == joined(listed.postcode):
                values["address"] = str(was.address)
        if was:
            values["disclosure"] = max(was.disclosure, Disclosure.NOT_TO_FAMILY, key=_STRICTNESS.index)
        if any(values.values()):
            home.address = create(new(PlacementAddress, **own, **values))
        found = area_of(
            self.comparison.authority.code,
            postcode=listed.postcode if listed else "",
            home_postcode=values["home_postcode"],
            la_code=listed.la_code if listed else "",
            directory=self.directory,
        )
        assert home.placement is not None
        home.placement.area = found.area
        if found != Area():
            home.area = create(new(PlacementArea, **own, **_counted(found)))

    def carry_over(self, holding: Holding, episode: CareEpisode, before: Home) -> None:
        """The same home in the next episode. Encrypted text is bound to its row, so it is written anew."""
        held = (before.placement, before.address, before.area)
        carried: list[Any] = []
        for row in held:
            if row is None:
                carried.append(None)
                continue
            own = {"authority_id": self.comparison.authority.pk, "child": holding.child, "episode": episode}
            left_out = {"id", "public_id", "authority", "child", "episode"}
            same = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in left_out}
            same = {name: str(value) if isinstance(value, str) else value for name, value in same.items()}
            carried.append(self.comparison.changes.create(new(type(row), **own, **same)))
        self._new[id(episode)] = Home(*carried)

    def bring(self, holding: Holding, episode: CareEpisode, listed: Listed) -> None:
        """Put a held home right, or fill what is empty, as far as the list is trusted."""
        comparison, home = self.comparison, self.of(episode)
        own = {**comparison.own(holding.child), "episode": episode}
        kind = {name: getattr(listed, name) for name in _KIND}
        if home.placement is None:
            home.placement = comparison.changes.create(new(EpisodePlacement, **own, **kind))
            comparison.holdings.placements[episode.pk] = home.placement
            comparison.mark(holding)
        else:
            comparison.merge(holding, home.placement, kind, listed)
        said = {"postcode": listed.postcode, "address": listed.address}
        postcode_before = home.postcode
        if home.address is None:
            if any(said.values()):
                home.address = comparison.changes.create(new(PlacementAddress, **own, **said))
                comparison.holdings.addresses[episode.pk] = home.address
                comparison.mark(holding)
        else:
            said = {name: value for name, value in said.items() if joined(value) != joined(getattr(home.address, name))}
            comparison.merge(holding, home.address, said, listed)
        self._bring_area(holding, home, listed, own, moved=home.postcode != postcode_before)

    def _bring_area(self, holding: Holding, home: Home, listed: Listed, own: dict[str, Any], *, moved: bool) -> None:
        """The authority that the list names; else, for another postcode, what the directory says of it."""
        comparison, area = self.comparison, home.area
        assert home.placement is not None
        if area is not None and area.la_stated:
            comparison.merge(holding, area, {"la_code": listed.la_code}, listed)
            self._set(holding, home.placement, area=in_or_out(area.la_code, comparison.authority.code))
            return
        if not (listed.la_code or moved):
            return
        found = area_of(
            comparison.authority.code,
            postcode=home.postcode,
            home_postcode=str(home.address.home_postcode) if home.address else "",
            la_code=listed.la_code,
            directory=self.directory,
        )
        self._set(holding, home.placement, area=found.area)
        if area is not None:
            self._set(holding, area, **_counted(found))
        elif found != Area():
            home.area = comparison.changes.create(new(PlacementArea, **own, **_counted(found)))
            comparison.holdings.areas[home.placement.episode_id] = home.area
            comparison.mark(holding)

    def _set(self, holding: Holding, row: Any, **values: Any) -> None:
        if row.pk is None:
            row.__dict__.update(values)
        else:
            self.comparison.mark(holding, self.comparison.changes.update(row, **values))


def _counted(found: Area) -> dict[str, Any]:
    return {"la_code": found.la_code, "la_stated": found.la_stated, "distance_miles": found.distance_miles}

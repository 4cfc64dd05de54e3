"""The country of the demonstration: Ashcombe and its neighbours, none of which exists.

Their codes and the letters of their postcodes are in no real use, and they lie in the sea. A small postcode
directory goes with them, so that where a home lies and how far from the family is worked out as it is for real ones.
"""

from dataclasses import dataclass

from .chance import Chance

AUTHORITY_CODE = "999"
AUTHORITY_NAME = "Ashcombe"
REGION = "The Vales"

_STREETS = (
    "Alder", "Barley", "Beacon", "Bellfield", "Bramble", "Chantry", "Cobbler's", "Copper Beech", "Curlew", "Drovers",
    "Elderflower", "Ferry", "Foundry", "Garnet", "Glebe", "Hawthorn", "Heron", "Ivy", "Juniper", "Kestrel", "Kiln",
    "Linden", "Mallow", "Meadow", "Mill", "Nightingale", "Old Ropery", "Orchard", "Plover", "Quarry", "Rowan",
    "Saddlers", "Sexton", "Skylark", "Spinney", "Tannery", "Teasel", "Thistle", "Vicarage", "Weavers", "Willow",
)  # fmt: skip
_WAYS = ("Road", "Street", "Lane", "Close", "Avenue", "Way", "Drive", "Gardens", "Court", "Terrace")
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True)
class Area:
    """A local authority that exists only here. Eastings and northings are in metres."""

    name: str
    la_code: str
    letters: str
    easting: int
    northing: int
    radius: int
    towns: tuple[str, ...]


ASHCOMBE = Area(
    AUTHORITY_NAME, AUTHORITY_CODE, "AS", 150_000, 100_000, 8_000,
    ("Ashcombe", "Larkfield", "Fernhill", "Wexcombe", "Hollin Bank", "Mossway", "Great Orling", "Tarnside"),
)  # fmt: skip
NORTHMERE = Area("Northmere", "991", "NM", 151_000, 119_000, 7_000, ("Northmere", "Osyth Green", "Upper Fallow"))
CASTLEBURY = Area("Castlebury", "992", "CY", 172_000, 98_000, 8_000, ("Castlebury", "Annesley Cross", "Dunmoor"))
THORNMOOR = Area("Thornmoor", "993", "HW", 112_000, 133_000, 9_000, ("Thornmoor", "Saltby"))
KELSBRIDGE = Area("Kelsbridge", "994", "KB", 160_000, 31_000, 9_000, ("Kelsbridge", "Marlow End"))
WELLMARSH = Area("Wellmarsh", "995", "WL", 262_000, 110_000, 9_000, ("Wellmarsh", "Pebble Bay"))

NEAR = (NORTHMERE, CASTLEBURY)
FAR = (THORNMOOR, KELSBRIDGE, WELLMARSH)
AREAS = (ASHCOMBE, *NEAR, *FAR)


@dataclass(frozen=True)
class Spot:
    """A postcode and where it lies."""

    postcode: str
    town: str
    area: Area
    easting: int
    northing: int


@dataclass(frozen=True)
class Address:
    """Somewhere a person lives."""

    line: str
    spot: Spot

    @property
    def words(self) -> str:
        return f"{self.line}, {self.spot.town}"


class Country:
    """Every postcode there is, and addresses in them."""

    def __init__(self, seed: int) -> None:
        self._chance = Chance(seed, "country")
        self.spots = {area: self._spots_of(area) for area in AREAS}

    def _spots_of(self, area: Area) -> list[Spot]:
        chance = self._chance
        count = 160 if area is ASHCOMBE else 60
        made: dict[str, Spot] = {}
        while len(made) < count:
            at = chance.randrange(len(area.towns))
            inward = f"{chance.randint(1, 9)}{chance.choice(_INWARD)}{chance.choice(_INWARD)}"
            postcode = f"{area.letters}{at + 1} {inward}"
            made[postcode] = Spot(
                postcode,
                area.towns[at],
                area,
                area.easting + chance.randint(-area.radius, area.radius),
                area.northing + chance.randint(-area.radius, area.radius),
            )
        return list(made.values())

    def address(self, area: Area, chance: Chance, town: str = "") -> Address:
        spots = [spot for spot in self.spots[area] if not town or spot.town == town]
        street = f"{chance.choice(_STREETS)} {chance.choice(_WAYS)}"
        return Address(f"{chance.randint(1, 140)} {street}", chance.choice(spots))


def miles_between(one: Spot, other: Spot) -> float:
    """As the national return works it out from grid references (domain 06, 6.4.7)."""
    metres = ((one.easting - other.easting) ** 2 + (one.northing - other.northing) ** 2) ** 0.5
    return round(metres / 1000 / 1.6093, 1)

"""In which authority a home lies, and how far from the family's: by a source's word, or by the postcode directory."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import hypot

from onroll.authorities.models import Postcode

from .models import EpisodePlacement

METRES_IN_A_MILE = Decimal("1609.3")


@dataclass(frozen=True)
class Area:
    """What is known of where a home lies. Without a directory and without a word of a source: nothing."""

    area: str = EpisodePlacement.Area.NOT_KNOWN
    la_code: str = ""
    la_stated: bool = False
    distance_miles: Decimal | None = None


def joined(postcode: str) -> str:
    """A postcode as the directory writes it: capitals, no blank."""
    return "".join(postcode.split()).upper()


def look_up(postcodes: Iterable[str]) -> dict[str, Postcode]:
    """The lines of the directory for these postcodes, by the postcode without its blank. One query."""
    asked = {joined(postcode) for postcode in postcodes if postcode}
    return Postcode.objects.in_bulk(asked) if asked else {}


def area_of(
    own_authority: str,
    *,
    postcode: str = "",
    home_postcode: str = "",
    la_code: str = "",
    directory: dict[str, Postcode] | None = None,
) -> Area:
    """Where a home lies, seen from the authority that looks after the child.

    An authority that a source names comes before the directory's. Never guessed from a postcode's letters.
    """
    lines = look_up([postcode, home_postcode]) if directory is None else directory
    home, family = lines.get(joined(postcode)), lines.get(joined(home_postcode))
    distance = distance_in_miles(family, home)
    if la_code:
        return Area(in_or_out(la_code, own_authority), la_code, True, distance)
    if home is None:
        return Area(distance_miles=distance)
    return Area(in_or_out(home.la_code, own_authority), home.la_code, False, distance)


def in_or_out(la_code: str, own_authority: str) -> str:
    """A line of the directory without an authority lies outside England, and so out of the authority."""
    return EpisodePlacement.Area.IN if la_code == own_authority else EpisodePlacement.Area.OUT


def distance_in_miles(one: Postcode | None, other: Postcode | None) -> Decimal | None:
    """The straight line between two postcodes, in miles with one decimal (domain 06, 6.4.7)."""
    if one is None or other is None:
        return None
    if one.easting is None or one.northing is None or other.easting is None or other.northing is None:
        return None
    metres = hypot(one.easting - other.easting, one.northing - other.northing)
    return (Decimal(metres) / METRES_IN_A_MILE).quantize(Decimal("0.1"), ROUND_HALF_UP)

"""Where children live: foster carers, children's homes, supported accommodation, and who provides them."""

from dataclasses import dataclass
from datetime import date

from onroll.access.roles import Role

from .chance import Chance
from .places import ASHCOMBE, FAR, NEAR, Address, Area, Country
from .staff import JEAN, NADIA, Person, Staff


@dataclass
class House:
    """A home with its address. Foster carers are people; a children's home has Ofsted's number."""

    address: Address
    kind: str
    provider: str
    carer: Person | None = None
    urn: str = ""

    @property
    def area(self) -> Area:
        return self.address.spot.area


# For each kind of home: how many for 420 children, who provides it, and how often it lies in Ashcombe and far away.
_KINDS: dict[str, tuple[int, dict[str, float], float, float]] = {
    "foster": (95, {"PR1": 100}, 0.87, 0.05),
    "agency foster": (85, {"PR4": 90, "PR5": 10}, 0.47, 0.29),
    "children's home": (26, {"PR4": 80, "PR1": 17, "PR5": 3}, 0.32, 0.45),
    "supported": (16, {"PR4": 78, "PR5": 15, "PR1": 7}, 0.66, 0.14),
    "adopters": (14, {"PR1": 50, "PR2": 35, "PR5": 15}, 0.30, 0.40),
    "residential school": (3, {"PR4": 100}, 0.0, 0.8),
    "family centre": (3, {"PR4": 70, "PR1": 30}, 0.34, 0.33),
    "custody": (2, {"PR3": 100}, 0.0, 1.0),
    "secure home": (1, {"PR2": 100}, 0.0, 1.0),
    "hospital": (1, {"PR3": 100}, 1.0, 0.0),
}
_HOME_NAMES = ("House", "Lodge", "View", "Cottage", "Court")
_WITH_CARERS = ("foster", "agency foster")


class Housing:
    """The homes that children are placed in. A relative's home is made for the one family."""

    def __init__(self, country: Country, staff: Staff, *, seed: int, today: date, children: int) -> None:
        self._country = country
        self._staff = staff
        self._chance = Chance(seed, "homes")
        self._today = today
        self.houses: dict[str, list[House]] = {kind: [] for kind in _KINDS}
        for kind, (count, *_) in _KINDS.items():
            for _ in range(max(3, round(count * children / 420))):
                self._build(kind)
        # The two foster homes of the cast.
        self.jean = self._build("foster", town="Fernhill", carer=staff[JEAN])
        self.nadia = self._build("foster", town="Fernhill", carer=staff[NADIA])

    def _build(self, kind: str, *, town: str = "", carer: Person | None = None) -> House:
        chance = self._chance
        _, providers, share_in, share_far = _KINDS[kind]
        area = ASHCOMBE if town else self._area(share_in, share_far)
        address = self._country.address(area, chance, town)
        number = sum(map(len, self.houses.values())) + 1
        house = House(address, kind, chance.one_of(providers))
        if kind in ("children's home", "supported", "residential school", "family centre", "secure home"):
            house.urn = f"SC99{number:04}"
            house.address = Address(f"{chance.choice(_HOME_NAMES)} at {address.line}", address.spot)
        if kind == "adopters":
            house.urn = "SC990001" if house.provider == "PR1" else f"SC9900{20 + number % 5}"
        if kind in _WITH_CARERS:
            house.urn = "SC990001" if kind == "foster" else f"SC9900{2 + number % 7:02}"
            house.carer = carer or self._staff.add(Role.CARER)
        self.houses[kind].append(house)
        return house

    def _area(self, share_in: float, share_far: float) -> Area:
        drawn = self._chance.random()
        if drawn < share_in:
            return ASHCOMBE
        return self._chance.choice(FAR if drawn < share_in + share_far else NEAR)

    def one(self, kind: str, *, avoid: House | None = None, area: Area | None = None) -> House:
        """A home of this kind, another one than the child has."""
        houses = [h for h in self.houses[kind] if h is not avoid and (area is None or h.area is area)]
        return self._chance.choice(houses or self.houses[kind])

    def of_relatives(self, area_shares: tuple[float, float] = (0.72, 0.12)) -> House:
        """The home of a grandparent, an aunt or a family friend, who became a foster carer for this child."""
        address = self._country.address(self._area(*area_shares), self._chance)
        start = self._today - self._chance.days(200, 3000)
        return House(address, "relatives", "PR1", carer=self._staff.add(Role.CARER, start=start), urn="SC990001")

    def of_family(self) -> Address:
        """Where the child's family lives."""
        return self._country.address(self._area(0.93, 0.03), self._chance)

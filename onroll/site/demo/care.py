"""A child's time in care: legal statuses and homes, put together as the national return counts episodes."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from onroll.codes.year_groups import age_on

from .chance import Chance, birthday, years
from .homes import House, Housing
from .places import Address

# Supported accommodation has a code of its own from this day on; before, it was semi-independent living.
SUPPORTED_FROM = date(2024, 4, 1)
# In each group of ages: what kind of home a child comes to first, and what kind later ones are.
_FIRST_HOME: dict[int, dict[str, float]] = {
    2: {"foster": 30, "agency foster": 16, "relatives": 17, "parents": 4, "family centre": 4},
    5: {"foster": 37, "agency foster": 29, "relatives": 16, "parents": 9},
    12: {"foster": 36, "agency foster": 34, "relatives": 16, "parents": 5, "children's home": 4},
    16: {"foster": 24, "agency foster": 28, "relatives": 12, "parents": 6, "children's home": 24, "custody": 1},
    19: {"foster": 11, "agency foster": 14, "relatives": 4, "children's home": 18, "supported": 48, "custody": 3},
}
_LATER_HOME: dict[int, dict[str, float]] = {
    2: {"foster": 40, "agency foster": 18, "relatives": 22, "parents": 10},
    5: {"foster": 40, "agency foster": 32, "relatives": 18, "parents": 8},
    12: {"foster": 35, "agency foster": 39, "relatives": 9, "parents": 8, "children's home": 9},
    16: {
        "foster": 19, "agency foster": 28, "relatives": 5, "parents": 8, "children's home": 35,
        "residential school": 3, "secure home": 1,
    },
    19: {
        "foster": 9, "agency foster": 12, "parents": 4, "children's home": 22, "supported": 52, "custody": 2,
        "hospital": 1,
    },
}  # fmt: skip
_WHY_MOVED = {
    "CARPL": 52, "CREQB": 13, "CREQO": 9, "CHILD": 6, "LAREQ": 8, "CLOSE": 4, "STAND": 3, "ALLEG": 2, "OTHER": 3,
}  # fmt: skip
NEEDS = {"N1": 66, "N2": 3, "N3": 4, "N4": 7, "N5": 13, "N6": 2, "N7": 0.5, "N8": 4.5}


@dataclass
class Stay:
    """One home from a day on. `why_left` says why it ended; temporary stays have no reason and no address."""

    start: date
    placement_type: str
    provider: str
    address: Address | None
    house: House | None = None
    urn: str = ""
    why_left: str = ""
    same_carers: bool = False

    @property
    def is_temporary(self) -> bool:
        return self.placement_type.startswith("T")


@dataclass
class Episode:
    start: date
    end: date | None
    legal_status: str
    reason_new: str
    reason_ceased: str
    category_of_need: str
    reason_place_change: str
    stay: Stay


@dataclass
class Period:
    """A period of care: why it began, every legal status and home in it with its first day, and how it ended."""

    start: date
    end: date | None
    reason_ceased: str
    category_of_need: str
    legal: list[tuple[date, str]] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)

    @property
    def episodes(self) -> list[Episode]:
        """A new episode on each day on which the legal status or the home changes (domain 06, 6.3)."""
        days = sorted({day for day, _ in self.legal} | {stay.start for stay in self.stays})
        made: list[Episode] = []
        for day in days:
            status = [code for since, code in self.legal if since <= day][-1]
            stay = [stay for stay in self.stays if stay.start <= day][-1]
            reason = "S"
            if made:
                before = made[-1]
                new_status, new_home = status != before.legal_status, stay is not before.stay
                if new_home:
                    same = stay.same_carers
                    reason = ("U" if same else "B") if new_status else ("T" if same else "P")
                else:
                    reason = "L"
                before.end, before.reason_ceased = day, "X1"
                if new_home and not stay.is_temporary:
                    before.reason_place_change = before.stay.why_left
            made.append(Episode(day, None, status, reason, "", self.category_of_need, "", stay))
        if self.end:
            made[-1].end, made[-1].reason_ceased = self.end, self.reason_ceased
        return made


def stay_in(kind: str, start: date, housing: Housing, chance: Chance, family: Address, now: Stay | None) -> Stay:
    """A home of this kind from a day on, other than the present one."""
    if kind == "parents":
        return Stay(start, "P1", "PR0", family)
    if kind == "relatives":
        house = housing.of_relatives()
        return Stay(start, "U1" if now and chance.happens(0.6) else "U3", "PR1", house.address, house, house.urn)
    house = housing.one(kind, avoid=now.house if now else None)
    code = {
        "foster": "U4" if now and chance.happens(0.5) else "U6",
        "agency foster": "U4" if now and chance.happens(0.5) else "U6",
        "children's home": "K2",
        "supported": "K3" if start >= SUPPORTED_FROM else "H5",
        "adopters": "A6",
        "residential school": "S1",
        "family centre": "R3",
        "custody": "R5",
        "secure home": "K1",
        "hospital": "R2",
    }[kind]
    urn = "" if code in ("R5", "R2", "H5") else house.urn
    return Stay(start, code, house.provider, house.address, house, urn)


def draw_homes(
    period: Period,
    born_on: date,
    housing: Housing,
    chance: Chance,
    family: Address,
    *,
    last: date,
    planned_end: date,
    outcome: str,
) -> None:
    """The homes of a period of care, up to its last day or today. For adoption half of it is the adopters' home."""
    start = period.start
    adopted_from = _placed_for_adoption_from(period, planned_end) if outcome == "adopted" else None
    kind = chance.one_of(_of_age(_FIRST_HOME, born_on, start))
    if outcome == "asylum":
        kind = "supported" if age_on(born_on, on=start) >= 16 and chance.happens(0.6) else "agency foster"
    if outcome == "sgo" and chance.happens(0.6):
        kind = "relatives"
    now = stay_in(kind, start, housing, chance, family, None)
    period.stays = [now]
    # Many first homes are found in a hurry and last days or weeks; later ones last years, and fewer for teenagers.
    in_a_hurry = kind != "relatives" and chance.happens(0.34)
    until = start + (chance.days(6, 90) if in_a_hurry else _length(born_on, start, chance))
    while until < last - timedelta(days=2):
        if adopted_from and until >= adopted_from:
            break
        until = weekday_by(until)
        now.why_left = chance.one_of(_WHY_MOVED)
        now = stay_in(chance.one_of(_of_age(_LATER_HOME, born_on, until)), until, housing, chance, family, now)
        period.stays.append(now)
        until = until + _length(born_on, until, chance)
    if adopted_from and now.start < adopted_from < last - timedelta(days=30):
        now.why_left = "CARPL"
        now = stay_in("adopters", adopted_from, housing, chance, family, now)
        now.placement_type = "A4" if period.legal[-1][1] == "V2" else "A6"
        period.stays.append(now)
    _end_supported_before_its_code(period, last)
    if chance.happens(0.02) and now.house and now is period.stays[-1]:
        _away_for_days(period, chance, last)


def _placed_for_adoption_from(period: Period, planned_end: date) -> date | None:
    """After half of the time, and not before the court has made the placement order where there is to be one."""
    halfway = period.start + (planned_end - period.start) / 2
    if period.legal[-1][1] == "V2":
        return halfway
    ordered = next((day for day, code in period.legal if code == "E1"), None)
    return max(halfway, ordered + timedelta(days=21)) if ordered else None


def _length(born_on: date, day: date, chance: Chance) -> timedelta:
    """How long a home lasts."""
    age = age_on(born_on, on=day)
    # Most homes last for years; some break down within months, and more of them the older the child.
    breaks_down = chance.happens(0.1 if age < 10 else 0.2 if age < 14 else 0.3)
    mean = 0.3 if breaks_down else 4.2 if age < 10 else 3.2
    return max(years(chance.expovariate(1 / mean)), timedelta(days=9))


def _of_age(table: dict[int, dict[str, float]], born_on: date, day: date) -> dict[str, float]:
    age = age_on(born_on, on=day)
    return next(weights for below, weights in table.items() if age < below or below == 19)


def _end_supported_before_its_code(period: Period, last: date) -> None:
    """Who lived in semi-independent accommodation when its code ended stayed on under the new code."""
    for at, stay in enumerate(period.stays):
        until = period.stays[at + 1].start if at + 1 < len(period.stays) else last
        if stay.placement_type == "H5" and stay.start < SUPPORTED_FROM < until and stay.house:
            after = Stay(
                SUPPORTED_FROM, "K3", stay.provider, stay.address, stay.house, stay.house.urn, stay.why_left, True
            )
            stay.why_left = "PLACE"
            period.stays.insert(at + 1, after)
            return


def _away_for_days(period: Period, chance: Chance, last: date) -> None:
    """A few days in hospital or while the carers are on holiday, and back."""
    home = period.stays[-1]
    start = home.start + timedelta(days=40)
    if start + timedelta(days=30) < last and not home.placement_type.startswith("A"):
        start = chance.day(start, last - timedelta(days=20))
        away = Stay(start, chance.one_of({"T1": 3, "T3": 5, "T4": 2}), "", None)
        back = Stay(start + chance.days(2, 7), home.placement_type, home.provider, home.address, home.house, home.urn)
        period.stays += [away, back]


def draw_legal(period: Period, chance: Chance, *, age: int, last: date, outcome: str) -> None:
    """The legal statuses of a period of care, up to its last day or today."""
    start = period.start
    if outcome in ("asylum", "remand"):
        period.legal = [(start, "V2" if outcome == "asylum" else "J1")]
        return
    agreed = {"home": 0.62, "sgo": 0.15, "adopted": 0.03, "long": 0.5 if age >= 15 else 0.1}[outcome]
    if chance.happens(agreed):
        period.legal = [(start, "V2")]
        return
    first = chance.one_of({"C1": 52, "V2": 27, "L1": 9, "L2": 12} if age < 16 else {"C1": 40, "V2": 60})
    wanted = [(start, first)]
    ordered = start
    if first != "C1":
        ordered = start + (chance.days(5, 40) if first == "V2" else chance.days(2, 7))
        wanted.append((ordered, "C1"))
    decided = weekday_by(ordered + chance.days(170, 370))
    if outcome == "adopted":
        wanted.append((decided, "E1"))
    elif outcome == "long" or (outcome == "sgo" and chance.happens(0.4)):
        wanted.append((decided, "C2"))
    # An order that would come after the last day has not been made.
    period.legal = [(day, code) for day, code in wanted if day < last]


def weekday_by(day: date) -> date:
    """The day, or the Friday before a Saturday or Sunday."""
    return day - timedelta(days=max(day.weekday() - 4, 0))


def reason_ceased(outcome: str, born_on: date, end: date, stay: Stay, chance: Chance) -> str:
    """Why a period of care that had this outcome ended on this day."""
    if end >= birthday(born_on, 18):
        if stay.placement_type.startswith("U"):
            return chance.one_of({"E17": 60, "E5": 30, "E6": 6, "E7": 4})
        return chance.one_of({"E5": 70, "E6": 14, "E7": 9, "E8": 7})
    if outcome == "adopted":
        return chance.one_of({"E12": 78, "E11": 22})
    if outcome == "sgo":
        if stay.placement_type in ("U1", "U3"):
            return "E45"
        return chance.one_of({"E47": 60, "E46": 25, "E48": 15})
    if outcome == "remand":
        return chance.one_of({"E14": 70, "E9": 30})
    if outcome == "asylum":
        return chance.one_of({"E15": 50, "E13": 30, "E3": 20})
    if stay.placement_type in ("U1", "U3") and chance.happens(0.3):
        return "E41"
    return chance.one_of({"E4A": 58, "E4B": 22, "E13": 10, "E41": 4, "E3": 3, "E8": 3})

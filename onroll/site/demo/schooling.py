"""Where a child learns: from nursery to college, with the moves that a life in care brings."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from onroll.children.models import Disclosure, SchoolPlace
from onroll.codes.year_groups import age_on, year_group_of
from onroll.schools.models import School

from .calendar import school_day_from
from .care import Stay
from .chance import Chance, birthday
from .places import ASHCOMBE, FAR, Area
from .schools import CLOSED, SUCCESSOR, Register, Setting

Phase, Kind, Left = School.Phase, SchoolPlace.Kind, SchoolPlace.LeavingReason

_HOURS = {
    Phase.EARLY_YEARS: 15,
    Phase.PRIMARY: 32.5,
    Phase.SECONDARY: 32.5,
    Phase.SPECIAL: 30,
    Phase.PRU: 25,
    Phase.AP: 25,
    Phase.POST16: 17,
    Phase.OTHER: 20,
}
WHY = (
    "Nearest good school to the new home.",
    "Brothers and sisters are already there.",
    "Named in the education, health and care plan.",
    "Kept after the move of home, so that friends and teachers stay the same.",
    "Good support for trauma; the designated teacher knows the family.",
    "Asked for by the young person after a visit.",
)


@dataclass
class Place:
    setting: Setting | None
    kind: str
    start: date
    end: date | None = None
    hours: float | None = None
    full_time: float | None = None
    leaving_reason: str = ""
    why: str = ""
    disclosure: str = Disclosure.ORDINARY
    confirmed_on: date | None = None
    follows_closure: bool = False


def full_time_hours(setting: Setting) -> float:
    return _HOURS.get(setting.record.phase, 32.5)  # type: ignore[call-overload]


def place_at(setting: Setting, start: date, **facts: object) -> Place:
    hours = full_time_hours(setting)
    return replace(Place(setting, Kind.MAIN, start, hours=hours, full_time=hours), **facts)  # type: ignore[arg-type]


@dataclass
class Schooling:
    """Works out one child's main places, day by day where something changes."""

    register: Register
    chance: Chance
    born_on: date
    today: date
    # The homes with their first days, oldest first; before them the family's area.
    family_area: Area
    stays: list[Stay]
    known_from: date
    until: date | None
    special_from: date | None = None
    abroad_until: date | None = None

    def places(self) -> list[Place]:
        last = self.until or self.today
        made: list[Place] = []
        for day, why in self._days_of_change(last):
            self._change(made, day, why)
        for place in made:
            if place.end is None and self.until:
                place.end = self.until
        made = [place for place in made if place.end is None or place.end > place.start]
        made = [place for place in made if place.end is None or place.end > self.known_from]
        return self._with_conversion(made)

    def _days_of_change(self, last: date) -> list[tuple[date, str]]:
        days = [(stay.start, "home") for stay in self.stays if not stay.is_temporary and not stay.same_carers]
        days += [(first, "transfer") for first in self._transfers()]
        nursery = school_day_from(birthday(self.born_on, 3) + self.chance.days(0, 150))
        if nursery < self._first_of(0):
            days.append((nursery, "nursery"))
        if self.special_from:
            days.append((self.special_from, "special"))
        for age in range(6, 16):
            # Moves that no change of home explains: excluded, or the place did not work out.
            if self.chance.happens(0.008 if age < 11 else 0.025):
                days.append((birthday(self.born_on, age) + self.chance.days(0, 364), "trouble"))
        first = self.abroad_until or date.min
        return sorted((day, why) for day, why in days if first <= day <= last)

    def _first_of(self, year: int) -> date:
        """1 September of a year group of this child."""
        on = date(self.born_on.year + 4 + year, 9, 1)
        return on if year_group_of(self.born_on, on=on).number == year else date(on.year + 1, 9, 1)

    def _area(self, day: date) -> Area:
        area = self.family_area
        for stay in self.stays:
            if stay.start <= day and stay.address is not None:
                area = stay.address.spot.area
        return area

    def _change(self, made: list[Place], day: date, why: str) -> None:
        chance = self.chance
        now = made[-1] if made and made[-1].end is None else None
        wanted = self._phase_on(day)
        if why == "home" and now and now.setting:
            area = self._area(day)
            if now.setting.area is area and not chance.happens(0.03):
                return
            near = area not in FAR and now.setting.area not in FAR
            if near and now.setting.area is not area and chance.happens(0.88):
                now.why = now.why or WHY[3]
                return
        if why == "trouble" and (now is None or wanted not in (Phase.PRIMARY, Phase.SECONDARY)):
            return
        new = self._pick(day, wanted, now, why)
        if why in ("transfer", "nursery"):
            if now and new and now.setting is new:
                return
            if now:
                now.end, now.leaving_reason = day, Left.NORMAL_TRANSFER if why == "transfer" else ""
            if new:
                made.append(place_at(new, day))
            return
        if new is None:
            return
        gap = timedelta(0)
        if now or day > self.known_from:
            gap = timedelta(chance.one_of({0: 58, 4: 12, 9: 12, 16: 9, 27: 6, 48: 3}))
        # Nobody but those of the cast waits for a school today by chance: the few who do are chosen.
        start = school_day_from(day + gap)
        if start > self.today or any(day < fixed <= start for fixed in self._transfers()):
            if now or day > self.today - timedelta(days=14):
                return
            start = day
        if now:
            now.end = day
            now.leaving_reason = Left.PLANNED_MOVE if why == "special" or chance.happens(0.6) else Left.UNPLANNED
            if why == "trouble" and wanted == Phase.SECONDARY and chance.happens(0.35):
                now.leaving_reason = Left.EXCLUDED
        why_here = chance.choice(WHY) if chance.happens(0.25) else ""
        made.append(place_at(new, start, why=why_here))

    def _transfers(self) -> list[date]:
        return [self._first_of(year) for year in (0, 7, 12)]

    def _phase_on(self, day: date) -> str | None:
        year = year_group_of(self.born_on, on=day).number
        if year < 0:
            return Phase.EARLY_YEARS if age_on(self.born_on, on=day) >= 2 else None
        if year >= 12:
            return Phase.POST16
        if self.special_from and day >= self.special_from:
            return Phase.SPECIAL
        return Phase.PRIMARY if year < 7 else Phase.SECONDARY

    def _pick(self, day: date, wanted: str | None, now: Place | None, why: str) -> Setting | None:
        """The next setting; None where there is to be none."""
        chance, area = self.chance, self._area(day)
        if wanted is None:
            return None
        in_special = now is not None and now.setting is not None and now.setting.record.phase == Phase.SPECIAL
        if wanted == Phase.POST16:
            return now.setting if now and in_special and chance.happens(0.7) else self._post_16(day, area)
        if wanted == Phase.EARLY_YEARS and chance.happens(0.2):
            return None
        if wanted == Phase.SECONDARY and why == "trouble" and chance.happens(0.3):
            wanted = Phase.PRU if area not in FAR and chance.happens(0.6) else Phase.AP
            return chance.choice(self.register.open_on(day, ASHCOMBE, wanted))
        if now and in_special and why == "transfer":
            return now.setting
        found = self.register.open_on(day, area, wanted)
        if not found:
            found = self.register.open_on(day, ASHCOMBE, wanted)
        # More go to the school that will close, so that there are children who passed to the academy.
        found += [s for s in found if s.name == CLOSED] * 2
        others = [s for s in found if now is None or s is not now.setting]
        return chance.choice(others or found)

    def _post_16(self, day: date, area: Area) -> Setting | None:
        chance = self.chance
        if chance.happens(0.13):
            return None
        register = self.register
        if chance.happens(0.2):
            found = [s for s in register.open_on(day, area, Phase.SECONDARY) if s.record.age_high == 18]
        else:
            found = register.open_on(day, area, Phase.POST16)
        return chance.choice(found or register.open_on(day, ASHCOMBE, Phase.POST16))

    def _with_conversion(self, places: list[Place]) -> list[Place]:
        """Children of the school that closed passed to its successor in one act."""
        closed, on = self.register[CLOSED], self.register[SUCCESSOR].record.opened_on
        made: list[Place] = []
        for place in places:
            if on and place.setting is closed and place.start >= on:
                place.setting = self.register[SUCCESSOR]
            made.append(place)
            if on and place.setting is closed and place.start < on and (place.end is None or place.end > on):
                after = replace(
                    place, setting=self.register[SUCCESSOR], start=on, follows_closure=True, why="", confirmed_on=None
                )
                place.end, place.leaving_reason = on, ""
                made.append(after)
        return made

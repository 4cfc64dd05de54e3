"""The children: who they are, how they came into care, what they need. Drawn near the national figures."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from onroll.children.models import Child, Disclosure, Status
from onroll.codes import uln as ulns
from onroll.codes import upn as upns
from onroll.codes.working_days import add_working_days
from onroll.codes.year_groups import age_on, year_group_of

from .care import NEEDS, Period, draw_homes, draw_legal, reason_ceased, stay_in, weekday_by
from .chance import Chance, Deck, birthday, same_day, years
from .homes import Housing
from .names import ETHNICITIES, NICKNAMES, SEEKING_ASYLUM, Origin, family_name, given_name
from .places import Address
from .schooling import Place, Schooling
from .schools import Register

# How far back the records go; who left care before is not held.
WINDOW = years(3)

# Age at coming into care, in bands, and how care then ends. Completed stays average about two and a half years, so
# that about four in ten of those in care leave within a year, as they do nationally.
_ALONE = (15, 17.8)
_ENTRY = {(0, 1): 24, (1, 5): 18, (5, 10): 15, (10, 16): 27, (16, 18): 10, _ALONE: 15}
_OUTCOMES = {
    1: {"adopted": 36, "sgo": 22, "home": 34, "long": 8},
    5: {"adopted": 18, "sgo": 24, "home": 42, "long": 16},
    10: {"sgo": 16, "home": 56, "long": 28},
    16: {"sgo": 3, "home": 44, "long": 51, "remand": 2},
    18: {"home": 24, "long": 70, "remand": 6},
}
_MEAN_YEARS = {"adopted": 1.6, "sgo": 1.2, "home": 0.75, "remand": 0.2, "asylum": 0.5}

# For a hundred of school age and older; those who came alone have few needs recorded.
_SEN = {"E": 35, "K": 28, "N": 37}
_SEN_YOUNG = {"E": 6, "K": 14, "N": 80}
_NEED: dict[str, dict[str, float]] = {
    "E": {"SEMH": 46, "ASD": 16, "SLCN": 12, "MLD": 11, "SLD": 4, "SPLD": 3, "OTH": 3, "PD": 2, "PMLD": 1, "DS": 1,
          "HI": 0.5, "VI": 0.5},
    "K": {"SEMH": 51, "SLCN": 18, "MLD": 11, "SPLD": 9, "OTH": 4, "ASD": 3, "NSA": 4},
}  # fmt: skip
_RELIGIONS = {"": 22, "No religion": 40, "Christian": 22, "Catholic": 4, "Muslim": 8, "Not disclosed": 3, "Sikh": 1}


@dataclass
class Life:
    """Everything the record will hold of one child."""

    given_name: str
    family_name: str
    sex: str
    born_on: date
    ethnicity: str
    known_as: str = ""
    held_as: str = Child.HeldAs.OWN
    number: str = ""
    upn: str = ""
    upn_unknown: str = ""
    former_upn: str = ""
    uln: str = ""
    first_language: str = "English"
    religion: str = ""
    asylum: bool = False
    asylum_until: date | None = None
    disabled: bool = False
    fsm: bool | None = None
    eal: bool = False
    family: Address | None = None
    periods: list[Period] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    sen: list[tuple[date, str]] = field(default_factory=list)
    need: str = ""
    need_from: date | None = None
    plan_from: date | None = None
    plan_review_on: date | None = None
    sdq: list[tuple[date, int | None, str]] = field(default_factory=list)
    reviews: list[tuple[date, str, bool]] = field(default_factory=list)
    missing: list[tuple[date, date | None, str]] = field(default_factory=list)
    permanence: tuple[str, str, str] | None = None
    contacts: list[tuple[date, str, str, str]] = field(default_factory=list)
    statuses: list[dict[str, object]] = field(default_factory=list)
    former_names: list[dict[str, object]] = field(default_factory=list)
    disclosure: str = Disclosure.NOT_TO_FAMILY
    social_worker: str = ""
    adviser: str = ""
    reviewing_officer: str = ""
    allocations: list[tuple[str, str, date, date | None]] = field(default_factory=list)

    @property
    def in_care_since(self) -> date:
        return self.periods[-1].start

    @property
    def left_on(self) -> date | None:
        return self.periods[-1].end if self.periods else None

    @property
    def main_places(self) -> list[Place]:
        return [place for place in self.places if place.kind == "main"]


@dataclass(frozen=True)
class _Plan:
    born_on: date
    outcome: str
    end: date


class Births:
    """Draws children one by one, until enough of them are in care today."""

    def __init__(self, register: Register, housing: Housing, *, seed: int, today: date) -> None:
        self.register, self.housing, self.today = register, housing, today
        self.chance = Chance(seed, "lives")
        self.since = today - WINDOW
        self._names: set[tuple[str, str]] = set()
        shares = {code: max(1, round(share * 2)) for code, (share, _) in ETHNICITIES.items()}
        # One deck for families with a child in care today, one for the others.
        self._ethnicity = {True: Deck(shares, self.chance), False: Deck(shares, self.chance)}
        self._sen, self._sen_left = Deck(_SEN, self.chance), Deck(_SEN, self.chance)

    def until_in_care(self, count: int) -> list[Life]:
        """Lives of which this many are in care today; the others left within the last three years.

        They come into care evenly over eighteen years, so that at any day of the three about as many are in care.
        """
        lives: list[Life] = []
        in_care = 0
        while in_care < count:
            for life in self._family():
                if life.left_on is None:
                    if in_care == count:
                        continue
                    in_care += 1
                lives.append(life)
        return lives

    def _family(self) -> list[Life]:
        """One child who came into care, or brothers and sisters who came together. None, if they left long ago."""
        chance = self.chance
        entry = chance.day(self.today - years(18), self.today - timedelta(days=2))
        band = chance.one_of(_ENTRY)
        asylum = band == _ALONE
        siblings = 1 if asylum else chance.one_of({1: 84, 2: 11, 3: 5})
        age = chance.uniform(*band)
        plans = []
        for _ in range(siblings):
            plans.append(self._plan(entry - years(age), entry, asylum=asylum))
            age += chance.choice((-1, 1)) * chance.uniform(1.2, 3.5)
            if not 0.02 < age < 17.5:
                break
        kept = [plan for plan in plans if plan.end > self.since and plan.end > entry + timedelta(days=3)]
        if not kept:
            return []
        if asylum:
            origin, ethnicity = chance.one_of(SEEKING_ASYLUM)
            origins: tuple[Origin, ...] = (origin,)
        else:
            ethnicity = self._ethnicity[any(plan.end > self.today for plan in kept)].deal()
            origins = ETHNICITIES[ethnicity][1]
        surname = family_name(chance.choice(origins), chance)
        family = self.housing.of_family()
        return [self._life(plan, entry, ethnicity, origins, surname, family, asylum=asylum) for plan in kept]

    def _plan(self, born_on: date, entry: date, *, asylum: bool) -> "_Plan":
        """How care will end for this child, and when: at 18 at the latest."""
        chance = self.chance
        eighteen = birthday(born_on, 18)
        age = (entry - born_on).days / 365.25
        if asylum:
            outcome = "long" if chance.happens(0.93) else "asylum"
        else:
            outcome = chance.one_of(next(weights for below, weights in _OUTCOMES.items() if age < below or below == 18))
        if outcome == "long":
            return _Plan(born_on, outcome, eighteen)
        length = 0.02 + chance.gammavariate(1.6, _MEAN_YEARS[outcome] / 1.6)
        # No child is adopted within the year or so that the court takes.
        length = max(length, 1.25) if outcome == "adopted" else length
        return _Plan(born_on, outcome, min(entry + years(length), eighteen))

    def _life(
        self,
        plan: "_Plan",
        entry: date,
        ethnicity: str,
        origins: tuple[Origin, ...],
        surname: str,
        family: Address,
        *,
        asylum: bool,
    ) -> Life:
        chance, born_on, end = self.chance, plan.born_on, plan.end
        open_today = end > self.today
        last = self.today if open_today else end
        sex = chance.one_of({"M": 94, "F": 6} if asylum else {"M": 54.5, "F": 45.5})
        life = Life(self._given_name(origins, sex, surname), surname, sex, born_on, ethnicity, family=family)
        if asylum:
            life.asylum = True
            life.asylum_until = None if open_today else last
        period = Period(entry, None if open_today else end, "", "N8" if asylum else chance.one_of(NEEDS))
        kind = "asylum" if asylum else plan.outcome
        age = age_on(born_on, on=entry)
        draw_legal(period, chance, age=age, last=last, outcome=kind)
        draw_homes(period, born_on, self.housing, chance, family, last=last, planned_end=end, outcome=kind)
        if kind == "home" and not open_today and chance.happens(0.2) and period.legal[-1][1] in ("C1", "C2"):
            self._trial_at_home(period, life, last)
        if not open_today:
            period.reason_ceased = reason_ceased(kind, born_on, end, period.stays[-1], chance)
        life.periods = [period]
        if not asylum and age >= 3 and chance.happens(0.09):
            self._earlier_period(life)
        self.draw_the_rest(life)
        return life

    def _given_name(self, origins: tuple[Origin, ...], sex: str, surname: str) -> str:
        for _ in range(200):
            name = given_name(self.chance.choice(origins), sex, self.chance)
            if (name, surname) not in self._names:
                break
        self._names.add((name, surname))
        return name

    def _trial_at_home(self, period: Period, life: Life, last: date) -> None:
        """Home to the parents under the order for the last weeks, before it is discharged."""
        assert life.family is not None
        start = last - self.chance.days(20, 80)
        if period.stays[-1].start < start:
            period.stays[-1].why_left = "CARPL"
            period.stays.append(stay_in("parents", start, self.housing, self.chance, life.family, None))

    def _earlier_period(self, life: Life) -> None:
        chance = self.chance
        end = life.periods[0].start - chance.days(60, 1200)
        start = end - chance.days(20, 500)
        assert life.family is not None
        if start <= life.born_on + timedelta(days=5):
            return
        before = Period(start, end, chance.one_of({"E4A": 60, "E4B": 30, "E13": 10}), life.periods[0].category_of_need)
        age = age_on(life.born_on, on=start)
        draw_legal(before, chance, age=age, last=end, outcome="home")
        draw_homes(before, life.born_on, self.housing, chance, life.family, last=end, planned_end=end, outcome="home")
        life.periods.insert(0, before)

    # What every child in care has: numbers, needs, schools, reviews

    def draw_the_rest(self, life: Life) -> None:
        """All that follows from who the child is and how their care went."""
        self.draw_person(life)
        self.draw_needs(life)
        self.draw_schools(life)
        self.draw_sdq(life)
        self.draw_reviews(life)
        self.draw_events(life)
        if life.left_on:
            self.draw_afterwards(life)

    def last_day(self, life: Life) -> date:
        return life.left_on or self.today

    def draw_person(self, life: Life) -> None:
        chance, last = self.chance, self.last_day(life)
        origins = next((o for (o, code) in SEEKING_ASYLUM if code == life.ethnicity), None) if life.asylum else None
        spoken = origins.languages if origins else ETHNICITIES[life.ethnicity][1][0].languages
        life.first_language = chance.choice(spoken)
        if chance.happens(0.05):
            life.first_language = chance.choice(("", "Not disclosed"))
        life.eal = life.first_language not in ("English", "", "Not disclosed")
        life.religion = "Muslim" if life.asylum and chance.happens(0.6) else chance.one_of(_RELIGIONS)
        life.disabled = chance.happens(0.11)
        age = age_on(life.born_on, on=last)
        life.fsm = None if age < 4 else chance.happens(0.22)
        if chance.happens(0.4):
            life.known_as = NICKNAMES.get(life.given_name, "")
        if life.asylum:
            life.upn_unknown = chance.one_of({"UN2": 50, "UN3": 50}) if chance.happens(0.7) else ""
        elif age < 4:
            life.upn_unknown = "UN1"
        elif chance.happens(0.015):
            life.upn_unknown = "UN4"
        if not life.upn_unknown:
            life.upn = self.upn(life.born_on)
            if chance.happens(0.015):
                life.former_upn = self.upn(life.born_on)
        if age >= 14 and chance.happens(0.93):
            life.uln = self.uln()
        life.disclosure = chance.one_of(
            {
                Disclosure.NOT_TO_FAMILY: 63,
                Disclosure.ORDINARY: 25,
                Disclosure.NOT_TO_NAMED_PEOPLE: 7,
                Disclosure.NOT_TO_NAMED_PLACES: 2,
                Disclosure.ONLY_NAMED_USERS: 3,
            }
        )

    def upn(self, born_on: date) -> str:
        """A number with its right check letter, given by a school that exists only here."""
        year = (born_on.year + 4) % 100
        body = f"999{self.chance.randint(2001, 4090)}{year:02}{self.chance.randint(1, 999):03}"
        return upns.check_letter(body) + body

    def uln(self) -> str:
        while True:
            body = str(self.chance.randint(100_000_000, 999_999_998))
            digit = ulns.check_digit(body)
            if digit:
                return body + digit

    def draw_needs(self, life: Life) -> None:
        chance, last = self.chance, self.last_day(life)
        year = year_group_of(life.born_on, on=last).number
        if year < -2:
            return
        if life.asylum:
            value = chance.one_of({"N": 88, "K": 12})
        elif year < 0:
            value = chance.one_of(_SEN_YOUNG)
        else:
            value = (self._sen_left if life.left_on else self._sen).deal()
        began = max(date(life.born_on.year + 4, 9, 1), life.born_on + years(3))
        began = min(began, last - timedelta(days=30))
        life.sen = [(began, "N")]
        if value == "N":
            return
        support_from = chance.day(began, min(began + years(4), last - timedelta(days=20)))
        life.sen = [(began, "N"), (support_from, "K")] if support_from > began else [(began, "K")]
        life.need, life.need_from = chance.one_of(_NEED[value]), support_from
        if value == "E":
            issued = chance.day(support_from + timedelta(days=10), min(support_from + years(5), last))
            life.sen.append((issued, "E"))
            life.plan_from = issued
            life.plan_review_on = self._next_review(issued)
        if life.need in ("PD", "PMLD", "SLD", "DS", "HI", "VI"):
            life.disabled = True

    def _next_review(self, issued: date) -> date:
        """The yearly review after today. A few are late: last year's has not been held."""
        on = same_day(issued, self.today.year)
        if on <= self.today:
            on = same_day(issued, self.today.year + 1)
        return weekday_by(same_day(on, on.year - 1) if self.chance.happens(0.07) and on > issued + years(1.1) else on)

    def draw_schools(self, life: Life) -> None:
        chance = self.chance
        special = None
        if life.plan_from and chance.happens(0.5 if life.need in ("SEMH", "ASD", "SLD", "PMLD", "MLD") else 0.2):
            special = max(life.plan_from + chance.days(5, 200), date(life.born_on.year + 5, 9, 1))
        first = life.periods[0].start
        assert life.family is not None
        life.places = Schooling(
            self.register,
            chance,
            life.born_on,
            self.today,
            life.family.spot.area,
            [stay for period in life.periods for stay in period.stays],
            first - timedelta(days=1) if life.asylum else first - years(1.5),
            life.left_on,
            special,
            first if life.asylum else None,
        ).places()
        for place in life.places:
            if chance.happens(0.9):
                place.confirmed_on = min(place.start + chance.days(0, 20), self.today)
            if life.disclosure in (Disclosure.ONLY_NAMED_USERS, Disclosure.NOT_TO_NAMED_PLACES):
                place.disclosure = Disclosure.NOT_TO_FAMILY

    def draw_sdq(self, life: Life) -> None:
        """One score a year for those of 4 to 16 who were in care all year; for about one in five a reason instead."""
        chance = self.chance
        # Few lie between those who are well and those who give cause for concern.
        usual = chance.gauss(8.8, 3.5) if chance.happens(0.5) else chance.gauss(20.5, 4.5)
        for year in range(self.today.year - 3, self.today.year + 1):
            on = chance.day(date(year, 1, 8), date(year, 3, 28))
            age = age_on(life.born_on, on=on)
            in_care = life.in_care_since <= on - years(1) and (life.left_on is None or life.left_on > on)
            if not in_care or on > self.today or not 4 <= age <= 16:
                continue
            if chance.happens(0.78):
                life.sdq.append((on, max(0, min(40, round(usual + chance.gauss(0, 2.5)))), ""))
            else:
                life.sdq.append((on, None, chance.one_of({"SDQ2": 45, "SDQ4": 35, "SDQ5": 15, "SDQ3": 5})))

    def draw_reviews(self, life: Life) -> None:
        """Within 20 working days, three months later, then every six months: those of three years, and the next."""
        chance, last = self.chance, self.last_day(life)
        start = life.in_care_since
        on = add_working_days(start, chance.randint(14, 20))
        held = 0
        while on < last:
            if on > self.since:
                life.reviews.append((on, self._participation(life, on), True))
            held += 1
            on = add_working_days(on + timedelta(days=84 if held == 1 else 172), chance.randint(1, 5))
        if life.left_on is None:
            life.reviews.append((on, "", False))

    def _participation(self, life: Life, on: date) -> str:
        age = age_on(life.born_on, on=on)
        if age < 4:
            return "PN0"
        if age < 10:
            return self.chance.one_of({"PN1": 30, "PN3": 4, "PN4": 3, "PN5": 8, "PN6": 50, "PN7": 5})
        return self.chance.one_of({"PN1": 57, "PN2": 3, "PN4": 2, "PN5": 10, "PN6": 22, "PN7": 6})

    def draw_events(self, life: Life) -> None:
        """Times missing, an earlier permanence, a former name."""
        chance, last = self.chance, self.last_day(life)
        first = max(life.in_care_since, self.since)
        if age_on(life.born_on, on=last) >= 12 and chance.happens(0.36) and last > first + timedelta(days=30):
            for _ in range(chance.one_of({1: 3, 2: 3, 4: 3, 9: 2})):
                start = chance.day(first + timedelta(days=5), last - timedelta(days=8))
                kind = chance.one_of({"M": 80, "A": 20})
                life.missing.append((start, start + timedelta(days=chance.one_of({1: 70, 2: 18, 5: 8})), kind))
            life.missing = [each for at, each in enumerate(sorted(life.missing)) if at == 0 or _apart(life.missing, at)]
        if first - life.born_on > years(4) and not life.asylum and chance.happens(0.05):
            year = life.born_on.year + chance.randint(1, 3)
            sent = chance.choice((f"zz/zz/{year}", f"zz/{chance.randint(1, 12):02}/{year}"))
            life.permanence = (chance.one_of({"P1": 15, "P2": 55, "P3": 30}), "999", sent)
        if chance.happens(0.025) and life.born_on + years(1) < last:
            born_as = family_name(ETHNICITIES[life.ethnicity][1][0], chance)
            changed = chance.day(life.born_on + years(0.5), last)
            life.former_names.append(
                {"family_name": born_as, "given_name": life.given_name, "start": life.born_on, "end": changed,
                 "reason": chance.choice(("A parent married", "The child asked for it", "Change by deed poll"))}
            )  # fmt: skip

    def draw_afterwards(self, life: Life) -> None:
        """What the duty goes on to: previously looked after, or a care leaver."""
        chance, end = self.chance, life.left_on
        assert end is not None
        reason = life.periods[-1].reason_ceased
        kinds = {"E11": Status.Kind.ADOPTED, "E12": Status.Kind.ADOPTED, "E41": Status.Kind.CAO}
        kinds |= dict.fromkeys(("E45", "E46", "E47", "E48"), Status.Kind.SGO)
        if reason in kinds:
            life.statuses.append({"kind": kinds[reason], "start": end})
        if end < birthday(life.born_on, 16) + timedelta(days=91) or reason in ("E41", "E45", "E46", "E47", "E48"):
            return
        life.statuses.append({"kind": Status.Kind.CARE_LEAVER, "start": end})
        for age in (17, 18, 19, 20, 21):
            turned = birthday(life.born_on, age)
            # The return of a year tells of those who had this birthday in it.
            told = date(turned.year + (turned.month > 3), 3, 31)
            if end < told <= self.today:
                life.contacts.append(self._contact(told, chance))

    def _contact(self, on: date, chance: Chance) -> tuple[date, str, str, str]:
        if chance.happens(0.05):
            return (on, chance.one_of({"NO": 60, "REFU": 40}), "0", "0")
        activity = chance.one_of({"F2": 24, "F5": 16, "F1": 5, "F4": 4, "P2": 4, "P5": 4, "G5": 24, "G4": 13, "G6": 6})
        home = chance.one_of(
            {"U1": 34, "D1": 20, "B1": 14, "Z1": 11, "K1": 4, "E1": 4, "X2": 4, "S2": 3, "B2": 2, "W2": 1, "Y1": 3}
        )
        return (on, "YES", activity, home)


def _apart(missing: list[tuple[date, date | None, str]], at: int) -> bool:
    before, this = sorted(missing)[at - 1], sorted(missing)[at]
    return before[1] is not None and before[1] < this[0]

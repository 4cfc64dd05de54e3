"""The schools and settings of the demonstration, and their inspections. None of them exists."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from onroll.codes import EVALUATION_AREA
from onroll.schools.kinds import kind_by_key
from onroll.schools.models import School
from onroll.schools.searching import search_words_of

from .chance import Chance, years
from .places import AREAS, ASHCOMBE, CASTLEBURY, NEAR, NORTHMERE, Area, Country, Spot

Phase = School.Phase
# Two frameworks of inspection, with nothing between them: no overall grade is given after the first day.
LAST_OVERALL_GRADE = date(2024, 9, 1)
FIRST_REPORT_CARD = date(2025, 11, 10)

_TYPES = {
    "nursery": (Phase.EARLY_YEARS, "15", "Local authority nursery school", 2, 5),
    "day nursery": (Phase.EARLY_YEARS, "", kind_by_key("nursery").words, 0, 5),
    "primary": (Phase.PRIMARY, "01", "Community school", 3, 11),
    "primary academy": (Phase.PRIMARY, "34", "Academy converter", 3, 11),
    "church primary": (Phase.PRIMARY, "02", "Voluntary aided school", 4, 11),
    "secondary": (Phase.SECONDARY, "01", "Community school", 11, 16),
    "academy": (Phase.SECONDARY, "28", "Academy sponsor led", 11, 18),
    "converter": (Phase.SECONDARY, "34", "Academy converter", 11, 18),
    "special": (Phase.SPECIAL, "07", "Community special school", 4, 19),
    "special academy": (Phase.SPECIAL, "44", "Academy special converter", 4, 19),
    "independent special": (Phase.SPECIAL, "10", "Other independent special school", 7, 19),
    "pru": (Phase.PRU, "14", "Pupil referral unit", 11, 16),
    "ap": (Phase.AP, "42", "Academy alternative provision converter", 11, 16),
    "other ap": (Phase.AP, "", kind_by_key("alternative").words, 11, 18),
    "unregistered": (Phase.AP, "", kind_by_key("unregistered").words, 11, 18),
    "college": (Phase.POST16, "18", "Further education", 16, None),
    "training provider": (Phase.POST16, "", kind_by_key("college").words, 16, 25),
    "tuition": (Phase.AP, "", kind_by_key("tuition").words, 8, 18),
}

FERNHILL, LARKFIELD, WEXCOMBE = "Fernhill Academy", "Larkfield Primary School", "Wexcombe High School"
HOLLIN_BANK = "Hollin Bank Primary School"
ST_OSYTHS, ST_ANNES = "St Osyth’s High School", "St Anne’s Primary School"
CASTLE_ROAD, NORTHMERE_COLLEGE, ASHCOMBE_COLLEGE = "Castle Road School", "Northmere College", "Ashcombe College"
RIDGEWAY = "Ridgeway School"
CLOSED, SUCCESSOR = "Tarn Lane Primary School", "Tarn Lane Academy"
PRU, AP = "The Bridge Centre", "Greenways Alternative Provision"

# Those that are always there: area, kind, name, town.
_NAMED = (
    (ASHCOMBE, "academy", FERNHILL, "Fernhill"),
    (ASHCOMBE, "primary", LARKFIELD, "Larkfield"),
    (ASHCOMBE, "primary", HOLLIN_BANK, "Hollin Bank"),
    (ASHCOMBE, "secondary", WEXCOMBE, "Wexcombe"),
    (ASHCOMBE, "converter", CASTLE_ROAD, "Ashcombe"),
    (ASHCOMBE, "special", RIDGEWAY, "Mossway"),
    (ASHCOMBE, "special academy", "Brackenfield School", "Great Orling"),
    (ASHCOMBE, "independent special", "Kestrel House School", "Tarnside"),
    (ASHCOMBE, "pru", PRU, "Ashcombe"),
    (ASHCOMBE, "ap", "Lantern Academy", "Hollin Bank"),
    (ASHCOMBE, "other ap", AP, "Tarnside"),
    (ASHCOMBE, "unregistered", "Spokes Bike Workshop", "Ashcombe"),
    (ASHCOMBE, "tuition", "Pathfinder Tuition", "Ashcombe"),
    (ASHCOMBE, "college", ASHCOMBE_COLLEGE, "Ashcombe"),
    (ASHCOMBE, "training provider", "Anvil Skills", "Mossway"),
    (ASHCOMBE, "nursery", "Hollin Bank Nursery School", "Hollin Bank"),
    (ASHCOMBE, "day nursery", "Acorns Day Nursery", "Larkfield"),
    (ASHCOMBE, "day nursery", "Little Wrens Nursery", "Great Orling"),
    (ASHCOMBE, "primary", CLOSED, "Tarnside"),
    (ASHCOMBE, "primary academy", SUCCESSOR, "Tarnside"),
    (NORTHMERE, "secondary", ST_OSYTHS, "Osyth Green"),
    (NORTHMERE, "college", NORTHMERE_COLLEGE, "Northmere"),
    (NORTHMERE, "special", "Fallow Park School", "Upper Fallow"),
    (CASTLEBURY, "church primary", ST_ANNES, "Annesley Cross"),
    (CASTLEBURY, "college", "Castlebury College", "Castlebury"),
    (CASTLEBURY, "special", "Dunmoor School", "Dunmoor"),
)  # fmt: skip

# How many more of each kind there are in Ashcombe, in a near neighbour and in a far one.
_MORE = (
    (ASHCOMBE, {"primary": 7, "primary academy": 5, "church primary": 4, "secondary": 2, "converter": 3}),
    *((area, {"primary": 2, "church primary": 1, "academy": 1, "day nursery": 1}) for area in NEAR),
    *(
        (area, {"primary": 1, "church primary": 1, "academy": 1, "special": 1, "college": 1})
        for area in AREAS
        if area not in (ASHCOMBE, *NEAR)
    ),
)

_FIRST = (
    "Alderbrook", "Ashlea", "Beechfield", "Birchgrove", "Bluebell", "Broomhill", "Cedar", "Chapel Lane", "Cloverdale",
    "Copperfields", "Dovecote", "Elmhurst", "Fairmead", "Foxglove", "Greenacre", "Hazelwood", "Heathfield", "Highfold",
    "Hollybank", "Kingfisher", "Lakeview", "Limewood", "Long Meadow", "Mayfield", "Millbrook", "Oakdene", "Parkhill",
    "Primrose", "Quarrybank", "Riverside", "Sandhill", "Silverdale", "Springwell", "Stonebridge", "Sunnybrow",
    "Thornlea", "Valley Road", "Waterside", "Westbourne", "Woodside",
)  # fmt: skip
_SAINTS = (
    "St Aldhelm’s", "St Brigid’s", "St Chad’s", "St Cuthbert’s", "St Edith’s", "St Frideswide’s", "St Hilda’s",
    "St Mildred’s", "St Oswin’s", "St Wilfrid’s", "St Winefride’s", "Holy Cross", "All Hallows’", "Corpus Christi",
)  # fmt: skip


@dataclass
class Setting:
    """A school or setting: its record, where it lies and what kind it is. `seen` are its inspections."""

    record: School
    spot: Spot
    kind: str
    seen: list[tuple[date, int | None, dict[str, str]]] = field(default_factory=list)

    @property
    def area(self) -> Area:
        return self.spot.area

    @property
    def name(self) -> str:
        return self.record.name


class Register:
    """Every school and setting, found by name or by kind and place."""

    def __init__(self, country: Country, *, seed: int, today: date, children: int) -> None:
        self._country = country
        self._chance = Chance(seed, "schools")
        self._today = today
        # More children need more schools, though not in the same measure.
        scale = max(1.0, (children / 420) ** 0.6)
        self.closed_on = date(today.year - 1 - (today.month < 9), 8, 31)
        self.settings: list[Setting] = []
        for area, kind, name, town in _NAMED:
            self._add(area, kind, name, town)
        for area, kind, name in _names(scale, self._chance):
            self._add(area, kind, name, self._chance.choice(area.towns))
        self.by_name = {setting.name: setting for setting in self.settings}
        self._convert()

    def __getitem__(self, name: str) -> Setting:
        return self.by_name[name]

    def open_on(self, day: date, area: Area, *phases: str) -> list[Setting]:
        """Settings of these phases in an area that a child can start at. Fernhill Academy is kept for the cast."""
        kept = (FERNHILL, SUCCESSOR if day <= self.closed_on else CLOSED)
        return [s for s in self.settings if s.area is area and s.record.phase in phases and s.name not in kept]

    def _add(self, area: Area, kind: str, name: str, town: str) -> None:
        chance = self._chance
        phase, type_code, type_words, age_low, age_high = _TYPES[kind]
        number = len(self.settings) + 1
        # What no register holds has been added by the authority, and has a number of the authority's own.
        registered = bool(type_code)
        urn = f"{990_000 + number}" if registered else ""
        spot = chance.choice([spot for spot in self._country.spots[area] if spot.town == town])
        short = "".join(letter for letter in name.lower().replace(" ", "-") if letter.isalnum() or letter == "-")
        setting = Setting(
            record=School(
                public_id=chance.uuid(),
                setting_id=urn or f"S{number:05}",
                urn=urn,
                laestab=f"{area.la_code}{2000 + number if phase == Phase.PRIMARY else 4000 + number}" if urn else "",
                ukprn=f"1099{number:04}" if registered else "",
                name=name,
                la_code=area.la_code,
                phase=phase,
                type_code=type_code,
                type_words=type_words,
                opened_on=chance.day(date(1965, 9, 1), date(2015, 9, 1)).replace(month=9, day=1),
                street=f"{chance.randint(1, 90)} {town} Road",
                town=town,
                county=area.name if area.name != town else "",
                postcode=spot.postcode,
                phone=f"01632 960{number % 1000:03}",
                website=f"https://{short}.example",
                age_low=age_low,
                age_high=age_high,
                gender="Mixed",
                trust_name="Orling Learning Trust" if "cademy" in type_words and chance.happens(0.6) else "",
                easting=spot.easting,
                northing=spot.northing,
                high_cost=kind == "independent special",
            ),
            spot=spot,
            kind=kind,
        )
        setting.record.search_words = search_words_of(setting.record)
        self.settings.append(setting)
        if registered:
            setting.seen = self._inspections(setting)

    def _convert(self) -> None:
        """One school closed and its academy took the children: no move and no day without a place."""
        before, after = self[CLOSED].record, self[SUCCESSOR].record
        before.status, before.closed_on = School.Status.CLOSED, self.closed_on
        after.opened_on = date(self.closed_on.year, 9, 1)
        self[SUCCESSOR].seen = []

    def _inspections(self, setting: Setting) -> list[tuple[date, int | None, dict[str, str]]]:
        chance = self._chance
        found: list[tuple[date, int | None, dict[str, str]]] = []
        on = _weekday(chance.day(date(2015, 1, 12), date(2019, 6, 28)))
        while on <= LAST_OVERALL_GRADE and on < self._today:
            found.append((on, chance.one_of({1: 15, 2: 68, 3: 13, 4: 4}), {}))
            on = _weekday(on + years(chance.uniform(2.6, 4.4)))
        if self._today > FIRST_REPORT_CARD and chance.happens(0.3):
            on = _weekday(chance.day(FIRST_REPORT_CARD, self._today - years(0.05)))
            found.append((on, None, self._report_card(setting)))
        return found

    def _report_card(self, setting: Setting) -> dict[str, str]:
        """A grade for each area that this kind of school is seen in, mostly alike."""
        chance = self._chance
        usual = {"EXC": 3, "STR": 26, "EXP": 52, "NEA": 16, "URG": 3}
        middle = chance.one_of(usual)
        leave_out = set()
        if setting.record.phase not in (Phase.PRIMARY, Phase.EARLY_YEARS):
            leave_out.add("EY")
        if setting.kind not in ("academy", "converter", "college"):
            leave_out.add("P16")
        grades = {
            area.code: middle if chance.happens(0.6) else chance.one_of(usual)
            for area in EVALUATION_AREA
            if area.code not in leave_out
        }
        grades["SAF"] = "NOT" if middle == "URG" else "MET"
        return grades


def _names(scale: float, chance: Chance) -> Iterator[tuple[Area, str, str]]:
    """Names for the schools that are not named above, each once."""
    used: set[str] = set()

    def fresh(names: tuple[str, ...], endings: tuple[str, ...]) -> str:
        while True:
            name = f"{chance.choice(names)} {chance.choice(endings)}"
            if name not in used:
                used.add(name)
                return name

    for area, kinds in _MORE:
        for kind, count in kinds.items():
            for _ in range(round(count * scale)):
                if kind == "church primary":
                    yield area, kind, fresh(_SAINTS, ("Primary School", "Catholic Primary School", "C of E Primary"))
                elif kind in ("primary", "primary academy"):
                    yield area, kind, fresh(_FIRST, ("Primary School", "Community Primary", "Primary Academy"))
                elif kind == "special":
                    yield area, kind, fresh(_FIRST, ("School", "Park School"))
                elif kind == "college":
                    yield area, kind, fresh((area.name,), ("College", "Sixth Form College", "Technical College"))
                elif kind == "day nursery":
                    yield area, kind, fresh(_FIRST, ("Day Nursery",))
                else:
                    yield area, kind, fresh(_FIRST, ("High School", "Academy", "Community College"))


def _weekday(day: date) -> date:
    return day.fromordinal(day.toordinal() - max(day.weekday() - 4, 0))

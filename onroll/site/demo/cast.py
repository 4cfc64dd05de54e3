"""The children whose stories show what the product is for. They are the same for every seed and every size.

Their stories are told as of the academic year 2026-27 and move on with the years, so that Mia is always in Year 9.
"""

from datetime import date, timedelta

from onroll.access.roles import Role
from onroll.children.models import Child, Disclosure, SchoolPlace, Status

from .calendar import first_year_of
from .care import Period, Stay, weekday_by
from .chance import same_day, years
from .homes import House, Housing
from .lives import Births, Life
from .places import ASHCOMBE, CASTLEBURY, NORTHMERE
from .schooling import Place, full_time_hours, place_at
from .schools import (
    ASHCOMBE_COLLEGE,
    CASTLE_ROAD,
    FERNHILL,
    HOLLIN_BANK,
    LARKFIELD,
    NORTHMERE_COLLEGE,
    PRU,
    ST_ANNES,
    ST_OSYTHS,
    WEXCOMBE,
    Register,
)
from .staff import ALICE, CAROL, JO, PRIYA, RAVI, TOM

TOLD_IN = 2026
Left = SchoolPlace.LeavingReason
# Mia's number is the one in the pictures of the pages; the others' are drawn.
MIAS_NUMBER = "20417"


class Cast:
    """Tells the stories: `lives` are theirs, in the order in which they are told."""

    def __init__(self, births: Births, register: Register, housing: Housing, *, today: date) -> None:
        self._births, self._register, self._housing, self._today = births, register, housing, today
        self._shift = first_year_of(today) - TOLD_IN
        self.lives: list[Life] = []
        self._mia()
        self._at_fernhill()
        self._at_larkfield()
        self._jayden()
        self._samir()
        self._tyler()
        self._ruby()
        self._caitlin()

    def _day(self, year: int, month: int, day: int) -> date:
        return same_day(date(year, month, day), year + self._shift)

    def _ago(self, count: int) -> date:
        """A day this many days ago, and no Saturday or Sunday."""
        return weekday_by(self._today - timedelta(days=count))

    def _home(self, start: date, house: House, why_left: str = "", kind: str = "U4") -> Stay:
        return Stay(start, kind, house.provider, house.address, house, house.urn, why_left)

    def _childrens_home(self, start: date, why_left: str) -> Stay:
        house = self._housing.one("children's home")
        return self._home(start, house, why_left, "K2")

    def _foster(self, start: date, why_left: str = "", *, area: object = ASHCOMBE, kind: str = "U6") -> Stay:
        agency = "foster" if area is ASHCOMBE else "agency foster"
        return self._home(start, self._housing.one(agency, area=area), why_left, kind)  # type: ignore[arg-type]

    def _child(
        self,
        name: str,
        sex: str,
        born_on: date,
        ethnicity: str,
        *,
        legal: list[tuple[date, str]],
        stays: list[Stay],
        places: list[Place],
        social_worker: str,
        category: str = "N1",
        end: date | None = None,
        reason_ceased: str = "",
        asylum: bool = False,
        **facts: object,
    ) -> Life:
        given, family = name.split(" ", 1)
        births = self._births
        period = Period(legal[0][0], end, reason_ceased, category)
        period.legal = [(day, code) for day, code in legal if day <= self._today]
        period.stays = [stay for stay in stays if stay.start <= self._today]
        life = Life(given, family, sex, born_on, ethnicity, family=self._housing.of_family(), asylum=asylum)
        life.periods = [period]
        births.draw_person(life)
        life.disclosure = Disclosure.NOT_TO_FAMILY
        life.known_as, life.first_language, life.former_upn = "", "English", ""
        life.eal = life.disabled = False
        births.draw_reviews(life)
        births.draw_sdq(life)
        for fact, value in facts.items():
            setattr(life, fact, value)
        life.places = places
        for place in places:
            place.confirmed_on = min(place.start + timedelta(days=3), self._today) if place.setting else None
        life.social_worker, life.adviser, life.reviewing_officer = social_worker, PRIYA, CAROL
        self.lives.append(life)
        return life

    def _at(self, name: str, start: date, end: date | None = None, leaving_reason: str = "", why: str = "") -> Place:
        return place_at(self._register[name], start, end=end, leaving_reason=leaving_reason, why=why)

    def _mia(self) -> None:
        """Four homes and three schools in five years, five school days without a place, and a school that holds."""
        day = self._day
        september, february = day(2024, 9, 1), day(2025, 2, 10)
        mia = self._child(
            "Mia Dawson",
            "F",
            day(2013, 3, 4),
            "WBRI",
            legal=[(day(2021, 6, 18), "V2"), (day(2021, 9, 9), "C1"), (day(2022, 3, 25), "C2")],
            stays=[
                self._foster(day(2021, 6, 18), "CARPL"),
                self._foster(day(2021, 9, 2), "CREQO", kind="U4"),
                self._foster(day(2024, 8, 12), "CARPL", area=NORTHMERE),
                self._home(day(2025, 1, 20), self._housing.jean),
            ],
            places=[
                self._at(LARKFIELD, day(2017, 9, 1), september, Left.NORMAL_TRANSFER),
                self._at(WEXCOMBE, september, day(2025, 2, 3), Left.PLANNED_MOVE),
                self._at(FERNHILL, february, why="Close to Jean’s, and she knows two girls there."),
            ],
            social_worker=TOM,
            number=MIAS_NUMBER,
            sen=[(day(2017, 9, 1), "N"), (day(2022, 1, 10), "K")],
            need="SEMH",
            need_from=day(2022, 1, 10),
        )
        scores = [(day(2024, 10, 2), 19, ""), (day(2025, 9, 30), 15, ""), (day(2026, 9, 30), 12, "")]
        mia.sdq = [score for score in scores if score[0] <= self._today]
        mia.allocations.append((TOM, Role.SOCIAL_WORKER, day(2024, 5, 13), None))

    def _at_fernhill(self) -> None:
        day = self._day
        self._child(
            "Ellie-Mae Croft", "F", day(2011, 12, 9), "WBRI",
            legal=[(day(2019, 10, 7), "C1"), (day(2020, 6, 16), "C2")],
            stays=[self._foster(day(2019, 10, 7), "CARPL"), self._foster(day(2020, 2, 14), kind="U4")],
            places=[
                self._at(LARKFIELD, day(2018, 9, 1), day(2023, 9, 1), Left.NORMAL_TRANSFER),
                self._at(FERNHILL, day(2023, 9, 1)),
            ],
            social_worker=TOM, known_as="Ellie", sen=[(day(2016, 9, 1), "N")],
        )  # fmt: skip
        self._child(
            "Leila Haddad", "F", day(2011, 2, 21), "OOTH",
            legal=[(day(2024, 11, 4), "V2"), (day(2025, 1, 20), "C1"), (day(2025, 8, 12), "C2")],
            stays=[self._home(day(2024, 11, 4), self._housing.nadia, kind="U6")],
            places=[
                self._at(CASTLE_ROAD, day(2022, 9, 1), day(2024, 11, 11), Left.PLANNED_MOVE),
                self._at(FERNHILL, day(2024, 11, 11), why="Near Nadia’s home; offers three sciences."),
            ],
            social_worker=JO, sen=[(day(2015, 9, 1), "N")], first_language="Arabic", eal=True, religion="Muslim",
        )  # fmt: skip
        self._child(
            "Daniel Osei", "M", day(2015, 5, 17), "BAFR",
            legal=[(day(2025, 12, 15), "V2"), (day(2026, 2, 23), "C1")],
            stays=[self._foster(day(2025, 12, 15))],
            places=[
                self._at(LARKFIELD, day(2019, 9, 1), day(2026, 9, 1), Left.NORMAL_TRANSFER),
                self._at(FERNHILL, day(2026, 9, 1)),
            ],
            social_worker=TOM, sen=[(day(2019, 9, 1), "N")],
        )  # fmt: skip

    def _at_larkfield(self) -> None:
        day = self._day
        self._child(
            "Noah Birch", "M", day(2016, 4, 2), "WBRI",
            legal=[(day(2025, 8, 5), "C1"), (day(2026, 5, 12), "C2")],
            stays=[self._foster(day(2025, 8, 5), "CREQO"), self._foster(self._ago(14), kind="U4")],
            places=[
                self._at("Hollin Bank Nursery School", day(2019, 9, 2), day(2020, 9, 1)),
                self._at(HOLLIN_BANK, day(2020, 9, 1), self._ago(13), Left.PLANNED_MOVE),
                self._at(LARKFIELD, self._ago(13), why="In the same road as the new home; no school day was lost."),
            ],
            social_worker=RAVI, sen=[(day(2020, 9, 1), "N"), (day(2023, 1, 9), "K")], need="SLCN",
            need_from=day(2023, 1, 9),
        )  # fmt: skip
        self._child(
            "Kofi Mensah-Reid", "M", day(2016, 11, 23), "MWBA",
            legal=[(day(2023, 2, 10), "C1"), (day(2023, 10, 3), "C2")],
            stays=[self._foster(day(2023, 2, 10), "CARPL"), self._foster(day(2023, 6, 30), kind="U4")],
            places=[self._at(LARKFIELD, day(2021, 9, 1))],
            social_worker=JO, sen=[(day(2021, 9, 1), "N")],
            former_names=[
                {"given_name": "Kofi", "family_name": "Reid", "start": day(2016, 11, 23), "end": day(2024, 4, 8),
                 "reason": "He asked to carry his father’s name too"}
            ],
        )  # fmt: skip
        came = self._ago(8)
        self._child(
            "Ava Thornley", "F", day(2022, 6, 14), "WBRI",
            legal=[(came, "V2")],
            stays=[self._foster(came)],
            places=[self._at(LARKFIELD, day(2026, 9, 1))],
            social_worker=RAVI, sen=[(day(2026, 9, 1), "N")],
        )  # fmt: skip
        self._child(
            "Reuben Hale", "M", day(2020, 1, 30), "MWBC",
            legal=[(day(2024, 9, 17), "C1"), (day(2025, 5, 20), "C2")],
            stays=[self._foster(day(2024, 9, 17))],
            places=[self._at(LARKFIELD, day(2024, 9, 23), why="Sister is already there.")],
            social_worker=RAVI, sen=[(day(2024, 9, 23), "N")],
        )  # fmt: skip

    def _jayden(self) -> None:
        """At school for part of the week only, in another authority."""
        day = self._day
        part_time = self._at(ST_OSYTHS, day(2025, 9, 1), why="Named in his education, health and care plan.")
        part_time.hours = 12.5
        self._child(
            "Jayden Pryce", "M", day(2014, 7, 3), "MWBC",
            legal=[(day(2022, 9, 12), "L2"), (day(2022, 9, 19), "C1"), (day(2023, 5, 30), "C2")],
            stays=[
                self._foster(day(2022, 9, 12), "CREQB"),
                self._foster(day(2023, 1, 9), "CREQB", kind="U4"),
                self._childrens_home(day(2024, 6, 3), "CARPL"),
                self._foster(day(2025, 7, 21), area=NORTHMERE, kind="U4"),
            ],
            places=[
                self._at(HOLLIN_BANK, day(2018, 9, 1), day(2023, 1, 16), Left.UNPLANNED),
                self._at(LARKFIELD, day(2023, 1, 23), day(2025, 9, 1), Left.NORMAL_TRANSFER),
                part_time,
            ],
            social_worker=ALICE, known_as="JP",
            sen=[(day(2018, 9, 1), "N"), (day(2020, 1, 13), "K"), (day(2023, 6, 9), "E")],
            need="SEMH", need_from=day(2020, 1, 13), plan_from=day(2023, 6, 9), plan_review_on=day(2027, 6, 9),
        )  # fmt: skip
        self._child(
            "Callum Rees", "M", day(2013, 1, 19), "WBRI",
            legal=[(day(2023, 4, 24), "C1"), (day(2024, 1, 16), "C2")],
            stays=[self._foster(day(2023, 4, 24), area=NORTHMERE)],
            places=[
                self._at(HOLLIN_BANK, day(2017, 9, 1), day(2024, 9, 1), Left.NORMAL_TRANSFER),
                self._at(ST_OSYTHS, day(2024, 9, 1)),
            ],
            social_worker=ALICE, sen=[(day(2017, 9, 1), "N"), (day(2024, 11, 4), "K")], need="SEMH",
            need_from=day(2024, 11, 4),
        )  # fmt: skip

    def _samir(self) -> None:
        """Came alone, learns English first, now at college."""
        day = self._day
        came = day(2025, 5, 6)
        self._child(
            "Samir Qureshi", "M", day(2010, 1, 1), "AOTH",
            legal=[(came, "V2")],
            stays=[
                self._foster(came, "CARPL", area=NORTHMERE),
                self._home(day(2026, 3, 2), self._housing.one("supported", area=NORTHMERE), kind="K3"),
            ],
            places=[
                self._at(ST_OSYTHS, day(2025, 6, 2), day(2026, 9, 1), Left.NORMAL_TRANSFER),
                self._at(NORTHMERE_COLLEGE, day(2026, 9, 1), why="Best English course for newcomers."),
            ],
            category="N8", social_worker=ALICE, asylum=True, first_language="Dari", eal=True, religion="Muslim",
            upn="", upn_unknown="UN3", sen=[(day(2025, 6, 2), "N")],
        )  # fmt: skip

    def _tyler(self) -> None:
        """Year 11 and without a school for five weeks; one has been directed to admit him."""
        day = self._day
        out_since = self._ago(39)
        missing_on = self._ago(30)
        self._child(
            "Tyler Voss", "M", day(2010, 10, 26), "WBRI",
            legal=[(day(2020, 6, 15), "L1"), (day(2020, 6, 18), "C1"), (day(2021, 1, 26), "C2")],
            stays=[
                self._foster(day(2020, 6, 15), "CREQB"),
                self._foster(day(2021, 3, 8), "CREQB", kind="U4"),
                self._foster(day(2023, 11, 20), "CREQB", area=CASTLEBURY, kind="U4"),
                self._childrens_home(day(2025, 2, 17), "CLOSE"),
                self._home(out_since, self._housing.one("children's home", area=ASHCOMBE), kind="K2"),
            ],
            places=[
                self._at(LARKFIELD, day(2015, 9, 1), day(2022, 9, 1), Left.NORMAL_TRANSFER),
                self._at(WEXCOMBE, day(2022, 9, 1), day(2023, 11, 27), Left.EXCLUDED),
                self._at(PRU, day(2023, 12, 4), day(2025, 2, 24), Left.PLANNED_MOVE),
                self._at("Dunmoor School", day(2025, 3, 3), out_since, Left.UNPLANNED),
                Place(self._register[CASTLE_ROAD], SchoolPlace.Kind.AWAITING, out_since),
            ],
            social_worker=ALICE, sen=[(day(2015, 9, 1), "N"), (day(2018, 2, 5), "K"), (day(2022, 5, 9), "E")],
            need="SEMH", need_from=day(2018, 2, 5), plan_from=day(2022, 5, 9), plan_review_on=day(2027, 5, 9),
            missing=[(day(2026, 4, 17), day(2026, 4, 19), "M"), (missing_on, missing_on + timedelta(days=1), "M")],
        )  # fmt: skip

    def _ruby(self) -> None:
        day = self._day
        self._child(
            "Ruby Lockett", "F", day(2019, 2, 8), "WBRI",
            legal=[(day(2026, 3, 16), "C1")],
            stays=[self._foster(day(2026, 3, 16), area=CASTLEBURY)],
            places=[
                self._at(HOLLIN_BANK, day(2023, 9, 1), day(2026, 4, 13), Left.PLANNED_MOVE),
                self._at(ST_ANNES, day(2026, 4, 13), why="Named in her plan; five minutes from her carers."),
            ],
            social_worker=RAVI, sen=[(day(2023, 9, 1), "K"), (day(2025, 7, 4), "E")], need="ASD",
            need_from=day(2023, 9, 1), plan_from=day(2025, 7, 4), plan_review_on=day(2027, 7, 4),
        )  # fmt: skip
        self._child(
            "Zofia Nowak", "F", day(2018, 8, 3), "WOTH",
            legal=[(day(2024, 2, 26), "C1"), (day(2024, 11, 12), "C2")],
            stays=[self._foster(day(2024, 2, 26), area=CASTLEBURY)],
            places=[self._at(ST_ANNES, day(2024, 3, 4))],
            social_worker=RAVI, sen=[(day(2024, 3, 4), "N"), (day(2025, 1, 6), "K")], need="SEMH",
            need_from=day(2025, 1, 6), first_language="Polish", eal=True, religion="Catholic",
        )  # fmt: skip

    def _caitlin(self) -> None:
        """Turned 18 two days ago: off the roll, and a care leaver."""
        left = self._today - timedelta(days=2)
        caitlin = self._child(
            "Caitlin Moor", "F", same_day(left, left.year - 18), "WBRI",
            legal=[(left - years(4.3), "C1"), (left - years(3.6), "C2")],
            stays=[self._foster(left - years(4.3), kind="U4")],
            places=[
                self._at(FERNHILL, left - years(4), left - years(1.2), Left.NORMAL_TRANSFER),
                self._at(ASHCOMBE_COLLEGE, left - years(1.2), left),
            ],
            end=left, reason_ceased="E17", social_worker=TOM, sen=[(left - years(4), "N")],
        )  # fmt: skip
        caitlin.statuses.append({"kind": Status.Kind.CARE_LEAVER, "start": left})


def neighbours_children(register: Register, *, today: date) -> list[Life]:
    """Two of Northmere's children who learn at Fernhill Academy."""
    shift = first_year_of(today) - TOLD_IN
    lives = []
    for name, born_on in (("Reece Holt", date(2012, 2, 11)), ("Kian Doyle", date(2014, 3, 27))):
        given, family = name.split()
        life = Life(given, family, "M", same_day(born_on, born_on.year + shift), "WBRI")
        life.held_as = Child.HeldAs.OTHER_AUTHORITY
        start = date(TOLD_IN + shift - 2 + (given == "Kian"), 9, 1)
        setting = register[FERNHILL]
        hours = full_time_hours(setting)
        life.places = [Place(setting, SchoolPlace.Kind.MAIN, start, hours=hours, full_time=hours)]
        life.statuses = [
            {
                "kind": Status.Kind.OTHER_AUTHORITY,
                "start": start,
                "other_authority": NORTHMERE.la_code,
                "notified_on": start + timedelta(days=9),
                "notified_of": "Placed with foster carers in Fernhill; on the roll of Fernhill Academy.",
            }
        ]
        lives.append(life)
    return lives

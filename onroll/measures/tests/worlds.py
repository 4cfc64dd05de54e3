"""Small invented authorities, drawn at random, to count measures on: what is so, and the same written into records."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from onroll.access.actors import Actor
from onroll.authorities.models import Authority, CalendarEntry
from onroll.children.models import (
    CareEpisode,
    Characteristics,
    Child,
    EHCPlan,
    EpisodePlacement,
    Identifiers,
    RollNotice,
    SchoolPlace,
    SDQScore,
    SENProvision,
    SettingTold,
)
from onroll.children.tests.scene import an_authority
from onroll.history.changes import change
from onroll.schools.models import Inspection, School

FIRST, LAST = date(2023, 1, 1), date(2026, 8, 31)
TERMS = [("autumn", 9, 3, 12, 20), ("spring", 1, 6, 4, 3), ("summer", 4, 22, 7, 23)]


@dataclass
class Care:
    start: date
    end: date | None
    reason: str
    kind: str
    status: str
    area: str


@dataclass
class Seat:
    """A place at a school, by the school's index, or at none."""

    start: date
    end: date | None
    school: int | None
    kind: str
    leaving: str
    why: str
    confirmed: date | None


@dataclass
class Pupil:
    born: date
    care: list[Care]
    seats: list[Seat]
    sex: str
    ethnicity: str
    religion: str
    disability: bool | None
    sen: list[tuple[date, date | None, str]]
    plans: list[tuple[date, date | None]]
    sdq: list[tuple[date, int | None]]
    told: list[tuple[date, int, str]]
    notices: list[tuple[date, int, str]]
    key: int = 0


@dataclass
class SchoolOf:
    phase: str
    la_code: str
    grades: list[tuple[date, int | None]]
    key: int = 0


@dataclass
class World:
    pupils: list[Pupil]
    schools: list[SchoolOf]
    terms: list[tuple[date, date]] = field(default_factory=list)


about = st.sampled_from(["sen", "health,sen", "disability,sen,health"])
people = st.sampled_from(["head_teacher", "designated_teacher"])
days = st.integers(0, (LAST - FIRST).days).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def spans(draw, most):
    """Spells that follow each other, with or without a gap; the last may be open."""
    edges = sorted(draw(st.lists(days, min_size=1, max_size=2 * most, unique=True)))
    found = []
    while edges:
        start = edges.pop(0)
        touches = bool(found) and draw(st.booleans())
        if touches:
            start = found[-1][1]
        end = edges.pop(0) if edges else None
        if end is not None and end <= start:
            continue
        found.append((start, end, touches))
    return found


@st.composite
def care_of(draw):
    found: list[Care] = []
    for start, end, touches in draw(spans(4)):
        reason = draw(st.sampled_from("PPLTBU")) if touches else "S"
        kind = draw(st.sampled_from(["U6", "U6", "K2", "T2"]))
        if touches and found[-1].kind == "T2" and len(found) > 1 and draw(st.booleans()):
            reason, kind = "P", found[-2].kind
        found.append(Care(start, end, reason, kind, draw(st.sampled_from(["C2", "C2", "V2", "V4"])),
                          draw(st.sampled_from(["in", "out", "not_known"]))))  # fmt: skip
    return found


@st.composite
def seats_of(draw, schools):
    seats = []
    for start, end, _ in draw(spans(3)):
        school = draw(st.integers(0, schools - 1))
        seats.append(Seat(start, end, school, "main",
                          draw(st.sampled_from(["", "planned_move", "unplanned", "excluded", "normal_transfer"])),
                          draw(st.sampled_from(["", "", "near home"])), draw(st.none() | days)))  # fmt: skip
    if draw(st.booleans()):
        start = draw(days)
        kind = draw(st.sampled_from(["awaiting", "ap", "subsidiary"]))
        school = None if kind == "awaiting" else 0
        seats.append(Seat(start, draw(st.none() | st.just(start + timedelta(days=60))), school, kind, "", "",
                          draw(st.none() | days)))  # fmt: skip
    return seats


@st.composite
def pupils_of(draw, schools):
    start = draw(days)
    return Pupil(
        born=date(draw(st.integers(2006, 2024)), draw(st.integers(1, 12)), draw(st.integers(1, 28))),
        care=draw(care_of()),
        seats=draw(seats_of(schools)),
        sex=draw(st.sampled_from(["F", "M", ""])),
        ethnicity=draw(st.sampled_from(["WBRI", "REFU", ""])),
        religion=draw(st.sampled_from(["None", "Not disclosed", ""])),
        disability=draw(st.sampled_from([True, False, None])),
        sen=[(start, draw(st.none() | st.just(start + timedelta(days=200))), draw(st.sampled_from("NKE")))],
        plans=draw(st.lists(st.tuples(days, st.none()), max_size=1)),
        sdq=[(day, draw(st.none() | st.integers(0, 40))) for day in draw(st.lists(days, max_size=2, unique=True))],
        told=draw(st.lists(st.tuples(days, st.integers(0, schools - 1), about), max_size=3)),
        notices=draw(st.lists(st.tuples(days, st.integers(0, schools - 1), people), max_size=4)),
    )  # fmt: skip


@st.composite
def worlds(draw):
    schools = [
        SchoolOf(
            draw(st.sampled_from(["primary", "secondary", "all_through", "special", "pru", "ap", "early_years"])),
            draw(st.sampled_from(["999", "998", ""])),
            [(day, draw(st.none() | st.integers(1, 4))) for day in draw(st.lists(days, max_size=2, unique=True))],
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    pupils = draw(st.lists(pupils_of(len(schools)), min_size=1, max_size=6))
    terms = [
        (date(year + (month < 9), month, first), date(year + (month < 9), last_month, last))
        for year in range(2021, 2026)
        for _, month, first, last_month, last in TERMS
    ]
    return World(pupils, schools, terms)


def written(world: World) -> Authority:
    """The same as records of an authority. The keys of children and schools are put into the world."""
    authority = an_authority()
    with change("test.set_up", actor=Actor.command_line(authority.pk, today=LAST, user="test")) as this:
        this.bulk_create(CalendarEntry, [_term(authority, start, end) for start, end in world.terms])
        schools = [
            School(name=f"School {number}", setting_id=str(number), phase=school.phase, la_code=school.la_code)
            for number, school in enumerate(world.schools)
        ]
        for school, row in zip(world.schools, this.bulk_create(School, schools), strict=True):
            school.key = row.pk
            inspections = [Inspection(school=row, inspected_on=on, overall=grade) for on, grade in school.grades]
            this.bulk_create(Inspection, inspections)
        children = [Child(authority=authority, given_name="Ada", birth_date=pupil.born) for pupil in world.pupils]
        for pupil, child in zip(world.pupils, this.bulk_create(Child, children), strict=True):
            pupil.key = child.pk
            _write(this, world, pupil, {"authority": authority, "child": child})
    return authority


def _term(authority: Authority, start: date, end: date) -> CalendarEntry:
    term = {9: "autumn", 1: "spring", 4: "summer"}[start.month]
    first = start.year if start.month >= 9 else start.year - 1
    year = f"{first}-{(first + 1) % 100:02}"
    return CalendarEntry(authority=authority, kind="term", academic_year=year, term=term, start=start, end=end)


def _write(this, world: World, pupil: Pupil, keys: dict) -> None:
    of_school = [school.key for school in world.schools]
    characteristics = {"sex": pupil.sex, "ethnicity": pupil.ethnicity, "religion": pupil.religion}
    rows = [
        Identifiers(**keys, child_number=str(pupil.key)),
        Characteristics(**keys, **characteristics, disability=pupil.disability),
        *(SENProvision(**keys, start=start, end=end, value=value) for start, end, value in pupil.sen),
        *(EHCPlan(**keys, start=start, end=end) for start, end in pupil.plans),
        *(SDQScore(**keys, start=day, score=score) for day, score in pupil.sdq),
        *(SettingTold(**keys, school_id=of_school[at], told_on=day, about=about) for day, at, about in pupil.told),
        *(RollNotice(**keys, school_id=of_school[at], told_on=day, to=to) for day, at, to in pupil.notices),
    ]
    for seat in pupil.seats:
        school = None if seat.school is None else of_school[seat.school]
        named = {"leaving_reason": seat.leaving, "why_this_school": seat.why, "confirmed_on": seat.confirmed}
        rows.append(SchoolPlace(**keys, school_id=school, start=seat.start, end=seat.end, kind=seat.kind, **named))
    for model in dict.fromkeys(type(row) for row in rows):
        this.bulk_create(model, [row for row in rows if type(row) is model])
    episodes = [
        CareEpisode(**keys, start=care.start, end=care.end, reason_new=care.reason, legal_status=care.status)
        for care in pupil.care
    ]
    placements = [
        EpisodePlacement(**keys, episode=episode, placement_type=care.kind, area=care.area)
        for episode, care in zip(this.bulk_create(CareEpisode, episodes), pupil.care, strict=True)
    ]
    this.bulk_create(EpisodePlacement, placements)

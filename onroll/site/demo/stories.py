"""What makes the roll a working day: children without a place, short weeks, and children held for other reasons."""

from datetime import date, timedelta
from itertools import islice

from onroll.children.models import Child, SchoolPlace, Status
from onroll.codes.year_groups import year_group_of

from .care import Period, Stay
from .chance import Chance, years
from .homes import Housing
from .lives import Births, Life
from .names import BRITISH, EASTERN_EUROPEAN, PAKISTANI, WEST_AFRICAN, family_name, given_name
from .places import ASHCOMBE, FAR, NEAR
from .schooling import Place, place_at
from .schools import AP, CLOSED, PRU, Phase, Register

Kind = SchoolPlace.Kind


def unsettle(lives: list[Life], register: Register, *, seed: int, today: date) -> None:
    """Give some of those who learn today a short week, a second school, or no school at all."""
    chance = Chance(seed, "unsettled")
    at_school = [
        life
        for life in lives
        if life.left_on is None
        and life.main_places
        and life.main_places[-1].end is None
        and life.main_places[-1].start < today - timedelta(days=120)
        and 1 <= year_group_of(life.born_on, on=today).number <= 11
    ]
    seniors = [life for life in at_school if year_group_of(life.born_on, on=today).number >= 7]
    share = len(lives) / 900
    for life in chance.some(at_school, round(3 * share)):
        _lose_the_place(life, chance, today)
    settled = [life for life in seniors if _still_there(life)]
    chosen = iter(chance.some(settled, round(9 * share) + round(10 * share) + round(5 * share)))
    for life in islice(chosen, round(9 * share)):
        # A part-time timetable: the place has fewer hours than a full week.
        life.main_places[-1].hours = chance.choice((10, 12.5, 15, 20))
    for life in islice(chosen, round(10 * share)):
        # One or two days a week elsewhere, beside the school.
        setting = register[chance.choice((AP, AP, "Spokes Bike Workshop", "Pathfinder Tuition"))]
        start = today - chance.days(20, 110)
        life.places.append(Place(setting, Kind.AP, start, hours=chance.choice((5, 6, 10, 12)), full_time=25))
    for life in chosen:
        # Registered twice: at the school and at the pupil referral unit.
        start = today - chance.days(20, 110)
        life.places.append(Place(register[PRU], Kind.SUBSIDIARY, start, hours=15, full_time=25))


def _still_there(life: Life) -> bool:
    return bool(life.main_places) and life.main_places[-1].end is None


def _lose_the_place(life: Life, chance: Chance, today: date) -> None:
    place = life.main_places[-1]
    place.end = today - chance.days(6, 60)
    place.leaving_reason = chance.one_of({"planned_move": 50, "unplanned": 30, "excluded": 20})
    life.places.append(Place(None, Kind.AWAITING, place.end))


def others(register: Register, housing: Housing, births: Births, *, seed: int, today: date, count: float) -> list[Life]:
    """Children who are held but are not the authority's own looked-after children, in number for `count` hundreds."""
    chance = Chance(seed, "others")
    lives: list[Life] = []
    for _ in range(max(1, round(2.4 * count))):
        lives.append(_of_another_authority(register, chance, today))
    kinds = (
        (Status.Kind.CHILD_IN_NEED, "Children Act 1989, section 17; request of the school for advice"),
        (Status.Kind.CHILD_PROTECTION, "Duty to promote the education of children with a social worker"),
        (Status.Kind.KINSHIP, "Advice asked for by the carer under the extended duty"),
    )
    for at in range(max(1, round(1.6 * count))):
        kind, basis = kinds[at % len(kinds)]
        life = _stranger(chance, today)
        life.held_as = Child.HeldAs.ENQUIRY
        start = today - chance.days(5, 240)
        life.statuses = [{"kind": kind, "start": start, "lawful_basis": basis}]
        life.places = [_place(life, register, chance, today, start)]
        lives.append(life)
    for at in range(max(1, round(2 * count))):
        kind = (Status.Kind.SGO, Status.Kind.ADOPTED, Status.Kind.CAO)[at % 3]
        life = _stranger(chance, today)
        start = today - chance.days(200, 2000)
        life.statuses = [
            {"kind": kind, "start": start, "lawful_basis": "Asked for by the parents or guardians, with their consent"}
        ]
        life.places = [_place(life, register, chance, today, start)]
        lives.append(life)
    for _ in range(max(1, round(2.6 * count))):
        lives.append(_short_breaks(register, housing, chance, births, today))
    return lives


def _stranger(chance: Chance, today: date) -> Life:
    origin, ethnicity = chance.one_of(
        {(BRITISH, "WBRI"): 8, (PAKISTANI, "APKN"): 1, (WEST_AFRICAN, "BAFR"): 1, (EASTERN_EUROPEAN, "WOTH"): 1}
    )
    sex = chance.choice("FM")
    born_on = today - years(chance.uniform(5.2, 15.8))
    return Life(given_name(origin, sex, chance), family_name(origin, chance), sex, born_on, ethnicity)


def _place(life: Life, register: Register, chance: Chance, today: date, start: date) -> Place:
    year = year_group_of(life.born_on, on=today).number
    phase = Phase.PRIMARY if year < 7 else Phase.SECONDARY
    start = max(start - timedelta(days=100), date(life.born_on.year + (5 if year < 7 else 12), 9, 1))
    start = min(start, today - timedelta(days=3))
    # None of them stays at the school that has closed.
    open_then = [s for s in register.open_on(start, ASHCOMBE, phase) if s.name != CLOSED]
    return place_at(chance.choice(open_then), start)


def _of_another_authority(register: Register, chance: Chance, today: date) -> Life:
    life = _stranger(chance, today)
    life.held_as = Child.HeldAs.OTHER_AUTHORITY
    start = today - chance.days(30, 900)
    life.places = [_place(life, register, chance, today, start)]
    town = chance.choice(ASHCOMBE.towns)
    life.statuses = [
        {
            "kind": Status.Kind.OTHER_AUTHORITY,
            "start": start,
            "other_authority": chance.choice((*NEAR, *FAR)).la_code,
            "notified_on": start + chance.days(1, 40),
            "notified_of": f"Placed with foster carers in {town}.",
        }
    ]
    return life


def _short_breaks(register: Register, housing: Housing, chance: Chance, births: Births, today: date) -> Life:
    """Agreed short breaks only (V4): held, and never on the roll."""
    life = _stranger(chance, today)
    life.disabled = True
    life.family = housing.of_family()
    life.upn = births.upn(life.born_on)
    start = today - chance.days(60, 900)
    house = housing.one("foster")
    stay = Stay(start, "U6", house.provider, house.address, house, house.urn)
    life.periods = [Period(start, None, "", "N2", [(start, "V4")], [stay])]
    began = date(life.born_on.year + 4, 9, 1)
    life.sen, life.need, life.need_from = [(began, "E")], chance.choice(("SLD", "ASD", "PMLD")), began
    life.plan_from, life.plan_review_on = began, today + chance.days(10, 300)
    life.places = [place_at(chance.choice(register.open_on(began, ASHCOMBE, Phase.SPECIAL)), began)]
    return life

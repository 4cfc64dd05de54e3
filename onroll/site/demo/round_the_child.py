"""Who works with each child, from when to when: social worker, reviewing officer, advisers and carers."""

from collections import defaultdict
from datetime import date, timedelta

from onroll.access.roles import Role
from onroll.codes.year_groups import year_group_of

from .care import weekday_by
from .chance import Chance, years
from .lives import WINDOW, Life
from .places import Address
from .staff import SOCIAL_WORK_TEAMS, Person, Staff

Allocated = tuple[Person, str, date, date | None]


def allocate(lives: list[Life], staff: Staff, *, seed: int, today: date) -> list[list[Allocated]]:
    """For each life the people round the child over the last three years. Those of the cast are given."""
    chance = Chance(seed, "allocations")
    lives_of: dict[Address | None, list[Life]] = defaultdict(list)
    for life in lives:
        if life.periods:
            lives_of[life.family].append(life)
    for life in lives:
        for name in (life.social_worker, life.adviser, life.reviewing_officer):
            if name and life.left_on is None:
                staff[name].children += 1
    allocated = []
    for life in lives:
        _as_for_brothers_and_sisters(life, lives_of[life.family], staff)
        allocated.append(_of(life, staff, chance, today) if life.periods else [])
        if life.periods and life.left_on is None:
            _remember(life, allocated[-1])
    return allocated


def _as_for_brothers_and_sisters(life: Life, family: list[Life], staff: Staff) -> None:
    """Children of one family who are in care have one social worker, one reviewing officer and one adviser."""
    for other in family:
        if other is life or life.left_on is not None:
            continue
        for role in ("social_worker", "reviewing_officer", "adviser"):
            if not getattr(life, role) and getattr(other, role):
                setattr(life, role, getattr(other, role))
                staff[getattr(life, role)].children += 1


def _remember(life: Life, people: list[Allocated]) -> None:
    now = {role: person.name for person, role, _, end in people if end is None}
    life.social_worker = now[Role.SOCIAL_WORKER]
    life.reviewing_officer = now[Role.IRO]
    life.adviser = now[Role.VS_OFFICER]


def _of(life: Life, staff: Staff, chance: Chance, today: date) -> list[Allocated]:
    start = max(life.in_care_since, weekday_by(today - WINDOW - chance.days(0, 500)))
    last = life.left_on or today
    end = life.left_on
    made = [
        *_social_workers(life, staff, chance, start, last),
        *_one(life.reviewing_officer, Role.IRO, staff, chance, _soon(start, 9, last), end),
        *_one(life.adviser, Role.VS_OFFICER, staff, chance, _soon(start, 4, last), end),
        *_carers(life, today),
    ]
    year = year_group_of(life.born_on, on=last).number
    if year in (12, 13) and chance.happens(0.8):
        since = max(start, min(date(life.born_on.year + 16, 9, 1), last))
        made += _one("", Role.EET, staff, chance, since, end)
    return [(person, role, since, until) for person, role, since, until in made if until is None or until > since]


def _soon(start: date, days: int, last: date) -> date:
    return min(weekday_by(start + timedelta(days=days)), last)


def _one(name: str, role: str, staff: Staff, chance: Chance, start: date, end: date | None) -> list[Allocated]:
    person = staff[name] if name else staff.least_busy(role, staff.today, chance)
    if not name and end is None:
        person.children += 1
    return [(person, role, max(start, person.start), end)]


def _social_workers(life: Life, staff: Staff, chance: Chance, start: date, last: date) -> list[Allocated]:
    """One after the other without a gap. The last one is the given one, if the story names them."""
    team = SOCIAL_WORK_TEAMS[4] if life.asylum else ""
    told = [(staff[name], since) for name, role, since, _ in life.allocations if role == Role.SOCIAL_WORKER]
    made: list[Allocated] = []
    at, now = start, None
    while at < last:
        if told and at >= told[0][1]:
            made.append((told[0][0], Role.SOCIAL_WORKER, at, None))
            break
        until = weekday_by(at + max(years(chance.expovariate(1 / 0.85)), timedelta(days=45)))
        if told:
            until = min(until, told[0][1])
        final = until >= last
        if final and life.social_worker:
            person = staff[life.social_worker]
        else:
            live = [
                p for p in staff.of(Role.SOCIAL_WORKER) if p.holds(at) and p is not now and p.name != life.social_worker
            ]
            if final:
                live = [p for p in live if p.end is None or (life.left_on and p.end >= life.left_on)]
            live = [p for p in live if p.team == team] or live
            # Who left a child does not come back to them, while there is anyone else.
            live = [p for p in live if all(p is not before for before, *_ in made)] or live
            person = min(chance.some(live, 3), key=lambda each: each.children)
        if not final and person.end:
            until = max(min(until, person.end), at + timedelta(days=1))
        now = person
        made.append((person, Role.SOCIAL_WORKER, at, life.left_on if final else until))
        if final and life.left_on is None and not life.social_worker:
            person.children += 1
        at = until
    return made


def _carers(life: Life, today: date) -> list[Allocated]:
    """The foster carers of the homes of the last three years."""
    made: list[Allocated] = []
    for period in life.periods:
        stays = period.stays
        for at, stay in enumerate(stays):
            until = stays[at + 1].start if at + 1 < len(stays) else period.end
            if stay.house and stay.house.carer and (until is None or until > today - WINDOW):
                carer = stay.house.carer
                if (
                    made
                    and made[-1][0] is carer
                    and made[-1][3] is not None
                    and made[-1][3] >= stay.start - timedelta(days=10)
                ):
                    made[-1] = (carer, Role.CARER, made[-1][2], until)
                    continue
                made.append((carer, Role.CARER, max(stay.start, carer.start), until))
    return made

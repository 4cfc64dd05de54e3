"""Each figure of plans counted again, slowly and straight from the words of the plans' list, on drawn authorities.

Nothing of the product's own counting is used here. Each answer is the list of what every child or thing adds: (child,
part, whole).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from onroll.codes.working_days import is_working_day

DAY = timedelta(days=1)
FIRST, LAST = date(2025, 9, 2), date(2026, 12, 31)
# Each term: its year, its name, first and last day, the day by which plans are due.
TERMS = [
    ("2025-26", "autumn", date(2025, 9, 2), date(2025, 12, 19), date(2025, 11, 21)),
    ("2025-26", "spring", date(2026, 1, 5), date(2026, 3, 27), date(2026, 3, 6)),
    ("2025-26", "summer", date(2026, 4, 13), date(2026, 7, 21), date(2026, 6, 12)),
    ("2026-27", "autumn", date(2026, 9, 2), date(2026, 12, 18), date(2026, 11, 20)),
    ("2026-27", "spring", date(2027, 1, 4), date(2027, 3, 25), date(2027, 3, 5)),
    ("2026-27", "summer", date(2027, 4, 12), date(2027, 7, 21), date(2027, 6, 11)),
]
GRADES = ["outstanding", "good", "requires_improvement", "inadequate"]


@dataclass
class Target:
    area: str
    kind: str
    due: date | None
    outcome: str
    reviewed: date | None
    changed: date | None
    ambitious: bool | None
    audit_grade: str
    approach: str


@dataclass
class Audit:
    on: date | None
    grade: str
    learning: str
    sent: dict[str, date | None]
    filed: bool | None
    money: str


@dataclass
class Plan:
    kind: str
    term: int
    state: str
    due: date | None
    start_by: date | None
    started: date | None
    met: date | None
    submitted: date | None
    signed: date | None
    closed: date | None
    iro: date | None
    support: str
    attended: bool | None
    school: str
    support_right: str
    targets: list[Target]
    audits: list[Audit]
    order: int = 0


@dataclass
class Pupil:
    born: date
    care: list[tuple[date, date | None]]
    seat: tuple[date, date | None] | None
    reviews: list[date]
    plans: list[Plan]
    worker: tuple[date, date | None] | None
    key: int = 0


@dataclass
class World:
    pupils: list[Pupil] = field(default_factory=list)


# Drawing


def drawn(r: Random) -> World:
    return World([_pupil(r) for _ in range(r.randint(1, 6))])


def _some(r: Random, first: date = FIRST, last: date = LAST, *, chance: float = 0.7) -> date | None:
    return first + DAY * r.randint(0, (last - first).days) if r.random() < chance else None


def _pupil(r: Random) -> Pupil:
    start = date(2024, 6, 1) + DAY * r.randint(0, 800)
    end = start + DAY * r.randint(5, 500) if r.random() < 0.4 else None
    care = [(start, end)]
    if end and r.random() < 0.5:
        care.append((end + DAY * r.randint(1, 60), None))
    seat_from = date(2025, 1, 1) + DAY * r.randint(0, 600)
    seat = (seat_from, seat_from + DAY * r.randint(1, 400) if r.random() < 0.3 else None)
    born = date(r.choice([2009, 2010, 2012, 2016, 2021, 2022, 2023]), r.randint(1, 12), r.randint(1, 28))
    plans = [_plan(r, term) for term in range(len(TERMS) - 1) if r.random() < 0.8]
    for order, plan in enumerate(plans):
        plan.order = order
    days = {_some(r, chance=1.0) for _ in range(r.randint(0, 3))}
    worked = (date(2025, 6, 1) + DAY * r.randint(0, 400), None) if r.random() < 0.7 else None
    return Pupil(born, care, seat if r.random() < 0.8 else None, sorted(filter(None, days)), plans, worked)


def _plan(r: Random, term: int) -> Plan:
    _, _, first, last, deadline = TERMS[term]
    met = _some(r, first, last + DAY * 12)
    submitted = _some(r, first, last + DAY * 20)
    signed = _some(r, met or first, last + DAY * 40)
    state = "signed_off" if signed else "submitted" if submitted else r.choice(["due", "due", "on_hold", "exempt"])
    return Plan(
        kind=r.choice(["initial", "termly", "termly"]),
        term=term,
        state=state,
        due=deadline + DAY * r.randint(-20, 5) if r.random() < 0.9 else None,
        start_by=_some(r, first, last, chance=0.3),
        started=_some(r, first, last),
        met=met,
        submitted=submitted,
        signed=signed,
        closed=_some(r, first, last, chance=0.5) if state == "exempt" else None,
        iro=_some(r, met or first, last + DAY * 60, chance=0.6),
        support=r.choice(["", "no", "school", "social_worker"]),
        attended=r.choice([True, False, None]),
        school=r.choice(["", "yes", "yes", "partly", "no"]),
        support_right=r.choice(["", "yes", "yes", "no"]),
        targets=[_target(r) for _ in range(r.randint(0, 3))],
        audits=[_audit(r) for _ in range(r.randint(0, 2))],
    )


def _target(r: Random) -> Target:
    return Target(
        area=r.choice(["english", "maths", "semh"]),
        kind=r.choice(["in_term", "in_term", "end_of_year"]),
        due=_some(r),
        outcome=r.choice(["", "met", "partly", "not_met", "stopped"]),
        reviewed=_some(r, chance=0.5),
        changed=_some(r),
        ambitious=r.choice([True, False, None]),
        audit_grade=r.choice(["", *GRADES]),
        approach=r.choice(["", "phonics_catch_up", "Paired reading with an adult", "a thing of our own"]),
    )


def _audit(r: Random) -> Audit:
    on = _some(r)
    return Audit(
        on=on,
        grade=r.choice([*GRADES, ""]) if on else "",
        learning=r.choice(["", *GRADES]),
        sent={who: _some(r, chance=0.8) for who in ("iro", "dt", "sw")},
        filed=r.choice([True, False, None]),
        money=r.choice(["", "yes", "partly", "no", "not_asked"]),
    )


# What is so


def holds(start: date, end: date | None, day: date) -> bool:
    return start <= day and (end is None or day < end)


def year_group(pupil: Pupil, day: date) -> int:
    september = day.year if day.month >= 9 else day.year - 1
    return september - pupil.born.year - ((pupil.born.month, pupil.born.day) > (8, 31)) - 4


def in_care(pupil: Pupil, day: date) -> bool:
    return any(holds(start, end, day) for start, end in pupil.care)


def on_roll(world: World, day: date) -> list[Pupil]:
    return [pupil for pupil in world.pupils if in_care(pupil, day) and year_group(pupil, day) <= 13]


def enrolled(pupil: Pupil, day: date) -> bool:
    return pupil.seat is not None and holds(*pupil.seat, day)


def complete(plan: Plan, day: date) -> bool:
    return bool(plan.met and plan.met <= day and plan.signed and plan.signed <= day)


def current(plan: Plan, day: date) -> bool:
    return complete(plan, day) and day <= TERMS[plan.term + 1][4]


def up_to_date(pupil: Pupil, day: date) -> int:
    return int(any(current(plan, day) for plan in pupil.plans))


def working_days_after(day: date, count: int) -> date:
    while count:
        day += DAY
        count -= is_working_day(day)
    return day


def age_for_plans(pupil: Pupil) -> date:
    """The first of January, April or September after the third birthday."""
    day = date(pupil.born.year + 3, pupil.born.month, pupil.born.day) + DAY
    while (day.month, day.day) not in ((1, 1), (4, 1), (9, 1)):
        day += DAY
    return day


def first_was_due(pupil: Pupil, day: date) -> bool:
    entry = [start for start, end in pupil.care if holds(start, end, day)][-1]
    age = age_for_plans(pupil)
    if day < age:
        return False
    if entry >= age:
        return working_days_after(entry, 20) < day
    terms = [term for term in TERMS if term[3] >= age]
    if age < TERMS[0][2] - 60 * DAY:
        # Before the terms that are loaded: counted from the day on which the child came to the age for plans.
        return working_days_after(age, 20) < day
    return max(terms[0][4], working_days_after(age, 20)) < day


def due_children(world: World, day: date) -> list[Pupil]:
    return [pupil for pupil in on_roll(world, day) if first_was_due(pupil, day)]


def term_number(day: date) -> int:
    """The term of a day; a holiday is of the term just ended."""
    return max(number for number, term in enumerate(TERMS) if term[2] <= day)


def within(day: date | None, start: date, last: date) -> bool:
    return day is not None and start <= day <= last


def plans(world: World):
    return [(pupil, plan) for pupil in world.pupils for plan in pupil.plans]


def targets(world: World):
    return [(pupil, plan, target) for pupil, plan in plans(world) for target in plan.targets]


def audits(world: World, start: date, day: date):
    return [
        (pupil, plan, audit)
        for pupil, plan in plans(world)
        for audit in plan.audits
        if within(audit.on, start, day) and audit.grade
    ]


def good(grade: str) -> bool:
    return grade in ("good", "outstanding")


# The figures


def M11(world, start, day):
    return [(pupil.key, up_to_date(pupil, day), 1) for pupil in due_children(world, day)]


def W22(world, start, day):
    young = [pupil for pupil in on_roll(world, day) if year_group(pupil, day) < 0 and enrolled(pupil, day)]
    return [(pupil.key, up_to_date(pupil, day), 1) for pupil in young]


def W25(world, start, day):
    return [(p.key, up_to_date(p, day), 1) for p in on_roll(world, day) if year_group(p, day) in (12, 13)]


def M66(world, start, day):
    terms = (term_number(day), term_number(day) - 1)

    def there(pupil):
        days = [each for plan in pupil.plans if plan.term in terms for each in (plan.submitted, plan.signed)]
        return int(any(each and each <= day for each in days))

    return [(pupil.key, there(pupil), 1) for pupil in due_children(world, day)]


def M37(world, start, day):
    year = TERMS[term_number(day)][0] if day.month != 8 else "2025-26"
    ended = [number for number, term in enumerate(TERMS) if term[0] == year and term[3] <= day]
    found = []
    for pupil in world.pupils:
        days = [TERMS[n][2] + DAY * k for n in ended for k in range((TERMS[n][3] - TERMS[n][2]).days + 1)]
        if not ended or not all(in_care(pupil, each) for each in days) or age_for_plans(pupil) > days[0]:
            continue
        met = {term_number(plan.met) for plan in pupil.plans if plan.met and plan.met <= day}
        found.append((pupil.key, int(set(ended) <= met), 1))
    return found


def M65(world, start, day):
    due = [(pupil, plan) for pupil, plan in plans(world) if within(plan.due, start, day) and plan.state != "exempt"]
    return [(pupil.key, int(bool(plan.submitted and plan.submitted <= plan.due)), 1) for pupil, plan in due]


def W16(world, start, day):
    return [(pupil.key, int(good(audit.grade)), 1) for pupil, _, audit in audits(world, start, day)]


def W17(world, start, day):
    return [(pupil.key, 1, 1) for pupil, _, audit in audits(world, start, day)]


def W18(world, start, day):
    return [(pupil.key, int(all(audit.sent.values())), 1) for pupil, _, audit in audits(world, start, day)]


def W19(world, start, day):
    return [(pupil.key, int(audit.filed is True), 1) for pupil, _, audit in audits(world, start, day)]


def W20(world, start, day):
    return [
        (pupil.key, int(good(audit.grade)), 1)
        for pupil, plan, audit in audits(world, start, day)
        if plan.met and pupil.worker and holds(*pupil.worker, plan.met)
    ]


def M12(world, start, day):
    return [(p.key, int(good(a.grade) and good(a.learning)), 1) for p, _, a in audits(world, start, day)]


def W56(world, start, day):
    return [
        (pupil.key, int(audit.money == "yes"), 1)
        for pupil, _, audit in audits(world, start, day)
        if in_care(pupil, audit.on) and 0 <= year_group(pupil, audit.on) <= 11
    ]


def M20(world, start, day):
    found = []
    for pupil, plan, target in targets(world):
        ends = [term[3] for term in TERMS if term[0] == TERMS[plan.term][0]][-1]
        at_the_end = target.kind == "end_of_year" and within(ends, start, day)
        if within(target.due, start, day) or at_the_end:
            found.append((pupil.key, int(target.outcome == "met"), 1))
    return found


def M21(world, start, day):
    found = []
    for pupil, _, target in targets(world):
        judged = target.reviewed if target.reviewed else target.due
        if target.outcome in ("partly", "not_met") and within(judged, start, day):
            late_enough = target.changed and (not target.reviewed or target.changed >= target.reviewed)
            found.append((pupil.key, int(bool(late_enough and target.changed <= day)), 1))
    return found


def M67(world, start, day):
    audited = {id(plan) for _, plan, _ in audits(world, start, day)}
    graded = [(pupil, target) for pupil, plan, target in targets(world) if id(plan) in audited and target.audit_grade]
    return [(pupil.key, int(good(target.audit_grade)), 1) for pupil, target in graded]


def M87(world, start, day):
    return [
        (pupil.key, int(target.ambitious is True), 1)
        for pupil, plan, target in targets(world)
        if plan.met and plan.signed and within(max(plan.met, plan.signed), start, day) and target.area != "semh"
    ]


def M32(world, start, day):
    found = []
    for pupil in world.pupils:
        for on in pupil.reviews:
            if within(on, start, day) and in_care(pupil, on):
                used = [p for p in pupil.plans if complete(p, on - DAY) and current(p, on) and p.iro and p.iro <= on]
                found.append((pupil.key, int(bool(used)), 1))
    return found


def W58(world, start, day):
    return [(pupil.key, int(plan.attended is True), 1) for pupil, plan in plans(world) if within(plan.met, start, day)]


def M36(world, start, day):
    flagged = [(p, plan) for p, plan in plans(world) if plan.support not in ("", "no") and within(plan.met, start, day)]
    return [(pupil.key, int(plan.attended is True), 1) for pupil, plan in flagged]


def latest_first(pupil: Pupil, day: date) -> list[Plan]:
    met = [plan for plan in pupil.plans if plan.met and plan.met <= day]
    return sorted(met, key=lambda plan: (plan.met, plan.order), reverse=True)


def M34(world, start, day):
    found = []
    for pupil in on_roll(world, day):
        recent = latest_first(pupil, day)
        if recent and enrolled(pupil, day) and term_number(recent[0].met) >= term_number(day) - 1:
            found.append((pupil.key, int(recent[0].school == "yes" == recent[0].support_right), 1))
    return found


def W39(world, start, day):
    found = []
    for pupil in on_roll(world, day):
        if 0 <= year_group(pupil, day) <= 11:
            said = [plan.school for plan in latest_first(pupil, day) if plan.school]
            found.append((pupil.key, int(enrolled(pupil, day) and said[:1] == ["yes"]), 1))
    return found


def M56(world, start, day):
    found = []
    for pupil, plan in plans(world):
        if plan.met and plan.signed and within(max(plan.met, plan.signed), start, day):
            names = {target.approach for target in plan.targets}
            found.append((pupil.key, int(bool(names & {"phonics_catch_up", "Paired reading with an adult"})), 1))
    return found


def late(world, start, day):
    found = []
    for pupil, plan in plans(world):
        done = any(each and each <= day for each in (plan.submitted, plan.signed, plan.closed))
        if plan.due and plan.due < day and plan.state not in ("exempt", "on_hold") and not done:
            found.append((pupil.key, 1, 1))
    return found


def first_in_time(world, start, day):
    due = [(p, plan) for p, plan in plans(world) if plan.kind == "initial" and plan.state != "exempt"]
    return [
        (pupil.key, int(bool(plan.submitted and plan.submitted <= plan.due)), 1)
        for pupil, plan in due
        if within(plan.due, start, day)
    ]


def of_the_term(world, start, day):
    due = [(p, plan) for p, plan in plans(world) if plan.kind == "termly" and plan.state != "exempt"]
    return [
        (pupil.key, int(bool(plan.submitted and plan.submitted <= day)), 1)
        for pupil, plan in due
        if within(plan.due, start, day)
    ]


RECOUNTS = {
    each.__name__: each
    for each in (M11, M12, M20, M21, M32, M34, M36, M37, M56, M65, M66, M67, M87,
                 W16, W17, W18, W19, W20, W22, W25, W39, W56, W58)
} | {"peps-late": late, "first-peps-handed-in": first_in_time, "peps-of-the-term-handed-in": of_the_term}  # fmt: skip

"""How each plan of the demonstration went: when it was begun, met about, handed in and signed off, up to today."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from onroll.peps import clock
from onroll.peps.clock import Clock, Finished, Kind, Plan
from onroll.peps.models import Pep
from onroll.peps.opening import OF_THE_TERM, term_words
from onroll.peps.workflow import BEFORE_SUBMISSION, State

from .care import weekday_by
from .chance import Chance

# Of a hundred plans: done in time, done late, and not done at all. What comes unexpected is late more often.
_FATES = {"in time": 93, "late": 4.5, "missed": 2.5}
_FATES_OF_SUDDEN_PLANS = {"in time": 76, "late": 24}
# Late plans are still done in their own term, so that the next one opens on its first day.
_MOST_DAYS_LATE = 20
# A story is told of a plan only once it has been open for so long.
_TOLD_AFTER = timedelta(days=25)


@dataclass
class Way:
    """One plan and how far it has come. Days that are still to come are empty, but for that of the meeting."""

    plan: Plan
    state: State = State.DUE
    began: date | None = None
    meeting: date | None = None
    held: date | None = None
    submitted: date | None = None
    returned: date | None = None
    signed_off: date | None = None
    closed: date | None = None

    @property
    def finished(self) -> Finished | None:
        """What the clock is told of it, where it is done or closed as missed."""
        on = self.submitted or (self.closed if self.state == State.MISSED else None)
        return Finished(self.plan.kind, *term_words(self.plan), on) if on else None


def ways_of(child: clock.Child, told: Clock, chance: Chance, today: date, *, stage: State | None = None) -> list[Way]:
    """Every plan that the clock would have opened for a child by today, in order. `stage`: how far the last has come,
    where a story says it.
    """
    found: list[Way] = []
    for time in child.care:
        if time.start <= today:
            found += _of_one_time(child, told, chance, today, time.end, stage if time.end is None else None)
    return _without_doubles(found)


def _of_one_time(
    child: clock.Child, told: Clock, chance: Chance, today: date, end: date | None, stage: State | None
) -> list[Way]:
    on = min(end, today) if end else today
    ways: dict[object, Way] = {}
    while True:
        finished = [each for each in (way.finished for way in ways.values()) if each]
        plans = [
            plan
            for plan in told.plans_of(replace(child, finished=finished), on)
            # That somebody turns 18 before is known from the first day on, so such a plan never opens.
            if plan.opens_on <= today and (plan.is_finished or plan.exempt != clock.Exempt.OVER_18)
        ]
        new = [plan for plan in plans if _key(plan) not in ways]
        if not new:
            break
        for plan in new:
            is_told = stage is not None and plan is plans[-1] and plan.opens_on <= today - _TOLD_AFTER
            ways[_key(plan)] = _told(plan, stage, today) if is_told and stage else _drawn(plan, told, chance, today)
    # Once everything that was done is known, the dates and their reasons are as the clock says them now.
    return [_closed(replace(ways[_key(plan)], plan=plan), end) for plan in plans]


def _key(plan: Plan) -> object:
    return term_words(plan) if plan.kind in OF_THE_TERM else (plan.kind, plan.opens_on)


def _without_doubles(ways: Iterable[Way]) -> list[Way]:
    """A child who came back in the same term has one plan for it, besides what is exempt."""
    found: dict[object, Way] = {}
    exempt = []
    for way in ways:
        if way.state == State.EXEMPT:
            exempt.append(way)
        else:
            found.setdefault(_key(way.plan), way)
    return sorted([*found.values(), *exempt], key=lambda way: (way.plan.due, way.plan.opens_on))


def _drawn(plan: Plan, told: Clock, chance: Chance, today: date) -> Way:
    """A plan as it went by chance: most in time, some late, a few never."""
    fate = chance.one_of(_FATES if plan.kind == Kind.TERMLY else _FATES_OF_SUDDEN_PLANS)
    room = max((plan.due - plan.opens_on).days, 1)
    if fate == "late":
        submitted = weekday_by(plan.due + chance.days(3, _MOST_DAYS_LATE))
    else:
        # Most are handed in shortly before their day.
        early = min(chance.days(0, min(room // 2, 30)) for _ in range(3))
        submitted = weekday_by(plan.due - early)
    submitted = max(submitted, plan.opens_on)
    held = max(weekday_by(submitted - chance.days(1, 7)), plan.opens_on)
    booked = held - chance.days(9, 26)
    began = max(held - chance.days(2, 8), plan.opens_on)
    signed_off = weekday_by(submitted + chance.days(5, 13))
    closes = chance.days(3, 12)
    second_look = chance.one_of({State.SUBMITTED: 62, State.IN_AUDIT: 22, State.RETURNED: 16})
    if fate == "missed":
        after = next((term.start for term in told.terms if plan.term and term > plan.term), None)
        closed = after + closes if after else None
        return Way(plan, State.MISSED, closed=closed) if closed and closed <= today else Way(plan)
    if submitted > today:
        return _before_submission(plan, today, booked=booked, began=began, held=held)
    way = Way(plan, State.SUBMITTED, began=began, meeting=held, held=held, submitted=submitted)
    if signed_off <= today:
        way.state, way.signed_off = State.SIGNED_OFF, signed_off
    elif submitted + timedelta(days=3) <= today:
        way.state = second_look
        way.returned = weekday_by(submitted + timedelta(days=3)) if second_look == State.RETURNED else None
    return way


def _before_submission(plan: Plan, today: date, *, booked: date, began: date, held: date) -> Way:
    if held <= today:
        return Way(plan, State.HELD, began=began, meeting=held, held=held)
    if began <= today:
        return Way(plan, State.IN_PREPARATION, began=began, meeting=held)
    return Way(plan, State.BOOKED, meeting=held) if booked <= today else Way(plan)


def _told(plan: Plan, stage: State, today: date) -> Way:
    """A plan that stands where its story says."""

    def ago(days: int) -> date:
        return weekday_by(today - timedelta(days=days))

    way = Way(plan, stage)
    if stage in (State.BOOKED, State.IN_PREPARATION):
        way.meeting = ago(-9)
        way.began = ago(4) if stage == State.IN_PREPARATION else None
    elif stage != State.DUE:
        way.held = way.meeting = ago(3 if stage == State.HELD else 17)
        way.began = ago(22)
        way.submitted = None if stage == State.HELD else ago(11)
        way.returned = ago(4) if stage == State.RETURNED else None
        way.signed_off = ago(2) if stage == State.SIGNED_OFF else None
    return way


def _closed(way: Way, end: date | None) -> Way:
    """The plan as it is once care has ended: what was not handed in by then is no longer needed."""
    if way.plan.exempt == clock.Exempt.LEFT_CARE and (way.state in BEFORE_SUBMISSION or _after(way.submitted, end)):
        return Way(way.plan, State.EXEMPT, closed=end)
    return way


def _after(on: date | None, end: date | None) -> bool:
    return on is None or (end is not None and on >= end)


def exempt_reason(way: Way) -> str:
    return Pep.Exempt.LEFT_CARE.value if way.state == State.EXEMPT else ""

"""What the clock asks of the record, read for many children at once.

A part that comes to hold more of what happens to a child (suspensions, part-time timetables) registers what it holds
with `register_events`; the clock itself never changes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from onroll.children.models import CareEpisode, Child, EHCPlan, MissingEpisode, SchoolPlace
from onroll.children.queries import SHORT_BREAKS
from onroll.codes import REASON_NEW
from onroll.codes.working_days import working_days_between
from onroll.codes.year_groups import year_group_of

from . import clock
from .clock import Event, Finished, Happened, InCare
from .models import Pep, PepSettings
from .workflow import State

MOVES_HOME = frozenset(code.code for code in REASON_NEW if code.is_placement_change)
# A place that starts in September of these years is a child growing older, not a change of school: Reception, the
# junior and the secondary school, and what every young person begins after Year 11.
TRANSFER_YEARS, SEPTEMBER = (0, 3, 7, 12), 9
# A child who was missing for longer than four weeks comes back to a plan that has to be looked at.
MISSING_DAYS = 20

Events = Callable[[Sequence[int]], Iterable[tuple[int, Event]]]
_EVENTS: list[Events] = []


def register_events(held: Events) -> None:
    """Add what a part holds of events: for the keys of many children, their events, in one query."""
    _EVENTS.append(held)


def children_of_the_clock(children: Sequence[Child], settings: PepSettings, *, on: date) -> dict[int, clock.Child]:
    """What the clock asks of these children on a day, by their keys. A few queries, whatever their number."""
    keys = [child.pk for child in children]
    care, events, on_roll = defaultdict(list), defaultdict(list), set[int]()
    episodes = CareEpisode.unscoped.filter(child__in=keys).exclude(legal_status__in=SHORT_BREAKS)
    for child, start, end, reason in episodes.order_by("start", "pk").values_list(
        "child_id", "start", "end", "reason_new"
    ):
        care[child].append(InCare(start, end))
        if reason in MOVES_HOME:
            events[child].append(Event(start, Happened.PLACEMENT_MOVE))
    born = {child.pk: child.birth_date for child in children}
    for child, places in _places(keys).items():
        events[child] += [Event(on, Happened.NEW_SCHOOL) for on in changes_of_school(places, born[child])]
        if any(place.holds_on(on) for place in places if place.kind != SchoolPlace.Kind.AWAITING):
            on_roll.add(child)
    for child, on in EHCPlan.unscoped.filter(child__in=keys).values_list("child_id", "start"):
        events[child].append(Event(on, Happened.EHC_PLAN_FINAL))
    missing = MissingEpisode.unscoped.filter(child__in=keys, end__isnull=False)
    for child, start, end in missing.values_list("child_id", "start", "end"):
        if working_days_between(start, end) > MISSING_DAYS:
            events[child].append(Event(end, Happened.MISSING_RETURN))
    for held in _EVENTS:
        for child, event in held(keys):
            events[child].append(event)
    finished, on_hold = _plans(keys, settings)
    return {
        child.pk: clock.Child(
            birth_date=child.birth_date,
            care=joined(care[child.pk]),
            events=tuple(events[child.pk]),
            finished=tuple(finished[child.pk]),
            on_roll=child.pk in on_roll,
            on_hold=child.pk in on_hold,
        )
        for child in children
    }


def joined(times: Iterable[InCare]) -> list[InCare]:
    """Times in care without the cuts between episodes: one that starts on or before the day another ends goes on."""
    found: list[InCare] = []
    for each in sorted(times, key=lambda time: time.start):
        last = found[-1] if found else None
        if last is None or (last.end is not None and each.start > last.end):
            found.append(each)
        elif last.end is not None and (each.end is None or each.end > last.end):
            found[-1] = InCare(last.start, each.end)
    return found


def _places(keys: Sequence[int]) -> dict[int, list[SchoolPlace]]:
    places = defaultdict(list)
    for place in SchoolPlace.unscoped.filter(child__in=keys).order_by("start", "pk"):
        places[place.child_id].append(place)
    return places


def changes_of_school(places: Iterable[SchoolPlace], birth_date: date) -> list[date]:
    """The days on which a child began at another main school, normal transfers left out. In order of start."""
    found: list[date] = []
    before: SchoolPlace | None = None
    for place in places:
        if place.kind != SchoolPlace.Kind.MAIN:
            continue
        year = year_group_of(birth_date, on=place.start).number
        transfer = place.start.month == SEPTEMBER and year in TRANSFER_YEARS
        moved = before is not None and before.school_id != place.school_id
        said_so = before is not None and before.leaving_reason == SchoolPlace.LeavingReason.NORMAL_TRANSFER
        if moved and not transfer and not said_so and not place.follows_closure:
            found.append(place.start)
        before = place
    return found


def _plans(keys: Sequence[int], settings: PepSettings) -> tuple[dict[int, list[Finished]], set[int]]:
    """Which plans are finished, and who has one on hold."""
    finished, on_hold = defaultdict(list), set[int]()
    for pep in Pep.unscoped.filter(child__in=keys):
        done = pep.done_on(settings.done_means) or (pep.closed_on if pep.state == State.MISSED else None)
        # What came signed off from elsewhere is done, whatever other days came with it.
        done = done or (pep.signed_off_on if pep.state == State.SIGNED_OFF else None)
        if done is not None:
            finished[pep.child_id].append(Finished(clock.Kind(pep.kind), pep.academic_year, pep.term, done))
        if pep.state == State.ON_HOLD:
            on_hold.add(pep.child_id)
    return finished, on_hold


# Transitions: the terms in which the plan looks ahead to another school. `year` is the child's year on a day.


def starts_reception(year: int, term: str) -> bool:
    return year == -1 or (year == 0 and term == "autumn")


def moves_to_secondary(year: int, term: str) -> bool:
    return year == 6 or (year == 5 and term == "summer")


def leaves_year_11(year: int, term: str) -> bool:
    return year == 11 or (year == 10 and term == "summer")


def is_before_a_new_school(year: int, term: str) -> bool:
    """Whether a receiving school belongs to the meeting of this term."""
    return any(each(year, term) for each in (starts_reception, moves_to_secondary, leaves_year_11))

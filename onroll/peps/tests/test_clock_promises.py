"""What the clock promises for any child, calendar and settings: tried on random ones."""

import os
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from onroll.authorities.calendar import Calendar
from onroll.authorities.models import CalendarEntry
from onroll.codes.working_days import is_working_day, working_days_between
from onroll.peps.clock import (
    Child,
    Clock,
    Event,
    Exempt,
    Finished,
    Happened,
    InCare,
    Kind,
    PepFrom,
    Settings,
    State,
)

EXAMPLES = 1_000 if os.environ.get("ONROLL_NIGHTLY") else 30
FIRST, LAST = date(2023, 9, 1), date(2027, 8, 31)
# What changes a date; a planned end of care is another thing.
DATED = [each for each in Happened if each is not Happened.CARE_END_PLANNED]


class Random:
    """Random calendars, settings and children, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = Clock(self.calendar(), self.settings(), live_from=FIRST)

    def day(self, first: date = FIRST, last: date = LAST) -> date:
        return first + timedelta(days=self.chance.randint(0, (last - first).days))

    def calendar(self) -> Calendar:
        entries = []
        for year in range(2023, 2027):
            label = f"{year}-{(year + 1) % 100:02}"
            for term, first, last in (
                ("autumn", date(year, 9, 1), date(year, 12, 22)),
                ("spring", date(year + 1, 1, 3), date(year + 1, 3, 30)),
                ("summer", date(year + 1, 4, 14), date(year + 1, 7, 22)),
            ):
                start = first + timedelta(days=self.chance.randint(0, 4))
                end = last - timedelta(days=self.chance.randint(0, 3))
                middle = start + (end - start) / 2
                deadline = middle + timedelta(days=self.chance.randint(0, 25))
                for kind, begin, until in (
                    ("term", start, end),
                    ("half_term_break", middle, middle + timedelta(days=5)),
                    ("pep_deadline", deadline, deadline + timedelta(days=1)),
                ):
                    keys = {"academic_year": label, "term": term}
                    entries.append(CalendarEntry(kind=kind, start=begin, end=until, **keys))
        return Calendar(tuple(entries))

    def settings(self) -> Settings:
        return Settings(
            complete_within=self.chance.choice((10, 20)),
            pep_from=self.chance.choice(list(PepFrom)),
            placement_move=self.chance.choice((None, 20)),
            missing_return=self.chance.choice((None, 5, 10)),
            short_return_days=self.chance.choice((0, 0, 14)),
        )

    def child(self) -> Child:
        born = self.day(date(2006, 1, 1), date(2024, 1, 1))
        care, start = [], self.day(max(born, date(2022, 1, 1)), date(2027, 1, 1))
        for _ in range(self.chance.choice((1, 1, 2))):
            end = start + timedelta(days=self.chance.randint(1, 900)) if self.chance.random() < 0.5 else None
            care.append(InCare(start, end))
            if end is None:
                break
            start = end + timedelta(days=self.chance.randint(1, 60))
        events = [Event(self.day(), self.chance.choice(DATED)) for _ in range(self.chance.randint(0, 4))]
        child = Child(born, care, events, on_roll=self.chance.random() < 0.8)
        return replace(child, finished=self.finished(child))

    def finished(self, child: Child) -> list[Finished]:
        """Some of the child's plans, done on some day on which they were open."""
        done: list[Finished] = []
        for plan in self.clock.plans_of(child, LAST):
            if plan.term and plan.exempt is None and self.chance.random() < 0.6:
                on = self.day(plan.opens_on, max(plan.due, plan.opens_on))
                done.append(Finished(plan.kind, plan.term.year, plan.term.term, on))
        return done


@pytest.fixture(params=range(EXAMPLES))
def world(request: pytest.FixtureRequest) -> Random:
    return Random(request.param)


def test_each_term_has_one_plan_and_the_order_of_recording_changes_nothing(world):
    child, on = world.child(), world.day()

    plans = world.clock.plans_of(child, on)

    of_terms = [(plan.kind if plan.kind is not Kind.TERMLY else Kind.INITIAL, plan.term) for plan in plans if plan.term]
    of_terms = [each for each in of_terms if each[0] is Kind.INITIAL]
    assert len(of_terms) == len(set(of_terms))
    assert sum(plan.kind is Kind.EVENT and not plan.is_finished for plan in plans) <= 1
    shuffled = replace(
        child,
        care=list(reversed(child.care)),
        events=list(reversed(child.events)),
        finished=list(reversed(child.finished)),
    )
    assert world.clock.plans_of(shuffled, on) == plans


def test_no_due_day_lies_outside_the_scope_or_on_a_day_off_that_the_authority_did_not_set(world):
    child, on = world.child(), world.day()
    scope = world.clock.scope_of(child, on)
    deadlines = {each.start for each in world.clock.calendar.entries if each.kind == "pep_deadline"}

    for plan in world.clock.plans_of(child, on):
        if plan.exempt is None and not plan.is_finished:
            assert plan.due in scope
            assert is_working_day(plan.due) or plan.due in deadlines


def test_one_more_event_makes_no_date_later(world):
    child, on = world.child(), world.day()
    more = replace(child, events=[*child.events, Event(world.day(), world.chance.choice(DATED))])

    before = {(plan.kind, plan.term): plan.due for plan in world.clock.plans_of(child, on)}
    after = {(plan.kind, plan.term): plan.due for plan in world.clock.plans_of(more, on)}

    of_terms = [key for key in before if key[0] is not Kind.EVENT and key in after]
    assert all(after[key] <= before[key] for key in of_terms)


def test_an_end_of_care_leaves_nothing_open(world):
    child = world.child()
    last = child.care[-1]
    end = max(world.day(), last.start + timedelta(days=1))
    ended = replace(child, care=[*child.care[:-1], InCare(last.start, end)])

    answer = world.clock.ask(ended, end)

    assert answer.state in (State.NONE, State.EXEMPT, State.OVERDUE, State.CALENDAR_MISSING)
    for plan in world.clock.plans_of(ended, end):
        assert plan.is_finished or plan.exempt in (Exempt.LEFT_CARE, Exempt.OVER_18) or plan.due < end


def test_the_first_plan_is_due_within_the_twenty_working_days_of_the_law(world):
    child, on = world.child(), world.day()

    for plan in world.clock.plans_of(child, on):
        if plan.start_by is not None:
            entry = world.clock.scope_of(child, on).entry
            assert working_days_between(entry, plan.due) <= 20
            assert plan.start_by <= entry + timedelta(days=31)


def test_every_plan_says_why(world):
    child, on = world.child(), world.day()

    assert all(plan.why and all(each.endswith(".") for each in plan.why) for plan in world.clock.plans_of(child, on))


def test_a_day_of_the_past_knows_nothing_of_what_was_done_later(world):
    child, on = world.child(), world.day()

    assert all(plan.finished_on is None or plan.finished_on <= on for plan in world.clock.plans_of(child, on))

"""The figures of plans: their worked examples, and a slow and obvious recount."""

import inspect
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onroll.access.actors import Actor
from onroll.children.tests.scene import an_authority, write
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.cohorts import Cohort
from onroll.measures.engine import read
from onroll.measures.tests.worked_examples import example_in
from onroll.plans.definitions import actions_by_rating, actions_past_their_end
from onroll.plans.models import Rated, Rating
from onroll.plans.tests.scene import a_plan, an_action

pytestmark = pytest.mark.django_db


def reading(authority, measure, on, by=()):
    actor = Actor.command_line(authority.pk, today=on, user="tester")
    return read(measure, Cohort.for_actor(actor, as_at=on), by=by)


def rate(line, rating, on):
    write(Rating(authority=line.authority, action=line.action, rating=rating, on=on))
    line.action.rating = line.action.ratings.order_by("-on", "-pk").first().rating
    write(line.action)


@pytest.mark.parametrize("module", [actions_by_rating, actions_past_their_end], ids=lambda each: each.MEASURE.id)
def test_the_worked_example_of_a_measure_of_plans_holds(module):
    example, authority = example_in(inspect.getdoc(module)), an_authority()
    for words, facts in example.lines:
        told = dict(fact.split(" ", 1) for fact in facts if not fact.startswith("rated"))
        begins = date.fromisoformat(told.get("begins", "2025-09-01"))
        plan = a_plan(authority, f"Plan of {words}", start=begins, end=None)
        line = an_action(plan, words, due_on=date.fromisoformat(told["due"]) if "due" in told else None)
        for fact in facts:
            if fact.startswith("rated "):
                rating, on = fact.removeprefix("rated ").rsplit(" ", 1)
                rate(line, rating, date.fromisoformat(on))

    found = reading(authority, module.MEASURE, example.period.last_day, by=("plan",))

    assert (found.part, found.whole) == example.total
    counted = {group.label.removeprefix("Plan of "): (group.part, group.whole) for group in found.breakdown}
    assert counted == {words: amount for words, amount in example.expected.items() if amount}


@pytest.mark.requirement("R004")
def test_the_two_figures_answer_what_the_plan_asks_of_itself():
    assert CATALOGUE.find("W98") is actions_by_rating.MEASURE
    assert CATALOGUE.find("W99") is actions_past_their_end.MEASURE


def test_an_action_that_a_new_plan_took_over_is_counted_there_and_once():
    authority = an_authority()
    old = a_plan(authority, "Old", start=date(2025, 9, 1))
    line = an_action(old, section="PEPs")
    new = a_plan(authority, "New", start=date(2026, 9, 1), end=date(2027, 9, 1), follows=old.number)
    other = an_action(new, "Another", section="Money")
    write(type(line)(authority=authority, plan=new, section=other.section, action=line.action, position=2))

    before = reading(authority, actions_by_rating.MEASURE, date(2026, 8, 31), by=("plan",))
    after = reading(authority, actions_by_rating.MEASURE, date(2026, 9, 1), by=("plan", "section"))

    assert [(group.label, group.part) for group in before.breakdown] == [("Old", 1)]
    assert [(group.label, group.part) for group in after.breakdown] == [("New, Money", 2)]


CODES = count(100)
DAYS = st.dates(date(2025, 9, 1), date(2026, 8, 31))
ACTIONS = st.lists(
    st.tuples(st.none() | DAYS, st.lists(st.tuples(DAYS, st.sampled_from(["", *Rated.values])), max_size=3)), max_size=5
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS, on=DAYS)
def test_the_figures_are_what_a_slow_recount_says(db, actions, on):
    """Straight from the words: each action, its rating on the day, and whether the month it was to end in is over."""
    authority = an_authority(code=f"{next(CODES)}")
    plan = a_plan(authority)
    ratings, late = [], 0
    for due, rated in actions:
        line = an_action(plan, due_on=due)
        for day, rating in rated:
            write(Rating(authority=authority, action=line.action, rating=rating, on=day))
        by_day = sorted(rated, key=lambda each: each[0])
        then = [rating for day, rating in by_day if day <= on]
        ratings.append(then[-1] if then else "")
        if due and (due.year, due.month) < (on.year, on.month) and ratings[-1] != "Completed":
            late += 1

    by_rating = reading(authority, actions_by_rating.MEASURE, on, by=("rating",))
    overdue = reading(authority, actions_past_their_end.MEASURE, on)

    expected = {rating or "not_rated": ratings.count(rating) for rating in ratings}
    assert {group.code: group.part for group in by_rating.breakdown} == expected
    assert (by_rating.part, overdue.part) == (len(actions), late)

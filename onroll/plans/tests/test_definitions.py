"""The figures of plans: their worked examples, and a slow and obvious recount."""

import inspect
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.children.tests.scene import an_authority, write
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.cohorts import Cohort
from onroll.measures.engine import read
from onroll.measures.tests.worked_examples import example_in
from onroll.plans.actions import write_update
from onroll.plans.definitions import (
    actions_by_rating,
    actions_past_their_end,
    contract_milestones,
    data_requests_waiting,
    plan_agreed_by_a_working_group,
)
from onroll.plans.models import Asked, Meeting, Milestone, Rated, Rating
from onroll.plans.tests.scene import a_plan, an_action

pytestmark = pytest.mark.django_db


def reading(authority, measure, on, by=()):
    actor = Actor.command_line(authority.pk, today=on, user="tester")
    return read(measure, Cohort.for_actor(actor, as_at=on), by=by)


def rate(line, rating, on):
    lead = replace(Actor.command_line(line.authority_id, today=on, user="tester"), role=Role.VSH)
    write_update(line.action, actor=lead, on=on, words="", rating=rating)


@pytest.mark.parametrize("module", [actions_by_rating, actions_past_their_end], ids=lambda each: each.MEASURE.id)
def test_the_worked_example_of_a_measure_of_plans_holds(module):
    example, authority = example_in(inspect.getdoc(module)), an_authority()
    for words, facts in example.lines:
        told = dict(fact.split(" ", 1) for fact in facts if not fact.startswith("rated"))
        begins = date.fromisoformat(told.get("begins", "2025-09-01"))
        ends = date.fromisoformat(told["ends"]) if "ends" in told else None
        plan = a_plan(authority, f"Plan of {words}", start=begins, end=ends)
        due = date.fromisoformat(told["due"]) if "due" in told else None
        line = an_action(plan, words, due_on=due, rhythm=told.get("rhythm", ""))
        for fact in facts:
            if fact.startswith("rated "):
                rating, on = fact.removeprefix("rated ").rsplit(" ", 1)
                rate(line, rating, date.fromisoformat(on))

    found = reading(authority, module.MEASURE, example.period.last_day, by=("plan",))

    assert (found.part, found.whole) == example.total
    counted = {group.label.removeprefix("Plan of "): (group.part, group.whole) for group in found.breakdown}
    assert counted == {words: amount for words, amount in example.expected.items() if amount}


@pytest.mark.requirement("R004")
def test_a_rating_that_was_printed_holds_until_the_first_that_has_a_day():
    authority = an_authority()
    line = an_action(a_plan(authority), rating="Off Track")
    before = date(2026, 2, 1)

    printed = reading(authority, actions_by_rating.MEASURE, before, by=("rating",))
    rate(line, "In Progress", date(2026, 3, 2))
    rate(line, "Completed", date(2026, 4, 2))
    then = reading(authority, actions_by_rating.MEASURE, before, by=("rating",))
    later = reading(authority, actions_by_rating.MEASURE, date(2026, 3, 2), by=("rating",))

    assert [group.code for group in printed.breakdown] == ["Off Track"]
    assert [group.code for group in then.breakdown] == ["Off Track"]
    assert [group.code for group in later.breakdown] == ["In Progress"]


def test_what_comes_round_is_past_its_end_only_where_it_has_one_of_its_own():
    authority = an_authority()
    plan = a_plan(authority, start=date(2025, 9, 1), end=date(2026, 3, 1))
    an_action(plan, "Every term", due_on=date(2026, 2, 28), rhythm="term")
    an_action(plan, "Every month until December", due_on=date(2025, 12, 31), rhythm="month", section="Money")

    found = reading(authority, actions_past_their_end.MEASURE, date(2026, 3, 31), by=("section",))

    assert [(group.label, group.part) for group in found.breakdown] == [("Money", 1)]


def a_day(words):
    return date.fromisoformat(words)


def with_meetings(line, facts, authority):
    for fact in facts:
        kind, _, rest = fact.partition(" ")
        if kind == "group":
            state, on = rest.split(" ")
            on = {"on": a_day(on), "first_on": a_day(on)}
            write(
                Meeting(authority=authority, action=line.action, title="Group", working_group=True, state=state, **on)
            )
        elif kind == "led":
            agreed = a_day(rest.removeprefix("to a plan agreed ")) if "agreed" in rest else None
            line.action.led_to = a_plan(authority, f"Plan out of {line.action.words}", agreed_on=agreed)
            write(line.action)


def with_milestone(line, facts, authority):
    told = dict(fact.rsplit(" ", 1) for fact in facts if fact != "another measure")
    ((kind, due),) = ((key.removesuffix(" due"), day) for key, day in told.items() if key.endswith(" due"))
    achieved = a_day(told["achieved"]) if "achieved" in told else None
    days = {"due_on": a_day(due), "achieved_on": achieved}
    write(Milestone(authority=authority, action=line.action, position=1, words="A step", kind=kind, **days))


@pytest.mark.parametrize(
    ("module", "set_up"),
    [(plan_agreed_by_a_working_group, with_meetings), (contract_milestones, with_milestone)],
    ids=lambda each: getattr(each, "__name__", "").rpartition(".")[2],
)
def test_the_worked_example_of_a_yes_or_no_holds(module, set_up):
    on, lines, whole = yes_or_no_in(inspect.getdoc(module))
    authority = an_authority()
    plan, measure = a_plan(authority), module.MEASURE
    for words, facts, _ in lines:
        chosen = "W34" if "another measure" in facts else measure.answers[0]
        set_up(an_action(plan, words, measures=(chosen,)), facts, authority)

    found = reading(authority, measure, on, by=("action",))

    assert {group.label: WORDS[group.part] for group in found.breakdown} == {
        words: answer for words, _, answer in lines if answer != "left out"
    }
    assert WORDS[found.part] == whole


WORDS = {1: "yes", 0: "no"}


def yes_or_no_in(docstring):
    """The day of a worked example, its lines as words, facts and answer, and the answer of all together."""
    on, _, body = docstring.partition("Worked example, on ")[2].partition(":\n\n")
    lines = [line.strip().partition(" -> ") for line in body.strip().splitlines()]
    told = [(*words.split(": ", 1), answer) for words, _, answer in lines[:-1]]
    return a_day(on), [(words, facts.split("; "), answer) for words, facts, answer in told], lines[-1][0][5:]


def test_the_worked_example_of_data_that_was_asked_for_holds():
    example, authority = example_in(inspect.getdoc(data_requests_waiting)), an_authority()
    line = an_action(a_plan(authority))
    for item, facts in example.lines:
        told = {name: a_day(day) for name, day in (fact.split(" ") for fact in facts)}
        days = {"requested_on": told["asked"], "supplied_on": told.get("supplied")}
        write(Asked(authority=authority, action=line.action, item=item, asked_of="Business intelligence", **days))

    found = reading(authority, data_requests_waiting.MEASURE, example.period.last_day, by=("item",))
    by_state = reading(authority, data_requests_waiting.MEASURE, example.period.last_day, by=("state",))

    assert (found.part, found.whole, found.value) == (*example.total, 7)
    counted = {group.label: (group.part, None) for group in found.breakdown}
    assert counted == {item: amount for item, amount in example.expected.items() if amount}
    assert {group.label: group.whole for group in by_state.breakdown} == {"Open": 2, "Closed": 1}


def test_where_no_contract_is_told_of_there_is_no_data_and_no_agreed_plan_is_a_no():
    authority = an_authority()

    contract = reading(authority, contract_milestones.MEASURE, date(2026, 3, 31))
    plan = reading(authority, plan_agreed_by_a_working_group.MEASURE, date(2026, 3, 31))

    assert (contract.value, plan.value) == (None, 0)


@pytest.mark.requirement("R024")
def test_meetings_of_the_working_group_are_counted_by_what_became_of_them():
    authority = an_authority()
    line = an_action(a_plan(authority), measures=("W21",))
    states = ["held 2025-10-01", "cancelled 2025-12-08", "arranged 2026-02-03", "held 2025-08-31"]
    with_meetings(line, [f"group {each}" for each in states], authority)

    found = reading(authority, plan_agreed_by_a_working_group.MEETINGS, date(2026, 1, 10), by=("meeting",))

    assert {group.label: group.part for group in found.breakdown} == {"Arranged": 1, "Held": 1, "Cancelled": 1}


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


MAYBE = st.none() | DAYS
GROUPS = st.lists(st.tuples(st.booleans(), st.sampled_from(["held", "cancelled", "arranged"]), DAYS), max_size=3)
WORK = st.lists(
    st.tuples(
        st.sampled_from(["W21", "M80", "W34"]),
        st.none() | st.tuples(MAYBE),
        GROUPS,
        st.lists(st.tuples(st.sampled_from(["step", "contract", "contract_end"]), MAYBE, MAYBE), max_size=3),
        st.lists(st.tuples(DAYS, st.none() | st.integers(0, 90)), max_size=2),
    ),
    max_size=4,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(work=WORK, on=DAYS)
def test_what_a_plan_says_of_its_own_work_is_what_a_slow_recount_says(db, work, on):
    """Straight from the words of W21, M80 and W24."""
    authority = an_authority(code=f"{next(CODES)}")
    plan, own = a_plan(authority), {"authority": authority}
    agreed, in_time, waited = [], [], []
    for measure, led_to, meetings, milestones, asked in work:
        line = an_action(plan, measures=(measure,))
        if led_to is not None:
            line.action.led_to = a_plan(authority, f"Led to by {line.pk}", agreed_on=led_to[0])
            write(line.action)
        for of_group, state, day in meetings:
            group = {"working_group": of_group, "state": state}
            write(Meeting(**own, action=line.action, title="Group", on=day, first_on=day, **group))
        for at, (kind, due, achieved) in enumerate(milestones):
            days = {"due_on": due, "achieved_on": achieved}
            write(Milestone(**own, action=line.action, position=at, words="A step", kind=kind, **days))
            if measure == "M80" and kind == "contract" and due:
                if achieved and achieved <= on:
                    in_time.append(achieved <= due)
                elif due < on:
                    in_time.append(False)
        for day, days in asked:
            supplied = day + timedelta(days=days) if days is not None else None
            request = {"requested_on": day, "supplied_on": supplied}
            write(Asked(**own, action=line.action, item="Data", asked_of="Colleagues", **request))
            if day <= on:
                waited.append(((supplied if supplied and supplied <= on else on) - day).days)
        if measure == "W21":
            met = [day for of_group, state, day in meetings if of_group and state == "held" and day <= on]
            day = led_to and led_to[0]
            agreed.append(bool(met and day and day <= on))

    counted = [reading(authority, CATALOGUE.find(each), on) for each in ("W21", "M80", "W24")]

    assert counted[0].value == int(bool(agreed) and all(agreed))
    assert counted[1].value == (int(all(in_time)) if in_time else None)
    assert (counted[2].part, counted[2].whole) == (sum(waited), len(waited))

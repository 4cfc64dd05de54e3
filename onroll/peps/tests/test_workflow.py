"""Whatever people do with a plan, in whatever order: only what the table of states allows ever happens."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onroll.access.actors import Actor
from onroll.children.contradictions import Refused, refuse_if
from onroll.children.tests.scene import together
from onroll.history.changes import change
from onroll.peps import actions
from onroll.peps.actions import why_not
from onroll.peps.finishing import hand_in
from onroll.peps.models import Pep, Signature
from onroll.peps.tests.scene import TODAY, a_cast, a_pep
from onroll.peps.workflow import BEFORE_SUBMISSION, CLOSED, HANDED_IN, OPEN, WAY, Act, State, acts_in

EXAMPLES = 500 if os.environ.get("ONROLL_NIGHTLY") else 20
PEOPLE = ("teacher", "worker", "adviser", "head", "carer", "support", "iro")
REASON = "The meeting could not be held in time."
REASONS = (REASON, REASON, REASON, "", "Too short", "x" * 501)
# Days that say what has been done with a plan. Once there, they are never taken away.
LASTING = ("submitted_on", "signed_off_on")


# The table


def test_every_act_leads_from_states_to_another_and_is_somebodys():
    for act in Act:
        move = act.value
        assert move.start
        assert move.roles
        assert move.to not in move.start


def test_every_state_is_reached_and_every_open_one_can_be_left():
    assert {act.value.to for act in Act} == set(State) - {State.DUE}
    assert {state for act in Act for state in act.value.start} == {*OPEN, State.SIGNED_OFF}
    assert set(WAY) | {State.RETURNED, State.EXEMPT, State.ON_HOLD, State.MISSED} == set(State)


def test_no_button_does_what_happens_by_itself_and_none_is_on_a_closed_plan_but_to_amend_it():
    for state in State:
        for role in {role for act in Act for role in act.value.roles}:
            offered = acts_in(state, role)
            assert not any(act.value.by_itself for act in offered)
            if state in CLOSED:
                assert set(offered) <= {Act.AMEND}


# Whatever people do


def submit(pep: Pep, *, actor: Actor) -> None:
    """Hand a plan in, all of whose answers are there."""
    refuse_if(why_not(pep, Act.SUBMIT, actor=actor))
    with change(Act.SUBMIT.verb, actor=actor, child=pep.child) as this:
        hand_in(this, pep, actor)


def hold_meeting(pep: Pep, on: date, *, actor: Actor) -> None:
    actions.hold_meeting(pep, on, young_person_attended=True, vs_attended=False, actor=actor)


@st.composite
def a_deed(draw: st.DrawFn) -> tuple[str, int, Callable[[Pep, Actor], Any]]:
    """Somebody, some days later, and what they try."""
    reason, days = draw(st.sampled_from(REASONS)), draw(st.integers(-8, 8))
    signed_as, began = draw(st.sampled_from(Signature.As.values)), draw(st.booleans())
    deeds: tuple[Callable[[Pep, Actor], Any], ...] = (
        lambda pep, actor: actions.book_meeting(pep, actor.today + timedelta(days=days), actor=actor),
        lambda pep, actor: hold_meeting(pep, actor.today + timedelta(days=days), actor=actor),
        lambda pep, actor: actions.ask_for_help(pep, "school", None, actor=actor),
        lambda pep, actor: submit(pep, actor=actor),
        lambda pep, actor: actions.draw_for_audit(pep, actor=actor),
        lambda pep, actor: actions.give_back(pep, reason, actor=actor),
        lambda pep, actor: actions.sign(pep, Signature.As(signed_as), actor=actor),
        lambda pep, actor: actions.sign_off(pep, without=reason[:500], actor=actor),
        lambda pep, actor: actions.amend(pep, reason, actor=actor),
        lambda pep, actor: actions.put_on_hold(pep, reason, actor=actor),
        lambda pep, actor: actions.take_up(pep, actor=actor),
        lambda pep, actor: actions.exempt(pep, "other", reason, actor=actor),
        lambda pep, actor: actions.close_as_missed(pep, reason, next_term_began=began, actor=actor),
    )
    # Most of it is tried by those who have something to do here.
    who = draw(st.sampled_from((*PEOPLE, "head", "head", "adviser", "adviser", "teacher", "teacher")))
    return who, draw(st.integers(0, 6)), draw(st.sampled_from(deeds))


def as_kept(pep: Pep) -> dict[str, Any]:
    return Pep.unscoped.filter(pk=pep.pk).values().get()


def is_allowed(before: State, after: State, actor: Actor) -> bool:
    """Whether the table has a row for this. A plan that was on hold goes on from where it stood."""
    if before == State.ON_HOLD and after in (*BEFORE_SUBMISSION, State.RETURNED):
        return actor.role in Act.TAKE_UP.value.roles
    rows = [act.value for act in Act if before in act.value.start and act.value.to == after]
    return before == after or any(actor.role in move.roles for move in rows)


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is taken back."""
    at = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(at)


@pytest.fixture
@together()
def cast(db):
    return a_cast()


def a_plan_in(cast: Any, state: State) -> Pep:
    """A plan in this state, with the days that it has then."""
    days: dict[str, Any] = {"state": state}
    if state in (*HANDED_IN, State.RETURNED, State.SIGNED_OFF):
        days |= {"held_on": date(2026, 9, 21), "submitted_on": date(2026, 9, 25)}
    if state == State.RETURNED:
        days |= {"returned_on": date(2026, 9, 28)}
    if state == State.SIGNED_OFF:
        days |= {"signed_off_on": date(2026, 9, 30)}
    if state == State.EXEMPT:
        days |= {"exempt_reason": "other", "closed_on": date(2026, 9, 30)}
    return a_pep(cast.child, **days)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not os.environ.get("ONROLL_NIGHTLY"),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(begins=st.sampled_from(State), deeds=st.lists(a_deed(), min_size=12, max_size=30))
def test_whatever_people_try_only_what_the_table_allows_happens_and_no_day_is_lost(cast, begins, deeds):
    with undone():
        pep, today = a_plan_in(cast, begins), TODAY
        for who, later, deed in deeds:
            today += timedelta(days=later)
            actor, before = replace(cast.actors[who], today=today), as_kept(pep)
            try:
                deed(Pep.unscoped.select_related("child").get(pk=pep.pk), actor)
            except Refused:
                assert as_kept(pep) == before
                continue
            after = as_kept(pep)
            assert after["state"] in State
            assert is_allowed(State(before["state"]), State(after["state"]), actor), (who, before, after)
            assert all(after[name] for name in LASTING if before[name])
            # The first time it was handed in is the one that counts.
            assert before["submitted_on"] in (None, after["submitted_on"])
            assert after["edition"] >= before["edition"]


@pytest.mark.parametrize("state", list(State))
def test_who_can_do_what_in_each_state_is_what_the_table_says(cast, state):
    """Each act as itself is tried, with everything that it asks for, by each person in each state."""
    reason = REASON
    tried: dict[Act, Callable[[Pep, Actor], Any]] = {
        Act.HOLD_MEETING: lambda pep, actor: hold_meeting(pep, TODAY, actor=actor),
        Act.SUBMIT: lambda pep, actor: submit(pep, actor=actor),
        Act.DRAW: lambda pep, actor: actions.draw_for_audit(pep, actor=actor),
        Act.RETURN: lambda pep, actor: actions.give_back(pep, reason, actor=actor),
        Act.SIGN_OFF: lambda pep, actor: actions.sign_off(pep, without=reason, actor=actor),
        Act.AMEND: lambda pep, actor: actions.amend(pep, reason, actor=actor),
        Act.PUT_ON_HOLD: lambda pep, actor: actions.put_on_hold(pep, reason, actor=actor),
        Act.TAKE_UP: lambda pep, actor: actions.take_up(pep, actor=actor),
        Act.EXEMPT: lambda pep, actor: actions.exempt(pep, "other", reason, actor=actor),
        Act.CLOSE_AS_MISSED: lambda pep, actor: actions.close_as_missed(pep, reason, next_term_began=True, actor=actor),
    }
    assert set(tried) == {act for act in Act if not act.value.by_itself}
    pep = a_plan_in(cast, state)

    for who, (act, deed) in product(PEOPLE, tried.items()):
        actor, row = cast.actors[who], Pep.unscoped.select_related("child").get(pk=pep.pk)
        with undone():
            if state in act.value.start and actor.role in act.value.roles:
                deed(row, actor)
                done = State(as_kept(pep)["state"])
                assert done == act.value.to or (act is Act.TAKE_UP and done in BEFORE_SUBMISSION)
            else:
                with pytest.raises(Refused):
                    deed(row, actor)


def test_a_plan_handed_in_again_keeps_the_day_of_the_first_time(cast):
    """Returned and put right, and amended after sign-off: done in time stays done in time."""
    head, teacher, first = cast.actors["head"], cast.actors["teacher"], date(2026, 9, 25)
    pep = a_plan_in(cast, State.SUBMITTED)

    actions.give_back(pep, REASON, actor=head)
    submit(pep, actor=teacher)
    assert (as_kept(pep)["state"], as_kept(pep)["submitted_on"]) == (State.SUBMITTED, first)

    actions.sign_off(pep, without=REASON, actor=head)
    actions.amend(pep, REASON, actor=head)
    assert as_kept(pep)["signed_off_on"] == TODAY
    submit(pep, actor=teacher)
    assert (as_kept(pep)["submitted_on"], as_kept(pep)["edition"]) == (first, 2)

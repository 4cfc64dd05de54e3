"""On track, near, off track, no data: one rule with its reason, and never against the end of what still grows."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.codes.years import Term
from onroll.measures.measure import Unit
from onroll.measures.models import Target
from onroll.measures.rag import Against, Near, State, against, judge

NEAR = Near(points=5, share=10)
ORDER = [State.OFF, State.NEAR, State.ON]

numbers = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)
units = st.sampled_from([Unit.PERCENT, Unit.COUNT, Unit.DAYS, Unit.POUNDS])
nears = st.builds(Near, points=st.integers(0, 50), share=st.integers(0, 50))


def target(**fields):
    return Target(
        **{
            "measure": "school-changes",
            "period": "2026/27",
            "start": date(2026, 9, 1),
            "end": date(2027, 9, 1),
            "value": Decimal("15"),
            "better": "lower",
            "due_on": date(2027, 8, 31),
            **fields,
        }
    )


def set_against(day, *, it=None, term=Term.AUTUMN, accumulates=True, year_before=None):
    return against(
        it, accumulates=accumulates, as_at=day, term=term, unit=Unit.PERCENT, year_before=year_before
    )  # fmt: skip


@given(numbers, numbers, numbers, units, nears)
def test_a_better_value_is_never_judged_worse(one, other, mark, unit, near):
    worse, better = sorted([one, other])
    states = [
        judge(value, Against(mark, "the target"), better="higher", unit=unit, near=near).state
        for value in (worse, better)
    ]

    assert ORDER.index(states[0]) <= ORDER.index(states[1])


@given(numbers, numbers, units, nears)
def test_lower_is_better_is_higher_is_better_in_the_mirror(value, mark, unit, near):
    higher = judge(value, Against(mark, ""), better="higher", unit=unit, near=near)
    lower = judge(-value, Against(-mark, ""), better="lower", unit=unit, near=near)

    assert higher.state == lower.state


@given(st.sampled_from(["higher", "lower"]), numbers, units, nears)
def test_nothing_is_no_data_and_none_of_them_is_a_value(better, mark, unit, near):
    assert judge(None, Against(mark, ""), better=better, unit=unit, near=near).state is State.NO_DATA
    assert judge(Fraction(0), Against(mark, ""), better=better, unit=unit, near=near).state is not State.NO_DATA


@pytest.mark.parametrize(
    ("value", "state", "why"),
    [
        (Fraction(70), State.ON, "On track: 70% against the target of 70%, and higher is better."),
        (
            Fraction(200, 3),
            State.NEAR,
            "Near: 66.7% against the target of 70%, 3.3 points from it; up to 5 points counts as near.",
        ),
        (
            Fraction(40),
            State.OFF,
            "Off track: 40% against the target of 70%, 30 points from it; more than 5 points is off track.",
        ),
    ],
)
def test_the_reason_holds_the_numbers_it_was_made_of(value, state, why):
    judged = judge(value, Against(Fraction(70), "the target of 70%"), better="higher", unit=Unit.PERCENT, near=NEAR)

    assert (judged.state, judged.why) == (state, why)


def test_what_grows_is_set_against_the_same_day_a_year_before_and_never_the_end_of_the_year():
    in_october = set_against(date(2026, 10, 20), it=target(), year_before=Fraction(4))

    assert (in_october.value, in_october.words) == (4, "4% on the same day a year before")
    assert set_against(date(2026, 10, 20), it=target()) is None
    assert set_against(date(2027, 8, 31), it=target(), year_before=Fraction(4)).value == 15


def test_what_does_not_grow_is_set_against_its_target_on_every_day_of_the_period_alone():
    assert set_against(date(2026, 10, 20), it=target(), accumulates=False).value == 15
    assert set_against(date(2027, 9, 1), it=target(), accumulates=False) is None


def test_a_profile_says_what_is_expected_by_each_term():
    low = target(by_autumn=Decimal("5"), by_spring=Decimal("10"))
    high = target(by_autumn=Decimal("5"), by_spring=Decimal("10"), better="higher")

    assert set_against(date(2026, 10, 20), it=low).value == 5
    assert set_against(date(2027, 2, 1), it=low, term=Term.SPRING, year_before=Fraction(1)).value == 10
    # What should grow is asked for when a term is over.
    assert set_against(date(2026, 10, 20), it=high) is None
    assert (
        set_against(date(2027, 2, 1), it=high, term=Term.SPRING).words
        == "the 5% expected by the end of the autumn term"
    )

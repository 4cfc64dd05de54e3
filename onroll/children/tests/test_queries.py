"""Who is on the roll, and what a child's care was, on any day."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onroll.children.models import CareEpisode, Child, EpisodePlacement, SchoolPlace
from onroll.children.queries import (
    care_facts,
    continuously_looked_after,
    facts_of,
    homes,
    roll,
    school_moves_in,
)
from onroll.codes.year_groups import phase_of

from .scene import a_child, a_place, a_school, an_authority, an_episode, write

ON = date(2026, 3, 31)


@pytest.fixture
def ashcombe(db):
    return an_authority()


def test_a_child_is_on_the_roll_from_the_first_day_and_not_on_the_day_care_ends(ashcombe):
    an_episode(a_child(ashcombe, number="1"), date(2025, 1, 10), end=date(2026, 1, 10))

    def count(day):
        return roll(ashcombe.pk, day).count

    assert [count(date(2025, 1, 9)), count(date(2025, 1, 10))] == [0, 1]
    assert [count(date(2026, 1, 9)), count(date(2026, 1, 10))] == [1, 0]


def test_short_breaks_are_held_and_are_not_on_the_roll(ashcombe):
    an_episode(a_child(ashcombe, number="1"), legal_status="V4")
    both = a_child(ashcombe, number="2")
    an_episode(both, legal_status="V4")
    an_episode(both, date(2025, 6, 1), legal_status="C2")

    found = roll(ashcombe.pk, ON)

    assert found.children == ["2"]
    assert found.short_breaks == 1


def test_the_roll_goes_from_birth_to_year_13(ashcombe):
    an_episode(a_child(ashcombe, number="baby", birth_date=date(2026, 3, 1)), date(2026, 3, 2))
    an_episode(a_child(ashcombe, number="year 13", birth_date=date(2007, 9, 1)))
    an_episode(a_child(ashcombe, number="older", birth_date=date(2007, 8, 31)))

    found = roll(ashcombe.pk, ON)

    assert found.children == ["baby", "year 13"]
    assert found.by_phase == {"early_years": 1, "school_age": 0, "post16": 1}


def test_another_authoritys_child_is_held_apart_from_the_roll(ashcombe):
    child = a_child(ashcombe, held_as=Child.HeldAs.OTHER_AUTHORITY)
    an_episode(child)

    assert roll(ashcombe.pk, ON).count == 0


def test_a_child_with_a_provisional_end_is_left_out_and_said(ashcombe):
    an_episode(a_child(ashcombe), date(2024, 1, 1), end=date(2025, 4, 1), provisional_end=True, reason_ceased="")

    found = roll(ashcombe.pk, ON)

    assert (found.count, found.awaiting_a_real_end) == (0, 1)


episodes_of_a_child = st.lists(
    st.tuples(
        st.dates(date(2024, 1, 1), date(2026, 6, 1)),
        st.one_of(st.none(), st.integers(0, 500)),
        st.sampled_from(["C1", "C2", "V2", "V3", "V4"]),
    ),
    max_size=3,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    children=st.lists(st.tuples(st.dates(date(2005, 1, 1), date(2026, 1, 1)), episodes_of_a_child), max_size=5),
    day=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
)
def test_the_roll_on_a_day_is_what_a_careful_count_by_hand_gives(ashcombe, children, day):
    expected, short = 0, 0
    for born_on, spells in children:
        child = a_child(ashcombe, birth_date=born_on)
        live = []
        for start, length, status in spells:
            end = None if length is None else start + timedelta(days=length)
            an_episode(child, start, end=end, legal_status=status)
            if start <= day and (end is None or end > day):
                live.append(status)
        on_it = any(status not in ("V3", "V4") for status in live)
        expected += on_it and phase_of(born_on, on=day) is not None
        short += bool(live) and not on_it
    before = getattr(test_the_roll_on_a_day_is_what_a_careful_count_by_hand_gives, "held", set())
    keys = set(Child.unscoped.values_list("pk", flat=True)) - before

    found = roll(ashcombe.pk, day)
    earlier = _count_of(before, day)

    assert found.count - earlier[0] == expected
    assert found.short_breaks - earlier[1] == short
    test_the_roll_on_a_day_is_what_a_careful_count_by_hand_gives.held = before | keys


def _count_of(keys, day):
    """What the children of earlier examples, which stay in the database of the test, count for on a day."""
    from onroll.children.queries import on_the_roll, only_short_breaks_on

    held = Child.unscoped.filter(pk__in=keys)
    return held.filter(on_the_roll(day)).count(), held.filter(only_short_breaks_on(day)).count()


def a_chain(*steps):
    """Episodes made of (reason, kind of home, days): each ends as the next begins; the last is open."""
    made, start = [], date(2024, 1, 1)
    for number, (reason, kind, days) in enumerate(steps, start=1):
        end = start + timedelta(days=days) if days else None
        episode = CareEpisode(pk=number, start=start, end=end, legal_status="C2", reason_new=reason)
        episode.placement = EpisodePlacement(placement_type=kind)
        made.append(episode)
        start = end or start
    return made


def test_a_change_of_legal_status_is_no_new_home():
    assert len(homes(a_chain(("S", "U6", 30), ("L", "U6", 30), ("P", "U6", 30), ("L", "U6", None)))) == 2


def test_a_few_days_elsewhere_and_back_is_no_new_home():
    assert len(homes(a_chain(("S", "U6", 30), ("P", "T1", 5), ("P", "U6", None)))) == 1


def test_becoming_adopted_by_the_present_carers_is_no_new_home():
    assert len(homes(a_chain(("S", "U6", 30), ("B", "A3", None)))) == 1


def test_care_is_counted_from_the_present_period_and_first_ever_is_kept():
    first = CareEpisode(pk=1, start=date(2020, 1, 1), end=date(2021, 1, 1), legal_status="V2", reason_new="S")
    again = CareEpisode(pk=2, start=date(2023, 5, 1), legal_status="C2", reason_new="S")
    for episode in (first, again):
        episode.placement = EpisodePlacement(placement_type="U6")

    facts = facts_of([first, again], ON)

    assert (facts.since, facts.first_ever) == (date(2023, 5, 1), date(2020, 1, 1))
    assert facts_of([first, again], date(2022, 1, 1)).left_on == date(2021, 1, 1)


@pytest.mark.parametrize(
    ("start", "status", "answer"),
    [
        (date(2025, 4, 1), "C2", True),
        (date(2025, 4, 2), "C2", False),
        (date(2020, 1, 1), "V4", False),
    ],
)
def test_continuously_looked_after_is_a_whole_year_up_to_the_day(start, status, answer):
    episode = CareEpisode(pk=1, start=start, legal_status=status, reason_new="S")

    assert continuously_looked_after([episode], ON) is answer


def test_the_care_of_many_children_is_one_query(ashcombe, django_assert_num_queries):
    children = [a_child(ashcombe) for _ in range(4)]
    for child in children:
        an_episode(child)

    with django_assert_num_queries(1):
        assert len(care_facts([child.pk for child in children], ON)) == 4


def test_passing_to_the_successor_of_a_school_is_no_move(ashcombe):
    child, old, new, other = a_child(ashcombe), a_school("Old"), a_school("New"), a_school("Other")
    a_place(child, old, date(2024, 9, 1), end=date(2025, 9, 1))
    a_place(child, new, date(2025, 9, 1), end=date(2026, 1, 5), follows_closure=True)
    a_place(child, other, date(2026, 1, 5))

    places = SchoolPlace.unscoped.filter(child=child)

    assert school_moves_in(places, date(2024, 1, 1), date(2026, 12, 31)) == 1


def test_a_merged_record_is_not_counted_beside_the_one_it_went_into(ashcombe):
    kept, other = a_child(ashcombe, number="1"), a_child(ashcombe, number="2")
    an_episode(kept)
    an_episode(other)
    other.merged_into = kept
    write(other)

    assert roll(ashcombe.pk, ON).children == ["1"]

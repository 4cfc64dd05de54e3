"""Places at schools: starting, ending, following a successor, the turn of the year."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onroll.access.roles import Role
from onroll.children.actions.school import (
    NewPlace,
    await_place,
    change_hours,
    confirm_place,
    end_place,
    end_places_and_start_next,
    follow_successor,
    start_place,
    start_places,
    why_not_end_and_start_next,
)
from onroll.children.contradictions import (
    Refused,
    places_of,
    what_a_place_leaves,
    what_ending_a_place_leaves,
)
from onroll.children.models import SchoolPlace
from onroll.children.queries import school_moves_in
from onroll.history.models import Change

from .scene import a_child, a_place, a_school, an_actor, an_authority, write

SEPTEMBER = date(2025, 9, 3)


def test_the_head_starts_a_place_and_the_wait_for_one_ends(cast):
    wait = await_place(cast.mia, start=date(2025, 7, 1), actor=cast.head)

    place = start_place(NewPlace(child=cast.mia, school=cast.hillside, start=SEPTEMBER), actor=cast.head)

    wait.refresh_from_db()
    assert (wait.end, place.school, place.kind) == (SEPTEMBER, cast.hillside, "main")


def test_a_designated_teacher_starts_a_place_at_her_own_school_only_and_no_main_one(cast):
    """A main place is what lets a school see the child: nobody gives that to themselves."""
    with pytest.raises(Refused, match="The virtual school starts a main school place"):
        start_place(NewPlace(child=cast.mia, school=cast.hillside, start=SEPTEMBER), actor=cast.teacher)

    with pytest.raises(Refused, match="own school only"):
        start_place(NewPlace(child=cast.mia, school=cast.fernhill, start=SEPTEMBER, kind="ap"), actor=cast.teacher)


def test_a_refusal_does_not_tell_a_school_of_another(cast):
    a_place(cast.mia, cast.fernhill)

    with pytest.raises(Refused) as refused:
        start_place(NewPlace(child=cast.mia, school=cast.hillside, start=SEPTEMBER), actor=cast.teacher)
    assert "The virtual school starts a main school place" in str(refused.value)
    assert "another" not in str(refused.value)
    assert "Fernhill" not in str(refused.value)


def test_a_social_worker_tells_of_a_school_and_does_not_change_it(cast):
    with pytest.raises(Refused, match="does not change"):
        start_place(NewPlace(child=cast.mia, school=cast.hillside, start=SEPTEMBER), actor=cast.social_worker)


def test_a_second_main_school_is_refused_by_name_and_day(cast):
    a_place(cast.mia, cast.fernhill)

    with pytest.raises(Refused, match="main school place at Fernhill since 3 September 2024"):
        start_place(NewPlace(child=cast.mia, school=cast.hillside, start=SEPTEMBER), actor=cast.head)
    start_place(NewPlace(child=cast.mia, school=cast.hillside, start=SEPTEMBER, kind="subsidiary"), actor=cast.head)


def test_a_place_has_a_school_unless_it_is_a_wait(cast):
    with pytest.raises(Refused, match="Choose the school"):
        start_place(NewPlace(child=cast.mia, school=None, start=SEPTEMBER), actor=cast.head)


def test_no_place_starts_at_a_school_that_has_closed(cast):
    closed = a_school("Old Mill", closed_on=date(2025, 8, 31), status="closed")

    with pytest.raises(Refused, match="Old Mill closed on 31 August 2025"):
        start_place(NewPlace(child=cast.mia, school=closed, start=SEPTEMBER), actor=cast.head)


def test_places_of_a_list_start_all_or_none(cast):
    leo = a_child(cast.ashcombe, "Leo Marsh")
    a_place(leo, cast.fernhill)
    new = [NewPlace(child=child, school=cast.hillside, start=SEPTEMBER) for child in (cast.mia, leo)]

    with pytest.raises(Refused, match="Leo has"):
        start_places(new, actor=cast.head)
    assert not SchoolPlace.unscoped.filter(school=cast.hillside).exists()


def test_starting_many_places_asks_a_few_questions(cast, django_assert_max_num_queries):
    children = [a_child(cast.ashcombe, f"Child {number}") for number in range(12)]

    with django_assert_max_num_queries(15):
        start_places([NewPlace(child=c, school=cast.hillside, start=SEPTEMBER) for c in children], actor=cast.head)


def test_ending_the_only_school_is_said_before_it_is_done(cast):
    place = a_place(cast.mia, cast.hillside)
    end = date(2025, 11, 13)
    held = places_of([cast.mia])[cast.mia.pk]

    assert what_ending_a_place_leaves(cast.mia, place, end=end, among=held) == [
        "This leaves Mia without a school from 13 November 2025. Add the next place, or say why there is none."
    ]
    next_one = a_place(cast.mia, None, end, kind="awaiting")
    assert what_ending_a_place_leaves(cast.mia, place, end=end, among=[*held, next_one]) == []


def test_a_place_ends_once_and_not_before_it_starts(cast):
    place = a_place(cast.mia, cast.hillside)

    with pytest.raises(Refused, match="The end is before the start, 3 September 2024"):
        end_place(place, end=date(2024, 9, 2), actor=cast.head)
    end_place(place, end=date(2025, 7, 20), leaving_reason="planned_move", actor=cast.head)
    with pytest.raises(Refused, match="ended on 20 July 2025 already"):
        end_place(place, end=date(2025, 7, 21), actor=cast.head)


def test_a_teacher_does_not_end_a_place_at_another_school(cast):
    place = a_place(cast.mia, cast.fernhill)

    with pytest.raises(Refused, match="own school"):
        end_place(place, end=date(2025, 7, 20), actor=cast.teacher)


def test_odd_ages_and_gaps_are_said(cast):
    infants = a_school("Little Oaks", age_low=4, age_high=7)
    a_place(cast.mia, cast.hillside, end=date(2025, 7, 1))
    held = places_of([cast.mia])[cast.mia.pk]

    said = what_a_place_leaves(cast.mia, infants, kind="main", start=SEPTEMBER, among=held)

    assert said == [
        "Mia is 11 on 3 September 2025. Little Oaks takes ages 4 to 7.",
        "No school is recorded for Mia from 1 July 2025 to 3 September 2025.",
    ]


def test_hours_change_without_a_change_of_school(cast):
    place = a_place(cast.mia, cast.hillside)

    change_hours(place, hours_per_week=Decimal("12.5"), full_time_hours=Decimal("32.5"), actor=cast.teacher)
    confirm_place(place, on=date(2026, 3, 1), actor=cast.head)

    place.refresh_from_db()
    assert (place.hours_per_week, place.confirmed_on, place.end) == (Decimal("12.5"), date(2026, 3, 1), None)
    with pytest.raises(Refused, match="more than full time"):
        change_hours(place, hours_per_week=Decimal(40), full_time_hours=Decimal("32.5"), actor=cast.head)


def test_when_a_school_closes_its_children_pass_to_the_successor_without_a_move_or_a_day_without(cast):
    leo, amy = a_child(cast.ashcombe, "Leo Marsh"), a_child(cast.ashcombe, "Amy Vale")
    elsewhere = an_authority("998", "Bramley")
    a_place(cast.mia, cast.hillside)
    a_place(leo, cast.hillside, kind="ap", hours_per_week=Decimal(10))
    a_place(amy, cast.hillside, date(2025, 10, 1))
    a_place(a_child(elsewhere, "Not Ours"), cast.hillside)
    academy = a_school("Hillside Academy")

    passed = follow_successor(cast.hillside, successor=academy, on=date(2025, 9, 1), actor=cast.head)

    places = list(SchoolPlace.unscoped.filter(child=cast.mia).order_by("start"))
    assert passed == 3
    assert [(p.school, p.start, p.end, p.follows_closure) for p in places] == [
        (cast.hillside, date(2024, 9, 3), date(2025, 9, 1), False),
        (academy, date(2025, 9, 1), None, True),
    ]
    assert school_moves_in(places, date(2025, 1, 1), date(2026, 1, 1)) == 0
    assert SchoolPlace.unscoped.get(child=leo, end=None).hours_per_week == 10
    assert SchoolPlace.unscoped.get(child=amy).school == academy
    assert SchoolPlace.unscoped.filter(authority=elsewhere, end=None, school=cast.hillside).exists()
    assert Change.objects.filter(verb="place.followed_successor").count() == 1


def test_who_does_not_change_many_children_does_not_pass_them_on(cast):
    a_place(cast.mia, cast.hillside)

    with pytest.raises(Refused, match="many children"):
        follow_successor(cast.hillside, successor=cast.fernhill, on=SEPTEMBER, actor=cast.social_worker)


def test_at_the_turn_of_the_year_places_end_and_the_next_start_in_one_act(cast):
    leo = a_child(cast.ashcombe, "Leo Marsh")
    for child in (cast.mia, leo):
        a_place(child, cast.hillside)
    upper = a_school("Upper School")

    end_places_and_start_next(
        [cast.mia, leo], end=date(2025, 7, 23), next_school=upper, start=SEPTEMBER, actor=cast.data_officer
    )

    assert SchoolPlace.unscoped.filter(school=cast.hillside, leaving_reason="normal_transfer").count() == 2
    assert SchoolPlace.unscoped.filter(school=upper, start=SEPTEMBER, end=None).count() == 2
    with pytest.raises(Refused, match="many children"):
        end_places_and_start_next([leo], end=date(2026, 7, 23), actor=cast.teacher)


def test_a_child_without_a_place_to_end_is_named(cast):
    reasons = why_not_end_and_start_next(
        [cast.mia], end=date(2025, 7, 23), next_school=cast.fernhill, start=SEPTEMBER, actor=cast.head
    )

    assert reasons == {cast.mia.pk: "No main school place goes on to 23 July 2025."}


days = st.dates(date(2024, 1, 1), date(2024, 3, 1))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(days, st.none() | days, st.sampled_from(["main", "ap"])), max_size=6))
def test_whatever_is_recorded_main_places_never_share_a_day(cast, spells):
    child = a_child(cast.ashcombe, "Leo Marsh")
    for start, end, kind in spells:
        try:
            start_place(NewPlace(child=child, school=cast.hillside, start=start, end=end, kind=kind), actor=cast.head)
        except Refused:
            continue

    held = list(SchoolPlace.unscoped.filter(child=child, kind="main"))
    for day in (date.fromordinal(date(2024, 1, 1).toordinal() + n) for n in range(70)):
        assert sum(place.holds_on(day) for place in held) <= 1


def test_a_setting_of_another_authority_is_not_offered(cast):
    other = an_authority("998", "Bramley")
    theirs = write(type(cast.hillside)(name="Their Barn", setting_id="B1", authority=other))

    with pytest.raises(Refused, match="from the list"):
        start_place(NewPlace(child=cast.mia, school=theirs, start=SEPTEMBER), actor=cast.head)
    start_place(
        NewPlace(child=a_child(other, "Theo Hall"), school=theirs, start=SEPTEMBER), actor=an_actor(other, Role.VSH)
    )

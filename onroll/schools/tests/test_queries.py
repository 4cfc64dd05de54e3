"""Who takes a closed school's place, and from which day."""

from datetime import date
from itertools import pairwise

import pytest

from onroll.schools.models import School
from onroll.schools.queries import links_of, succession_of, successions_of, successor_of

pytestmark = pytest.mark.django_db
CLOSED = School.Status.CLOSED


def test_the_successor_stands_for_a_closed_school_from_the_next_day(a_school, a_link):
    fernhill = a_school("Fernhill School", status=CLOSED, closed_on=date(2025, 8, 31))
    academy = a_school("Fernhill Academy", opened_on=date(2025, 9, 1))
    a_link(fernhill, academy, on=date(2025, 10, 14))

    assert successor_of(fernhill, date(2025, 8, 31)) is None
    assert successor_of(fernhill, date(2025, 9, 1)) == academy
    assert [(step.school, step.first_day) for step in succession_of(fernhill, date(2026, 1, 1))] == [
        (academy, date(2025, 9, 1))
    ]


def test_a_school_that_stands_has_no_successor(a_school):
    assert successor_of(a_school("Larkfield School"), date(2026, 1, 1)) is None


def test_a_link_without_a_day_takes_it_from_the_schools(a_school, a_link):
    closed = a_school("Old School", status=CLOSED, closed_on=date(2019, 3, 31))
    of_unknown_day = a_school("Older School", status=CLOSED)
    new = a_school("New School", opened_on=date(2019, 4, 1))
    a_link(closed, new)
    a_link(of_unknown_day, new)

    assert succession_of(closed, date(2026, 1, 1))[0].first_day == date(2019, 4, 1)
    assert succession_of(of_unknown_day, date(2026, 1, 1))[0].first_day == date(2019, 4, 1)


def test_an_open_school_is_not_followed_by_a_link_without_any_day(a_school, a_link):
    open_school, other = a_school("Open School"), a_school("Other School", opened_on=date(2019, 4, 1))
    a_link(open_school, other)

    assert successor_of(open_school, date(2026, 1, 1)) is None


def test_a_chain_of_four_is_followed_to_its_end_and_no_further_than_the_day(a_school, a_link):
    schools = [
        a_school(f"School {year}", status=CLOSED if year < 2024 else School.Status.OPEN) for year in range(2020, 2025)
    ]
    for year, (before, after) in enumerate(pairwise(schools), start=2021):
        a_link(before, after, on=date(year, 9, 1))

    assert successor_of(schools[0], date(2026, 1, 1)) == schools[4]
    assert successor_of(schools[0], date(2022, 9, 1)) == schools[2]
    assert len(succession_of(schools[0], date(2026, 1, 1))) == 4


def test_where_two_schools_followed_or_one_was_split_a_person_decides(a_school, a_link):
    divided, one, two = a_school("Divided School", status=CLOSED), a_school("One"), a_school("Two")
    a_link(divided, one, on=date(2020, 9, 1))
    a_link(divided, two, on=date(2020, 9, 1))
    split, part = a_school("Split School"), a_school("Part School")
    a_link(split, part, on=date(2020, 9, 1), words="split school")

    assert successor_of(divided, date(2026, 1, 1)) is None
    assert successor_of(split, date(2026, 1, 1)) is None


def test_a_ring_of_links_comes_to_an_end(a_school, a_link):
    one, two = a_school("One", status=CLOSED), a_school("Two", status=CLOSED)
    a_link(one, two, on=date(2020, 9, 1))
    a_link(two, one, on=date(2021, 9, 1))

    assert successor_of(one, date(2026, 1, 1)) == two


def test_many_schools_are_asked_for_in_as_many_queries_as_the_longest_chain(
    a_school, a_link, django_assert_max_num_queries
):
    pairs = []
    for number in range(20):
        before, after = a_school(f"Before {number}", status=CLOSED), a_school(f"After {number}")
        a_link(before, after, on=date(2020, 9, 1))
        pairs.append((before, after))

    with django_assert_max_num_queries(2):
        found = successions_of([before for before, _ in pairs], date(2026, 1, 1))

    assert [found[before.pk][-1].school for before, _ in pairs] == [after for _, after in pairs]


def test_a_school_knows_its_neighbours_in_time_in_one_query(a_school, a_link, django_assert_num_queries):
    first, middle, last = a_school("First"), a_school("Middle"), a_school("Last")
    a_link(first, middle, on=date(2020, 9, 1))
    a_link(middle, last, on=date(2021, 9, 1))

    with django_assert_num_queries(1):
        before, after = links_of(middle)

    assert [link.predecessor for link in before] == [first]
    assert [link.successor for link in after] == [last]

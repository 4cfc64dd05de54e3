"""The engine: what every measure gets without a line of its own."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.authorities.models import Team
from onroll.children.tests.scene import (
    TODAY,
    a_child,
    a_person,
    a_place,
    a_school,
    an_actor,
    an_allocation,
    an_authority,
    an_episode,
    write,
)
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.characteristics import CHARACTERISTICS
from onroll.measures.cohorts import Cohort
from onroll.measures.engine import NotADimension, read, trend
from onroll.measures.measure import Row
from onroll.measures.periods import PeriodKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority():
    return an_authority()


@pytest.fixture
def everyone(authority):
    """The data officer's cohort today."""
    return Cohort.for_actor(Actor.command_line(authority.pk, today=TODAY, user="test"), as_at=TODAY)


def looked_after(authority, name, *, area="in", born=date(2014, 5, 6), start=date(2022, 6, 1), **fields):
    child = a_child(authority, name, birth_date=born)
    episode = an_episode(child, start, **fields)
    episode.placement.area = area
    write(episode.placement)
    return child


def test_a_percentage_is_exact_and_its_groups_add_up_to_it(authority, everyone):
    for number, area in enumerate(["out", "in", "in"]):
        looked_after(authority, f"Child {number}", area=area, born=date(2014 + 4 * (number > 1), 5, 6))

    reading = read(CATALOGUE.find("living-out-of-authority"), everyone, by=["phase"])

    assert (reading.part, reading.whole, reading.value) == (1, 3, Fraction(100, 3))
    assert [(each.code, each.label, each.part, each.whole, each.value) for each in reading.breakdown] == [
        ("primary", "Reception to Year 6", 0, 1, 0),
        ("secondary", "Years 7 to 11", 1, 2, 50),
    ]


def test_two_dimensions_at_once_give_a_group_for_each_pair_that_occurs(authority, everyone):
    looked_after(authority, "Ada One", area="out")
    looked_after(authority, "Ben Two", area="in", born=date(2018, 5, 6))

    reading = read(CATALOGUE.find("children-on-roll"), everyone, by=["phase", "home_area"])

    assert [(each.codes, each.part) for each in reading.breakdown] == [
        (("primary", "in"), 1),
        (("secondary", "out"), 1),
    ]


@pytest.mark.parametrize("by", CHARACTERISTICS)
def test_what_is_about_no_child_is_in_the_group_of_what_is_not_recorded(everyone, by):
    action = replace(CATALOGUE.find("children-on-roll"), rows=lambda cohort: [Row(None, 1)])

    group = read(action, everyone, by=[by]).breakdown[0]

    assert group.code == ""
    assert group.label in ("Not recorded", "No team", "No officer")


def test_what_a_measure_cannot_be_divided_by_is_said(everyone):
    measure = CATALOGUE.find("children-on-roll")

    for by in (["shoe_size"], ["sex", "sex"], ["sex", "phase", "sen"]):
        with pytest.raises(NotADimension):
            read(measure, everyone, by=by)


def test_without_anybody_to_count_there_is_no_data_which_is_not_nought(everyone):
    percent = read(CATALOGUE.find("living-out-of-authority"), everyone)
    count = read(CATALOGUE.find("children-on-roll"), everyone)

    assert (percent.value, percent.whole) == (None, 0)
    assert (count.value, count.whole) == (0, None)


def test_a_trend_reads_each_period_at_its_own_end(authority, everyone):
    looked_after(authority, "Ada One", start=date(2026, 2, 10))
    looked_after(authority, "Ben Two", start=date(2020, 2, 10), end=date(2026, 3, 1))

    points = trend(CATALOGUE.find("children-on-roll"), everyone, count=4)

    assert [(point.cohort.as_at.isoformat(), point.part) for point in points] == [
        ("2025-12-31", 1),
        ("2026-01-31", 1),
        ("2026-02-28", 2),
        ("2026-03-31", 1),
    ]


def test_the_children_behind_a_figure_are_those_of_its_whole_and_of_its_part(authority, everyone):
    out, inside = looked_after(authority, "Ada One", area="out"), looked_after(authority, "Ben Two")

    reading = read(CATALOGUE.find("living-out-of-authority"), everyone)

    assert (reading.children, reading.children_in_part) == ({out.pk, inside.pk}, {out.pk})


# Whose figures are about whom


def test_an_advisers_figures_are_of_the_children_allocated_on_that_day(authority):
    account, adviser = a_person(authority, Role.VS_OFFICER)
    for name, start, end in (("Ada One", date(2025, 1, 6), None), ("Ben Two", date(2025, 1, 6), date(2026, 1, 6))):
        an_allocation(looked_after(authority, name), account, Role.VS_OFFICER, start, end=end)
    looked_after(authority, "Cal Three")
    measure = CATALOGUE.find("children-on-roll")

    assert read(measure, Cohort.for_actor(adviser, as_at=TODAY)).part == 1
    assert read(measure, Cohort.for_actor(adviser, as_at=date(2025, 12, 31))).part == 2


def test_a_team_managers_figures_are_of_the_teams_children_and_a_schools_of_its_own(authority):
    team = write(Team(authority=authority, name="North"))
    worker, _ = a_person(authority, Role.SOCIAL_WORKER, team=team)
    school = a_school()
    ours = looked_after(authority, "Ada One")
    an_allocation(ours, worker, Role.SOCIAL_WORKER)
    a_place(looked_after(authority, "Ben Two"), school)
    a_place(looked_after(authority, "Cal Three"), school)
    measure = CATALOGUE.find("children-on-roll")

    def count(role, **post):
        return read(measure, Cohort.for_actor(an_actor(authority, role, **post), as_at=TODAY)).part

    assert count(Role.TEAM_MANAGER, team=team) == 1
    assert count(Role.DESIGNATED_TEACHER, school=school) == 2
    assert [count(role) for role in (Role.VSH, Role.DIRECTOR, Role.IG, Role.CARER)] == [3, 3, 3, 0]


def test_who_may_not_see_every_child_behind_a_figure_is_outside_the_circle(authority):
    child = looked_after(authority, "Ada One")

    assert Cohort.for_actor(an_actor(authority, Role.VSH), as_at=TODAY).is_open_to_reader([child.pk])
    assert not Cohort.for_actor(an_actor(authority, Role.DIRECTOR), as_at=TODAY).is_open_to_reader([child.pk])


def test_another_authoritys_children_are_in_no_cohort(authority, everyone):
    looked_after(an_authority("998", "Birchshire"), "Ada Elsewhere")

    assert read(CATALOGUE.find("children-on-roll"), everyone).part == 0


def test_the_whole_catalogue_takes_few_queries_whatever_the_size(authority, django_assert_max_num_queries):
    school = a_school()
    for number in range(4):
        a_place(looked_after(authority, f"Child {number}"), school)
    cohort = Cohort.for_actor(Actor.command_line(authority.pk, today=TODAY, user="test"), as_at=TODAY)
    measures = list(CATALOGUE)

    with django_assert_max_num_queries(2 * len(measures)):
        for measure in measures:
            read(measure, cohort, by=["phase"])
        for measure in (each for each in measures if each.requires is None):
            trend(measure, cohort)


def test_periods_of_a_year_to_date_grow_with_the_day(authority, everyone):
    measure = CATALOGUE.find("W35")

    assert measure.period is PeriodKind.ACADEMIC_YEAR
    assert [each.cohort.period.start.month for each in trend(measure, everyone, count=2)] == [9, 9]

"""Readings outside the circle of those who may see the children behind them."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.authorities.models import Authority, Team
from onroll.children.models import Child
from onroll.children.tests.scene import TODAY, a_person, an_actor, an_allocation, an_authority, write
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.cohorts import Cohort
from onroll.measures.engine import read
from onroll.measures.outside import for_reader, value_of
from onroll.measures.periods import containing

from .test_engine import looked_after

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority():
    authority = an_authority()
    for number in range(24):
        born = date(2018 if number < 12 else 2011, 5, 6)
        looked_after(authority, f"Child {number}", area="out" if number % 12 in range(9) else "in", born=born)
    return authority


def reading(actor, *, by=(), as_at=TODAY, whole=True):
    measure = CATALOGUE.find("living-out-of-authority")
    cohort = Cohort.for_actor(actor, as_at=as_at)
    period = containing(measure.period, as_at, cohort.calendar)
    return read(measure, cohort.over(period) if whole else cohort, by=by)


def analyst(authority):
    return replace(an_actor(authority, Role.ANALYST), today=date(2027, 9, 1))


@pytest.mark.proves("SEC-4")
def test_an_analyst_gets_the_figure_and_not_the_few_that_stand_against_it(authority):
    given = for_reader(reading(analyst(authority), by=["phase"]))

    assert (given.total.part, given.total.whole) == (18, 24)
    assert value_of(given.total, reading(analyst(authority)).measure.unit) == Fraction(75)
    assert [(shown.part, shown.whole) for _, shown in given.groups] == [(None, 12), (None, 12)]


def test_the_head_and_the_command_line_are_inside(authority):
    assert for_reader(reading(an_actor(authority, Role.VSH), by=["phase"])) is None
    assert for_reader(reading(Actor.command_line(authority.pk, today=TODAY, user="test"))) is None


@pytest.mark.proves("SEC-4")
def test_outside_a_day_within_the_period_and_a_finer_breakdown_are_refused(authority):
    assert "own kind of period" in for_reader(reading(analyst(authority), whole=False)).refused
    assert "not broken down" in for_reader(reading(analyst(authority), by=["year_group"])).refused
    assert "one thing at a time" in for_reader(reading(analyst(authority), by=["phase", "sex"])).refused
    early = replace(analyst(authority), today=TODAY)
    assert "period is over" in for_reader(reading(early)).refused


def test_the_authority_may_hide_more(authority):
    assert not for_reader(reading(analyst(authority))).total.hidden
    held = Authority.objects.get(pk=authority.pk)
    held.small_number_threshold = 6
    write(held)

    assert for_reader(reading(analyst(authority))).total.hidden


def test_who_sees_some_of_the_children_does_not_learn_of_the_few_others_by_subtraction(authority):
    """A team manager knows those of the team today; of two who left, a past figure says nothing."""
    team = write(Team(authority=authority, name="North"))
    children = list(Child.unscoped.order_by("pk"))
    worker = a_person(authority, Role.SOCIAL_WORKER, "Wes Worker", team=team)[0]
    for number, child in enumerate(children):
        end = date(2026, 5, 1) if number < 2 else None
        an_allocation(child, worker, Role.SOCIAL_WORKER, start=date(2022, 6, 1), end=end)
    manager = replace(an_actor(authority, Role.TEAM_MANAGER, team=team), today=date(2026, 9, 3))

    then = reading(manager)

    assert then.whole == 24
    assert for_reader(then).total.hidden


def test_a_figure_with_nobody_behind_it_is_for_others_only_when_its_period_is_over(authority):
    nobody = read(CATALOGUE.find("moves-without-a-school"), Cohort.for_actor(analyst(authority), as_at=TODAY))

    assert not nobody.children
    assert for_reader(nobody).refused

"""A plan as a report has it: chosen by its year, with the figures of each action beside what its lead says."""

from datetime import date, timedelta

import pytest

from onroll.access.roles import Role
from onroll.children.tests.scene import TODAY, a_child, an_actor, an_authority, an_episode
from onroll.plans.reporting import plan_of_year, report_of
from onroll.plans.tests.scene import a_plan, an_action

pytestmark = pytest.mark.django_db


def test_the_plan_of_a_year_is_the_one_that_runs_longest_in_it():
    authority = an_authority()
    head = an_actor(authority, Role.VSH)
    work = a_plan(authority, "Work plan", start=date(2025, 4, 1), end=date(2026, 4, 1))
    school = a_plan(authority, "School year", start=date(2025, 9, 1), end=date(2026, 9, 1))

    assert plan_of_year(head, "2025-26") == school
    assert plan_of_year(head, "2024-25") == work
    assert plan_of_year(head, "2030-31") is None


def test_a_report_has_the_figures_of_each_action_beside_its_rating():
    authority = an_authority()
    head = an_actor(authority, Role.VSH)
    an_episode(a_child(authority), TODAY - timedelta(days=40))
    plan = a_plan(authority)
    an_action(plan, "Fewer homes", measures=("W34", "W01"), rating="Off Track", due_on=TODAY - timedelta(days=1))

    report = report_of(plan, head)

    (action,) = report["sections"][0]["actions"]
    assert (action["action"], action["rating"], action["late"]) == ("Fewer homes", "Off Track", True)
    (figure,) = action["figures"]
    assert (figure["value"], figure["part_and_whole"], figure["state"]) == ("0.0%", "0 of 1 children", "no_data")
    assert action["measures_say"] == "no_data"

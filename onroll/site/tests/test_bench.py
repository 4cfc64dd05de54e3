"""Benchmarks time what counts the same, and say it as the contract has it."""

import os
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from onroll.access.actors import Actor
from onroll.children.tests.scene import TODAY, a_child, an_authority, an_episode, write
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.cohorts import Cohort
from onroll.measures.tests.worlds import days, worlds, written
from onroll.plans.models import Asked, Meeting, Milestone, Rating
from onroll.plans.tests.scene import a_plan, an_action
from onroll.site import command_line
from onroll.site.bench import catalogue, catalogue_in_sql, pages, running, throwaway
from onroll.site.bench.workloads import measured
from onroll.site.installation import Refused

pytestmark = pytest.mark.django_db
EXAMPLES = 1_000 if os.environ.get("ONROLL_NIGHTLY") else 25


@pytest.fixture
def authority():
    """An authority with three children in care."""
    authority = an_authority()
    for number in range(3):
        an_episode(a_child(authority, f"Child Number{number}", number=f"N{number}", birth_date=date(2014, 5, 6)))
    return authority


def differing_on(authority, day):
    """The measures whose query counts something else than the engine."""
    actor = Actor.command_line(authority.pk, today=day, user="test")
    return catalogue.where_they_differ(actor, catalogue.known_of_each_period(Cohort.for_actor(actor, as_at=day)))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), day=days)
def test_each_query_by_hand_counts_what_its_measure_counts(world, day):
    before = transaction.savepoint()
    try:
        differing = differing_on(written(world), day)
    finally:
        transaction.savepoint_rollback(before)

    assert differing == []


@pytest.mark.parametrize("day", [date(2025, 10, 2), date(2026, 2, 1), date(2026, 8, 31), date(2026, 9, 1)])
def test_the_queries_of_plans_count_what_their_measures_count(authority, day):
    own = {"authority": authority}
    old = a_plan(authority, "Old", agreed_on=date(2026, 1, 31))
    done, taken_back, late = (
        an_action(old, f"Action {month}", due_on=date(2026, month, 20), measures=["W21", "M80"]).action
        for month in (1, 2, 7)
    )
    an_action(old, "Every term", due_on=date(2026, 8, 31), rhythm="term")
    for action, rating, on in [(done, "Completed", date(2025, 12, 1)), (taken_back, "Completed", date(2026, 1, 1)),
                               (taken_back, "", date(2026, 3, 1)), (late, "Completed", date(2026, 8, 1))]:  # fmt: skip
        write(Rating(**own, action=action, rating=rating, on=on))
    for action in (done, taken_back, late):
        action.led_to = old
        write(action)
        write(Meeting(**own, action=action, on=day, first_on=day, title="Group", working_group=True, state="held"))
        write(Milestone(**own, action=action, position=1, words="Signed", kind="contract", due_on=date(2026, 1, 1),
                        achieved_on=date(2026, 1, 1)))  # fmt: skip
    write(Asked(**own, action=done, requested_on=date(2025, 9, 3), supplied_on=date(2026, 2, 1)))
    new = a_plan(authority, "New", start=date(2026, 9, 1), end=None, follows=old.number)
    an_action(new, "Rated on paper", due_on=date(2026, 1, 5), rating="Completed")

    assert differing_on(authority, day) == []


def test_a_measure_without_a_query_is_timed_on_neither_side_and_named(authority, monkeypatch):
    monkeypatch.delitem(catalogue_in_sql.QUERIES, "living-out-of-authority")

    _, left_out = catalogue.run(authority.pk, today=TODAY)[0].notes.split("On neither side, for want of a query: ")
    assert "living-out-of-authority" in left_out.rstrip(".").split(", ")
    assert "children-on-roll" not in left_out


def test_every_query_by_hand_is_of_a_measure():
    assert set(catalogue_in_sql.QUERIES) <= {measure.id for measure in CATALOGUE}


def test_a_result_has_the_keys_of_the_contract(authority):
    first = asdict(catalogue.run(authority.pk, today=TODAY)[0])

    assert list(first) == ["name", "ours", "yardstick", "ratio", "goal", "met", "unit", "notes"]
    assert set(first["ours"]) == set(first["yardstick"]) == {"median", "min", "max"}
    assert first["met"] == (first["ratio"] <= first["goal"])


def test_the_catalogue_asks_at_most_two_queries_a_measure(authority):
    queries = catalogue.run(authority.pk, today=TODAY)[1]

    assert queries.met
    assert 0 < queries.ratio <= queries.goal == 2


def test_what_is_not_equal_is_not_timed(authority, monkeypatch):
    monkeypatch.setitem(catalogue_in_sql.QUERIES, "children-on-roll", "SELECT 4")

    with pytest.raises(Refused, match=r"children-on-roll: \(3, None\) here, \(4, None\) by hand"):
        catalogue.run(authority.pk, today=TODAY)


def test_ours_and_the_yardstick_run_by_turns_after_a_warm_up():
    ran = []

    running.in_turn([(lambda: ran.append("ours 1"), lambda: ran.append("by hand 1")),
                     (lambda: ran.append("ours 2"), lambda: ran.append("by hand 2"))])  # fmt: skip

    assert ran == ["ours 1", "by hand 1", "ours 1", "by hand 1", "ours 2", "by hand 2"]


def test_a_page_may_ask_no_more_for_many_children_than_for_few_and_be_no_heavier_than_its_goal():
    seen = {"home": pages.Seen(queries=9, bytes=9_000), "roll": pages.Seen(queries=9, bytes=16_000)}
    fewer = {name: pages.Seen(queries=8, bytes=0) for name in seen}

    assert [(each.name, each.met) for each in pages.queries(seen, seen)] == [
        ("W2 home", True),
        ("W2 home, at most", True),
        ("W2 roll", True),
        ("W2 roll, at most", False),
    ]
    assert [each.met for each in pages.queries(fewer, seen)] == [False, True, False, False]
    assert [(each.name, each.met) for each in pages.weights(seen)] == [("W3 home", True), ("W3 roll", False)]


def test_only_what_was_asked_for_is_measured_and_each_authority_is_made_once(monkeypatch):
    made = []

    @contextmanager
    def invented(children):
        made.append(children)
        yield 0

    monkeypatch.setattr(pages, "seen", lambda authority: {"home": pages.Seen(queries=len(made), bytes=1)})

    results = measured(["W3", "W2"], today=TODAY, invented=invented)

    assert made == [25, 2_000]
    assert [(each.name, each.ratio) for each in results][:2] == [("W3 home", 1 / 15_000), ("W2 home", 2)]


def test_a_benchmark_has_a_home_of_its_own_and_leaves_none(monkeypatch):
    monkeypatch.setattr(os, "environ", {"ONROLL_HOME": "/srv/onroll", "ONROLL_MAIL_HOST": "mail.example"})

    with throwaway.home():
        home = Path(os.environ["ONROLL_HOME"])
        was_there = home.is_dir()

    assert was_there
    assert home != Path("/srv/onroll")
    assert "ONROLL_MAIL_HOST" not in os.environ
    assert not home.exists()


def test_what_there_is_no_benchmark_for_is_wrong_usage(capsys):
    given = command_line.parser().parse_args(["bench", "X9"])

    assert command_line.bench(given) == 2
    assert "The benchmarks are: M1, W2, W3." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("postgresql://web@/onroll?host=/run/pg", "postgresql://web@/bench?host=%2Frun%2Fpg"),
        ("postgres://web:pw@db.example:5433/onroll", "postgres://web:pw@db.example:5433/bench"),
        ("postgresql://web@db.example/onroll?dbname=real", "postgresql://web@db.example/bench"),
    ],
)
def test_an_address_of_the_server_comes_to_name_another_database(url, other):
    assert throwaway.of_database(url, "bench") == other


def test_what_names_the_real_installation_is_taken_away_before_it_is_read(monkeypatch):
    real = {
        "DATABASE_URL": "sqlite:////srv/onroll/onroll.sqlite3",
        "DATABASE_OWNER_URL": "postgresql://owner@db/onroll",
    }
    monkeypatch.setattr(os, "environ", dict(real))

    with throwaway.home():
        assert "DATABASE_URL" not in os.environ
        assert os.environ["DATABASE_OWNER_URL"] == real["DATABASE_OWNER_URL"]

"""Every measure against a slow and obvious recount of the same small authority, on days of three years."""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from onroll.access.actors import Actor
from onroll.measures import periods
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.cohorts import Cohort

from .recounts import RECOUNTS
from .worlds import LAST, days, worlds, written

EXAMPLES = 1_000 if os.environ.get("ONROLL_NIGHTLY") else 12


def compared(world, day):
    """For each measure whose count differs: what it counted, and what its words say."""
    authority = written(world)
    cohort = Cohort.for_actor(Actor.command_line(authority.pk, today=LAST, user="test"), as_at=day)
    differing = {}
    for key, recount in RECOUNTS.items():
        measure = CATALOGUE.find(key)
        period = periods.up_to(measure.period, day, cohort.calendar)
        counted = sorted((row.child, row.part, row.whole) for row in measure.rows(cohort.over(period)))
        recounted = sorted(recount(world, period.start, day))
        if counted != recounted:
            differing[key] = counted, recounted
    return differing


@pytest.mark.django_db
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), day=days)
def test_a_measure_counts_what_its_words_say(world, day):
    before = transaction.savepoint()
    try:
        differing = compared(world, day)
    finally:
        transaction.savepoint_rollback(before)

    assert differing == {}


def test_every_measure_that_answers_the_plans_is_recounted():
    answering = {
        measure.id for measure in CATALOGUE if measure.answers and measure.rows.__module__.startswith("onroll.measures")
    }

    assert answering <= set(RECOUNTS)

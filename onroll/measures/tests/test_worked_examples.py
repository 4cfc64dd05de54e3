"""The worked example of each measure is its first test."""

import inspect
import sys

import pytest

from onroll.access.actors import Actor
from onroll.children.tests.scene import an_authority
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.cohorts import Cohort
from onroll.measures.engine import read

from .worked_examples import example_in, set_up

# The first of each file: it is the one that the docstring tells of. A part above tries its own.
MODULES = [sys.modules[each.rows.__module__] for each in CATALOGUE]
MEASURES = {module.MEASURE.id for module in MODULES if module.__name__.startswith("onroll.measures.")}


@pytest.mark.django_db
@pytest.mark.parametrize("id", sorted(MEASURES))
def test_the_worked_example_of_a_measure_holds(id):
    measure = CATALOGUE.find(id)
    example = example_in(inspect.getdoc(sys.modules[measure.rows.__module__]))
    authority = an_authority()
    children = set_up(example, authority)
    actor = Actor.command_line(authority.pk, today=example.period.last_day, user="test")

    cohort = Cohort.for_actor(actor, as_at=example.period.last_day, period=example.period)
    rows = {row.child: row for row in measure.rows(cohort)}
    reading = read(measure, cohort)

    for name, child in children.items():
        row = rows.get(child.pk)
        counted = (row.part, row.whole if measure.unit.has_whole else None) if row else None
        assert counted == example.expected[name], name
    assert (reading.part, reading.whole) == example.total

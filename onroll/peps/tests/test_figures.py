"""The figures of plans: their worked examples, and a slow and obvious recount of each."""

import inspect
import os
import sys
from collections import defaultdict
from datetime import date
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.children.models import Review
from onroll.children.tests.scene import a_child, a_person, a_place, a_school, an_allocation, an_authority, an_episode
from onroll.history.changes import change
from onroll.measures import periods
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.cohorts import Cohort
from onroll.measures.engine import read
from onroll.measures.tests.worked_examples import example_in, set_up
from onroll.peps.models import Pep, PepAudit, PepTarget
from onroll.peps.tests.figures_scene import told
from onroll.peps.tests.recounts import LAST, RECOUNTS, TERMS, drawn
from onroll.peps.tests.scene import with_terms

EXAMPLES = 300 if os.environ.get("ONROLL_NIGHTLY") else 8
pytestmark = pytest.mark.django_db
OF_PEPS = [each for each in CATALOGUE if each.rows.__module__.startswith("onroll.peps.")]
MODULES = sorted({each.rows.__module__ for each in OF_PEPS})


@pytest.mark.parametrize("module", MODULES, ids=lambda name: name.rsplit(".")[-1])
def test_the_worked_example_of_a_measure_of_peps_holds(module):
    measure = sys.modules[module].MEASURE
    example, authority = example_in(inspect.getdoc(sys.modules[module])), an_authority()
    children = set_up(example, authority, told=told)
    actor = Actor.command_line(authority.pk, today=example.period.last_day, user="test")

    cohort = Cohort.for_actor(actor, as_at=example.period.last_day, period=example.period)
    rows = defaultdict(list)
    for row in measure.rows(cohort):
        rows[row.child].append(row)
    reading = read(measure, cohort)

    for name, child in children.items():
        found = rows[child.pk]
        whole = sum(row.whole for row in found) if measure.unit.has_whole else None
        assert ((sum(row.part for row in found), whole) if found else None) == example.expected[name], name
    assert (reading.part, reading.whole) == example.total


def written(world):
    """A drawn authority as records. The keys of the children are put into the world."""
    authority, school = with_terms(an_authority()), a_school("Oak")
    account, _ = a_person(authority, Role.SOCIAL_WORKER, "Sam Doyle")
    peps, targets, audits, others = [], [], [], []
    for number, pupil in enumerate(world.pupils):
        child = a_child(authority, f"Child {number}", birth_date=pupil.born, number=str(number))
        pupil.key, keys = child.pk, {"authority": authority, "child": child}
        for start, end in pupil.care:
            an_episode(child, start, end=end)
        if pupil.seat:
            a_place(child, school, pupil.seat[0], end=pupil.seat[1])
        others += [Review(**keys, on=on) for on in pupil.reviews]
        if pupil.worker:
            an_allocation(child, account, Role.SOCIAL_WORKER, pupil.worker[0])
        for plan in pupil.plans:
            pep = _pep(plan, keys)
            peps.append(pep)
            targets += [_target(each, {**keys, "pep": pep}) for each in plan.targets]
            audits += [_audit(each, {**keys, "pep": pep}) for each in plan.audits]
    with change("test.set_up", actor=Actor.command_line(authority.pk, today=LAST, user="test")) as this:
        for model, rows in ((Pep, peps), (PepTarget, targets), (PepAudit, audits), (Review, others)):
            this.bulk_create(model, rows)
    return authority


def _pep(plan, keys):
    return Pep(
        **keys, kind=plan.kind, form="school_age", academic_year=TERMS[plan.term][0], term=TERMS[plan.term][1],
        state=plan.state, exempt_reason="other" if plan.state == "exempt" else "", due_on=plan.due,
        start_by=plan.start_by, started_on=plan.started, meeting_on=plan.met, held_on=plan.met,
        submitted_on=plan.submitted, signed_off_on=plan.signed, closed_on=plan.closed, sent_to_iro_on=plan.iro,
        support_required=plan.support, vs_attended=plan.attended, school_right=plan.school,
        support_right=plan.support_right,
    )  # fmt: skip


def _target(target, keys):
    return PepTarget(
        **keys, area=target.area, text="Read on", kind=target.kind, due_on=target.due, outcome=target.outcome,
        reviewed_on=target.reviewed, change_on=target.changed, ambitious=target.ambitious,
        audit_grade=target.audit_grade, intervention=target.approach,
    )  # fmt: skip


def _audit(audit, keys):
    return PepAudit(
        **keys, audited_on=audit.on, grade=audit.grade, rubric="four_grade_2026",
        grades={"attainment": audit.learning} if audit.learning else {}, filed_on_case_record=audit.filed,
        pp_use_appropriate=audit.money, **{f"{who}_sent_on": day for who, day in audit.sent.items()},
    )  # fmt: skip


def compared(world, day):
    """For each figure whose count differs: what it counted, and what its words say."""
    authority = written(world)
    cohort = Cohort.for_actor(Actor.command_line(authority.pk, today=LAST, user="test"), as_at=day)
    differing = {}
    for key, recount in RECOUNTS.items():
        measure = CATALOGUE.find(key)
        period = periods.up_to(measure.period, day, cohort.calendar)
        counted = sorted((row.child, row.part, row.whole) for row in measure.rows(cohort.over(period)))
        if counted != sorted(recount(world, period.start, day)):
            differing[key] = counted, sorted(recount(world, period.start, day))
    return differing


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(r=st.randoms(use_true_random=False), day=st.dates(date(2025, 12, 1), LAST))
def test_a_figure_of_peps_counts_what_its_words_say(r, day):
    before = transaction.savepoint()
    try:
        differing = compared(drawn(r), day)
    finally:
        transaction.savepoint_rollback(before)

    assert differing == {}


def test_every_figure_that_answers_the_plans_is_recounted():
    assert {answer for each in OF_PEPS for answer in each.answers} <= set(RECOUNTS)


def test_all_figures_of_peps_are_read_in_queries_that_do_not_grow_with_the_children(django_assert_max_num_queries):
    authority = written(drawn(Random(7)))
    for number in range(8):
        child = a_child(authority, f"More {number}", birth_date=date(2014, 5, 6), number=f"M{number}")
        an_episode(child)
        told(child, "pep", ["autumn", "2026-27"], {"met": "2026-10-01", "signed": "2026-10-02"})
        told(child, "audit", ["2026-10-05", "good"], {})
    cohort = Cohort.for_actor(Actor.command_line(authority.pk, today=LAST, user="test"), as_at=LAST)

    with django_assert_max_num_queries(25):
        for measure in OF_PEPS:
            read(measure, cohort.over(periods.up_to(measure.period, LAST, cohort.calendar)))

"""The newest plan of each child in a list of children, and whether one is held this term."""

from datetime import date

import pytest

from onroll.children.models import Child
from onroll.children.roll_columns import COLUMNS, nothing_this_term, rows_of
from onroll.children.tests.scene import a_child, an_episode
from onroll.peps.tests.scene import a_cast, a_pep

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 6)


def said(actor, *children, day=TODAY):
    rows = rows_of(actor, [child.pk for child in children], [COLUMNS["pep"]], day)
    return [row.cells[0].text for row in rows]


def test_the_latest_plan_is_said_by_its_grade_and_day_or_by_when_it_is_due(django_assert_num_queries):
    cast = a_cast()
    graded, ungraded, due, without = (a_child(cast.authority, f"Child {n}", number=f"{n}") for n in range(4))
    signed = {"state": "signed_off", "academic_year": "2025-26", "term": "summer"}
    a_pep(graded, **signed, signed_off_on=date(2026, 6, 18), grade="good")
    a_pep(graded)
    a_pep(ungraded, **signed, signed_off_on=date(2026, 7, 1))
    a_pep(due)
    a_pep(without, state="exempt", exempt_reason="other")

    with django_assert_num_queries(1):
        words = said(cast.actors["head"], graded, ungraded, due, without)

    assert words == ["Good, 18 June 2026", "Signed off, 1 July 2026", "Due by 20 November 2026", "None held"]


def test_on_a_past_day_the_latest_plan_is_the_one_of_then():
    cast = a_cast()
    old = {"state": "signed_off", "academic_year": "2025-26", "term": "summer", "due_on": date(2026, 6, 12)}
    a_pep(cast.child, **old, signed_off_on=date(2026, 6, 18), grade="good", opens_on=date(2026, 4, 13))

    assert said(cast.actors["head"], cast.child, day=date(2026, 6, 17)) == ["Due by 12 June 2026"]
    assert said(cast.actors["head"], cast.child, day=date(2026, 6, 18)) == ["Good, 18 June 2026"]


def test_a_child_with_a_plan_handed_in_this_term_is_not_one_of_whom_nothing_is_held():
    cast = a_cast()
    other = a_child(cast.authority, "Leo Hart", number="2")
    an_episode(other)
    a_pep(cast.child, state="submitted", submitted_on=date(2026, 10, 1))
    a_pep(other)

    found = Child.visible_to(cast.actors["head"]).filter(nothing_this_term(cast.actors["head"], TODAY))
    of_who_reads_no_plans = Child.unscoped.filter(nothing_this_term(cast.actors["support"], TODAY))

    assert [child.pk for child in found] == [other.pk]
    assert {child.pk for child in of_who_reads_no_plans} == {cast.child.pk, other.pk}

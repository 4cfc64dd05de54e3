"""Plans in care reviews: who was there says whether the plan was looked at, and a missing plan is told before."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.authorities.models import Authority
from onroll.children.contradictions import Refused
from onroll.children.models import Review
from onroll.children.tests.scene import an_authority, write
from onroll.peps.care_reviews import current_on, reviews_to_answer, say_of_review, without_a_plan
from onroll.peps.models import Pep, PlanInReview
from onroll.peps.queries import this_term
from onroll.peps.tests.scene import a_cast, a_pep, with_terms_around

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DEADLINES = [
    (date(2026, 3, 6), ("2025-26", "spring")),
    (date(2026, 6, 12), ("2025-26", "summer")),
    (date(2026, 11, 20), ("2026-27", "autumn")),
]


@pytest.fixture
def cast(db):
    cast = a_cast(TODAY, with_terms_around(an_authority(), TODAY))
    held = Authority.objects.get(pk=cast.authority.pk)
    held.live_from = TODAY - timedelta(days=400)
    write(held)
    return cast


@pytest.fixture
def pep(cast):
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"meeting_on": TODAY - timedelta(days=40), "held_on": TODAY - timedelta(days=40)}
    signed = {"state": "signed_off", "signed_off_on": TODAY - timedelta(days=30)}
    return a_pep(cast.child, academic_year=year, term=term, **days, **signed)


def a_review(cast, days: int, **fields) -> Review:
    return write(Review(authority=cast.authority, child=cast.child, on=TODAY + timedelta(days=days), **fields))


def a_plan(met: date, signed: date | None, term=("2025-26", "spring")) -> Pep:
    return Pep(pk=1, academic_year=term[0], term=term[1], meeting_on=met, signed_off_on=signed)


@pytest.mark.parametrize(
    ("on", "signed", "there"),
    [
        (date(2026, 3, 10), date(2026, 3, 1), True),
        (date(2026, 3, 1), date(2026, 3, 1), False),
        (date(2026, 6, 12), date(2026, 3, 1), True),
        (date(2026, 6, 13), date(2026, 3, 1), False),
        (date(2026, 3, 10), None, False),
    ],
)
def test_a_plan_is_current_from_the_day_after_it_is_complete_to_the_next_terms_deadline(on, signed, there):
    plan = a_plan(date(2026, 2, 20), signed)

    assert (current_on([plan], on, DEADLINES) is plan) is there


@pytest.mark.requirement("R126")
def test_the_reviewing_officer_says_whether_the_plan_was_looked_at_and_it_stands_with_the_plan(client, cast, pep):
    review = a_review(cast, -5)
    client.force_login(cast.accounts["iro"])
    assert "A care review of" in text(client.get(reverse("home")))
    page = reverse("peps:plan_in_review", args=[cast.child.public_id, review.public_id])
    assert "The current plan was the" in text(client.get(page))

    assert client.post(page, {"used": "yes"}).status_code == 302

    row = PlanInReview.unscoped.get()
    assert (row.on, row.used, row.pep, row.said_by) == (review.on, True, pep, cast.accounts["iro"])
    assert "Looked at, Iro Doyle said" in text(
        client.get(reverse("peps:pep", args=[cast.child.public_id, pep.public_id]))
    )
    assert "A care review of" not in text(client.get(reverse("home")))
    client.post(page, {"used": "no"})
    assert [each.used for each in PlanInReview.unscoped.all()] == [False]


def test_without_a_current_plan_none_was_looked_at(cast):
    review = a_review(cast, -5)
    review.child = cast.child

    with pytest.raises(Refused, match="no current plan"):
        say_of_review(review, used=True, actor=cast.actors["iro"])
    say_of_review(review, used=False, actor=cast.actors["iro"])

    assert PlanInReview.unscoped.get().pep is None


def test_of_a_review_to_come_and_by_a_teacher_or_a_carer_nothing_is_said(client, cast, pep):
    review = a_review(cast, 5, held=False)
    review.child = cast.child
    with pytest.raises(Refused, match="still to come"):
        say_of_review(review, used=True, actor=cast.actors["iro"])
    page = reverse("peps:plan_in_review", args=[cast.child.public_id, review.public_id])
    for name in ("teacher", "carer", "support"):
        client.force_login(cast.accounts[name])
        assert client.get(page).status_code == 404
        assert client.post(page, {"used": "yes"}).status_code == 404

    assert not PlanInReview.unscoped.exists()


def test_a_review_within_ten_working_days_without_a_current_plan_is_told_to_who_works_for_it(client, cast):
    a_review(cast, 6, held=False)
    assert without_a_plan(cast.actors["worker"]) == []
    a_pep(cast.child)
    assert len(without_a_plan(cast.actors["worker"])) == 1

    for name in ("iro", "worker"):
        client.force_login(cast.accounts[name])
        assert "A care review lacks a current plan" in text(client.get(reverse("home")))


def test_a_review_with_a_current_plan_and_one_far_off_are_not(cast, pep):
    a_review(cast, 6, held=False)
    a_review(cast, 60, held=False)

    assert without_a_plan(cast.actors["worker"]) == []


def test_only_the_newest_review_of_a_child_is_asked_after_and_none_from_before_the_authority_went_live(cast, pep):
    a_review(cast, -20)
    newest = a_review(cast, -4)
    assert [each.review for each in reviews_to_answer(cast.actors["iro"])] == [newest]

    held = Authority.objects.get(pk=cast.authority.pk)
    held.live_from = TODAY - timedelta(days=2)
    write(held)

    assert reviews_to_answer(cast.actors["iro"]) == []


def text(answer) -> str:
    return " ".join(answer.content.decode().split())

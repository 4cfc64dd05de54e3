"""The termly access review: opened once a term, answered by those who know, and what nobody confirms ends."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from onroll.access.roles import Role
from onroll.administration.models import AccessReview, ReviewedPost
from onroll.administration.reviews import answer, daily, last_confirmed, open_review, rows_of, to_answer, why_not_answer
from onroll.children.tests.scene import an_actor, write
from onroll.codes.working_days import working_days_between
from onroll.people.actions import Refused
from onroll.people.models import Post

from .conftest import TODAY
from .test_people import has_signed_in


def system(cast, day=TODAY):
    return replace(an_actor(cast.ashcombe, Role.ADMINISTRATOR), today=day, role="system", account=None, name="Onroll")


def row_of(cast, name):
    return ReviewedPost.objects.select_related("review", "post").get(post__account=cast.account(name))


@pytest.mark.proves("LNK-5")
def test_each_term_asks_once_about_designated_teachers_and_teams(cast):
    daily(actor=system(cast))
    daily(actor=system(cast, TODAY + timedelta(days=1)))

    review = AccessReview.objects.get()
    assert (str(review), working_days_between(review.opened_on, review.due_on)) == ("Spring 2025-26", 20)
    asked = {row.post.account for row in ReviewedPost.objects.all()}
    assert asked == {cast.account(name) for name in ("teacher", "worker", "manager")}


def test_outside_the_terms_nothing_is_asked(cast):
    assert open_review(actor=system(cast, TODAY + timedelta(days=10))) is None


@pytest.mark.proves("LNK-5")
def test_the_virtual_school_answers_for_schools_and_a_manager_for_the_team(cast):
    other_manager = cast.add("other", Role.TEAM_MANAGER)
    open_review(actor=system(cast))
    may = {
        (name, asked)
        for name in ("head", "manager", "other", "kiran", "teacher")
        for asked in ("teacher", "worker", "manager")
        if not why_not_answer(row_of(cast, asked), actor=cast.actor(name))
    }

    assert other_manager
    assert may == {("head", "teacher"), ("head", "worker"), ("head", "manager"), ("manager", "worker")}
    assert {row.post.account for row in to_answer(cast.actor("manager"))} == {cast.account("worker")}
    with pytest.raises(Refused):
        answer([(row_of(cast, "teacher"), "yes")], actor=cast.actor("manager"))
    assert row_of(cast, "teacher").answer == ""


@pytest.mark.proves("LNK-5")
def test_what_nobody_confirmed_in_twenty_working_days_ends(cast):
    review = open_review(actor=system(cast))
    answer([(row_of(cast, "teacher"), "yes")], actor=cast.actor("head"))
    daily(actor=system(cast, review.due_on))
    assert Post.objects.filter(account=cast.account("worker")).live(review.due_on).exists()

    after = review.due_on + timedelta(days=1)
    daily(actor=system(cast, after))

    assert not Post.objects.filter(account=cast.account("worker")).live(after).exists()
    assert Post.objects.filter(account=cast.account("teacher")).live(after).exists()
    assert (row_of(cast, "worker").answer, row_of(cast, "worker").answered_on) == ("lapsed", after)
    review.refresh_from_db()
    assert review.closed_on == after
    with pytest.raises(Refused, match="closed"):
        answer([(row_of(cast, "worker"), "yes")], actor=cast.actor("head"))


@pytest.mark.proves("LNK-5")
def test_a_no_ends_the_post_today_and_a_yes_is_dated(cast, client):
    review = open_review(actor=system(cast))
    client.force_login(cast.account("head"))
    said = {str(row_of(cast, "teacher").public_id): "no", str(row_of(cast, "worker").public_id): "yes"}

    client.post(reverse("administration:review", args=[review.public_id]), said)

    assert not Post.objects.filter(account=cast.account("teacher")).live(TODAY).exists()
    row = row_of(cast, "worker")
    assert (row.answer, row.answered_on, row.answered_by) == ("yes", TODAY, cast.account("head"))
    assert last_confirmed(cast.actor("head"), [row.post]) == {row.post.pk: TODAY}


@pytest.mark.proves("LNK-5")
def test_the_evidence_can_be_taken_out_and_no_cell_is_a_formula(cast, client):
    worker = cast.account("worker")
    worker.given_name = "=cmd|' /C calc'!A0"
    write(worker)
    has_signed_in(worker)
    review = open_review(actor=system(cast))
    answer([(row_of(cast, "worker"), "yes")], actor=cast.actor("manager"))
    client.force_login(cast.account("kiran"))

    file = client.get(reverse("administration:review_file", args=[review.public_id, "csv"]))

    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    mine = next(row for row in rows if row["Answer"] == "Still right")
    assert mine["Person"].startswith("'=")
    assert (mine["Answered on"], mine["Answered by"]) == ("2026-03-31", "Pat Manager")
    assert len(rows) == 3


def test_a_manager_sees_the_own_team_and_nobody_elses(cast, client):
    review = open_review(actor=system(cast))
    for name in ("worker", "teacher"):
        has_signed_in(cast.account(name))
    client.force_login(cast.account("manager"))

    said = client.get(reverse("administration:review", args=[review.public_id])).content.decode()

    assert "Pat Worker" in said
    assert "Pat Teacher" not in said


def test_a_review_of_another_authority_does_not_exist(cast, client):
    review = open_review(actor=system(cast))
    cast.add("theirs", Role.VSH, cast.castlebury)
    client.force_login(cast.account("theirs"))

    assert client.get(reverse("administration:review", args=[review.public_id])).status_code == 404


def test_a_review_is_read_in_one_query(cast, django_assert_num_queries):
    review = open_review(actor=system(cast))
    with django_assert_num_queries(1):
        [(row.post.account.name, row.answered_by) for row in rows_of(review, cast.actor("head"))]

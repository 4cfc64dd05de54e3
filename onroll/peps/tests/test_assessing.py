"""The term's teacher assessments: written in a plan, kept as results, put right, and shown beside earlier terms."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.attainment.models import Result
from onroll.children.tests.scene import an_authority, write
from onroll.peps.models import Pep, PepAnswers, PepSettings
from onroll.peps.queries import this_term
from onroll.peps.saving import digest, save_section
from onroll.peps.tests.scene import a_cast, a_pep, with_terms_around
from onroll.peps.writing import Writing

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
MATHS = {"subject": "Maths", "now": "Working towards", "on_track": "No", "end_of_year_goal": "Expected"}
READING = {"subject": "Reading", "now": "Expected", "on_track": "Yes"}


@pytest.fixture
def cast(db):
    return a_cast(TODAY, with_terms_around(an_authority(), TODAY))


@pytest.fixture
def pep(cast):
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=30)}
    return a_pep(cast.child, academic_year=year, term=term, school=cast.school, **days)


@pytest.fixture
def enter(client, cast):
    def signed_in(name):
        client.force_login(cast.accounts[name])
        return client

    return signed_in


def writing(pep, actor) -> Writing:
    return Writing(Pep.unscoped.select_related("child").get(pk=pep.pk), actor)


def say(pep, actor, rows):
    now = writing(pep, actor)
    shown = {name: digest(each.value) for name, each in now.standing.items()}
    return save_section(now, "attainment", {"assess_enter": rows}, was=shown)


def a_result(cast, pep, **fields) -> Result:
    keys = {"authority": cast.authority, "child": cast.child, "academic_year": pep.academic_year, "term": pep.term}
    facts = {"stage": "termly", "subject": "Maths", "value": "Below", "told_by": "termly return", "source": "exchange"}
    return write(Result(**{**keys, **facts, **fields}))


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def asks(pep, actor) -> set[str]:
    section = writing(pep, actor).section("attainment")
    return {each.question.key for each in section.asked}


def test_what_the_teacher_writes_of_the_term_is_kept_as_results_and_read_back(cast, pep):
    say(pep, cast.actors["teacher"], [MATHS, READING])

    held = {row.subject: row for row in Result.unscoped.filter(child=cast.child)}
    assert set(held) == {"Maths", "Reading"}
    maths = held["Maths"]
    assert (maths.value, maths.on_track, maths.goal) == ("Working towards", "no", "Expected")
    assert (maths.stage, maths.term, maths.academic_year) == ("termly", pep.term, pep.academic_year)
    assert (maths.school, maths.told_by) == (cast.school, "PEP")
    assert "assess_enter" in asks(pep, cast.actors["teacher"])


def test_a_line_that_is_taken_out_goes_from_the_results_and_one_that_changed_changes(cast, pep):
    say(pep, cast.actors["teacher"], [MATHS, READING])
    say(pep, cast.actors["teacher"], [{**MATHS, "now": "Expected"}])

    assert list(Result.unscoped.values_list("subject", "value")) == [("Maths", "Expected")]


def test_a_line_without_a_judgement_is_no_result_yet(cast, pep):
    say(pep, cast.actors["teacher"], [{"subject": "Science"}, READING])

    assert [row.subject for row in Result.unscoped.all()] == ["Reading"]
    assert PepAnswers.unscoped.get().answers["assess_enter"][0] == {"subject": "Science"}


def test_assessments_that_were_returned_are_confirmed_with_one_answer_and_typed_nowhere(enter, cast, pep):
    assert "assess_enter" in asks(pep, cast.actors["teacher"])
    a_result(cast, pep)

    asked = asks(pep, cast.actors["teacher"])
    assert "assess_enter" not in asked
    assert "assess_confirm" in asked
    page = text(enter("teacher").get(reverse("peps:section", args=[cast.child.public_id, pep.public_id, "attainment"])))
    assert "Correct this term’s assessments" in page
    assert "Below" in page


def test_what_was_returned_wrong_is_put_right_in_the_record(enter, cast, pep):
    a_result(cast, pep)
    page = reverse("peps:assessments", args=[cast.child.public_id, pep.public_id])
    assert enter("teacher").get(page).status_code == 200

    given = {"lines": "2", "subject-0": "Maths", "value-0": "Expected", "on_track-0": "yes"}
    enter("teacher").post(page, {**given, "subject-1": "Art", "value-1": "Above"})

    rows = Result.unscoped.order_by("subject").values_list("subject", "value", "told_by")
    assert list(rows) == [("Art", "Above", "PEP"), ("Maths", "Expected", "PEP")]


def test_a_subject_without_a_judgement_and_one_told_twice_are_refused_with_what_to_do(enter, cast, pep):
    page = reverse("peps:assessments", args=[cast.child.public_id, pep.public_id])
    given = {"lines": "3", "subject-0": "Maths", "subject-1": "Art", "value-1": "A", "subject-2": "art", "value-2": "B"}

    answer = text(enter("teacher").post(page, given))

    assert "Enter how Maths is now, or empty the line." in answer
    assert "art stands in another line already. Keep one." in answer
    assert not Result.unscoped.exists()


def test_who_may_not_write_attainment_corrects_none_and_a_plan_handed_in_is_corrected_no_more(enter, cast, pep):
    page = reverse("peps:assessments", args=[cast.child.public_id, pep.public_id])
    assert enter("worker").get(page).status_code == 404
    pep.state, pep.submitted_on = "submitted", TODAY
    write(pep)

    answer = enter("teacher").post(page, {"lines": "1", "subject-0": "Maths", "value-0": "Expected"})

    assert "Its sections are not written any more" in text(answer)
    assert not Result.unscoped.exists()


def test_earlier_terms_stand_beside_this_terms_and_a_reader_without_attainment_sees_none(enter, cast, pep):
    year = f"{int(pep.academic_year[:4]) - 1}-{pep.academic_year[2:4]}"
    a_result(cast, pep, academic_year=year, term="spring", value="Far below")
    a_result(cast, pep, value="Nearly there")
    url = reverse("peps:section", args=[cast.child.public_id, pep.public_id, "attainment"])

    page = text(enter("worker").get(url))

    assert page.index("Nearly there") < page.index("Far below")
    assert f"Spring {year.replace('-', '/')}" in page
    assert "Correct this term’s assessments" not in page
    assert enter("carer").get(url).status_code == 404


def test_the_words_of_the_scale_are_those_that_can_be_chosen(cast, pep):
    write(PepSettings(authority=cast.authority, assessment_scale="Below; At; Above"))
    refused = say(pep, cast.actors["teacher"], [{"subject": "Maths", "now": "So so"}])
    assert "“So so” is not one" in refused.refused["assess_enter"]

    say(pep, cast.actors["teacher"], [{"subject": "Maths", "now": "At"}])

    assert Result.unscoped.get().value == "At"

"""An authority's own sections and questions: asked like the national ones, versioned, and read by no wider circle."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.children.contradictions import Refused
from onroll.children.tests.scene import an_authority
from onroll.peps.finishing import finish_section
from onroll.peps.forms.local import LocalQuestion
from onroll.peps.local_actions import (
    add_question,
    add_section,
    change_question,
    declared_now,
    retire_question,
    say_of_section,
)
from onroll.peps.models import LocalForm, Pep, PepAnswers
from onroll.peps.printing import blank_parts
from onroll.peps.queries import this_term
from onroll.peps.saving import digest, save_section
from onroll.peps.tests.scene import a_cast, a_pep, with_terms_around
from onroll.peps.writing import Writing

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def cast(db):
    return a_cast(TODAY, with_terms_around(an_authority(), TODAY))


@pytest.fixture
def head(cast):
    return cast.actors["head"]


@pytest.fixture
def pep(cast):
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=30)}
    return a_pep(cast.child, academic_year=year, term=term, **days)


def a_question(**fields) -> LocalQuestion:
    values = {
        "key": "", "section": "strengths", "words": "Has {known_as} a bus pass?", "hint": "", "kind": "choice",
        "options": ("Yes", "Applied for"), "filled_by": "setting_lead", "part": "g", "required": True, "carried": False,
        "forms": ("school_age",),
    }  # fmt: skip
    return LocalQuestion(**{**values, **fields})


def writing(pep, actor) -> Writing:
    return Writing(Pep.unscoped.select_related("child").get(pk=pep.pk), actor)


def keys(pep, actor, section) -> list[str]:
    found = writing(pep, actor).section(section)
    return [each.question.key for each in found.asked] if found else []


def say(pep, actor, key, answers):
    now = writing(pep, actor)
    shown = {name: digest(each.value) for name, each in now.standing.items()}
    return save_section(now, key, answers, was=shown)


def test_an_own_question_is_asked_checked_and_kept_like_a_national_one(cast, head, pep):
    add_question(a_question(), actor=head)
    teacher = cast.actors["teacher"]
    assert "local_1" in keys(pep, teacher, "strengths")
    missing = [each.words for each in finish_section(writing(pep, teacher), "strengths")]
    assert "Choose an answer to “Has Mia a bus pass?”" in missing

    wrong = say(pep, teacher, "strengths", {"local_1": "Perhaps"})
    assert "is not one" in wrong.refused["local_1"]
    say(pep, teacher, "strengths", {"local_1": "Applied for"})

    assert PepAnswers.unscoped.get(part="g").answers == {"local_1": "Applied for"}


def test_a_section_of_ones_own_stands_in_its_forms_once_it_has_a_question(cast, head, pep):
    key = add_section("Our pledge", "social_worker", "g", ["school_age"], actor=head)
    assert keys(pep, cast.actors["worker"], key) == []

    add_question(a_question(section=key, filled_by="social_worker", kind="text", options=()), actor=head)

    worker = writing(pep, cast.actors["worker"])
    state = next(each for each in worker.states() if each.section.key == key)
    assert (state.section.title, state.writes, state.is_own) == ("Our pledge", True, True)
    form_keys = [each.key for each in worker.form.sections]
    assert form_keys.index(key) < form_keys.index("actions")
    pep.form = "post_16"
    assert key not in [each.key for each in Writing(pep, cast.actors["worker"]).form.sections]


def test_a_plan_keeps_the_version_in_which_it_began_and_a_new_one_has_the_newest(cast, head, pep):
    add_question(a_question(), actor=head)
    teacher = cast.actors["teacher"]
    say(pep, teacher, "strengths", {"local_1": "Yes"})
    pep.refresh_from_db()
    assert pep.local_version == 1

    retire_question("local_1", actor=head)
    add_question(a_question(words="Who reads with {known_as}?", kind="text", options=()), actor=head)

    assert keys(pep, teacher, "strengths")[-1] == "local_1"
    assert writing(pep, teacher).given["local_1"] == "Yes"
    year = f"{int(pep.academic_year[:4]) + 1}-{int(pep.academic_year[5:]) + 1:02}"
    following = a_pep(cast.child, academic_year=year, due_on=TODAY + timedelta(days=200))
    assert keys(following, teacher, "strengths")[-1] == "local_2"
    assert [row.version for row in LocalForm.objects.order_by("version")] == [1, 2, 3]


def test_a_plan_that_was_begun_before_there_was_any_has_none(cast, head, pep):
    say(pep, cast.actors["teacher"], "strengths", {"headline": "Words"})
    add_question(a_question(), actor=head)

    pep.refresh_from_db()
    assert pep.local_version == 0
    assert "local_1" not in keys(pep, cast.actors["teacher"], "strengths")


def test_an_own_answer_is_read_by_no_wider_circle_than_its_section_has(cast, head, pep):
    with pytest.raises(Refused, match="no wider circle"):
        add_question(a_question(section="sen", part="g"), actor=head)
    add_question(a_question(section="care", part="b", filled_by="social_worker", words="Care"), actor=head)

    say(pep, cast.actors["worker"], "care", {"local_1": "Yes"})

    assert "local_1" in [each.question.key for each in lines(pep, cast.actors["iro"])]
    assert "local_1" not in [each.question.key for each in lines(pep, cast.actors["teacher"])]


def lines(pep, actor):
    now = writing(pep, actor)
    return now.lines(next(each for each in now.shown if each.section.key == "care"))


def test_how_an_own_question_is_answered_and_who_reads_it_stays(cast, head):
    add_question(a_question(), actor=head)
    held = declared_now(cast.authority.pk).questions[0]

    with pytest.raises(Refused, match="Retire it and add another"):
        change_question(a_question(key=held.key, kind="text", options=()), actor=head)
    change_question(a_question(key=held.key, words="A bus pass?"), actor=head)

    assert [each.words for each in declared_now(cast.authority.pk).questions] == ["A bus pass?"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"options": ("Yes",)}, "two or more"),
        ({"options": ("Yes", "Yes")}, "two or more"),
        ({"options": ("Yes", "No; never")}, "without a semicolon"),
        ({"options": ("authority scale", "rubric scale")}, "Word the options otherwise"),
        ({"kind": "file"}, "how it is answered"),
        ({"forms": ()}, "Choose forms"),
        ({"section": "p16_route", "part": "d", "forms": ("school_age",)}, "Choose forms"),
        ({"section": "audit"}, "no wider circle"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_what_to_do(cast, head, fields, why):
    with pytest.raises(Refused, match=why):
        add_question(a_question(**fields), actor=head)

    assert not LocalForm.objects.exists()


def test_optional_national_questions_are_left_out_and_said_otherwise_and_required_ones_are_not(cast, head, pep):
    teacher = cast.actors["teacher"]
    say_of_section("strengths", "What helps", {"headline": "Three sentences"}, {"friends"}, actor=head)

    found = writing(pep, teacher).section("strengths")
    asked = {each.question.key: each.question for each in found.asked}
    assert found.section.title == "What helps"
    assert "friends" not in asked
    assert asked["headline"].hint == "Three sentences"
    with pytest.raises(Refused, match="required or counted"):
        say_of_section("strengths", "", {}, {"headline"}, actor=head)
    with pytest.raises(Refused, match="required or counted"):
        say_of_section("right_place", "", {}, {"school_right"}, actor=head)


def test_the_pages_add_change_and_retire(client, cast, pep):
    client.force_login(cast.accounts["head"])
    prove(client)
    given = {"title": "Our pledge", "filled_by": "setting_lead", "part": "g", "forms": ["school_age"]}
    client.post(reverse("peps:own_section"), given)
    page = f"{reverse('peps:new_own_question')}?section=local_1"
    asked = {"words": "Kept?", "kind": "choice", "options": "Yes\nNo", "filled_by": "setting_lead", "part": "g"}
    client.post(page, {**asked, "required": "no", "carried": "yes", "forms": ["school_age"]})
    assert "Kept?" in text(client.get(reverse("peps:own_questions")))
    assert "Our pledge" in text(client.get(reverse("peps:pep", args=[cast.child.public_id, pep.public_id])))

    own = reverse("peps:own_question", args=["local_2"])
    changed = {**asked, "words": "Was it kept?", "required": "no", "carried": "yes", "forms": ["school_age"]}
    assert client.post(own, changed).status_code == 302
    client.post(own, {"act": "retire"})

    said = declared_now(cast.authority.pk)
    assert [(each.words, each.retired) for each in said.questions] == [("Was it kept?", True)]
    assert client.get(own).status_code == 404
    assert "Version 4" in text(client.get(reverse("peps:own_questions")))
    national = reverse("peps:national_section", args=["strengths"])
    assert client.get(national).status_code == 200
    client.post(national, {"title": "Strengths", "asked": [], "hint-headline": "Short"})
    assert "friends" in declared_now(cast.authority.pk).off


def test_a_teacher_changes_no_form(client, cast):
    client.force_login(cast.accounts["teacher"])
    for name in ("own_questions", "new_own_question", "own_section"):
        assert client.get(reverse(f"peps:{name}")).status_code == 404


def test_a_blank_form_has_the_own_questions_too(cast, head):
    add_question(a_question(), actor=head)

    rows = [row for part in blank_parts("school_age", LocalForm.newest(cast.authority.pk)) for row in part.rows]

    assert any("a bus pass?" in asked for asked, _ in rows)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def prove(client):
    """The proof of who one is that a page of settings asks for: given as the person signed in."""
    assert client.get(reverse("peps:own_questions")).status_code == 200

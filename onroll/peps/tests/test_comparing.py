"""What changed since the last plan is visible: beside each answer, on the overview, and two plans side by side."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.children.tests.scene import an_authority
from onroll.peps.models import Pep
from onroll.peps.queries import this_term
from onroll.peps.saving import digest, save_section
from onroll.peps.tests.scene import a_cast, a_pep, a_target, with_terms_around
from onroll.peps.writing import Writing

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def cast(db):
    return a_cast(TODAY, with_terms_around(an_authority(), TODAY))


@pytest.fixture
def pep(cast):
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=30)}
    return a_pep(cast.child, academic_year=year, term=term, **days)


@pytest.fixture
def old(cast, pep):
    year = f"{int(pep.academic_year[:4]) - 1}-{pep.academic_year[2:4]}"
    return a_pep(cast.child, academic_year=year, term="summer", opens_on=None, due_on=TODAY - timedelta(days=120))


@pytest.fixture
def enter(client, cast):
    def signed_in(name):
        client.force_login(cast.accounts[name])
        return client

    return signed_in


def say(pep, actor, key, answers):
    now = Writing(Pep.unscoped.select_related("child").get(pk=pep.pk), actor)
    shown = {name: digest(each.value) for name, each in now.standing.items()}
    return save_section(now, key, answers, was=shown)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def page(pep, route, *more) -> str:
    return reverse(f"peps:{route}", args=[pep.child.public_id, pep.public_id, *more])


def test_beside_an_answer_that_changed_stands_what_the_last_plan_said_and_beside_no_other(enter, cast, pep, old):
    teacher = cast.actors["teacher"]
    say(old, teacher, "strengths", {"strengths_list": "Swims", "friends": "Two good friends"})
    say(pep, teacher, "strengths", {"strengths_list": "Swims and dives"})

    for reader in ("teacher", "worker"):
        shown = text(enter(reader).get(page(pep, "section", "strengths")))
        assert shown.count(f"Changed since {old.title}") == 1
        assert "Swims and dives" in shown
        assert '<p class="govuk-body">Swims</p>' in shown


def test_the_overview_counts_what_changed_in_each_section_but_not_words_that_every_plan_asks_anew(
    enter, cast, pep, old
):
    teacher = cast.actors["teacher"]
    say(old, teacher, "strengths", {"strengths_list": "Swims", "headline": "Old"})
    say(pep, teacher, "strengths", {"strengths_list": "Dives", "headline": "New"})
    say(old, teacher, "right_place", {"school_right": "Yes", "support_right": "Yes"})
    say(pep, teacher, "right_place", {"school_right": "No", "support_right": "Yes"})

    overview = text(enter("teacher").get(page(pep, "pep")))

    assert overview.count("1 changed since the last plan") == 2
    assert "Beside the last plan" in overview


def test_two_plans_stand_side_by_side_with_their_targets_and_how_they_went(enter, cast, pep, old):
    teacher = cast.actors["teacher"]
    say(old, teacher, "strengths", {"strengths_list": "Swims", "friends": "Two"})
    say(pep, teacher, "strengths", {"strengths_list": "Dives"})
    a_target(old, "Read 60 words", outcome="met", evidence="62 words on Monday")
    a_target(pep, "Read 80 words")

    changed = text(enter("teacher").get(page(pep, "compare")))
    assert all(words in changed for words in ("Swims", "Dives", "Read 60 words", "62 words on Monday", "Read 80 words"))
    assert "How are friendships" not in changed

    assert "How are friendships" in text(enter("teacher").get(f"{page(pep, 'compare')}?show=all"))


def test_each_reader_sees_side_by_side_the_parts_that_they_read_alone(enter, cast, pep, old):
    worker = cast.actors["worker"]
    say(old, worker, "care", {"care_aim": "Return home", "care_topics": "Birthdays"})
    say(pep, worker, "care", {"care_aim": "Long-term fostering", "care_topics": "Court days"})

    assert "Return home" in text(enter("iro").get(page(pep, "compare")))
    shown = text(enter("teacher").get(page(pep, "compare")))
    assert "Birthdays" in shown
    assert "Return home" not in shown
    assert "Long-term fostering" not in shown
    assert enter("carer").get(page(pep, "compare")).status_code == 404
    assert enter("support").get(page(pep, "compare")).status_code == 404


def test_a_first_plan_has_nothing_beside_it(enter, cast, pep):
    assert "There is no earlier plan" in text(enter("teacher").get(page(pep, "compare")))
    assert "Beside the last plan" not in text(enter("teacher").get(page(pep, "pep")))


def test_a_plan_of_another_child_is_put_beside_none(enter, cast, pep, old):
    shown = text(enter("teacher").get(f"{page(pep, 'compare')}?with=00000000-0000-4000-8000-000000000000"))

    assert old.title in shown

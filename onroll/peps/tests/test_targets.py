"""Targets of a plan: filled from the bank, checked as they are typed, with the money they ask for; and their review."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.children.tests.scene import a_child, a_place, an_authority, an_episode, together, write
from onroll.peps.models import MoneyRequest, PepTarget, Signature
from onroll.peps.queries import this_term
from onroll.peps.target_actions import what_is_weak, what_stops
from onroll.peps.tests.scene import a_cast, a_pep, a_target, with_terms_around
from onroll.peps.tests.test_sections import text, writing

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
GOOD = {
    "need": "Reading",
    "intervention": "paired_reading",
    "text": "Mia will move from a reading age of 8y2m to 8y8m on the same test",
    "baseline": "8y2m in the test of September",
    "owner": "Mrs Adeyemi",
    "kind": "in_term",
}


@pytest.fixture
@together()
def cast(db):
    authority = with_terms_around(an_authority(), TODAY)
    authority.live_from = TODAY - timedelta(days=20)
    return a_cast(TODAY, write(authority))


@pytest.fixture
def pep(cast):
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=30), "meeting_on": TODAY}
    return a_pep(cast.child, academic_year=year, term=term, **days)


@pytest.fixture
def enter(client, cast):
    def signed_in(name):
        client.force_login(cast.accounts[name])
        return client

    return signed_in


def address(name, pep, *more) -> str:
    return reverse(f"peps:{name}", args=[pep.child.public_id, pep.public_id, *more])


def due(day) -> dict[str, str]:
    return {"due_on_day": str(day.day), "due_on_month": str(day.month), "due_on_year": str(day.year)}


def test_a_target_is_filled_from_the_bank_where_it_is_left_empty(enter, pep):
    enter("teacher").post(address("new_target", pep), {**GOOD, "how_often": "Every day, 10 minutes"})

    target = PepTarget.unscoped.get()
    assert target.area == "english"
    assert target.how_often == "Every day, 10 minutes"
    assert target.action == "Read together from a book the child chose; note pages and mistakes"
    assert (target.place, target.version) == (1, 1)
    pep.refresh_from_db()
    assert pep.state == "in_preparation"


def test_money_is_asked_for_with_its_target_and_taken_back_with_it(enter, pep):
    client = enter("teacher")
    client.post(address("new_target", pep), {**GOOD, "amount": "420", "buys": "12 hours of tuition at £35"})

    request = MoneyRequest.unscoped.get()
    assert (request.amount, request.category, request.requested_on) == (420, "literacy", TODAY)
    target = PepTarget.unscoped.get()
    client.post(address("target", pep, target.public_id), GOOD)
    request.refresh_from_db()
    assert request.taken_back_on == TODAY
    client.post(address("remove_target", pep, target.public_id), {})
    assert not PepTarget.unscoped.exists()


@pytest.mark.requirement("R162")
def test_the_checker_says_what_is_weak_while_it_is_typed_and_keeps_nothing(enter, pep):
    answer = enter("teacher").post(address("check_target", pep), {"text": "Improve reading", "kind": "in_term"})

    said = [each["message"] for each in answer.json()["found"]]
    assert any(message.startswith("By when?") for message in said)
    assert any(message.startswith("Name one person") for message in said)
    assert not PepTarget.unscoped.exists()


def test_another_childs_name_is_found_among_those_whom_the_teacher_sees(enter, cast, pep):
    other = a_child(cast.authority, "Quentin Vale", birth_date=cast.child.birth_date)
    an_episode(other)
    a_place(other, cast.school)

    answer = enter("teacher").post(address("check_target", pep), {"text": "Quentin reads 80 words a minute"})

    assert "Is this Quentin’s target? Check that you are in the right plan." in [
        each["message"].replace("'", "’") for each in answer.json()["found"]
    ]


def test_what_is_weak_can_stay_with_a_reason_and_what_stops_cannot(enter, cast, pep):
    enter("teacher").post(
        address("new_target", pep), {**GOOD, "baseline": "", "text": "She reads more", "set_aside": "Agreed with her"}
    )

    target = PepTarget.unscoped.get()
    assert "T02" not in target.set_aside
    assert set(target.set_aside.values()) == {"Agreed with her"}
    stops = what_stops(writing(pep, cast.actors["teacher"]))
    assert len(stops) == 1
    assert stops[0].startswith("Target 1: By when?")
    assert not any("Target 1" in said for said in what_is_weak(writing(pep, cast.actors["teacher"])))


@pytest.mark.requirement("R130", "R022")
def test_last_terms_targets_open_the_new_plan_and_an_unmet_one_says_what_changes(enter, cast, pep):
    year = f"{int(pep.academic_year[:4]) - 1}-{pep.academic_year[2:4]}"
    old = a_pep(cast.child, academic_year=year, term="summer", opens_on=None, due_on=TODAY - timedelta(days=120))
    target = a_target(old, "Read 60 words in a minute")
    client = enter("teacher")
    assert "Not said yet" in text(client.get(address("targets", pep)))

    unmet = {"outcome": "partly", "evidence": "52 words in September"}
    refused = client.post(address("review_target", pep, target.public_id), unmet)
    assert "Say what will be done differently" in text(refused)
    client.post(address("review_target", pep, target.public_id), {**unmet, "change_recorded": "Now with a partner"})

    target.refresh_from_db()
    assert (target.outcome, target.next, target.change_on) == ("partly", "changed", TODAY)
    assert "Now with a partner" in text(client.get(address("targets", pep)))


def test_a_plan_has_five_targets_at_the_most(enter, pep):
    for n in range(5):
        a_target(pep, f"Target {n}")

    refused = enter("teacher").post(address("new_target", pep), GOOD)

    assert "A plan has five targets at the most" in text(refused)
    assert PepTarget.unscoped.count() == 5


def test_targets_are_the_schools_to_write_and_all_who_read_plans_read_them(enter, pep):
    target = a_target(pep)

    assert target.text in text(enter("iro").get(address("targets", pep)))
    assert "Add a target" not in text(enter("worker").get(address("targets", pep)))
    refused = enter("worker").post(address("new_target", pep), GOOD)
    assert "The targets are the school’s to write" in text(refused)
    assert PepTarget.unscoped.count() == 1
    assert enter("support").get(address("targets", pep)).status_code == 404


def test_a_target_of_another_child_is_not_found_through_this_one(enter, cast, pep):
    other = a_child(cast.authority, "Zoe Last")
    an_episode(other)
    strange = a_target(a_pep(other))

    assert enter("head").get(address("target", pep, strange.public_id)).status_code == 404


def test_a_changed_target_takes_the_signature_away(enter, cast, pep):
    write(Signature(authority=cast.authority, child=cast.child, pep=pep, signed_as="lead", on=TODAY))

    enter("teacher").post(address("new_target", pep), {**GOOD, **due(TODAY + timedelta(days=60))})

    assert not Signature.unscoped.exists()


def test_targets_are_finished_when_there_are_enough_and_each_is_whole(enter, cast, pep):
    client = enter("teacher")
    answer = client.post(address("finish_targets", pep), follow=True)
    assert "Not finished yet" in text(answer)

    for n, area in enumerate(("english", "maths", "semh")):
        whole = {**GOOD, "text": f"From {n} to {n + 5} in {area} this term", "area": area}
        client.post(address("new_target", pep), {**whole, **due(TODAY + timedelta(days=60))})
    answer = client.post(address("finish_targets", pep), follow=True)

    assert "The targets are finished." in text(answer)

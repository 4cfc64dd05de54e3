"""Head teachers and designated teachers are told of a looked-after child on their roll, once, and the day is kept."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from onroll.access.models import Mail
from onroll.access.roles import Role
from onroll.children.models import CareEpisode, MustNotSee, RollNotice, SchoolPlace
from onroll.children.roll_notices import tell_by_hand, tell_schools, told_words

from .scene import TODAY, a_person, a_place, an_episode, write

pytestmark = pytest.mark.django_db
ARRIVED = date(2026, 3, 24)


@pytest.fixture
def at_hillside(cast):
    """Mia came to Hillside last week; the school has a head teacher and a designated teacher who sign in."""
    cast.ashcombe.live_from = date(2026, 1, 1)
    write(cast.ashcombe)
    an_episode(cast.mia, date(2024, 2, 1))
    a_place(cast.mia, cast.hillside, ARRIVED)
    cast.principal, _ = a_person(cast.ashcombe, Role.HEAD_TEACHER, "Pat Hale", school=cast.hillside)
    return cast


def told() -> list[tuple[str, date, str]]:
    return list(RollNotice.unscoped.order_by("to").values_list("to", "told_on", "how"))


@pytest.mark.requirement("R116")
def test_both_people_of_the_school_get_one_message_that_names_nobody(at_hillside):
    assert tell_schools(at_hillside.ashcombe, today=TODAY) == 2
    assert tell_schools(at_hillside.ashcombe, today=TODAY) == 0

    assert told() == [("designated_teacher", TODAY, "message"), ("head_teacher", TODAY, "message")]
    mails = Mail.objects.filter(kind="school_told")
    assert set(mails.values_list("to", flat=True)) == {at_hillside.principal.pk, at_hillside.teacher_account.pk}
    assert {mail.path for mail in mails} == {"/"}


def test_who_comes_to_the_school_later_is_told_then(at_hillside, cast):
    cast.teacher_account.is_active = False
    write(cast.teacher_account)
    assert tell_schools(cast.ashcombe, today=TODAY) == 1

    cast.teacher_account.is_active = True
    write(cast.teacher_account)
    assert tell_schools(cast.ashcombe, today=date(2026, 4, 2)) == 1
    assert told() == [("designated_teacher", date(2026, 4, 2), "message"), ("head_teacher", TODAY, "message")]


def test_a_new_time_in_care_is_told_of_again(at_hillside):
    tell_schools(at_hillside.ashcombe, today=TODAY)
    first = CareEpisode.unscoped.get(child=at_hillside.mia)
    first.end, first.reason_ceased = date(2026, 4, 1), "E4A"
    write(first)
    assert tell_schools(at_hillside.ashcombe, today=date(2026, 4, 2)) == 0
    an_episode(at_hillside.mia, date(2026, 5, 1))

    assert tell_schools(at_hillside.ashcombe, today=date(2026, 5, 1)) == 2


def test_history_that_was_loaded_tells_nobody(at_hillside):
    at_hillside.ashcombe.live_from = date(2026, 3, 25)
    write(at_hillside.ashcombe)

    assert tell_schools(at_hillside.ashcombe, today=TODAY) == 0
    assert not Mail.objects.filter(kind="school_told").exists()


def test_an_authority_that_tells_by_telephone_sends_nothing(at_hillside):
    at_hillside.ashcombe.mail_to_schools = False
    write(at_hillside.ashcombe)

    assert tell_schools(at_hillside.ashcombe, today=TODAY) == 0


def test_who_must_not_see_the_child_is_not_told(at_hillside):
    pair = {"child": at_hillside.mia, "account": at_hillside.principal, "tie": "relative"}
    write(MustNotSee(authority=at_hillside.ashcombe, start=ARRIVED, **pair))

    assert tell_schools(at_hillside.ashcombe, today=TODAY) == 1
    assert [to for to, _, _ in told()] == ["designated_teacher"]


def test_a_person_writes_down_that_they_told_the_school(client, at_hillside):
    head, _ = a_person(at_hillside.ashcombe, Role.VSH, "Priya Raman")
    client.force_login(head)
    page = reverse("children:roll_notice", args=[at_hillside.mia.public_id])
    assert "have to know that Mia is looked after" in client.get(page).text
    day = {"told_on_day": "25", "told_on_month": "3", "told_on_year": "2026"}

    assert "Choose who was told" in client.post(page, day).text
    client.post(page, {**day, "to": ["head_teacher", "designated_teacher"]})

    assert told() == [
        ("designated_teacher", date(2026, 3, 25), "person"),
        ("head_teacher", date(2026, 3, 25), "person"),
    ]
    school = client.get(reverse("profile:school", args=[at_hillside.mia.public_id])).text
    assert "Head teacher told" in school
    assert "25 March 2026, by somebody" in school
    assert tell_schools(at_hillside.ashcombe, today=TODAY) == 0


def test_a_child_without_a_school_has_nobody_to_tell(at_hillside):
    other = replace(at_hillside.head, today=date(2026, 3, 23))

    assert tell_by_hand(at_hillside.mia, to=["head_teacher"], told_on=date(2026, 3, 23), actor=other) == 0


def test_of_a_place_to_come_and_after_care_nothing_is_said(at_hillside):
    place = SchoolPlace.unscoped.get(child=at_hillside.mia)
    head = replace(at_hillside.head, today=TODAY)
    assert [on for _, on, _ in told_words(place, head)] == [None, None]

    assert list(told_words(place, replace(head, today=date(2026, 3, 23)))) == []
    care = CareEpisode.unscoped.get(child=at_hillside.mia)
    care.end, care.reason_ceased = TODAY, "E4A"
    write(care)
    assert list(told_words(place, head)) == []

"""Opening a record in an emergency: each rule of it, with the refusal beside the permission (2.4)."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.access.can import Can, can
from onroll.access.mails import KINDS
from onroll.access.models import Mail
from onroll.access.openings import OPENING_IN_SESSION
from onroll.access.roles import Role
from onroll.access.sections import Section, cell, may_read
from onroll.authorities.models import Team
from onroll.children.actions import guards
from onroll.children.actions.guards import declare_tie, find_to_open, open_in_emergency, renew, review_opening
from onroll.children.contradictions import Refused
from onroll.children.disclosure import NO_NAMES, may_know_address
from onroll.children.guards import live_opening
from onroll.children.models import Child, Disclosure, Identifiers, MustNotSee, Note, Opening
from onroll.children.reviewing import is_late, openings_of, remind, review_due
from onroll.history.models import Entry
from onroll.people.models import Post

from .scene import a_child, a_person, an_episode, write

AT = datetime(2026, 3, 31, 21, 5, tzinfo=timezone.get_default_timezone())
REASON = "Nobody answers at the home and Mia has not come back"


@pytest.fixture
def night(cast) -> SimpleNamespace:
    """A manager of another team at night, with no link to Mia."""
    team = write(Team(authority=cast.ashcombe, name="Duty"))
    cast.manager_account, cast.manager = a_person(cast.ashcombe, Role.TEAM_MANAGER, "Max Hall", team=team)
    cast.head_account = cast.head.account
    an_episode(cast.mia)
    return cast


def opened(actor, child, at=AT, **fields):
    """The actor in a fresh opening of this child, and the opening."""
    opening = open_in_emergency(child, **{"why": "missing", "reason": REASON, **fields}, at=at, actor=actor)
    return replace(actor, opening=live_opening(actor, opening.pk, at)), opening


@pytest.mark.proves("BG-1")
def test_an_opening_gives_one_child_and_nothing_to_write(night):
    other = a_child(night.ashcombe, "Noah Wells")
    assert not Child.visible_to(night.manager).exists()

    actor, _ = opened(night.manager, night.mia)

    assert list(Child.visible_to(actor)) == [night.mia]
    assert not Child.visible_to(actor).filter(pk=other.pk).exists()
    assert {cell(actor, section) for section in Section} <= {"R", "S", ""}
    assert not can(actor, Can.RECORD_CHANGES)
    assert not can(actor, Can.SEE_CHILDREN)
    assert not can(actor, Can.EXPORT_A_LIST)


@pytest.mark.proves("BG-1")
def test_an_opening_adds_exactly_what_an_emergency_needs(night):
    for role in Can.OPEN_IN_EMERGENCY.roles:
        _, plain = a_person(night.ashcombe, role)
        actor, _ = opened(plain, night.mia)
        for section in Section:
            before, within = cell(plain, section), cell(actor, section)
            needed = section.value in {"a", "b", "c", "d", "d2", "k", "l", "n", "o", "p"}
            expected = "R" if needed or before in ("W", "R") else before
            assert within == expected, f"{role} {section}"
        assert not may_read(actor, Section.SEALED)


@pytest.mark.proves("BG-1")
def test_an_address_for_named_users_is_opened_to_the_head_alone(night):
    head, _ = opened(night.head, night.mia)
    manager, _ = opened(night.manager, night.mia)

    assert not may_know_address(night.head, Disclosure.ONLY_NAMED_USERS, NO_NAMES)
    assert may_know_address(head, Disclosure.ONLY_NAMED_USERS, NO_NAMES)
    assert not may_know_address(manager, Disclosure.ONLY_NAMED_USERS, NO_NAMES)
    assert may_know_address(manager, Disclosure.NOT_TO_FAMILY, NO_NAMES)


@pytest.mark.parametrize("role", [r for r in Role if r not in Can.OPEN_IN_EMERGENCY.roles])
def test_schools_carers_and_offices_open_nothing_in_an_emergency(night, role):
    _, actor = a_person(night.ashcombe, role, school=night.hillside if role.at_a_school else None)

    with pytest.raises(Refused, match="does not open"):
        open_in_emergency(night.mia, why="harm", reason=REASON, at=AT, actor=actor)


@pytest.mark.proves("BG-1")
def test_a_reason_has_twenty_characters(night):
    with pytest.raises(Refused, match="20 characters"):
        open_in_emergency(night.mia, why="harm", reason="  nineteen characters  "[:21], at=AT, actor=night.manager)

    opened(night.manager, night.mia, reason="x" * 20)


@pytest.mark.proves("BG-1")
def test_an_opening_lasts_two_hours_to_the_second(night):
    _, opening = opened(night.manager, night.mia)
    ends = AT + timedelta(hours=2)

    assert live_opening(night.manager, opening.pk, ends - timedelta(seconds=1)) is not None
    assert live_opening(night.manager, opening.pk, ends) is None


@pytest.mark.proves("BG-1")
def test_an_opening_is_renewed_once_for_two_hours_from_then(night):
    actor, opening = opened(night.manager, night.mia)
    later = AT + timedelta(hours=1)

    renew(at=later, actor=actor)

    opening.refresh_from_db()
    assert opening.until == later + timedelta(hours=2)
    again = replace(actor, opening=live_opening(night.manager, opening.pk, later))
    with pytest.raises(Refused, match="renewed once"):
        renew(at=later + timedelta(minutes=5), actor=again)


@pytest.mark.proves("BG-1")
def test_nobody_opens_a_fourth_record_in_24_hours(night):
    for minutes in range(3):
        opened(night.manager, night.mia, at=AT + timedelta(minutes=minutes))

    with pytest.raises(Refused, match="3 records in 24 hours"):
        opened(night.manager, night.mia, at=AT + timedelta(hours=24) - timedelta(seconds=1))
    opened(night.manager, night.mia, at=AT + timedelta(hours=24))


def test_an_opening_is_the_openers_own_in_that_post(night):
    _, opening = opened(night.manager, night.mia)
    _, someone = a_person(night.ashcombe, Role.TEAM_MANAGER, "Uma Shaw")

    assert live_opening(someone, opening.pk, AT) is None
    assert live_opening(replace(night.manager, post=someone.post), opening.pk, AT) is None


# Finding the child


@pytest.mark.proves("BG-2")
@pytest.mark.parametrize(
    "typed",
    [
        {"family_name": "dawson", "birth_date": "own"},
        {"upn": "D310890120001"},
        {"child_number": "a-77"},
    ],
)
def test_the_child_is_found_by_exact_words_alone(night, typed):
    write_numbers(night.mia, upn="D310890120001", child_number="A-77")
    typed = {name: night.mia.birth_date if value == "own" else value for name, value in typed.items()}

    assert find_to_open(**typed, actor=night.manager) == night.mia
    for name, value in typed.items():
        wrong = value + timedelta(days=1) if name == "birth_date" else value[:-1]
        assert find_to_open(**{**typed, name: wrong}, actor=night.manager) is None


def write_numbers(child, **numbers):
    held = Identifiers.unscoped.get(child=child)
    for name, value in numbers.items():
        setattr(held, name, value)
    write(held)


@pytest.mark.proves("BG-2")
def test_twins_are_not_told_apart_by_surname_and_date_of_birth(night):
    a_child(night.ashcombe, "Ella Dawson", birth_date=night.mia.birth_date)

    assert find_to_open(family_name="Dawson", birth_date=night.mia.birth_date, actor=night.manager) is None


@pytest.mark.proves("BG-2")
def test_a_surname_alone_finds_nobody(night):
    assert find_to_open(family_name="Dawson", actor=night.manager) is None


def test_looking_in_vain_is_written_down_and_ends(night):
    for _ in range(guards.MOST_SEARCHES_IN_VAIN):
        assert guards.why_not_search(at=timezone.now(), actor=night.manager) == ""
        find_to_open(child_number="nobody", actor=night.manager)

    assert "10 times" in guards.why_not_search(at=timezone.now(), actor=night.manager)
    assert not Entry.objects.filter(act=guards.SEARCH, child__isnull=False).exists()


@pytest.mark.proves("AWK-1")
def test_a_child_kept_from_someone_is_not_found_nor_seen_in_an_emergency(night):
    write_numbers(night.mia, child_number="A-77")
    actor, _ = opened(night.head, night.mia)

    declare_tie(night.mia, tie="relative", actor=night.head)

    assert not Child.visible_to(night.head).filter(pk=night.mia.pk).exists()
    assert not Child.visible_to(actor).exists()
    assert find_to_open(child_number="A-77", actor=night.head) is None


# Reviewing


@pytest.mark.proves("BG-3")
def test_the_opener_does_not_review_their_own_opening(night):
    _, opening = opened(night.head, night.mia)
    _, deputy = a_person(night.ashcombe, Role.DEPUTY_VSH, "Dee Park")

    with pytest.raises(Refused, match="Someone else"):
        review_opening(opening, review="right", words="", at=AT, actor=night.head)
    review_opening(opening, review="right", words="", at=AT, actor=deputy)

    assert Opening.unscoped.get(pk=opening.pk).reviewed_by_id == deputy.account


@pytest.mark.proves("BG-3")
def test_a_question_and_an_incident_need_words(night):
    _, opening = opened(night.manager, night.mia)

    with pytest.raises(Refused, match="Say what"):
        review_opening(opening, review="incident", words=" ", at=AT, actor=night.head)
    review_opening(opening, review="incident", words="There was no emergency", at=AT, actor=night.head)


@pytest.mark.proves("BG-3")
def test_a_review_is_late_after_two_working_days(night):
    _, opening = opened(night.manager, night.mia)  # Tuesday evening; Good Friday is 3 April 2026

    assert review_due(opening).isoformat() == "2026-04-02"
    assert not is_late(opening, on=review_due(opening))
    assert is_late(opening, on=review_due(opening) + timedelta(days=1))


@pytest.mark.proves("BG-3")
def test_the_head_and_information_governance_see_the_opening_and_others_do_not(night):
    _, opening = opened(night.manager, night.mia)
    _, governance = a_person(night.ashcombe, Role.IG, "Ivy Gray")

    assert list(openings_of(night.head)) == [opening]
    assert list(openings_of(governance)) == [opening]
    for other in (night.manager, night.social_worker, night.data_officer):
        assert not openings_of(other).exists()


@pytest.mark.proves("BG-3")
def test_the_head_and_information_governance_are_told_at_once_and_daily_once_it_is_late(night):
    a_person(night.ashcombe, Role.IG, "Ivy Gray")
    _, opening = opened(night.manager, night.mia)

    told = Mail.objects.order_by("id")
    page = reverse("children:opening", args=[opening.public_id])
    assert {(mail.kind, mail.to.family_name) for mail in told} == {
        ("emergency_opened", "Reid"),
        ("emergency_opened", "Gray"),
    }
    assert {mail.path for mail in told} == {page}
    assert remind(night.ashcombe.pk, on=review_due(opening)) == 0
    assert remind(night.ashcombe.pk, on=review_due(opening) + timedelta(days=1)) == 1
    assert remind(night.ashcombe.pk, on=review_due(opening) + timedelta(days=2)) == 1
    assert told.filter(kind="emergency_review_late").count() == 4
    for kind in ("emergency_opened", "emergency_review_late"):
        assert "{address}" in KINDS[kind].text
        assert "Mia" not in KINDS[kind].text


def test_the_opener_is_not_told_of_their_own_opening_nor_who_must_not_see_the_child(night):
    opened(night.head, night.mia)

    assert not Mail.objects.exists()


# On the pages


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def typed(child, **fields):
    born = child.birth_date
    return {
        "how": "name",
        "family_name": child.family_name,
        "birth_date_day": born.day,
        "birth_date_month": born.month,
        "birth_date_year": born.year,
        "why": "missing",
        "reason": REASON,
        **fields,
    }


@pytest.mark.proves("BG-4")
def test_every_page_of_an_opening_has_the_banner_and_is_logged_with_it(night):
    client = client_of(night.manager_account)
    assert client.get(reverse("profile:story", args=[night.mia.public_id])).status_code == 404

    answer = client.post(reverse("children:emergency"), typed(night.mia), follow=True)

    opening = Opening.unscoped.get()
    for route in ("story", "home", "school", "people"):
        page = client.get(reverse(f"profile:{route}", args=[night.mia.public_id]))
        assert page.status_code == 200, route
        assert f"Emergency opening {opening.reference}" in page.content.decode()
    assert f"Emergency opening {opening.reference}" in answer.content.decode()
    shown = Entry.objects.filter(child=night.mia.pk, act="view", outcome="shown")
    assert shown.count() == 5
    assert set(shown.values_list("break_glass", flat=True)) == {opening.pk}


@pytest.mark.proves("BG-1")
def test_when_the_two_hours_are_over_the_record_is_gone_at_the_next_request(night):
    client = client_of(night.manager_account)
    client.post(reverse("children:emergency"), typed(night.mia))
    address = reverse("profile:story", args=[night.mia.public_id])
    assert client.get(address).status_code == 200

    opening = Opening.unscoped.get()
    opening.opened_at -= timedelta(hours=2)
    opening.until -= timedelta(hours=2)
    write(opening)

    assert client.get(address).status_code == 404
    assert OPENING_IN_SESSION not in client.session


def test_an_opening_of_another_session_does_not_leak_into_this_one(night):
    client_of(night.manager_account).post(reverse("children:emergency"), typed(night.mia))
    second = client_of(night.manager_account)
    address = reverse("profile:story", args=[night.mia.public_id])

    assert second.get(address).status_code == 404
    assert second.post(reverse("children:opening_go_on")).headers["Location"] == address
    assert second.get(address).status_code == 200


def test_the_search_says_the_same_of_a_child_of_another_authority_as_of_nobody(night):
    from .scene import an_authority

    theirs = a_child(an_authority("998", "Castlebury"), "Zoe Quill")
    client = client_of(night.manager_account)

    answers = [
        client.post(reverse("children:emergency"), typed(theirs, family_name=name)).content.decode()
        for name in ("Quill", "Quull")
    ]

    assert all("No one record fits" in answer for answer in answers)
    assert not Opening.unscoped.exists()


def test_a_note_is_all_that_is_written_and_those_of_the_section_read_it(night):
    client = client_of(night.manager_account)
    client.post(reverse("children:emergency"), typed(night.mia))

    client.post(reverse("children:opening_note"), {"text": "Mia is safe at the station"})

    note = Note.unscoped.get()
    assert str(note.text) == "Mia is safe at the station"
    head = client_of(Post.objects.get(pk=night.head.post).account)
    story = reverse("profile:story", args=[night.mia.public_id])
    assert "Mia is safe at the station" in head.get(story).content.decode()
    officer = client_of(Post.objects.get(pk=night.data_officer.post).account)
    assert "Mia is safe at the station" not in officer.get(story).content.decode()


@pytest.mark.proves("BG-1")
def test_no_form_of_the_record_is_there_in_an_opening(night):
    client = client_of(night.manager_account)
    client.post(reverse("children:emergency"), typed(night.mia))

    for route in ("name_change", "address", "care_end", "place_start", "allocate"):
        address = reverse(f"children:{route}", args=[night.mia.public_id])
        assert client.get(address).status_code == 404, route
        assert client.post(address, {}).status_code == 404, route
    assert client.get(reverse("children:roll")).status_code == 404


@pytest.mark.proves("BG-3")
def test_an_opening_stands_on_the_front_page_of_who_reviews_it_until_it_is_reviewed(night):
    client_of(night.manager_account).post(reverse("children:emergency"), typed(night.mia))
    governance_account, _ = a_person(night.ashcombe, Role.IG, "Ivy Gray")
    head = client_of(Post.objects.get(pk=night.head.post).account)
    opening = Opening.unscoped.get()

    for client in (head, client_of(governance_account)):
        assert "1 emergency opening to review" in client.get("/").content.decode()
    page = reverse("children:opening", args=[opening.public_id])
    assert "Nobody answers at the home" in head.get(page).content.decode()
    head.post(page, {"review": "right", "words": ""})

    assert Opening.unscoped.get().review == "right"
    assert "to review" not in head.get("/").content.decode()


# Who must not see whom


@pytest.mark.proves("AWK-1")
def test_saying_so_hides_the_child_at_once_and_asking_again_is_written_down(night):
    client = client_of(Post.objects.get(pk=night.head.post).account)
    address = reverse("profile:story", args=[night.mia.public_id])
    assert client.get(address).status_code == 200

    client.post(reverse("children:tie", args=[night.mia.public_id]), {"tie": "neighbour"})

    assert client.get(address).status_code == 404
    assert Entry.objects.filter(act="must-not-see", child=night.mia.pk, actor_id=night.head.account).count() == 1


@pytest.mark.proves("AWK-1")
def test_an_administrator_keeps_someone_from_a_child_and_learns_nothing_of_the_child(night):
    account, _ = a_person(night.ashcombe, Role.ADMINISTRATOR, "Ada Moss")
    write_numbers(night.mia, child_number="A-77")
    client, told = client_of(account), []
    for number in ("A-77", "A-78"):
        form = {"who": str(night.sam.public_id), "child_number": number, "tie": "relative"}
        told.append(client.post(reverse("children:apart"), form, follow=True).content.decode())

    assert MustNotSee.unscoped.get().account == night.sam
    for page in told:
        assert "If there is a record with this number" in page
        assert "Dawson" not in page


@pytest.mark.proves("AWK-1")
def test_nobody_ends_a_pair_about_themselves(night):
    pair = declare_tie(night.mia, tie="carer", actor=night.head)
    _, deputy = a_person(night.ashcombe, Role.DEPUTY_VSH, "Dee Park")

    with pytest.raises(Refused, match="about you"):
        guards.end_pair(pair, reason="no longer", actor=night.head)
    guards.end_pair(pair, reason="The tie was recorded for the wrong child", actor=deputy)

    assert Child.visible_to(night.head).filter(pk=night.mia.pk).exists()

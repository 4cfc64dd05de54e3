"""Meeting mode: the whole plan on one page that others may see, kept open for the meeting and for nothing else."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.access import kept_open
from onroll.access.sections import Section
from onroll.children.guard_models import Disclosure
from onroll.children.models import SchoolPlace
from onroll.children.tests.scene import write
from onroll.peps.meeting.screen import ON_A_SCREEN
from onroll.peps.models import MeetingPerson, PepAction, PepAnswers
from onroll.peps.tests.scene import a_cast, a_pep
from onroll.peps.voice_models import Said, Share, VoiceAnswer

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db):
    return a_cast(timezone.localdate())


@pytest.fixture
def pep(cast):
    today = timezone.localdate()
    days = {"opens_on": today - timedelta(days=10), "due_on": today + timedelta(days=40)}
    meeting = {"meeting_on": today, "meeting_time": time(15, 30), "meeting_minutes": 45, "state": "booked"}
    return a_pep(cast.child, **days, **meeting, meeting_place="The library")


@pytest.fixture
def enter(client, cast):
    def signed_in(name):
        client.force_login(cast.accounts[name])
        return client

    return signed_in


def address(name, pep, *more):
    return reverse(f"peps:{name}", args=[pep.child.public_id, pep.public_id, *more])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def answers(pep, section, part, **given):
    row = PepAnswers(authority_id=pep.authority_id, child_id=pep.child_id, pep=pep, section_key=section, part=part)
    row.answers, row.saved_at = given, timezone.now()
    return write(row)


def said(pep, words, share):
    row = VoiceAnswer(
        authority_id=pep.authority_id, child_id=pep.child_id, pep=pep, variant="age_11_15", question_key="going_well",
        given="told", share=share, offered_on=pep.opens_on, said_on=pep.opens_on,
    )  # fmt: skip
    row.said = Said(words=words)
    return write(row)


def test_the_chair_sees_the_whole_plan_and_writes_their_own_sections_in_it(enter, pep):
    answers(pep, "family", "g", family_view="not shown here")
    answers(pep, "meeting", "g", meeting_child_part="Comes for all of it")
    page = text(enter("teacher").get(address("meeting_mode", pep)))

    assert 'name="headline"' in page
    assert f'action="{address("section", pep, "strengths")}"' in page
    assert "Comes for all of it" in page
    assert 'name="meeting_child_part"' not in page


@pytest.mark.proves("ACC-2")
def test_whoever_does_not_write_plans_has_no_meeting_mode(enter, pep):
    for name in ("carer", "iro", "support"):
        assert enter(name).get(address("meeting_mode", pep)).status_code == 404


def test_nothing_of_health_the_home_or_safeguarding_stands_on_the_screen(enter, pep):
    answers(pep, "health", "k", health_services=[{"service": "Zqhealth"}])
    answers(pep, "care", "o", care_messages=[{"person": "Zqcarer", "emergency": "Yes"}])
    answers(pep, "family", "b", family_view="Zqcare")
    answers(pep, "strengths", "g", headline="Zqheadline")

    page = text(enter("head").get(address("meeting_mode", pep)))

    assert "Zqheadline" in page
    for words in ("Zqhealth", "Zqcarer", "Zqcare", "6 May 2013"):
        assert words not in page
    assert not any(section.data_class in ("P4", "P5") for section in ON_A_SCREEN)
    assert not ON_A_SCREEN & {Section.VIEWS, Section.NUMBERS, Section.CARE, Section.CARER}


def test_no_carer_is_named_on_the_screen_not_even_to_who_knows_them(enter, cast, pep):
    keys = {"authority": cast.authority, "child": cast.child, "pep": pep}
    write(MeetingPerson(**keys, part="carer", account=cast.accounts["carer"]))
    write(PepAction(**keys, what="Read together", owner=cast.accounts["carer"]))

    page = text(enter("worker").get(address("meeting_mode", pep)))

    assert "Carer Doyle" in text(enter("worker").get(address("meeting", pep)))
    assert "Carer Doyle" not in page
    assert "The carer" in page
    assert "Read together" in page


def test_only_what_the_young_person_lets_everybody_hear_is_there(enter, pep):
    said(pep, "I like biology", Share.EVERYONE)
    said(pep, "Not for the meeting", Share.HELPERS)

    page = text(enter("adviser").get(address("meeting_mode", pep)))

    assert "I like biology" in page
    assert "Not for the meeting" not in page


def test_a_protected_childs_school_and_place_of_meeting_are_not_on_the_screen(enter, cast, pep):
    assert "The library" in text(enter("worker").get(address("meeting_mode", pep)))
    place = SchoolPlace.unscoped.get(child=cast.child)
    place.disclosure = Disclosure.ONLY_NAMED_USERS
    write(place)

    page = text(enter("worker").get(address("meeting_mode", pep)))

    assert "The library" not in page
    assert "Hillside" not in page


def test_a_section_saved_from_the_meeting_leads_back_to_it_and_keeps_what_was_not_on_the_page(enter, pep):
    answers(pep, "strengths", "g", headline="As it was")
    path = address("section", pep, "meeting")
    answers(pep, "meeting", "g", meeting_notes="Before", meeting_child_part="Comes for all of it")
    from onroll.peps.saving import digest

    typed = {"back": "meeting", "act": "save", "meeting_notes": "Agreed: set 3", "was-meeting_notes": digest("Before")}
    saved = enter("worker").post(path, typed)

    assert saved.headers["Location"] == f"{address('meeting_mode', pep)}#meeting"
    kept = PepAnswers.unscoped.get(pep=pep, section_key="meeting").answers
    assert kept == {"meeting_notes": "Agreed: set 3", "meeting_child_part": "Comes for all of it"}


def test_a_section_that_cannot_be_saved_from_the_meeting_shows_no_more_than_the_meeting_did(enter, pep):
    answers(pep, "health", "k", health_services=[{"service": "Zqhealth"}])

    page = enter("worker").post(
        address("section", pep, "health"), {"back": "meeting", "act": "finish", "health_sdq_action": ""}
    )

    assert "Zqhealth" not in text(page)


# How long it stays open


@pytest.fixture
def clock(monkeypatch):
    """Moves the time of requests on from now."""
    start, moved = timezone.now(), timedelta()

    def now():
        return start + moved

    def move(**by):
        nonlocal moved
        moved += timedelta(**by)

    monkeypatch.setattr(timezone, "now", now)
    return move


def is_in(answer) -> bool:
    return answer.status_code == 200


@pytest.mark.proves("AUT-4")
def test_on_the_day_of_the_meeting_the_page_stays_open_for_its_length_and_half_an_hour_and_no_other_does(
    enter, pep, clock
):
    client = enter("teacher")
    page = text(client.get(address("meeting_mode", pep)))
    assert "It stays open until" in page
    clock(minutes=50)

    assert is_in(client.get(address("meeting_mode", pep)))
    assert client.get(address("pep", pep)).status_code == 302
    saved = client.post(
        address("section", pep, "strengths"), {"headline": "Kept", "was-headline": ""}, headers={"X-Onroll": "autosave"}
    )
    assert saved.json()["state"] == "saved"
    # What was asked of the open page is no use of the sign-in: the others stay shut.
    assert client.get("/").status_code == 302

    clock(minutes=26)
    assert client.get(address("meeting_mode", pep)).status_code == 302
    assert client.get(address("meeting_mode", pep)).status_code == 302


@pytest.mark.proves("AUT-4")
def test_on_another_day_the_page_closes_like_any_other(enter, pep, clock):
    pep.meeting_on += timedelta(days=1)
    write(pep)
    client = enter("teacher")
    assert "It stays open until" not in text(client.get(address("meeting_mode", pep)))

    clock(minutes=31)
    assert client.get(address("meeting_mode", pep)).status_code == 302


@pytest.mark.proves("AUT-4")
def test_another_plans_meeting_is_not_open(enter, cast, pep, clock):
    other = a_pep(cast.child, academic_year="2001-02", meeting_on=pep.meeting_on, state="booked")
    client = enter("teacher")
    client.get(address("meeting_mode", pep))
    clock(minutes=31)

    assert client.get(address("meeting_mode", other)).status_code == 302


def test_a_page_is_kept_open_for_four_and_a_half_hours_at_the_most():
    session: dict = {}
    now = datetime(2026, 11, 3, 9, tzinfo=timezone.get_current_timezone())

    kept = kept_open.keep_open(session, ["/a", "/b/"], length=timedelta(days=2), now=now)

    assert kept.until_at == now + timedelta(minutes=270)
    assert kept.holds("/a", now)
    assert kept.holds("/b/c", now)
    assert not kept.holds("/ab", now)
    assert not kept.holds("/a/c", now)
    assert not kept.holds("/a", now + timedelta(minutes=270))
    again = kept_open.keep_open(session, ["/a", "/b/"], length=timedelta(days=2), now=now + timedelta(minutes=60))
    assert again == kept

"""People without an account who are asked for a few lines: what opens their page, what it shows, what becomes of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.access import mails
from onroll.access.models import Mail, RefusedAddress
from onroll.children.contradictions import Refused
from onroll.children.tests.scene import an_authority, write
from onroll.history.models import Entry
from onroll.peps.contributors import contributing
from onroll.peps.contributors.links import ask, renew, withdraw
from onroll.peps.models import Contribution, ContributorLink, Pep, PepAnswers
from onroll.peps.queries import Work, this_term
from onroll.peps.saving import save_section
from onroll.peps.tests.scene import a_cast, a_pep, with_terms_around
from onroll.peps.voice.passes import Purpose, give_pass, holder_of
from onroll.peps.voice.questions import Variant
from onroll.peps.writing import Writing

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
CLOSED = "This page is closed"
PAGE, CODE = "/a-few-lines", "/a-few-lines/code"


@pytest.fixture
def cast(db):
    authority = with_terms_around(an_authority(mail_domains="ashcombe.gov.uk sch.uk"), TODAY)
    authority.live_from = TODAY - timedelta(days=20)
    return a_cast(TODAY, write(authority))


@pytest.fixture
def pep(cast):
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=60)}
    return a_pep(cast.child, academic_year=year, term=term, **days)


def writing(pep, actor) -> Writing:
    return Writing(Pep.unscoped.select_related("child").get(pk=pep.pk), actor)


def asks(cast, pep, asked="senco", section="strengths", **more):
    return ask(writing(pep, cast.actors["teacher"]), asked, section, name="Jo Fox", **more)


@pytest.fixture
def given(cast, pep):
    """The SENCO was asked what Mia is good at and what helps her."""
    return asks(cast, pep)


def door(given) -> str:
    return "/c/" + given.link.rpartition("/")[2]


def opened(given) -> Client:
    browser = Client()
    assert browser.post(door(given), {"code": given.code})["Location"] == PAGE
    return browser


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def wrong(given) -> str:
    return "000000" if given.code != "000000" else "111111"


def address(name: str, pep, *more) -> str:
    return reverse(f"peps:{name}", args=[pep.child.public_id, pep.public_id, *more])


def says(pep, actor, key, answers):
    save_section(writing(pep, actor), key, answers, was={})


# Their page


@pytest.mark.proves("LNK-E2")
def test_a_contributor_sees_the_known_as_name_the_questions_and_their_own_words_and_nothing_else(given, cast, pep):
    says(pep, cast.actors["teacher"], "strengths", {"headline": "Reads every day", "friends": "Plays with Amara"})
    browser = opened(given)

    page = text(browser.get(PAGE))

    assert "A few lines about Mia" in page
    assert "What is Mia good at and proud of?" in page
    for hidden in ("Dawson", "Hillside", "Reads every day", "Amara", "right school", "in care", "looked after"):
        assert hidden not in page
    assert "Thank you" in text(browser.post(PAGE, {"strengths_list": "Patterns and puzzles"}))
    # What was sent is read again only with the code.
    assert browser.get(PAGE)["Location"] == CODE
    browser.post(CODE, {"code": given.code})
    assert "Patterns and puzzles" in text(browser.get(PAGE))
    assert "Reads every day" not in text(browser.get(PAGE))


@pytest.mark.proves("LNK-E2")
def test_a_question_that_only_some_are_asked_is_not_there_to_tell_what_the_record_says(cast, pep):
    says(pep, cast.actors["teacher"], "right_place", {"support_right": "No"})
    assert "What is missing?" in str(
        [a.question.words for a in writing(pep, cast.actors["teacher"]).section("right_place").asked]
    )

    page = text(opened(asks(cast, pep, "iro", "right_place")).get(PAGE))

    assert "Is the support Mia gets the right support?" in page
    assert "What is missing?" not in page


@pytest.mark.proves("LNK-E2")
def test_opening_the_link_changes_nothing_and_five_wrong_codes_end_it(given):
    for _ in range(3):
        assert Client().get(door(given)).status_code == 200
    row = ContributorLink.unscoped.get()
    assert (row.tries, row.device_hash, row.opened_on) == (0, "", None)

    browser = Client()
    for _ in range(4):
        assert browser.post(door(given), {"code": wrong(given)})["Location"] == CODE
        assert browser.get(PAGE)["Location"] == CODE
    assert CLOSED in text(browser.post(door(given), {"code": wrong(given)}))
    assert CLOSED in text(Client().post(door(given), {"code": given.code}))


@pytest.mark.proves("LNK-E2")
def test_another_device_or_half_an_hour_opens_nothing_and_loses_no_words(given, monkeypatch):
    browser = opened(given)
    assert "another phone or computer" in text(Client().post(door(given), {"code": given.code}))

    begun = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(minutes=31))
    kept = browser.post(PAGE, {"strengths_list": "Patterns"})
    assert "not lost" in text(kept)
    assert not Contribution.unscoped.exists()

    browser.post(CODE, {"code": given.code, "typed": "yes", "strengths_list": "Patterns"})

    assert Contribution.unscoped.get().answers == {"strengths_list": "Patterns"}


@pytest.mark.proves("LNK-E2")
def test_a_link_lasts_seven_days_and_ends_with_the_plan_the_meeting_or_its_withdrawal(given, cast, pep):
    row = given.held
    assert not row.is_over(TODAY + timedelta(days=6))
    assert row.is_over(TODAY + timedelta(days=7))
    row.pep.held_on = TODAY - timedelta(days=14)
    assert not row.is_over(TODAY)
    row.pep.held_on = TODAY - timedelta(days=15)
    assert row.is_over(TODAY)
    row.pep.held_on, row.pep.state = None, "submitted"
    assert row.is_over(TODAY)
    row.pep.state = "due"

    browser = opened(given)
    withdraw(ContributorLink.unscoped.get(), actor=cast.actors["teacher"])

    assert CLOSED in text(browser.get(PAGE))
    assert CLOSED in text(browser.post(PAGE, {"strengths_list": "Late"}))
    assert not Contribution.unscoped.exists()


def test_a_carers_link_lasts_until_five_working_days_after_the_meeting(cast, pep):
    pep.meeting_on = TODAY + timedelta(days=30)
    write(pep)

    row = asks(cast, pep, "carer", "carer").held

    assert TODAY + timedelta(days=35) <= row.expires <= TODAY + timedelta(days=42)
    assert not row.is_over(row.expires)
    assert row.is_over(row.expires + timedelta(days=1))


@pytest.mark.proves("LNK-E2")
def test_a_link_opens_no_young_persons_page_and_no_other_section(given, cast, pep):
    token = door(given)[3:]
    assert CLOSED in text(Client().get(f"/v/{token}"))
    for asked in (f"/c/{token}x", f"/c/{token[:-1]}", f"/c/9{token}", "/c/1-", "/c/x"):
        assert CLOSED in text(Client().get(asked))
    own = give_pass(pep, Variant.AGE_11_15, purpose=Purpose.SAY, actor=cast.actors["teacher"])
    assert CLOSED in text(Client().get("/c/" + own.link.rpartition("/")[2]))

    browser = opened(given)
    browser.post(
        PAGE, {"strengths_list": "Patterns", "school_right": "No", "carer_well": "All", "voice_effect": "Mine"}
    )

    assert Contribution.unscoped.get().answers == {"strengths_list": "Patterns"}
    assert browser.get(reverse("peps:voice_finish")).status_code == 404
    assert browser.get(address("pep", pep)).status_code == 302


@pytest.mark.proves("LNK-E2")
def test_neither_link_nor_code_is_stored_and_the_log_names_who_wrote(given, cast):
    opened(given).post(PAGE, {"strengths_list": "Patterns"})

    stored = str(ContributorLink.unscoped.values().get())
    assert door(given)[3:] not in stored
    assert given.code not in stored
    entries = Entry.objects.filter(actor_name__contains="Jo Fox")
    assert entries.filter(child=cast.child.pk, section="g").exists()


@pytest.mark.proves("ADR-4")
def test_an_address_is_taken_out_and_who_tries_addresses_loses_the_link(given):
    browser = opened(given)
    refused = text(browser.post(PAGE, {"strengths_list": "She lives at 24 Mill Lane", "friends": "Two"}))
    assert "looks like it says where somebody lives" in refused
    assert not Contribution.unscoped.exists()

    for _ in range(contributing.MOST_REFUSED - 1):
        last = browser.post(PAGE, {"strengths_list": "Or at 25 Mill Lane"})

    assert CLOSED in text(last)
    assert CLOSED in text(browser.get(PAGE))


# What becomes of it


def test_the_words_stand_beside_the_section_for_those_who_read_the_part(client, cast, pep):
    browser = opened(asks(cast, pep, "senco", "sen"))
    browser.post(PAGE, {"sen_not_met": "A hearing test is due"})

    seen = set()
    for name, account in cast.accounts.items():
        client.force_login(account)
        if "A hearing test is due" in text(client.get(address("section", pep, "sen"))):
            seen.add(name)

    assert seen == {"teacher", "worker", "adviser", "head", "iro"}
    assert not PepAnswers.unscoped.exists()


def test_a_carer_without_an_account_gives_the_carers_part_and_writes_over_nobody(cast, pep):
    browser = opened(asks(cast, pep, "carer", "carer"))
    browser.post(PAGE, {"carer_well": "She reads to the dog", "carer_agree": ""})
    assert PepAnswers.unscoped.get().answers["carer_well"] == "She reads to the dog"
    assert "She reads to the dog" in str(writing(pep, cast.actors["worker"]).given)

    says(pep, cast.actors["carer"], "carer", {"carer_hopes": "College"})
    second = opened(asks(cast, pep, "carer", "carer"))
    second.post(PAGE, {"carer_hopes": "A job"})

    kept = {key: value for row in PepAnswers.unscoped.all() for key, value in row.answers.items()}
    assert kept["carer_hopes"] == "College"
    assert "A job" in str([row.answers for row in Contribution.unscoped.all()])


def test_who_asked_sees_in_their_work_who_has_not_answered(cast, pep, given):
    def waits(name):
        return [item.words for item in Work(cast.actors[name]).items if item.turn.key == "contributor"]

    assert waits("teacher") == ["Jo Fox was asked for a few lines"]
    assert waits("worker") == []

    opened(given).post(PAGE, {"strengths_list": "Patterns"})

    assert waits("teacher") == []


# Asking


@pytest.mark.parametrize("name", ["teacher", "worker", "adviser"])
def test_a_link_and_a_code_are_shown_once_to_who_asks(client, cast, pep, name):
    client.force_login(cast.accounts[name])

    shown = text(client.post(address("ask_contributor", pep), {"what": "senco/strengths", "name": "Jo Fox"}))

    link = re.search(r"/c/[\w-]{40,}", shown)[0]
    assert Client().get(link).status_code == 200
    row = ContributorLink.unscoped.get()
    for page in (address("contributors", pep), address("contributor", pep, row.public_id)):
        again = text(client.get(page))
        assert "Jo Fox" in again
        assert link not in again
    assert not Mail.objects.exists()


def test_a_carer_a_reviewing_officer_and_a_stranger_ask_nobody_and_see_no_list(client, cast, pep, given):
    for name in ("carer", "iro", "support"):
        client.force_login(cast.accounts[name])
        for page in ("contributors", "ask_contributor"):
            assert client.get(address(page, pep)).status_code == 404
        assert client.post(address("contributor", pep, given.held.public_id), {"act": "withdraw"}).status_code == 404
    assert ContributorLink.unscoped.get().ended_on is None


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"what": "carer/sen"}, "Select"),
        ({"what": "senco/voice"}, "Select"),
        ({"name": ""}, "called"),
        ({"address": "jo@example.com"}, "under no domain that your authority allows"),
        ({"address": "jo"}, "in the right form"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_kept(client, cast, pep, what, words):
    client.force_login(cast.accounts["teacher"])
    typed = {"what": "senco/strengths", "name": "Jo Fox", **what}

    refused = text(client.post(address("ask_contributor", pep), typed))

    assert words in refused or "Choose" in refused
    assert not ContributorLink.unscoped.exists()


@pytest.mark.proves("LNK-E1", "LNK-E3")
def test_the_message_names_no_child_and_goes_to_an_allowed_address_alone(client, cast, pep):
    client.force_login(cast.accounts["teacher"])
    typed = {"what": "senco/strengths", "name": "Jo Fox", "address": "jo@hillside.ashcombe.sch.uk"}

    shown = text(client.post(address("ask_contributor", pep), typed))

    mail = Mail.objects.get()
    said = mails.subject_of(mail) + mails.text_of(mail)
    for secret in ("Mia", "Dawson", "Hillside", "Jo", "PEP", "2026"):
        assert secret not in said
    assert (mail.address, mail.kind) == ("jo@hillside.ashcombe.sch.uk", "pep_contributor")
    # The link is on its way, so the page that shows the code does not hold it.
    assert not re.search(r"/c/[\w-]{40,}", shown)
    RefusedAddress.objects.create(
        authority=cast.authority.pk, address=mail.address, code=550, refused_at=timezone.now()
    )
    assert "come back" in text(client.post(address("ask_contributor", pep), typed))


@pytest.mark.proves("LNK-E2")
def test_a_new_link_and_code_close_those_before_and_a_link_taken_back_is_not_renewed(given, cast, pep):
    opened(given).post(PAGE, {"strengths_list": "Patterns"})
    row = ContributorLink.unscoped.select_related("pep", "child").get()

    new = renew(row, actor=cast.actors["teacher"])

    assert CLOSED in text(Client().post(door(given), {"code": given.code}))
    assert "Patterns" in text(opened(new).get(PAGE))
    withdraw(row, actor=cast.actors["teacher"])
    with pytest.raises(Refused, match="taken back"):
        renew(row, actor=cast.actors["teacher"])


def test_nobody_is_asked_for_a_plan_that_is_not_written(cast, pep, given):
    pep.state = "submitted"
    write(pep)

    with pytest.raises(Refused, match="not written any more"):
        asks(cast, pep)
    row = ContributorLink.unscoped.select_related("pep", "child").get()
    with pytest.raises(Refused, match="closed"):
        contributing.contribute(row, {"strengths_list": "Late"}, actor=holder_of(row, TODAY))

"""What was decided, told to the young person: the work of telling them, and the plan on one page of their own."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.children.contradictions import Refused
from onroll.children.tests.scene import an_authority, write
from onroll.peps.models import Concern, PepSettings, Share, VoiceAnswer, VoicePass
from onroll.peps.queries import Work, this_term
from onroll.peps.tests.scene import a_cast, a_pep, a_target, as_of, with_terms_around
from onroll.peps.voice import saying
from onroll.peps.voice.passes import Purpose, give_pass, withdraw_pass
from onroll.peps.voice.questions import Variant
from onroll.peps.voice_models import Said

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
CLOSED = "This page is closed"


@pytest.fixture
def cast(db):
    authority = with_terms_around(an_authority(), TODAY)
    authority.live_from = TODAY - timedelta(days=20)
    return a_cast(TODAY, write(authority))


@pytest.fixture
def pep(cast):
    """A plan that was signed off two days ago, with something said to everyone and a target."""
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=50), "due_on": TODAY - timedelta(days=5)}
    days |= {"held_on": TODAY - timedelta(days=20), "signed_off_on": TODAY - timedelta(days=2)}
    made = a_pep(cast.child, academic_year=year, term=term, state="signed_off", **days)
    says(made, "going_well", "Drama on Fridays")
    a_target(made, "Swim two lengths", own_words="I will swim two lengths", owner="Mr Lee")
    return made


def says(pep, key: str, words: str, share: str = Share.EVERYONE):
    own = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": pep, "variant": "age_11_15"}
    row = VoiceAnswer(**own, question_key=key, given="pages", share=share, offered_on=TODAY, said_on=TODAY)
    row.said = Said((), words)
    return write(row)


@pytest.fixture
def given(cast, pep):
    """The page to read."""
    return give_pass(pep, Variant.AGE_11_15, purpose=Purpose.READ, actor=cast.actors["teacher"])


def door(given) -> str:
    return "/v/" + given.link.rpartition("/")[2]


def opened(given) -> Client:
    phone = Client()
    assert phone.post(door(given), {"code": given.code})["Location"] == plan_page()
    return phone


def plan_page() -> str:
    return reverse("peps:voice_plan")


def address(name: str, pep) -> str:
    return reverse(f"peps:{name}", args=[pep.child.public_id, pep.public_id])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def day_typed(day) -> dict[str, str]:
    return {"on_day": str(day.day), "on_month": str(day.month), "on_year": str(day.year)}


# The page that they read


@pytest.mark.proves("AUT-8", "SEC-6")
def test_the_plan_on_one_page_is_read_with_link_and_code_and_names_nothing_around_them(given, cast, pep):
    says(pep, "help_me", "Hillside is loud and my foster carer knows")
    says(pep, "future", "A vet", share=Share.HELPERS)
    row = says(pep, "clubs", "Away from him")
    own = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": pep, "answer": row}
    write(Concern(**own, sign="words", words="Away from him", raised_on=TODAY))

    page = opened(given).get(plan_page())

    shown = text(page)
    for words in ("Drama on Fridays", "I will swim two lengths", "Mr Lee", "Mia"):
        assert words in shown
    for secret in ("Dawson", "Hillside", "Ashcombe", "foster", "PEP", "in care", "A vet", "Away from him"):
        assert secret not in shown
    assert "<script" not in shown
    assert "My page" in re.search("<title>(.*?)</title>", shown)[1]
    assert page["Cache-Control"] == "no-store, private"


@pytest.mark.proves("AUT-8")
def test_a_wrong_code_another_device_or_half_an_hour_opens_it_to_nobody(given, pep, monkeypatch):
    wrong = "000000" if given.code != "000000" else "111111"
    stranger = Client()
    stranger.post(door(given), {"code": wrong})
    assert stranger.get(plan_page())["Location"] == reverse("peps:voice_code")
    phone = opened(given)
    assert "another phone or computer" in text(Client().post(door(given), {"code": given.code}))

    begun = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: begun + timedelta(minutes=31))
    assert phone.get(plan_page())["Location"] == reverse("peps:voice_code")
    assert phone.post(reverse("peps:voice_code"), {"code": given.code})["Location"] == plan_page()
    phone.post(reverse("peps:voice_hide"))
    assert CLOSED in text(phone.get(plan_page()))


@pytest.mark.proves("AUT-8")
def test_five_wrong_codes_end_it(given):
    wrong = "000000" if given.code != "000000" else "111111"
    for _ in range(5):
        Client().post(door(given), {"code": wrong})

    assert CLOSED in text(Client().post(door(given), {"code": given.code}))


@pytest.mark.proves("SEC-6")
def test_a_page_to_read_answers_no_question_and_a_page_to_answer_reads_no_plan(given, cast, pep):
    phone = opened(given)
    for path in (reverse("peps:voice_question", args=[2]), reverse("peps:voice_finish")):
        assert CLOSED in text(phone.get(path))
        assert CLOSED in text(phone.post(path, {"words": "Smuggled in"}))
    code = reverse("peps:voice_code")
    assert phone.post(code, {"code": given.code, "number": "2", "words": "Smuggled in"})["Location"] == plan_page()
    assert VoiceAnswer.unscoped.count() == 1

    year, term = "2019-20", "autumn"
    other = a_pep(cast.child, academic_year=year, term=term, opens_on=TODAY - timedelta(days=60))
    asked = give_pass(other, Variant.AGE_11_15, actor=cast.actors["teacher"])
    phone = Client()
    phone.post(door(asked), {"code": asked.code})
    assert CLOSED in text(phone.get(plan_page()))


def test_it_lasts_until_the_next_plan_opens_and_no_longer(given, cast, pep):
    phone = opened(given)
    following = a_pep(cast.child, academic_year="2019-20", term="spring", opens_on=TODAY + timedelta(days=1))
    assert phone.get(plan_page()).status_code == 200

    row = VoicePass.unscoped.get(pk=given.held.pk)
    assert row.is_over(following.opens_on)
    following.state, following.exempt_reason = "exempt", "abroad"
    write(following)
    assert not row.is_over(following.opens_on)
    assert not row.is_over(row.expires)
    assert row.is_over(row.expires + timedelta(days=1))


def test_a_plan_that_is_opened_again_or_a_page_that_is_withdrawn_shows_nothing(given, cast, pep):
    phone = opened(given)
    pep.state = "in_audit"
    write(pep)
    assert CLOSED in text(phone.get(plan_page()))
    pep.state = "signed_off"
    write(pep)
    assert phone.get(plan_page()).status_code == 200

    withdraw_pass(pep, purpose=Purpose.READ, actor=cast.actors["worker"])

    assert CLOSED in text(phone.get(plan_page()))


def test_no_page_to_read_is_given_before_the_plan_is_signed_off_and_each_page_ends_its_own_kind_alone(cast, pep):
    pep.state = "held"
    write(pep)
    with pytest.raises(Refused, match="not signed off"):
        give_pass(pep, Variant.AGE_11_15, purpose=Purpose.READ, actor=cast.actors["teacher"])
    asked = give_pass(pep, Variant.AGE_11_15, actor=cast.actors["teacher"]).held
    pep.state = "signed_off"
    write(pep)

    first, second = (
        give_pass(pep, Variant.AGE_11_15, purpose=Purpose.READ, actor=cast.actors["teacher"]).held for _ in range(2)
    )

    for row in (asked, first, second):
        row.refresh_from_db()
    assert [row.why for row in (asked, first, second)] == ["", "replaced", ""]


@pytest.mark.parametrize("name", ["teacher", "worker", "adviser", "carer"])
def test_those_around_the_child_give_it_and_who_reads_plans_is_told_what_is_left_out(client, cast, pep, name):
    says(pep, "help_me", "Hillside is loud")
    client.force_login(cast.accounts[name])
    page = text(client.get(address("voice_page", pep)))
    assert ("What should they stop doing?" in page) is (name != "carer")

    shown = text(client.post(address("voice_page", pep)))

    link = re.search(r"/v/[\w-]{40,}", shown)[0]
    assert Client().get(link).status_code == 200
    assert link not in text(client.get(address("voice_page", pep)))


# That they were told


def test_to_tell_them_is_work_of_who_leads_the_plan_and_of_who_gave_them_their_page(cast, pep):
    def waits(name):
        return [item.words for item in Work(cast.actors[name]).items if item.turn.key == "told"]

    assert waits("teacher") == ["Give the one-page plan, and tell what was decided"]
    assert waits("worker") == []
    pep.state = "held"
    write(pep)
    give_pass(pep, Variant.AGE_11_15, actor=cast.actors["worker"])
    pep.state = "signed_off"
    write(pep)
    assert len(waits("worker")) == 1

    saying.note_told(pep, on=TODAY, actor=cast.actors["worker"])

    assert waits("teacher") == waits("worker") == []
    assert (pep.told_on, pep.told_by_name) == (TODAY, "Worker Doyle")


def test_the_work_has_its_day_by_the_authoritys_setting_and_lapses_with_the_term(cast, pep):
    write(PepSettings(authority=cast.authority, tell_within=1))

    item = next(item for item in Work(cast.actors["teacher"]).items if item.turn.key == "told")

    assert item.by <= TODAY + timedelta(days=3)
    assert item.url == address("voice_told", pep)
    later = as_of(cast.actors["teacher"], TODAY + timedelta(days=59))
    assert not [item for item in Work(later).items if item.turn.key == "told"]


def test_that_they_were_told_is_written_down_once_with_the_day(client, cast, pep):
    client.force_login(cast.accounts["teacher"])
    page = text(client.get(address("voice_told", pep)))
    assert "I will swim two lengths" in page
    early = text(client.post(address("voice_told", pep), day_typed(TODAY - timedelta(days=3))))
    assert "the plan was signed off then" in early
    assert "still to come" in text(client.post(address("voice_told", pep), day_typed(TODAY + timedelta(days=1))))

    client.post(address("voice_told", pep), day_typed(TODAY))

    pep.refresh_from_db()
    assert pep.told_on == TODAY
    again = text(client.get(address("voice_told", pep)))
    assert "They were told on" in again
    assert "They were told</button>" not in again


def test_a_carer_tells_them_without_reading_the_plan(client, cast, pep):
    client.force_login(cast.accounts["carer"])

    page = text(client.get(address("voice_told", pep)))

    assert "I will swim two lengths" not in page
    assert "Give it on a page of their own" in page

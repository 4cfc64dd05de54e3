"""The young person's own pages: what opens them, what ends them, what they show and what they never show."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.children.tests.scene import an_authority, together, write
from onroll.history.models import Entry
from onroll.peps.models import VoiceAnswer, VoicePass
from onroll.peps.queries import this_term
from onroll.peps.tests.scene import a_cast, a_pep, with_terms_around
from onroll.peps.voice.passes import give_pass, the_young_person, withdraw_pass
from onroll.peps.voice.questions import OWN_PAGES, Variant
from onroll.site.logs import NoChildren

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
@together()
def cast(db):
    authority = with_terms_around(an_authority(), TODAY)
    authority.live_from = TODAY - timedelta(days=20)
    return a_cast(TODAY, write(authority))


@pytest.fixture
def pep(cast):
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=60)}
    return a_pep(cast.child, academic_year=year, term=term, **days)


@pytest.fixture
def given(cast, pep):
    return give_pass(pep, Variant.AGE_11_15, actor=cast.actors["teacher"])


@pytest.fixture
def clock(monkeypatch):
    """Moves the time that the pages go by."""
    begun, moved = timezone.now(), [timedelta()]
    monkeypatch.setattr(timezone, "now", lambda: begun + moved[0])

    def go_on(**by) -> None:
        moved[0] += timedelta(**by)

    return go_on


def door(given) -> str:
    return "/v/" + given.link.rpartition("/")[2]


def opened(given, phone: Client | None = None) -> Client:
    """A phone on which the page was opened with the code."""
    phone = phone or Client()
    assert phone.post(door(given), {"code": given.code})["Location"] == page(1)
    return phone


def page(number: int) -> str:
    return reverse("peps:voice_question", args=[number])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def wrong(given) -> str:
    return "000000" if given.code != "000000" else "111111"


@pytest.mark.requirement("R183")
def test_a_young_person_opens_their_page_answers_and_finishes(given, cast, pep):
    phone = Client()
    assert "type the code you were told" in text(phone.get(door(given)))

    opened(given, phone)
    assert "These pages are yours" in text(phone.get(page(1)))
    assert phone.post(page(1))["Location"] == page(2)
    phone.post(page(2), {"chosen": "Bad", "words": "I sit alone", "share": "school"})
    phone.post(page(3), {"words": "Football"})
    assert "You answered 2 of" in text(phone.get(reverse("peps:voice_finish")))
    thanks = phone.post(reverse("peps:voice_finish"))

    assert "Thank you" in text(thanks)
    said = {each.question_key: each for each in VoiceAnswer.unscoped.all()}
    assert said["school_feel"].said.text == "Bad. I sit alone"
    assert [said["school_feel"].share, said["going_well"].share] == ["school", "helpers"]
    pep.refresh_from_db()
    assert pep.voice_recorded is True


@pytest.mark.proves("AUT-8", "LNK-E2")
def test_opening_the_link_ten_times_changes_nothing(given):
    for _ in range(10):
        assert Client().get(door(given)).status_code == 200

    row = VoicePass.unscoped.get()
    assert (row.tries, row.device_hash, row.opened_on, row.ended_on) == (0, "", None, None)
    opened(given)


@pytest.mark.proves("AUT-8", "LNK-E2")
def test_five_wrong_codes_end_the_pass_and_the_right_one_then_opens_nothing(given):
    phone = Client()
    for left in (4, 3, 2, 1):
        assert phone.post(door(given), {"code": wrong(given)})["Location"] == "/my-page"
        assert f"You can try {left} more time" in text(phone.get("/my-page"))
    assert "This page is closed" in text(phone.post(door(given), {"code": wrong(given)}))

    assert VoicePass.unscoped.get().why == "codes"
    assert "This page is closed" in text(Client().post(door(given), {"code": given.code}))
    assert "This page is closed" in text(Client().get(door(given)))


def test_the_right_code_opens_after_some_wrong_ones_and_with_a_space_in_it(given):
    phone = Client()
    phone.post(door(given), {"code": wrong(given)})

    assert phone.post("/my-page", {"code": f"{given.code[:3]} {given.code[3:]}"})["Location"] == page(1)
    assert VoicePass.unscoped.get().tries == 0


@pytest.mark.proves("AUT-8", "LNK-E2")
def test_with_the_first_form_the_link_leaves_the_address_and_no_page_tells_it(given):
    phone = Client()
    asked = phone.get(door(given))
    wrong_code = phone.post(door(given), {"code": wrong(given)})

    assert asked["Referrer-Policy"] == "strict-origin"
    token = door(given)[3:]
    assert token not in asked.content.decode()
    assert token not in wrong_code["Location"]
    assert token not in "".join(str(cookie.value) for cookie in phone.cookies.values())
    assert token not in str(dict(phone.session))


@pytest.mark.proves("AUT-8")
def test_a_second_device_opens_nothing_also_with_the_link_and_the_code(given):
    first = opened(given)

    second = Client().post(door(given), {"code": given.code})

    assert second.status_code == 404
    assert "opened on another phone" in text(second)
    assert first.get(page(2)).status_code == 200
    assert VoicePass.unscoped.get().ended_on is None


@pytest.mark.proves("AUT-8")
def test_after_half_an_hour_the_code_is_asked_for_again(given, clock):
    phone = opened(given)
    clock(minutes=29, seconds=59)
    assert phone.get(page(2)).status_code == 200

    clock(minutes=30)

    assert phone.get(page(2))["Location"] == "/my-page"
    assert "type the code" in text(phone.get("/my-page"))
    assert phone.post("/my-page", {"code": given.code})["Location"] == page(1)


def test_what_is_sent_after_half_an_hour_is_kept_with_the_code_and_not_without(given, clock):
    phone = opened(given)
    clock(minutes=31)

    asked = text(phone.post(page(3), {"words": "Football & chess", "share": "school"}))
    assert "What you just wrote is not lost" in asked
    assert not VoiceAnswer.unscoped.exists()
    kept = dict(re.findall(r'type="hidden" name="(number|words|share)" value="([^"]*)"', asked))
    kept["words"] = unescape(kept["words"])
    still_asked = text(phone.post("/my-page", {**kept, "code": wrong(given)}))
    assert "Football &amp; chess" in still_asked
    assert phone.post("/my-page", {**kept, "code": given.code})["Location"] == page(4)

    row = VoiceAnswer.unscoped.get()
    assert (row.said.words, row.share) == ("Football & chess", "school")


@pytest.mark.proves("AUT-8")
def test_what_was_finished_is_not_read_again_without_the_code(given):
    phone = opened(given)
    phone.post(page(3), {"words": "Football"})
    phone.post(reverse("peps:voice_finish"))

    assert phone.get(page(3))["Location"] == "/my-page"
    opened(given, phone)
    assert "Football" in text(phone.get(page(3)))


@pytest.mark.proves("AUT-8")
def test_hide_this_page_now_comes_first_and_leaves_nothing(given):
    phone = opened(given)
    shown = text(phone.get(page(3)))
    assert re.search(r"<(a|button|input(?! type=\"hidden\"))[^>]*>", shown[shown.index("Skip to the page") :])[0] == (
        '<button class="my-page__hide">'
    )

    left = phone.post(reverse("peps:voice_hide"))

    assert left["Location"] == "/blank"
    assert left["Clear-Site-Data"] == '"cache"'
    assert "nothing on this page" in text(phone.get("/blank"))
    assert "This page is closed" in text(phone.get(page(3)))


@pytest.mark.proves("AUT-8")
def test_the_pass_lasts_forty_days(given, clock):
    clock(days=40)
    opened(given)

    clock(days=1)

    assert Client().get(door(given)).status_code == 404


@pytest.mark.proves("AUT-8")
@pytest.mark.parametrize("end", ["withdrawn", "replaced", "signed off", "meeting"])
def test_what_ends_the_pass_ends_it_also_where_it_is_open(given, cast, pep, end):
    phone = opened(given)
    if end == "withdrawn":
        withdraw_pass(pep, actor=cast.actors["worker"])
    elif end == "replaced":
        give_pass(pep, Variant.AGE_11_15, actor=cast.actors["worker"])
    elif end == "signed off":
        pep.state, pep.signed_off_on = "signed_off", TODAY
        write(pep)
    else:
        # Five working days are over after eight days at the latest; bank holidays make it more.
        pep.meeting_on = TODAY - timedelta(days=14)
        write(pep)

    assert "This page is closed" in text(phone.get(page(2)))
    assert phone.post(page(2), {"words": "Too late"}).status_code == 404
    assert not VoiceAnswer.unscoped.exists()


@pytest.mark.proves("AUT-8")
def test_a_link_with_one_letter_changed_or_of_another_authority_opens_nothing(given):
    token = door(given)[3:]
    number, _, rest = token.partition("-")

    for changed in (
        f"{number}-{rest[:-1]}",
        f"{int(number) + 1}-{rest}",
        rest,
        "1-",
        f"{token}x",
        "-",
        "999999999999-a",
    ):
        assert Client().get(f"/v/{changed}").status_code == 404, changed
        assert Client().post(f"/v/{changed}", {"code": given.code}).status_code == 404, changed


@pytest.mark.proves("AUT-8")
def test_neither_link_nor_code_nor_device_is_stored(given):
    phone = opened(given)
    row = VoicePass.unscoped.filter(pk=given.held.pk).values().get()

    stored = " ".join(str(value) for value in row.values())
    assert door(given)[3:] not in stored
    assert given.code not in stored.replace(row["token_hash"], "").replace(row["code_hash"], "")
    assert phone.cookies["my-page"].value not in stored


@pytest.mark.proves("LNK-E2")
def test_no_log_tells_a_link(given, caplog):
    Client().post(door(given).replace("/v/", "/v/x"), {"code": given.code})
    withdraw_pass(given.held.pep, actor=the_young_person(given.held.authority_id, TODAY))
    Client().get(door(given))

    written = [NoChildren().format(record) for record in caplog.records]

    assert len(written) >= 2
    token = door(given)[3:]
    assert not [line for line in written if token in line or token.partition("-")[2] in line]
    entries = " ".join(str(row) for row in Entry.objects.values_list())
    assert token not in entries


@pytest.mark.proves("AUT-8")
def test_an_adult_who_is_signed_in_on_the_device_is_signed_out_when_the_page_opens(given, cast):
    tablet = Client()
    tablet.force_login(cast.accounts["teacher"])
    assert "Somebody is signed in" in text(tablet.get(door(given)))
    assert tablet.get("/").status_code == 200

    opened(given, tablet)

    assert tablet.get("/")["Location"].startswith(reverse("access:sign_in"))


@pytest.mark.proves("AUT-8", "SEC-3")
def test_on_an_adults_device_the_pages_never_show_again_what_was_said_also_with_the_code(given, cast):
    tablet = Client()
    tablet.force_login(cast.accounts["carer"])
    opened(given, tablet)
    tablet.post(page(3), {"words": "Football"})

    opened(given, tablet)
    assert "Football" not in text(tablet.get(page(3)))
    tablet.post(page(3), {"words": ""})

    assert VoiceAnswer.unscoped.get().said.words == "Football"


@pytest.mark.proves("SEC-3", "SEC-6")
def test_whoever_gives_a_new_pass_reads_nothing_of_the_pages_before_and_writes_over_nothing(given, cast, pep):
    opened(given).post(page(3), {"words": "Football"})
    second = give_pass(pep, Variant.AGE_11_15, actor=cast.actors["carer"])

    carer = opened(second)
    shown = text(carer.get(page(3)))
    carer.post(page(3), {"words": "Nothing at all"})

    assert "Football" not in shown
    assert "You answered 1 of" in text(carer.get(reverse("peps:voice_finish")))
    assert [each.said.words for each in VoiceAnswer.unscoped.all()] == ["Football", "Nothing at all"]


NEVER_SAID = re.compile(
    r"\b(in care|carer|care|looked.after|social worker|social care|authority|council|virtual school|ashcombe|onroll"
    r"|hillside|dawson|mia|pep)\b",
    re.IGNORECASE,
)


@pytest.mark.proves("AUT-8", "SEC-6")
@pytest.mark.parametrize("variant", OWN_PAGES)
def test_no_page_says_whose_it_is_or_names_care_or_anybody(cast, pep, variant):
    made = give_pass(pep, variant, actor=cast.actors["teacher"])
    phone = Client()
    shown = [text(phone.get(door(made)))]
    opened(made, phone)
    for number in range(1, 40):
        answer = phone.get(page(number))
        if answer.status_code == 302:
            break
        shown.append(text(answer))
    shown += [text(phone.get(reverse("peps:voice_finish"))), text(phone.get("/blank"))]
    shown += [text(phone.post(reverse("peps:voice_finish"))), text(Client().get("/my-page"))]

    assert len(shown) > 10
    for each in shown:
        words = re.sub(r'(name="csrfmiddlewaretoken" value="[^"]*"|(href|action)="[^"]*")', "", each)
        assert not NEVER_SAID.search(words), NEVER_SAID.search(words)
        assert "govuk-service-navigation" not in each
        assert "<script" not in each


def test_a_choice_that_is_not_on_the_page_is_refused_and_nothing_kept(given):
    phone = opened(given)

    answer = phone.post(page(2), {"chosen": "Wonderful", "words": "x", "share": "world"})

    assert "Choose from the list" in text(answer)
    assert "Choose who can see this" in text(answer)
    assert not VoiceAnswer.unscoped.exists()


def test_who_helped_stands_beside_every_answer(given):
    phone = opened(given)
    phone.post(page(2), {"chosen": "Good"})
    last = max(n for n in range(1, 30) if phone.get(page(n)).status_code == 200)
    phone.post(page(last), {"chosen": "Someone at school"})

    assert VoiceAnswer.unscoped.get().helper == "Someone at school"
    assert 'value="Someone at school" checked' in text(phone.get(page(last)))


def test_an_answer_is_changed_and_taken_back(given):
    phone = opened(given)
    phone.post(page(3), {"words": "Football"})
    phone.post(page(3), {"words": "Chess", "share": "everyone"})
    assert [(each.said.words, each.share) for each in VoiceAnswer.unscoped.all()] == [("Chess", "everyone")]

    phone.post(page(3), {"words": " "})

    assert not VoiceAnswer.unscoped.exists()


def test_nobody_without_a_new_school_is_asked_about_one(given, cast):
    phone = opened(given)
    shown = " ".join(text(phone.get(page(number))) for number in range(1, 20))

    assert "new school" not in shown

"""Drawings and photos that a young person adds to an answer: drawn anew, closed, and seen by those they chose."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from onroll.children.tests.scene import an_authority, write
from onroll.documents import storing
from onroll.documents.models import Document, DocumentVersion
from onroll.peps.models import Concern, VoiceAnswer, VoicePass
from onroll.peps.queries import this_term
from onroll.peps.tests.scene import a_cast, a_pep, with_terms_around
from onroll.peps.voice import pictures
from onroll.peps.voice.passes import give_pass
from onroll.peps.voice.questions import Variant

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
CLOSED = "This page is closed"
# The third part of the pages of 11 to 15: what is going well.
WELL = 3


@pytest.fixture
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
def phone(given):
    browser = Client()
    browser.post("/v/" + given.link.rpartition("/")[2], {"code": given.code})
    return browser


def a_photo(colour: str = "red") -> bytes:
    """A photo that says where it was taken, and by whom."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x8825] = "At home in Mill Lane", "Mia Dawson", {1: "N", 2: (53.0, 28.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG", exif=exif, comment=b"Mill Lane")
    return out.getvalue()


def chosen(data: bytes | None = None, name: str = "Mia Dawson at Mill Lane.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_photo() if data is None else data, "image/jpeg")


def page(number: int = WELL) -> str:
    return reverse("peps:voice_question", args=[number])


def own_picture(number: int = WELL) -> str:
    return reverse("peps:voice_own_picture", args=[number])


def answer() -> VoiceAnswer:
    return VoiceAnswer.unscoped.get(question_key="going_well")


def seen_by(client, cast, name: str, pep) -> int:
    client.force_login(cast.accounts[name])
    keys = [pep.child.public_id, pep.public_id, answer().public_id]
    return client.get(reverse("peps:voice_picture", args=keys)).status_code


@pytest.mark.proves("UPL-1")
def test_a_photo_is_kept_without_its_name_place_and_maker(phone, pep):
    sent = phone.post(page(), {"words": "My kite", "share": "helpers", "picture": chosen()})

    assert sent["Location"] == page(WELL + 1)
    version = DocumentVersion.unscoped.get()
    kept = storing.kept(version)
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.size, dict(picture.getexif()), picture.info.get("comment")) == ((40, 30), {}, None)
    for secret in (b"Mill", b"Dawson"):
        assert secret not in kept
        assert secret not in storing.path_of(version.public_id).read_bytes()
    assert kept not in storing.path_of(version.public_id).read_bytes()
    assert (str(version.file_name), version.document.part, version.document.kind) == ("picture.jpg", "h", "own")
    assert "Mill" not in str(version.document.title)
    assert phone.get(own_picture()).content == kept


@pytest.mark.proves("SEC-3")
def test_a_picture_is_seen_by_those_who_were_chosen_for_the_answer(client, cast, phone, pep):
    phone.post(page(), {"share": "school", "picture": chosen()})

    seen = {name: seen_by(client, cast, name, pep) for name in ("teacher", "worker", "carer", "support")}
    assert seen == {"teacher": 200, "worker": 200, "carer": 404, "support": 404}
    client.force_login(cast.accounts["teacher"])
    keys = [pep.child.public_id, pep.public_id]
    assert "Mia’s drawing or photo" in client.get(reverse("peps:voice", args=keys)).content.decode()

    row = answer()
    row.share = "helpers"
    write(row)
    assert seen_by(client, cast, "teacher", pep) == 404
    row.share = "everyone"
    write(row)
    own = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": pep, "answer": row}
    write(Concern(**own, sign="words", words="He hits me", raised_on=TODAY))
    assert seen_by(client, cast, "teacher", pep) == 404
    assert seen_by(client, cast, "worker", pep) == 200


def test_the_picture_of_another_plan_child_or_number_does_not_exist(client, cast, phone, pep, given):
    phone.post(page(), {"share": "everyone", "picture": chosen()})
    other = a_pep(cast.child, academic_year="2019-20", opens_on=TODAY - timedelta(days=60))
    client.force_login(cast.accounts["worker"])
    keys = [pep.child.public_id, other.public_id, answer().public_id]
    assert client.get(reverse("peps:voice_picture", args=keys)).status_code == 404

    for number in (WELL + 1, 1, 99):
        assert CLOSED in phone.get(own_picture(number)).content.decode()
    stranger = Client()
    assert CLOSED in stranger.get(own_picture()).content.decode()
    again = give_pass(pep, Variant.AGE_11_15, actor=cast.actors["teacher"])
    stranger.post("/v/" + again.link.rpartition("/")[2], {"code": again.code})
    assert CLOSED in stranger.get(own_picture()).content.decode()


@pytest.mark.proves("UPL-1")
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("kite.pdf", b"%PDF-1.4 something"),
        ("kite.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("kite.jpg", b"<html><script>alert(1)</script></html>"),
        ("kite.png", b"MZ a program"),
        ("kite.jpg", b"\xff\xd8\xff broken"),
        ("kite", b"nothing"),
    ],
)
def test_what_is_no_picture_is_refused_in_plain_words_and_nothing_is_kept(phone, name, data):
    refused = phone.post(page(), {"words": "My kite", "share": "helpers", "picture": chosen(data, name)})

    shown = refused.content.decode()
    assert "We could not use that picture" in shown
    assert "My kite" in shown
    assert not Document.unscoped.exists()
    assert not VoiceAnswer.unscoped.exists()


def test_a_picture_is_changed_and_taken_out_and_the_words_stay(phone, django_capture_on_commit_callbacks):
    phone.post(page(), {"words": "My kite", "share": "helpers", "picture": chosen()})
    first = DocumentVersion.unscoped.get()
    with django_capture_on_commit_callbacks(execute=True):
        phone.post(page(), {"words": "My kite", "share": "helpers", "picture": chosen(a_photo("blue"))})
    second = DocumentVersion.unscoped.get()
    assert second.pk != first.pk
    assert not storing.path_of(first.public_id).exists()
    phone.post(page(), {"words": "My red kite", "share": "helpers"})
    assert answer().picture == second.document.public_id

    with django_capture_on_commit_callbacks(execute=True):
        phone.post(page(), {"words": "My red kite", "share": "helpers", "without_picture": "on"})

    assert (answer().picture, answer().said.words) == (None, "My red kite")
    assert not Document.unscoped.exists()
    assert not storing.path_of(second.public_id).exists()


def test_a_picture_alone_is_an_answer_and_goes_with_it_when_it_is_taken_back(phone):
    phone.post(page(), {"share": "helpers", "picture": chosen()})
    assert answer().said.text == ""

    phone.post(page(), {"share": "helpers", "without_picture": "on"})

    assert not VoiceAnswer.unscoped.exists()
    assert not Document.unscoped.exists()


def test_pictures_have_an_end_and_a_picture_that_is_too_big_is_not_read(phone, given, monkeypatch):
    row = VoicePass.unscoped.get(pk=given.held.pk)
    row.pictures = pictures.MOST_PICTURES
    write(row)
    assert "That is a lot of pictures" in phone.post(page(), {"picture": chosen()}).content.decode()

    monkeypatch.setattr(pictures, "LARGEST", 100)
    assert "That picture is too big" in phone.post(page(), {"picture": chosen()}).content.decode()
    assert not Document.unscoped.exists()


def test_what_the_scanner_has_not_found_clean_is_shown_to_nobody(client, cast, phone, pep):
    phone.post(page(), {"share": "everyone", "picture": chosen()})
    version = DocumentVersion.unscoped.get()
    version.state = DocumentVersion.State.WAITING
    write(version)

    assert seen_by(client, cast, "worker", pep) == 404
    assert CLOSED in phone.get(own_picture()).content.decode()

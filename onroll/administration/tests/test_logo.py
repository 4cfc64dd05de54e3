"""The logo of an authority: made anew from what came in, and shown by its own pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from onroll.administration.logos import LARGEST_LOGO
from onroll.authorities.models import Logo
from onroll.children.tests.scene import an_authority
from onroll.documents.tests.files import MARK, a_pdf_that_says, a_picture
from onroll.history.models import Change


@pytest.fixture
def keeper(cast, client):
    client.force_login(cast.account("kiran"))
    return client


def send(client, name, data):
    return client.post(reverse("administration:logo"), {"file": SimpleUploadedFile(name, data)})


def css_of(client, authority) -> str:
    return client.get(reverse("authority_style"), {"of": authority.code}).content.decode()


def test_a_logo_stands_beside_the_name_on_the_authoritys_own_pages_alone(cast, keeper):
    other = an_authority("997", "Castlebury")

    assert send(keeper, "arms.jpg", a_picture("JPEG", (400, 100), hidden=True)).status_code == 302

    css = css_of(keeper, cast.ashcombe)
    logo = Logo.objects.get()
    assert f'url("{reverse("authority_logo")}?of=999&is={logo.public_id}")' in css
    assert "width:128px;height:32px" in css
    assert "authority.png" not in css_of(keeper, other)
    answer = keeper.get(reverse("authority_logo"), {"of": cast.ashcombe.code})
    assert (answer.headers["Content-Type"], answer.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert MARK.encode() not in answer.content
    assert keeper.get(reverse("authority_logo"), {"of": "997"}).status_code == 404
    assert Change.objects.filter(verb="authority.logo_set", authority=cast.ashcombe.pk).exists()


def test_another_logo_takes_the_place_of_the_first_and_has_an_address_of_its_own(keeper):
    send(keeper, "arms.png", a_picture())
    first = Logo.objects.get().public_id

    send(keeper, "arms.png", a_picture(size=(30, 30)))

    assert Logo.objects.get().public_id != first
    assert Logo.objects.get().width == 30


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("arms.png", b"<svg onload=alert(1)>", "png"),
        ("arms.pdf", a_pdf_that_says("Ashcombe"), "must be a PNG or JPEG"),
        ("arms.png", a_picture() + bytes(1024 * 1024), "larger than 1 MB"),
    ],
)
def test_what_is_no_picture_is_refused_in_words_and_changes_nothing(keeper, name, data, words):
    answer = send(keeper, name, data)

    assert answer.status_code == 200
    assert words.lower() in str(answer.context["form"].errors["file"]).lower()
    assert not Logo.objects.exists()


def test_a_picture_that_would_slow_every_page_is_refused(keeper, monkeypatch):
    monkeypatch.setattr("onroll.administration.logos.LARGEST_LOGO", 50)
    assert LARGEST_LOGO > 50

    assert "too large for a logo" in str(send(keeper, "arms.png", a_picture()).context["form"].errors)


def test_a_logo_is_removed(cast, keeper):
    send(keeper, "arms.png", a_picture())

    keeper.post(reverse("administration:logo"), {"act": "remove"})

    assert not Logo.objects.exists()
    assert "authority.png" not in css_of(keeper, cast.ashcombe)

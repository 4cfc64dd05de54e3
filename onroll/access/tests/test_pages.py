"""What every page does before it answers: it says who it is for, asks who this is, and refuses in one way."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from onroll.access import pages
from onroll.access.can import Can
from onroll.access.models import KeptWords
from onroll.access.pages import PAGES, Page, Undeclared
from onroll.access.roles import Role
from onroll.access.sessions import SignedIn
from onroll.children.tests.scene import a_person, an_authority


@pytest.fixture
def told(monkeypatch) -> list:
    """Whom the access log is told of. The pages of these tests are gone after them."""
    monkeypatch.setattr(pages, "PAGES", list(PAGES))
    refused = []
    monkeypatch.setattr(pages, "denied", lambda actor, route, child=None: refused.append((actor, route, child)))
    return refused


@pytest.fixture
def greeting(told) -> type[Page]:
    class Greeting(Page):
        requires = Can.KEEP_POSTS
        opened: tuple = ()

        def open(self, *args, **kwargs):
            if kwargs.get("child") == "nobody":
                raise Http404
            Greeting.opened = (*Greeting.opened, kwargs.get("child"))

        def get(self, request, *args, **kwargs):
            return HttpResponse("hello")

        post = get

    return Greeting


@pytest.fixture
def administrator(db):
    return a_person(an_authority(), Role.ADMINISTRATOR, "Ada Finch")[1]


def asked(method="get", path="/greeting", *, actor=None, user=None, session=None):
    request = getattr(RequestFactory(), method)(path, {"name": "Mia"})
    request.actor, request.user, request.session = actor, user or AnonymousUser(), session if session else {}
    request.resolver_match = None
    return request


def test_a_page_that_does_not_say_itself_whom_it_is_for_is_not_made(told):
    with pytest.raises(Undeclared):
        type("Silent", (Page,), {})

    base = type("Base", (Page,), {"abstract": True, "requires": Can.SEE_CHILD})
    with pytest.raises(Undeclared):
        type("SilentToo", (base,), {})
    with pytest.raises(Undeclared):
        type("Everyone", (Page,), {"requires": "everyone"})
    outspoken = type("Outspoken", (base,), {"requires": Can.SEE_CHILD})

    assert outspoken.abstract is False
    assert outspoken in pages.PAGES
    assert base not in pages.PAGES


def test_a_page_for_anyone_asks_for_no_sign_in_and_another_does(greeting):
    open_to_all = type("Door", (greeting,), {"requires": Can.ANYONE})

    assert open_to_all.as_view()(asked()).content == b"hello"
    assert greeting.as_view()(asked()).status_code == 302
    assert greeting.opened == ()


@pytest.mark.parametrize(
    ("method", "path", "where"),
    [
        ("get", "/greeting", "/sign-in?next=%2Fgreeting%3Fname%3DMia"),
        ("get", "/", "/sign-in"),
        ("post", "/greeting", "/sign-in"),
    ],
)
def test_a_stranger_is_led_to_the_sign_in_and_back_to_what_can_be_asked_again(greeting, method, path, where):
    answer = greeting.as_view()(asked(method, path))

    assert answer.headers["Location"] == where


def test_what_was_typed_is_kept_for_its_writer_unless_the_page_never_keeps_words(greeting, administrator):
    secret = type("Secret", (greeting,), {"requires": Can.KEEP_POSTS, "keeps_words": False})
    for page, method, kept in ((greeting, "get", 0), (secret, "post", 0), (greeting, "post", 1)):
        request = asked(method)
        request.timed_out = administrator.account
        where = page.as_view()(request).headers["Location"]

        assert KeptWords.objects.count() == kept, method
        assert ("kept-words" in where) == bool(kept)


def test_who_is_signed_in_and_has_no_post_is_led_on_and_not_to_the_sign_in(greeting, administrator):
    class Someone(AnonymousUser):
        is_authenticated = True

    now = timezone.now().timestamp()
    for whole, where in ((True, "/no-post"), (False, "/account/second-step"), (None, "/account/second-step")):
        session = {"of": "someone"}
        if whole is not None:
            SignedIn(public_id="1", began=now, seen=now, proved=now, whole=whole).keep_in(session)

        assert greeting.as_view()(asked(user=Someone(), session=session)).headers["Location"] == where, whole


def test_who_may_gets_an_answer_that_is_kept_nowhere(greeting, told, administrator):
    answer = greeting.as_view()(asked(actor=administrator), child="Mia")

    assert answer.content == b"hello"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert greeting.opened == ("Mia",)
    assert told == []


def test_who_may_not_and_what_is_out_of_reach_do_not_exist_and_the_log_is_told(greeting, told, administrator):
    head = a_person(an_authority("998", "Castlebury"), Role.CARER)[1]
    for actor, child in ((head, "Mia"), (administrator, "nobody")):
        with pytest.raises(Http404):
            greeting.as_view()(asked(actor=actor), child=child)

    assert told == [(head, "", "Mia"), (administrator, "", "nobody")]
    assert greeting.opened == ()


def test_a_page_that_needs_it_asks_again_after_a_quarter_of_an_hour(greeting, administrator):
    vault = type("Vault", (greeting,), {"requires": Can.KEEP_POSTS, "fresh": True})
    long_ago = replace(administrator, verified_at=timezone.now() - timedelta(minutes=16))
    just_now = replace(administrator, verified_at=timezone.now() - timedelta(minutes=14))

    assert vault.as_view()(asked(actor=just_now)).content == b"hello"
    assert vault.as_view()(asked(actor=long_ago)).headers["Location"].startswith("/prove-again")
    assert greeting.as_view()(asked(actor=long_ago)).content == b"hello"

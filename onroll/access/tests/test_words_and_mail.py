"""Words that outlive a sign-in, messages that go out once, and alarms."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from onroll.access import mails
from onroll.access.models import KeptWords, Mail
from onroll.access.roles import Role
from onroll.children.tests.scene import a_person, an_authority
from onroll.history.models import Entry
from onroll.history.viewing import noted
from onroll.people.alarms import GUESSING, MANY, tell_of_guessing

FORM = "/calendar/new"


@pytest.fixture
def head(db):
    return a_person(an_authority(), Role.VSH, "Helen Marsh")[0]


@pytest.mark.proves("AUT-4")
def test_a_form_that_is_sent_after_the_end_is_kept_and_offered_to_its_writer_alone(client, head):
    client.force_login(head)
    client.get("/")
    session = client.session
    session["sign_in"] |= {"seen": (timezone.now() - timedelta(minutes=45)).timestamp()}
    session.save()

    away = client.post(FORM, {"kind": "term", "name": "What I wrote about the summer", "two": ["a", "b"]})

    kept = KeptWords.objects.get()
    assert away.headers["Location"] == f"/sign-in?next=%2Fkept-words%2F{kept.public_id}"
    stored = KeptWords.objects.values_list("words", flat=True).get()
    assert "summer" not in str.__str__(stored) or stored.startswith("v1.")
    client.force_login(head)
    offered = client.get(f"/kept-words/{kept.public_id}").text
    assert f'action="{FORM}"' in offered
    assert 'name="name" value="What I wrote about the summer"' in offered
    assert offered.count('name="two"') == 2

    other = Client()
    other.force_login(a_person(an_authority("998", "Castlebury"), Role.VSH, "Sam Other")[0])
    assert other.get(f"/kept-words/{kept.public_id}").status_code == 404
    client.post(f"/kept-words/{kept.public_id}")
    assert not KeptWords.objects.exists()


def test_a_stranger_and_a_page_about_passwords_leave_nothing(client, head):
    assert client.post(FORM, {"name": "x"}).headers["Location"] == "/sign-in"
    client.force_login(head)
    session = client.session
    session["sign_in"] |= {"seen": (timezone.now() - timedelta(minutes=45)).timestamp()}
    session.save()
    client.post("/account/password", {"password": "another-lantern-77-oak"})

    assert not KeptWords.objects.exists()


@pytest.fixture
def mail_is_set_up(settings):
    settings.MAIL_IS_SET_UP = True


@pytest.mark.proves("LNK-E1", "REL-1")
def test_a_message_goes_once_and_forgets_its_link(head, mail_is_set_up):
    now = timezone.now()
    written = mails.send("password_reset", to=head, authority=mails.authority_of(head), path="/new-password/x/y")

    assert mails.send_what_is_due(now=now) == 1
    assert mails.send_what_is_due(now=now) == 0
    sent = outbox.outbox[0]
    assert sent.to == [head.email]
    assert "Ashcombe Virtual School" in sent.from_email
    assert "/new-password/x/y" in sent.body
    assert written.reference in sent.body
    assert Mail.objects.get().path == ""


@pytest.mark.proves("REL-1")
def test_a_message_of_a_transaction_that_failed_is_never_sent(head, mail_is_set_up):
    from django.db import transaction

    with transaction.atomic():
        mails.send("password_changed", to=head, authority=0)
        transaction.set_rollback(True)

    assert mails.send_what_is_due(now=timezone.now()) == 0


@pytest.mark.proves("REL-1")
def test_a_process_that_dies_while_sending_sends_again_under_the_same_id(head, mail_is_set_up):
    now = timezone.now()
    written = mails.send("password_changed", to=head, authority=0)
    assert mails.take(written, now=now)
    assert not mails.take(Mail.objects.get(), now=now), "another process leaves it alone"
    assert mails.send_what_is_due(now=now) == 0

    assert mails.send_what_is_due(now=now + mails.TAKEN_FOR) == 1
    assert outbox.outbox[0].extra_headers["Message-ID"].startswith(f"<{written.public_id}@")


def test_a_server_that_refuses_is_asked_later_and_in_the_end_no_more(head, mail_is_set_up, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    mails.send("password_changed", to=head, authority=0)
    now = timezone.now()
    for _ in range(mails.MOST_TRIES):
        assert mails.send_what_is_due(now=now) == 0
        now += timedelta(hours=6)

    assert Mail.objects.get().stopped
    assert not mails.due(now=now)


@pytest.mark.proves("LNK-E1")
def test_no_kind_of_message_has_a_place_for_anything_about_a_child(head):
    for kind in mails.KINDS.values():
        for words in (kind.subject, kind.text):
            assert set(_places(words)) <= {"service", "address"}
    with pytest.raises(LookupError):
        mails.send("Mia has moved", to=head, authority=0)
    with pytest.raises(ValueError, match="nowhere else"):
        mails.send("password_reset", to=head, authority=0, address="else@example.org")


def _places(words):
    import string

    return [name for _, name, _, _ in string.Formatter().parse(words) if name]


@pytest.mark.proves("AUT-3")
def test_a_hundred_wrong_sign_ins_in_one_authority_are_told_once(head):
    other = a_person(an_authority("998", "Castlebury"), Role.VSH, "Sam Other")[0]
    for _ in range(MANY - 1):
        noted(None, "sign_in", outcome="refused", account=head.pk)
    noted(None, "sign_in", outcome="refused", account=other.pk)
    assert tell_of_guessing(now=timezone.now()) == []

    Client().post("/sign-in", {"email": head.email, "password": "wrong"})

    assert len(tell_of_guessing(now=timezone.now())) == 1
    assert tell_of_guessing(now=timezone.now()) == []
    assert Entry.objects.filter(act=GUESSING, outcome="alarm").count() == 1
    assert tell_of_guessing(now=timezone.now() + timedelta(minutes=11)) == []

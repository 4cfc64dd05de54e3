"""Who may be written to: known domains at once, other addresses after a second person, and none that came back."""

import socketserver
import threading

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.access import mails
from onroll.access.models import Account, Mail, RefusedAddress
from onroll.access.roles import Role
from onroll.administration.actions import confirm_address, invite, invite_again, keep_address, start_password_reset
from onroll.administration.addresses import waiting
from onroll.administration.people import find_person
from onroll.children.tests.scene import write
from onroll.exchange.feeds.exchange.tables.authority import PEOPLE
from onroll.exchange.feeds.exchange.tables.table import Holdings
from onroll.exchange.plans import Changes
from onroll.people.account_views import new_address
from onroll.people.actions import Refused, name_domains, refuse_address
from onroll.people.domains import why_not_domains
from onroll.people.models import Post
from onroll.people.posts import live_posts
from onroll.site.invitations import invite as invite_from_the_command_line

from .conftest import TODAY

pytestmark = pytest.mark.proves("LNK-E3")


@pytest.fixture
def listed(cast):
    """Ashcombe has named its domain."""
    cast.ashcombe.mail_domains = "ashcombe.example"
    write(cast.ashcombe)
    return cast


def an_invitation(cast, email, **fields):
    values = {"role": Role.DESIGNATED_TEACHER, "given_name": "Nora", "family_name": "Quist", "start": TODAY}
    values |= {"school": cast.fernhill, "reason": "New in post", "actor": cast.actor("kiran")}
    return invite(email, **{**values, **fields})


def test_an_address_of_the_authority_or_of_the_school_is_invited_at_once(listed):
    name_domains(listed.fernhill, "@fernhill.example", actor=listed.actor("kiran"))

    for email in ("nora@ashcombe.example", "nora@schools.Ashcombe.example", "nora@fernhill.example"):
        assert not an_invitation(listed, email).waits
    assert Mail.objects.count() == 3
    # Another school's domain, and one that only ends alike.
    for email in ("nora@evil-ashcombe.example", "nora@ashcombe.example.org"):
        assert an_invitation(listed, email).waits
    assert an_invitation(listed, "sam@fernhill.example", school=listed.hillside).waits
    assert Mail.objects.count() == 3


def test_without_a_list_every_address_is_invited_at_once(cast):
    assert not an_invitation(cast, "nora@anywhere.example").waits


def test_nothing_is_sent_or_open_until_somebody_else_has_confirmed_the_address(listed, client):
    post = an_invitation(listed, "nora@post.example")
    account = post.account

    assert not Mail.objects.exists()
    assert live_posts(account, on=TODAY) == []
    for act in (invite_again, start_password_reset):
        with pytest.raises(Refused, match="waits for a second person"):
            act(account, actor=listed.actor("head"))
    with pytest.raises(Refused, match="Somebody else"):
        confirm_address(post, address=account.email, actor=listed.actor("kiran"))
    with pytest.raises(Refused, match="Your role"):
        confirm_address(post, address=account.email, actor=listed.actor("manager"))
    with pytest.raises(Refused, match="has changed since"):
        confirm_address(post, address="nora@other.example", actor=listed.actor("head"))
    assert not Mail.objects.exists()

    confirm_address(post, address=account.email, actor=listed.actor("head"))

    assert [mail.address for mail in Mail.objects.all()] == ["nora@post.example"]
    assert live_posts(account, on=TODAY) == [post]


def test_an_account_that_is_known_elsewhere_waits_as_well_and_keeps_its_name_to_itself(listed, client):
    known = listed.add("elsewhere", Role.SEND, listed.castlebury)
    known.set_password("a long password of several words")
    Account.objects.filter(pk=known.pk).update(password=known.password, last_login=timezone.now())

    post = an_invitation(listed, known.email)

    assert [each.authority for each in live_posts(known, on=TODAY)] == [listed.castlebury]
    assert find_person(known.public_id, listed.actor("kiran")).name == known.email
    refuse_address(post, actor=listed.actor("head"))
    assert find_person(known.public_id, listed.actor("kiran")).name == known.email
    assert not Mail.objects.exists()


def test_the_page_lists_what_waits_and_its_asker_has_no_button(listed, client):
    post = an_invitation(listed, "nora@post.example")
    address = reverse("administration:addresses")
    client.force_login(listed.account("kiran"))
    assert "Somebody else has to confirm it" in client.get(address).text
    client.post(address, {"post": post.public_id, "address": "nora@post.example", "act": "confirm"})
    post.refresh_from_db()
    assert post.waits

    client.force_login(listed.account("head"))
    page = client.get(address).text
    assert "Asked for by Pat Kiran" in page
    assert "Addresses to confirm" in client.get(reverse("administration:people")).text
    client.post(address, {"post": post.public_id, "address": "nora@post.example", "act": "confirm"})

    post.refresh_from_db()
    assert not post.waits
    assert "No address waits" in client.get(address).text


def test_a_refused_address_is_never_written_to(listed):
    post = an_invitation(listed, "nora@post.example")

    refuse_address(post, actor=listed.actor("head"))

    assert waiting(listed.actor("head")) == []
    assert not Mail.objects.exists()
    assert live_posts(post.account, on=TODAY) == []
    with pytest.raises(Refused, match="waits for nobody"):
        confirm_address(post, address=post.account.email, actor=listed.actor("head"))


def test_a_spreadsheet_and_the_command_line_wait_as_well(listed):
    kiran = listed.actor("kiran")
    row = {"role": "designated_teacher", "team": "", "setting_id": listed.fernhill.setting_id, "start": TODAY}
    row |= {"given_name": "Nora", "family_name": "Quist", "end": None}
    changes = Changes()
    holdings = Holdings.of(kiran)
    for email in ("nora@post.example", "sam@ashcombe.example", listed.account("teacher").email):
        PEOPLE.make({**row, "email": email}, holdings, changes)
    planned = {post.account.email: post for post in changes.creates[Post]}

    assert [post.waits for post in planned.values()] == [True, False, False]
    assert planned["nora@post.example"].asked_by_id == kiran.account

    post, link = invite_from_the_command_line(
        "ola@post.example", role="finance", authority=listed.ashcombe, actor=kiran
    )
    again, _ = invite_from_the_command_line("ola@post.example", role="finance", authority=listed.ashcombe, actor=kiran)
    assert (post.waits, link, again) == (True, "", post)


def test_who_changes_to_an_unknown_domain_waits_for_somebody_else(listed, client):
    teacher = listed.account("teacher")
    write(Post(authority=listed.castlebury, account=teacher, role=Role.FINANCE, start=TODAY))
    client.force_login(teacher)
    token = new_address.sign_object([teacher.pk, teacher.email, "pat@post.example"])
    page = reverse("people:confirm_email", args=[token])
    assert "until somebody there has confirmed it" in client.get(page).text

    client.post(page)

    teacher.refresh_from_db()
    assert teacher.email == "pat@post.example"
    assert [post.authority for post in live_posts(teacher, on=TODAY)] == [listed.castlebury]
    (each,) = waiting(listed.actor("kiran"))
    assert each.is_change
    confirm_address(each.post, address="pat@post.example", actor=listed.actor("kiran"))
    assert len(live_posts(teacher, on=TODAY)) == 2


class RefusesEveryone(socketserver.StreamRequestHandler):
    """A mail server that knows nobody."""

    def handle(self):
        self.wfile.write(b"220 post.example\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            self.wfile.write(b"550 No such person\r\n" if word == b"RCPT" else b"250 Yes\r\n")
            if word == b"QUIT":
                return


def test_an_address_that_a_server_refuses_for_good_gets_nothing_more_until_it_is_confirmed(cast, settings):
    post = an_invitation(cast, "nora@post.example")
    with socketserver.TCPServer(("127.0.0.1", 0), RefusesEveryone) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS, settings.MAIL_IS_SET_UP, settings.EMAIL_HOST_USER = False, True, ""
        assert mails.send_what_is_due(now=timezone.now()) == 0
        server.shutdown()

    refused = RefusedAddress.objects.get()
    assert (refused.authority, refused.address, refused.code) == (cast.ashcombe.pk, "nora@post.example", 550)
    assert Mail.objects.get().stopped == "The address was refused (550)."
    with pytest.raises(Refused, match="come back"):
        invite_again(post.account, actor=cast.actor("kiran"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mails.send("post_given", to=post.account, authority=cast.ashcombe.pk)
    assert mails.send_what_is_due(now=timezone.now()) == 0
    # Another authority learns it from its own messages, not from this one's.
    mails.send("post_given", to=post.account, authority=cast.castlebury.pk)
    assert mails.send_what_is_due(now=timezone.now()) == 1

    keep_address(post.account, actor=cast.actor("kiran"))

    assert mails.send_what_is_due(now=timezone.now()) == 1


def test_the_page_of_a_person_says_that_messages_come_back(cast, client):
    teacher = cast.account("teacher")
    RefusedAddress.objects.create(
        authority=cast.ashcombe.pk, address=teacher.email.lower(), code=550, refused_at=timezone.now()
    )
    client.force_login(cast.account("kiran"))

    assert "come back since" in client.get(reverse("administration:person", args=[teacher.public_id])).text
    assert teacher.email in client.get(reverse("administration:addresses")).text
    client.post(reverse("administration:keep_address", args=[teacher.public_id]))

    assert not RefusedAddress.objects.exists()


def test_domains_are_put_right_or_refused_with_what_to_do(listed, client):
    client.force_login(listed.account("kiran"))
    page = reverse("administration:school_domains", args=[listed.fernhill.public_id])

    client.post(page, {"domains": "@Fernhill.example,  hill.example"})
    assert client.get(page).context["form"]["domains"].value() == "fernhill.example hill.example"
    assert "fernhill.example" in client.get(reverse("administration:contacts")).text

    for typed, words in (("office@fernhill.example", "is not a domain"), ("co.uk", "Anybody"), ("uk", "not a domain")):
        assert words in why_not_domains(typed)
        assert words in client.post(page, {"domains": typed}).text

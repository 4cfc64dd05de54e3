"""The two steps of signing in, what each refuses, and what is left behind."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from onroll.access import factors, guessing
from onroll.access.models import Account, Guesses, Mail, Session
from onroll.access.roles import Role
from onroll.access.sessions import SignedIn
from onroll.access.views import NO_MATCH
from onroll.children.tests.scene import a_person, a_school, an_authority, write
from onroll.design.words import day
from onroll.people.models import Post

from .scene import PASSWORD, can_sign_in, code_of, sign_in, with_password

HOME = "/"


@pytest.fixture
def ashcombe(db):
    return an_authority()


@pytest.fixture
def head(ashcombe) -> Account:
    return a_person(ashcombe, Role.VSH, "Helen Marsh")[0]


@pytest.mark.proves("AUT-1")
def test_a_password_alone_opens_nothing(client, head):
    secret = can_sign_in(head)

    client.post("/sign-in", {"email": head.email, "password": PASSWORD})

    assert client.get(HOME).headers["Location"].startswith("/sign-in")
    assert client.post("/sign-in/second-step", {"code": code_of(secret)}).headers["Location"] == HOME
    assert client.get(HOME).status_code == 200


@pytest.mark.proves("AUT-1")
def test_who_has_no_second_step_sets_one_up_before_anything_else(client, head):
    with_password(head)

    assert client.post("/sign-in", {"email": head.email, "password": PASSWORD}).headers["Location"] == (
        "/account/second-step"
    )
    for path in (HOME, "/children", "/posts", "/account", "/account/password", "/account/sign-ins"):
        assert client.get(path).headers["Location"] == "/account/second-step", path

    client.get("/account/app")
    secret = client.session["new_app_secret"]
    assert "That is not the code" in client.post("/account/app", {"code": "000000"}).text
    before = client.session.session_key
    assert client.post("/account/app", {"code": code_of(secret)}).headers["Location"] == "/account/codes"
    assert client.session.session_key != before
    assert client.get(HOME).status_code == 200


@pytest.mark.proves("AUT-1")
def test_codes_on_paper_alone_are_for_carers_and_teachers(client, ashcombe, head):
    teacher = a_person(ashcombe, Role.DESIGNATED_TEACHER, "Tess Boyle", school=a_school("Hillside"))[0]
    for account, may in ((teacher, True), (head, False)):
        with_password(account)
        client = Client()
        client.post("/sign-in", {"email": account.email, "password": PASSWORD})

        answer = client.post("/account/codes")

        assert (answer.status_code == 200) is may
        assert (client.get(HOME).status_code == 200) is may
        assert (factors.kinds_of(account) == {factors.CODES}) is may


@pytest.mark.proves("AUT-3")
def test_a_code_opens_once(head):
    secret = can_sign_in(head)
    code = code_of(secret)

    assert sign_in(Client(), head, secret).headers["Location"] == HOME
    other = Client()
    other.post("/sign-in", {"email": head.email, "password": PASSWORD})
    assert "not right, or was used before" in other.post("/sign-in/second-step", {"code": code}).text
    assert not factors.prove_app(head, code_of(secret, -1)), "an earlier one neither"


@pytest.mark.proves("AUT-3")
def test_a_code_on_paper_opens_once(head):
    can_sign_in(head)
    codes = factors.new_codes(head)

    assert len(set(codes)) == 10
    assert factors.prove_code(head, codes[3])
    assert not factors.prove_code(head, codes[3])
    assert factors.prove_code(head, codes[4].replace(" ", ""))
    factors.new_codes(head)
    assert not factors.prove_code(head, codes[5])


@pytest.mark.proves("AUT-3")
def test_after_five_wrong_codes_the_first_step_comes_again(client, head):
    secret = can_sign_in(head)
    client.post("/sign-in", {"email": head.email, "password": PASSWORD})

    for _ in range(4):
        assert client.post("/sign-in/second-step", {"code": "000000"}).status_code == 200
    assert client.post("/sign-in/second-step", {"code": "000000"}).headers["Location"] == "/sign-in?again=1"
    assert client.post("/sign-in/second-step", {"code": code_of(secret)}).headers["Location"] == "/sign-in?again=1"

    # Also a new challenge waits its minute: the right code does not shorten it.
    assert sign_in(client, head, secret).status_code == 200
    Guesses.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert sign_in(client, head, secret, ahead=1).headers["Location"] == HOME


def test_the_second_step_waits_ten_minutes(client, head):
    secret = can_sign_in(head)
    client.post("/sign-in", {"email": head.email, "password": PASSWORD})
    session = client.session
    session["waiting_for_second_step"] |= {"at": (timezone.now() - timedelta(minutes=11)).timestamp()}
    session.save()

    assert client.post("/sign-in/second-step", {"code": code_of(secret)}).headers["Location"] == "/sign-in?again=1"


@pytest.mark.proves("AUT-3")
def test_wrong_unknown_ended_and_too_soon_answer_the_same(ashcombe, head):
    can_sign_in(head)
    ended = a_person(ashcombe, Role.VS_ADMIN, "Ed Ended")[0]
    can_sign_in(ended)
    ended.is_active = False
    write(ended)
    invited = a_person(ashcombe, Role.VS_ADMIN, "Ina Invited")[0]
    waits = a_person(ashcombe, Role.VS_ADMIN, "Wes Waits")[0]
    can_sign_in(waits)
    key = guessing.account_key(waits.email)
    Guesses.objects.create(key=key, wrong=7, since=timezone.now(), until=timezone.now() + timedelta(minutes=4))

    pairs = {head.email: "wrong-wrong-wrong", "nobody@example.org": PASSWORD, invited.email: PASSWORD}
    pairs |= {waits.email: PASSWORD, ended.email: PASSWORD}
    answers = set()
    for email, password in pairs.items():
        answer = Client().post("/sign-in", {"email": email, "password": password})
        assert NO_MATCH in answer.text
        text = answer.text.replace(email, "WHO")
        answers.add((answer.status_code, text[: text.index("csrfmiddlewaretoken")], text[-2000:]))
    assert len(answers) == 1


@pytest.mark.proves("AUT-3")
def test_the_wait_doubles_from_one_minute_to_fifteen_and_nobody_is_locked_out(db):
    now, key = timezone.now(), guessing.account_key("jo@ashcombe.example")
    waits = []
    for _ in range(12):
        assert guessing.may_try(key, now=now)
        until = Guesses.objects.get().until
        waits.append(round((until - now).total_seconds() / 60) if until else 0)
        if until:
            assert not guessing.may_try(key, now=until - timedelta(seconds=1))
            now = until
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15, 15]

    guessing.was_right(key)
    assert guessing.may_try(key, now=now)
    assert Guesses.objects.get().wrong == 1


@pytest.mark.proves("AUT-3")
def test_one_address_has_twenty_wrong_tries_a_minute_over_all_accounts(db):
    now = timezone.now()

    assert [guessing.may_try_from("192.0.2.1", now=now) for _ in range(22)] == [True] * 20 + [False] * 2
    assert guessing.may_try_from("192.0.2.2", now=now)
    assert guessing.may_try_from("192.0.2.1", now=now + timedelta(minutes=1))
    # One network of IPv6 is one address.
    assert guessing.address_key("2001:db8::1") == guessing.address_key("2001:db8::ffff")
    assert guessing.address_key("2001:db8::1") != guessing.address_key("2001:db8:0:1::1")


@pytest.mark.proves("AUT-4")
def test_a_sign_in_ends_when_nothing_is_asked_for_half_an_hour(client, head):
    client.force_login(head)
    assert client.get(HOME).status_code == 200
    _seen(client, minutes_ago=31)

    assert client.get("/children").headers["Location"] == "/sign-in?next=%2Fchildren"
    # Once over it stays over, whatever the clock says later.
    _seen(client, minutes_ago=0)
    assert client.get(HOME).status_code == 302


@pytest.mark.proves("AUT-4")
def test_an_administrator_is_signed_out_after_a_quarter_of_an_hour(client, ashcombe):
    client.force_login(a_person(ashcombe, Role.ADMINISTRATOR, "Ada Admin")[0])
    _seen(client, minutes_ago=14)
    assert client.get(HOME).status_code == 200
    _seen(client, minutes_ago=16)
    assert client.get(HOME).status_code == 302


@pytest.mark.proves("AUT-4")
def test_a_sign_in_ends_after_twelve_hours_however_busy(client, head):
    client.force_login(head)
    session = client.session
    session["sign_in"] |= {"began": (timezone.now() - timedelta(hours=12)).timestamp()}
    session.save()

    assert client.get(HOME).status_code == 302


def _seen(client, *, minutes_ago):
    session = client.session
    session["sign_in"] |= {"seen": (timezone.now() - timedelta(minutes=minutes_ago)).timestamp()}
    session.save()


@pytest.mark.proves("AUT-4")
def test_a_person_sees_and_ends_their_own_sign_ins_and_no_others(ashcombe, head):
    secret = can_sign_in(head)
    here, there, stranger = Client(), Client(headers={"user-agent": "Firefox/130 Windows"}), Client()
    sign_in(there, head, secret)
    sign_in(here, head, secret, ahead=1)
    stranger.force_login(a_person(ashcombe, Role.VS_ADMIN, "Sam Other")[0])
    strangers = SignedIn.of(stranger.session).public_id

    assert "Firefox on Windows" in here.get("/account/sign-ins").text
    assert here.post("/account/sign-ins", {"end": strangers}).status_code == 404
    here.post("/account/sign-ins", {"end": str(Session.objects.get(session_key=there.session.session_key).public_id)})

    assert there.get(HOME).status_code == 302
    assert here.get(HOME).status_code == stranger.get(HOME).status_code == 200


@pytest.mark.proves("AUT-4", "AUT-6")
def test_a_new_password_ends_the_other_sign_ins_and_is_told_by_mail(head):
    secret = can_sign_in(head)
    here, there = Client(), Client()
    sign_in(there, head, secret)
    sign_in(here, head, secret, ahead=1)

    here.post("/account/password", {"password": "another-lantern-77-oak"})

    assert there.get(HOME).status_code == 302
    assert here.get(HOME).status_code == 200
    assert [mail.kind for mail in Mail.objects.all()] == ["password_changed"]


@pytest.mark.proves("AUT-5")
def test_what_matters_is_asked_for_again_after_a_quarter_of_an_hour(head):
    secret, client = can_sign_in(head), Client()
    sign_in(client, head, secret)
    session = client.session
    session["sign_in"] |= {"proved": (timezone.now() - timedelta(minutes=16)).timestamp()}
    session.save()

    assert client.get("/account/password").headers["Location"] == "/prove-again?next=%2Faccount%2Fpassword"
    assert "not right" in client.post("/prove-again", {"code": "000000", "next": "/account/password"}).text
    before = client.session.session_key
    answer = client.post("/prove-again", {"code": code_of(secret, 1), "next": "/account/password"})
    assert answer.headers["Location"] == "/account/password"
    assert client.session.session_key != before
    assert client.get("/account/password").status_code == 200


def test_the_last_second_step_is_not_removed(head):
    secret, client = can_sign_in(head), Client()
    sign_in(client, head, secret)
    app = factors.factors_of(head)[0]

    answer = client.post("/account/remove", {"factor": app.id}, follow=True)

    assert "only second step" in answer.text
    assert factors.kinds_of(head) == {factors.APP}


@pytest.mark.proves("AUT-2")
@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("short-one-7", "12"),
        ("x" * 129, "128"),
        ("1q2w3e4r5t6y", "common"),
        ("Ashcombe2026!!", "your council"),
        ("helenmarsh1985", "your name"),
        ("onroll-onroll-1", "your name"),
        ("blue lamp under stairs", ""),
        ("correct horse ashcombe staple", ""),
        ("ÿ☃ any characters at all", ""),
    ],
)
def test_what_a_password_may_be(head, password, wrong):
    from onroll.access.forms import ChoosePasswordForm

    errors = str(ChoosePasswordForm({"password": password}, account=head).errors)

    assert (wrong in errors) if wrong else not errors


@pytest.mark.proves("AUT-6")
def test_asking_for_a_new_password_says_the_same_to_everyone_and_signs_nobody_in(client, head, mailoutbox):
    can_sign_in(head)
    known = client.post("/forgotten-password", {"email": head.email})
    unknown = client.post("/forgotten-password", {"email": "nobody@example.org"})
    assert known.content == unknown.content
    mail = Mail.objects.get()

    chosen = client.post(mail.path, {"password": "another-lantern-77-oak"})

    assert chosen.headers["Location"] == "/sign-in/second-step"
    assert client.get(mail.path).status_code == 404, "it opens once"
    assert client.get(HOME).status_code == 302


def test_who_holds_several_posts_chooses_one_and_is_told_to(client, ashcombe, head):
    other = an_authority("998", "Castlebury")
    ends = timezone.localdate() + timedelta(days=30)
    second = write(Post(authority=other, account=head, role=Role.VS_ADMIN, start=timezone.localdate(), end=ends))
    client.force_login(head)

    page = client.get("/posts").text
    assert "Castlebury Virtual School, until" in page
    assert day(ends - timedelta(days=1)) in page
    assert "Choose what you are here to do" in client.post("/posts", {}).text

    assert client.post("/posts", {"post": str(second.public_id)}).headers["Location"] == "/"
    assert "Castlebury Virtual School" in client.get("/").text

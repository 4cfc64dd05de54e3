"""Inviting people, what a list says of them, resets, and corrections."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.access.models import Account, Mail
from onroll.access.roles import Role
from onroll.access.tokens import invitations
from onroll.administration.actions import correct_contact, invite, start_factor_reset, start_password_reset
from onroll.administration.people import find_person, people_of
from onroll.children.tests.scene import write
from onroll.people.actions import Refused
from onroll.people.models import Post

from .conftest import TODAY


def has_signed_in(account, at=None):
    account.set_password("a long password of several words")
    Account.objects.filter(pk=account.pk).update(password=account.password, last_login=at or timezone.now())
    account.refresh_from_db()


def page(client, cast, name, route, *args, **query):
    client.force_login(cast.account(name))
    return client.get(reverse(f"administration:{route}", args=args), query)


def an_invitation(cast, email="new@schools.example", **fields):
    values = {
        "role": Role.DESIGNATED_TEACHER,
        "given_name": "Nora",
        "family_name": "Quist",
        "start": TODAY,
        "school": cast.fernhill,
        "reason": "New in post",
        "actor": cast.actor("kiran"),
    }
    return invite(email, **{**values, **fields})


def test_an_invited_person_gets_a_post_and_one_message_and_can_choose_a_password(cast, client):
    post = an_invitation(cast)

    mail = Mail.objects.get()
    assert (mail.address, mail.kind, mail.authority) == ("new@schools.example", "invitation", cast.ashcombe.pk)
    assert post.account.has_usable_password() is False
    assert (post.school, post.reason, post.start) == (cast.fernhill, "New in post", TODAY)
    assert client.get(mail.path).status_code == 200


@pytest.mark.proves("TEN-3")
def test_inviting_a_known_address_looks_as_inviting_an_unknown_one(cast, client):
    known = cast.add("elsewhere", Role.SEND, cast.castlebury)
    has_signed_in(known, timezone.now() - timedelta(days=1))
    answers = []
    for email in (known.email, "never.seen@example.org"):
        client.force_login(cast.account("kiran"))
        typed = {
            "given_name": "Nora",
            "family_name": "Quist",
            "email": email,
            "role": "finance",
            "start_0": TODAY.day,
            "start_1": TODAY.month,
            "start_2": TODAY.year,
            "start_day": TODAY.day,
            "start_month": TODAY.month,
            "start_year": TODAY.year,
            "reason": "Budget",
        }
        done = client.post(reverse("administration:invite"), typed, follow=True)
        main = done.content.decode().split("<main")[1].split("</main")[0]
        account = Account.objects.get(email=email)
        answers.append(main.replace(email, "").replace(str(account.public_id), "").split("csrf")[0])
        assert done.status_code == 200
        assert "is on its way" in done.content.decode()

    assert answers[0] == answers[1]
    known.refresh_from_db()
    assert known.name == "Pat Elsewhere"
    assert set(Mail.objects.values_list("kind", flat=True)) == {"post_given", "invitation"}


def test_a_person_of_another_authority_is_not_found_here(cast, client):
    other = cast.add("elsewhere", Role.SEND, cast.castlebury)

    assert page(client, cast, "kiran", "person", other.public_id).status_code == 404
    assert other.email not in page(client, cast, "kiran", "people").content.decode()
    assert find_person(other.public_id, cast.actor("kiran")) is None


def test_the_list_says_who_is_invited_who_lapses_and_who_has_ended(cast, client):
    for name in ("kiran", "head", "manager", "teacher"):
        has_signed_in(cast.account(name))
    Post.objects.get(account=cast.account("teacher"))
    ending = cast.add("ending", Role.FINANCE, end=TODAY + timedelta(days=10))
    has_signed_in(ending)
    cast.add("gone", Role.FINANCE, end=TODAY)
    states = {
        person.account.given_name + person.account.family_name: person.state
        for person in people_of(cast.actor("kiran"))
    }

    assert states["PatWorker"] == "invited"
    assert states["PatEnding"] == "lapsing"
    assert states["PatGone"] == "ended"
    assert states["PatHead"] in ("live", "lapsing")
    shown = page(client, cast, "kiran", "people", state="ended").content.decode()
    assert "Pat Gone" in shown
    assert "Pat Ending" not in shown


def test_the_list_asks_the_same_of_the_database_however_many_there_are(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        people_of(cast.actor("kiran"))
    for number in range(5):
        cast.add(f"more{number}", Role.FINANCE)
    with django_assert_num_queries(2):
        people_of(cast.actor("kiran"))


def test_a_search_is_kept_on_the_server_and_not_in_the_address(cast, client):
    has_signed_in(cast.account("teacher"))
    client.force_login(cast.account("kiran"))

    found = client.post(reverse("administration:people"), {"words": "teacher", "role": "", "state": ""}, follow=True)

    assert "teacher" not in found.redirect_chain[0][0]
    assert "Pat Teacher" in found.content.decode()
    assert "Pat Head" not in found.content.decode().split("<main")[1]


@pytest.mark.proves("AUT-6")
def test_an_administrator_starts_a_reset_and_never_chooses_it(cast):
    teacher = cast.account("teacher")
    has_signed_in(teacher)
    before = teacher.password

    start_password_reset(teacher, actor=cast.actor("kiran"))

    teacher.refresh_from_db()
    assert teacher.password == before
    assert [mail.kind for mail in Mail.objects.filter(to=teacher)] == ["password_reset"]


@pytest.mark.proves("AUT-6")
def test_who_lost_a_second_step_is_invited_as_at_first_and_told(cast):
    teacher = cast.account("teacher")
    has_signed_in(teacher)
    start_factor_reset(teacher, reason="Rang the school", actor=cast.actor("kiran"))

    teacher.refresh_from_db()
    assert not teacher.has_usable_password()
    assert [mail.kind for mail in Mail.objects.filter(to=teacher).order_by("pk")] == ["sign_in_reset", "invitation"]
    with pytest.raises(Refused, match="how you made sure"):
        start_factor_reset(teacher, reason=" ", actor=cast.actor("kiran"))
    with pytest.raises(Refused, match="Somebody else"):
        start_factor_reset(cast.account("kiran"), reason="It is me", actor=cast.actor("kiran"))
    with pytest.raises(Refused, match="Your role"):
        start_password_reset(teacher, actor=cast.actor("manager"))


@pytest.mark.proves("TEN-3")
def test_contact_details_are_corrected_only_of_who_works_here_alone(cast):
    teacher, kiran = cast.account("teacher"), cast.actor("kiran")
    correct_contact(teacher, given_name="Patricia", family_name="Teacher", phone="", actor=kiran)
    teacher.refresh_from_db()
    assert teacher.given_name == "Patricia"

    write(Post(authority=cast.castlebury, account=teacher, role=Role.SEND, start=TODAY))
    with pytest.raises(Refused, match="keeps their own contact details"):
        correct_contact(teacher, given_name="P", family_name="T", phone="", actor=kiran)


def test_a_person_holds_a_post_once_at_a_time(cast):
    an_invitation(cast)
    with pytest.raises(Refused, match="hold this post already"):
        an_invitation(cast)
    assert Post.objects.filter(role=Role.DESIGNATED_TEACHER, account__email="new@schools.example").count() == 1


def test_an_invitation_of_a_person_who_left_everywhere_starts_anew(cast):
    gone = cast.add("gone", Role.FINANCE, end=TODAY)
    has_signed_in(gone)
    write_off = Account.objects.get(pk=gone.pk)
    write_off.is_active = False
    write(write_off)

    an_invitation(cast, gone.email)

    gone.refresh_from_db()
    assert gone.is_active
    assert not gone.has_usable_password()
    assert invitations.check_token(gone, Mail.objects.get().path.split("/")[-1])


def test_every_page_about_people_that_gives_or_takes_asks_for_a_fresh_proof():
    from onroll.administration import settings_views, team_views, views

    pages = (
        views.InvitePage,
        views.GivePostPage,
        views.EndPostPage,
        views.ContactPage,
        views.InviteAgainPage,
        views.ResetPage,
        views.LeavePage,
        views.LeaversPage,
        team_views.InviteTeachersPage,
        settings_views.SettingsGroupPage,
    )
    assert all(page.fresh for page in pages)


@pytest.mark.proves("TEN-3")
def test_nobody_reads_another_name_than_the_address_before_the_person_has_been_in(cast, client):
    known = cast.add("elsewhere", Role.SEND, cast.castlebury)
    has_signed_in(known, timezone.now() - timedelta(days=1))
    an_invitation(cast, known.email)

    for route in ("people", "contacts", "invite_teachers"):
        said = page(client, cast, "kiran", route).content.decode()
        assert "Pat Elsewhere" not in said
        assert route == "invite_teachers" or known.email in said

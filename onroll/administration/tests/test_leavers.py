"""Who leaves has no access from that moment, and a list of leavers does what it said."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from onroll.access.models import Session
from onroll.access.roles import Role
from onroll.administration.leavers import leave, read_leavers, what_ends
from onroll.administration.people import find_person
from onroll.children.models import Allocation
from onroll.children.tests.scene import write
from onroll.design.spreadsheets import xlsx_bytes
from onroll.exchange.reading import Upload
from onroll.people.actions import Refused
from onroll.people.models import Post

from .conftest import TODAY
from .test_people import has_signed_in


def works_with_mia(cast, name):
    allocation = Allocation(
        authority=cast.ashcombe,
        child=cast.mia,
        account=cast.account(name),
        role=Role.SOCIAL_WORKER,
        start=TODAY - timedelta(days=90),
    )
    return write(allocation)


@pytest.mark.proves("LNK-4")
def test_a_leaver_is_out_at_once_and_the_work_goes_to_the_successor(cast, client):
    worker, next_one = cast.account("worker"), cast.add("next", Role.SOCIAL_WORKER, team=cast.team)
    works_with_mia(cast, "worker")
    theirs = Client()
    theirs.force_login(worker)
    has_signed_in(worker)
    theirs.force_login(worker)
    assert Session.objects.filter(account=worker).exists()
    client.force_login(cast.account("kiran"))

    address = reverse("administration:leave", args=[worker.public_id])
    said = client.get(address).content.decode()
    done = client.post(address, {"successor": str(next_one.public_id)})

    assert "social worker of 1 child" in said
    assert "Mia" not in said
    assert done.status_code == 302
    assert theirs.get("/").status_code == 302
    assert not Session.objects.filter(account=worker).exists()
    worker.refresh_from_db()
    assert not worker.is_active
    assert not worker.has_usable_password()
    assert not Post.objects.filter(account=worker).live(TODAY).exists()
    now = Allocation.unscoped.filter(child=cast.mia).exclude(end__lte=TODAY)
    assert [link.account for link in now] == [next_one]


@pytest.mark.proves("LNK-4", "TEN-3")
def test_who_also_works_elsewhere_keeps_that_and_nobody_is_told(cast):
    teacher = cast.account("teacher")
    write(
        Post(
            authority=cast.castlebury, account=teacher, role=Role.DESIGNATED_TEACHER, school=cast.fernhill, start=TODAY
        )
    )

    leave(teacher, successor=None, actor=cast.actor("kiran"))

    teacher.refresh_from_db()
    assert teacher.is_active
    assert [post.authority for post in Post.objects.filter(account=teacher).live(TODAY)] == [cast.castlebury]
    sentences = what_ends(find_person(teacher.public_id, cast.actor("kiran")), cast.actor("kiran")).sentences
    assert not any("Castlebury" in sentence for sentence in sentences)


def test_nobody_ends_their_own_access_and_only_keepers_end_anybodys(cast):
    with pytest.raises(Refused, match="your own access"):
        leave(cast.account("kiran"), successor=None, actor=cast.actor("kiran"))
    with pytest.raises(Exception, match="role does not end access"):
        leave(cast.account("worker"), successor=None, actor=cast.actor("manager"))


def a_list(cast):
    return [
        (cast.account("worker").email, cast.account("manager").email),
        (cast.account("teacher").email.upper(), ""),
        ("nobody@example.org", ""),
        ("not an address", ""),
        (cast.account("kiran").email, ""),
        (cast.account("worker").email, ""),
    ]


@pytest.mark.proves("LNK-4")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_of_leavers_is_read_row_by_row(cast, kind):
    data = "\n".join(["Work e-mail,Successor", *(",".join(row) for row in a_list(cast))]).encode()
    if kind == "xlsx":
        data = xlsx_bytes("Leavers", ["Work e-mail", "Successor"], a_list(cast))

    found = read_leavers(Upload("The list", data), cast.actor("kiran"))

    assert [leaver.person.account for leaver in found.leavers] == [cast.account("worker"), cast.account("teacher")]
    assert found.leavers[0].successor.account == cast.account("manager")
    assert [line for line, _ in found.not_understood] == [4, 5, 6, 7]
    assert found.not_understood[0][1] == "Nobody with this address holds a post here."
    assert "twice" in found.not_understood[3][1]


def test_somebody_known_only_elsewhere_is_nobody_on_the_list(cast):
    other = cast.add("elsewhere", Role.SEND, cast.castlebury)

    found = read_leavers(Upload("The list", f"email\n{other.email}".encode()), cast.actor("kiran"))

    assert found.not_understood == [(2, "Nobody with this address holds a post here.")]


@pytest.mark.proves("LNK-4")
def test_nothing_ends_before_the_list_was_looked_at(cast, client):
    client.force_login(cast.account("kiran"))
    address = reverse("administration:leavers")
    data = "\n".join(["E-mail,Successor", *(",".join(row) for row in a_list(cast))]).encode()

    shown = client.post(address, {"file": SimpleUploadedFile("leavers.csv", data)}).content.decode()

    assert "people leave today" in shown
    assert "Line 4" in shown
    assert Post.objects.filter(account=cast.account("worker")).live(TODAY).exists()

    key = shown.split('name="key" value="')[1].split('"')[0]
    client.post(address, {"act": "end", "key": key})

    for name in ("worker", "teacher"):
        assert not Post.objects.filter(account=cast.account(name)).live(TODAY).exists()


def test_a_file_that_is_no_list_is_refused_in_words(cast, client):
    client.force_login(cast.account("kiran"))
    for data in (b"PK\x03\x04xl/broken", b"name\nJo", b"\x00\x01"):
        answer = client.post(reverse("administration:leavers"), {"file": SimpleUploadedFile("l.csv", data)})
        assert answer.status_code == 200
        assert "There is a problem" in answer.content.decode()


@pytest.mark.proves("LNK-4")
def test_a_successor_takes_over_for_the_time_that_was_left(cast):
    worker, next_one = cast.account("worker"), cast.add("next", Role.SOCIAL_WORKER, team=cast.team)
    held = works_with_mia(cast, "worker")
    held.end = TODAY + timedelta(days=10)
    write(held)
    planned = {"authority": cast.ashcombe, "child": cast.mia, "role": Role.SOCIAL_WORKER}
    write(Allocation(**planned, account=cast.add("third", Role.SOCIAL_WORKER), start=held.end))

    leave(worker, successor=next_one, actor=cast.actor("kiran"))

    spell = Allocation.unscoped.get(account=next_one)
    assert (spell.start, spell.end) == (TODAY, TODAY + timedelta(days=10))


def test_a_successor_who_works_with_the_child_already_gets_no_second_link(cast):
    first, second = cast.add("first", Role.IRO), cast.add("second", Role.IRO)
    for account in (first, second):
        keys = {"authority": cast.ashcombe, "child": cast.mia, "role": Role.IRO}
        write(Allocation(**keys, account=account, start=TODAY - timedelta(days=9)))

    leave(first, successor=second, actor=cast.actor("kiran"))

    assert Allocation.unscoped.filter(account=second).count() == 1

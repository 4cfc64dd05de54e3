"""Who works at one school for several authorities: each child is opened in its own, and the log there says so."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from onroll.access.roles import Role
from onroll.children.models import ServiceCase
from onroll.history.models import Entry
from onroll.people.models import Cover, Post

from .scene import a_child, a_person, a_place, a_school, an_allocation, an_authority, an_episode, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    from django.utils import timezone

    return timezone.localdate()


@pytest.fixture
def two(today):
    """Marcus works at Hillside for Ashcombe and for Castlebury, which both know a child of the same name."""
    ashcombe, castlebury = an_authority(), an_authority("998", "Castlebury", colour="#8a3b12")
    hillside, riverside = a_school(), a_school("Riverside")
    marcus, _ = a_person(ashcombe, Role.DESIGNATED_TEACHER, "Marcus Bell", school=hillside)
    keys = {"account": marcus, "role": Role.DESIGNATED_TEACHER, "start": date(2021, 1, 1)}
    write(Post(authority=castlebury, school=hillside, **keys))
    children = [a_child(where, "Mia Dawson", number="N1") for where in (ashcombe, castlebury)]
    for child in children:
        an_episode(child)
        a_place(child, hillside)
    elsewhere = a_child(castlebury, "Reece Holt")
    an_episode(elsewhere)
    a_place(elsewhere, riverside)
    return {"marcus": marcus, "here": children[0], "there": children[1], "elsewhere": elsewhere, "school": hillside}


def signed_in(account):
    client = Client()
    client.force_login(account)
    return client


def page_of(child):
    return reverse("profile:story", args=[child.public_id])


@pytest.mark.proves("AWK-2", "TEN-4")
def test_a_teacher_opens_each_child_in_the_childs_own_authority(two):
    client = signed_in(two["marcus"])

    for child in (two["here"], two["there"]):
        answer = client.get(page_of(child))
        text = answer.content.decode()
        assert answer.status_code == 200
        assert f"{child.authority.name} Virtual School" in text
        assert f"authority.css?of={child.authority.code}" in text
        entry = Entry.objects.filter(authority=child.authority_id).latest("number")
        assert (entry.child, entry.actor_id, entry.outcome) == (child.pk, two["marcus"].pk, "shown")
    assert client.get(page_of(two["elsewhere"])).status_code == 404


@pytest.mark.proves("AWK-2", "TEN-4")
def test_lists_are_read_and_logged_authority_by_authority(two):
    client = signed_in(two["marcus"])

    home, roll = client.get("/").content.decode(), client.get(reverse("children:roll")).content.decode()

    for text in (home, roll):
        assert page_of(two["here"]) in text
        assert page_of(two["there"]) in text
        assert page_of(two["elsewhere"]) not in text
        assert "authority.css" not in text
    assert "At Hillside: 1 child from Ashcombe, 1 from Castlebury" in home
    for child in (two["here"], two["there"]):
        lists = Entry.objects.filter(authority=child.authority_id, act="list")
        assert {entry.children for entry in lists} == {str(child.pk)}
        assert {entry.route for entry in lists} == {"home", "children:roll"}


def test_a_write_about_a_child_is_written_in_the_childs_authority(two, today):
    from onroll.history.models import Change

    client = signed_in(two["marcus"])
    place = reverse("children:entries", args=[two["there"].public_id])
    assert client.get(place).status_code == 200
    from onroll.children.models import SchoolPlace

    held = SchoolPlace.unscoped.get(child=two["there"])
    answer = client.post(reverse("children:place_confirm", args=[two["there"].public_id, held.public_id]))

    assert answer.status_code == 302
    made = Change.objects.filter(child=two["there"].pk).latest("pk")
    assert made.authority == two["there"].authority_id
    assert made.post == Post.objects.get(account=two["marcus"], authority=two["there"].authority).pk


def test_staff_of_an_authority_never_get_a_mixed_view(two):
    """Two posts in two authorities that are not at one school stay apart: one is chosen."""
    account, _ = a_person(two["here"].authority, Role.VSH)
    write(Post(authority=two["there"].authority, account=account, role=Role.VSH, start=date(2021, 1, 1)))
    client = signed_in(account)

    assert client.get(page_of(two["here"])).status_code == 200
    assert client.get(page_of(two["there"])).status_code == 404
    assert page_of(two["there"]) not in client.get("/").content.decode()


def test_an_ended_post_for_the_other_authority_ends_its_children(two, today):
    held = Post.objects.get(account=two["marcus"], authority=two["there"].authority)
    held.end = today
    write(held)
    client = signed_in(two["marcus"])

    assert client.get(page_of(two["there"])).status_code == 404
    assert page_of(two["there"]) not in client.get("/").content.decode()


def test_the_other_authority_costs_the_page_a_few_queries_and_a_list_none_for_each_child(
    two, django_assert_max_num_queries
):
    client = signed_in(two["marcus"])
    client.get("/")
    with django_assert_max_num_queries(31) as few:
        client.get("/")
    for n in range(4):
        child = a_child(two["there"].authority, f"Child {n}")
        an_episode(child)
        a_place(child, two["school"])
    with django_assert_max_num_queries(len(few)):
        client.get("/")


def test_a_reviewing_officer_finishes_the_paperwork_and_reads_nothing_else(today):
    ashcombe = an_authority()
    child = a_child(ashcombe)
    an_episode(child)
    carol, _ = a_person(ashcombe, Role.IRO, "Carol Swift")
    an_allocation(child, carol, Role.IRO, end=today)
    client = signed_in(carol)

    assert client.get(page_of(child)).status_code == 200
    assert client.get(reverse("profile:school", args=[child.public_id])).status_code == 404
    assert "Reviews to finish" in client.get("/").content.decode()
    assert page_of(child) not in client.get(reverse("children:roll")).content.decode()


@pytest.mark.proves("AWK-4")
def test_cover_is_chosen_shown_and_logged_as_one_for_the_other(today):
    ashcombe = an_authority()
    child = a_child(ashcombe)
    an_episode(child)
    tom, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Tom Adeyemi")
    alice, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Alice Beck")
    an_allocation(child, tom, Role.SOCIAL_WORKER)
    days = {"start": today, "end": today + timedelta(days=3)}
    cover = write(Cover(authority=ashcombe, post=tom.posts.get(), email=alice.email, **days))
    client = signed_in(alice)
    assert client.get(page_of(child)).status_code == 404

    client.post(reverse("people:posts"), {"post": str(cover.public_id)})
    text = client.get(page_of(child)).content.decode()

    assert "for Tom Adeyemi" in text
    entry = Entry.objects.filter(child=child.pk).latest("number")
    assert (entry.actor_id, entry.on_behalf_of) == (alice.pk, tom.pk)


@pytest.mark.proves("PAR-1")
def test_a_partner_has_own_cases_on_the_home_page_and_no_search(today):
    ashcombe = an_authority()
    child, other = a_child(ashcombe), a_child(ashcombe, "Reece Holt")
    simon, _ = a_person(ashcombe, Role.EP, "Simon Achebe")
    write(ServiceCase(authority=ashcombe, child=child, account=simon, service=Role.EP, about="", start=today))
    client = signed_in(simon)

    text = client.get("/").content.decode()

    assert "Your cases" in text
    assert page_of(child) in text
    assert page_of(other) not in text
    assert "Find a child" not in text
    assert client.get(page_of(child)).status_code == 200
    assert client.get(page_of(other)).status_code == 404
    assert client.get(reverse("children:roll")).status_code == 404

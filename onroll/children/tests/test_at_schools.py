"""The children on the page of a school, and how they pass on when it closes."""

from datetime import date

import pytest
from django.urls import reverse

from onroll.access.roles import Role
from onroll.children.at_schools import children_here, count_children
from onroll.children.models import SchoolPlace
from onroll.children.passing_on import pass_along
from onroll.children.queries import school_moves_in
from onroll.history.models import Change
from onroll.schools.models import School, SchoolLink
from onroll.schools.queries import succession_of

from .scene import a_child, a_person, a_place, a_school, an_actor, an_allocation, an_authority, an_episode, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def ashcombe():
    return an_authority()


@pytest.fixture
def hillside():
    return a_school("Hillside")


def looked_after(authority, name, school, **place):
    child = a_child(authority, name)
    an_episode(child)
    a_place(child, school, **place)
    return child


def test_the_head_sees_the_children_at_a_school_today(ashcombe, hillside):
    mia = looked_after(ashcombe, "Mia Dawson", hillside)
    looked_after(ashcombe, "Noah Birch", hillside, kind="awaiting")
    looked_after(ashcombe, "Ruby Lockett", hillside, end=date(2025, 7, 1))
    a_place(a_child(ashcombe, "Ava Thornley"), hillside)

    head = an_actor(ashcombe, Role.VSH)

    assert [row["child"] for row in children_here(hillside, head)["rows"]] == [mia]
    assert count_children(head) == count_children(head, [hillside.pk]) == {hillside.pk: 1}
    assert count_children(head, []) == {}


def test_a_social_worker_sees_their_own_children_there_alone(ashcombe, hillside):
    account, tom = a_person(ashcombe, Role.SOCIAL_WORKER)
    mia = looked_after(ashcombe, "Mia Dawson", hillside)
    looked_after(ashcombe, "Noah Birch", hillside)
    an_allocation(mia, account, Role.SOCIAL_WORKER)

    assert [row["child"] for row in children_here(hillside, tom)["rows"]] == [mia]
    assert count_children(tom) == {hillside.pk: 1}


def test_another_authority_sees_none_of_them(ashcombe, hillside):
    looked_after(ashcombe, "Mia Dawson", hillside)

    head = an_actor(an_authority("998", "Castlebury"), Role.VSH)

    assert children_here(hillside, head)["rows"] == []
    assert count_children(head) == {}


def test_a_role_that_sees_no_children_has_no_panel(ashcombe, hillside):
    assert children_here(hillside, an_actor(ashcombe, Role.FINANCE)) is None


@pytest.fixture
def chain(hillside):
    """Hillside closed in 2025 and became an academy, which was joined to Riverside in January 2026."""
    hillside.status, hillside.closed_on = School.Status.CLOSED, date(2025, 8, 31)
    write(hillside)
    academy = a_school("Hillside Academy", status="closed", opened_on=date(2025, 9, 1), closed_on=date(2025, 12, 31))
    riverside = a_school("Riverside", opened_on=date(2020, 9, 1))
    write(SchoolLink(predecessor=hillside, successor=academy))
    write(SchoolLink(predecessor=academy, successor=riverside))
    return academy, riverside


def test_children_pass_along_the_chain_in_one_act_which_is_no_move(ashcombe, hillside, chain):
    academy, riverside = chain
    mia = looked_after(ashcombe, "Mia Dawson", hillside)
    officer = an_actor(ashcombe, Role.VS_ADMIN)
    acts = Change.objects.filter(within=None).count()

    passed = pass_along(hillside, succession_of(hillside, officer.today), actor=officer)

    places = list(SchoolPlace.unscoped.filter(child=mia).order_by("start"))
    assert passed == 1
    assert [(place.school, place.start, place.end) for place in places] == [
        (hillside, date(2024, 9, 3), date(2025, 9, 1)),
        (academy, date(2025, 9, 1), date(2026, 1, 1)),
        (riverside, date(2026, 1, 1), None),
    ]
    assert school_moves_in(places, date(2025, 4, 1), date(2026, 4, 1)) == 0
    assert Change.objects.filter(within=None).count() == acts + 1


def test_practice_support_passes_the_children_on_from_the_page_of_the_school(client, ashcombe, hillside, chain):
    _, riverside = chain
    looked_after(ashcombe, "Mia Dawson", hillside)
    account, _ = a_person(ashcombe, Role.VS_ADMIN)
    client.force_login(account)
    address = reverse("children:pass_on", args=[hillside.public_id])

    page = client.get(reverse("schools:school", args=[hillside.public_id])).text
    asked = client.get(address).text
    done = client.post(address, follow=True)

    assert "Mia Dawson" in page
    assert address in page
    assert "1 child will pass from Hillside" in asked
    assert done.redirect_chain[-1][0] == reverse("schools:school", args=[riverside.public_id])
    assert "1 place passed to Riverside." in done.text
    assert "There is nothing to pass on" in client.get(address).text


def test_a_social_worker_passes_no_children_on_and_a_school_that_stands_has_no_such_page(client, ashcombe, hillside):
    for role in (Role.SOCIAL_WORKER, Role.VS_ADMIN):
        client.force_login(a_person(ashcombe, role)[0])
        assert client.get(reverse("children:pass_on", args=[hillside.public_id])).status_code == 404


def test_the_page_of_a_school_asks_as_many_questions_for_one_child_as_for_twenty(
    client, ashcombe, hillside, django_assert_max_num_queries
):
    for number in range(20):
        looked_after(ashcombe, f"Mia Dawson{number}", hillside)
    client.force_login(a_person(ashcombe, Role.VSH)[0])

    with django_assert_max_num_queries(18):
        text = client.get(reverse("schools:school", args=[hillside.public_id])).text

    assert text.count("Mia Dawson") == 20

"""Which cell of the need-to-know table opens a page about a child."""

from datetime import date

import pytest

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.pages import ChildPage
from onroll.children.tests.scene import (
    a_child,
    a_person,
    a_place,
    a_school,
    an_allocation,
    an_authority,
    an_episode,
)


@pytest.mark.parametrize(
    ("role", "summary", "reads", "writes"),
    [
        (Role.SOCIAL_WORKER, True, True, True),
        (Role.IRO, True, True, False),
        (Role.DESIGNATED_TEACHER, True, False, False),
        (Role.ADMINISTRATOR, False, False, False),
    ],
)
def test_a_page_opens_by_the_cell_to_write_to_read_or_to_be_told_as_it_says(role, summary, reads, writes):
    page = ChildPage()
    page.section = Section.CARE
    page.actor = Actor(authority=1, role=role, today=date(2026, 3, 31), name="Sam Doyle")

    assert page._may_open() == reads
    page.summary_will_do = True
    assert page._may_open() == summary
    page.writes = True
    assert page._may_open() == writes


@pytest.mark.django_db
def test_a_page_of_a_child_in_reach_is_not_found_by_a_role_without_its_act_or_its_cell(client):
    authority = an_authority()
    child = a_child(authority)
    an_episode(child)
    director, _ = a_person(authority, Role.DIRECTOR)
    an_allocation(child, director, Role.DIRECTOR)
    client.force_login(director)

    # A director has the act to open a record, and no cell for what the child needs; nor the act to read its history.
    answers = [client.get(f"/children/{child.public_id}{page}").status_code for page in ("", "/needs", "/history")]

    assert answers == [200, 404, 404]


@pytest.mark.django_db
def test_a_look_back_at_one_child_is_not_opened_by_another_who_was_in_reach_then(client):
    authority = an_authority()
    school = a_school()
    teacher, _ = a_person(authority, Role.DESIGNATED_TEACHER, school=school)
    new, old = a_child(authority, "New Comer"), a_child(authority, "Old Hand")
    for child, start in ((new, date(2026, 1, 5)), (old, date(2023, 9, 4))):
        an_episode(child)
        a_place(child, school, start)
    client.force_login(teacher)

    page = client.get(f"/children/{new.public_id}?as-at=01/03/2025").content.decode()

    assert "Choose a day on which this record was open to you" in page

"""Which cell of the need-to-know table opens a page about a child."""

from datetime import date

import pytest

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.pages import ChildPage


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

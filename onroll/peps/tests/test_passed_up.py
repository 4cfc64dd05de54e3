"""A late plan is passed up a chain that the authority sets: social worker, team manager, head teacher, the heads."""

from dataclasses import replace
from datetime import date

import pytest

from onroll.access.roles import Role
from onroll.authorities.models import Team
from onroll.children.tests.scene import a_person, together, write
from onroll.peps.models import PepSettings
from onroll.peps.queries import Work
from onroll.peps.tests.scene import a_cast, a_pep
from onroll.site.home import Home

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 6)
# One, five and ten working days after it.
MONDAY, FRIDAY, NEXT_FRIDAY = date(2026, 11, 9), date(2026, 11, 13), date(2026, 11, 20)
THURSDAY = date(2026, 11, 12)
PASSED_UP = "Ask why this plan is late: it waits for the school"


@pytest.fixture
@together()
def cast(db):
    """The school's part of Mia's plan is late; social care's is in."""
    cast = a_cast(DUE)
    team = write(Team(authority=cast.authority, name="North"))
    post = cast.accounts["worker"].posts.get()
    post.team = team
    write(post)
    for name, role, held in (
        ("manager", Role.TEAM_MANAGER, {"team": team}),
        ("principal", Role.HEAD_TEACHER, {"school": cast.school}),
    ):
        cast.accounts[name], cast.actors[name] = a_person(cast.authority, role, f"{name.title()} Hale", **held)
    a_pep(cast.child, due_on=DUE, state="held", held_on=date(2026, 11, 2), social_worker_part_on=date(2026, 11, 2))
    return cast


def hears(cast, name: str, today: date) -> list[str]:
    return [item.words for item in Work(replace(cast.actors[name], today=today)).items]


@pytest.mark.parametrize(("name", "before", "from_"), [("worker", DUE, MONDAY), ("manager", THURSDAY, FRIDAY)])
def test_a_late_plan_of_another_stands_in_the_list_after_so_many_working_days(cast, name, before, from_):
    assert hears(cast, name, before) == []
    assert hears(cast, name, from_) == [PASSED_UP]


def test_a_head_teacher_hears_of_it_where_the_authority_wants_it_so(cast):
    assert hears(cast, "principal", NEXT_FRIDAY) == []
    write(PepSettings(authority=cast.authority, late_to_head_teacher=8))

    assert hears(cast, "principal", date(2026, 11, 18)) == [PASSED_UP]


def test_the_heads_are_told_how_many_and_not_one_by_one(cast):
    head = replace(cast.actors["head"], today=NEXT_FRIDAY)

    assert Work(replace(head, today=date(2026, 11, 19))).late_for_the_heads == 0
    assert Work(head).late_for_the_heads == 1
    lines = {line.words: line.url for line in Home(head).attention}
    assert lines["1 PEP late by 10 working days or more"] == "/peps?state=late"


def test_nobody_hears_of_it_where_the_chain_is_off(cast):
    off = {"late_to_social_worker": None, "late_to_team_manager": None, "late_to_the_heads": None}
    write(PepSettings(authority=cast.authority, **off))

    assert hears(cast, "worker", NEXT_FRIDAY) == hears(cast, "manager", NEXT_FRIDAY) == []
    assert Work(replace(cast.actors["head"], today=NEXT_FRIDAY)).late_for_the_heads == 0


def test_whoever_has_something_late_to_do_is_not_asked_why(cast):
    assert hears(cast, "teacher", NEXT_FRIDAY) == ["Finish the plan and send it to the virtual school"]

"""The guard alone, in full: every role, every link, every kind of record, against the table of need to know."""

import csv

import pytest

from onroll.access.roles import PARTNERS, SCHOOL_STAFF, Role
from onroll.children.acting import finishing
from onroll.children.models import Allocation, Child
from onroll.children.tests.scene import together, write

from .scene import BY_ALLOCATION, BY_POST, ENDED, LIVE, NEVER, NOT_YET, build, child_models
from .test_pages import CELLS

LINKED = {*BY_POST, *BY_ALLOCATION, *SCHOOL_STAFF, *PARTNERS, Role.TEAM_MANAGER}


@pytest.fixture
@together()
def scene(db):
    return build()


def cell_of(section: str, role: Role) -> str:
    with CELLS.open(newline="") as file:
        return next(row[role] for row in csv.DictReader(file) if row["section"] == section)


@pytest.mark.proves("ACC-1", "ACC-4")
def test_every_role_sees_the_child_exactly_while_its_link_lives(scene):
    from onroll.people.models import Post

    for role in Role:
        for link in (LIVE, ENDED, NEVER, NOT_YET):
            post = Post.objects.filter(account=scene.people[role, link]).first()
            actor = scene.actor(role, link)
            if not post.is_live(scene.today):
                continue
            seen = Child.visible_to(actor).filter(pk=scene.child.pk).exists()
            assert seen == (link == LIVE and role in LINKED), f"{role} {link}"


@pytest.mark.proves("ACC-1", "SEC-0")
def test_every_kind_of_record_is_read_by_the_roles_of_its_section_alone(scene):
    for role in LINKED:
        actor = scene.actor(role)
        for model in child_models():
            if model is Allocation:
                continue
            section = model.classes.section.value
            sees = model.visible_to(actor).filter(child=scene.child).exists()
            may = cell_of(section, role) in ("R", "W")
            assert sees <= may, f"{role} reads {model._meta.label} of section {section}"
            if model._meta.label_lower not in ("children.difference",):
                assert sees == may, f"{role} does not read {model._meta.label} of section {section}"


def test_carers_stand_apart_from_the_other_people_round_a_child(scene):
    for role in LINKED:
        actor = scene.actor(role)
        carers = Allocation.visible_to(actor).filter(child=scene.child, role=Role.CARER).exists()
        assert carers == (cell_of("o", role) in ("R", "W") and cell_of("c", role) in ("R", "W")), role


@pytest.mark.proves("TEN-2")
def test_nobody_sees_a_child_of_another_authority(scene):
    for role in Role:
        assert not Child.visible_to(scene.actor(role)).filter(pk=scene.stranger.pk).exists(), role


def test_the_days_for_paperwork_open_the_child_to_the_officer_who_reviewed_alone(scene):
    reviewed = Allocation.unscoped.get(child=scene.child, account=scene.people[Role.IRO, ENDED])
    reviewed.end = scene.today
    write(reviewed)

    open_to = [
        link
        for link in (LIVE, ENDED, NEVER, NOT_YET)
        if Child.visible_to(finishing(scene.actor(Role.IRO, link))).filter(pk=scene.child.pk).exists()
    ]

    assert open_to == [ENDED]

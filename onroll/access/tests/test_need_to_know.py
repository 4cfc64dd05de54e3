"""What a role may do and which sections it reads, asked of the guard itself: no page and no child stands between."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from onroll.access import sections
from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.openings import LiveOpening
from onroll.access.roles import COMMAND_LINE, SYSTEM, Role
from onroll.access.sections import Section, cell, has_summary, letter_of, may_read, may_write, readers_of

with (Path(sections.__file__).parent / "sections.csv").open(newline="") as file:
    TABLE = {(Section(row["section"]), role): row[role] for row in csv.DictReader(file) for role in Role}
OPENING = LiveOpening(1, uuid4(), "E-1", child=1, child_public_id=uuid4(), until=datetime(2026, 3, 31, 12, tzinfo=UTC))
KEPT_BY_THE_VIRTUAL_SCHOOL = (Section.ADDRESS, Section.CARER, Section.HEALTH)


def in_role(role: str, **more) -> Actor:
    return Actor(authority=1, role=role, today=date(2026, 3, 31), name="Sam Doyle", **more)


@pytest.mark.parametrize("role", Role)
def test_a_role_has_the_acts_that_list_it_and_no_other(role):
    for act in Can:
        assert can(in_role(role), act) == (role in act.roles), act


@pytest.mark.parametrize("role", Role)
def test_in_an_emergency_opening_a_role_reads_the_one_record_and_does_nothing_else(role):
    open_to = {Can.USE_ONROLL, Can.SEE_CHILD, Can.SEE_SCHOOLS, Can.OPEN_IN_EMERGENCY}
    for act in Can:
        assert can(in_role(role, opening=OPENING), act) == (act in open_to and role in act.roles), act


def test_who_stands_in_for_somebody_does_their_daily_work_and_opens_nothing_to_anyone():
    covering = in_role(Role.VSH, cover=1)

    assert can(covering, Can.SEE_CHILDREN)
    assert can(covering, Can.RECORD_CHANGES)
    for act in (Can.OPEN_IN_EMERGENCY, Can.KEEP_POSTS, Can.GIVE_COVER, Can.AGREE_TO_LOOSEN, Can.CHANGE_SETTINGS):
        assert not can(covering, act)
        assert can(replace(covering, cover=None), act) == (Role.VSH in act.roles)


def test_a_job_has_every_act_and_the_terminal_those_of_a_data_officer():
    for act in Can:
        assert can(in_role(SYSTEM), act)
        assert can(in_role(COMMAND_LINE), act) == (Role.DATA_OFFICER in act.roles)


@pytest.mark.parametrize("role", Role)
def test_a_role_reads_and_writes_what_its_cell_says(role):
    actor = in_role(role, keeps_the_roll=False)
    for section in Section:
        letter = TABLE[section, role]
        assert letter_of(section, role) == cell(actor, section) == letter, section
        assert may_write(actor, section) == (letter == "W"), section
        assert may_read(actor, section) == (letter in ("W", "R")), section
        assert has_summary(actor, section) == (letter in ("W", "R", "S")), section
        assert (role in readers_of(section)) == (letter in ("W", "R")), section


@pytest.mark.parametrize("role", Role)
def test_the_virtual_school_writes_three_sections_more_where_it_keeps_the_roll(role):
    for section in Section:
        letter = TABLE[section, role]
        kept = role in (Role.VSH, Role.DEPUTY_VSH, Role.VS_OFFICER) and section in KEPT_BY_THE_VIRTUAL_SCHOOL
        assert cell(in_role(role), section) == ("W" if kept and letter == "R" else letter), section


def test_a_job_writes_every_section_and_the_terminal_a_data_officers_and_the_carers():
    for section in Section:
        assert cell(in_role(SYSTEM), section) == "W"
        of_data_officer = "W" if section is Section.CARER else TABLE[section, Role.DATA_OFFICER]
        assert cell(in_role(COMMAND_LINE), section) == of_data_officer, section


def test_a_role_that_the_table_does_not_know_reads_nothing():
    assert not any(cell(in_role("a visitor"), section) for section in Section)


def test_cover_for_some_sections_opens_no_other():
    actor = in_role(Role.SOCIAL_WORKER, only_sections=frozenset({"a", "k"}))

    assert {section: cell(actor, section) for section in Section if cell(actor, section)} == {
        Section.BASICS: "W",
        Section.HEALTH: "W",
    }


def test_who_only_finishes_the_paperwork_writes_no_section():
    for section in Section:
        letter = TABLE[section, Role.SOCIAL_WORKER]
        assert cell(in_role(Role.SOCIAL_WORKER, finishing=True), section) == ("R" if letter == "W" else letter)


def test_an_emergency_opening_writes_nothing_and_reads_what_an_emergency_needs():
    actor = in_role(Role.VS_ADMIN, opening=OPENING)

    assert cell(actor, Section.BASICS) == "R"
    assert cell(actor, Section.ADDRESS) == "R"
    assert cell(actor, Section.PEP) == "S"
    assert cell(actor, Section.SEN) == ""
    assert cell(actor, Section.SEALED) == ""


def test_every_section_has_a_short_name_and_its_title_where_it_has_none():
    assert Section.BASICS.short == "name and birth"
    assert Section.SAFEGUARDING.short == Section.SAFEGUARDING.title[0].lower() + Section.SAFEGUARDING.title[1:]

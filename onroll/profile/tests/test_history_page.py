"""What changed in a child's record, as people read it."""

from datetime import date

import pytest
from django.utils.html import strip_tags

from onroll.access.roles import Role
from onroll.children.models import CareEpisode, PlacementAddress, SDQScore, SENNeed
from onroll.children.tests.scene import a_child, an_episode
from onroll.history.changes import change
from onroll.profile.history import History
from onroll.profile.record import Record

from .conftest import TODAY, a_home


@pytest.fixture
def noah(cast):
    child = a_child(cast.ashcombe, "Noah Birch")
    episode = an_episode(child, date(2024, 1, 8), legal_status="C1")
    a_home(episode, "5 CANARYROAD", "ZZ1 1ZZ", area="out")
    return child


def acted(cast, role, child, record, **values):
    """The person in this role saves these values."""
    for name, value in values.items():
        setattr(record, name, value)
    with change("test.set_up", actor=cast.actor(role), child=child, reason="The court said so") as this:
        this.save(record)


def told(cast, child, role=Role.VSH, **narrowed):
    entries = History(Record(child, cast.actor(role), TODAY), **narrowed).entries
    return [(strip_tags(str(entry.text)), entry.by, list(entry.details)) for entry in entries]


def everything(cast, child, role):
    return str(told(cast, child, role))


def test_a_change_says_who_did_what_and_each_field_before_and_after(cast, noah):
    episode = CareEpisode.unscoped.get(child=noah)
    acted(cast, Role.SOCIAL_WORKER, noah, episode, legal_status="C2", start=date(2024, 1, 9))

    assert told(cast, noah)[0] == (
        "Tom Adeyemi set up a test.",
        "Social worker · Reason: The court said so",
        [
            "Care episode, start: 8 January 2024 → 9 January 2024",
            "Care episode, legal status: Interim care order → Full care order",
        ],
    )


def test_what_was_added_is_told_in_one_line(cast, noah):
    need = SENNeed(authority=cast.ashcombe, child=noah, value="SEMH", start=date(2025, 1, 6), source="school")
    acted(cast, Role.VSH, noah, need)

    assert told(cast, noah)[0][2] == [
        "SEN need added: from 6 January 2025, Social, emotional and mental health (told by the school)"
    ]


def test_an_address_is_told_to_have_changed_and_never_what_it_is(cast, noah):
    acted(cast, Role.SOCIAL_WORKER, noah, PlacementAddress.unscoped.get(child=noah), address="6 CANARYROAD")

    assert told(cast, noah)[0][2] == ["Placement address, address: changed"]
    assert "CANARYROAD" not in everything(cast, noah, Role.SOCIAL_WORKER)
    assert "v1." not in everything(cast, noah, Role.SOCIAL_WORKER)


@pytest.mark.parametrize("role", [Role.VSH, Role.VS_ADMIN, Role.DATA_OFFICER, Role.IRO])
def test_only_kinds_of_record_that_the_role_reads_are_told(role, cast, noah):
    acted(cast, Role.VSH, noah, SDQScore(authority=cast.ashcombe, child=noah, score=17, start=date(2025, 1, 6)))

    text = everything(cast, noah, role)

    assert ("SDQ score" in text) == (role != Role.VS_ADMIN)
    assert ("Placement address" in text) == (role != Role.VS_ADMIN)
    assert ("Out of the authority" in text) == (role != Role.VS_ADMIN)


def test_of_an_address_for_named_people_only_nothing_is_told_to_others(cast, noah):
    acted(cast, Role.SOCIAL_WORKER, noah, PlacementAddress.unscoped.get(child=noah), disclosure="only_named_users")

    for words in ("Placement address", "Placement area", "Out of the authority"):
        assert words not in everything(cast, noah, Role.VSH)
        assert words in everything(cast, noah, Role.SOCIAL_WORKER)


def test_an_entry_that_was_removed_is_shown_to_those_who_write_its_section(cast, noah):
    need = SENNeed(authority=cast.ashcombe, child=noah, value="SEMH", start=date(2025, 1, 6))
    acted(cast, Role.VSH, noah, need)
    with change("test.set_up", actor=cast.actor(Role.VSH), child=noah) as this:
        this.delete(need)

    assert "SEN need removed" in everything(cast, noah, Role.VSH)
    assert "SEN need" not in everything(cast, noah, Role.IRO)


def test_the_history_can_be_narrowed_by_person_and_by_part(cast, noah):
    acted(cast, Role.SOCIAL_WORKER, noah, CareEpisode.unscoped.get(child=noah), legal_status="C2")
    need = SENNeed(authority=cast.ashcombe, child=noah, value="SEMH", start=date(2025, 1, 6))
    acted(cast, Role.VSH, noah, need)
    tom = str(cast.account(Role.SOCIAL_WORKER).public_id)

    assert [text for text, *_ in told(cast, noah, by=tom)] == ["Tom Adeyemi set up a test."]
    assert [details[0][:8] for *_, details in told(cast, noah, part="j")] == ["SEN need"]
    choices = History(Record(noah, cast.actor(Role.VSH), TODAY)).choices
    assert (tom, "Tom Adeyemi") in choices.people
    assert ("j", "SEN") in choices.parts


def test_the_page_has_no_name_in_its_address(cast, noah, client):
    acted(cast, Role.SOCIAL_WORKER, noah, CareEpisode.unscoped.get(child=noah), legal_status="C2")
    client.force_login(cast.account(Role.VSH))
    tom = cast.account(Role.SOCIAL_WORKER).public_id

    text = client.get(f"/children/{noah.public_id}/history?by={tom}").content.decode()

    assert "Interim care order → Full care order" in text
    assert f'value="{tom}" selected' in text

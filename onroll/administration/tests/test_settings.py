"""Settings are looked at before they are saved; teams and school contacts are kept."""

import pytest
from django.urls import reverse

from onroll.access.models import Mail
from onroll.access.roles import Role
from onroll.administration.actions import add_team, move_post, rename_team
from onroll.administration.contacts import contacts, invite_all, not_asked_in
from onroll.administration.settings_groups import GROUPS, NOT_SET_HERE, changes
from onroll.authorities.models import Authority, Team
from onroll.children.tests.scene import write
from onroll.history.models import Change
from onroll.people.actions import Refused
from onroll.people.models import Post


def typed(client, group):
    """What the form of the group holds now."""
    form = client.get(reverse("administration:settings_group", args=[group])).context["form"]
    return {
        bound.html_name: "" if bound.value() is None else bound.value() for bound in form if bound.name != "live_from"
    }


def test_every_setting_of_an_authority_has_its_place_on_a_page():
    columns = {field.name for field in Authority._meta.concrete_fields}
    shown = [setting.field for group in GROUPS.values() for setting in group.settings]

    assert sorted(shown) == sorted(columns - set(NOT_SET_HERE))


def test_a_setting_is_saved_only_after_its_change_was_looked_at(cast, client):
    client.force_login(cast.account("kiran"))
    address = reverse("administration:settings_group", args=["signing-in"])
    new = {**typed(client, "signing-in"), "idle_minutes": "20"}

    looked = client.post(address, {**new, "act": "look"}).content.decode()

    cast.ashcombe.refresh_from_db()
    assert cast.ashcombe.idle_minutes == 30
    assert "From <b>30</b> to <b>20</b>" in looked
    assert "5 people" in looked

    client.post(address, {**new, "act": "save"})

    cast.ashcombe.refresh_from_db()
    assert cast.ashcombe.idle_minutes == 20
    assert Change.objects.filter(verb="authority.settings_changed", authority=cast.ashcombe.pk).exists()


@pytest.mark.parametrize(
    ("group", "field", "value", "words"),
    [
        ("name", "colour", "#ffdd00", "White words can&#x27;t be read on this colour"),
        ("name", "colour", "red", "Enter the colour as #"),
        ("signing-in", "idle_minutes", "31", "Enter a whole number from 5 to 30"),
        ("signing-in", "sign_in_hours", "13", "Enter a whole number from 1 to 12"),
        ("messages", "mail_address", "council", "Enter an e-mail address"),
        ("watch", "hours_end", "3", "The working day must end after it starts"),
        ("sources", "source_1", "school", "Name each source once"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_words(cast, client, group, field, value, words):
    client.force_login(cast.account("kiran"))
    data = {**typed(client, group), field: value, "act": "save"}
    before = Authority.objects.filter(pk=cast.ashcombe.pk).values().get()

    said = client.post(reverse("administration:settings_group", args=[group]), data).content.decode()

    assert words in said
    assert Authority.objects.filter(pk=cast.ashcombe.pk).values().get() == before


def test_the_order_of_trust_is_said_in_words(cast):
    group = GROUPS["sources"]
    values = {"order_of_trust": "school;person;list;ssda903;exchange", "live_from": cast.ashcombe.live_from}

    found = changes(cast.ashcombe, group, values, cast.actor("kiran"))

    assert [each.setting.field for each in found] == ["order_of_trust"]
    assert found[0].after.startswith("a school, then a person who types it in")


def test_teams_are_added_renamed_and_filled(cast):
    kiran = cast.actor("kiran")
    team = add_team("Leaving care", actor=kiran)
    rename_team(team, "Leaving care and after", actor=kiran)
    post = Post.objects.get(account=cast.account("worker"))
    move_post(post, team, actor=kiran)

    post.refresh_from_db()
    assert str(post.team) == "Leaving care and after"
    with pytest.raises(Refused, match="of this name already"):
        add_team("children in care 1", actor=kiran)
    theirs = write(Team(authority=cast.castlebury, name="Theirs"))
    with pytest.raises(Refused, match="not of your authority"):
        move_post(post, theirs, actor=kiran)


def test_a_team_page_moves_a_member(cast, client):
    client.force_login(cast.account("kiran"))
    team = add_team("Leaving care", actor=cast.actor("kiran"))
    post = Post.objects.get(account=cast.account("worker"))

    client.post(reverse("administration:team", args=[team.public_id]), {"act": "join", "post": str(post.public_id)})

    post.refresh_from_db()
    assert post.team == team


def test_schools_with_children_and_no_contact_come_first_and_no_child_is_told_of(cast, client):
    from onroll.children.tests.scene import a_child, a_place

    noah = a_child(cast.ashcombe, "Noah Birch", number="A2")
    a_place(noah, cast.hillside)

    rows = contacts(cast.actor("kiran"))
    client.force_login(cast.account("kiran"))
    said = client.get(reverse("administration:contacts")).content.decode()

    assert [(row.school.name, row.is_missing) for row in rows] == [
        ("Hillside School", True),
        ("Fernhill Academy", False),
    ]
    assert "1 without a designated teacher" in said
    assert "Noah" not in said
    assert "1 child" not in said


def test_all_designated_teachers_who_were_never_asked_get_one_message_each(cast, client):
    cast.add("deputy", Role.DEPUTY_DT, school=cast.fernhill)
    client.force_login(cast.account("kiran"))
    address = reverse("administration:invite_teachers")

    said = client.get(address).content.decode()
    client.post(address)

    assert "2 designated teachers and deputies have a post" in said
    assert sorted(Mail.objects.values_list("address", flat=True)) == sorted(
        cast.account(name).email for name in ("teacher", "deputy")
    )
    assert not_asked_in(cast.actor("kiran")) == []
    client.post(address)
    assert Mail.objects.count() == 2
    with pytest.raises(Refused):
        invite_all(contacts_of_nobody(cast), actor=cast.actor("manager"))


def contacts_of_nobody(cast):
    from onroll.administration.people import people_of

    return people_of(cast.actor("kiran"))[:1]

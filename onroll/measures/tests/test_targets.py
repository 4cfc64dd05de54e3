"""Targets: who sets them, what can't be one, and how a figure stands against it today."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from onroll.access.roles import Role
from onroll.children.tests.scene import TODAY, a_person, an_actor, an_authority
from onroll.history.models import Change
from onroll.measures.models import Target
from onroll.measures.targets import Refused, new_target, remove_target, set_target, standings

from .test_engine import looked_after

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority():
    return an_authority()


@pytest.fixture
def head(authority):
    return a_person(authority, Role.VSH)[1]


def a_target(head, measure="living-out-of-authority", **fields):
    target = new_target(head, on=TODAY)
    for name, value in {"measure": measure, "better": "lower", "value": Decimal(40), **fields}.items():
        setattr(target, name, value)
    return target


def test_a_target_is_set_by_name_and_the_history_has_it(head):
    target = set_target(a_target(head), actor=head)

    assert (target.period, target.set_by_id, target.set_on) == ("2025/26", head.account, TODAY)
    assert Change.objects.filter(verb="target.set").count() == 1
    remove_target(target, actor=head)
    assert not Target.objects.exists()


def test_an_adviser_sets_no_target(authority, head):
    with pytest.raises(Refused, match="role"):
        set_target(a_target(head), actor=an_actor(authority, Role.VS_OFFICER))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"measure": "no-such"}, "Choose a figure"),
        ({"value": Decimal(140)}, "0 to 100"),
        ({"end": date(2025, 8, 1)}, "before the first day"),
        ({"due_on": date(2025, 8, 1)}, "before its period"),
        ({"characteristic": "officer", "group": "1"}, "whom"),
        ({"by_autumn": Decimal(1), "by_spring": Decimal(2)}, "does not grow"),
        ({"measure": "school-changes", "by_autumn": Decimal(5)}, "both terms"),
        ({"measure": "school-changes", "by_autumn": Decimal(50), "by_spring": Decimal(20)}, "at least the one before"),
    ],
)
def test_what_can_be_no_target_is_said_in_words(head, fields, why):
    with pytest.raises(Refused, match=why):
        set_target(a_target(head, **fields), actor=head)


def test_there_is_one_target_of_a_figure_group_and_period(head):
    set_target(a_target(head), actor=head)

    with pytest.raises(Refused, match="already"):
        set_target(a_target(head), actor=head)
    set_target(a_target(head, characteristic="sex", group="F"), actor=head)


def test_a_target_stands_beside_its_figure_for_everyone_and_for_a_group(authority, head):
    for number, area in enumerate(["out", "out", "in", "in"]):
        looked_after(authority, f"Child {number}", area=area, born=date(2014 + 4 * (number > 1), 5, 6))
    set_target(a_target(head), actor=head)
    set_target(a_target(head, characteristic="phase", group="primary"), actor=head)

    found = standings(Target.objects.order_by("group"), actor=head)

    assert [(each.whom, each.words, each.judged.state) for each in found] == [
        ("Everyone", "at most 40%", "off_track"),
        ("Phase: Reception to Year 6", "at most 40%", "on_track"),
    ]


def test_the_number_of_queries_does_not_grow_with_the_targets(head, django_assert_max_num_queries):
    for measure in ("living-out-of-authority", "three-or-more-homes", "good-schools"):
        set_target(a_target(head, measure), actor=head)
    targets = list(Target.objects.all())

    with django_assert_max_num_queries(30):
        standings(targets, actor=head)


def test_the_head_sets_and_changes_a_target_on_pages(head):
    client = Client()
    client.force_login(head_account(head))
    typed = {
        "measure": "living-out-of-authority",
        "whom": "sex:F",
        "better": "lower",
        "value": "35",
        **{f"{name}_{part}": said for name, day in DAYS.items() for part, said in day.items()},
    }

    refused = client.post(reverse("measures:target_new"), {**typed, "value": "350"})
    saved = client.post(reverse("measures:target_new"), typed)

    assert "Enter a percentage from 0 to 100" in refused.content.decode()
    assert saved.status_code == 302
    target = Target.objects.get()
    assert (target.group, target.end, target.period) == ("F", date(2027, 9, 1), "2026/27")
    page = client.get(reverse("measures:targets")).content.decode()
    assert "Sex: Female" in page
    assert "at most 35%" in page
    client.post(reverse("measures:target", args=[target.public_id]), {"act": "remove"})
    assert not Target.objects.exists()


DAYS = {
    "first_day": {"day": "1", "month": "9", "year": "2026"},
    "last_day": {"day": "31", "month": "8", "year": "2027"},
    "due_on": {"day": "31", "month": "8", "year": "2027"},
}


def head_account(head):
    from onroll.access.models import Account

    return Account.objects.get(pk=head.account)


def test_a_target_of_another_authority_does_not_exist(head):
    other = an_authority("998", "Castlebury")
    theirs = a_person(other, Role.VSH)[1]
    target = set_target(a_target(theirs), actor=theirs)
    client = Client()
    client.force_login(head_account(head))

    assert client.get(reverse("measures:target", args=[target.public_id])).status_code == 404

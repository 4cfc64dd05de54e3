"""What an authority sets of the checker, and that the writer and the hand-in obey it from then on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.children.contradictions import Refused
from onroll.children.tests.scene import an_authority, write
from onroll.history.models import Change
from onroll.peps.checker_settings import GUARDS, all_rules, checker_settings, chosen_rules, set_rule
from onroll.peps.models import CheckerRule, Pep
from onroll.peps.target_actions import check, what_stops
from onroll.peps.target_forms import by_need
from onroll.peps.targets.bank import NEEDS, Phase, approaches, whole_bank
from onroll.peps.targets.checker import DEFAULTS
from onroll.peps.tests.scene import a_cast, a_pep, a_target, with_terms_around
from onroll.peps.writing import Writing

TODAY = timezone.localdate()
WEAK = "Improve reading"


@pytest.fixture
def cast(db):
    return a_cast(TODAY, write(with_terms_around(an_authority(), TODAY)))


@pytest.fixture
def pep(cast):
    return a_pep(cast.child, opens_on=TODAY - timedelta(days=20), due_on=TODAY + timedelta(days=30))


def writing(cast, pep) -> Writing:
    return Writing(Pep.unscoped.select_related("child").get(pk=pep.pk), cast.actors["teacher"])


def found(cast, pep):
    """What the checker says of a weak target, by the rules that fire."""
    return {each.rule: each for each in check(writing(cast, pep), a_target(pep, WEAK))}


def test_until_an_authority_says_otherwise_the_rules_are_those_of_the_product(cast):
    held = checker_settings(cast.authority.pk)

    assert held.on == DEFAULTS.on
    assert len(chosen_rules(cast.authority.pk)) == len(all_rules())
    assert not any(each.changed for each in chosen_rules(cast.authority.pk))


def test_a_rule_that_is_switched_on_speaks_with_the_authoritys_words_and_weight(cast, pep):
    assert "T08" not in found(cast, pep)

    words = "Tell us more: what, how much and from where?"
    set_rule("T08", on=True, severity="hint", message=words, actor=cast.actors["head"])

    said = found(cast, pep)["T08"]
    assert (said.message, said.severity) == (words, "hint")
    assert Change.objects.filter(verb="pep.checker_rule_set").count() == 1


def test_a_rule_that_is_switched_off_says_nothing_and_stops_nothing(cast, pep):
    a_target(pep, WEAK)
    assert any("By when?" in each for each in what_stops(writing(cast, pep)))

    set_rule("T02", on=False, severity="", message="", actor=cast.actors["head"])

    assert not any("By when?" in each for each in what_stops(writing(cast, pep)))


def test_the_newest_setting_of_a_rule_counts_and_the_older_ones_stay(cast):
    head = cast.actors["head"]
    set_rule("T01", on=False, severity="", message="", actor=head)
    assert "T01" not in checker_settings(cast.authority.pk).on
    set_rule("T01", on=True, severity="weak", message="", actor=head)

    assert "T01" in checker_settings(cast.authority.pk).on
    assert CheckerRule.objects.filter(rule="T01").count() == 2
    assert not next(each for each in chosen_rules(cast.authority.pk) if each.rule.id == "T01").changed


def test_the_rules_that_guard_a_child_are_always_used(cast):
    for rule in GUARDS:
        for typed in ({"on": False, "severity": ""}, {"on": True, "severity": "hint"}):
            with pytest.raises(Refused, match="guards a child"):
                set_rule(rule, **typed, message="", actor=cast.actors["head"])
        # And not by a row that came another way either.
        write(CheckerRule(authority=cast.authority, rule=rule, on=False, severity="hint", set_on=TODAY))
        held = checker_settings(cast.authority.pk)
        assert rule in held.on
        assert held.severities[rule] == "stop"


def test_another_authoritys_settings_are_its_own(cast):
    other = an_authority(code="998", name="Elsewhere")
    set_rule("T01", on=False, severity="", message="", actor=cast.actors["head"])

    assert "T01" in checker_settings(other.pk).on


def test_a_message_names_only_what_its_rule_finds(cast):
    head = cast.actors["head"]
    with pytest.raises(Refused, match=r"Take out {amount}\. In braces this rule knows {phrase} alone"):
        set_rule("T07", on=True, severity="", message="{phrase} for {amount}", actor=head)
    with pytest.raises(Refused, match="names nothing"):
        set_rule("T08", on=True, severity="", message="{phrase}", actor=head)
    with pytest.raises(Refused, match="no such rule"):
        set_rule("T99", on=True, severity="", message="", actor=head)
    with pytest.raises(Refused, match="Your role"):
        set_rule("T07", on=True, severity="", message="", actor=cast.actors["adviser"])


def test_the_head_sets_a_rule_on_its_page(cast, client):
    client.force_login(cast.accounts["head"])
    page = client.get(reverse("peps:checker")).content.decode()
    assert "Too short" in page
    assert "Always" in page

    address = reverse("peps:checker_rule", args=["T08"])
    wrong = client.post(address, {"on": "yes", "severity": "weak", "message": "{name}"})
    assert "Take out {name}" in wrong.content.decode()
    client.post(address, {"on": "yes", "severity": "hint", "message": "Say more"})

    row = CheckerRule.objects.get()
    assert (row.rule, row.on, row.severity, row.message, row.set_on) == ("T08", True, "hint", "Say more", TODAY)
    assert "Changed here" in client.get(reverse("peps:checker")).content.decode()
    guard = client.get(reverse("peps:checker_rule", args=["T25"])).content.decode()
    assert "This rule guards a child" in guard
    assert client.get(reverse("peps:checker_rule", args=["T99"])).status_code == 404
    client.force_login(cast.accounts["teacher"])
    assert client.get(reverse("peps:checker")).status_code == 404


def test_the_bank_is_offered_by_need_with_the_writers_own_first():
    own = approaches(phase=Phase.PRIMARY)

    groups = by_need(own, "Maths")

    assert groups[0][0] == "Maths"
    assert groups[-1][0] == "For other ages"
    headings = [heading for heading, _ in groups][1:-1]
    assert headings == [need for need in NEEDS if need in headings]
    keys = [key for _, held in groups for key, _ in held]
    assert sorted(keys) == sorted(each.key for each in whole_bank())
    assert {key for key, _ in groups[-1][1]} == {each.key for each in whole_bank()} - {each.key for each in own}

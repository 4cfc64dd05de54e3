"""The switch for each kind of sensitive fact in the return: off until a virtual school head gives a reason."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from onroll.access.roles import Role
from onroll.authorities.actions import Refused, start_keeping, stop_keeping, why_not_keep
from onroll.authorities.models import KeptFacts
from onroll.authorities.sensitive_facts import ALL, kept_on
from onroll.children.tests.scene import a_person, a_school, an_authority
from onroll.codes import read_rows
from onroll.history.models import Change

REASON = "The health board asks for it each quarter"
TODAY = date(2026, 3, 31)


@pytest.fixture
def ashcombe(db, monkeypatch):
    localdate = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None: localdate(value) if value else TODAY)
    return an_authority()


@pytest.fixture
def head(ashcombe):
    return a_person(ashcombe, Role.VSH)


def test_every_column_is_one_that_the_return_has():
    held = {(row["file"], row["column"]) for row in read_rows("ssda903_files.csv")}

    assert {(each.table, column) for each in ALL for column in each.columns} <= held


def test_nothing_is_kept_until_someone_says_why(ashcombe, head):
    actor = head[1]

    assert kept_on(ashcombe.pk, TODAY) == {}
    assert why_not_keep("health_checks", "  because  ", actor=actor) == "Say why in at least 20 characters."
    with pytest.raises(Refused):
        start_keeping("health_checks", "because", actor=actor)
    assert not KeptFacts.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.VSH, Role.DEPUTY_VSH)])
def test_only_the_head_and_the_deputy_choose(ashcombe, role):
    post = {"school": a_school()} if role.at_a_school else {}
    actor = a_person(ashcombe, role, **post)[1]

    assert why_not_keep("convictions", REASON, actor=actor) == "Your role does not choose what is kept of the return."


def test_a_kind_is_kept_from_the_day_it_is_switched_on_until_the_day_it_is_switched_off(ashcombe, head):
    actor = head[1]
    start_keeping("health_checks", REASON, actor=actor)
    with pytest.raises(Refused, match="kept already"):
        start_keeping("health_checks", REASON, actor=actor)
    stop_keeping("health_checks", actor=replace(actor, today=date(2026, 5, 1)))

    assert set(kept_on(ashcombe.pk, date(2026, 3, 30))) == set()
    assert set(kept_on(ashcombe.pk, TODAY)) == {"health_checks"}
    assert set(kept_on(ashcombe.pk, date(2026, 4, 30))) == {"health_checks"}
    assert set(kept_on(ashcombe.pk, date(2026, 5, 1))) == set()
    with pytest.raises(Refused, match="are not kept"):
        stop_keeping("health_checks", actor=actor)
    # Off and on again on one day: kept.
    start_keeping("health_checks", REASON, actor=replace(actor, today=date(2026, 5, 1)))
    assert set(kept_on(ashcombe.pk, date(2026, 5, 1))) == {"health_checks"}


def test_one_authoritys_choice_is_not_anothers(ashcombe, head):
    start_keeping("health_checks", REASON, actor=head[1])

    assert kept_on(an_authority("998", "Castlebury").pk, TODAY) == {}


def test_who_switched_it_on_and_why_is_in_the_history(head):
    start_keeping("convictions", REASON, actor=head[1])
    stop_keeping("convictions", actor=head[1])

    off, on = Change.objects.filter(verb__startswith="sensitive_facts.").order_by("-pk")
    assert (on.verb, on.reason, on.actor_id) == ("sensitive_facts.on", REASON, head[0].pk)
    assert (off.verb, off.actor_id) == ("sensitive_facts.off", head[0].pk)


def test_the_head_reads_what_is_asked_and_who_would_read_it_and_switches_it_on(client, ashcombe, head):
    client.force_login(head[0])
    page = client.get("/data/sensitive-facts/convictions").content.decode()
    assert "convicted or cautioned" in page
    assert "virtual school head, deputy virtual school head, education adviser, social worker" in page
    assert "designated teacher" not in page

    answer = client.post("/data/sensitive-facts/convictions", {"act": "keep", "reason": REASON}, follow=True)

    text = answer.content.decode()
    assert "From the next load on, answers on convictions are kept." in text
    assert REASON in text
    assert KeptFacts.objects.get().started_by == head[0].name

    text = client.get("/data/sensitive-facts/convictions").content.decode()
    assert "stays in the children’s records until they are disposed of" in text
    text = client.post("/data/sensitive-facts/convictions", {"act": "stop"}, follow=True).content.decode()
    assert "are read past" in text
    assert "Kept before" in text


def test_a_short_reason_is_sent_back_and_nothing_is_switched_on(client, head):
    client.force_login(head[0])

    text = client.post("/data/sensitive-facts/adopters", {"act": "keep", "reason": "too short"}).content.decode()

    assert "There is a problem" in text
    assert "Say why, in at least 20 characters" in text
    assert not KeptFacts.objects.exists()


def test_a_kind_that_is_not_one_and_a_role_without_the_page_get_404(client, ashcombe, head):
    client.force_login(head[0])
    assert client.get("/data/sensitive-facts/income").status_code == 404

    client.force_login(a_person(ashcombe, Role.DATA_OFFICER)[0])
    assert client.get("/data/sensitive-facts").status_code == 404
    answer = client.post("/data/sensitive-facts/adopters", {"act": "keep", "reason": REASON})
    assert answer.status_code == 404
    assert not KeptFacts.objects.exists()

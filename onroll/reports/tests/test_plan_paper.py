"""A plan on paper: what its leads say beside what the records say."""

import io
import zipfile

import pytest
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.children.tests.scene import TODAY, a_child, a_person, an_authority, an_episode
from onroll.design.pdfs import text_of
from onroll.history.models import Entry
from onroll.plans.tests.scene import a_plan, an_action
from onroll.reports.papers import as_file, plan_paper

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("R001")
def test_a_plan_on_paper_has_its_heading_its_actions_and_what_the_records_say():
    authority = an_authority()
    an_episode(a_child(authority))
    plan = a_plan(authority, title="Improvement plan 2025/26", service="Children looked after")
    an_action(plan, "Keep children in one home", measures=["W34"])
    actor = Actor.command_line(authority.pk, today=TODAY, user="test")

    paper = plan_paper(plan, actor)
    words = " ".join(text_of(as_file(paper, "pdf")))

    assert paper.title == "Improvement plan 2025/26"
    assert "Children looked after" in words
    assert "Keep children in one home" in words
    assert "0 of 1 children" in words
    assert as_file(paper, "xlsx")[:2] == b"PK"
    with zipfile.ZipFile(io.BytesIO(as_file(paper, "docx"))) as word:
        assert b"Keep children in one home" in word.read("word/document.xml")
    assert "Keep children in one home" in as_file(paper, "html").decode()


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_who_sees_the_plan_takes_it_out_and_the_log_says_what_left(client, kind):
    authority = an_authority()
    plan = a_plan(authority)
    an_action(plan, "Keep children in one home")
    account, _ = a_person(authority, Role.VS_OFFICER)
    client.force_login(account)

    answer = client.get(f"/plans/{plan.public_id}/plan.{kind}")

    assert answer.status_code == 200
    assert f"plan-{timezone.localdate().isoformat()}.{kind}" in answer["Content-Disposition"]
    assert Entry.objects.get(act="report").route.startswith(f"reports:plan_file {timezone.localdate()} {kind} ")


def test_a_plan_leaves_for_nobody_who_does_not_see_it(client):
    plan = a_plan(an_authority())
    elsewhere = an_authority("998", "Castlebury")
    address = f"/plans/{plan.public_id}/plan.pdf"
    for authority, role in ((plan.authority, Role.SOCIAL_WORKER), (elsewhere, Role.VSH)):
        client.force_login(a_person(authority, role)[0])

        assert client.get(address).status_code == 404
    client.force_login(a_person(plan.authority, Role.VSH)[0])
    assert client.get(f"/plans/{plan.public_id}/plan.exe").status_code == 404

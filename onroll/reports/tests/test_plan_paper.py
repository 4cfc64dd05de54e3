"""A plan on paper: what its leads say beside what the records say."""

import io
import zipfile

import pytest

from onroll.access.actors import Actor
from onroll.children.tests.scene import TODAY, a_child, an_authority, an_episode
from onroll.design.pdfs import text_of
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

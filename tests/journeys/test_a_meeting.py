"""A meeting of a plan by three people in turn: asked, answered, written in as it goes on, and ended."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from onroll.children.tests.scene import an_authority, together, write
from onroll.peps.models import MeetingPerson, Pep, PepAnswers
from onroll.peps.queries import this_term
from onroll.peps.tests.scene import a_cast, a_pep, with_terms_around

TODAY = timezone.localdate()


@pytest.fixture
@together()
def cast(transactional_db):
    return a_cast(TODAY, write(with_terms_around(an_authority(), TODAY)))


@pytest.fixture
def pep(cast):
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=10)}
    meeting = {"meeting_on": TODAY, "meeting_time": time(15, 30), "state": "booked"}
    return a_pep(cast.child, academic_year=year, term=term, **days, **meeting)


def test_people_are_asked_reply_write_on_one_page_and_end_the_meeting(page, cast, pep, sign_in, assert_accessible):
    plan = f"/children/{cast.child.public_id}/peps/{pep.public_id}"
    sign_in(cast.accounts["teacher"])
    page.goto(f"{plan}/meeting")
    page.get_by_role("link", name="Choose who is asked").click()
    for name in ("Worker Doyle, social worker", "Teacher Doyle, designated teacher", "The carer, carer"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Save and ask them").click()
    expect(page.get_by_text("3 people told by e-mail")).to_be_visible()
    assert_accessible(page)

    sign_in(cast.accounts["carer"])
    page.goto("/")
    page.get_by_role("link", name="Say whether you can come").click()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Send my reply").click()
    expect(page.get_by_text("Your reply is sent.")).to_be_visible()

    sign_in(cast.accounts["teacher"])
    page.goto(f"{plan}/meeting-mode")
    expect(page.get_by_text("It stays open until")).to_be_visible()
    strengths, hopes = page.locator("#strengths"), page.locator("#aspirations")
    strengths.get_by_label("What has gone well since the last PEP").fill("Reads every day.")
    expect(strengths.locator("[data-saved]")).to_contain_text("Saved at", timeout=15_000)
    hopes.locator("textarea").first.fill("Wants to work with horses.")
    expect(hopes.locator("[data-saved]")).to_contain_text("Saved at", timeout=15_000)
    assert PepAnswers.unscoped.filter(pep=pep).count() == 2
    assert_accessible(page)

    page.get_by_role("button", name="End the meeting").click()
    page.get_by_label("The carer, carer").check()
    for name in ("young_person", "virtual_school"):
        page.locator(f"input[name={name}][value=no]").check()
    page.locator("main form button").last.click()
    expect(page.get_by_text("Written down: the meeting was held.")).to_be_visible()
    assert Pep.unscoped.get().state == "held"
    assert MeetingPerson.unscoped.get(part="carer").came

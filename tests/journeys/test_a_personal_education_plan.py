"""A personal education plan from due to signed off, by each person in turn; and a cut network in mid-sentence."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from onroll.children.tests.scene import an_authority, together, write
from onroll.peps.models import Pep, PepAnswers
from onroll.peps.queries import this_term
from onroll.peps.tests.scene import a_cast, a_pep, with_terms_around
from onroll.peps.tests.test_sections import fill_in
from tests.journeys.test_a_child_comes_onto_the_roll import fill_day

TODAY = timezone.localdate()


@pytest.fixture
@together()
def cast(transactional_db):
    authority = with_terms_around(an_authority(), TODAY)
    authority.live_from = TODAY - timedelta(days=20)
    return a_cast(TODAY, write(authority))


@pytest.fixture
def pep(cast):
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=10)}
    return a_pep(cast.child, academic_year=year, term=term, **days)


@pytest.mark.requirement("R040")
def test_a_termly_plan_goes_from_due_to_signed_off(page, cast, pep, sign_in):
    sign_in(cast.accounts["teacher"])
    page.goto("/")
    page.get_by_role("link", name="Book the meeting").click()
    page.get_by_role("button", name="Book the meeting").click()
    fill_day(page, "on", TODAY)
    page.get_by_role("button", name="Book the meeting").click()
    expect(page.get_by_text("The meeting is booked.")).to_be_visible()

    # Everything that is asked of the school, but one answer and one target.
    fill_in(pep, cast, leave_out="headline")
    page.get_by_role("link", name="Strengths, needs and what helps").click()
    page.get_by_label("What has gone well since the last PEP").fill("Reads every day, and asks for books.")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at", timeout=15_000)
    page.get_by_role("button", name="Finish this section").click()
    expect(page.get_by_text("Finished: Strengths, needs and what helps.")).to_be_visible()

    page.goto(f"/children/{cast.child.public_id}/peps/{pep.public_id}/targets")
    page.get_by_role("button", name="Add a target").click()
    page.get_by_label("The target").fill("Improve reading")
    expect(page.locator("[data-found]")).to_contain_text("Name one person", timeout=15_000)
    page.get_by_role("link", name="Cancel").click()

    sign_in(cast.accounts["worker"])
    page.goto(f"/children/{cast.child.public_id}/peps/{pep.public_id}/sections/social_worker_view")
    page.get_by_label("What has changed for Mia since the last PEP").fill("Nothing at home.")
    page.get_by_label("What will you, the carer and the team do").fill("Travel pass by Friday.")
    page.get_by_label("Yes", exact=True).first.check()
    page.get_by_role("button", name="Finish this section").click()
    expect(page.get_by_text("Finished: Social worker’s view.")).to_be_visible()
    page.goto(f"/children/{cast.child.public_id}/peps/{pep.public_id}")
    page.get_by_role("link", name="The meeting was held").click()
    fill_day(page, "on", TODAY)
    for name in ("young_person", "virtual_school", "outside_lessons"):
        page.locator(f"input[name={name}][value=yes]").check()
    page.locator("main form button").last.click()
    expect(page.get_by_text("Written down: the meeting was held.")).to_be_visible()

    sign_in(cast.accounts["teacher"])
    page.goto(f"/children/{cast.child.public_id}/peps/{pep.public_id}/submit")
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_text("The plan goes to the virtual school when social care’s part is finished.")).to_be_visible()

    held = Pep.unscoped.get(pk=pep.pk)
    held.social_worker_part_on = TODAY
    write(held)
    page.goto(f"/children/{cast.child.public_id}/peps/{pep.public_id}/submit")
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_text("The plan is with the virtual school.")).to_be_visible()

    sign_in(cast.accounts["worker"])
    page.goto("/")
    page.get_by_role("link", name="Read the plan and agree it").click()
    page.get_by_role("button", name="Agree to the plan").click()
    page.get_by_label("I have read the plan and agree to it").check()
    page.get_by_role("button", name="Sign").last.click()
    sign_in(cast.accounts["adviser"])
    page.goto("/")
    page.get_by_role("link", name="Look at the plan and sign it off").click()
    page.get_by_role("button", name="Sign off", exact=True).click()
    page.locator("main form button").last.click()
    expect(page.get_by_text("The plan is signed off.")).to_be_visible()


def test_a_cut_network_in_mid_sentence_loses_no_word(page, cast, pep, sign_in):
    sign_in(cast.accounts["teacher"])
    page.goto(f"/children/{cast.child.public_id}/peps/{pep.public_id}/sections/strengths")
    box = page.get_by_label("What has gone well since the last PEP")
    box.fill("Reads every day")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at", timeout=15_000)

    page.context.set_offline(True)
    box.press_sequentially(", and asks for books")
    expect(page.locator("[data-saved]")).to_contain_text("No connection", timeout=15_000)
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_contain_text("Saved at", timeout=20_000)

    assert PepAnswers.unscoped.get().answers["headline"] == "Reads every day, and asks for books"

"""Plans that are not the usual one: the first, one at 17 without work or college, one without a school, one returned;
and twenty people who save one plan at once.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from onroll.access.roles import Role
from onroll.children.tests.scene import (
    a_child,
    a_person,
    a_place,
    an_allocation,
    an_authority,
    an_episode,
    together,
    write,
)
from onroll.peps.models import Pep, PepAnswers, Signature
from onroll.peps.opening import open_what_is_due
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


@together()
def with_people(cast, child):
    for name, role in (("worker", Role.SOCIAL_WORKER), ("adviser", Role.VS_OFFICER)):
        an_allocation(child, cast.accounts[name], role)


def opened(cast, child) -> Pep:
    open_what_is_due(cast.authority, today=TODAY, only=[child.pk])
    return Pep.unscoped.get(child=child)


def page_of(pep: Pep, *more: str) -> str:
    return "/".join([f"/children/{pep.child.public_id}/peps/{pep.public_id}", *more])


def test_a_child_who_came_into_care_today_has_a_first_plan_by_the_days_of_the_law(page, cast, sign_in):
    noah = a_child(cast.authority, "Noah Birch", birth_date=TODAY.replace(year=TODAY.year - 9, day=1))
    an_episode(noah, TODAY)
    a_place(noah, cast.school, TODAY - timedelta(days=100))
    with_people(cast, noah)
    pep = opened(cast, noah)

    sign_in(cast.accounts["worker"])
    page.goto("/")
    page.get_by_role("link", name="Start the first plan and book its meeting").click()
    page.get_by_role("button", name="Book the meeting").click()
    fill_day(page, "on", TODAY)
    page.get_by_role("button", name="Book the meeting").click()
    expect(page.get_by_text("The meeting is booked.")).to_be_visible()
    page.goto(page_of(pep, "sections", "social_worker_view"))
    page.get_by_label("What will you, the carer and the team do").fill("A travel pass, and a quiet place to read.")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at", timeout=15_000)

    # The school meets the plan in its own list, and reads what social care wrote for it.
    sign_in(cast.accounts["teacher"])
    page.goto("/")
    expect(page.get_by_role("link", name="Write the education part")).to_be_visible()
    page.goto(page_of(pep))
    expect(page.get_by_text("First", exact=False).first).to_be_visible()
    page.goto(page_of(pep, "sections", "social_worker_view"))
    expect(page.get_by_text("A travel pass, and a quiet place to read.")).to_be_visible()

    pep.refresh_from_db()
    assert (pep.kind, pep.meeting_on, pep.state) == ("initial", TODAY, "in_preparation")
    assert pep.opens_on == TODAY < pep.start_by < pep.due_on


@pytest.mark.requirement("R034")
def test_at_seventeen_without_work_or_college_the_plan_asks_what_is_next(page, cast, sign_in):
    """Who is at no setting has a plan that the virtual school leads with the social worker."""
    ava = a_child(cast.authority, "Ava Lunt", birth_date=TODAY.replace(year=TODAY.year - 17, day=1))
    an_episode(ava, TODAY - timedelta(days=400))
    with_people(cast, ava)
    worker, _ = a_person(cast.authority, Role.EET, "Eve Hale")
    an_allocation(ava, worker, Role.EET)
    pep = opened(cast, ava)
    assert pep.form == "post_16"

    sign_in(cast.accounts["adviser"])
    page.goto(page_of(pep))
    page.get_by_role("link", name="What I do now").click()
    neet = page.get_by_label(re.compile("not in education", re.IGNORECASE)).first
    neet.check()
    expect(page.locator("[data-saved]")).to_contain_text("Saved at", timeout=15_000)
    page.goto(page_of(pep))

    expect(page.get_by_role("link", name=re.compile("Not in education", re.IGNORECASE)).first).to_be_visible()


def test_a_child_without_a_school_has_a_plan_that_the_virtual_school_leads(page, cast, sign_in):
    leo = a_child(cast.authority, "Leonard Moss", birth_date=TODAY.replace(year=TODAY.year - 12, day=1))
    an_episode(leo, TODAY - timedelta(days=400))
    with_people(cast, leo)
    pep = opened(cast, leo)
    assert pep.form == "not_on_roll"

    sign_in(cast.accounts["adviser"])
    page.goto("/")
    page.get_by_role("link", name="Book the meeting").first.click()
    page.get_by_role("button", name="Book the meeting").click()
    fill_day(page, "on", TODAY)
    page.get_by_role("button", name="Book the meeting").click()
    expect(page.get_by_text("The meeting is booked.")).to_be_visible()
    sections = page.locator("main table a")
    assert {"Where I learn now", "Getting a school place"} <= set(sections.all_inner_texts())

    teacher = Client()
    teacher.force_login(cast.accounts["teacher"])
    assert teacher.get(page_of(pep)).status_code == 404


def test_a_plan_that_came_back_is_put_right_and_sent_again(page, cast, pep, sign_in):
    fill_in(pep, cast)
    pep = Pep.unscoped.get(pk=pep.pk)
    pep.state, pep.held_on, pep.submitted_on = "submitted", TODAY, TODAY
    pep.lead_part_on = pep.social_worker_part_on = TODAY
    write(pep)
    write(
        Signature(
            authority=cast.authority, child=cast.child, pep=pep, signed_as="lead", on=TODAY, by_name="Teacher Doyle"
        )
    )

    sign_in(cast.accounts["adviser"])
    page.goto(page_of(pep, "return"))
    page.locator("main form button").last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("textarea").first.fill("Target 2 does not say who helps.")
    page.get_by_role("button", name="Return it").click()
    expect(page.get_by_text("Returned").first).to_be_visible()

    sign_in(cast.accounts["teacher"])
    page.goto("/")
    expect(page.get_by_text("Target 2 does not say who helps.")).to_be_visible()
    page.get_by_role("link", name="Put the plan right and send it again").click()
    page.get_by_role("link", name="Send to the virtual school").click()
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_text("The plan is with the virtual school.")).to_be_visible()

    held = Pep.unscoped.get(pk=pep.pk)
    assert (held.state, held.submitted_on) == ("submitted", TODAY)


TWENTY = 20


@pytest.mark.both_databases
def test_twenty_people_who_save_one_plan_at_once_lose_no_word(live_server, transactional_db, cast, pep):
    """Each had the page open before anybody saved. One is first; the others get both texts back, and combine them."""
    with together():
        clients = []
        for number in range(TWENTY):
            account, _ = a_person(cast.authority, Role.DEPUTY_DT, f"Person Number{number}", school=cast.school)
            clients.append((number, account))
    address = page_of(pep, "sections", "strengths")
    opened_pages = []
    for number, account in clients:
        client = Client(enforce_csrf_checks=True)
        client.force_login(account)
        page = client.get(address).content.decode()
        opened_pages.append((number, client, hidden_fields(page)))

    def save(one):
        number, client, fields = one
        try:
            answer = client.post(address, {**fields, "headline": f"Words of {number}.", "act": "save"})
        finally:
            # Each of them has a connection of its own.
            connection.close()
        return number, answer.status_code, answer.content.decode()

    with ThreadPoolExecutor(TWENTY) as at_once:
        answers = list(at_once.map(save, opened_pages))

    saved = [number for number, status, _ in answers if status == 302]
    clashed = [(number, text) for number, status, text in answers if status == 409]
    assert len(saved) == 1
    assert len(clashed) == TWENTY - 1
    first = f"Words of {saved[0]}."
    assert all(first in text and f"Words of {number}." in text for number, text in clashed)
    assert PepAnswers.unscoped.get(pep=pep, section_key="strengths").answers["headline"] == first


def hidden_fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))

"""An adviser brings a child onto the roll, page by page, and finds them there; a social worker tells of a move."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from onroll.access.roles import Role
from onroll.children.models import MoveNotice
from onroll.children.tests.scene import a_child, a_person, a_school, an_allocation, an_authority, an_episode


def fill_day(page, name, day):
    page.locator(f"input[name={name}_day]").fill(str(day.day))
    page.locator(f"input[name={name}_month]").fill(str(day.month))
    page.locator(f"input[name={name}_year]").fill(str(day.year))


@pytest.mark.both_databases
def test_an_adviser_brings_a_child_onto_the_roll_and_finds_them_there(page, transactional_db, sign_in):
    ashcombe, today = an_authority(advisers_see_all=True), timezone.localdate()
    a_school("Larkfield Primary School")
    sign_in(a_person(ashcombe, Role.VS_OFFICER, "Priya Raman")[0])

    page.goto("/children")
    expect(page.get_by_role("heading", name="Nobody is on this list on this day")).to_be_visible()
    page.get_by_role("button", name="Add a child").click()
    page.get_by_label("Given names").fill("Ava")
    page.get_by_label("Family name").fill("Thornley")
    fill_day(page, "birth_date", today.replace(year=today.year - 7, day=1))
    page.get_by_role("button", name=re.compile("Add")).last.click()
    expect(page.get_by_text("Ava is added.")).to_be_visible()

    child = page.url
    page.goto(f"{child}/school/places/new")
    page.get_by_label("School or setting").fill("larkfeild primary")
    fill_day(page, "start", today - timedelta(days=30))
    page.locator("main form button[type=submit], main form button:not([type])").last.click()
    page.get_by_label("Larkfield Primary School").check()
    page.locator("main form button[type=submit], main form button:not([type])").last.click()
    expect(page.locator("main")).to_contain_text("Larkfield Primary School")

    page.get_by_role("searchbox").first.fill("thornly")
    page.get_by_role("button", name="Find a child").click()
    expect(page.get_by_role("link", name="Thornley, Ava")).to_be_visible()


@pytest.fixture
def phone_without_script(browser, live_server):
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="en-GB"
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_a_social_worker_tells_of_a_move_on_a_phone_without_script(phone_without_script, transactional_db, sign_in_on):
    page, ashcombe, today = phone_without_script, an_authority(), timezone.localdate()
    mia = a_child(ashcombe, "Mia Dawson")
    an_episode(mia)
    tom, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Tom Adeyemi")
    an_allocation(mia, tom, Role.SOCIAL_WORKER)
    sign_in_on(page, tom)

    page.goto(f"/children/{mia.public_id}/moving")
    page.get_by_label("Home", exact=True).check()
    page.get_by_label("No, it is planned").check()
    fill_day(page, "happens_on", today + timedelta(days=10))
    page.get_by_label("Where will the child live?").fill("With her aunt")
    page.get_by_role("button", name="Tell the virtual school").click()

    expect(page.get_by_text("The virtual school has been told.")).to_be_visible()
    notice = MoveNotice.unscoped.get(child=mia)
    assert (notice.about, notice.happens_on, notice.new_home) == ("home", today + timedelta(days=10), "With her aunt")

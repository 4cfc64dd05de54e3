"""A head begins a plan, an adviser leads an action of it, and the head reads what the records say beside their word."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from onroll.access.roles import Role
from onroll.children.tests.scene import a_child, a_person, a_place, a_school, an_authority, an_episode
from onroll.plans.tests.scene import a_plan, an_action
from tests.journeys.test_a_child_comes_onto_the_roll import fill_day

HOMES = "Children with three or more homes in twelve months"


@pytest.fixture
def ashcombe(transactional_db):
    authority, school = an_authority(), a_school("Larkfield Primary School")
    for at in range(12):
        child = a_child(authority, f"Ava{at} Thornley", number=f"{at:04}")
        an_episode(child, timezone.localdate() - timedelta(days=400))
        a_place(child, school, timezone.localdate() - timedelta(days=400))
    return authority


@pytest.fixture
def people(ashcombe):
    head, _ = a_person(ashcombe, Role.VSH, "Hana Reid")
    adviser, _ = a_person(ashcombe, Role.VS_OFFICER, "Priya Raman")
    return head, adviser


@pytest.mark.requirement("R003", "R005", "R105", "R106")
def test_a_head_begins_a_plan_and_gives_its_first_action_to_an_adviser(page, people, sign_in):
    today = timezone.localdate()
    sign_in(people[0])

    page.goto("/plans/new")
    page.get_by_label("Empty").check()
    page.get_by_label("Title").fill("Improvement plan")
    fill_day(page, "first_day", today)
    fill_day(page, "last_day", today + timedelta(days=364))
    page.get_by_role("button", name="Begin the plan").click()
    expect(page.get_by_text("Improvement plan is begun.")).to_be_visible()
    page.get_by_role("button", name="Add an action").click()
    page.get_by_label("Section").fill("Home")
    page.get_by_label("Action", exact=True).fill("Fewer moves of home")
    page.get_by_label("Priya Raman").check()
    page.get_by_label("By when, or how often?").fill(f"March {today.year + 1}")
    page.get_by_label("Measures").fill("W34")
    page.get_by_label("Corporate objectives it serves").fill("Every child settled")
    page.locator("main form button").last.click()

    row = page.get_by_role("row").filter(has_text="Fewer moves of home")
    expect(row).to_contain_text(f"Priya Raman · by 31 March {today.year + 1}")
    expect(row).to_contain_text(f"0.0%, 0 of 12 children: {HOMES}")
    expect(page.get_by_role("rowheader", name="Home", exact=True)).to_be_visible()
    page.get_by_role("link", name="Fewer moves of home").click()
    expect(page.get_by_text("Every child settled")).to_be_visible()


@pytest.mark.requirement("R004", "R024", "R170")
def test_a_lead_says_how_their_action_is_going_with_evidence(page, ashcombe, people, sign_in):
    today, plan = timezone.localdate(), a_plan(ashcombe, "Improvement plan")
    line = an_action(plan, "Fewer moves of home", lead=people[1], measures=("W34",))
    sign_in(people[1])

    page.goto(f"/plans/{plan.public_id}/actions/{line.action.public_id}")
    page.get_by_label("What happened").fill("Placements tell us before a move.")
    page.get_by_label("In Progress").check()
    page.get_by_role("button", name="Add update").click()
    expect(page.get_by_text("The update is written down.")).to_be_visible()
    page.get_by_role("link", name="Add a document").click()
    expect(page.get_by_text("Do not add anything that names a child")).to_be_visible()
    file = {"name": "minutes.txt", "mimeType": "text/plain", "buffer": b"We agreed to tell each other before a move."}
    page.get_by_label("Choose the file").set_input_files([file])
    page.get_by_label("What is it?").fill("Minutes of the meeting with placements")
    page.get_by_role("button", name="Add the document").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Minutes of the meeting with placements", exact=True).click()
    assert download.value.path().read_bytes() == file["buffer"]

    page.get_by_role("link", name="Add a milestone").click()
    page.get_by_label("Milestone", exact=True).fill("Present contract ends")
    page.get_by_label("The end of a contract").check()
    fill_day(page, "due_on", today + timedelta(days=20))
    page.get_by_label("Weeks of warning before that day").fill("6")
    page.get_by_role("button", name="Save the milestone").click()
    page.get_by_role("link", name="Arrange a meeting").click()
    page.get_by_label("What kind of meeting is it?").fill("Placements group")
    fill_day(page, "on", today + timedelta(days=7))
    page.get_by_role("button", name="Save the meeting").click()
    page.get_by_role("link", name="Placements group").click()
    fill_day(page, "on", today + timedelta(days=14))
    page.get_by_role("button", name="Save the meeting").click()
    expect(page.get_by_role("row").filter(has_text="Placements group")).to_contain_text("moved from")
    page.goto(f"/plans/{plan.public_id}")
    expect(page.get_by_text("Milestones that are near or past")).to_be_visible()


@pytest.mark.requirement("R004")
def test_the_head_accepts_what_the_records_say_opens_the_children_behind_it_and_prints_the_plan(
    page, ashcombe, people, sign_in
):
    plan = a_plan(ashcombe, "Improvement plan", service="Children looked after")
    line = an_action(plan, "Fewer moves of home", lead=people[1], measures=("W34",), rating="In Progress")
    sign_in(people[0])

    page.goto(f"/plans/{plan.public_id}/actions/{line.action.public_id}")
    says = page.locator("dl.onroll-says")
    expect(says).to_contain_text("In Progress")
    expect(says).to_contain_text("No data")
    page.get_by_role("button", name="Use and edit").click()
    expect(page.locator("textarea[name=words]")).to_contain_text(f"{HOMES}: 0.0% (0 of 12 children)")
    page.get_by_role("button", name="Add update").click()
    expect(page.get_by_text("The update is written down.")).to_be_visible()

    page.get_by_role("link", name="How this is counted").click()
    expect(page.get_by_role("heading", name=HOMES, exact=True)).to_be_visible()
    page.get_by_role("link", name="Open the list").click()
    expect(page.get_by_role("link", name="Thornley, Ava0")).to_be_visible()

    page.goto(f"/plans/{plan.public_id}")
    page.get_by_role("link", name="One page to print").click()
    page.emulate_media(media="print")
    expect(page.get_by_role("row").filter(has_text="Fewer moves of home")).to_contain_text("0 of 12 children")
    expect(page.get_by_text("Children looked after. ")).to_be_visible()
    expect(page.get_by_role("banner")).to_be_hidden()


def test_a_head_chooses_the_figures_of_their_scorecard_reads_them_and_takes_them_out(page, ashcombe, people, sign_in):
    sign_in(people[0])

    page.goto("/figures")
    page.get_by_role("link", name="The virtual school", exact=True).click()
    expect(page.get_by_role("heading", name="Measures of a scorecard")).to_be_visible()
    page.locator("input[name=measures]").evaluate_all("boxes => boxes.forEach(box => { box.checked = false })")
    page.get_by_label(HOMES).check()
    page.get_by_label("Milestones of the contract met in time").check()
    page.get_by_role("button", name="Put these on the scorecard").click()

    table = page.get_by_role("table").first
    expect(table.get_by_role("row").filter(has_text=HOMES)).to_contain_text("0 of 12 children")
    expect(table.get_by_role("row").filter(has_text="Milestones of the contract")).to_contain_text("no data")
    expect(table.get_by_role("link")).to_have_count(2)
    for words, start in (("spreadsheet", b"PK"), ("PDF", b"%PDF-")):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Take it out as a {words}").click()
        assert download.value.path().read_bytes().startswith(start)

"""A person who was invited opens the link, chooses a password, sets up an app, and is in."""

from django.utils import timezone
from playwright.sync_api import expect

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.tests.scene import code_of
from onroll.children.tests.scene import an_authority
from onroll.site.invitations import invite


def test_the_link_of_an_invitation_lets_its_person_in(page, live_server, transactional_db):
    ashcombe = an_authority()
    actor = Actor.command_line(ashcombe.pk, today=timezone.localdate(), user="test")
    _, path = invite("jo@ashcombe.example", role=Role.DATA_OFFICER, authority=ashcombe, actor=actor)

    page.goto(f"{live_server.url}{path}")
    page.get_by_label("Choose a password", exact=True).fill("correct-horse-battery-9")
    page.get_by_role("button", name="Save and continue").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second step")
    page.get_by_role("button", name="Set up an app").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows now").fill(code_of(secret))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Show my codes").click()
    expect(page.locator(".onroll-codes li")).to_have_count(10)
    page.get_by_role("button", name="I have them, continue").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")

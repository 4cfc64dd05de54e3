"""A sign-in that nobody uses ends: two minutes before the person is asked, one press keeps it, and no word is lost."""

import pytest
from playwright.sync_api import Page, expect

from onroll.access.models import Account, Session
from onroll.access.roles import Role
from onroll.access.sessions import SessionStore
from onroll.access.tests.scene import PASSWORD, can_sign_in, code_of
from onroll.children.tests.scene import a_person, an_authority

IDLE = 30 * 60
WARNED_BEFORE = 2 * 60
WRITES_IN, WORDS = "Name of the team", "Children in care, north and east"


def last_used(account: Account) -> float:
    """When the server last heard of this sign-in."""
    return held_by(account)["sign_in"]["seen"]


def held_by(account: Account) -> SessionStore:
    return SessionStore(Session.objects.get(account=account).session_key)


def let_time_pass_on_the_server(account: Account, seconds: int) -> None:
    held = held_by(account)
    held["sign_in"] = held["sign_in"] | {"seen": last_used(account) - seconds}
    held.save()


@pytest.fixture
def writing(page: Page, sign_in, transactional_db) -> tuple[Page, Account, str]:
    """The head has begun to write. The clock of the page goes only where the test moves it."""
    head = a_person(an_authority(), Role.VSH, "Helen Marsh")[0]
    secret = can_sign_in(head)
    sign_in(head)
    page.clock.install()
    page.goto("/teams")
    page.get_by_label(WRITES_IN).fill(WORDS)
    return page, head, secret


@pytest.mark.proves("AUT-4")
def test_two_minutes_before_the_end_one_press_keeps_the_sign_in(writing, assert_accessible):
    page, head, _ = writing
    asked = page.get_by_role("alertdialog", name="You are about to be signed out")
    page.clock.fast_forward((IDLE - WARNED_BEFORE) * 1000 - 1000)
    expect(asked).to_be_hidden()

    page.clock.fast_forward(1000)

    expect(asked).to_be_visible()
    expect(asked.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert_accessible(page)
    let_time_pass_on_the_server(head, IDLE - WARNED_BEFORE)
    before = last_used(head)
    page.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    assert last_used(head) > before
    expect(page.get_by_label(WRITES_IN)).to_have_value(WORDS)
    # And it begins anew.
    page.clock.fast_forward((IDLE - WARNED_BEFORE) * 1000 - 1000)
    expect(asked).to_be_hidden()
    page.clock.fast_forward(1000)
    expect(asked).to_be_visible()


@pytest.mark.proves("AUT-4")
def test_words_typed_outlive_the_end_of_the_sign_in(writing):
    page, head, secret = writing
    page.clock.fast_forward(IDLE * 1000)
    let_time_pass_on_the_server(head, IDLE + 1)
    expect(page.get_by_role("alertdialog")).to_contain_text("What you typed is still here")

    page.get_by_role("button", name="Add this team").click()
    page.get_by_label("E-mail address").fill(head.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Continue").click()

    page.get_by_role("button", name="Send the form now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS)

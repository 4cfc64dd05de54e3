"""Signing in in a browser: with an app, and with a passkey of a device that the browser pretends to have."""

from playwright.sync_api import expect

from onroll.access.roles import Role
from onroll.access.tests.scene import PASSWORD, can_sign_in, code_of, with_password
from onroll.children.tests.scene import a_person, an_authority


def test_password_and_app(page, live_server, transactional_db, assert_accessible):
    head = a_person(an_authority(), Role.VSH, "Helen Marsh")[0]
    secret = can_sign_in(head)

    page.goto("/schools")
    assert_accessible(page)
    page.get_by_label("E-mail address").fill(head.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    assert_accessible(page)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Continue").click()

    expect(page).to_have_url(f"{live_server.url}/schools")
    for path in ("account", "account/app", "account/passkey", "account/codes", "account/password", "account/sign-ins"):
        page.goto(f"/{path}")
        assert_accessible(page)


def test_a_passkey_is_made_once_and_then_needs_no_password(page, live_server, transactional_db):
    head = with_password(a_person(an_authority(), Role.VSH, "Helen Marsh")[0])
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    here = live_server.url.replace("127.0.0.1", "localhost")
    page.goto(f"{here}/sign-in")
    page.get_by_label("E-mail address").fill(head.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_label("What do you call this device?").fill("Work laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes on paper")
    page.get_by_role("button", name="Show my codes").click()
    page.get_by_role("button", name="I have them, continue").click()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Today")

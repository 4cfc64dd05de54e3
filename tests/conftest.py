"""What the tests of the whole product can ask for: a browser, and a check that a page can be used by all."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

WIDTHS = (320, 768, 1280)


@pytest.fixture(scope="session")
def browser() -> Iterator["playwright.sync_api.Browser"]:  # noqa: F821
    """Chromium, started once. `scripts/run_tests.py` finds it and names it in ONROLL_CHROMIUM."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("ONROLL_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("Chromium is not on this machine")
    quiet = ["background-networking", "component-update", "sync", "extensions", "quic", "gpu"]
    # No page here lives long enough for its scripts to be worth optimising.
    arguments = ["--no-first-run", "--js-flags=--always-sparkplug --no-opt", *(f"--disable-{name}" for name in quiet)]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, live_server) -> Iterator["playwright.sync_api.Page"]:  # noqa: F821
    """A fresh browser window on the product. Anything that goes wrong in the browser fails the test."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    # A test that cuts the network hears so from the browser.
    assert not [said for said in complaints if "ERR_INTERNET_DISCONNECTED" not in said]


@pytest.fixture(scope="session")
def assert_accessible() -> Callable:
    """Check a page with axe on a phone, a tablet and a desk: no violation of any rule."""
    from axe_playwright_python.base import AXE_SCRIPT, AxeResults

    # Only what is wrong is told: all that was looked at takes longer to hand over than to look at.
    look = "axe.run({resultTypes: ['violations']}).then(({violations}) => ({violations}))"

    def check(page) -> None:
        # A click that leads to the page has been made, and the page may still be on its way.
        page.wait_for_load_state()
        size = page.viewport_size
        page.evaluate(AXE_SCRIPT)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            result = AxeResults(page.evaluate(look))
            assert result.violations_count == 0, f"{page.url} at {width} pixels:\n{result.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
                f"{page.url} is wider than {width} pixels"
            )
        page.set_viewport_size(size)

    return check

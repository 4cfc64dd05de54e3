"""A browser, signed in as somebody, on the scene of the promises."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from onroll.access.models import Account
from onroll.children.tests.scene import together
from tests.promises.scene import Scene, build


@pytest.fixture
@together()
def scene(transactional_db) -> Scene:
    return build()


@pytest.fixture
def sign_in_on(live_server) -> Callable[[Page, Account], None]:
    """Sign an account in on a browser page, without the form: that has a journey of its own."""

    def enter(page: Page, account: Account) -> None:
        client = Client()
        client.force_login(account)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.clear_cookies()
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])

    return enter


@pytest.fixture
def sign_in(page, sign_in_on) -> Callable[[Account], None]:
    return lambda account: sign_in_on(page, account)

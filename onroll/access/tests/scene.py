"""People who can sign in, and the ways they do it."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from onroll.access import factors
from onroll.access.models import Account

PASSWORD = "lantern-otter-birch-42"


def can_sign_in(account: Account) -> str:
    """Give the person a password and an app. Answers what the app knows."""
    with_password(account)
    secret = factors.new_app_secret()
    # The code of the half minute before: those of now are still to be used.
    assert factors.add_app(account, secret, code_of(secret, -1))
    return secret


def with_password(account: Account) -> Account:
    account.set_password(PASSWORD)
    Account.objects.filter(pk=account.pk).update(password=account.password)
    return account


def code_of(secret: str, half_minutes: int = 0) -> str:
    """What the app shows now, or showed some half minutes ago."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + half_minutes))


def sign_in(client: Client, account: Account, secret: str, *, ahead: int = 0, **more: Any) -> Any:
    """Both steps, as a browser does them. Answers what the second one answered."""
    answer = client.post("/sign-in", {"email": account.email, "password": PASSWORD, **more})
    assert answer.headers.get("Location") == "/sign-in/second-step", answer.content.decode()
    return client.post("/sign-in/second-step", {"code": code_of(secret, ahead)})

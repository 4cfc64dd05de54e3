"""Signing in with the account of a council or a school: any provider that speaks OpenID Connect.

A provider vouches for an e-mail address. That address must already have an account here: nobody gets one by this way.
If the provider says that it asked for a second factor, that is enough; otherwise ours is asked for. State, nonce,
issuer, audience, signature and PKCE are checked by Authlib.

Providers stand in a file that ONROLL_SINGLE_SIGN_ON names, one table for each; the secret of each is in the
environment, as ONROLL_SSO_SECRET_ and its name in capitals:

    [council]
    who = "Council staff"
    words = "Continue with Ashcombe Council"
    issuer = "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0"
    client_id = "11111111-1111-1111-1111-111111111111"
    domains = ["ashcombe.gov.uk"]
    vouches_for_domains = true      # this provider does not say email_verified, but its addresses are its own
    second_factor = ["mfa"]         # what its amr or acr says when it asked for a second factor
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from joserfc.errors import JoseError

from .models import Account


class NotVouchedFor(Exception):
    """The provider did not prove who this is, or it is nobody we know."""


@dataclass(frozen=True)
class Provider:
    """One provider, as its operator describes it."""

    name: str
    who: str
    words: str
    issuer: str
    client_id: str
    domains: tuple[str, ...]
    secret: str = ""
    # Only of a provider that gives addresses of its domains to nobody but their holders.
    vouches_for_domains: bool = False
    second_factor: tuple[str, ...] = ("mfa",)

    def asked_for_second_factor(self, claims: dict[str, Any]) -> bool:
        """Whether the provider says so, in the methods it used or in the level it reached."""
        methods = claims.get("amr") or []
        said = {*(methods if isinstance(methods, list) else [methods]), claims.get("acr")}
        return bool(said & set(self.second_factor))

    def verified_email(self, claims: dict[str, Any]) -> str:
        """The address that the provider vouches for. Empty if it vouches for none of its domains."""
        email = str(claims.get("email") or "").strip()
        domain = email.rpartition("@")[2].lower()
        verified = claims.get("email_verified") is True or ("email_verified" not in claims and self.vouches_for_domains)
        return email if verified and domain in self.domains else ""


def read_providers(path: str, environment: Any = os.environ) -> dict[str, Provider]:
    """The providers of this file, by their names. None where no file is named."""
    if not path:
        return {}
    held = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    return {
        name: Provider(
            name=name,
            who=table["who"],
            words=table["words"],
            issuer=table["issuer"].rstrip("/"),
            client_id=table["client_id"],
            domains=tuple(domain.lower() for domain in table["domains"]),
            secret=environment.get(f"ONROLL_SSO_SECRET_{name.upper()}", ""),
            vouches_for_domains=table.get("vouches_for_domains", False),
            second_factor=tuple(table.get("second_factor", ["mfa"])),
        )
        for name, table in held.items()
    }


def _client(provider: Provider) -> Any:
    client = OAuth().register(
        provider.name,
        client_id=provider.client_id,
        client_secret=provider.secret,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": 10},
    )
    try:
        told = client.load_server_metadata().get("issuer", "")
    except (requests.RequestException, ValueError) as problem:
        raise NotVouchedFor("The provider does not answer.") from problem
    if told.rstrip("/") != provider.issuer:
        raise NotVouchedFor("Another issuer answered than the one that was set.")
    return client


def ask(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Send the browser to the provider, with what proves on the way back that it was sent from here."""
    back = f"{settings.ONROLL_ADDRESS}{reverse('access:sso_back', args=[provider.name])}"
    return _client(provider).authorize_redirect(request, back)


def answered(request: HttpRequest, provider: Provider) -> tuple[Account, bool]:
    """Whose account the provider vouches for, and whether it asked for a second factor. Else NotVouchedFor."""
    try:
        claims = _client(provider).authorize_access_token(request).get("userinfo")
    except (AuthlibBaseError, JoseError, requests.RequestException, ValueError) as problem:
        raise NotVouchedFor("The answer of the provider does not hold.") from problem
    email = provider.verified_email(claims or {})
    account = Account.objects.filter(email__iexact=email, is_active=True).first() if email else None
    if account is None:
        raise NotVouchedFor("Nobody with that address is invited here.")
    return account, provider.asked_for_second_factor(claims)

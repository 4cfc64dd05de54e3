"""The second factors of a person: an app that shows codes, passkeys, and codes on paper.

Built on django-allauth, which keeps them in one table. A code of the app opens once: the moment of the last one that
did is kept with its secret, in the database, so that no process takes it again.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from fido2.utils import websafe_decode

from .models import Account
from .secrets_at_rest import FactorAdapter, secrets_of

Kind = Authenticator.Type
APP, PASSKEY, CODES = Kind.TOTP, Kind.WEBAUTHN, Kind.RECOVERY_CODES


@dataclass(frozen=True)
class Factor:
    """One way a person has to prove who they are beside the password."""

    id: int
    kind: str
    name: str
    since: datetime
    last_used: datetime | None
    codes_left: int = 0


def factors_of(account: Account) -> list[Factor]:
    """Every factor of this person, codes on paper last."""
    rows = Authenticator.objects.filter(user=account).order_by("created_at", "pk")
    with secrets_of(account):
        found = [
            Factor(
                row.pk,
                row.type,
                row.wrap().name if row.type == PASSKEY else "",
                row.created_at,
                row.last_used_at,
                len(row.wrap().get_unused_codes()) if row.type == CODES else 0,
            )
            for row in rows
        ]
    return sorted(found, key=lambda factor: factor.kind == CODES)


def kinds_of(account: Account) -> set[str]:
    return set(Authenticator.objects.filter(user=account).values_list("type", flat=True))


# The app


def new_app_secret() -> str:
    """What an app and Onroll both keep. Not stored until a first code has shown that the app has it."""
    return totp.generate_totp_secret()


def app_address(account: Account, secret: str) -> str:
    """What the picture says to the app."""
    return FactorAdapter().build_totp_url(account, secret)


def picture_of(address: str) -> str:
    """The address as a square code for a phone's camera: an SVG of squares, with a white edge for dark screens."""
    # Read in only here: it brings a library of pictures along, which the web server does not hold otherwise.
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    drawn = qrcode.make(address, image_factory=SvgPathFillImage).to_string(encoding="unicode")
    return drawn.replace("<svg:", "<").replace("</svg:", "</").replace("xmlns:svg=", "xmlns=")


def add_app(account: Account, secret: str, code: str) -> bool:
    """Keep the app as a factor, if this is its code. It takes the place of another app."""
    moment = _moment_of(secret, code)
    if moment is None:
        return False
    with transaction.atomic(), secrets_of(account):
        Authenticator.objects.filter(user=account, type=APP).delete()
        Authenticator.objects.create(user=account, type=APP, data={"secret": encrypt(secret), "last": moment})
    return True


def _moment_of(secret: str, code: str, after: int = -1) -> int | None:
    """The half minute, counted since 1970, that this is the code of. Only now, just before or just after."""
    typed = "".join(code.split())
    for moment in totp.yield_hotp_counters_from_time():
        right = totp.format_hotp_value(totp.hotp_value(secret, moment))
        if moment > after and secrets.compare_digest(right.encode(), typed.encode()):
            return moment
    return None


@transaction.atomic
def prove_app(account: Account, code: str) -> bool:
    """Whether this is a code of the person's app that was not used before."""
    row = Authenticator.objects.select_for_update().filter(user=account, type=APP).first()
    if row is None:
        return False
    with secrets_of(account):
        moment = _moment_of(decrypt(row.data["secret"]), code, after=row.data.get("last", -1))
    if moment is None:
        return False
    row.data["last"] = moment
    row.save(update_fields=["data"])
    row.record_usage()
    return True


# Codes on paper


@transaction.atomic
def new_codes(account: Account) -> list[str]:
    """A new set of codes to print or write down. The old ones open nothing any more."""
    Account.objects.select_for_update().get(pk=account.pk)
    Authenticator.objects.filter(user=account, type=CODES).delete()
    with secrets_of(account):
        return [in_two(code) for code in RecoveryCodes.activate(account).generate_codes()]


def in_two(code: str) -> str:
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


def prove_code(account: Account, code: str) -> bool:
    """Whether this is one of the person's codes on paper. It is struck off."""
    row = Authenticator.objects.filter(user=account, type=CODES).first()
    if row is None:
        return False
    with secrets_of(account):
        wrapped = row.wrap()
        if not wrapped.validate_code("".join(code.split()).replace("-", "")):
            return False
    wrapped.instance.record_usage()
    return True


# Passkeys


def begin_passkey(account: Account) -> dict[str, Any]:
    """What the browser needs to make a passkey for this person: one that asks for a finger, a face or a PIN."""
    return webauthn.begin_registration(account, passwordless=True)


def add_passkey(account: Account, answer: str, name: str) -> bool:
    """Keep the passkey that the browser made."""
    try:
        credential = webauthn.parse_registration_response(json.loads(answer))
        webauthn.complete_registration(credential)
    except (ValueError, KeyError, TypeError, ValidationError):
        return False
    webauthn.WebAuthn.add(account, name, json.loads(answer))
    return True


def begin_proof(account: Account | None = None) -> dict[str, Any]:
    """What the browser needs to prove a passkey: any of this person's, or whichever it offers."""
    return webauthn.begin_authentication(account)


def passkey_owner(answer: str) -> Account | None:
    """Whose passkey the browser says this is. Proves nothing yet."""
    try:
        handle = websafe_decode(json.loads(answer)["response"]["userHandle"])
        return Account.objects.filter(public_id=UUID(bytes=handle), is_active=True).first()
    except (ValueError, KeyError, TypeError):
        return None


def prove_passkey(account: Account, answer: str) -> bool:
    """Whether the browser's answer was made by a passkey of this person, now, for this page."""
    try:
        response = webauthn.parse_authentication_response(json.loads(answer))
        row = webauthn.complete_authentication(account, response)
    except (ValueError, KeyError, TypeError, ValidationError):
        return False
    row.record_usage()
    return True


def remove(account: Account, factor: int) -> bool:
    return Authenticator.objects.filter(user=account, pk=factor).delete()[0] > 0


def remove_all(account: Account) -> int:
    """For someone who lost theirs, and proves who they are again by an invitation."""
    return Authenticator.objects.filter(user=account).delete()[0]

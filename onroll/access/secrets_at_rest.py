"""The secrets of second factors are stored encrypted, each bound to the account whose factor it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from allauth.mfa.adapter import DefaultMFAAdapter

from .encryption import INSTALLATION, decrypt_bytes, encrypt_bytes
from .models import Account

_whose: ContextVar[Account] = ContextVar("whose")


@contextmanager
def secrets_of(account: Account) -> Iterator[None]:
    """Inside, what is encrypted and decrypted is this account's."""
    token = _whose.set(account)
    try:
        yield
    finally:
        _whose.reset(token)


class FactorAdapter(DefaultMFAAdapter):
    """What django-allauth asks about second factors. Outside `secrets_of` it stores and opens nothing."""

    def encrypt(self, text: str) -> str:
        return encrypt_bytes(text.encode(), authority=INSTALLATION, bound_to=_bound_to())

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_bytes(encrypted_text, authority=INSTALLATION, bound_to=_bound_to()).decode()

    def get_totp_issuer(self) -> str:
        return "Onroll"

    def _get_site_name(self) -> str:
        return "Onroll"

    def get_public_key_credential_user_entity(self, user: Account) -> dict:  # type: ignore[override]
        # A passkey holds what is said here for years: the name that the person knows, and the id used in addresses.
        return {"id": user.public_id.bytes, "display_name": user.name, "name": user.email}


def _bound_to() -> str:
    return f"factor:{_whose.get().public_id}"

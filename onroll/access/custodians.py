"""The keys of the sealed register: what is closed with them opens only to two custodians together.

Each custodian has a key pair of their own, in `ONROLL_HOME/keys/sealed-authority-N.json`; the private half is closed
with a passphrase that Onroll does not keep. A sealed text has a key of its own, cut in two: each part is closed for
one custodian. Sealing needs nobody's passphrase, opening needs both; whoever holds the server holds neither.
"""

import base64
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

CUSTODIANS = 2
LEAST_PASSPHRASE = 16
_SEALED_FOR = b"onroll sealed register"


class CannotSeal(Exception):
    """There are not two custodians yet."""


class WrongPassphrase(Exception):
    """A passphrase is not the one with which a custodian closed their key."""


@dataclass(frozen=True)
class Custodian:
    """A named custodian: the account's public id, and the public half of their key."""

    account: str
    public: bytes
    salt: bytes
    closed: bytes


def _path(authority: int) -> Path:
    return Path(settings.KEYS_FOLDER) / f"sealed-authority-{authority}.json"


def custodians(authority: int) -> list[Custodian]:
    """The custodians of an authority: none, one, or both."""
    try:
        held = json.loads(_path(authority).read_text())
    except FileNotFoundError:
        return []
    names = ("public", "salt", "closed")
    return [Custodian(each["account"], *(base64.b64decode(each[name]) for name in names)) for each in held]


def become_custodian(authority: int, *, account: str, passphrase: str) -> None:
    """Give this person a key of their own, closed with the passphrase."""
    held = custodians(authority)
    if len(held) >= CUSTODIANS or any(each.account == account for each in held):
        raise CannotSeal("There are two custodians, or this person is one.")
    private, salt = X25519PrivateKey.generate(), secrets.token_bytes(16)
    closed = _close(private.private_bytes_raw(), _from_words(passphrase, salt), account.encode())
    new = Custodian(account, private.public_key().public_bytes_raw(), salt, closed)
    _write(authority, [*held, new])


def _write(authority: int, held: Iterable[Custodian]) -> None:
    path = _path(authority)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    rows = [
        {"account": c.account} | {n: base64.b64encode(getattr(c, n)).decode() for n in ("public", "salt", "closed")}
        for c in held
    ]
    beside = path.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(rows, file)
    beside.replace(path)


def seal(authority: int, data: bytes) -> str:
    """Close `data` for both custodians of the authority."""
    held = custodians(authority)
    if len(held) != CUSTODIANS:
        raise CannotSeal("Two custodians have to be named first.")
    key, first = secrets.token_bytes(32), secrets.token_bytes(32)
    parts = (first, bytes(a ^ b for a, b in zip(key, first, strict=True)))
    sealed = {
        "parts": {c.account: _for(c, part) for c, part in zip(held, parts, strict=True)},
        "text": base64.b64encode(_close(data, key, _SEALED_FOR)).decode(),
    }
    return json.dumps(sealed)


def unseal(authority: int, texts: Iterable[str], passphrases: Mapping[str, str]) -> list[bytes]:
    """Open sealed texts with the passphrases of both custodians, by their accounts."""
    held = custodians(authority)
    if len(held) != CUSTODIANS or {each.account for each in held} != set(passphrases):
        raise WrongPassphrase
    keys = {each.account: _private(each, passphrases[each.account]) for each in held}
    return [_unsealed(json.loads(text), keys) for text in texts]


def _private(custodian: Custodian, passphrase: str) -> X25519PrivateKey:
    try:
        raw = _open(custodian.closed, _from_words(passphrase, custodian.salt), custodian.account.encode())
    except InvalidTag as error:
        raise WrongPassphrase from error
    return X25519PrivateKey.from_private_bytes(raw)


def _unsealed(sealed: dict, keys: Mapping[str, X25519PrivateKey]) -> bytes:  # type: ignore[type-arg]
    one, other = (_part(sealed["parts"][account], key, account) for account, key in keys.items())
    key = bytes(a ^ b for a, b in zip(one, other, strict=True))
    return _open(base64.b64decode(sealed["text"]), key, _SEALED_FOR)


def _for(custodian: Custodian, part: bytes) -> str:
    """A part of a key, closed for one custodian: by a key that their own and a passing one agree on."""
    passing = X25519PrivateKey.generate()
    agreed = passing.exchange(X25519PublicKey.from_public_bytes(custodian.public))
    closed = _close(part, _agreed(agreed), custodian.account.encode())
    return base64.b64encode(passing.public_key().public_bytes_raw() + closed).decode()


def _part(text: str, key: X25519PrivateKey, account: str) -> bytes:
    raw = base64.b64decode(text)
    agreed = key.exchange(X25519PublicKey.from_public_bytes(raw[:32]))
    return _open(raw[32:], _agreed(agreed), account.encode())


def _agreed(secret: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_SEALED_FOR).derive(secret)


def _from_words(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())


def _close(data: bytes, key: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, data, bound_to)


def _open(closed: bytes, key: bytes, bound_to: bytes) -> bytes:
    return AESGCM(key).decrypt(closed[:12], closed[12:], bound_to)

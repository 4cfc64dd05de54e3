"""The keys of the sealed register: what is closed with them opens only to two custodians together.

Each custodian has a key pair of their own, in `ONROLL_HOME/keys/sealed-authority-N.json`; the private half is closed
with a passphrase that Onroll does not keep, and once more with words that are printed and kept in a safe. A sealed
text has a key of its own, cut in two: each part is closed for one custodian. Sealing needs nobody's passphrase, opening
needs both; whoever holds the server holds neither.

Who is to follow a custodian makes a key first, and waits. The hand-over then closes the leaving custodian's part of
every sealed text for the one who waits: `with_part_for`, `follow`, `without_part_for`, in this order, so that a crash
between two of them leaves a register that opens.
"""

import base64
import json
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
    """A named custodian: the account's public id, and the halves of their key. `waits`: is to follow one."""

    account: str
    public: bytes
    salt: bytes
    # The private half, closed with the passphrase; and the same closed with the words on paper.
    closed: bytes
    spare: bytes
    waits: bool = False


def _path(authority: int) -> Path:
    return Path(settings.KEYS_FOLDER) / f"sealed-authority-{authority}.json"


_HALVES = ("public", "salt", "closed", "spare")


def custodians(authority: int) -> list[Custodian]:
    """The custodians of an authority: none, one, or both."""
    return [each for each in _all(authority) if not each.waits]


def waiting(authority: int) -> list[Custodian]:
    """Who has made a key to follow a custodian."""
    return [each for each in _all(authority) if each.waits]


def _all(authority: int) -> list[Custodian]:
    try:
        held = json.loads(_path(authority).read_text())
    except FileNotFoundError:
        return []
    return [
        Custodian(account=each["account"], waits=each["waits"], **{n: base64.b64decode(each[n]) for n in _HALVES})
        for each in held
    ]


def become_custodian(authority: int, *, account: str, passphrase: str) -> str:
    """Give this person a key of their own, closed with the passphrase. The answer is the words to print."""
    if len(custodians(authority)) >= CUSTODIANS:
        raise CannotSeal("There are two custodians.")
    return _make(authority, account, passphrase, waits=False)


def get_ready(authority: int, *, account: str, passphrase: str) -> str:
    """Give a key to someone who is to follow a custodian. It opens nothing yet. The answer is the words to print."""
    return _make(authority, account, passphrase, waits=True)


def _make(authority: int, account: str, passphrase: str, *, waits: bool) -> str:
    held = _all(authority)
    if any(each.account == account for each in held):
        raise CannotSeal("This person has a key already.")
    private, salt = X25519PrivateKey.generate(), secrets.token_bytes(16)
    letters = base64.b32encode(secrets.token_bytes(20)).decode()
    words = "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
    closed, spare = (
        _close(private.private_bytes_raw(), key, account.encode())
        for key in (_from_words(passphrase, salt), _agreed(words.encode()))
    )
    new = Custodian(account, private.public_key().public_bytes_raw(), salt, closed, spare, waits)
    _write(authority, [*held, new])
    return words


def _write(authority: int, held: Iterable[Custodian]) -> None:
    path = _path(authority)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    rows = [
        {"account": c.account, "waits": c.waits}
        | {name: base64.b64encode(getattr(c, name)).decode() for name in _HALVES}
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


# The hand-over


def with_part_for(
    authority: int, texts: Iterable[str], *, leaving: str, secret: str, staying_passphrase: str, to: str
) -> list[str]:
    """The sealed texts, with a part for the one who waits beside those of both custodians.

    `secret` is the leaving custodian's passphrase or their printed words; the one who stays proves to be there.
    """
    held = {each.account: each for each in custodians(authority)}
    follower = next((each for each in waiting(authority) if each.account == to), None)
    if leaving not in held or len(held) != CUSTODIANS or follower is None:
        raise CannotSeal("A custodian leaves, another stays, and someone waits.")
    (staying,) = (each for each in held.values() if each.account != leaving)
    _private(staying, staying_passphrase)
    key = _private(held[leaving], secret, or_printed=True)
    sealed = [json.loads(text) for text in texts]
    for each in sealed:
        each["parts"][to] = _for(follower, _part(each["parts"][leaving], key, leaving))
    return [json.dumps(each) for each in sealed]


def follow(authority: int, *, leaving: str, to: str) -> None:
    """From now on the one who waited is custodian, and the one who left is not."""
    kept = [each for each in _all(authority) if each.account != leaving]
    _write(authority, [replace(each, waits=each.waits and each.account != to) for each in kept])


def without_part_for(texts: Iterable[str], account: str) -> list[str]:
    """The sealed texts without the part of someone who is custodian no more."""
    sealed = [json.loads(text) for text in texts]
    for each in sealed:
        each["parts"].pop(account, None)
    return [json.dumps(each) for each in sealed]


def _private(custodian: Custodian, secret: str, *, or_printed: bool = False) -> X25519PrivateKey:
    """The private half, by the passphrase. To hand it over, by the printed words as well, however those are typed."""
    ways = [(custodian.closed, _from_words(secret, custodian.salt))]
    if or_printed:
        # Drawn by chance and long: they need no slow way to a key.
        letters = re.sub(r"[^A-Z0-9]", "", secret.upper())
        ways.append((custodian.spare, _agreed("-".join(re.findall(".{4}", letters)).encode())))
    for closed, key in ways:
        try:
            raw = _open(closed, key, custodian.account.encode())
        except InvalidTag:
            continue
        return X25519PrivateKey.from_private_bytes(raw)
    raise WrongPassphrase


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

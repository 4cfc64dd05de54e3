"""P4 text is encrypted before it reaches the database, with a key that the database never holds.

Each authority has a ring of keys in `ONROLL_HOME/keys`. A stored value is `v1.<key id>.<base64>` (AES-256-GCM,
random nonce), bound to its model, field, authority and row, so that a value moved to another row does not open.
Reading an attribute decrypts; a plain value set to what it already was keeps its stored text, so that a save which
changes nothing writes nothing. Queries that return raw values return the stored text, never the plain one.
"""

import base64
import json
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

# The ring of what belongs to no authority: second factors, messages, words kept over a time-out.
INSTALLATION = 0


class KeyMissing(Exception):
    """The key that opens a stored value is not in the key folder."""


def _ring_path(authority: int) -> Path:
    return _path_in(str(settings.KEYS_FOLDER), authority)


@cache
def _path_in(folder: str, authority: int) -> Path:
    # An import asks for it once a value: ten thousand times.
    return Path(folder) / f"authority-{authority}.json"


_rings: dict[Path, tuple[int, dict[str, Any]]] = {}


def _ring(authority: int) -> dict[str, Any]:
    path = _ring_path(authority)
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise KeyMissing(f"No key ring for authority {authority}. Restore the keys with the backup.") from None
    held = _rings.get(path)
    if held is None or held[0] != changed:
        held = (changed, json.loads(path.read_text()))
        _rings[path] = held
    return held[1]


def make_key_ring(authority: int) -> None:
    """Give an authority its first key. Does nothing when it has one."""
    path = _ring_path(authority)
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_id = secrets.token_hex(4)
    ring = {"current": key_id, "keys": {key_id: base64.b64encode(AESGCM.generate_key(256)).decode()}}
    # Written whole and then named, so that of two processes one makes it and the other never reads half of it.
    part = path.with_suffix(f".{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(ring, file)
    try:
        os.link(part, path)
    except FileExistsError:
        return
    finally:
        part.unlink()


def has_ring(authority: int) -> bool:
    return _ring_path(authority).exists()


def key_ids(authority: int) -> list[str]:
    """The ids of the keys this authority's stored values may need."""
    return sorted(_ring(authority)["keys"])


def encrypt_bytes(data: bytes, *, authority: int, bound_to: str) -> str:
    """Close `data` with the authority's current key. It opens only for the same `bound_to`."""
    if authority == INSTALLATION:
        # No command sets up the installation itself: its ring is made when it is first needed.
        make_key_ring(INSTALLATION)
    ring = _ring(authority)
    key_id = ring["current"]
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(base64.b64decode(ring["keys"][key_id])).encrypt(nonce, data, bound_to.encode())
    return f"v1.{key_id}.{base64.b64encode(nonce + sealed).decode()}"


def decrypt_bytes(stored: str, *, authority: int, bound_to: str) -> bytes:
    """Open what `encrypt_bytes` closed. Raises KeyMissing, or ValueError when it was altered or moved."""
    _, key_id, text = stored.split(".", 2)
    key = _ring(authority)["keys"].get(key_id)
    if key is None:
        raise KeyMissing(f"Key {key_id} of authority {authority} is not in the key folder.")
    raw = base64.b64decode(text)
    try:
        return AESGCM(base64.b64decode(key)).decrypt(raw[:12], raw[12:], bound_to.encode())
    except InvalidTag as error:
        raise ValueError("A stored value was altered, or moved from another row.") from error


class Ciphertext(str):
    """A value as stored: `v1.<key id>.<base64>`."""


class Plain(str):
    """A readable value of one row. Remembers the text it is stored as, so that it stays the same."""

    owner: models.Model
    field: "EncryptedTextField"
    stored: Ciphertext | None

    def as_stored(self) -> str:
        if not self:
            return ""
        if self.stored is None:
            authority, bound_to = self.field.binding(self.owner)
            self.stored = Ciphertext(encrypt_bytes(self.encode(), authority=authority, bound_to=bound_to))
        return self.stored


class _PlainAttribute:
    def __init__(self, field: "EncryptedTextField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        value = instance.__dict__[self.field.attname]
        if isinstance(value, Ciphertext) and value:
            authority, bound_to = self.field.binding(instance)
            plain = decrypt_bytes(value, authority=authority, bound_to=bound_to).decode()
            value = self._wrap(instance, plain, value)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        if value is not None and not isinstance(value, Ciphertext):
            held = instance.__dict__.get(self.field.attname)
            if held and str.__eq__(str(self.__get__(instance, type(instance))), str(value)):
                return
            value = self._wrap(instance, str(value), None)
        instance.__dict__[self.field.attname] = value

    def _wrap(self, instance: models.Model, text: str, stored: Ciphertext | None) -> Plain:
        plain = Plain(text)
        plain.owner, plain.field, plain.stored = instance, self.field, stored
        return plain


class EncryptedTextField(models.TextField):
    """Text that is stored encrypted. Its model has `authority` and a `public_id` that never changes.

    It cannot be searched, compared or sorted in the database: a lookup with plain text is an error.
    """

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _PlainAttribute(self))

    def binding(self, instance: models.Model) -> tuple[int, str]:
        """The authority whose key closes this value, and what the value is bound to."""
        authority = instance.authority_id  # type: ignore[attr-defined]
        row = instance.public_id  # type: ignore[attr-defined]
        return authority, f"{instance._meta.label_lower}.{self.attname}:{authority}:{row}"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value if value is None else Ciphertext(value)

    def get_prep_value(self, value: Any) -> str | None:
        if isinstance(value, Plain):
            return value.as_stored()
        if value is None or value == "" or isinstance(value, Ciphertext):
            return value
        raise TypeError(f"{self} is encrypted: it can't be looked up or stored as plain text.")

    def to_python(self, value: Any) -> Any:
        return value

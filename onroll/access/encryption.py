"""P4 text is encrypted before it reaches the database, with a key that the database never holds.

Each authority has a ring of keys in `ONROLL_HOME/keys`. A stored value is `v1.<key id>.<base64>` (AES-256-GCM,
random nonce), bound to its model, field, authority and row, so that a value moved to another row does not open.
The ring's newest key closes what is written from now on; the older ones open what was written before, for ever, because
the history is never written again. Other processes see a new ring at their next use of it.
Reading an attribute decrypts; a plain value set to what it already was keeps its stored text, so that a save which
changes nothing writes nothing. Queries that return raw values return the stored text, never the plain one.
"""

import base64
import fcntl
import json
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
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


_rings: dict[Path, tuple[tuple[int, int], dict[str, Any]]] = {}


def _ring(authority: int) -> dict[str, Any]:
    path = _ring_path(authority)
    try:
        now = path.stat()
    except FileNotFoundError:
        raise KeyMissing(f"No key ring for authority {authority}. Restore the keys with the backup.") from None
    version = (now.st_mtime_ns, now.st_ino)
    held = _rings.get(path)
    if held is None or held[0] != version:
        held = (version, json.loads(path.read_text()))
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


def add_key(authority: int) -> str:
    """Give an authority a new key, which closes everything from now on, and answer its id. The older keys stay.

    The ring is replaced whole, so that whoever reads it meanwhile has the old one or the new one.
    """
    path = _ring_path(authority)
    with open(path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ring = json.loads(json.dumps(_ring(authority)))
        key_id = secrets.token_hex(4)
        while key_id in ring["keys"]:
            key_id = secrets.token_hex(4)
        ring["keys"][key_id] = base64.b64encode(AESGCM.generate_key(256)).decode()
        ring["current"] = key_id
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(ring, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    return key_id


def key_ids(authority: int) -> list[str]:
    """The ids of the keys this authority's stored values may need."""
    return sorted(_ring(authority)["keys"])


def current_key(authority: int) -> str:
    """The id of the key that closes what is written now."""
    return str(_ring(authority)["current"])


def key_of(stored: str) -> str:
    """The id of the key that a stored value was closed with."""
    return stored.split(".", 2)[1]


def encrypt_bytes(data: bytes, *, authority: int, bound_to: str, use: str = "") -> str:
    """Close `data` with the authority's current key. It opens only for the same `bound_to` and `use`.

    A `use` has a key of its own, derived from the authority's.
    """
    if authority == INSTALLATION:
        # No command sets up the installation itself: its ring is made when it is first needed.
        make_key_ring(INSTALLATION)
    ring = _ring(authority)
    key_id = ring["current"]
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(_key_for(ring["keys"][key_id], use)).encrypt(nonce, data, bound_to.encode())
    return f"v1.{key_id}.{base64.b64encode(nonce + sealed).decode()}"


def _key_for(key: str, use: str) -> bytes:
    whole = base64.b64decode(key)
    if not use:
        return whole
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"onroll:{use}".encode()).derive(whole)


def decrypt_bytes(stored: str, *, authority: int, bound_to: str, use: str = "") -> bytes:
    """Open what `encrypt_bytes` closed. Raises KeyMissing, or ValueError when it was altered or moved."""
    _, key_id, text = stored.split(".", 2)
    key = _ring(authority)["keys"].get(key_id)
    if key is None:
        raise KeyMissing(f"Key {key_id} of authority {authority} is not in the key folder.")
    raw = base64.b64decode(text)
    try:
        return AESGCM(_key_for(key, use)).decrypt(raw[:12], raw[12:], bound_to.encode())
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
            use = self.field.use(self.owner)
            self.stored = Ciphertext(encrypt_bytes(self.encode(), authority=authority, bound_to=bound_to, use=use))
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
            use = self.field.use(instance)
            plain = decrypt_bytes(value, authority=authority, bound_to=bound_to, use=use).decode()
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

    def use(self, instance: models.Model) -> str:
        """What the key is derived for. A model with a `lock` that its history omits takes its words with it.

        Once the row is gone, so is the lock, and what the history holds of the words can't be opened by anyone.
        """
        lock = getattr(instance, "lock", None)
        return f"lock:{lock}" if lock else ""

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

"""Seals: each change hashed with its events when it commits, and chained to the one before."""

import hashlib
from typing import Any

from django.db import connection

from .connections import sha256
from .models import Change, Event, Head, Seal

PART = "\x1f"


def join(*values: Any) -> str:
    return PART.join("" if value is None else str(value) for value in values)


def inner_digest(salt: str, payload: str) -> str:
    """What an erased payload leaves behind."""
    return sha256(salt + payload)


def words_digest(salt: str, reason: str, batch: str) -> str:
    """What the erased reason and batch of a change leave behind."""
    return sha256(salt + sha256(reason) + sha256(batch))


def microseconds(moment: Any) -> int:
    """A moment as a whole number, the same on both engines."""
    from datetime import UTC, datetime, timedelta

    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def leaf_of_change(change: Change, salt: str) -> str:
    words = change.words_digest or words_digest(salt, change.reason, change.batch)
    return sha256(
        join(
            change.pk,
            change.authority,
            change.verb,
            change.actor_id,
            change.actor_name,
            change.role,
            change.post,
            change.child,
            change.within_id,
            microseconds(change.at),
            words,
        )
    )


def leaf_of_event(event: tuple, salt: str) -> str:
    """`event` is (id, change, authority, model, record, child, act, payload, digest)."""
    *where, payload, digest = event
    return sha256(join(*where, digest or inner_digest(salt, payload)))


def chained(previous: str, seal: Seal) -> str:
    return sha256(
        join(previous, seal.authority, seal.number, seal.change_id, seal.first, seal.last, seal.count, seal.content)
    )


def mark() -> int:
    """Where the events of a change that opens now can begin: after this id."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT coalesce(max(id), 0) FROM history_event")
        else:
            cursor.execute("SELECT last_value FROM history_event_id_seq")
        return cursor.fetchone()[0]


def seal(outermost: int, mark: int) -> None:
    """Seal this change and those within it, authorities in ascending order, so that no two wait for each other."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT history_seal(%s, %s)", [outermost, mark - 1])
        return
    # One writer at a time: whatever came since is ours.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO history_salt (child, salt) SELECT child, lower(hex(randomblob(16))) FROM ("
            "SELECT child FROM history_event WHERE id > %s AND digest = '' UNION "
            "SELECT child FROM history_change WHERE id >= %s) "
            "WHERE child IS NOT NULL AND child NOT IN (SELECT child FROM history_salt)",
            [mark, outermost],
        )
        cursor.execute(
            "SELECT child, salt FROM history_salt WHERE child IN (SELECT child FROM history_event WHERE id > %s "
            "UNION SELECT child FROM history_change WHERE id >= %s)",
            [mark, outermost],
        )
        salts = dict(cursor.fetchall())
        changes = list(Change.objects.filter(pk__gte=outermost).order_by("authority", "pk"))
        contents = {change.pk: Content(change, salts.get(change.child, "")) for change in changes}
        cursor.execute(f"SELECT {EVENT_COLUMNS} FROM history_event WHERE id > %s ORDER BY id", [mark])  # noqa: S608
        for event in cursor:
            contents[event[1]].add(event, salts.get(event[5], ""))
    for change in changes:
        head = Head.objects.filter(pk=change.authority).first() or Head(authority=change.authority, number=0, hash="")
        sealed = contents[change.pk].seal()
        sealed.number = head.number + 1
        sealed.hash = chained(head.hash, sealed)
        sealed.save(force_insert=True)
        Head(authority=change.authority, number=sealed.number, hash=sealed.hash).save(
            force_insert=head.number == 0, force_update=head.number > 0
        )


EVENT_COLUMNS = "id, change_id, authority, model, record, child, act, payload, digest"


class Content:
    """Hashes a change and its events, one after the other."""

    def __init__(self, change: Change, salt: str) -> None:
        self.change = change
        self.first: int | None = None
        self.last: int | None = None
        self.count = 0
        self._hash = hashlib.sha256(leaf_of_change(change, salt).encode())

    def add(self, event: tuple, salt: str) -> None:
        self.first = event[0] if self.first is None else self.first
        self.last = event[0]
        self.count += 1
        self._hash.update(leaf_of_event(event, salt).encode())

    def seal(self) -> Seal:
        """The seal for what was added, still without its place in the chain."""
        return Seal(
            authority=self.change.authority,
            change_id=self.change.pk,
            first=self.first,
            last=self.last,
            count=self.count,
            content=self._hash.hexdigest(),
        )

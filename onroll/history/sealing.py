"""Seals: each change hashed with its events when it commits, and chained to the one before."""
# ruff: noqa: S608 -- names of tables and columns come from the models, values are parameters

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from .connections import sha256
from .models import Change, Head, Salt, Seal

PART = "\x1f"


def join(*values: Any) -> str:
    return PART.join("" if value is None else str(value) for value in values)


def clean(text: str, length: int) -> str:
    """Text for a chained row: on one line, without the control characters that part its columns."""
    return "".join(" " if ord(letter) < 32 or ord(letter) == 127 else letter for letter in text)[:length]


def inner_digest(salt: str, payload: str) -> str:
    """What an erased payload leaves behind."""
    return sha256(salt + payload)


def words_digest(salt: str, reason: str, batch: str) -> str:
    """What the erased reason and batch of a change leave behind."""
    return sha256(salt + sha256(reason) + sha256(batch))


def microseconds(moment: Any) -> int:
    """A moment as a whole number, the same on both engines."""
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
        cursor.execute(f"SELECT {EVENT_COLUMNS} FROM history_event WHERE id > %s ORDER BY id", [mark])
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


@dataclass(frozen=True)
class Finding:
    """Something in a chain that is not as it was written."""

    chain: str
    authority: int | None
    number: int | None
    what: str

    def __str__(self) -> str:
        where = "" if self.authority is None else f", authority {self.authority}"
        return f"{self.chain}{where}{'' if self.number is None else f', number {self.number}'}: {self.what}"


HISTORY = "History"

Heads = dict[int, tuple[int, str]]


def heads() -> Heads:
    """The last number and hash of each authority's history, to be kept where Onroll can't write."""
    return {head.authority: (head.number, head.hash) for head in Head.objects.all()}


def verify(*, kept: Heads | None = None) -> list[Finding]:
    """Everything that was altered, taken out, put in or moved in the history, the first bad number of a chain first.

    `kept` are heads written elsewhere earlier. Only they find a history that was cut short or written anew as a whole.
    """
    return [*_seals_that_differ(kept or {}), *_what_no_seal_holds()]


SEALS_AT_A_TIME = 500


def _seals_that_differ(kept: Heads) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM history_seal")
        up_to = cursor.fetchone()[0]
    last: dict[int, Seal] = {}
    seen = 0
    # In the order in which they were made, all authorities together: so each event is read about once.
    while batch := list(Seal.objects.filter(pk__gt=seen, pk__lte=up_to).order_by("pk")[:SEALS_AT_A_TIME]):
        seen = batch[-1].pk
        contents = _contents_of(batch)
        for seal in batch:
            authority, number = seal.authority, seal.number
            before = last.get(authority)
            if number != (before.number if before else 0) + 1:
                yield Finding(HISTORY, authority, number, "the seals before it are not all there, or not in order")
            found = contents.get(seal.change_id)
            if found is None:
                yield Finding(HISTORY, authority, number, f"change {seal.change_id} is missing")
            elif not _agree(found.seal(), seal):
                yield Finding(HISTORY, authority, number, f"change {seal.change_id} is not what was sealed")
            if chained(before.hash if before else "", seal) != seal.hash:
                yield Finding(HISTORY, authority, number, "the seal does not follow from the one before")
            if kept.get(authority, (0, ""))[0] == number and kept[authority][1] != seal.hash:
                yield Finding(HISTORY, authority, number, "it is not the seal that was kept elsewhere")
            last[authority] = seal
    for authority, (number, _) in kept.items():
        if authority not in last or last[authority].number < number:
            yield Finding(HISTORY, authority, number, "the history is shorter than the head that was kept elsewhere")
    # One statement each, so that what commits meanwhile is seen by both sides or by neither.
    for head in Head.objects.raw(
        "SELECT h.* FROM history_head h WHERE NOT EXISTS (SELECT 1 FROM history_seal s WHERE s.authority = h.authority "
        "AND s.number = h.number AND s.hash = h.hash) OR h.number < "
        "(SELECT max(s.number) FROM history_seal s WHERE s.authority = h.authority)"
    ):
        yield Finding(HISTORY, head.authority, head.number, "the head is not the last seal")
    for seal in Seal.objects.raw(
        "SELECT min(id) AS id, authority, max(number) AS number FROM history_seal s "
        "WHERE NOT EXISTS (SELECT 1 FROM history_head h WHERE h.authority = s.authority) GROUP BY authority"
    ):
        yield Finding(HISTORY, seal.authority, seal.number, "the head is missing")


def _contents_of(seals: list[Seal]) -> dict[int, Content]:
    """What the changes of these seals hold now, hashed."""
    changes = list(Change.objects.filter(pk__in=[seal.change_id for seal in seals]))
    firsts = [seal.first for seal in seals if seal.first is not None]
    lasts = [seal.last for seal in seals if seal.last is not None]
    with connection.cursor() as cursor:
        events: Iterable[tuple] = ()
        if firsts and lasts:
            cursor.execute(
                f"SELECT {EVENT_COLUMNS} FROM history_event WHERE id BETWEEN %s AND %s ORDER BY id",
                [min(firsts), max(lasts)],
            )
            events = cursor.fetchall()
        wanted = {change.pk for change in changes}
        mine = [event for event in events if event[1] in wanted]
        salts = salts_of({event[5] for event in mine} | {change.child for change in changes})
    contents = {change.pk: Content(change, salts.get(change.child, "")) for change in changes}
    for event in mine:
        contents[event[1]].add(event, salts.get(event[5], ""))
    return contents


def _agree(now: Seal, then: Seal) -> bool:
    return (now.authority, now.first, now.last, now.count, now.content) == (
        then.authority,
        then.first,
        then.last,
        then.count,
        then.content,
    )


def salts_of(children: Iterable[int | None]) -> dict[int | None, str]:
    keys = [child for child in children if child is not None]
    found: dict[int | None, str] = {}
    for start in range(0, len(keys), 5000):
        found.update(Salt.objects.filter(pk__in=keys[start : start + 5000]).values_list("pk", "salt"))
    return found


def _what_no_seal_holds() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.authority, c.id FROM history_change c "
            "WHERE NOT EXISTS (SELECT 1 FROM history_seal s WHERE s.change_id = c.id) ORDER BY c.id LIMIT 100"
        )
        for authority, change in cursor.fetchall():
            yield Finding(HISTORY, authority, None, f"change {change} is under no seal")
        # Counted first, because looking for the one among millions is slow and there is nearly always none.
        cursor.execute(
            "SELECT (SELECT count(*) FROM history_event), (SELECT coalesce(sum(count), 0) FROM history_seal)"
        )
        events, sealed = cursor.fetchone()
        if events != sealed:
            yield Finding(HISTORY, None, None, f"there are {events} events, and the seals hold {sealed}")
            cursor.execute(
                "SELECT e.authority, e.id FROM history_event e LEFT JOIN history_seal s ON s.change_id = e.change_id "
                "AND e.id BETWEEN s.first AND s.last WHERE s.id IS NULL ORDER BY e.id LIMIT 100"
            )
            for authority, event in cursor.fetchall():
                yield Finding(HISTORY, authority, None, f"event {event} is under no seal")

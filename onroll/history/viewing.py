"""The access log: who looked at what, who was shown which list, who was refused. Never a value of the record.

Each entry is numbered in its authority and chained to the one before. If it can't be written, the error stops the page:
what can't be logged is not shown.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, models, transaction
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.sections import Section

from .connections import sha256
from .models import Entry, EntryHead
from .sealing import Finding, Heads, clean, join, microseconds
from .triggers_postgresql import LOOK_COLUMNS


@dataclass(frozen=True)
class Visit:
    """Where a request came from, for every entry made while it is answered."""

    request_id: str = ""
    address: str = ""
    device: str = ""


# The act of an entry that stands beside a change of the history.
CHANGE = "change"

NOWHERE = Visit()
_visit: ContextVar[Visit] = ContextVar("visit", default=NOWHERE)


@contextmanager
def visiting(visit: Visit) -> Iterator[None]:
    """For the middleware: entries made inside say where the request came from."""
    token = _visit.set(visit)
    try:
        yield
    finally:
        _visit.reset(token)


def viewed(
    actor: Actor,
    child: models.Model | int,
    section: Section | str,
    *,
    route: str = "",
    act: str = "view",
    outcome: str = "shown",
) -> int:
    """Write down that the actor saw this section of this child's record. Returns the entry's number."""
    return noted(actor, act, child=child, section=section, route=route, outcome=outcome)


def listed(
    actor: Actor, children: Iterable[int], route: str, *, act: str = "list", section: Section | str = ""
) -> int | None:
    """Write down whom a list showed, in one entry. An empty list showed nobody, and there is no entry."""
    keys = ",".join(str(key) for key in children)
    return noted(actor, act, children=keys, section=section, route=route, outcome="shown") if keys else None


def refused(actor: Actor, route: str, *, child: models.Model | int | None = None) -> int:
    """Write down that the actor asked for what does not exist for them."""
    return noted(actor, "view", child=child, route=route, outcome="refused")


def written(actor: Actor, verb: str, child: models.Model | int | None) -> int | None:
    """Write down that a page changed the record, in the transaction of the change: without the entry, no change.

    The history holds what was changed, this entry where it came from. What a job or the command line does is in the
    history alone: it came from no address.
    """
    if _visit.get() is NOWHERE:
        return None
    return noted(actor, CHANGE, child=child, route=verb, outcome="done")


def noted(
    actor: Actor | None,
    act: str,
    *,
    outcome: str,
    child: models.Model | int | None = None,
    children: str = "",
    section: Section | str = "",
    route: str = "",
    account: int | None = None,
) -> int:
    """Write an entry of any kind. Without an actor (a sign-in that failed) it is the installation's."""
    visit = _visit.get()
    return _append(
        Entry(
            authority=actor.authority if actor else 0,
            at=timezone.now(),
            actor_id=actor.account if actor else account,
            actor_name=clean(actor.name, 100) if actor and not actor.account else "",
            role=str(actor.role) if actor else "",
            post=actor.post if actor else None,
            on_behalf_of=actor.behalf_of if actor else None,
            child=child.pk if isinstance(child, models.Model) else child,
            children=children,
            section=str(section.value if isinstance(section, Section) else section),
            act=clean(act, 30),
            outcome=clean(outcome, 30),
            route=clean(route, 100),
            request_id=clean(visit.request_id, 40),
            address=clean(visit.address, 45),
            device=clean(visit.device, 30),
            break_glass=actor.opening.id if actor and actor.opening else None,
        )
    )


def entry_hash(previous: str, entry: Entry) -> str:
    columns = (microseconds(entry.at) if name == "at" else getattr(entry, name) for name in LOOK_COLUMNS)
    return sha256(join(previous, entry.number, *columns))


def _append(entry: Entry) -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT history_look({', '.join(f'%s::{type}' for type in LOOK_COLUMNS.values())})",
                [getattr(entry, name) for name in LOOK_COLUMNS],
            )
            return cursor.fetchone()[0]
    with transaction.atomic():
        head = EntryHead.objects.filter(pk=entry.authority).first()
        entry.number = head.number + 1 if head else 1
        entry.hash = entry_hash(head.hash if head else "", entry)
        entry.save(force_insert=True)
        EntryHead(authority=entry.authority, number=entry.number, hash=entry.hash).save(
            force_insert=head is None, force_update=head is not None
        )
    return entry.number


LOG = "Access log"


def log_heads() -> Heads:
    """The last number and hash of each authority's access log, to be kept where Onroll can't write."""
    return {head.authority: (head.number, head.hash) for head in EntryHead.objects.all()}


def verify_log(*, kept: Heads | None = None) -> list[Finding]:
    """Everything that was altered, taken out, put in or moved in the access log. The first bad number comes first."""
    return list(_entries_that_differ(kept or {}))


def _entries_that_differ(kept: Heads) -> Iterator[Finding]:
    heads = log_heads()
    last: dict[int, Entry] = {}
    for entry in Entry.objects.order_by("authority", "number").iterator(2000):
        authority, number = entry.authority, entry.number
        if authority in heads and number > heads[authority][0] and _is_newer(authority, heads[authority]):
            continue
        before = last.get(authority)
        if number != (before.number if before else 0) + 1:
            yield Finding(LOG, authority, number, "the entries before it are not all there")
        if entry_hash(before.hash if before else "", entry) != entry.hash:
            yield Finding(LOG, authority, number, "it is not what was written, or does not follow the one before")
        if kept.get(authority, (0, ""))[0] == number and kept[authority][1] != entry.hash:
            yield Finding(LOG, authority, number, "it is not the entry that was kept elsewhere")
        last[authority] = entry
    for chain, found in (("head", heads), ("head that was kept elsewhere", kept)):
        for authority, (number, hash) in found.items():
            end = last.get(authority)
            if end is None or end.number < number or (chain == "head" and (end.number, end.hash) != (number, hash)):
                yield Finding(LOG, authority, number, f"the log does not end at the {chain}")
    for authority, end in last.items():
        if authority not in heads:
            yield Finding(LOG, authority, end.number, "the head is missing")


def _is_newer(authority: int, head: tuple[int, str]) -> bool:
    """Whether the log has grown by itself since its head was read, as it does while it is verified."""
    now = EntryHead.objects.filter(pk=authority).first()
    return now is not None and now.number > head[0]

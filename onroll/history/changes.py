"""`change()`: the one way to write. It names who acts, and the database records what they do.

    with change("pep.signed_off", actor=actor, child=pep.child) as this:
        pep.status = PEP.Status.SIGNED_OFF
        this.save(pep)

The outermost change is the transaction: what commits is a change, sealed. One inside another has its own name and
shares the transaction. A thread has a connection of its own, so it must open its own change.
"""
# ruff: noqa: S608 -- names of tables and columns come from the models, values are parameters

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, models, transaction
from django.utils import timezone

from onroll.access import scope
from onroll.access.actors import Actor

from . import overlaps, sealing, viewing
from .bulk import insert_rows, update_rows
from .connections import NoChangeOpen, OtherAuthority, Overlap, Refused, open_changes
from .models import Change, Event
from .sealing import clean
from .verbs import require, verb

__all__ = ["NoChangeOpen", "OtherAuthority", "Overlap", "Refused", "ThisChange", "change", "verb"]

M = TypeVar("M", bound=models.Model)


class ThisChange:
    """The open change, and the ways to write under it."""

    def __init__(self, id: int) -> None:
        self.id = id

    def save(self, record: M, fields: Sequence[str] | None = None) -> M:
        """Insert a new record; of an old one write the fields that differ from the database, or from those named.

        The comparison is of plain values, so an encrypted text that says the same keeps what is stored.
        """
        if record._state.adding:
            return self.create(record)
        changed = changed_fields(record, fields)
        if changed:
            record.save(update_fields=changed)
        return record

    def create(self, record: M) -> M:
        """Insert a new record."""
        record.save(force_insert=True)
        return record

    def bulk_create(self, model: type[M], records: Iterable[M]) -> list[M]:
        """Insert many records of one model, in few statements, and give them their keys."""
        return insert_rows(model, list(records))

    def bulk_update(self, model: type[M], records: Iterable[M], fields: Sequence[str]) -> int:
        """Write these fields of many records of one model, in few statements. Returns how many rows there were."""
        return update_rows(model, list(records), fields)

    def delete(self, records: models.Model | models.QuerySet) -> int:
        """Delete one record, or all of a queryset. Returns how many rows went, with those that went along."""
        return records.delete()[0]


@contextmanager
def change(
    verb: str,
    *,
    actor: Actor,
    child: models.Model | int | None = None,
    reason: str = "",
    batch: str = "",
) -> Iterator[ThisChange]:
    """Everything written inside is one act of `actor`. It is kept whole, or not at all.

    `child` is the child it is about, `reason` what the actor gave as reason, `batch` what a file or job calls itself.
    The reason of a change on many children must not tell of one of them: it can't be erased with the child.
    """
    require(verb)
    outer = current()
    with (
        scope.for_change(actor.authority),
        transaction.atomic(durable=outer is None),
        opened(verb, actor, child, reason, batch) as this,
    ):
        yield this


@contextmanager
def opened(
    verb: str,
    actor: Actor,
    child: models.Model | int | None = None,
    reason: str = "",
    batch: str = "",
) -> Iterator[ThisChange]:
    """A change in the transaction that is open already. For `change()` and for migrations."""
    changes = open_changes(connection)
    outer = changes[-1] if changes else None
    mark = sealing.mark() if outer is None else None
    this = ThisChange(
        _write_down(
            Change(
                authority=actor.authority,
                verb=verb,
                actor_id=actor.account,
                actor_name=clean(actor.behalf_of_name if actor.account else actor.name, 100),
                role=actor.role,
                post=actor.post,
                child=child.pk if isinstance(child, models.Model) else child,
                within_id=outer,
                at=timezone.now(),
                reason=reason,
                batch=batch,
            )
        )
    )
    changes.append(this.id)
    try:
        yield this
        # On an error the rollback gives back the outer change. On success we do.
        if outer is None:
            assert mark is not None
            overlaps.refuse(connection)
            viewing.written(actor, verb, child)
            sealing.seal(this.id, mark)
        elif connection.vendor == "postgresql":
            _name_to_postgresql(outer)
    finally:
        changes.pop()


def current() -> int | None:
    """The id of the innermost open change, if any."""
    # A new connection knows of no change; one that is not open yet has none either.
    changes = open_changes(connection)
    return changes[-1] if changes else None


def changed_fields(record: models.Model, fields: Sequence[str] | None = None) -> list[str]:
    """The names of the fields whose values differ from those in the database, among `fields` where it is given.

    On PostgreSQL the row stays locked until the change ends, so that two who save at once do so one after the other.
    """
    model = type(record)
    loaded = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and field.attname in record.__dict__
        and (fields is None or field.name in fields or field.attname in fields)
    ]
    rows = model._base_manager.filter(pk=record.pk).only("pk", *(field.attname for field in loaded))
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    stored = rows.get()
    return [field.name for field in loaded if differs(field, record, stored)]


def differs(field: models.Field, record: models.Model, stored: models.Model) -> bool:
    if record.__dict__.get(field.attname) == stored.__dict__.get(field.attname):
        return False
    value = field.value_from_object(record)
    if isinstance(value, models.expressions.BaseExpression):
        return True
    return field.to_python(value) != field.to_python(field.value_from_object(stored))


_CHANGE_FIELDS = [field for field in Change._meta.local_concrete_fields if not field.primary_key]


def _write_down(row: Change) -> int:
    """Insert the change and tell the database that it is open. On PostgreSQL both in one statement."""
    if connection.vendor == "sqlite":
        row.save(force_insert=True)
        return row.pk
    columns = ", ".join(f'"{field.column}"' for field in _CHANGE_FIELDS)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in _CHANGE_FIELDS]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH made AS (INSERT INTO history_change ({columns}) "
            f"VALUES ({', '.join(['%s'] * len(values))}) RETURNING id) "
            "SELECT id, set_config('history.change', id::text, true) FROM made",
            values,
        )
        return cursor.fetchone()[0]


def _name_to_postgresql(change: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('history.change', %s, true)", [str(change)])


def events_of(change: int) -> models.QuerySet[Event]:
    """The events of a sealed change, in order, found by the range in its seal."""
    from .models import Seal

    seal = Seal.objects.filter(change=change).first()
    if seal is None or not seal.count:
        return Event.objects.none()
    return Event.objects.filter(pk__range=(seal.first, seal.last), change=change).order_by("pk")

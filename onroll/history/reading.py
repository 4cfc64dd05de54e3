"""Reading the history back: of a child, of one record, of a person, and a child's whole record as at a moment.

An event is read by its fields' own types, so that both engines give equal values. An encrypted text is opened only
here, for the reader of the page; it is stored as it was in the record.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from onroll.access.actors import Actor
from onroll.access.encryption import Ciphertext, EncryptedTextField, KeyMissing
from onroll.access.sections import may_read

from .models import Change, Event, Seal
from .recorded import fields_of, model_numbered, number_of
from .verbs import sentence_of

States = dict[type[models.Model], dict[int, dict[str, Any]]]


@dataclass(frozen=True)
class FieldChange:
    """One field of one row: what it was and what it became. Before is None when the row was added."""

    field: models.Field
    before: Any
    after: Any

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def words(self) -> str:
        return str(self.field.verbose_name)


@dataclass(frozen=True)
class Line:
    """One row that was added, altered or removed."""

    event: int
    model: type[models.Model] | None
    record: int
    child: int | None
    act: str
    erased: bool
    fields: tuple[FieldChange, ...]

    @property
    def done(self) -> str:
        return {"i": "added", "u": "changed", "d": "removed"}[self.act]


@dataclass(frozen=True)
class Act:
    """One change and the rows of it that were asked for."""

    change: Change
    lines: tuple[Line, ...]

    @property
    def who(self) -> str:
        """Who acted; of one who stood in for another, for whom."""
        if self.change.actor is None:
            return self.change.actor_name
        name = self.change.actor.name
        return f"{name} for {self.change.actor_name}" if self.change.actor_name else name

    @property
    def sentence(self) -> str:
        return sentence_of(self.change.verb).format(actor=self.who)


def of_child(
    child: models.Model | int, *, actor: Actor | None = None, before: int | None = None, limit: int = 50
) -> list[Act]:
    """The newest `limit` events of a child, by the change they belong to, newest first.

    `before` continues from the event id where the last page ended. With an actor, kinds of record that the role does
    not read, or reads only some rows of, are left out.
    """
    events = Event.objects.filter(child=_key(child))
    if before is not None:
        events = events.filter(pk__lt=before)
    if actor is not None:
        events = events.filter(model__in=numbers_read_by(actor))
    return acts(events.order_by("-pk")[:limit])


def of_record(record: models.Model) -> list[Act]:
    """Everything that happened to one record, newest first, also while it was a fact about another child."""
    return acts(reversed(list(_events_of(type(record), record.pk, getattr(record, "child_id", None)))))


def of_change(change: Change | int, *, limit: int | None = None) -> list[Line]:
    """The rows that one change wrote, in order."""
    seal = Seal.objects.filter(change=change).first()
    if seal is None or not seal.count:
        return []
    return _lines(Event.objects.filter(pk__range=(seal.first, seal.last), change=change).order_by("pk")[:limit])


def of_person(account: int, *, since: datetime, until: datetime) -> models.QuerySet[Change]:
    """What a person did in a stretch of time, newest first."""
    return Change.objects.filter(actor=account, at__gte=since, at__lt=until).order_by("-at")


def numbers_read_by(actor: Actor) -> list[int]:
    """The numbers of the models of children's records that the actor's role reads whole."""
    from .recorded import recorded_models

    numbers = []
    for model in recorded_models():
        classes = getattr(model, "classes", None)
        section = classes.section if classes else None
        if section is None or not may_read(actor, section):
            continue
        limited_to = getattr(model, "limited_to", None)
        if limited_to is None or limited_to(actor) == Q():
            numbers.append(number_of(model))
    return numbers


def acts(events: Iterable[Event], *, opened: bool = True) -> list[Act]:
    """Events by the change they belong to, in the order given. Encrypted texts stay closed unless `opened`.

    Events that were read with `select_related("change__actor")` need no query here.
    """
    events = list(events)
    changes = {event.change_id: event.change for event in events if Event.change.is_cached(event)}
    if missing := {event.change_id for event in events} - set(changes):
        changes |= Change.objects.select_related("actor").in_bulk(missing)
    lines: dict[int, list[Line]] = defaultdict(list)
    for event, line in zip(events, _lines(events, opened=opened), strict=True):
        lines[event.change_id].append(line)
    return [Act(changes[change], tuple(its_lines)) for change, its_lines in lines.items()]


def as_at(child: models.Model | int, moment: datetime) -> States:
    """A child's rows as they stood at a moment: model, key, then the values by attribute name, encrypted as stored."""
    key = _key(child)
    events = Event.objects.filter(child=key, change__at__lte=moment).order_by("pk")
    states: States = defaultdict(dict)
    for event in events:
        model = model_numbered(event.model)
        if model is not None and not event.digest:
            _apply(states[model], event, decoded(model, event.act, event.payload), key)
    return {model: rows for model, rows in states.items() if rows}


def last_states(model: type[models.Model]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The last state of every record of a model that the history says is there. For checking the whole."""
    states: dict[int, dict[str, Any]] = {}
    for event in Event.objects.filter(model=number_of(model), digest="").order_by("pk").iterator(2000):
        _apply(states, event, decoded(model, event.act, event.payload), None)
    yield from states.items()


def differences_from_rows(model: type[models.Model]) -> list[str]:
    """Records whose row is not what the history says last: written while the triggers were away."""
    states = dict(last_states(model))
    found = []
    names = [field.attname for field in fields_of(model)]
    for record in model._base_manager.all().iterator(2000):
        state = states.pop(record.pk, None)
        if state is None:
            found.append(f"{model._meta.label} {record.pk} is not in the history")
        elif different := [name for name in names if record.__dict__[name] != state.get(name)]:
            found.append(f"{model._meta.label} {record.pk} differs in {', '.join(different)}")
    return found + [f"{model._meta.label} {key} is gone, and the history does not say so" for key in states]


def decoded(model: type[models.Model], act: str, payload: str) -> dict[str, Any]:
    """The values of a payload by attribute name; of an update the pairs of before and after.

    Columns that the model no longer has are left out.
    """
    fields = {field.column: field for field in fields_of(model)}
    values = {}
    for column, value in json.loads(payload, parse_float=Decimal).items():
        if field := fields.get(column):
            pair = tuple(_value(field, each) for each in value) if act == "u" else None
            values[field.attname] = pair or _value(field, value)
    return values


def _apply(states: dict[int, dict[str, Any]], event: Event, values: dict[str, Any], child: int | None) -> None:
    if event.act == "i":
        states[event.record] = {name: after for name, (_, after) in _pairs(event, values)}
    elif event.act == "d":
        states.pop(event.record, None)
    else:
        pairs = dict(_pairs(event, values))
        was, becomes = pairs.get("child_id", (child, child))
        if child is not None and becomes != child:
            states.pop(event.record, None)
            return
        if child is not None and was != child:
            # It came from another child: what it was until then stands there.
            model = model_numbered(event.model)
            assert model is not None
            for earlier in _events_of(model, event.record, was, before=event.pk):
                _apply(states, earlier, decoded(model, earlier.act, earlier.payload), None)
        states.setdefault(event.record, {}).update({name: after for name, (_, after) in pairs.items()})


def _pairs(event: Event, values: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name, value in values.items():
        if event.act == "u":
            yield name, value
        else:
            yield name, (None, value) if event.act == "i" else (value, None)


def _events_of(model: type[models.Model], record: int, child: int | None, *, before: int | None = None) -> list[Event]:
    """One record's events in order, found through the child it is about, and the children it was about before."""
    number = number_of(model)
    if model._meta.label == "children.Child":
        child = record
    place = {"child": child} if child is not None else {"child__isnull": True}
    events = Event.objects.filter(model=number, record=record, **place)
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events.order_by("pk"))
    if child is not None and found and found[0].act == "u" and not found[0].digest:
        came_from = decoded(model, "u", found[0].payload).get("child_id")
        if came_from and came_from[0] != child:
            return _events_of(model, record, came_from[0], before=found[0].pk) + found
    return found


# One value ----------------------------------------------------------------------------------------------------------


def _value(field: models.Field, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(field, EncryptedTextField):
        return Ciphertext(value)
    if isinstance(field, models.JSONField):
        return json.loads(json.dumps(value, default=float))
    if isinstance(field, models.BinaryField):
        return bytes.fromhex(value.removeprefix("\\x"))
    if isinstance(field, models.DurationField) and isinstance(value, int):
        return timedelta(microseconds=value)
    if isinstance(field, models.DateTimeField):
        moment = field.to_python(value.replace(" ", "T")) if "+" in value else datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return field.to_python(value)


def _lines(events: Iterable[Event], *, opened: bool = True) -> list[Line]:
    events = list(events)
    public_ids = _public_ids(events) if opened else None
    return [_line(event, public_ids) for event in events]


def _line(event: Event, public_ids: dict[tuple[int, int], Any] | None) -> Line:
    model = model_numbered(event.model)
    fields: list[FieldChange] = []
    if model is not None and not event.digest:
        by_name = {field.attname: field for field in fields_of(model)}
        for name, pair in _pairs(event, decoded(model, event.act, event.payload)):
            if public_ids is not None:
                public_id = public_ids.get((event.model, event.record))
                pair = tuple(_opened(model, by_name[name], event.authority, public_id, value) for value in pair)
            fields.append(FieldChange(by_name[name], *pair))
    return Line(event.pk, model, event.record, event.child, event.act, bool(event.digest), tuple(fields))


def _opened(model: type[models.Model], field: models.Field, authority: int, public_id: Any, value: Any) -> Any:
    if not (isinstance(value, Ciphertext) and value):
        return value
    try:
        row = model(authority_id=authority, public_id=public_id)
        setattr(row, field.attname, value)
        return str(getattr(row, field.attname))
    except (KeyMissing, ValueError):
        return "Can't be opened"


def _public_ids(events: list[Event]) -> dict[tuple[int, int], Any]:
    """The public ids of the records with encrypted fields, which their texts are bound to."""
    wanted: dict[type[models.Model], set[tuple[int, int | None]]] = defaultdict(set)
    for event in events:
        model = model_numbered(event.model)
        if model is not None and any(isinstance(field, EncryptedTextField) for field in model._meta.local_fields):
            wanted[model].add((event.record, event.child))
    found = {}
    for model, records in wanted.items():
        number = number_of(model)
        rows = model._base_manager.filter(pk__in=[record for record, _ in records]).values_list("pk", "public_id")
        found.update({(number, pk): public_id for pk, public_id in rows})
        for record, child in records:
            if (number, record) not in found:
                for event in _events_of(model, record, child):
                    if event.act in "id" and not event.digest:
                        found[number, record] = decoded(model, event.act, event.payload).get("public_id")
    return found


def _key(child: models.Model | int) -> int:
    return child.pk if isinstance(child, models.Model) else child

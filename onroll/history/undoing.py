"""Taking a change back as one act: what it inserted goes, what it deleted returns, what it altered is as before.

Rows are put back as they were stored, many in a statement: dates, decimals and encrypted texts pass through untouched.
A change can be undone as long as nothing was built on it.
"""
# ruff: noqa: S608 -- names of tables and columns come from the models, values are parameters

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Max, Min
from django.utils import timezone

from onroll.access.actors import Actor

from .bulk import keys_where
from .changes import change as open_change
from .connections import open_changes
from .models import Change, Event, Seal
from .recorded import fields_of, kind_of, model_numbered, number_of
from .verbs import UNDONE, is_note, sentence_of

AT_A_TIME = 2000


class CannotUndo(Exception):
    """The change can't be taken back. Says why in words."""


@dataclass(frozen=True)
class Happened:
    """One event of the change."""

    id: int
    change: int
    model: type[models.Model]
    record: int
    child: int | None
    act: str
    payload: dict[str, Any]

    @property
    def is_farewell(self) -> bool:
        """The second event of a row that became a fact about another child: it stands under the child it left."""
        return self.act == "u" and "child_id" in self.payload and self.payload["child_id"][0] == self.child


@dataclass
class Touched:
    """The rows of one model that the change touched, and what undoing does to them."""

    model: type[models.Model]
    delete: set[int] = field(default_factory=set)
    insert: dict[int, dict[str, Any]] = field(default_factory=dict)
    update: dict[int, dict[str, Any]] = field(default_factory=dict)
    # Each row's last event, and the child it was then a fact about.
    last: dict[int, tuple[int, int | None]] = field(default_factory=dict)


def why_not_undo(change: Change | int) -> str:
    """Why the change can't be undone, in words that name what was built on it. Empty when it can."""
    root = _change(change)
    try:
        return _why_not(root, _happened(family_of(root)))
    except CannotUndo as refusal:
        return str(refusal)


def undo(change: Change | int, *, actor: Actor, reason: str = "") -> Change:
    """Reverse every row the change wrote, as one new change. Raises CannotUndo when something was built on it."""
    root = _change(change)
    with open_change(UNDONE, actor=actor, child=root.child, reason=reason, batch=f"undo:{root.pk}") as this:
        happened = _happened(family_of(root))
        if refusal := _why_not(root, happened):
            raise CannotUndo(refusal)
        for run in _runs(happened):
            _reverse(run)
    return Change.objects.get(pk=this.id)


def family_of(root: Change) -> list[int]:
    """The change and those within it, but for notes about the act, which stay when the act is taken back."""
    family, outer = [root.pk], [root.pk]
    while outer:
        inner = Change.objects.filter(within__in=outer).values_list("pk", "verb")
        outer = [pk for pk, verb in inner if not is_note(verb)]
        family += outer
    return family


def _change(change: Change | int) -> Change:
    return change if isinstance(change, Change) else Change.objects.get(pk=change)


def _happened(family: list[int]) -> list[Happened]:
    """Every event of these changes, in order."""
    if not Seal.objects.filter(change=family[0]).exists():
        raise CannotUndo("It is not finished.")
    reach = Seal.objects.filter(change__in=family, count__gt=0).aggregate(first=Min("first"), last=Max("last"))
    if reach["first"] is None:
        return []
    happened = []
    found = Event.objects.filter(pk__range=(reach["first"], reach["last"]), change__in=family).order_by("pk")
    for id, change, number, record, child, act, payload, digest in found.values_list(
        "pk", "change", "model", "record", "child", "act", "payload", "digest"
    ):
        model = model_numbered(number)
        if digest:
            raise CannotUndo("Part of it has been erased with a child's record.")
        if model is None:
            raise CannotUndo("It wrote a kind of record that this version of Onroll no longer has.")
        row = json.loads(payload, parse_float=Decimal)
        happened.append(Happened(id, change, model, record, child, act, row))
    return happened


def _touched(happened: list[Happened]) -> list[Touched]:
    """What undoing comes to for each row, however often the change touched it."""
    touched: dict[type[models.Model], Touched] = {}
    for event in reversed(happened):
        if event.is_farewell:
            continue
        rows = touched.setdefault(event.model, Touched(event.model))
        record = event.record
        rows.last.setdefault(record, (event.id, event.child))
        if event.act == "i":
            rows.update.pop(record, None)
            if rows.insert.pop(record, None) is None:
                rows.delete.add(record)
        elif event.act == "d":
            rows.delete.discard(record)
            rows.insert[record] = dict(event.payload)
        else:
            old = {name: values[0] for name, values in event.payload.items()}
            (rows.insert if record in rows.insert else rows.update).setdefault(record, {}).update(old)
    return list(touched.values())


# Why not ------------------------------------------------------------------------------------------------------------


def _why_not(root: Change, happened: list[Happened]) -> str:
    if root.verb == UNDONE:
        return "It was itself the undoing of a load. Load the file again."
    done = Change.objects.filter(verb=UNDONE, batch=f"undo:{root.pk}").select_related("actor")
    if undone := next((each for each in done if each.pk not in open_changes(connection)), None):
        return f"It was undone by {who(undone)} on {day_of(undone)}."
    family = {event.change for event in happened}
    touched = _touched(happened)
    if unlike := [rows.model for rows in touched if _columns_differ(rows)]:
        return f"The way {_plural(unlike[0])} are stored has changed since, or leaves out what would be put back."
    later = _later_changes(family, touched)
    built, gone = _built_on(touched), _targets_gone(touched)
    if not (later or built or gone):
        return ""
    reasons = []
    if later:
        counts = Counter(model for model, _ in later)
        first = Change.objects.select_related("actor").get(pk=min(later.values()))
        reasons.append(
            f"{_counted(counts)} of it {_were(counts)} changed since, first on {day_of(first)}: "
            f"{sentence_of(first.verb).format(actor=who(first))}"
        )
    if built:
        reasons.append(f"{_counted(built)} {_were(built)} added to what it made")
    if gone:
        reasons.append(f"{_counted(gone)} that its old facts belong to {_were(gone)} taken out since")
    return f"Other work stands on it. {'; '.join(reasons)}. Take that back first, or put the record right by hand."


def who(change: Change) -> str:
    return change.actor.name if change.actor else change.actor_name


def day_of(change: Change) -> str:
    moment = timezone.localtime(change.at)
    return f"{moment.day} {moment:%B %Y}"


def _plural(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name_plural)


def _counted(counts: Counter[type[models.Model]]) -> str:
    return ", ".join(
        f"{number:,} {model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural}"
        for model, number in counts.most_common()
    )


def _were(counts: Counter[type[models.Model]]) -> str:
    return "was" if sum(counts.values()) == 1 else "were"


def _columns_differ(rows: Touched) -> bool:
    now = {column.column for column in rows.model._meta.local_concrete_fields if not _generated(column)}
    whole = any(set(row) != now for row in rows.insert.values())
    return whole or any(not set(row) <= now for row in rows.update.values())


def _generated(column: Any) -> bool:
    return bool(getattr(column, "generated", False))


def _later_changes(family: set[int], touched: list[Touched]) -> dict[tuple[type[models.Model], int], int]:
    """For each row that was changed again, the first change that did. Looked up by child, as the index is.

    A change that was itself taken back left nothing: neither it nor its undoing counts.
    """
    came_to_nothing = family | _taken_back(since=min(family, default=0))
    later: dict[tuple[type[models.Model], int], int] = {}
    for rows in touched:
        since = min(last for last, _ in rows.last.values())
        children = {child for _, child in rows.last.values() if child is not None}
        childless = {record for record, (_, child) in rows.last.items() if child is None}
        places: list[dict[str, Any]] = [{"child__in": some} for some in _portions(sorted(children))]
        places += [{"child__isnull": True, "record__in": some} for some in _portions(sorted(childless))]
        for place in places:
            found = Event.objects.filter(pk__gt=since, model=number_of(rows.model), **place).order_by("pk")
            for id, record, change in found.values_list("pk", "record", "change"):
                if change not in came_to_nothing and record in rows.last and id > rows.last[record][0]:
                    later.setdefault((rows.model, record), change)
    return later


def _taken_back(*, since: int) -> set[int]:
    """The changes since this one that were undone, and their undoings."""
    undoings = Change.objects.filter(verb=UNDONE, pk__gt=since).exclude(pk__in=open_changes(connection))
    found: set[int] = set()
    for undoing in undoings:
        undone = Change.objects.filter(pk=int(undoing.batch.removeprefix("undo:"))).first()
        for each in (undoing, undone):
            found.update(family_of(each) if each else ())
    return found


def _built_on(touched: list[Touched]) -> Counter[type[models.Model]]:
    """How many rows of each model point to what the change made, and are not taken back with it."""
    built: Counter[type[models.Model]] = Counter()
    going = {rows.model: rows.delete for rows in touched}
    back = {rows.model: rows.update for rows in touched}
    for rows in touched:
        if not rows.delete:
            continue
        for model, link in _links_to(rows.model):
            options: Any = model._meta
            for pointing in keys_where(options.db_table, options.pk.column, link.column, rows.delete):
                if pointing in going.get(model, ()) or link.column in back.get(model, {}).get(pointing, ()):
                    continue
                built[model] += 1
    return built


def _targets_gone(touched: list[Touched]) -> Counter[type[models.Model]]:
    """How many rows, by model, would be pointed to by what comes back, and are no longer there."""
    gone: Counter[type[models.Model]] = Counter()
    coming = {rows.model: rows.insert for rows in touched}
    for rows in touched:
        facts = [*rows.insert.values(), *rows.update.values()]
        column: Any
        for column in rows.model._meta.local_concrete_fields:
            target: Any = column.related_model
            if target is None or not facts:
                continue
            wanted = {row[column.column] for row in facts if row.get(column.column) is not None}
            wanted -= set(coming.get(target, ()))
            key = target._meta.pk.column
            gone[target] += len(wanted - set(keys_where(target._meta.db_table, key, key, wanted)))
    return +gone


def _links_to(model: type[models.Model]) -> list[tuple[type[models.Model], Any]]:
    return [
        (other, column)
        for other in apps.get_models(include_auto_created=True)
        if not other._meta.proxy
        for column in other._meta.local_concrete_fields
        if column.related_model is model
    ]


def _portions(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (keys[start : start + AT_A_TIME] for start in range(0, len(keys), AT_A_TIME))


# Doing it -----------------------------------------------------------------------------------------------------------


@dataclass
class Run:
    """Events that stand together in the history and are reversed by one statement."""

    model: type[models.Model]
    act: str
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)


def _runs(happened: list[Happened]) -> Iterator[Run]:
    """The last event first, so that no state comes about on the way that was not there before.

    Spells that must not overlap and numbers that must be unique stay so at every step.
    """
    run: Run | None = None
    for event in reversed(happened):
        if event.is_farewell:
            continue
        if run is None or (run.model, run.act) != (event.model, event.act) or event.record in run.rows:
            if run:
                yield run
            run = Run(event.model, event.act)
        run.rows[event.record] = (
            {name: values[0] for name, values in event.payload.items()} if event.act == "u" else event.payload
        )
    if run:
        yield run


def _reverse(run: Run) -> None:
    {"i": _delete, "u": _update, "d": _insert}[run.act](run)


def _delete(run: Run) -> None:
    table, key = run.model._meta.db_table, run.model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f'DELETE FROM "{table}" WHERE "{key}" = %s', [(record,) for record in run.rows])
        else:
            cursor.execute(f'DELETE FROM "{table}" WHERE "{key}" = ANY(%s)', [list(run.rows)])


def _update(run: Run) -> None:
    table, key, kinds = run.model._meta.db_table, run.model._meta.pk.column, _kinds(run.model)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for record, old in run.rows.items():
                sets = ", ".join(f'"{column}" = %s' for column in old)
                values = [_as_sqlite_stores(value, kinds[column]) for column, value in old.items()]
                cursor.execute(f'UPDATE "{table}" SET {sets} WHERE "{key}" = %s', [*values, record])
            return
        columns = sorted({column for old in run.rows.values() for column in old})
        sets = ", ".join(
            f'"{column}" = CASE WHEN d.old ? \'{column}\' THEN r."{column}" ELSE t."{column}" END' for column in columns
        )
        rows = [{**old, key: record} for record, old in run.rows.items()]
        cursor.execute(
            f'UPDATE "{table}" t SET {sets} FROM jsonb_array_elements(%s::jsonb) AS d(old), '
            f'LATERAL jsonb_populate_record(NULL::"{table}", d.old) r WHERE t."{key}" = r."{key}"',
            [_as_json(rows, kinds)],
        )


def _insert(run: Run) -> None:
    table, kinds = run.model._meta.db_table, _kinds(run.model)
    columns = list(kinds)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})',
                [tuple(_as_sqlite_stores(row[c], kinds[c]) for c in columns) for row in run.rows.values()],
            )
        else:
            cursor.execute(
                f'INSERT INTO "{table}" ({names}) '
                f'SELECT {names} FROM json_populate_recordset(NULL::"{table}", %s::json)',
                [_as_json(list(run.rows.values()), kinds)],
            )


def _kinds(model: type[models.Model]) -> dict[str, str]:
    return {column.column: kind_of(column) for column in fields_of(model)}


def _as_sqlite_stores(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "json":
        return json.dumps(value, default=float)
    if kind == "bytes":
        return bytes.fromhex(value)
    return float(value) if isinstance(value, Decimal) else value


def _as_json(rows: list[dict[str, Any]], kinds: dict[str, str]) -> str:
    """Rows for PostgreSQL to read by its own types. A decimal goes as text, so that no digit is lost."""
    return json.dumps(
        [
            {
                column: str(value) if isinstance(value, Decimal) and kinds[column] != "json" else value
                for column, value in row.items()
            }
            for row in rows
        ],
        default=float,
    )

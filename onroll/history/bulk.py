"""Many rows in few statements, on both engines.

Django's own bulk methods spend most of their time making SQL, value by value. These prepare a column at a time.
"""

# ruff: noqa: S608 -- names of tables and columns come from the models, values are parameters

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection, connections, models

M = TypeVar("M", bound=models.Model)

# SQLite takes 32,766 parameters in a statement.
SQLITE_PARAMETERS = 30_000
SQLITE_ROWS = 500

# Values that are prepared alike wherever they are equal. Others, such as encrypted texts, belong to one row.
PLAIN = {type(None), str, int, bool, float, date, datetime, Decimal}


def insert_rows(model: type[M], records: list[M]) -> list[M]:
    """Insert new records and give them their keys."""
    options = model._meta
    fields: list[Any] = [field for field in options.local_concrete_fields if not field.primary_key]
    if options.parents or any(_is_made_by_the_database(field) for field in fields) or any(r.pk for r in records):
        return model._base_manager.bulk_create(records)
    if not records:
        return records
    columns = [_column(field, records, add=True) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    table, key = options.db_table, options.pk.column
    keys: list[Any] = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            at_a_time = min(SQLITE_ROWS, SQLITE_PARAMETERS // len(fields))
            marks = f"({', '.join(['%s'] * len(fields))})"
            rows = list(zip(*columns, strict=True))
            for start in range(0, len(rows), at_a_time):
                some = rows[start : start + at_a_time]
                cursor.execute(
                    f'INSERT INTO "{table}" ({names}) VALUES {", ".join([marks] * len(some))} RETURNING "{key}"',
                    [value for row in some for value in row],
                )
                keys += [made for (made,) in cursor.fetchall()]
        else:
            arrays = ", ".join(f"%s::{_array_of(field)}" for field in fields)
            cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT * FROM unnest({arrays}) RETURNING "{key}"', columns)
            keys = [made for (made,) in cursor.fetchall()]
    for record, made in zip(records, keys, strict=True):
        record.pk = made
        record._state.adding = False
        record._state.db = connection.alias
    return records


def _is_made_by_the_database(field: Any) -> bool:
    return field.has_db_default() or getattr(field, "generated", False)


def update_rows(model: type[M], records: list[M], fields: Sequence[str]) -> int:
    """Write these fields of the records. A row trigger sees each row once, a statement trigger all of them at once."""
    chosen: list[Any] = [model._meta.get_field(name) for name in fields]
    if not records or not chosen:
        return 0
    table, key = model._meta.db_table, model._meta.pk
    columns = [*(_column(field, records, add=False) for field in chosen), _column(key, records, add=False)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sets = ", ".join(f'"{field.column}" = %s' for field in chosen)
            cursor.executemany(
                f'UPDATE "{table}" SET {sets} WHERE "{key.column}" = %s', list(zip(*columns, strict=True))
            )
        else:
            sets = ", ".join(f'"{field.column}" = v.c{at}' for at, field in enumerate(chosen))
            names = ", ".join(f"c{at}" for at in range(len(columns)))
            arrays = ", ".join(f"%s::{_array_of(field)}" for field in [*chosen, key])
            cursor.execute(
                f'UPDATE "{table}" SET {sets} FROM unnest({arrays}) AS v({names}) '
                f'WHERE "{table}"."{key.column}" = v.c{len(chosen)}',
                columns,
            )
    return len(records)


def _column(field: Any, records: list[M], *, add: bool) -> list[Any]:
    """One field of every record, as the database takes it."""
    if field.is_relation:
        for record in records:
            _take_key(field, record)
    # The wrapper itself: the proxy looks for its thread at every attribute.
    here = connections[connection.alias]
    own_pre_save = type(field).pre_save is not models.Field.pre_save
    prepared: dict[tuple[type, Any], Any] = {}
    column = []
    for record in records:
        value = field.pre_save(record, add) if own_pre_save else getattr(record, field.attname)
        kind = type(value)
        if kind not in PLAIN:
            column.append(field.get_db_prep_save(value, here))
            continue
        known = (kind, value)
        if known not in prepared:
            prepared[known] = field.get_db_prep_save(value, here)
        column.append(prepared[known])
    return column


def _take_key(field: Any, record: models.Model) -> None:
    """The key of a row that had none when it was set here, and has been saved since."""
    if getattr(record, field.attname) is None and field.is_cached(record):
        target = field.get_cached_value(record)
        if target is not None:
            if target.pk is None:
                raise ValueError(f"{field} points to a row that is not saved.")
            setattr(record, field.attname, getattr(target, field.target_field.attname))


def _array_of(field: Any) -> str:
    kind = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    # A cast to varchar(20) would cut a text that is too long. Without the length the column refuses it.
    return re.sub(r"^(var)?char\(\d+\)", "text", kind) + "[]"


def keys_where(table: str, key: str, column: str, values: Iterable[Any]) -> list[Any]:
    """The keys of the rows whose column is one of the values, however many these are, in one statement."""
    wanted = sorted(values)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f'SELECT "{key}" FROM "{table}" WHERE "{column}" IN (SELECT value FROM json_each(%s))',
                [json.dumps(wanted)],
            )
        else:
            cursor.execute(f'SELECT "{key}" FROM "{table}" WHERE "{column}" = ANY(%s)', [wanted])
        return [found for (found,) in cursor.fetchall()]

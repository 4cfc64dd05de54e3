"""Many rows in few statements, on both engines."""
# ruff: noqa: S608 -- names of tables and columns come from the models, values are parameters

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def update_rows(model: type[M], records: list[M], fields: Sequence[str]) -> int:
    """Write these fields of the records. A row trigger sees each row once, a statement trigger all of them at once."""
    chosen = [model._meta.get_field(name) for name in fields]
    if not records or not chosen:
        return 0
    rows = [
        (*(_stored(field, record) for field in chosen), model._meta.pk.get_db_prep_save(record.pk, connection))
        for record in records
    ]
    return write_values(model._meta.db_table, model._meta.pk, chosen, rows)


def _stored(field: Any, record: models.Model) -> Any:
    return field.get_db_prep_save(field.pre_save(record, add=False), connection)


def write_values(table: str, key: Any, fields: Sequence[Any], rows: list[tuple]) -> int:
    """Set the columns of `fields` in each row. Each of `rows` is the values and then the key, as they are stored."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            columns = ", ".join(f'"{field.column}" = %s' for field in fields)
            cursor.executemany(f'UPDATE "{table}" SET {columns} WHERE "{key.column}" = %s', rows)
        else:
            every = [*fields, key]
            types = [field.rel_db_type(connection) if field is key else field.db_type(connection) for field in every]
            columns = ", ".join(f'"{field.column}" = v.c{at}' for at, field in enumerate(fields))
            names = ", ".join(f"c{at}" for at in range(len(every)))
            arrays = ", ".join(f"%s::{type}[]" for type in types)
            cursor.execute(
                f'UPDATE "{table}" SET {columns} FROM unnest({arrays}) AS v({names}) '
                f'WHERE "{table}"."{key.column}" = v.c{len(fields)}',
                [list(column) for column in zip(*rows, strict=True)],
            )
    return len(rows)

"""Spells that may not overlap, kept apart by the database itself.

No constraint of both engines says this, so a model declares it and both get a trigger that does the same:

    class SchoolPlace(ChildSpell):
        kept_apart = (Apart("main_places", of=("child",), only={"kind": "main"}, words="A child has one main school."),)

A spell holds from `start` up to, and not on, `end`; one that starts and ends on a day holds on none. Spells may pass
each other within a change, as when the day of a move is put right by one end and one start; what still overlaps when
the change ends is refused with `Overlap` and the words (`overlaps.py`).
"""
# ruff: noqa: S608 -- names of tables and columns come from the models, values are parameters

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

OVERLAPS = "two spells overlap: "

# Later than any day. PostgreSQL has a word for it.
SQLITE_EVER, POSTGRESQL_EVER = "'9999-12-31'", "'infinity'"


@dataclass(frozen=True)
class Apart:
    """What a model declares. Spells with the same `of`, among those that are `only`, never share a day."""

    name: str
    of: tuple[str, ...]
    words: str
    only: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptApart:
    """The same as columns, for the triggers. `whose` is the row that two writers at once wait for."""

    name: str
    table: str
    key: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    only: tuple[tuple[str, str], ...]
    whose: tuple[str, str, str]
    words: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose change can make spells overlap."""
        return tuple(sorted({*self.required, *self.optional, *(column for column, _ in self.only), "start", "end"}))


def kept_apart(model: type[models.Model], declared: tuple[Apart, ...]) -> tuple[KeptApart, ...]:
    """What the model declares, where this version of the model has the columns for it."""
    names = {f.name for f in model._meta.local_concrete_fields}
    return tuple(_columns_of(model, each) for each in declared if {*each.of, *each.only, "start", "end"} <= names)


def _columns_of(model: type[models.Model], declared: Apart) -> KeptApart:
    options: Any = model._meta
    fields = [options.get_field(name) for name in declared.of]
    first = fields[0]
    return KeptApart(
        name=declared.name,
        table=options.db_table,
        key=options.pk.column,
        required=tuple(f.column for f in fields if not f.null),
        optional=tuple(f.column for f in fields if f.null),
        only=tuple((options.get_field(name).column, value) for name, value in sorted(declared.only.items())),
        whose=(first.column, first.related_model._meta.db_table, first.target_field.column),
        words=declared.words,
    )


def sqlite_triggers(rule: KeptApart) -> dict[str, str]:
    """Row by row: a spell that overlaps is noted, and looked at again when the change ends."""
    body = (
        f"WHEN {counts(rule, 'NEW')} BEGIN SELECT history_overlap('{rule.name}', NEW.\"{rule.key}\") WHERE EXISTS ("
        f'SELECT 1 FROM "{rule.table}" o WHERE {rivals(rule, "NEW", "IS", SQLITE_EVER)}); END'
    )
    columns = ", ".join(f'"{column}"' for column in rule.columns)
    return {
        f"history_2_apart_{rule.name}_insert": f'AFTER INSERT ON "{rule.table}" {body}',
        f"history_2_apart_{rule.name}_update": f'AFTER UPDATE OF {columns} ON "{rule.table}" {body}',
    }


def postgresql_body(rule: KeptApart) -> str:
    """The row as it is when the change ends, with that of `whose` held: another writer waits, then sees what is new."""
    column, table, key = rule.whose
    together = rivals(rule, "r", "IS NOT DISTINCT FROM", POSTGRESQL_EVER)
    return (
        f'\nDECLARE\n  r "{rule.table}"%ROWTYPE;\nBEGIN\n'
        f'SELECT * INTO r FROM "{rule.table}" WHERE "{rule.key}" = NEW."{rule.key}";\n'
        f"IF FOUND AND {counts(rule, 'r')} THEN\n"
        f'  PERFORM 1 FROM "{table}" WHERE "{key}" = r."{column}" FOR NO KEY UPDATE;\n'
        f'  PERFORM 1 FROM "{rule.table}" o WHERE {together} LIMIT 1;\n'
        f"  IF FOUND THEN RAISE EXCEPTION 'history: {OVERLAPS}{rule.words}' USING ERRCODE = 'exclusion_violation';"
        " END IF;\nEND IF;\nRETURN NULL;\nEND\n"
    )


def counts(rule: KeptApart, row: str) -> str:
    """Whether a row is one of the spells that are kept apart, and holds on a day at all."""
    only = (f"{row}.\"{column}\" = '{value}'" for column, value in rule.only)
    return " AND ".join([*only, f'({row}."end" IS NULL OR {row}."end" > {row}."start")'])


def rivals(rule: KeptApart, row: str, same: str, ever: str) -> str:
    """Of other rows `o`: those that share a day with the row."""
    return " AND ".join(
        [
            *(f'o."{column}" = {row}."{column}"' for column in rule.required),
            *(f'o."{column}" {same} {row}."{column}"' for column in rule.optional),
            counts(rule, "o"),
            f'o."{rule.key}" <> {row}."{rule.key}"',
            f'o."start" < coalesce({row}."end", {ever})',
            f'{row}."start" < coalesce(o."end", {ever})',
        ]
    )

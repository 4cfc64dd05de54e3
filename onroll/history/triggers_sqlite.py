"""The triggers of SQLite: row by row, each act refused when the connection names no open change.

`history_now()` is a function of our own connections (`connections.py`), so another program can't write at all.
RAISE(ABORT) is the only refusal that OR IGNORE does not swallow, and a payload here is never NULL for the same reason.
"""
# ruff: noqa: S608 -- names of tables and columns come from the models, values are parameters

from . import apart
from .recorded import Column, Table

DISPOSING = "(SELECT verb FROM history_change WHERE id = history_now()) IS 'record.disposed'"


def statements(tables: list[Table]) -> dict[str, str]:
    """Every trigger by its name."""
    made = dict(_keep())
    for table in tables:
        made.update(_of(table))
        for rule in table.apart:
            made.update(apart.sqlite_triggers(rule))
    return made


def _of(table: Table) -> dict[str, str]:
    name, key = table.name, table.key
    guard = (
        f"SELECT RAISE(ABORT, 'history: no change is open, so nothing is written to {name}') "
        "WHERE history_now() IS NULL;"
    )
    differs = " OR ".join(f'OLD."{column.name}" IS NOT NEW."{column.name}"' for column in table.columns)
    return {
        f"history_1_insert_{name}": f'AFTER INSERT ON "{name}" BEGIN {guard} {_same_authority(table, "1")}'
        f"{_event(table, 'i', 'NEW', _whole(table, 'NEW'))} END",
        f"history_1_update_{name}": f'AFTER UPDATE ON "{name}" WHEN {differs} BEGIN {guard} '
        f"{_same_authority(table, None)}{_event(table, 'u', 'NEW', _changed(table))}{_left(table)} END",
        f"history_1_delete_{name}": f'AFTER DELETE ON "{name}" BEGIN {guard} '
        f"{_event(table, 'd', 'OLD', _whole(table, 'OLD'))} END",
        # Not "UPDATE OF key": the key also goes by the name rowid.
        f"history_2_key_{name}": f'BEFORE UPDATE ON "{name}" WHEN OLD."{key}" IS NOT NEW."{key}" '
        f"BEGIN SELECT RAISE(ABORT, 'history: the key of a row in {name} never changes'); END",
    }


INTO_EVENTS = "INSERT INTO history_event (change_id, authority, model, record, child, act, payload, digest)"


def _event(table: Table, act: str, row: str, payload: str) -> str:
    return f"{INTO_EVENTS} SELECT {_values(table, act, row, payload, row)};"


def _left(table: Table) -> str:
    """A row that becomes a fact about another child is written down for the child it leaves as well."""
    if table.child is None or table.child == table.key:
        return ""
    values = _values(table, "u", "NEW", _changed(table), "OLD")
    return f' {INTO_EVENTS} SELECT {values} WHERE OLD."{table.child}" IS NOT NEW."{table.child}";'


def _values(table: Table, act: str, row: str, payload: str, of_child: str) -> str:
    authority = f'coalesce({row}."{table.authority}", 0)' if table.authority else "0"
    child = f'{of_child}."{table.child}"' if table.child else "NULL"
    return f"history_now(), {authority}, {table.number}, {row}.\"{table.key}\", {child}, '{act}', {payload}, ''"


def _whole(table: Table, row: str) -> str:
    pairs = (f"""'"{column.name}":' || {_json(column, row)}""" for column in table.columns)
    return "'{' || " + " || ',' || ".join(pairs) + " || '}'"


def _changed(table: Table) -> str:
    parts = (
        f'CASE WHEN OLD."{column.name}" IS NEW."{column.name}" THEN \'\' ELSE '
        f"""',"{column.name}":[' || {_json(column, "OLD")} || ',' || {_json(column, "NEW")} || ']' END"""
        for column in table.columns
    )
    return "'{' || substr(" + " || ".join(parts) + ", 2) || '}'"


def _json(column: Column, row: str) -> str:
    value = f'{row}."{column.name}"'
    if column.kind == "json":
        return f"coalesce(json({value}), 'null')"
    if column.kind == "bytes":
        return f"CASE WHEN {value} IS NULL THEN 'null' ELSE json_quote(hex({value})) END"
    if column.kind == "real":
        # json_quote keeps 15 digits.
        return f"CASE WHEN {value} IS NULL THEN 'null' ELSE printf('%!.17g', {value}) END"
    return f"json_quote({value})"


def _same_authority(table: Table, when: str | None) -> str:
    checks = []
    for link in table.links:
        columns = (link.column, table.authority)
        moved = when or "(" + " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns) + ")"
        checks.append(
            f'{moved} AND EXISTS (SELECT 1 FROM "{link.table}" t WHERE t."{link.key}" = NEW."{link.column}"'
            f' AND t."authority_id" IS NOT NULL AND t."authority_id" IS NOT NEW."{table.authority}")'
        )
    if not checks:
        return ""
    return (
        f"SELECT RAISE(ABORT, 'history: a row of {table.name} points to a row of another authority') "
        f"WHERE {' OR '.join(checks)}; "
    )


def _keep() -> dict[str, str]:
    def refused(what: str) -> str:
        return f"BEGIN SELECT RAISE(ABORT, 'history: {what}'); END"

    def unless(allowed: str, what: str) -> str:
        # IS NOT 1, because a NULL inside must refuse too.
        return f"BEGIN SELECT RAISE(ABORT, 'history: {what}') WHERE ({allowed}) IS NOT 1; END"

    def same(*columns: str) -> str:
        return " AND ".join(f"OLD.{column} IS NEW.{column}" for column in columns)

    made = {
        "history_event_insert": "BEFORE INSERT ON history_event "
        + unless("NEW.change_id IS history_now() AND NEW.digest IS ''", "an event belongs to the open change"),
        "history_event_update": "BEFORE UPDATE ON history_event "
        + unless(
            f"{DISPOSING} AND {same('id', 'change_id', 'authority', 'model', 'record', 'child', 'act')}"
            " AND OLD.digest IS '' AND NEW.payload IS '' AND length(NEW.digest) IS 64",
            "an event never changes",
        ),
        "history_change_update": "BEFORE UPDATE ON history_change "
        + unless(
            f"{DISPOSING}"
            f" AND {same('id', 'authority', 'verb', 'actor_id', 'actor_name', 'role', 'post', 'child', 'within_id')}"
            f" AND {same('at', 'xact')}"
            " AND OLD.words_digest IS '' AND NEW.reason IS '' AND NEW.batch IS '' AND length(NEW.words_digest) IS 64",
            "a change never changes",
        ),
        "history_salt_delete": "BEFORE DELETE ON history_salt " + unless(DISPOSING, "a salt goes only with its record"),
    }
    for table in ("salt", "seal", "entry"):
        made[f"history_{table}_update"] = f"BEFORE UPDATE ON history_{table} {refused(f'{table} rows never change')}"
    for table in ("event", "change", "seal", "entry", "head", "entryhead"):
        made[f"history_{table}_delete"] = f"BEFORE DELETE ON history_{table} {refused(f'{table} rows are kept')}"
    for table in ("head", "entryhead"):
        made[f"history_{table}_update"] = f"BEFORE UPDATE ON history_{table} " + unless(
            "OLD.authority IS NEW.authority AND NEW.number IS OLD.number + 1", "a chain only grows"
        )
    return made

"""The triggers and functions of PostgreSQL: whole statements at a time, owned by the owner of the tables.

The web role may open a change and read; events, seals and the access log are written by functions that run with the
owner's rights. `history_now()` knows only a change made by this very transaction and not sealed yet.

The recording functions join the rows before with the rows after. Their plan is made when each holds one row, and kept:
without `enable_nestloop = off` an update of 20,000 rows then takes minutes, and without `jit = off` PostgreSQL compiles
the join first, for half a second.
"""
# ruff: noqa: S608 -- names of tables and columns come from the models, values are parameters

import os
from typing import Any

import dj_database_url
from django.db import connection

from . import apart, walls
from .recorded import Table

PATH = "search_path=public, pg_temp"
# The walls between authorities bind the owner too, and know by this path the functions that work for all of them.
WHOLE = f"search_path=public, {walls.MARK}, pg_temp"
UTC = "TimeZone=UTC"
REFUSE = "USING ERRCODE = 'restrict_violation'"

TRIGGER = "RETURNS trigger LANGUAGE plpgsql"

# tgtype, as pg_trigger has it
ROW, BEFORE, INSERT, DELETE, UPDATE, TRUNCATE = 1, 2, 4, 8, 16, 32

Function = tuple[str, str, str, tuple[str, ...], str]  # name, arguments, language and kind, settings, body
Trigger = tuple[str, str, str, int, str, str, tuple[str, ...], str]
# table, name, function, type, old rows, new rows, columns, argument


def install(cursor: Any, tables: list[Table]) -> None:
    drop(cursor)
    for function in functions(tables):
        cursor.execute(_create_function(*function))
    for trigger in triggers(tables):
        cursor.execute(_create(trigger))
    _grant(cursor)


def drop(cursor: Any, *, keep_guard: bool = False) -> None:
    """Drop every trigger and function of the history.

    With `keep_guard` only those that read the columns of tables, and the guards refuse every write from then on.
    """
    only = "AND (tgname LIKE 'history\\_1\\_%%' OR tgname LIKE 'history\\_2\\_%%')" if keep_guard else ""
    cursor.execute(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
        f"WHERE NOT tgisinternal AND tgname LIKE 'history\\_%%' {only}",
        [],
    )
    for table, name in cursor.fetchall():
        cursor.execute(f"DROP TRIGGER {name} ON {table}")
    if keep_guard:
        cursor.execute("SELECT 1 FROM pg_proc WHERE proname = 'history_guard'")
        if cursor.fetchone():
            cursor.execute(_create_function("history_guard", "", TRIGGER, (PATH,), MIGRATING))
    else:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc "
            "WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'history\\_%%'",
            [],
        )
        for (signature,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {signature}")


def _create_function(name: str, arguments: str, kind: str, settings: tuple[str, ...], body: str) -> str:
    # Unquoted, the zone's name would be kept in small letters; quoted, the path would be one schema.
    sets = "".join(f" SET {setting.replace('=', ' = ', 1).replace('UTC', repr('UTC'))}" for setting in settings)
    return f"CREATE OR REPLACE FUNCTION public.{name}({arguments}) {kind} SECURITY DEFINER{sets} AS $body${body}$body$"


def _create(trigger: Trigger) -> str:
    table, name, function, kind, old, new, columns, argument = trigger
    acts = [
        "UPDATE OF " + ", ".join(f'"{column}"' for column in columns) if columns and bit == UPDATE else word
        for bit, word in ((INSERT, "INSERT"), (DELETE, "DELETE"), (UPDATE, "UPDATE"), (TRUNCATE, "TRUNCATE"))
        if kind & bit
    ]
    rows = (f" OLD TABLE AS {old}" if old else "") + (f" NEW TABLE AS {new}" if new else "")
    # What is kept apart is looked at when the change ends, so that spells may pass each other within it.
    apart = function.startswith("history_apart_")
    when = f"{'BEFORE' if kind & BEFORE else 'AFTER'} {' OR '.join(acts)}"
    how = (" REFERENCING" + rows if rows else "") + (" DEFERRABLE INITIALLY DEFERRED" if apart else "")
    return (
        f'CREATE {"CONSTRAINT " if apart else ""}TRIGGER {name} {when} ON "{table}"'
        f"{how} FOR EACH {'ROW' if kind & ROW else 'STATEMENT'} "
        f"EXECUTE FUNCTION public.{function}({repr(argument) if argument else ''})"
    )


def triggers(tables: list[Table]) -> list[Trigger]:
    made: list[Trigger] = []
    for table in tables:
        name, function = table.name, f"history_of_{table.name}"
        # A model that leaves columns out lets them be written alone without a change.
        guarded = tuple(sorted(column.name for column in table.columns)) if table.omits else ()
        everything = BEFORE | INSERT | UPDATE | DELETE | TRUNCATE
        made += [
            (name, "history_0_guard", "history_guard", everything, "", "", guarded, ""),
            (name, "history_1_insert", function, INSERT, "", "new_rows", (), ""),
            (name, "history_1_update", function, UPDATE, "old_rows", "new_rows", (), ""),
            (name, "history_1_delete", function, DELETE, "old_rows", "", (), ""),
            (name, "history_2_key", "history_key", ROW | BEFORE | UPDATE, "", "", (table.key,), table.key),
        ]
        for rule in table.apart:
            own = f"history_apart_{rule.name}"
            made += [
                (name, f"history_2_apart_{rule.name}_insert", own, ROW | INSERT, "", "", (), ""),
                (name, f"history_2_apart_{rule.name}_update", own, ROW | UPDATE, "", "", rule.columns, ""),
            ]
    for kept in ("event", "change", "salt"):
        made.append(
            (f"history_{kept}", "history_keep", f"history_keep_{kept}", ROW | BEFORE | UPDATE | DELETE, "", "", (), "")
        )
    for kept in ("seal", "entry"):
        made.append((f"history_{kept}", "history_keep", "history_keep", ROW | BEFORE | UPDATE | DELETE, "", "", (), ""))
    for kept in ("head", "entryhead"):
        made.append(
            (f"history_{kept}", "history_keep", "history_keep_head", ROW | BEFORE | UPDATE | DELETE, "", "", (), "")
        )
    for kept in ("event", "change", "salt", "seal", "entry", "head", "entryhead"):
        made.append((f"history_{kept}", "history_keep_all", "history_keep", BEFORE | TRUNCATE, "", "", (), ""))
    made.append(("history_change", "history_change_made", "history_change_made", ROW | BEFORE | INSERT, "", "", (), ""))
    return made


def functions(tables: list[Table]) -> list[Function]:
    made: list[Function] = [
        ("history_now", "", "RETURNS bigint LANGUAGE sql STABLE", (WHOLE,), NOW),
        ("history_hash", "words text", "RETURNS text LANGUAGE sql IMMUTABLE", (PATH,), HASH),
        ("history_guard", "", TRIGGER, (PATH,), GUARD),
        ("history_key", "", TRIGGER, (PATH,), KEY),
        ("history_keep", "", TRIGGER, (PATH,), KEEP),
        ("history_keep_head", "", TRIGGER, (PATH,), KEEP_HEAD),
        ("history_keep_event", "", TRIGGER, (WHOLE,), KEEP_EVENT),
        ("history_keep_change", "", TRIGGER, (WHOLE,), KEEP_CHANGE),
        ("history_keep_salt", "", TRIGGER, (WHOLE,), KEEP_SALT),
        ("history_change_made", "", TRIGGER, (PATH,), CHANGE_MADE),
        ("history_seal", "outermost bigint, mark bigint", "RETURNS void LANGUAGE plpgsql", (WHOLE,), SEAL),
        ("history_look", LOOK_ARGUMENTS, "RETURNS bigint LANGUAGE plpgsql", (WHOLE,), LOOK),
        ("history_erase", "of_children bigint[]", "RETURNS bigint LANGUAGE plpgsql", (WHOLE,), ERASE),
    ]
    settings = (WHOLE, "enable_nestloop=off", "jit=off", UTC)
    for table in tables:
        made.append((f"history_of_{table.name}", "", TRIGGER, settings, _record(table)))
        for rule in table.apart:
            made.append((f"history_apart_{rule.name}", "", TRIGGER, (WHOLE,), apart.postgresql_body(rule)))
    return made


def _record(table: Table) -> str:
    key = f'"{table.key}"'

    def event(act: str, row: str, payload: str, rows: str, of_child: str = "") -> str:
        authority = f'coalesce({row}."{table.authority}", 0)' if table.authority else "0"
        child = f'{of_child or row}."{table.child}"' if table.child else "NULL"
        return (
            "INSERT INTO history_event (change_id, authority, model, record, child, act, payload, digest) "
            f"SELECT c, {authority}, {table.number}, {row}.{key}, {child}, '{act}', {payload}, '' "
            f"FROM {rows} ORDER BY {row}.{key};"
        )

    def whole(row: str) -> str:
        columns = ", ".join(f'{row}."{column.name}"' for column in table.columns)
        return f"(SELECT row_to_json(r)::text FROM (SELECT {columns}) r)"

    changed = (
        "'{' || substr("
        + " || ".join(
            f'CASE WHEN n."{column.name}" IS NOT DISTINCT FROM o."{column.name}" THEN \'\' ELSE '
            f"',\"{column.name}\":[' || coalesce(to_json(o.\"{column.name}\")::text, 'null') || ',' || "
            f"coalesce(to_json(n.\"{column.name}\")::text, 'null') || ']' END"
            for column in table.columns
        )
        + ", 2) || '}'"
    )
    if table.omits:
        differs = " OR ".join(f'n."{column.name}" IS DISTINCT FROM o."{column.name}"' for column in table.columns)
    else:
        differs = "n.* IS DISTINCT FROM o.*"
    both = f"old_rows o JOIN new_rows n ON n.{key} = o.{key}"
    # A row that becomes a fact about another child is written down for the child it leaves as well.
    left = ""
    if table.child and table.child != table.key:
        left = event("u", "n", changed, f'{both} WHERE n."{table.child}" IS DISTINCT FROM o."{table.child}"', "o")
    moved = " OR ".join(
        f'((n."{link.column}" IS DISTINCT FROM o."{link.column}" '
        f'OR n."{table.authority}" IS DISTINCT FROM o."{table.authority}") AND {_elsewhere(table, link)})'
        for link in table.links
    )
    elsewhere = " OR ".join(_elsewhere(table, link) for link in table.links)
    refuse = (
        f"IF FOUND THEN RAISE EXCEPTION 'history: a row of {table.name} points to a row of another authority' {REFUSE};"
        " END IF; "
    )
    return (
        "\nDECLARE c bigint := history_now();\nBEGIN\n"
        "IF TG_OP = 'INSERT' THEN\n"
        + (f"PERFORM 1 FROM new_rows n WHERE {elsewhere} LIMIT 1; {refuse}\n" if table.links else "")
        + event("i", "n", whole("n"), "new_rows n")
        + "\nELSIF TG_OP = 'UPDATE' THEN\n"
        + (f"PERFORM 1 FROM {both} WHERE {moved} LIMIT 1; {refuse}\n" if table.links else "")
        + event("u", "n", changed, f"{both} WHERE {differs}")
        + left
        + "\nELSE\n"
        + event("d", "o", whole("o"), "old_rows o")
        + "\nEND IF;\nRETURN NULL;\nEND\n"
    )


def _elsewhere(table: Table, link: Any) -> str:
    # A scalar subquery is looked up by the index, row by row, also while nested loops are off.
    return (
        f'coalesce((SELECT t."authority_id" IS DISTINCT FROM n."{table.authority}" FROM "{link.table}" t '
        f'WHERE t."{link.key}" = n."{link.column}" AND t."authority_id" IS NOT NULL), false)'
    )


NOW = """
SELECT c.id FROM history_change c
WHERE c.id = nullif(current_setting('history.change', true), '')::bigint
AND c.xact = pg_current_xact_id()::text::bigint
AND NOT EXISTS (SELECT FROM history_seal s WHERE s.change_id = c.id)
"""

HASH = " SELECT encode(sha256(convert_to(words, 'UTF8')), 'hex') "

GUARD = f"""
BEGIN
IF TG_OP = 'TRUNCATE' THEN
  RAISE EXCEPTION 'history: % is never truncated', TG_TABLE_NAME {REFUSE};
END IF;
IF history_now() IS NULL THEN
  RAISE EXCEPTION 'history: no change is open, so nothing is written to %', TG_TABLE_NAME {REFUSE};
END IF;
RETURN NULL;
END
"""

MIGRATING = f"""
BEGIN
RAISE EXCEPTION 'history: % takes no write while the database is moved to a new version', TG_TABLE_NAME {REFUSE};
END
"""

KEY = f"""
BEGIN
IF (to_jsonb(NEW) -> TG_ARGV[0]) IS DISTINCT FROM (to_jsonb(OLD) -> TG_ARGV[0]) THEN
  RAISE EXCEPTION 'history: the key of a row in % never changes', TG_TABLE_NAME {REFUSE};
END IF;
RETURN NEW;
END
"""

KEEP = f"""
BEGIN
RAISE EXCEPTION 'history: the rows of % are kept as they are', TG_TABLE_NAME {REFUSE};
END
"""

KEEP_HEAD = f"""
BEGIN
IF (TG_OP = 'UPDATE' AND NEW.authority = OLD.authority AND NEW.number = OLD.number + 1) IS NOT TRUE THEN
  RAISE EXCEPTION 'history: a chain only grows' {REFUSE};
END IF;
RETURN NEW;
END
"""

DISPOSING = "(SELECT verb = 'record.disposed' FROM history_change WHERE id = history_now())"

KEEP_EVENT = f"""
BEGIN
IF (TG_OP = 'UPDATE' AND {DISPOSING}
    AND OLD.digest = '' AND NEW.payload = '' AND length(NEW.digest) = 64
    AND (NEW.id, NEW.change_id, NEW.authority, NEW.model, NEW.record, NEW.act)
      = (OLD.id, OLD.change_id, OLD.authority, OLD.model, OLD.record, OLD.act)
    AND NEW.child IS NOT DISTINCT FROM OLD.child) IS NOT TRUE THEN
  RAISE EXCEPTION 'history: an event never changes' {REFUSE};
END IF;
RETURN NEW;
END
"""

KEEP_CHANGE = f"""
BEGIN
IF TG_OP = 'UPDATE' AND {DISPOSING}
    AND OLD.words_digest = '' AND NEW.reason = '' AND NEW.batch = '' AND length(NEW.words_digest) = 64 THEN
  IF to_jsonb(NEW) - ARRAY['reason', 'batch', 'words_digest']
   = to_jsonb(OLD) - ARRAY['reason', 'batch', 'words_digest'] THEN
    RETURN NEW;
  END IF;
END IF;
RAISE EXCEPTION 'history: a change never changes' {REFUSE};
END
"""

KEEP_SALT = f"""
BEGIN
IF (TG_OP = 'DELETE' AND {DISPOSING}) IS NOT TRUE THEN
  RAISE EXCEPTION 'history: a salt goes only with its record' {REFUSE};
END IF;
RETURN OLD;
END
"""

CHANGE_MADE = """
BEGIN
NEW.xact := pg_current_xact_id()::text::bigint;
RETURN NEW;
END
"""


def _joined(*values: str) -> str:
    """The same text as `sealing.join` makes."""
    return " || chr(31) || ".join(f"coalesce(({value})::text, '')" for value in values)


LEAF_OF_CHANGE = _joined(
    "h.id",
    "h.authority",
    "h.verb",
    "h.actor_id",
    "h.actor_name",
    "h.role",
    "h.post",
    "h.child",
    "h.within_id",
    "(extract(epoch FROM h.at) * 1000000)::bigint",
    "CASE WHEN h.words_digest <> '' THEN h.words_digest "
    "ELSE history_hash(coalesce(s.salt, '') || history_hash(h.reason) || history_hash(h.batch)) END",
)

LEAF_OF_EVENT = _joined(
    "e.id",
    "e.change_id",
    "e.authority",
    "e.model",
    "e.record",
    "e.child",
    "e.act",
    "CASE WHEN e.digest <> '' THEN e.digest ELSE "
    "encode(sha256(convert_to(coalesce(s.salt, '') || e.payload, 'UTF8')), 'hex') END",
)

# What a seal function makes of the events: one pass over the range, then each change in its authority's chain.
SEAL = f"""
DECLARE
  this bigint := pg_current_xact_id()::text::bigint;
  c record;
  found record;
  previous text;
  place bigint;
  content text;
BEGIN
INSERT INTO history_salt (child, salt)
SELECT child, replace(gen_random_uuid()::text, '-', '') FROM (
  SELECT e.child FROM history_event e JOIN history_change h ON h.id = e.change_id
  WHERE e.id > mark AND e.digest = '' AND h.id >= outermost AND h.xact = this
  UNION SELECT h.child FROM history_change h WHERE h.id >= outermost AND h.xact = this
) every WHERE child IS NOT NULL
ON CONFLICT DO NOTHING;
FOR c IN
  SELECT h.*, history_hash({LEAF_OF_CHANGE}) AS leaf
  FROM history_change h LEFT JOIN history_salt s ON s.child = h.child
  WHERE h.id >= outermost AND h.xact = this
  ORDER BY h.authority, h.id
LOOP
  SELECT min(e.id) AS first, max(e.id) AS last, count(*) AS count,
    coalesce(string_agg(encode(sha256(convert_to({LEAF_OF_EVENT}, 'UTF8')), 'hex'), '' ORDER BY e.id), '') AS leaves
  INTO found
  FROM history_event e LEFT JOIN history_salt s ON s.child = e.child
  WHERE e.id > mark AND e.change_id = c.id;
  content := history_hash(c.leaf || found.leaves);
  INSERT INTO history_head (authority, number, hash) VALUES (c.authority, 0, '') ON CONFLICT DO NOTHING;
  SELECT h.number + 1, h.hash INTO place, previous FROM history_head h WHERE h.authority = c.authority FOR UPDATE;
  previous := history_hash({
    _joined("previous", "c.authority", "place", "c.id", "found.first", "found.last", "found.count", "content")
});
  INSERT INTO history_seal (authority, number, change_id, first, last, count, content, hash)
  VALUES (c.authority, place, c.id, found.first, found.last, found.count, content, previous);
  UPDATE history_head SET number = place, hash = previous WHERE authority = c.authority;
END LOOP;
PERFORM set_config('history.change', '', true);
END
"""

LOOK_COLUMNS = {
    "authority": "bigint",
    "at": "timestamptz",
    "actor_id": "bigint",
    "actor_name": "text",
    "role": "text",
    "post": "bigint",
    "on_behalf_of": "bigint",
    "child": "bigint",
    "children": "text",
    "section": "text",
    "act": "text",
    "outcome": "text",
    "route": "text",
    "request_id": "text",
    "address": "text",
    "device": "text",
    "break_glass": "bigint",
}
LOOK_ARGUMENTS = ", ".join(f"its_{name} {type}" for name, type in LOOK_COLUMNS.items())

LOOK = f"""
DECLARE
  previous text;
  place bigint;
BEGIN
INSERT INTO history_entryhead (authority, number, hash) VALUES (its_authority, 0, '') ON CONFLICT DO NOTHING;
SELECT h.number + 1, h.hash INTO place, previous FROM history_entryhead h WHERE h.authority = its_authority FOR UPDATE;
previous := history_hash({
    _joined(
        "previous",
        "place",
        *(
            f"(extract(epoch FROM its_{name}) * 1000000)::bigint" if name == "at" else f"its_{name}"
            for name in LOOK_COLUMNS
        ),
    )
});
INSERT INTO history_entry (number, hash, {", ".join(LOOK_COLUMNS)})
VALUES (place, previous, {", ".join(f"its_{name}" for name in LOOK_COLUMNS)});
UPDATE history_entryhead SET number = place, hash = previous WHERE authority = its_authority;
RETURN place;
END
"""

ERASE = f"""
DECLARE
  erased bigint;
BEGIN
IF {DISPOSING} IS NOT TRUE THEN
  RAISE EXCEPTION 'history: only the disposal of a record erases' {REFUSE};
END IF;
INSERT INTO history_salt (child, salt)
SELECT child, replace(gen_random_uuid()::text, '-', '') FROM unnest(of_children) AS child ON CONFLICT DO NOTHING;
UPDATE history_event e SET payload = '', digest = history_hash(s.salt || e.payload)
FROM history_salt s WHERE s.child = e.child AND e.child = ANY(of_children) AND e.digest = '';
GET DIAGNOSTICS erased = ROW_COUNT;
UPDATE history_change c
SET reason = '', batch = '', words_digest = history_hash(s.salt || history_hash(c.reason) || history_hash(c.batch))
FROM history_salt s WHERE s.child = c.child AND c.child = ANY(of_children) AND c.words_digest = ''
AND c.id <> history_now();
DELETE FROM history_salt WHERE child = ANY(of_children);
RETURN erased;
END
"""


def wanted_lines(tables: list[Table]) -> list[str]:
    """What `fingerprint` must find: a line for each function and each trigger, and one for the walls."""
    lines = [f"{name}|{','.join(settings)}|{body}" for name, _, _, settings, body in functions(tables)]
    for table, name, function, kind, old, new, columns, argument in triggers(tables):
        wanted = ",".join(sorted(columns))
        lines.append(f"{table}|{name}|{function}|{kind}|O|{old}|{new}|{wanted}|{argument}")
    return [*lines, walls.wanted_line()]


def fingerprint(cursor: Any) -> str:
    cursor.execute(f'SELECT md5(string_agg(line, chr(10) ORDER BY line COLLATE "C")) FROM ({LINES}) every(line)')
    return cursor.fetchone()[0]


LINES = (
    r"""
SELECT proname || '|' || array_to_string(proconfig, ',') || '|' || prosrc
FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'history\_%' AND prosecdef
UNION ALL
SELECT concat_ws('|', c.relname, t.tgname, p.proname, t.tgtype, t.tgenabled,
    coalesce(t.tgoldtable, ''), coalesce(t.tgnewtable, ''),
    coalesce((SELECT string_agg(a.attname, ',' ORDER BY a.attname COLLATE "C") FROM pg_attribute a
              WHERE a.attrelid = t.tgrelid AND a.attnum = ANY(t.tgattr::int2[])), ''),
    replace(encode(t.tgargs, 'escape'), '\000', ''))
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
UNION ALL
"""
    + walls.LINE
)


def _grant(cursor: Any) -> None:
    """What the web role may do, where the web server has a role of its own."""
    web = web_role()
    cursor.execute("SELECT current_user")
    if not web or web == cursor.fetchone()[0]:
        return
    role = connection.ops.quote_name(web)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    ):
        cursor.execute(statement)
    for table in ("change", "event", "seal", "head", "salt", "entry", "entryhead"):
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON history_{table} FROM {role}")
    cursor.execute(f"GRANT INSERT ON history_change TO {role}")


def web_role() -> str | None:
    """The role that DATABASE_URL names, when DATABASE_OWNER_URL names another that owns the tables."""
    if not os.environ.get("DATABASE_OWNER_URL"):
        return None
    return dj_database_url.parse(os.environ["DATABASE_URL"]).get("USER")

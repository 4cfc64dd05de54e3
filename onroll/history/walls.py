"""Row-level security on PostgreSQL: the second wall between authorities, made from the models after each migration.

Every table of ours has a place in it: its rows belong to the authority in a column of theirs, or the table is in OPEN
with the reason why every authority may read it. A row of an authority shows, and can be written, in the scope of that
authority alone (`onroll/access/scope.py`); one without an authority is national and shows to all. The policies are
forced, so they bind the tables' owner too, until the owner says that it works for the installation as a whole: so do
the functions of the history, which run with the owner's rights.

The scope is a setting of the connection, which any statement can alter: the wall stands against the mistakes of our
own code, a forgotten filter or a wrong key, and not against somebody who can send statements of their own. A bouncer
in transaction mode would hand the setting on to another client: sessions must stay whole.
"""
# ruff: noqa: S608 -- names of tables and columns come from the models

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection as default_connection
from django.db import models

from onroll.access import scope

from .recorded import is_ours

# Tables of ours that belong to no authority, and why every authority may read them.
OPEN = {
    "access.Account": "a person may hold posts in several authorities; the account opens nothing by itself",
    "access.Session": "a browser's sign-in, of a person who may hold posts in several authorities",
    "access.Guesses": "counts of wrong tries, from before it is known who asks",
    "access.KeptWords": "encrypted, of one account, found by the account alone",
    "access.Mail": "messages to accounts, sent by one job for all; no fact about a child is in one",
    "access.RefusedAddress": "addresses to which the one job that sends for all sends nothing more",
    "authorities.Postcode": "a national directory",
    "schools.SchoolLink": "the national register",
    "schools.Inspection": "the national register",
    "schools.AreaGrade": "the national register",
}

MINE = '"{}" = (SELECT walls_authority())'
WHOLE = "(SELECT walls_everywhere())"

# A schema that is not there. A function can carry a search path, and may carry no setting of our own.
MARK = "onroll_everywhere"

FUNCTIONS = {
    "walls_authority": (
        "bigint",
        " SELECT nullif(pg_catalog.current_setting('onroll.authority', true), '')::pg_catalog.int8 ",
    ),
    "walls_account": (
        "bigint",
        " SELECT nullif(pg_catalog.current_setting('onroll.account', true), '')::pg_catalog.int8 ",
    ),
    "walls_everywhere": (
        "boolean",
        " SELECT (pg_catalog.current_setting('onroll.everywhere', true) IS NOT DISTINCT FROM 'on' "
        f"OR pg_catalog.strpos(pg_catalog.current_setting('search_path'), '{MARK}') > 0) "
        "AND pg_catalog.pg_has_role(current_user, (SELECT c.relowner FROM pg_catalog.pg_class c "
        "WHERE c.oid = 'public.history_event'::pg_catalog.regclass), 'USAGE') ",
    ),
}


@dataclass(frozen=True)
class Wall:
    """A table and its policies: for each its name, the act it is for, what shows and what may be written."""

    table: str
    policies: tuple[tuple[str, str, str, str], ...]

    def statements(self) -> list[str]:
        return [
            f'ALTER TABLE "{self.table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{self.table}" FORCE ROW LEVEL SECURITY',
            *(
                f'CREATE POLICY {name} ON "{self.table}" FOR {act}'
                + (f" USING ({shows})" if shows else "")
                + (f" WITH CHECK ({written})" if written else "")
                for name, act, shows, written in self.policies
            ),
        ]


def walls() -> list[Wall]:
    """The wall of every table of ours that needs one, by the name of the table."""
    made = [wall_of(model) for model in apps.get_models(include_auto_created=True) if is_ours(model)]
    return sorted((wall for wall in made if wall), key=lambda wall: wall.table)


def wall_of(model: type[models.Model]) -> Wall | None:
    """The wall of one table. None for an open one; a table that is neither is a fault of the model."""
    options = model._meta
    if options.label in OPEN or options.abstract or options.proxy or not options.managed:
        return None
    if own := _OWN.get(options.label):
        return Wall(options.db_table, own())
    column = next((f for f in options.local_concrete_fields if f.column in ("authority_id", "authority")), None)
    if column is None:
        raise ImproperlyConfigured(
            f"{options.label} has no authority. Give it one, or say in onroll/history/walls.py why all may read it."
        )
    mine = MINE.format(column.column)
    national = f' OR "{column.column}" IS NULL' if column.null else ""
    return Wall(options.db_table, (("walls_own", "ALL", f"{mine}{national} OR {WHOLE}", ""), *_found_by_account(model)))


def _found_by_account(model: type[models.Model]) -> tuple[tuple[str, str, str, str], ...]:
    """A model says which of its keys to an account, or which e-mail address, shows a person their own rows anywhere."""
    if email := getattr(model, "found_by_email", ""):
        own = "(SELECT pg_catalog.lower(a.email) FROM access_account a WHERE a.id = (SELECT walls_account()))"
        return (("walls_account", "SELECT", f'"{email}" = {own}', ""),)
    name = getattr(model, "found_by_account", "")
    if not name:
        return ()
    column = next(field.column for field in model._meta.local_concrete_fields if field.name == name)
    return (("walls_account", "SELECT", f'"{column}" = (SELECT walls_account())', ""),)


def _authorities() -> tuple[tuple[str, str, str, str], ...]:
    """All may read which authorities there are and how each is set; each alters its own; a new one is nobody's act."""
    new = f"(SELECT walls_authority()) = 0 OR {WHOLE}"
    mine = f"{MINE.format('id')} OR {WHOLE}"
    return (
        ("walls_all_read", "SELECT", "true", ""),
        ("walls_new", "INSERT", "", new),
        ("walls_own", "UPDATE", mine, ""),
        ("walls_gone", "DELETE", WHOLE, ""),
    )


def _events() -> tuple[tuple[str, str, str, str], ...]:
    """What an authority did to a national row is an event of the installation's, in a change of the authority's."""
    done = 'EXISTS (SELECT FROM history_change c WHERE c.id = "change_id")'
    return (("walls_own", "ALL", f'{MINE.format("authority")} OR {WHOLE} OR ("authority" = 0 AND {done})', ""),)


def _salts() -> tuple[tuple[str, str, str, str], ...]:
    return (("walls_own", "ALL", WHOLE, ""),)


_OWN: dict[str, Callable[[], tuple[tuple[str, str, str, str], ...]]] = {
    "authorities.Authority": _authorities,
    "history.Event": _events,
    "history.Salt": _salts,
}


def install(connection: Any = default_connection) -> None:
    """Make every policy and function, in place of those that are there. PostgreSQL alone has them."""
    if connection.vendor != "postgresql":
        return
    drop(connection)
    with connection.cursor() as cursor:
        for name, (kind, body) in FUNCTIONS.items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION public.{name}() RETURNS {kind} LANGUAGE sql STABLE AS $body${body}$body$"
            )
        for wall in walls():
            for statement in wall.statements():
                cursor.execute(statement)
        cursor.execute(f"SELECT {STANDING}")
        cursor.execute(f"COMMENT ON FUNCTION public.walls_authority() IS '{wanted()} {cursor.fetchone()[0]}'")


def drop(connection: Any = default_connection) -> None:
    """Take the policies away, to migrate. Until they are made again the owner reads all and the web role nothing."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT polrelid::regclass::text, polname FROM pg_policy WHERE starts_with(polname::text, 'walls_')"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f"DROP POLICY {name} ON {table}")
        cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relforcerowsecurity")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")


def wanted() -> str:
    """A digest of all that the models ask for."""
    lines = [statement for wall in walls() for statement in wall.statements()]
    lines += [f"{name} {kind} {body}" for name, (kind, body) in FUNCTIONS.items()]
    return hashlib.md5("\n".join(lines).encode(), usedforsecurity=False).hexdigest()


# A digest of what stands in the database, as the database itself words it. When the walls are made it is written down
# beside the digest of what was asked for, so that either can be found to have changed since.
STANDING = """
(SELECT md5(string_agg(line, chr(10) ORDER BY line COLLATE "C")) FROM (
  SELECT concat_ws('|', c.relname, p.polname, p.polcmd, p.polpermissive, p.polroles::text,
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
  UNION ALL
  SELECT concat_ws('|', relname, relrowsecurity, relforcerowsecurity) FROM pg_class
  WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND (relrowsecurity OR relforcerowsecurity)
  UNION ALL
  SELECT concat_ws('|', proname, prosrc, prosecdef, provolatile) FROM pg_proc
  WHERE pronamespace = 'public'::regnamespace AND starts_with(proname::text, 'walls_')
) every(line))
"""

# One line for the fingerprint of the history: what was asked for, and whether it still stands as it was made.
LINE = f"""
SELECT concat_ws('|', 'walls', split_part(words, ' ', 1), split_part(words, ' ', 2) = {STANDING})
FROM (SELECT obj_description(to_regprocedure('public.walls_authority()'), 'pg_proc')) made(words)
"""


def wanted_line() -> str:
    return f"walls|{wanted()}|t"


class NotTheOwner(Exception):
    """Work for the installation as a whole, by a role that the walls hold back."""


def require_everywhere() -> None:
    """Raise NotTheOwner unless every authority's rows show: what looks at all of them must not take some for all."""
    if not scope.current().everywhere:
        raise NotTheOwner("This is work for the installation as a whole.")
    if default_connection.vendor == "postgresql":
        with default_connection.cursor() as cursor:
            cursor.execute(f"SELECT {WHOLE} OR rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                raise NotTheOwner(
                    "This looks at every authority, which only the role that owns the tables may do. "
                    "Name it in DATABASE_OWNER_URL."
                )


def why_not(connection: Any = default_connection) -> list[str]:
    """What lets one authority's rows through to another, in words for the operator. Empty: the wall stands.

    To be asked as the web server's role. On SQLite there is no such wall, and nothing is wrong with it.
    """
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, pg_has_role(current_user, "
            "(SELECT relowner FROM pg_class WHERE oid = to_regclass('public.history_event')), 'MEMBER') "
            "FROM pg_roles WHERE rolname = current_user"
        )
        role, is_super, bypasses, makes_roles, owns = cursor.fetchone()
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity "
            "AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) "
            "FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        )
        walled = dict(cursor.fetchall())
        cursor.execute(f"SELECT line = %s FROM ({LINE}) made(line)", [wanted_line()])
        as_made = cursor.fetchone()[0]
    reasons = []
    if is_super:
        reasons.append(f"The database role {role} is a superuser, whom no wall holds. Serve as a role of its own.")
    if bypasses and not is_super:
        reasons.append(f"The database role {role} bypasses row-level security: ALTER ROLE {role} NOBYPASSRLS.")
    if makes_roles and not is_super:
        reasons.append(f"The database role {role} may make and alter roles: ALTER ROLE {role} NOCREATEROLE.")
    if owns and not is_super:
        reasons.append(
            f"The database role {role} owns the tables, or may become their owner. Name another role in DATABASE_URL, "
            "and the owner in DATABASE_OWNER_URL."
        )
    missing = [wall.table for wall in walls() if not walled.get(wall.table)]
    if missing:
        reasons.append(f"Rows of every authority show in {', '.join(missing)}. `onroll start` makes the walls again.")
    elif not as_made:
        reasons.append("The walls between authorities are not as they were made. `onroll start` makes them again.")
    return reasons

"""The installation as a whole: its tables and static files in step, its authorities, and whether they are real."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError
from django.utils import timezone

from onroll.authorities.actions import set_up_authority
from onroll.authorities.models import Authority
from onroll.history import triggers
from onroll.history.changes import verb
from onroll.history.triggers import unguarded

from .databases import as_owner

# The demonstration's sign-ins are kept beside its database, so that every start can show them again.
SIGN_INS = "demonstration.json"
# Before it has an authority, an installation acts as itself.
NO_AUTHORITY = 0

NOTHING_HERE = (
    "There is no authority here yet. Set one up with: onroll init --authority CODE\n"
    "or make an invented one to try with: onroll demo"
)

verb("demo.made", "{actor} made the records of the demonstration")


class Refused(Exception):
    """What was asked can't be done, with the reason in words. Nothing was changed."""


def prepare() -> None:
    """Make or migrate the tables, and gather the static files if they changed. Quick when there is nothing to do."""
    with unguarded(), as_owner():
        if unapplied_migrations() or not triggers.are_in_place():
            call_command("migrate", verbosity=0, interactive=False)
        # What comes next looks at the history's triggers as it connects.
        connection.close()
    collect_static()


def unapplied_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def collect_static() -> None:
    """Gather the static files of every part under hashed names, when any of them changed since the last time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            digest.update(f"{name} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / "gathered"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())


def has_tables() -> bool:
    try:
        return Authority._meta.db_table in connection.introspection.table_names()
    except OperationalError:
        return False


def is_empty() -> bool:
    """True before the first authority is set up."""
    return not has_tables() or not Authority.objects.exists()


def is_demonstration() -> bool:
    return has_tables() and Authority.objects.filter(demonstration=True).exists()


def authority(code: str) -> Authority:
    """The authority with this code. Refused if it is not set up here."""
    found = Authority.objects.filter(code=code).first() if has_tables() else None
    if found is None:
        raise Refused(f"Authority {code} is not set up here. Set it up with: onroll init --authority {code}")
    return found


def authorities() -> list[Authority]:
    """Every authority that is set up here, in the order in which they came."""
    return list(Authority.objects.order_by("pk")) if has_tables() else []


def add_authority(code: str, *, user: str) -> Authority:
    """Set up an authority of the national list, empty."""
    if is_demonstration():
        raise Refused("This is a demonstration installation, and can't become a real one. Set another ONROLL_HOME.")
    return set_up_authority(code, today=timezone.localdate(), user=user)


def keep_sign_ins(sign_ins: list[dict[str, Any]]) -> None:
    path = settings.ONROLL_HOME / SIGN_INS
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(sign_ins, file, indent=2)


def sign_ins() -> list[dict[str, Any]]:
    """The demonstration's sign-ins: role, e-mail and password. Empty in a real installation."""
    path = settings.ONROLL_HOME / SIGN_INS
    return json.loads(path.read_text()) if is_demonstration() and path.exists() else []

"""Backing up and restoring the whole installation: the database by its engine's own means, and the files, in one tar.

A backup never holds the keys. It names those it needs, and `write_keys` puts them in a file of their own, to be kept
apart: whoever has a backup alone cannot read an address in it.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

import onroll
from onroll.access.encryption import INSTALLATION, KeyMissing, has_ring, key_ids
from onroll.authorities.models import Authority
from onroll.history import triggers, walls

from . import installation
from .databases import as_owner
from .deployment import note_of_backup
from .heads import verify_and_tell
from .installation import Refused

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
RINGS = "authority-*.json"
# The keys of the sealed register, each closed with a passphrase: they go where the rings go.
SEALED = "sealed-authority-*.json"


def back_up(to: Path) -> dict[str, Any]:
    """Write a new archive, readable by its owner alone, and answer its manifest.

    The database is copied first, as it stood at one moment. A file is always stored before the row that names it,
    so every file that those rows name is there to be copied after it, but for one that was removed in between.
    """
    with new_file(to) as unfinished, working_folder() as folder:
        database = folder / DATABASE
        copy_database(database)
        files = hold_files(folder / FILES)
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "onroll": onroll.__version__,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "engine": connection.vendor,
            "authorities": list(Authority.objects.order_by("code").values_list("code", flat=True)),
            "keys": keys_needed(),
            "database": digest_of(database),
            "files": {name: digest_of(path) for name, path in sorted(files.items())},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=2))
        with tarfile.open(unfinished, "w:gz", compresslevel=6) as archive:
            archive.add(folder / MANIFEST, MANIFEST)
            archive.add(database, DATABASE)
            for name in manifest["files"]:
                archive.add(files[name], f"{FILES}/{name}")
    note_of_backup().write_text(manifest["made_at"])
    return manifest


def write_keys(to: Path) -> dict[str, list[str]]:
    """Write every authority's keys to a new file, readable by its owner alone, and answer their ids."""
    rings = {path.name: json.loads(path.read_text()) for path in sorted(Path(settings.KEYS_FOLDER).glob(RINGS))}
    if not rings:
        raise Refused("There are no keys here.")
    sealed = {path.name: json.loads(path.read_text()) for path in sorted(Path(settings.KEYS_FOLDER).glob(SEALED))}
    with new_file(to) as unfinished:
        unfinished.write_text(json.dumps(rings | sealed))
    return {name: sorted(ring["keys"]) for name, ring in rings.items()}


def restore(archive: Path, *, keys: Path | None = None) -> dict[str, Any]:
    """Put a backup in place of an empty installation, with its keys, and prove its history. Answers the manifest.

    Nothing is touched until the whole archive has been read, every digest agrees and every key it names is there.
    """
    with triggers.unguarded():
        if not installation.is_empty():
            raise Refused("There is data here already. Restore into an empty installation: set another ONROLL_HOME.")
        connection.close()
    with working_folder() as folder:
        manifest = unpack(archive, folder)
        if manifest["engine"] != connection.vendor:
            raise Refused(f"This backup is of {manifest['engine']}, and this installation uses {connection.vendor}.")
        rings = rings_for(manifest["keys"], keys)
        with triggers.unguarded():
            put_back_database(folder / DATABASE)
        put_back_files(folder / FILES)
        put_back_rings(rings)
    installation.prepare()
    with triggers.unguarded(), as_owner():
        triggers.install()
        walls.install()
    with as_owner():
        findings = verify_and_tell(now=timezone.now())
    if findings:
        listed = "\n".join(f"  {finding}" for finding in findings)
        raise Refused(f"The backup is restored, but its history is not whole. Do not use it.\n{listed}")
    return manifest


def keys_needed() -> dict[str, list[str]]:
    """The ids of the keys that stored values may need, by the name of the authority's key ring."""
    needed = {}
    for authority in Authority.objects.order_by("pk"):
        try:
            needed[f"authority-{authority.pk}.json"] = key_ids(authority.pk)
        except KeyMissing as missing:
            raise Refused(f"{missing} A backup without them could never be read again.") from missing
    if has_ring(INSTALLATION):
        needed[f"authority-{INSTALLATION}.json"] = key_ids(INSTALLATION)
    return needed


def rings_for(needed: dict[str, list[str]], keys: Path | None) -> dict[str, Any]:
    """The key rings that a backup needs: from the file of keys, else from the key folder. Refused if one is missing."""
    folder = Path(settings.KEYS_FOLDER)
    if keys is not None:
        try:
            rings = json.loads(keys.read_text())
        except (OSError, ValueError) as error:
            raise Refused(f"{keys} can't be read as a file of keys.") from error
    else:
        rings = {name: json.loads((folder / name).read_text()) for name in needed if (folder / name).exists()}
    missing = [key for name, ids in needed.items() for key in ids if key not in rings.get(name, {}).get("keys", {})]
    if missing:
        where = keys or folder
        raise Refused(
            f"This backup needs the keys {', '.join(missing)}, which are not in {where}. "
            "Name the file that `onroll backup --keys` wrote: onroll restore FILE --keys KEYS"
        )
    return {name: ring for name, ring in rings.items() if name in needed or fnmatch(name, SEALED)}


def copy_database(to: Path) -> None:
    if connection.vendor == "sqlite":
        # The engine's own copying: a plain copy of a live file loses what is still in its log.
        with closing(sqlite3.connect(to)) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise Refused("The copy of the database is damaged. Nothing was kept.")
        return
    with as_owner():
        # To any other role the tables show no rows, and the copy would be empty and look whole.
        walls.require_everywhere()
    how = ("--format=custom", "--enable-row-security", "--no-owner", "--no-privileges")
    run_postgresql("pg_dump", *how, f"--file={to}")


def put_back_database(copy: Path) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        for left_over in (place, *(place.with_name(place.name + end) for end in ("-wal", "-shm"))):
            left_over.unlink(missing_ok=True)
        copy.chmod(0o600)
        shutil.move(copy, place)
        return
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    run_postgresql(
        "pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={database_name()}", copy
    )


def database_name() -> str:
    return str(connection.settings_dict["NAME"])


def run_postgresql(program: str, *words: Any) -> None:
    """Run one of PostgreSQL's own programs on this database, as the role that owns its tables."""
    path = postgresql_program(program)
    with as_owner():
        settings_now = connection.settings_dict
        environment = os.environ | {
            "PGDATABASE": str(settings_now["NAME"]),
            "PGUSER": settings_now["USER"],
            "PGPASSWORD": settings_now["PASSWORD"],
            "PGHOST": settings_now["HOST"],
            "PGPORT": str(settings_now["PORT"]),
            "PGOPTIONS": "-c onroll.everywhere=on",
        }
        environment = {name: value for name, value in environment.items() if value or not name.startswith("PG")}
    result = subprocess.run([path, *words], env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        raise Refused(f"{program} failed: {result.stderr.strip()}")


def postgresql_program(name: str) -> str:
    """The program on the PATH, else the newest where Debian keeps them. It may not be older than the server."""
    if on_path := shutil.which(name):
        return on_path
    found = [path / name for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / name).exists()]
    if not found:
        raise Refused(f"{name} is not on this machine. Install PostgreSQL's client programs.")
    return str(max(found, key=lambda path: int(path.parents[1].name)))


def unpack(archive: Path, folder: Path) -> dict[str, Any]:
    """Read the whole archive into the folder and compare it with its own manifest."""
    try:
        with tarfile.open(archive, "r:gz") as opened:
            opened.extractall(folder, filter="data")
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, EOFError, ValueError, tarfile.TarError, zlib.error) as error:
        raise Refused(f"{archive} can't be read as a backup of Onroll: {error}") from error
    if manifest.get("format") != FORMAT:
        raise Refused(f"{archive} is a backup of another version of Onroll.")
    expected = {DATABASE: manifest["database"]}
    expected |= {f"{FILES}/{name}": digest for name, digest in manifest["files"].items()}
    for name, digest in expected.items():
        if not (folder / name).is_file() or digest_of(folder / name) != digest:
            raise Refused(f"{archive} is damaged: {name} is not what was backed up.")
    return manifest


def put_back_files(copies: Path) -> None:
    place = Path(settings.FILES_FOLDER)
    if copies.is_dir():
        shutil.copytree(copies, place, dirs_exist_ok=True)
        for path in place.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)


def put_back_rings(rings: dict[str, Any]) -> None:
    folder = Path(settings.KEYS_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, ring in rings.items():
        (folder / name).unlink(missing_ok=True)
        with new_file(folder / name) as unfinished:
            unfinished.write_text(json.dumps(ring))


def stored_files() -> Iterator[Path]:
    folder = Path(settings.FILES_FOLDER)
    # What begins with a dot is still being written.
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))


def hold_files(to: Path) -> dict[str, Path]:
    """Every stored file under a second name, so that none goes or changes while it is read. By its place in the folder.

    A file is never written in place, but under a new name that takes the place of the old: what we hold stays.
    """
    held = {}
    for path in stored_files():
        name = path.relative_to(settings.FILES_FOLDER).as_posix()
        copy = to / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, copy)
        except FileNotFoundError:
            continue
        except OSError:
            # The files are on another disk than the working folder.
            try:
                shutil.copyfile(path, copy)
            except FileNotFoundError:
                continue
        held[name] = copy
    return held


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A file that appears under its name only when it is whole. Never in place of one that is there."""
    if path.exists():
        raise Refused(f"{path} exists already. Choose another name.")
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}.")
    unfinished = path.with_name(f".{path.name}.unfinished")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield unfinished
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder beside the data, where no one else on the machine can look."""
    with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.ONROLL_HOME) as folder:
        yield Path(folder)

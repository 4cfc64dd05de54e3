"""Files kept encrypted with the authority's key. A file is whole or it is not there: never a part of one.

The key of files is derived from the authority's, so that no stored value and no file are ever closed with the same.
"""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from .encryption import KeyMissing, current_key, decrypt_bytes, encrypt_bytes, key_of

USE = "file"
# Longer than any upload takes, in seconds: a file that young may belong to a row that is about to be written.
LEFT_FOR = 24 * 60 * 60
# How many names are asked for at once.
PORTION = 500
# The end of the name of a file that is still being written.
UNFINISHED = ".part"


def keep(path: Path, data: bytes, *, authority: int, bound_to: str) -> None:
    """Put the data away at `path`, in place of what may be there. It opens only for the same `bound_to`.

    When this returns, it is on the disk. When it fails, as on a full disk, nothing is left behind.
    """
    sealed = encrypt_bytes(data, authority=authority, bound_to=bound_to, use=USE).encode()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def kept(path: Path, *, authority: int, bound_to: str) -> bytes:
    """The data as it was put away. Raises FileNotFoundError, KeyMissing, or ValueError when it was altered or moved."""
    return decrypt_bytes(path.read_text(), authority=authority, bound_to=bound_to, use=USE)


def close_again(path: Path, *, authority: int, bound_to: str) -> bool:
    """Close the file with the authority's current key, where it is closed with an older one. Says whether it was."""
    if key_of(path.read_text()) == current_key(authority):
        return False
    keep(path, kept(path, authority=authority, bound_to=bound_to), authority=authority, bound_to=bound_to)
    return True


class Lost(Exception):
    """The file of a row is not there, or can't be opened."""


@dataclass(frozen=True)
class FilesOf:
    """The files of the rows of one model: each under the public id of its row, bound to it, in a folder of their own.

    A row has `authority_id` and `public_id`.
    """

    folder_name: str
    model: str

    def folder(self) -> Path:
        return Path(settings.FILES_FOLDER) / self.folder_name

    def path_of(self, public_id: UUID) -> Path:
        return self.folder() / f"{public_id}.sealed"

    def keep(self, row: Any, data: bytes) -> None:
        """Put the file of a row away, before the row is written."""
        keep(self.path_of(row.public_id), data, authority=row.authority_id, bound_to=self._binding(row))

    def kept(self, row: Any) -> bytes:
        """The file of a row. Raises Lost."""
        try:
            return kept(self.path_of(row.public_id), authority=row.authority_id, bound_to=self._binding(row))
        except (FileNotFoundError, KeyMissing, ValueError) as error:
            raise Lost("The file is not where it was kept, or can’t be opened.") from error

    def forget(self, public_ids: Iterable[UUID]) -> None:
        """Remove the files of these rows once the open change is kept. If it is not, they stay."""
        paths = [self.path_of(public_id) for public_id in public_ids]

        def remove() -> None:
            for path in paths:
                path.unlink(missing_ok=True)

        transaction.on_commit(remove)

    def clear_strays(self, rows: QuerySet[Any], *, now: float) -> int:
        """Remove files that no row names, left by a process that died in between. Answers how many there were.

        `rows` are all of the model: one that can't be seen would look like one that is not there.
        """
        folder = self.folder()
        files = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
        old = [path for path in files if now - path.stat().st_mtime > LEFT_FOR]
        names = {path.name.removesuffix(".sealed"): path for path in old if not path.name.startswith(".")}
        strays = [path for path in old if path.name.startswith(".")]
        asked = list(names)
        for some in (asked[start : start + PORTION] for start in range(0, len(asked), PORTION)):
            there = {str(held) for held in rows.filter(public_id__in=some).values_list("public_id", flat=True)}
            strays += [names[name] for name in some if name not in there]
        for path in strays:
            path.unlink(missing_ok=True)
        return len(strays)

    def close_again(self, row: Any) -> bool:
        """Close the file of a row, if it is there, with the current key. Says whether it had an older one."""
        path = self.path_of(row.public_id)
        return path.exists() and close_again(path, authority=row.authority_id, bound_to=self._binding(row))

    def _binding(self, row: Any) -> str:
        return f"{self.model}:{row.authority_id}:{row.public_id}"

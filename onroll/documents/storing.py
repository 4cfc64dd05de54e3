"""Where the files are: encrypted, in the folder of files, each under the id of its version and bound to it."""

import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from onroll.access import sealed_files
from onroll.access.encryption import KeyMissing
from onroll.history import walls

from .models import DocumentVersion

# Longer than any upload takes: a file that young may belong to a row that is about to be written.
LEFT_FOR = 24 * 60 * 60


class Lost(Exception):
    """The file of a version is not there, or can't be opened."""


def folder() -> Path:
    return Path(settings.FILES_FOLDER) / "documents"


def path_of(public_id: UUID) -> Path:
    return folder() / f"{public_id}.sealed"


def keep(version: DocumentVersion, data: bytes) -> None:
    """Put the file of a version away, before its row is written."""
    sealed_files.keep(path_of(version.public_id), data, authority=version.authority_id, bound_to=_binding(version))


def kept(version: DocumentVersion) -> bytes:
    """The file of a version. Raises Lost."""
    try:
        path = path_of(version.public_id)
        return sealed_files.kept(path, authority=version.authority_id, bound_to=_binding(version))
    except (FileNotFoundError, KeyMissing, ValueError) as error:
        raise Lost("The file is not where it was kept, or can’t be opened.") from error


def forget(public_ids: Collection[UUID]) -> None:
    """Remove the files of these versions once the open change is kept. If it is not, they stay."""
    paths = [path_of(public_id) for public_id in public_ids]

    def remove() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(remove)


def forget_children(children: Collection[int]) -> None:
    """Remove every file about these children, with the rows that are being erased."""
    for some in _portions(list(children)):
        forget(list(DocumentVersion.unscoped.filter(child__in=some).values_list("public_id", flat=True)))


def clear_strays(*, now: float | None = None) -> int:
    """Remove files that no row names, left by a process that died in between. Answers how many there were.

    Rows behind a wall would look like rows that are not there, so it is refused where not all of them can be seen.
    """
    walls.require_everywhere()
    now = time.time() if now is None else now
    old = [path for path in _files("*") if now - path.stat().st_mtime > LEFT_FOR]
    names = {path.name.removesuffix(".sealed"): path for path in old if not path.name.startswith(".")}
    strays = [path for path in old if path.name.startswith(".")]
    for some in _portions(list(names)):
        held = DocumentVersion.unscoped.filter(public_id__in=some).values_list("public_id", flat=True)
        there = {str(public_id) for public_id in held}
        strays += [names[name] for name in some if name not in there]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def close_again(authority: int, *, progress: Callable[[float, str], None] = lambda share, words: None) -> int:
    """Close every document of an authority with its current key, one at a time. Answers how many had an older one.

    It can be stopped at any point and begun again. Whoever opens a document meanwhile finds it closed with one key or
    the other, and opens it with either.
    """
    versions: Any = DocumentVersion.unscoped.filter(authority=authority).order_by("pk")
    total, changed = versions.count(), 0
    for done, version in enumerate(versions.defer("file_name").iterator(500)):
        path = path_of(version.public_id)
        if path.exists():
            changed += sealed_files.close_again(path, authority=authority, bound_to=_binding(version))
        progress(done / max(total, 1), "Documents")
    return changed


def _binding(version: DocumentVersion) -> str:
    return f"documents.documentversion:{version.authority_id}:{version.public_id}"


def _files(pattern: str) -> Iterator[Path]:
    return (path for path in folder().glob(pattern) if path.is_file()) if folder().is_dir() else iter(())


def _portions(keys: list) -> Iterator[list]:
    return (keys[start : start + 500] for start in range(0, len(keys), 500))

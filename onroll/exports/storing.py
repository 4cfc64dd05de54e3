"""Where the files are: encrypted, in the folder of files, each under the id of its export and bound to it."""

import time
from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from onroll.access import sealed_files
from onroll.access.encryption import KeyMissing

from .models import KEPT_FOR, Export


class Lost(Exception):
    """The file is not there, or can't be opened."""


def folder() -> Path:
    return Path(settings.FILES_FOLDER) / "exports"


def path_of(public_id: UUID) -> Path:
    return folder() / f"{public_id}.sealed"


def keep(export: Export, data: bytes) -> None:
    """Put the file away, before its row is written."""
    sealed_files.keep(path_of(export.public_id), data, authority=export.authority_id, bound_to=_binding(export))


def kept(export: Export) -> bytes:
    """The file as it was made. Raises Lost."""
    try:
        return sealed_files.kept(path_of(export.public_id), authority=export.authority_id, bound_to=_binding(export))
    except (FileNotFoundError, KeyMissing, ValueError) as error:
        raise Lost("The file is not where it was kept, or can’t be opened.") from error


def forget(public_ids: Iterable[UUID]) -> None:
    """Remove these files once the open change is kept. If it is not, they stay."""
    paths = [path_of(public_id) for public_id in public_ids]

    def remove() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(remove)


def forget_children(children: Collection[int]) -> None:
    """With children who are erased go the files that they are in, and of copies of their records the row too."""
    gone = {str(key) for key in children}
    held = Export.objects.exclude(children="").values_list("pk", "public_id", "kind", "children")
    named = [row for row in held.iterator() if gone & set(row[3].split(","))]
    forget([public_id for _, public_id, _, _ in named])
    Export.objects.filter(pk__in=[pk for pk, _, kind, _ in named if kind == Export.Kind.COPY]).delete()


def clear_old(*, now: float | None = None) -> int:
    """Remove files that are older than any may be, whatever their rows say. Answers how many there were."""
    now = time.time() if now is None else now
    most = KEPT_FOR.total_seconds() + 24 * 60 * 60
    files = list(folder().iterdir()) if folder().is_dir() else []
    old = [path for path in files if path.is_file() and now - path.stat().st_mtime > most]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _binding(export: Export) -> str:
    return f"exports.export:{export.authority_id}:{export.public_id}"

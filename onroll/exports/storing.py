"""Where the files are: encrypted, in the folder of files, each under the id of its export and bound to it."""

import time
from collections.abc import Collection

from onroll.access import sealed_files

from .models import KEPT_FOR, Export

FILES = sealed_files.FilesOf("exports", "exports.export")
Lost = sealed_files.Lost
folder, path_of, keep, kept, forget = FILES.folder, FILES.path_of, FILES.keep, FILES.kept, FILES.forget


# Of these the row goes with the child.
ONE_CHILD = (Export.Kind.COPY, Export.Kind.PEP)


def forget_children(children: Collection[int]) -> None:
    """With children who are erased go the files that they are in, and of copies of their records the row too."""
    gone = {str(key) for key in children}
    held = Export.objects.exclude(children="").values_list("pk", "public_id", "kind", "children")
    named = [row for row in held.iterator() if gone & set(row[3].split(","))]
    forget([public_id for _, public_id, _, _ in named])
    Export.objects.filter(pk__in=[pk for pk, _, kind, _ in named if kind in ONE_CHILD]).delete()


def clear_old(*, now: float | None = None) -> int:
    """Remove files that are older than any may be, whatever their rows say. Answers how many there were."""
    now = time.time() if now is None else now
    most = KEPT_FOR.total_seconds() + 24 * 60 * 60
    files = list(folder().iterdir()) if folder().is_dir() else []
    old = [path for path in files if path.is_file() and now - path.stat().st_mtime > most]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def close_again(authority: int) -> int:
    """Close the files of an authority with its current key. Answers how many had an older one."""
    return sum(
        FILES.close_again(export) for export in Export.objects.filter(authority=authority, removed_at__isnull=True)
    )

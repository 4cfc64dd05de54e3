"""Where the files are: encrypted, in the folder of files, each under the id of its version and bound to it."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from onroll.access import sealed_files
from onroll.history import walls

from .models import DocumentVersion

FILES = sealed_files.FilesOf("documents", "documents.documentversion")
Lost = sealed_files.Lost
folder, path_of, keep, kept, forget = FILES.folder, FILES.path_of, FILES.keep, FILES.kept, FILES.forget


def forget_children(children: Collection[int]) -> None:
    """Remove every file about these children, with the rows that are being erased."""
    for some in _portions(list(children)):
        forget(list(DocumentVersion.unscoped.filter(child__in=some).values_list("public_id", flat=True)))


def clear_strays(*, now: float) -> int:
    """Remove files that no row names, and answer how many there were. Refused where not all rows can be seen."""
    walls.require_everywhere()
    return FILES.clear_strays(DocumentVersion.unscoped.all(), now=now)


def close_again(authority: int, *, progress: Callable[[float, str], None] = lambda share, words: None) -> int:
    """Close every document of an authority with its current key, one at a time. Answers how many had an older one.

    It can be stopped at any point and begun again. Whoever opens a document meanwhile finds it closed with one key or
    the other, and opens it with either.
    """
    versions: Any = DocumentVersion.unscoped.filter(authority=authority).order_by("pk")
    total, changed = versions.count(), 0
    for done, version in enumerate(versions.defer("file_name").iterator(500)):
        changed += FILES.close_again(version)
        progress(done / max(total, 1), "Documents")
    return changed


def _portions(keys: list) -> Iterator[list]:
    return (keys[start : start + 500] for start in range(0, len(keys), 500))

"""Where the files are: encrypted, in the folder of files, each under the id of its version and bound to it."""

import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from onroll.access import sealed_files
from onroll.history import walls

from .models import DocumentVersion

# Longer than any upload takes: a file that young may belong to a row that is about to be written.
LEFT_FOR = 24 * 60 * 60


FILES = sealed_files.FilesOf("documents", "documents.documentversion")
Lost = sealed_files.Lost
folder, path_of, keep, kept, forget = FILES.folder, FILES.path_of, FILES.keep, FILES.kept, FILES.forget


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
        changed += FILES.close_again(version)
        progress(done / max(total, 1), "Documents")
    return changed


def _files(pattern: str) -> Iterator[Path]:
    return (path for path in folder().glob(pattern) if path.is_file()) if folder().is_dir() else iter(())


def _portions(keys: list) -> Iterator[list]:
    return (keys[start : start + 500] for start in range(0, len(keys), 500))

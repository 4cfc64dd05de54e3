"""Where the files of documents of plans are: encrypted, each under the id of its document and bound to it."""

from onroll.access import sealed_files
from onroll.history import walls

from .models import Action, PlanDocument

FILES = sealed_files.FilesOf("plans", "plans.plandocument")
Lost = sealed_files.Lost


def forget_those_of(action: Action) -> None:
    """Delete the files of an action whose rows are being deleted, once that is kept."""
    FILES.forget(list(PlanDocument.objects.filter(update__action=action).values_list("public_id", flat=True)))


def clear_strays(*, now: float, left_for: float) -> int:
    """Remove files that no row names, older than `left_for` seconds. Answers how many there were.

    Rows behind a wall would look like rows that are not there, so it is refused where not all of them can be seen.
    """
    walls.require_everywhere()
    folder = FILES.folder()
    old = [path for path in folder.iterdir() if now - path.stat().st_mtime > left_for] if folder.is_dir() else []
    there = {FILES.path_of(key).name for key in PlanDocument.objects.values_list("public_id", flat=True)}
    strays = [path for path in old if path.name not in there]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def close_again(authority: int) -> int:
    """Close the files of an authority with its current key. Answers how many had an older one."""
    return sum(FILES.close_again(document) for document in PlanDocument.objects.filter(authority=authority))

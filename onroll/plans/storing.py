"""Where the files of documents of plans are: encrypted, each under the id of its document and bound to it."""

from onroll.access import sealed_files
from onroll.history import walls

from .models import Action, PlanDocument

FILES = sealed_files.FilesOf("plans", "plans.plandocument")
Lost = sealed_files.Lost


def forget_those_of(action: Action) -> None:
    """Delete the files of an action whose rows are being deleted, once that is kept."""
    FILES.forget(list(PlanDocument.objects.filter(update__action=action).values_list("public_id", flat=True)))


def clear_strays(*, now: float) -> int:
    """Remove files that no row names, and answer how many there were. Refused where not all rows can be seen."""
    walls.require_everywhere()
    return FILES.clear_strays(PlanDocument.objects.all(), now=now)


def close_again(authority: int) -> int:
    """Close the files of an authority with its current key. Answers how many had an older one."""
    return sum(FILES.close_again(document) for document in PlanDocument.objects.filter(authority=authority))

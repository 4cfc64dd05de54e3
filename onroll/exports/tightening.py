"""Whether who must not know has become stricter since a file was made: then the file is closed (ADR-1, ACC-4).

The history says so, and so nothing has to be told to the files when a mark changes. A file that holds nothing that a
mark guards stays open.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from onroll.access.sections import Section
from onroll.children.marks import loosens
from onroll.children.models import ClosedNames, Named, PlacementAddress, SchoolPlace
from onroll.history.models import Event
from onroll.history.reading import decoded
from onroll.history.recorded import model_numbered, number_of

from .models import Export

# What a mark on a home or a school guards, or would give away.
_MARKED = frozenset({Section.SCHOOL, Section.PLACEMENT, Section.ADDRESS, Section.CARER})
_WATCHED = (PlacementAddress, SchoolPlace, Named, ClosedNames)


def closed_by_a_mark(exports: Collection[Export]) -> set[int]:
    """Which of these were made before a mark on what is in them became stricter, or a name in them was closed.

    One query. Whoever is named behind a mark, or taken from behind it, counts as stricter: either may be.
    """
    if not exports:
        return set()
    keys = {key for export in exports for key in export.keys}
    since = min(export.made_at for export in exports)
    events = Event.objects.filter(
        child__in=keys, model__in=[number_of(model) for model in _WATCHED], change__at__gte=since
    )
    stricter: dict[int, list[tuple[datetime, Any]]] = defaultdict(list)
    for event in events.select_related("change"):
        model: Any = model_numbered(event.model)
        if _is_stricter(model, event):
            stricter[event.child].append((event.change.at, model))  # type: ignore[index]
    return {
        export.pk
        for export in exports
        if any(
            at >= export.made_at and (model is ClosedNames or _holds_what_is_marked(export))
            for key in export.keys
            for at, model in stricter.get(key, ())
        )
    }


def _is_stricter(model: Any, event: Event) -> bool:
    if model in (Named, ClosedNames) or event.digest:
        return True
    if event.act != "u":
        return False
    was, becomes = decoded(model, "u", event.payload).get("disclosure", ("", ""))
    return was != becomes and not loosens(was, becomes)


def _holds_what_is_marked(export: Export) -> bool:
    return export.kind == Export.Kind.WHOLE or not _MARKED.isdisjoint(export.parts)

"""Whether who must not know has become stricter since a file was made: then the file is closed (ADR-1, ACC-4).

The history says so, and so nothing has to be told to the files when a mark changes. A file that holds nothing that a
mark guards stays open.
"""

from collections import defaultdict
from collections.abc import Collection
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

    Two queries. Whoever is named behind a mark, or taken from behind it, counts as stricter: either may be. The order
    of the history counts and not the clock, on which a change that lasts stands at its beginning.
    """
    if not exports:
        return set()
    keys = {key for export in exports for key in export.keys}
    made = Event.objects.filter(
        model=number_of(Export), record__in=[export.pk for export in exports], act="i", child__isnull=True
    )
    # A file of which the history does not say when it was made is closed by any that is stricter.
    made_with: dict[int, int] = dict.fromkeys((export.pk for export in exports), 0) | dict(
        made.values_list("record", "pk")
    )
    events = Event.objects.filter(
        child__in=keys, model__in=[number_of(model) for model in _WATCHED], pk__gt=min(made_with.values())
    )
    stricter: dict[int, list[tuple[int, Any]]] = defaultdict(list)
    for event in events:
        model: Any = model_numbered(event.model)
        if _is_stricter(model, event):
            stricter[event.child].append((event.pk, model))  # type: ignore[index]
    return {
        export.pk
        for export in exports
        if any(
            later > made_with[export.pk] and (model is ClosedNames or _holds_what_is_marked(export))
            for key in export.keys
            for later, model in stricter.get(key, ())
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
    # What was written in a plan may tell a school or a home, whichever parts of the record it holds.
    return export.kind in (Export.Kind.WHOLE, Export.Kind.PEP) or not _MARKED.isdisjoint(export.parts)

"""school_places.csv: places at schools and settings. Main places of a child may not overlap."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from onroll.children.marks import stricter
from onroll.children.models import Disclosure, SchoolPlace
from onroll.exchange.plans import Changes

from ..cells import day, hours, one_of, text, yes_no
from .table import DoesNotFit, Held, Holdings, Table

_PLAIN = (
    "start",
    "end",
    "kind",
    "hours_per_week",
    "full_time_hours",
    "leaving_reason",
    "disclosure",
    "why_this_school",
    "confirmed_on",
    "follows_closure",
)


def _places(holdings: Holdings) -> Iterable[Held]:
    rows = SchoolPlace.unscoped.filter(authority_id=holdings.actor.authority).select_related("school")
    for place in rows.order_by("start", "id"):
        number = holdings.numbers.get(place.child_id)
        if number is not None:
            setting = place.school.setting_id if place.school else ""
            values = {name: getattr(place, name) for name in _PLAIN}
            yield Held({"child_id": number, "setting_id": setting, **values}, (place,))


def _checked(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    if not values["setting_id"] and values["kind"] != SchoolPlace.Kind.AWAITING:
        raise DoesNotFit("setting_id", "is empty: only a wait for a place has no school")
    if values["end"] is not None and values["end"] < values["start"]:
        raise DoesNotFit("end", f"{values['end']} is before the start")
    school = holdings.school(values["setting_id"]) if values["setting_id"] else None
    told = {name: values[name] for name in _PLAIN}
    told["disclosure"] = told["disclosure"] or Disclosure.ORDINARY
    return {"school": school, **told}


def _overlaps(holdings: Holdings, changes: Changes) -> Iterable[tuple[str, str, str]]:
    """Main places that would overlap once everything is written."""
    altered = {pk: place for pk, (place, _) in changes.updates.get(SchoolPlace, {}).items()}
    held = SchoolPlace.unscoped.filter(authority_id=holdings.actor.authority)
    places = [*(altered.get(place.pk, place) for place in held), *changes.creates.get(SchoolPlace, [])]
    by_child: dict[str, list[SchoolPlace]] = defaultdict(list)
    for place in places:
        if place.kind == SchoolPlace.Kind.MAIN and place.start != place.end:  # type: ignore[attr-defined]
            by_child[holdings.number_of(place)].append(place)  # type: ignore[arg-type]
    for number, theirs in by_child.items():
        theirs.sort(key=lambda place: place.start)
        for one, other in pairwise(theirs):
            if one.end is None or other.start < one.end:
                words = f"{other.start} falls into another main place of this child, which began on {one.start}"
                yield number, "start", words


def _new_place(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    place = SchoolPlace(
        authority_id=holdings.actor.authority,
        child=holdings.child(values["child_id"]),
        source=holdings.source,
        **_checked(values, holdings),
    )
    changes.create(place)


def _alter_place(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    (place,) = held.records
    told = _checked(values, holdings)
    # No load loosens a mark (ADR-1).
    changes.update(place, **told | {"disclosure": stricter(place.disclosure, told["disclosure"])})


SCHOOL_PLACES = Table(
    "school_places",
    "School places",
    (
        text("child_id", 20, needed=True),
        text("setting_id", 20),
        day("start", needed=True),
        day("end"),
        one_of("kind", SchoolPlace.Kind.values, needed=True),
        hours("hours_per_week"),
        hours("full_time_hours"),
        one_of("leaving_reason", SchoolPlace.LeavingReason.values),
        one_of("disclosure", Disclosure.values),
        text("why_this_school", 500),
        day("confirmed_on"),
        yes_no("follows_closure", empty=False),
    ),
    ("child_id", "setting_id", "kind", "start"),
    _places,
    _new_place,
    _alter_place,
    conflicts=_overlaps,
)

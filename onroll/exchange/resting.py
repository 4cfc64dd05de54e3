"""When a load ends a home, it ends what rests on it: the allocations of the carers there.

It is part of the plan, so the preview says it, applying does it in the same change, and undoing takes it back.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from onroll.children.models import CareEpisode, EpisodePlacement, PlacementAddress
from onroll.children.resting import Lived, brings_other_carers, ending_with_the_home, leaves_care, lived

from .plans import Changes, Plan


def end_with_homes(plan: Plan) -> None:
    """Add the endings to the plan, and a sentence that counts them. Two queries, where a home of a held child ends."""
    created: list[Any] = plan.changes.creates.get(CareEpisode, [])
    made = [row for row in created if row.child.pk]
    altered: list[Any] = [row for row, values in plan.changes.updates.get(CareEpisode, {}).values() if "end" in values]
    days: dict[int, set[date]] = defaultdict(set)
    for episode in made:
        if brings_other_carers(episode):
            days[episode.child.pk].add(episode.start)
    for episode in (*made, *altered):
        if episode.end and not episode.provisional_end and leaves_care(episode):
            days[episode.child_id or episode.child.pk].add(episode.end)
    ending = ending_with_the_home(_homes(plan.changes, made, altered, set(days)), on=days) if days else []
    for allocation, end in ending:
        plan.changes.update(allocation, end=end)
    if ending:
        will = ("carer’s allocation ends with the home", "carers’ allocations end with the home")
        did = ("carer’s allocation ended with the home", "carers’ allocations ended with the home")
        plan.sentence("carers", len(ending), will, did, "from that day on the record is closed to them")


def _homes(changes: Changes, made: list[Any], altered: list[Any], children: set[int]) -> dict[int, list[Lived]]:
    """Where each of these children will have lived once the plan is carried out, in order."""
    told: Any = changes
    new = {
        model: {id(row.episode): row for row in told.creates.get(model, []) if row.episode.pk is None}
        for model in (EpisodePlacement, PlacementAddress)
    }
    gone = {row.pk for row in told.deletes.get(CareEpisode, [])}
    as_planned = {row.pk: row for row in altered}
    found: dict[int, list[Lived]] = {child: [] for child in children}
    held = CareEpisode.unscoped.filter(child__in=children).exclude(pk__in=gone)
    for row in held.select_related("placement", "address"):
        episode = as_planned.get(row.pk, row)
        placement, address = getattr(row, "placement", None), getattr(row, "address", None)
        found[row.child_id].append(lived(episode, placement, address))
    for episode in made:
        if episode.child.pk in found:
            placement, address = (new[model].get(id(episode)) for model in new)
            found[episode.child.pk].append(lived(episode, placement, address))
    return {child: sorted(homes, key=lambda home: home.start) for child, homes in found.items()}

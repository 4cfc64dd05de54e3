"""The figures on the home page of the heads: the measures that they chose, each with its trend, target and state.

A home page asks little of the database. So what it shows is kept in memory for one person, up to the next change in
the authority. Only figures are kept, no child.
"""

from datetime import timedelta

from django.core.cache import cache
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.roles import LEADS
from onroll.access.sections import Section, cell
from onroll.design.values import Tile
from onroll.history.models import Event

from .models import Audience
from .scorecards import Line, chosen, lines_of

# How many figures stand on the home page at most.
MOST = 6
# What is written in no authority (the register of schools), or was begun before another change and committed after it,
# is not noticed: so nothing is kept for long.
KEPT_FOR = timedelta(minutes=5)


def tiles_for(actor: Actor) -> list[Tile]:
    """The tiles on this person's home page; none for who is not a head. One query while nothing changes."""
    if actor.role not in LEADS or not cell(actor, Section.FIGURES):
        return []
    whose = f"{actor.authority}:{actor.account}:{actor.post}:{actor.cover}"
    key = f"tiles:{whose}:{actor.today}:{_last_change(actor)}"
    found: list[Tile] | None = cache.get(key)
    if found is None:
        measures = chosen(actor.authority, Audience.HOME)[:MOST]
        found = [_tile(line) for line in lines_of(actor, as_at=actor.today, measures=measures)]
        cache.set(key, found, KEPT_FOR.total_seconds())
    return found


def _last_change(actor: Actor) -> int:
    """The number of what was last written in the authority."""
    events = Event.objects.filter(authority=actor.authority).order_by("-pk")
    return events.values_list("pk", flat=True).first() or 0


def _tile(line: Line) -> Tile:
    note = [line.part, f"Target {line.target}" if line.target else ""]
    return Tile(
        name=line.measure.title,
        href=reverse("measures:measure", args=[line.measure.id]),
        value=line.value,
        note=". ".join(words for words in note if words),
        trend=line.values,
        # A target for the end of a year is no line beside a year that goes on.
        target=float(line.aim.value) if line.aim and not line.measure.accumulates else None,
        rag=line.judged.state if line.judged else "",
    )

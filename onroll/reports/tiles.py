"""The figures on the home page of the heads: the measures that they chose, each with its trend, target and state.

A home page asks little of the database. So what it shows is kept in memory for one person, up to the next change in
the authority; the line of the periods that are over is drawn once a day. Only figures are kept, no child.
"""

from datetime import timedelta

from django.core.cache import cache
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.roles import LEADS
from onroll.design.values import Tile
from onroll.history.models import Event
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure
from onroll.measures.showing import points, values

from .models import Audience
from .scorecards import PERIODS, Line, chosen, lines_of

# How many figures stand on the home page at most.
MOST = 6
# What is written in no authority (the register of schools), or was begun before another change and committed after it,
# is not noticed: so nothing is kept for long.
KEPT_FOR, A_DAY = timedelta(minutes=5), timedelta(days=1)


def tiles_for(actor: Actor) -> list[Tile]:
    """The tiles on this person's home page; none for who is not a head. One query while nothing changes."""
    if actor.role not in LEADS:
        return []
    key = f"{_whose(actor)}:{_last_change(actor)}"
    found: list[Tile] | None = cache.get(key)
    if found is None:
        measures = chosen(actor.authority, Audience.HOME)[:MOST]
        before = _before(actor, measures)
        now = lines_of(actor, as_at=actor.today, measures=measures, count=1)
        found = [_tile(line, [*before[line.measure.id], *line.values]) for line in now]
        cache.set(key, found, KEPT_FOR.total_seconds())
    return found


def _before(actor: Actor, measures: list[Measure]) -> dict[str, list[float]]:
    """The values of the periods that are over, of each of these measures. Counted once a day."""
    key = f"{_whose(actor)}:{','.join(measure.id for measure in measures)}"
    found: dict[str, list[float]] | None = cache.get(key)
    if found is None:
        cohort = Cohort.for_actor(actor, as_at=actor.today)
        found = {measure.id: values(points(measure, cohort, count=PERIODS)[:-1]) for measure in measures}
        cache.set(key, found, A_DAY.total_seconds())
    return found


def _whose(actor: Actor) -> str:
    return f"tiles:{actor.authority}:{actor.account}:{actor.post}:{actor.cover}:{actor.today}"


def _last_change(actor: Actor) -> int:
    """The number of what was last written in the authority."""
    events = Event.objects.filter(authority=actor.authority).order_by("-pk")
    return events.values_list("pk", flat=True).first() or 0


def _tile(line: Line, trend: list[float]) -> Tile:
    note = [line.part, f"Target {line.target}" if line.target else ""]
    return Tile(
        name=line.measure.title,
        href=reverse("measures:measure", args=[line.measure.id]),
        value=line.value,
        note=". ".join(words for words in note if words),
        trend=trend,
        target=float(line.aim.value) if line.aim else None,
        rag=line.judged.state if line.judged else "",
    )

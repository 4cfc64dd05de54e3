"""M1: the whole catalogue of measures, divided by one characteristic, against one SQL query a measure, undivided."""

from datetime import date
from functools import partial
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.measures import periods
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.characteristics import CHARACTERISTICS
from onroll.measures.cohorts import Cohort
from onroll.measures.engine import Reading, read
from onroll.measures.measure import Measure
from onroll.measures.periods import PeriodKind
from onroll.site.installation import Refused

from . import catalogue_in_sql
from .running import Result, Spread, in_turn

MOST_TIMES = 3
MOST_QUERIES = 2


def run(authority: int, *, today: date) -> list[Result]:
    """How long the catalogue takes, and how many queries. Refused where the two count differently."""
    with scope.in_authority(authority):
        actor = Actor.command_line(authority, today=today, user="bench")
        known = known_of_each_period(_cohort(actor))
        if differing := where_they_differ(actor, known):
            raise Refused("What is not equal is not timed. These are counted differently: " + "; ".join(differing))
        with CaptureQueriesContext(connection) as asked:
            divided(actor, by="sex")
        ours, yardstick, ratio = in_turn(
            [(partial(divided, actor, by=by), partial(by_hand, known)) for by in CHARACTERISTICS]
        )
    measures = in_both()
    left_out = [measure.id for measure in CATALOGUE if measure not in measures]
    return [
        Result.of(
            "M1",
            ours,
            yardstick,
            ratio=ratio,
            goal=MOST_TIMES,
            unit="seconds",
            notes=(
                f"Ours is the catalogue, {len(measures)} measures, divided by one characteristic and read from the"
                f" database anew: {len(CHARACTERISTICS)} times, each time by another characteristic. The yardstick is"
                " one query by hand for each of the same measures, undivided, which was seen to give the same part"
                f" and whole. On {connection.display_name}, from a process that has started, by turns."
                + (f" On neither side, for want of a query: {', '.join(left_out)}." if left_out else "")
            ),
        ),
        Result.of(
            "M1 queries",
            Spread.of([len(asked) / len(measures)]),
            Spread.of([1]),
            goal=MOST_QUERIES,
            unit="queries a measure",
            notes=f"Ours asks {len(asked)} queries for {len(measures)} measures divided by sex.",
        ),
    ]


def in_both() -> list[Measure]:
    """The measures of the catalogue that have a query by hand."""
    return [measure for measure in CATALOGUE if measure.id in catalogue_in_sql.QUERIES]


def divided(actor: Actor, *, by: str) -> dict[str, Reading]:
    """The catalogue on the actor's day, each measure in its own period up to then, divided by this characteristic."""
    cohort = _cohort(actor)
    return {measure.id: read(measure, _in_its_period(cohort, measure.period), by=[by]) for measure in in_both()}


def by_hand(known: dict[PeriodKind, dict[str, Any]]) -> dict[str, tuple[int, int | None]]:
    """The part and whole of each measure as its query gives them."""
    return {measure.id: catalogue_in_sql.count(measure, known[measure.period]) for measure in in_both()}


def known_of_each_period(cohort: Cohort) -> dict[PeriodKind, dict[str, Any]]:
    """What the queries are told, for each kind of period."""
    return {kind: catalogue_in_sql.parameters(_in_its_period(cohort, kind)) for kind in PeriodKind}


def where_they_differ(actor: Actor, known: dict[PeriodKind, dict[str, Any]]) -> list[str]:
    """The measures of which the queries say another part or whole than the engine, with both."""
    readings, counted = divided(actor, by="sex"), by_hand(known)
    return [
        f"{key}: {(reading.part, reading.whole)} here, {counted[key]} by hand"
        for key, reading in readings.items()
        if (reading.part, reading.whole) != counted[key]
    ]


def _cohort(actor: Actor) -> Cohort:
    return Cohort.for_actor(actor, as_at=actor.today)


def _in_its_period(cohort: Cohort, kind: PeriodKind) -> Cohort:
    return cohort.over(periods.up_to(kind, cohort.as_at, cohort.calendar))

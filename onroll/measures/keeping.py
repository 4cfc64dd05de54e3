"""Closed periods: each figure is counted once when its period is over, and kept with the wording it was counted by.

A page counts “as at” always anew. Where that differs from what was kept, it says so: the records were corrected since,
or the definition was worded anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.codes.years import Period
from onroll.history.changes import change, verb

from . import periods
from .catalogue import CATALOGUE
from .cohorts import Cohort
from .engine import Reading, read
from .measure import Measure
from .models import KeptFigure

verb("figures.kept", "{actor} kept the figures of periods that are over")

# How far back a period is kept that was missed while nothing ran.
LATEST = 3


def keep_closed(authority: Authority, *, today: date) -> int:
    """Count and keep the figures of periods that are over and not kept yet, from the day the authority is live.

    Returns how many. Each measure looks at its latest periods alone, so that a day's work is small.
    """
    actor = Actor.system(authority.pk, today=today)
    cohort = Cohort.for_actor(actor, as_at=today)
    kept = set(KeptFigure.objects.filter(authority=authority).values_list("measure", "start", "end"))
    found = []
    for measure in CATALOGUE:
        for period in _closed(measure, cohort):
            if period.start >= authority.live_from and (measure.id, period.start, period.end) not in kept:
                found += _figures(measure, read(measure, cohort.over(period), by=_by(measure)), authority, today)
    if found:
        with change("figures.kept", actor=actor) as this:
            this.bulk_create(KeptFigure, found)
    return len(found)


def _closed(measure: Measure, cohort: Cohort) -> Iterable[Period]:
    """The latest periods of a measure's kind that ended before today."""
    now = periods.containing(measure.period, cohort.as_at, cohort.calendar)
    for _ in range(LATEST):
        now = periods.before(measure.period, now, cohort.calendar)
        yield now


def _by(measure: Measure) -> tuple[str, ...]:
    return (measure.kept_by,) if measure.kept_by else ()


def _figures(measure: Measure, reading: Reading, authority: Authority, today: date) -> list[KeptFigure]:
    """The figure of everyone, and of each group of the characteristic by which the measure is kept."""
    period = reading.cohort.period
    same = {
        "authority": authority,
        "measure": measure.id,
        "start": period.start,
        "end": period.end,
        "fingerprint": CATALOGUE.fingerprint(measure),
        "counted_on": today,
    }
    return [
        KeptFigure(**same, part=reading.part, whole=reading.whole),
        *(
            KeptFigure(**same, characteristic=measure.kept_by, group=group.code, part=group.part, whole=group.whole)
            for group in reading.breakdown
        ),
    ]


@dataclass(frozen=True)
class Revision:
    """A figure that was kept and is counted otherwise today: what it was, since when, and why it differs."""

    kept: KeptFigure
    reworded: bool


def revisions(measure: Measure, readings: Sequence[Reading]) -> dict[Period, Revision]:
    """Of these readings of the whole authority, those that differ from what was kept when their period was over."""
    if not readings:
        return {}
    kept = {
        Period(figure.start, figure.end): figure
        for figure in KeptFigure.objects.filter(
            authority_id=readings[0].cohort.actor.authority,
            measure=measure.id,
            group="",
            start__gte=readings[0].cohort.period.start,
        )
    }
    return {
        reading.cohort.period: Revision(figure, figure.fingerprint != CATALOGUE.fingerprint(measure))
        for reading in readings
        if (figure := kept.get(reading.cohort.period)) is not None
        and (figure.part, figure.whole) != (reading.part, reading.whole)
    }

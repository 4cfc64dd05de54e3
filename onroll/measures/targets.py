"""Targets of the authority: who sets them, what can't be one, and how the period of one is called."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.authorities.models import Authority
from onroll.codes import SEN_PROVISION, SEX
from onroll.codes.years import Period, academic_year, academic_year_of, financial_year, financial_year_of
from onroll.design.words import day_short
from onroll.history.changes import change, verb

from . import periods
from .catalogue import CATALOGUE
from .characteristics import CHARACTERISTICS
from .cohorts import Cohort
from .engine import read
from .measure import Measure, Unit
from .models import Target
from .rag import Judged, rag, said

verb("target.set", "{actor} set a target for a figure")
verb("target.removed", "{actor} took a target away")

# The groups that a target can be for: few, and each large enough to aim at.
GROUPS = {
    "phase": ("early_years", "primary", "secondary", "post16"),
    "sex": tuple(code.code for code in SEX),
    "home_area": ("in", "out"),
    "school_area": ("in", "out"),
    "sen": tuple(code.code for code in SEN_PROVISION),
}


class Refused(Exception):
    """A target that can't be set. Its text is the reason, for people."""


def measures() -> list[Measure]:
    """The measures that can have a target: those of which more or less can be better."""
    return [measure for measure in CATALOGUE if measure.unit not in (Unit.LIST, Unit.YES_NO)]


def group_words(cohort: Cohort, characteristic: str, group: str) -> str:
    """Whom a target is for: “Everyone”, “Phase: Early years”."""
    if not characteristic:
        return "Everyone"
    held = CHARACTERISTICS[characteristic]
    return f"{held.title}: {held.words(cohort, [group])[group]}"


def period_words(period: Period) -> str:
    """What people call the period of a target."""
    if period == academic_year(academic_year_of(period.start)):
        return academic_year_of(period.start).replace("-", "/")
    if period == financial_year(financial_year_of(period.start)):
        return f"Year to 31 March {period.last_day.year}"
    return f"{day_short(period.start)} to {day_short(period.last_day)}"


def why_not_set(target: Target, *, actor: Actor) -> str:
    """Why this target can't be set, in words. Empty when it can."""
    measure = CATALOGUE.find(target.measure)
    if not can(actor, Can.KEEP_PLAN) or target.authority_id != actor.authority:
        return "Your role does not set targets."
    if measure is None or measure not in measures():
        return "Choose a figure of the catalogue"
    if target.characteristic and target.group not in GROUPS.get(target.characteristic, ()):
        return "Choose whom the target is for"
    if target.end <= target.start:
        return "The last day is before the first day"
    if not target.start <= target.due_on:
        return "The target is due before its period begins"
    given = [value for value in (target.by_autumn, target.by_spring, target.value) if value is not None]
    if any(value < 0 or (measure.unit is Unit.PERCENT and value > 100) for value in given):
        return "Enter a percentage from 0 to 100" if measure.unit is Unit.PERCENT else "Enter 0 or more"
    return _why_not_profile(target, measure) or _why_not_twice(target)


def _why_not_profile(target: Target, measure: Measure) -> str:
    if target.by_autumn is None and target.by_spring is None:
        return ""
    if not measure.accumulates:
        return "This figure does not grow over the year, so it has the same target in every term. Leave these empty"
    if target.by_autumn is None or target.by_spring is None:
        return "Say what is expected by the end of both terms, or leave both empty"
    if not target.by_autumn <= target.by_spring <= target.value:
        return "This figure grows over the year: each term’s must be at least the one before, and at most the target"
    return ""


def _why_not_twice(target: Target) -> str:
    same = Target.objects.filter(
        authority_id=target.authority_id,
        measure=target.measure,
        start=target.start,
        end=target.end,
        characteristic=target.characteristic,
        group=target.group,
    ).exclude(pk=target.pk)
    return "There is a target for this figure, group and period already. Change that one" if same.exists() else ""


def set_target(target: Target, *, actor: Actor) -> Target:
    """Set a new target, or save an altered one. Who set it last, and when, stays with it."""
    if why := why_not_set(target, actor=actor):
        raise Refused(why)
    target.period = period_words(Period(target.start, target.end))
    target.set_by_id, target.set_on = actor.account, actor.today
    with change("target.set", actor=actor) as this:
        return this.save(target)


def remove_target(target: Target, *, actor: Actor) -> None:
    """Take a target away. What it was stays in the history."""
    if not can(actor, Can.KEEP_PLAN) or target.authority_id != actor.authority:
        raise Refused("Your role does not set targets.")
    with change("target.removed", actor=actor) as this:
        this.delete(target)


@dataclass(frozen=True)
class Standing:
    """A target and how its figure stands against it today."""

    target: Target
    measure: Measure
    whom: str
    judged: Judged

    @property
    def words(self) -> str:
        """What it asks for: “at least 70%”, “at most 12 days”."""
        least = "at least" if self.target.better == Target.Better.HIGHER else "at most"
        return f"{least} {said(self.target.value, self.measure.unit)}"


def standings(targets: Iterable[Target], *, actor: Actor) -> list[Standing]:
    """Each target with its figure's state, read for the period of the measure up to today. Facts are loaded once."""
    cohort = Cohort.for_actor(actor, as_at=actor.today)
    authority = Authority.objects.get(pk=actor.authority)
    found = []
    for target in targets:
        if (measure := CATALOGUE.find(target.measure)) is not None:
            period = periods.up_to(measure.period, actor.today, cohort.calendar)
            by = (target.characteristic,) if target.characteristic else ()
            judged = rag(read(measure, cohort.over(period), by=by), target, authority=authority, group=target.group)
            found.append(Standing(target, measure, group_words(cohort, target.characteristic, target.group), judged))
    return found


def new_target(actor: Actor, *, on: date) -> Target:
    """A target as a form begins: for everyone, of the academic year of this day, due on its last day."""
    year = academic_year(academic_year_of(on))
    return Target(
        authority_id=actor.authority,
        start=year.start,
        end=year.end,
        due_on=year.end - timedelta(days=1),
        value=Decimal(0),
    )

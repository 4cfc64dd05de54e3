"""How a figure stands against its target: on track, near, off track or no data, each with the reason in a sentence.

A figure that grows over its period is never judged against what it should be at the end of it, nor against a full
year that was published: it is set against the same day a year before, or against what its target expects by each term.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from onroll.authorities.models import Authority
from onroll.children.queries import a_year_before
from onroll.codes.years import Period, Term, term_of
from onroll.design.words import day as day_words

from .engine import Reading, read
from .measure import Unit
from .models import Target
from .outside import for_reader


class State(StrEnum):
    """The four states of a measure. Those of an action in a plan are the plan's own words, and no part of this."""

    ON = "on_track"
    NEAR = "near"
    OFF = "off_track"
    NO_DATA = "no_data"


@dataclass(frozen=True)
class Judged:
    """The state and why, with the numbers it was made of."""

    state: State
    why: str


@dataclass(frozen=True)
class Against:
    """What a value is set against, and what that is in words."""

    value: Fraction
    words: str


@dataclass(frozen=True)
class Near:
    """How far from it still counts as near: in points for a percentage, as a share of it for anything else."""

    points: int
    share: int

    def margin(self, against: Fraction, unit: Unit) -> Fraction:
        return Fraction(self.points) if unit is Unit.PERCENT else abs(against) * self.share / 100


def judge(value: Fraction | None, against: Against | None, *, better: str, unit: Unit, near: Near) -> Judged:
    """How a value stands. Nothing to divide by is no data, which is not 0."""
    if value is None:
        return Judged(State.NO_DATA, "No data: there is nobody and nothing to count.")
    if against is None:
        return Judged(State.NO_DATA, f"{said(value, unit)}, with no target to set it against.")
    missed = against.value - value if better == "higher" else value - against.value
    margin = near.margin(against.value, unit)
    inputs = f"{said(value, unit)} against {against.words}"
    if missed <= 0:
        return Judged(State.ON, f"On track: {inputs}, and {better} is better.")
    apart = f"{said(missed, unit, points=True)} from it"
    if missed <= margin:
        return Judged(State.NEAR, f"Near: {inputs}, {apart}; up to {said(margin, unit, points=True)} counts as near.")
    return Judged(State.OFF, f"Off track: {inputs}, {apart}; more than {said(margin, unit, points=True)} is off track.")


def against(
    target: Target | None, *, accumulates: bool, as_at: date, term: Term, unit: Unit, year_before: Fraction | None
) -> Against | None:
    """What the value of this day is set against.

    `term` is the one of the day, `year_before` the value of the same day a year before. A target is met or not at any
    day of its period, unless the figure grows: then only on the last.
    """
    if target is not None and not target.start <= as_at < target.end:
        target = None
    if target is not None and (not accumulates or as_at == target.end - timedelta(days=1)):
        return Against(
            Fraction(target.value), f"the target of {said(target.value, unit)} by {day_words(target.due_on)}"
        )
    if not accumulates:
        return None
    if target is not None and target.has_profile:
        expected = _expected(target, term, unit)
        if expected is not None:
            return expected
    if year_before is not None:
        return Against(year_before, f"{said(year_before, unit)} on the same day a year before")
    return None


def _expected(target: Target, term: Term, unit: Unit) -> Against | None:
    """What the profile expects today. What should stay low may be as high as the end of this term allows; what should
    grow must be as high as the end of the last term asked for, and in the autumn nothing is expected yet.
    """
    terms = list(Term)
    place = terms.index(term) if target.better == Target.Better.LOWER else terms.index(term) - 1
    if place < 0:
        return None
    value = target.expected_by(terms[place])
    assert value is not None
    return Against(Fraction(value), f"the {said(value, unit)} expected by the end of the {terms[place]} term")


def earlier(reading: Reading) -> Reading:
    """The same figure over the same days a year before."""
    cohort = reading.cohort
    period = Period(a_year_before(cohort.period.start), a_year_before(cohort.as_at) + timedelta(days=1))
    return read(reading.measure, cohort.over(period), by=reading.by)


def a_year_earlier(reading: Reading, *, group: str = "") -> Fraction | None:
    """The value over the same days a year before, or that of one group. None also for who may not have it whole."""
    then = earlier(reading)
    # Who may not have that year's figure is not told it by a reason or a direction either.
    return _value(then, group) if for_reader(then) is None else None


def rag(reading: Reading, target: Target | None, *, authority: Authority, group: str = "") -> Judged:
    """How a reading, or one group of its breakdown, stands on its day."""
    measure, cohort = reading.measure, reading.cohort
    better = target.better if target is not None else measure.better
    if not better:
        return Judged(State.NO_DATA, "This figure is not judged: neither more nor less of it is better.")
    year_before = None
    if measure.accumulates and not (target is not None and target.has_profile):
        year_before = a_year_earlier(reading, group=group)
    entry = cohort.calendar.term_on(cohort.as_at)
    return judge(
        _value(reading, group),
        against(
            target,
            accumulates=measure.accumulates,
            as_at=cohort.as_at,
            term=Term(entry.term) if entry is not None and entry.term else term_of(cohort.as_at),
            unit=measure.unit,
            year_before=year_before,
        ),
        better=better,
        unit=measure.unit,
        near=Near(authority.near_points, authority.near_share),
    )


def _value(reading: Reading, group: str) -> Fraction | None:
    if not group:
        return reading.value
    return next((each.value for each in reading.breakdown if each.code == group), None)


def said(value: Fraction | Decimal, unit: Unit, *, points: bool = False) -> str:
    """A value in words, to one decimal: “64.5%”, “3.2 points”, “£1,200.50”, “12 days”."""
    number = Fraction(value)
    if unit is Unit.YES_NO:
        return "Yes" if number else "No"
    if unit is Unit.POUNDS:
        return f"£{float(number):,.2f}"
    text = f"{float(number):,.1f}".removesuffix(".0")
    if unit is Unit.PERCENT:
        return f"{text} {'point' if text == '1' else 'points'}" if points else f"{text}%"
    if unit is Unit.DAYS:
        return f"{text} {'day' if text == '1' else 'days'}"
    return text

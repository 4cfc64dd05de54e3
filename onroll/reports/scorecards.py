"""The scorecard: a chosen set of measures, each with its target, its last periods and what others published.

Every audience has its own set. What a scorecard says is of the children whom its reader's figures are about: a team
manager's holds the team's, a school's its own, and small numbers are hidden from whoever may not see those children.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from onroll.access.actors import Actor
from onroll.access.roles import COMMAND_LINE, SCHOOL_STAFF, SYSTEM, VIRTUAL_SCHOOL, Role
from onroll.authorities.models import Authority
from onroll.history.changes import change, verb
from onroll.measures import periods
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.cohorts import Cohort
from onroll.measures.comparators import Comparator, comparators_for
from onroll.measures.engine import read
from onroll.measures.measure import Measure
from onroll.measures.models import Target
from onroll.measures.rag import Judged, a_year_earlier, rag
from onroll.measures.showing import Point, Seen, moved_words, points, seen, value_words, values
from onroll.measures.views import is_for

from .models import Audience, ScorecardMeasure

verb("scorecard.chosen", "{actor} chose the measures of a scorecard")

# The last periods that a scorecard shows, the present one among them.
PERIODS = 7
USUAL: dict[str, tuple[str, ...]] = {
    Audience.VIRTUAL_SCHOOL: (
        "children-on-roll",
        "living-out-of-authority",
        "three-or-more-homes",
        "stable-home-and-education",
        "school-changes",
        "moves-without-a-school",
        "good-schools",
        "settings-told",
        "roll-up-to-date",
        "cohort-characteristics",
    ),
    Audience.TEAM: ("children-on-roll", "three-or-more-homes", "school-changes", "moves-without-a-school"),
    Audience.SCHOOL: ("children-on-roll", "school-changes", "settings-told"),
    Audience.HOME: (
        "children-on-roll",
        "living-out-of-authority",
        "three-or-more-homes",
        "school-changes",
        "moves-without-a-school",
        "good-schools",
    ),
    Audience.SENIOR: (
        "children-on-roll",
        "living-out-of-authority",
        "three-or-more-homes",
        "stable-home-and-education",
        "good-schools",
    ),
}


def audience_of(actor: Actor) -> Audience:
    """Whose scorecard this actor's is."""
    if actor.role in (*VIRTUAL_SCHOOL, COMMAND_LINE, SYSTEM):
        return Audience.VIRTUAL_SCHOOL
    if actor.role in (Role.SOCIAL_WORKER, Role.TEAM_MANAGER):
        return Audience.TEAM
    return Audience.SCHOOL if actor.role in SCHOOL_STAFF else Audience.SENIOR


def chosen(authority: int, audience: str) -> list[Measure]:
    """The measures on the scorecard of an audience, in their order."""
    own = ScorecardMeasure.objects.filter(authority_id=authority, audience=audience)
    ids = list(own.values_list("measure", flat=True)) or USUAL[audience]
    return [found for found in map(CATALOGUE.find, ids) if found is not None]


def choose(audience: str, measures: Sequence[str], *, actor: Actor) -> None:
    """Put these measures on the scorecard of an audience, in this order, in place of those there were."""
    with change("scorecard.chosen", actor=actor) as this:
        this.delete(ScorecardMeasure.objects.filter(authority_id=actor.authority, audience=audience))
        this.bulk_create(
            ScorecardMeasure,
            [
                ScorecardMeasure(authority_id=actor.authority, audience=audience, measure=measure, position=place)
                for place, measure in enumerate(measures, start=1)
            ],
        )


@dataclass(frozen=True)
class Line:
    """One measure of a scorecard: now, before, its target and how it stands, and what England's figure is."""

    measure: Measure
    now: Seen
    trend: tuple[Point, ...]
    aim: Target | None
    judged: Judged | None
    england: Comparator | None
    # What the value is set against to say how it went.
    since: Fraction | None = None

    @property
    def target(self) -> str:
        return value_words(self.aim.value, self.measure.unit) if self.aim else ""

    @property
    def value(self) -> str:
        return "not given" if self.now.refused else self.now.total.words

    @property
    def part(self) -> str:
        return "until its period is over" if self.now.refused else self.now.total.part_words

    @property
    def earlier(self) -> tuple[Point | None, Point | None]:
        """The two periods before the present one, the older first. None where nothing is held of one."""
        before: list[Point | None] = [*self._over]
        return (before[-2] if len(before) > 1 else None, before[-1] if before else None)

    @property
    def travel(self) -> str:
        """How it went, and whether that is the right way: up 2.1, better. Since the period before; what grows over the
        year, since the same day a year before."""
        if self.since is None or self.now.total.value is None:
            return ""
        words = moved_words(self.since, self.now.total.value, self.measure.unit)
        if self.measure.accumulates:
            words += " on the same day last year"
        if not self.better or not words.startswith(("up", "down")):
            return words
        return f"{words}, {'better' if words.startswith('up') == (self.better == 'higher') else 'worse'}"

    @property
    def better(self) -> str:
        """Which way is the right one: as the target says, else as the measure does."""
        return self.aim.better if self.aim else self.measure.better

    @property
    def _over(self) -> tuple[Point, ...]:
        """The periods that are over. Where the present one is not given, it is not in the trend either."""
        return self.trend if self.now.refused else self.trend[:-1]

    @property
    def values(self) -> list[float]:
        """The values of a small picture. Of what grows over a year, of whole years alone."""
        return values(self._over if self.measure.accumulates else self.trend)

    @property
    def england_words(self) -> str:
        if self.england is None or self.england.value is None:
            return "no national figure"
        return value_words(self.england.value, self.measure.unit)

    @property
    def last_three(self) -> str:
        """The last three periods in words, oldest first, for paper."""
        return "; ".join(f"{point.words}: {point.seen.total.words}" for point in self.trend[-3:])


def lines_of(actor: Actor, *, as_at: date, measures: Sequence[Measure] | None = None) -> list[Line]:
    """The scorecard of this actor on a day: the set of their audience, or these measures."""
    cohort = Cohort.for_actor(actor, as_at=as_at)
    authority = Authority.objects.get(pk=actor.authority)
    own = chosen(actor.authority, audience_of(actor)) if measures is None else measures
    chosen_ones = [measure for measure in own if is_for(measure, actor)]
    targets = {
        target.measure: target
        for target in Target.objects.filter(
            authority=authority,
            characteristic="",
            start__lte=as_at,
            end__gt=as_at,
            measure__in=[m.id for m in chosen_ones],
        )
    }
    return [_line(measure, cohort, authority, targets.get(measure.id)) for measure in chosen_ones]


def _line(measure: Measure, cohort: Cohort, authority: Authority, target: Target | None) -> Line:
    period = periods.up_to(measure.period, cohort.as_at, cohort.calendar)
    reading = read(measure, cohort.over(period))
    now = seen(reading)
    published = comparators_for(
        measure,
        authority,
        as_at=cohort.as_at,
        today=cohort.actor.today,
        period=period,
        inside=cohort.is_of_the_virtual_school,
    )
    trend = tuple(points(measure, cohort, count=PERIODS))
    since = trend[-2].seen.total.value if len(trend) > 1 else None
    return Line(
        measure,
        now,
        trend,
        target,
        # A state would tell of a value that is hidden.
        rag(reading, target, authority=authority) if now.is_open and target else None,
        next((each for each in published if each.key == "england"), None),
        since=(a_year_earlier(reading) if now.is_open else None) if measure.accumulates else since,
    )

"""The quality audit's rubric: what makes a personal education plan good, and the grade that follows from it.

A rubric is data: a scale, criteria with the ticks that each grade needs, and the rule by which the grades of the
criteria become one. A grade is never typed: it follows from the ticks that are made, some from the record and some by
the person who reads the plan. The writer sees the same ticks before submitting.

Three promises hold for every rubric. One more tick never lowers a grade. A young person who declined after two real
offers, recorded in their own words, is heard. A plan is returned, and money held, only for what those who are asked
to put it right did not do themselves; never for what the young person or another agency did not do.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from onroll.peps.audit.facts import Condition, Fact, Facts, any_of
from onroll.peps.clock import Form


class National(StrEnum):
    """The grades that authorities exchange, worst first, whatever words each uses itself."""

    INADEQUATE = "inadequate"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    GOOD = "good"
    OUTSTANDING = "outstanding"


class Source(StrEnum):
    """Who makes a tick: the record, or the person who reads the plan."""

    DATA = "data"
    PERSON = "person"


class Owner(StrEnum):
    """Whose doing a tick tells of. The lead is who leads the plan in the school or setting."""

    LEAD = "lead"
    SOCIAL_CARE = "social_care"
    YOUNG_PERSON = "young_person"
    CARER = "carer"
    AGENCY = "agency"


class Money(StrEnum):
    """What a grade says of the money that the plan asks for."""

    RELEASED = "released"
    BY_DECISION = "by_decision"
    HELD = "held"


@dataclass(frozen=True)
class Grade:
    """A grade of a scale. The better it is, the higher its order; 1 is the worst. It is never shown by colour alone."""

    key: str
    label: str
    order: int
    colour: str
    shape: str
    passes: bool
    national: National


@dataclass(frozen=True)
class Rule:
    """How the record makes a tick: if one of the conditions holds."""

    key: str
    words: str
    made_when: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool | None:
        return any_of(each.holds(facts) for each in self.made_when)


@dataclass(frozen=True)
class Tick:
    """One thing to see in a plan, and whose doing it is."""

    key: str
    words: str
    owed_by: Owner
    applies_when: Condition
    rule: Rule | None

    @property
    def source(self) -> Source:
        return Source.DATA if self.rule else Source.PERSON


@dataclass(frozen=True)
class Level:
    """What a grade of a criterion looks like, and the ticks that it needs beyond those of the lower grades."""

    grade: Grade
    looks_like: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Instead:
    """A tick that alone is enough for a grade."""

    tick: Tick
    grade: Grade


@dataclass(frozen=True)
class Criterion:
    """One side of a plan's quality. `levels` go from the worst grade to the best; `phases` are the forms it is for."""

    key: str
    title: str
    sections: tuple[str, ...]
    phases: frozenset[Form]
    applies_when: Condition
    weight: int
    critical: bool
    outside_overall: bool
    levels: tuple[Level, ...]
    instead: tuple[Instead, ...]
    example_good: str
    example_weak: str

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Every tick, those of the worst grade first, and then those that stand for others."""
        return (*(tick for level in self.levels for tick in level.ticks), *(each.tick for each in self.instead))

    @property
    def is_for_every_plan(self) -> bool:
        return not self.applies_when.facts and self.phases == frozenset(Form)


# The grades of the criteria that count, as an aggregation takes them.
Graded = Sequence[tuple[Criterion, Grade]]


@dataclass(frozen=True)
class LowestCritical:
    """The weighted mean in whole grades, halves down. The best grade also needs some criteria at the best.

    By itself this is the mean; that no critical criterion may be lower is the rubric's `capped`.
    """

    best_requires: tuple[str, ...]

    def of(self, graded: Graded, scale: Sequence[Grade]) -> Grade:
        weights = sum(criterion.weight for criterion, _ in graded)
        mean = Fraction(sum(criterion.weight * grade.order for criterion, grade in graded), weights)
        found = scale[math.ceil(mean - Fraction(1, 2)) - 1]
        best = scale[-1]
        at_best = {criterion.key for criterion, grade in graded if grade == best}
        return found if found != best or at_best.issuperset(self.best_requires) else scale[-2]


@dataclass(frozen=True)
class Weighted:
    """Of three grades: worst where critical criteria or too many are; best from a share of the points on."""

    points: Mapping[str, Fraction]
    best_at: Fraction
    worst_if_at_least: int
    worst_if_critical_worst: bool
    best_forbids_worst: bool

    def of(self, graded: Graded, scale: Sequence[Grade]) -> Grade:
        worst, middle, best = scale
        at_worst = [criterion for criterion, grade in graded if grade == worst]
        critical = self.worst_if_critical_worst and any(criterion.critical for criterion in at_worst)
        if critical or len(at_worst) >= self.worst_if_at_least:
            return worst
        points = sum(criterion.weight * self.points[grade.key] for criterion, grade in graded)
        enough = points >= self.best_at * sum(criterion.weight for criterion, _ in graded)
        return best if enough and not (at_worst and self.best_forbids_worst) else middle


@dataclass(frozen=True)
class Counts:
    """Of four grades, by how many criteria have which, as St Helens publishes it."""

    worst_if_at_least: int
    poor_if_at_least: int
    best_all_but: int

    def of(self, graded: Graded, scale: Sequence[Grade]) -> Grade:
        worst, poor, good, best = scale
        grades = [grade for _, grade in graded]
        below_good = sum(grade.order <= poor.order for grade in grades)
        if grades.count(worst) >= self.worst_if_at_least:
            return worst
        if below_good >= self.poor_if_at_least:
            return poor
        return best if grades.count(best) >= len(grades) - self.best_all_but and not below_good else good


Aggregation = LowestCritical | Weighted | Counts


@dataclass(frozen=True)
class Returns:
    """From which grades down a plan goes back: overall, of a critical criterion, of any criterion. None: never."""

    words: str
    overall: Grade | None
    critical: Grade | None
    any: Grade | None


@dataclass(frozen=True)
class Releases:
    """From which overall grade on money is released, and from which by decision of the virtual school head."""

    words: str
    released_from: Grade
    decided_from: Grade | None


@dataclass(frozen=True)
class Rubric:
    """A rubric as it was declared. `scale` goes from the worst grade to the best.

    `capped`: the overall grade is never better than the lowest of a critical criterion.
    """

    key: str
    title: str
    scale: tuple[Grade, ...]
    aggregation: Aggregation
    aggregation_words: str
    capped: bool
    returns: Returns
    money: Releases
    criteria: tuple[Criterion, ...]

    def grade(self, key: str) -> Grade:
        return next(each for each in self.scale if each.key == key)

    def criterion(self, key: str) -> Criterion:
        return next(each for each in self.criteria if each.key == key)

    @property
    def passing(self) -> Grade:
        """The lowest grade that passes."""
        return next(each for each in self.scale if each.passes)


@dataclass(frozen=True)
class Rubrics:
    """What is declared together: the rubrics of a version, and the facts and ticks that they share."""

    version: str
    how_it_works: tuple[str, ...]
    facts: Mapping[str, Fact]
    ticks: Mapping[str, Tick]
    rubrics: Mapping[str, Rubric]


# Grading


def criteria_of(rubric: Rubric, phase: Form, facts: Facts) -> tuple[Criterion, ...]:
    """The criteria that apply to a plan, each with the ticks that apply.

    Only what the record says does not apply is left out: `facts_wanted` names what it would need to say more.
    """
    facts = {**facts, "phase": phase}
    return tuple(
        _with_its_ticks(each, facts)
        for each in rubric.criteria
        if phase in each.phases and not each.applies_when.leaves_out(facts)
    )


def _with_its_ticks(criterion: Criterion, facts: Facts) -> Criterion:
    levels = tuple(
        replace(level, ticks=tuple(tick for tick in level.ticks if not tick.applies_when.leaves_out(facts)))
        for level in criterion.levels
    )
    instead = tuple(each for each in criterion.instead if not each.tick.applies_when.leaves_out(facts))
    return replace(criterion, levels=levels, instead=instead)


def facts_wanted(rubric: Rubric, phase: Form, facts: Facts) -> tuple[Fact, ...]:
    """The facts that are not held and without which it is not known whether a criterion or a tick applies."""
    facts = {**facts, "phase": phase}
    conditions = [
        asked
        for criterion in criteria_of(rubric, phase, facts)
        for asked in (criterion.applies_when, *(tick.applies_when for tick in criterion.ticks))
    ]
    undecided = [each for each in conditions if each.holds(facts) is None]
    return tuple(dict.fromkeys(fact for each in undecided for fact in each.facts if fact.of(facts) is None))


def ticks_from_data(criteria: Iterable[Criterion], phase: Form, facts: Facts) -> dict[str, bool | None]:
    """What the record says of each tick that has a rule. None: it does not hold what the rule asks; a person says."""
    facts = {**facts, "phase": phase}
    return {tick.key: tick.rule.holds(facts) for each in criteria for tick in each.ticks if tick.rule}


def grade_of(criterion: Criterion, made: Collection[str]) -> Grade:
    """The highest grade for which every tick needed for it and for all lower grades is made.

    A tick that is enough alone lifts it to its grade.
    """
    reached = criterion.levels[0].grade
    for level in criterion.levels:
        if any(tick.key not in made for tick in level.ticks):
            break
        reached = level.grade
    alone = [each.grade for each in criterion.instead if each.tick.key in made]
    return max([reached, *alone], key=_order)


def grades_of(criteria: Iterable[Criterion], made: Collection[str]) -> dict[str, Grade]:
    return {each.key: grade_of(each, made) for each in criteria}


def overall(rubric: Rubric, grades: Mapping[str, Grade], criteria: Iterable[Criterion] | None = None) -> Grade | None:
    """The plan's grade from those of its criteria, by their keys. A criterion that does not apply is left out.

    None while a critical criterion has no grade: of the criteria given, else of those that every plan has.
    """
    asked = [each for each in rubric.criteria if each.is_for_every_plan] if criteria is None else list(criteria)
    counted = [each for each in rubric.criteria if each.key in grades and not each.outside_overall]
    if not counted or any(each.critical and each.key not in grades for each in asked):
        return None
    graded = [(each, grades[each.key]) for each in counted]
    found = rubric.aggregation.of(graded, rubric.scale)
    critical = [grade for each, grade in graded if each.critical]
    return min([found, *critical], key=_order) if rubric.capped else found


def _order(grade: Grade) -> int:
    return grade.order


# What is to be done


@dataclass(frozen=True)
class Need:
    """What a criterion still needs for a better grade, beyond what the grades between need. Or one tick instead."""

    grade: Grade
    ticks: tuple[Tick, ...]
    instead: tuple[Tick, ...]

    @property
    def words(self) -> str:
        said = f"Still needed for “{self.grade.label}”: {'. '.join(tick.words for tick in self.ticks)}."
        return said + "".join(f" Or instead: {tick.words}." for tick in self.instead)


def still_needs(criterion: Criterion, made: Collection[str]) -> tuple[Need, ...]:
    """What each better grade needs that is not there yet, the next grade first."""
    reached = grade_of(criterion, made)
    found: list[Need] = []
    lacking: list[Tick] = []
    for level in criterion.levels:
        lacking += [tick for tick in level.ticks if tick.key not in made]
        if level.grade.order > reached.order:
            instead = tuple(each.tick for each in criterion.instead if each.grade == level.grade)
            found.append(Need(level.grade, tuple(lacking), instead))
            lacking = []
    return tuple(found)


@dataclass(frozen=True)
class ToPutRight:
    """A criterion for which a plan goes back, and the ticks it needs to pass."""

    criterion: Criterion
    ticks: tuple[Tick, ...]


def to_put_right(
    rubric: Rubric, criteria: Iterable[Criterion], made: Collection[str], *, by: Owner
) -> tuple[ToPutRight, ...]:
    """For what a plan goes back to one of its owners. Nothing: it does not go back to them.

    What is another's doing counts here as done.
    """
    criteria = list(criteria)
    made = _as_if_others_did_theirs(criteria, made, by)
    grades = grades_of(criteria, made)
    goes_back = _is_at_most(overall(rubric, grades, criteria), rubric.returns.overall)
    found = []
    for each in criteria:
        grade = grades[each.key]
        itself = _is_at_most(grade, rubric.returns.any) or (
            each.critical and _is_at_most(grade, rubric.returns.critical)
        )
        if itself or (goes_back and not grade.passes):
            needs = [need for need in still_needs(each, made) if need.grade.order <= rubric.passing.order]
            found.append(ToPutRight(each, tuple(tick for need in needs for tick in need.ticks)))
    return tuple(found)


def money_of(rubric: Rubric, criteria: Iterable[Criterion], made: Collection[str]) -> Money:
    """What the audit says of the money. What is not the doing of the school or setting counts as done."""
    criteria = list(criteria)
    grade = overall(rubric, grades_of(criteria, _as_if_others_did_theirs(criteria, made, Owner.LEAD)), criteria)
    if grade is None:
        return Money.BY_DECISION
    if grade.order >= rubric.money.released_from.order:
        return Money.RELEASED
    decided = rubric.money.decided_from
    return Money.BY_DECISION if decided and grade.order >= decided.order else Money.HELD


def _as_if_others_did_theirs(criteria: Iterable[Criterion], made: Collection[str], by: Owner) -> frozenset[str]:
    """The ticks, with those of all other owners. A tick that stands for others is made by what happened alone."""
    of_levels = (tick for each in criteria for level in each.levels for tick in level.ticks)
    return frozenset(made) | {tick.key for tick in of_levels if tick.owed_by is not by}


def _is_at_most(grade: Grade | None, limit: Grade | None) -> bool:
    return grade is not None and limit is not None and grade.order <= limit.order

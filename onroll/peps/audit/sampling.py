"""Which submitted plans are audited, which are marked twice, and how far two markers agree.

The same plans, settings and seed give the same sample, in whatever order the plans come. Each plan holds as many
tickets in a draw as its weight; a ticket's place is the hash of seed, plan and number. So anybody who knows the seed
can draw again, and one more plan does not change the order of the others.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from onroll.peps.audit.rubrics import Grade


class Strategy(StrEnum):
    """How a sample is drawn. `coverage` comes before the others: what it leaves is drawn as they say."""

    ALL = "all"
    RANDOM = "random"
    RISK_WEIGHTED = "risk_weighted"
    COVERAGE = "coverage"


class Cover(StrEnum):
    """What is audited at least once: a school in the school year, a social worker in the term, a child in a year."""

    SCHOOL = "school"
    SOCIAL_WORKER = "social_worker"
    CHILD = "child"

    @property
    def words(self) -> str:
        return {
            Cover.SCHOOL: "No plan of its school was audited yet in this school year.",
            Cover.SOCIAL_WORKER: "No plan of its social worker was audited yet in this term.",
            Cover.CHILD: "No plan of this child was audited in the last twelve months.",
        }[self]


class Risk(StrEnum):
    """What makes it likelier that a plan is drawn."""

    FIRST_PLAN = "first_plan"
    LATE = "late"
    NOT_ON_ROLL = "not_on_roll"
    NEET = "neet"
    LAST_BELOW_PASS = "last_below_pass"  # noqa: S105, a grade and no password
    WEAK_TARGETS = "weak_targets"
    NEW_DESIGNATED_TEACHER = "new_designated_teacher"

    @property
    def words(self) -> str:
        return {
            Risk.FIRST_PLAN: "first plan",
            Risk.LATE: "late",
            Risk.NOT_ON_ROLL: "not on roll",
            Risk.NEET: "not in education, employment or training",
            Risk.LAST_BELOW_PASS: "the last plan’s grade did not pass",
            Risk.WEAK_TARGETS: "weak targets",
            Risk.NEW_DESIGNATED_TEACHER: "new designated teacher",
        }[self]


WEIGHTS = {
    Risk.FIRST_PLAN: 3,
    Risk.LATE: 3,
    Risk.NOT_ON_ROLL: 3,
    Risk.NEET: 3,
    Risk.LAST_BELOW_PASS: 3,
    Risk.WEAK_TARGETS: 2,
    Risk.NEW_DESIGNATED_TEACHER: 2,
}


@dataclass(frozen=True)
class Settings:
    """What an authority sets. The size is `share` of the plans submitted, rounded up, and at least `at_least`.

    `weights` are whole tickets for each risk; the heaviest of a plan's risks counts; without any it has one ticket.
    """

    strategies: tuple[Strategy, ...] = (Strategy.COVERAGE, Strategy.RISK_WEIGHTED)
    share: Fraction = Fraction(1, 10)
    at_least: int = 12
    cover: tuple[Cover, ...] = tuple(Cover)
    weights: dict[Risk, int] = field(default_factory=lambda: dict(WEIGHTS))


@dataclass(frozen=True)
class Candidate:
    """A submitted plan that could be audited. None: it has no school, or no social worker is allocated."""

    key: str
    child: str
    school: str | None = None
    social_worker: str | None = None
    risks: frozenset[Risk] = frozenset()

    def of(self, cover: Cover) -> str | None:
        return {Cover.SCHOOL: self.school, Cover.SOCIAL_WORKER: self.social_worker, Cover.CHILD: self.child}[cover]


@dataclass(frozen=True)
class Audited:
    """Who is covered already: schools in the school year, social workers in the term, children in twelve months."""

    schools: frozenset[str] = frozenset()
    social_workers: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()

    def of(self, cover: Cover) -> frozenset[str]:
        return {
            Cover.SCHOOL: self.schools,
            Cover.SOCIAL_WORKER: self.social_workers,
            Cover.CHILD: self.children,
        }[cover]


@dataclass(frozen=True)
class Pick:
    """A plan of the sample, and why it is in it, in a sentence that names nobody."""

    candidate: Candidate
    reason: str


def per_cent(of: int) -> Fraction:
    """A share that was set in per cent."""
    return Fraction(of, 100)


def of_size(settings: Settings, size: int) -> Settings:
    """The same rules for just so many plans."""
    return replace(settings, share=Fraction(0), at_least=size)


def size_of(count: int, settings: Settings) -> int:
    """How many of so many submitted plans are audited."""
    if Strategy.ALL in settings.strategies:
        return count
    return min(count, max(settings.at_least, math.ceil(count * settings.share)))


def sample(
    candidates: Iterable[Candidate], settings: Settings, *, seed: str, audited: Audited | None = None
) -> list[Pick]:
    """The plans to audit, in the order in which they were drawn, each with its reason."""
    if Strategy.ALL in settings.strategies:
        return [Pick(each, "Every submitted plan is audited.") for each in _drawn(candidates, seed)]
    by_risk = Strategy.RISK_WEIGHTED in settings.strategies
    weights = settings.weights if by_risk else {}
    drawn = _drawn(candidates, seed, weights)
    size = size_of(len(drawn), settings)
    picks: list[Pick] = []
    if Strategy.COVERAGE in settings.strategies:
        picks = _covering(drawn, settings.cover, audited or Audited(), size)
    picked = {each.candidate.key for each in picks}
    rest = [each for each in drawn if each.key not in picked][: size - len(picks)]
    return [*picks, *(Pick(each, _why_drawn(each, weights)) for each in rest)]


def _covering(drawn: Sequence[Candidate], covers: Iterable[Cover], audited: Audited, size: int) -> list[Pick]:
    """The first drawn plan of each school, social worker and child that is not covered yet, up to the size."""
    picks: list[Pick] = []
    covered: dict[Cover, set[str | None]] = {cover: set(audited.of(cover)) for cover in Cover}
    for cover in covers:
        for each in drawn:
            whose = each.of(cover)
            if whose is None or whose in covered[cover] or len(picks) == size:
                continue
            picks.append(Pick(each, cover.words))
            for other in Cover:
                covered[other].add(each.of(other))
    return picks


def not_covered(candidates: Iterable[Candidate], picks: Iterable[Pick], cover: Cover, audited: Audited) -> set[str]:
    """Whose plans were submitted and that the sample leaves without an audit, because it is too small."""
    done = {each.candidate.of(cover) for each in picks} | audited.of(cover)
    return {whose for each in candidates if (whose := each.of(cover)) is not None and whose not in done}


def _why_drawn(candidate: Candidate, weights: dict[Risk, int]) -> str:
    risks = [risk for risk in Risk if risk in candidate.risks and weights.get(risk, 1) > 1]
    if not risks:
        return "Drawn at random."
    return f"Drawn with {_weight(candidate, weights)} tickets: {', '.join(risk.words for risk in risks)}."


def _weight(candidate: Candidate, weights: dict[Risk, int]) -> int:
    return max([1, *(weights.get(risk, 1) for risk in candidate.risks)])


def _drawn(candidates: Iterable[Candidate], seed: str, weights: dict[Risk, int] | None = None) -> list[Candidate]:
    """The plans in the order of their first ticket, each once."""
    each_once = {each.key: each for each in candidates}
    return sorted(
        each_once.values(),
        key=lambda each: min(_ticket(seed, each.key, number) for number in range(_weight(each, weights or {}))),
    )


def _ticket(seed: str, key: str, number: int) -> bytes:
    # The lengths keep a seed that ends as a key begins from giving the same ticket as another pair.
    return hashlib.sha256(f"{len(seed)}:{seed}{len(key)}:{key}{number}".encode()).digest()


# Marking twice


def marked_twice(keys: Iterable[str], *, seed: str, share: Fraction = Fraction(1, 10)) -> frozenset[str]:
    """The audited plans that a second person marks too: this share of them, rounded up, drawn by the seed."""
    drawn = sorted(set(keys), key=lambda key: _ticket(f"second {seed}", key, 0))
    return frozenset(drawn[: math.ceil(len(drawn) * share)])


# Fewer pairs say nothing of how two people mark.
SHOWN_FROM_PAIRS = 10


@dataclass(frozen=True)
class Agreement:
    """How far first and second markers agree. The shares are None without pairs.

    `kappa` is Cohen's: how much more they agree than by chance; None where chance alone would always agree.
    """

    pairs: int
    exact: Fraction | None
    within_one: Fraction | None
    kappa: Fraction | None

    @property
    def is_shown(self) -> bool:
        return self.pairs >= SHOWN_FROM_PAIRS


def agreement(pairs: Iterable[tuple[Grade, Grade]]) -> Agreement:
    """The agreement of two markers on plans that both marked, on one scale."""
    marked = list(pairs)
    count = len(marked)
    if not count:
        return Agreement(0, None, None, None)
    exact = Fraction(sum(first.order == second.order for first, second in marked), count)
    within_one = Fraction(sum(abs(first.order - second.order) <= 1 for first, second in marked), count)
    firsts, seconds = Counter(first.order for first, _ in marked), Counter(second.order for _, second in marked)
    by_chance = Fraction(sum(firsts[order] * seconds[order] for order in firsts), count * count)
    kappa = None if by_chance == 1 else (exact - by_chance) / (1 - by_chance)
    return Agreement(count, exact, within_one, kappa)

"""Figures as people read them: value, part and whole in words; “no data”, “hidden” and 0 are three different words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from onroll.design.words import count_of

from . import periods
from .cohorts import Cohort
from .engine import Group, Reading, trend
from .measure import Measure, Unit
from .outside import Outside, for_reader, value_of
from .small_numbers import Shown

NO_DATA, HIDDEN = "no data", "hidden"
# What is counted, one of it: for “1 child”.
_ONE = {"children": "child"}


@dataclass(frozen=True)
class Amount:
    """One figure or one group of it. What is hidden is not in it."""

    measure: Measure
    part: int | Decimal | None = None
    whole: int | None = None
    value: Fraction | None = None
    hidden: bool = False

    @property
    def words(self) -> str:
        """The value: 71.1%, 38, 12.5 days, Yes."""
        if self.hidden:
            return HIDDEN
        return value_words(self.value, self.measure.unit)

    @property
    def part_words(self) -> str:
        """What stands beside the value: 64 of 90 PEPs."""
        if self.part is None:
            return f"of {self.whole:,} {self.measure.of}" if self.whole is not None else ""
        if self.measure.unit is Unit.YES_NO:
            return ""
        if self.measure.unit is Unit.DAYS:
            return f"{self.part:,} days, {_counted(self.whole or 0, self.measure.of)}"
        if self.whole is not None:
            return f"{self.part:,} of {self.whole:,} {self.measure.of}"
        return self.measure.of if self.part != 1 else _ONE.get(self.measure.of, self.measure.of.removesuffix("s"))


def value_words(value: Fraction | Decimal | None, unit: Unit) -> str:
    """A value of this unit, rounded half up to one decimal, as tables and tiles have it."""
    if value is None:
        return NO_DATA
    match unit:
        case Unit.PERCENT:
            return f"{rounded(value)}%"
        case Unit.DAYS:
            return f"{rounded(value)} days"
        case Unit.YES_NO:
            return "Yes" if value else "No"
        case Unit.POUNDS:
            exact = Fraction(value)
            return f"£{Decimal(exact.numerator) / exact.denominator:,.2f}".removesuffix(".00")
    return f"{int(value):,}"


def rounded(value: Fraction | Decimal) -> str:
    """The exact value to one decimal, a half away from nought, with what is below nought marked by its sign."""
    exact = Fraction(value)
    tenths = (abs(exact) * 20 + 1) // 2
    sign = "-" if exact < 0 and tenths else ""
    return f"{sign}{tenths // 10:,}.{tenths % 10}"


def _counted(number: int, of: str) -> str:
    return count_of(number, _ONE.get(of, of.removesuffix("s")), of)


@dataclass(frozen=True)
class Seen:
    """A reading as its reader may have it. `refused` says why it is not given at all, `why` why it has no groups."""

    reading: Reading
    total: Amount
    groups: tuple[tuple[Group, Amount], ...] = ()
    refused: str = ""
    why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing was hidden, so that it can be said what stands behind each number."""
        return self.outside is None

    outside: Outside | None = None


def seen(reading: Reading) -> Seen:
    """The reading as its reader may have it: whole for who may see the children behind it, hidden for all others."""
    measure, hidden = reading.measure, for_reader(reading)
    if hidden is None:
        groups = tuple((each, Amount(measure, each.part, each.whole, each.value)) for each in reading.breakdown)
        return Seen(reading, Amount(measure, reading.part, reading.whole, reading.value), groups)

    def amount(shown: Shown) -> Amount:
        return Amount(measure, shown.part, shown.whole, value_of(shown, measure.unit), shown.hidden)

    return Seen(
        reading,
        amount(hidden.total),
        tuple((group, amount(shown)) for group, shown in hidden.groups),
        hidden.refused,
        hidden.why,
        hidden,
    )


@dataclass(frozen=True)
class Point:
    """One period of a trend: its words, and the figure. The last may still be going on."""

    words: str
    seen: Seen


def points(measure: Measure, cohort: Cohort, *, count: int) -> list[Point]:
    """The trend as its reader may have it, oldest first. Periods that are not given outside are left out."""
    found = []
    for reading in trend(measure, cohort, count=count):
        shown = seen(reading)
        if not shown.refused:
            calendar = reading.cohort.calendar
            found.append(Point(periods.words(measure.period, reading.cohort.period, calendar), shown))
    return found


def values(found: Sequence[Point]) -> list[float]:
    """The values of a trend that there are, for a small picture."""
    return [float(point.seen.total.value) for point in found if point.seen.total.value is not None]


def change_words(before: Amount, now: Amount) -> str:
    """How a figure changed: up 2.1, down 3, no change. Empty where there is nothing to compare."""
    if before.value is None or now.value is None:
        return ""
    return moved_words(before.value, now.value, now.measure.unit)


def moved_words(before: Fraction, now: Fraction, unit: Unit) -> str:
    """By how much a figure of this unit moved, in words: what is between the two as they are written, so that nobody
    subtracts and finds something else. Empty for a yes or no, which does not move.
    """
    if unit is Unit.YES_NO:
        return ""
    change = _as_written(now, unit) - _as_written(before, unit)
    if not change:
        return "no change"
    size = rounded(abs(change)) if unit.has_whole else f"{int(abs(change)):,}"
    return f"{'up' if change > 0 else 'down'} {size}"


def _as_written(value: Fraction, unit: Unit) -> Fraction:
    return Fraction(rounded(value).replace(",", "")) if unit.has_whole else value

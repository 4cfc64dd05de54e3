"""Reads a measure: totals, value, breakdowns, trend and the children behind it, the same for every measure.

Everything is added up from whole numbers in Python and divided once, exactly, so that both databases agree to the
digit.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from statistics import median

from onroll.codes.years import Period

from . import periods
from .characteristics import CHARACTERISTICS
from .cohorts import Cohort
from .measure import Measure, Row, Unit

# What one figure is divided by at most.
MOST_AT_ONCE = 2
TREND = 7


class NotADimension(ValueError):
    """A measure was asked for by something that it can't be divided by. Says what it can be."""


@dataclass(frozen=True)
class Group:
    """One group of a breakdown: its codes, their words, and its own part, whole and value."""

    codes: tuple[str, ...]
    words: tuple[str, ...]
    part: int | Decimal
    whole: int | None
    value: Fraction | None
    children: frozenset[int]
    children_in_part: frozenset[int]

    @property
    def code(self) -> str:
        return " / ".join(self.codes)

    @property
    def label(self) -> str:
        return ", ".join(self.words)


@dataclass(frozen=True)
class Reading:
    """A measure read on a cohort. `value` is None where there is nothing to divide by: no data, which is not 0.

    `children` are those behind the whole, or behind the part where there is no whole; `lengths` the lengths that a
    mean was made of, so that median and longest can be shown beside it.
    """

    measure: Measure
    cohort: Cohort
    part: int | Decimal
    whole: int | None
    value: Fraction | None
    by: tuple[str, ...] = ()
    breakdown: tuple[Group, ...] = ()
    children: frozenset[int] = frozenset()
    children_in_part: frozenset[int] = frozenset()
    lengths: tuple[int, ...] = field(default=(), repr=False)

    @property
    def median(self) -> Fraction | None:
        return Fraction(median(self.lengths)) if self.lengths else None

    @property
    def longest(self) -> int | None:
        return max(self.lengths, default=None)


def read(measure: Measure, cohort: Cohort, *, by: Sequence[str] = ()) -> Reading:
    """The measure on this cohort, divided by up to two dimensions: its own, or characteristics of the children."""
    rows = list(measure.rows(cohort))
    whole = _added(measure, rows)
    return Reading(
        measure=measure,
        cohort=cohort,
        by=tuple(by),
        breakdown=_breakdown(measure, cohort, rows, tuple(by)) if by else (),
        lengths=tuple(int(row.part) for row in rows if row.whole) if measure.unit is Unit.DAYS else (),
        **whole,
    )


def trend(measure: Measure, cohort: Cohort, *, count: int = TREND) -> list[Reading]:
    """The measure over its latest periods, oldest first. The last is the period of the cohort, as far as it goes."""
    return [read(measure, cohort.over(period)) for period in trend_periods(measure, cohort, count=count)]


def trend_periods(measure: Measure, cohort: Cohort, *, count: int = TREND) -> list[Period]:
    """The periods of a trend: whole ones, and the one of the cohort up to its reference date."""
    now = periods.up_to(measure.period, cohort.as_at, cohort.calendar)
    return periods.last_periods(measure.period, now, cohort.calendar, count=count)


def dimensions(measure: Measure) -> dict[str, str]:
    """What the measure can be divided by: the title of each dimension by its key, its own first."""
    return dict(measure.own) | {key: each.title for key, each in CHARACTERISTICS.items()}


def _added(measure: Measure, rows: Sequence[Row]) -> dict:
    part = sum((row.part for row in rows), start=0)
    if measure.unit is Unit.YES_NO:
        part = int(bool(rows) and all(row.part for row in rows))
    whole = sum(row.whole for row in rows) if measure.unit.has_whole else None
    behind = [row for row in rows if row.whole] if measure.unit.has_whole else [row for row in rows if row.part]
    return {
        "part": part,
        "whole": whole,
        "value": _value(measure.unit, part, whole) if rows or measure.unit is not Unit.YES_NO else None,
        "children": frozenset(row.child for row in behind if row.child is not None),
        "children_in_part": frozenset(row.child for row in rows if row.part and row.child is not None),
    }


def _value(unit: Unit, part: int | Decimal, whole: int | None) -> Fraction | None:
    if whole is None:
        return Fraction(part)
    if whole == 0:
        return None
    return Fraction(part) / whole * (100 if unit is Unit.PERCENT else 1)


def _breakdown(measure: Measure, cohort: Cohort, rows: Sequence[Row], by: tuple[str, ...]) -> tuple[Group, ...]:
    if len(by) > MOST_AT_ONCE or len(set(by)) < len(by):
        raise NotADimension("A figure can be divided by one thing, or by two different ones at once.")
    for key in by:
        if key not in dimensions(measure):
            raise NotADimension(f"“{key}” is not among what this can be divided by: {', '.join(dimensions(measure))}.")
    grouped: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[tuple(_code(measure, cohort, row, key) for key in by)].append(row)
    words = [_words(measure, cohort, key, {codes[place] for codes in grouped}) for place, key in enumerate(by)]
    order = [list(each) for each in words]
    ordered = sorted(grouped, key=lambda codes: [order[place].index(code) for place, code in enumerate(codes)])
    return tuple(
        Group(
            codes=codes,
            words=tuple(words[place][code] for place, code in enumerate(codes)),
            **_added(measure, grouped[codes]),
        )
        for codes in ordered
    )


def _code(measure: Measure, cohort: Cohort, row: Row, key: str) -> str:
    if key in measure.own:
        return row.own[key]
    return CHARACTERISTICS[key].code(cohort, row.child) if row.child is not None else ""


def _words(measure: Measure, cohort: Cohort, key: str, codes: set[str]) -> dict[str, str]:
    if key not in measure.own:
        return CHARACTERISTICS[key].words(cohort, codes)
    known = {code: words for code, words in measure.own_words.get(key, {}).items() if code in codes}
    return known | {code: code or "Not recorded" for code in sorted(codes - set(known))}

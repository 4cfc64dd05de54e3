"""The charts of a figure's page: how it went, and how it divides. Each number in them stands in the table below.

They are made of what was prepared for the reader already. So what is hidden there is a gap here, and a word.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from onroll.design.charts import Bars, ChartFrame, Columns, Level, Line, Point
from onroll.design.tables import Cell, Table
from onroll.design.words import day, lower_first

from .beside import Beside
from .measure import Measure, Unit
from .periods import containing
from .showing import Amount, Seen, rounded, value_words
from .showing import Point as Period

# With more groups the table tells it better.
MOST_GROUPS = 20
# Which published figures a trend is set against, and how they are called beside it.
COMPARED = {"england": "England", "neighbours_median": "Statistical neighbours, median"}
_AROUND = {Unit.PERCENT: ("", "%"), Unit.POUNDS: ("£", "")}


def levels_of(measure: Measure, beside: Beside) -> list[Level]:
    """What a trend is set against: the target, and the published figures that are of the same kind as its own.

    A figure that grows over its period has none: neither a target for its end nor a full year is the same thing. A
    published count is of another number of children, and so is no measure of ours.
    """
    if measure.accumulates:
        return []
    found = []
    if beside.target is not None and beside.judged is not None:
        value = beside.target.value
        found.append(Level("Target", _drawn(value), value_words(value, measure.unit), is_target=True))
    if measure.unit.has_whole:
        found += [
            Level(COMPARED[each.key], _drawn(each.value), value_words(each.value, measure.unit))
            for each in beside.published
            if each.key in COMPARED and each.value is not None
        ]
    return found


def trend_chart(measure: Measure, trend: Sequence[Period], beside: Beside, table: Table) -> ChartFrame | None:
    """How the figure went. None where there are not two periods to compare, or there is nothing to draw."""
    if measure.unit is Unit.YES_NO:
        return None
    points = [
        _point(period_words(measure, period), period.seen.total, going_on=goes_on(measure, period)) for period in trend
    ]
    kind = Columns if measure.accumulates else Line
    before, after = _AROUND.get(measure.unit, ("", ""))
    chart = kind(points, levels_of(measure, beside), before, after, whole=not measure.unit.has_whole)
    if not chart.has_points:
        return None
    drawn = {level.label for level in chart.levels}
    notes = {each.differs for each in beside.published if COMPARED.get(each.key) in drawn and each.differs}
    return ChartFrame(table.caption, chart, table, _source(measure, trend[-1].seen), sorted(notes), id="trend")


def goes_on(measure: Measure, period: Period) -> bool:
    """Whether more will be counted in this period: it is not over, and its figure grows until then."""
    cohort = period.seen.reading.cohort
    return measure.accumulates and cohort.period != containing(measure.period, cohort.period.start, cohort.calendar)


def period_words(measure: Measure, period: Period) -> str:
    """The name of a period, and that it goes on where its figure will still grow."""
    return f"{period.words}, so far" if goes_on(measure, period) else period.words


def breakdown_chart(measure: Measure, shown: Seen, table: Table) -> ChartFrame | None:
    """How the figure divides, with its table in sight. None where the table tells it better."""
    if measure.unit is Unit.YES_NO or not 1 < len(shown.groups) <= MOST_GROUPS:
        return None
    points = [_point(group.label, amount) for group, amount in shown.groups]
    total = shown.total
    levels = [Level("Everyone", _drawn(total.value), total.words)] if total.value is not None else []
    before, after = _AROUND.get(measure.unit, ("", ""))
    chart = Bars(points, levels if measure.unit.has_whole else [], before, after)
    if not chart.has_points:
        return None
    return ChartFrame(table.caption, chart, table, _source(measure, shown), opened=True, id="divided")


def with_levels(table: Table, levels: Sequence[Level]) -> Table:
    """The table of a trend with what its chart is set against below the periods."""
    empty = [Cell("–")] * (len(table.columns) - 2)
    rows = [[level.label, *empty, level.words] for level in levels]
    return Table(table.caption, table.columns, [*table.rows, *rows])


def _point(label: str, amount: Amount, *, going_on: bool = False) -> Point:
    return Point(label, None if amount.value is None else _drawn(amount.value), amount.words, going_on)


def _drawn(value: Fraction | Decimal) -> float:
    """The value as it is written: a picture is no more exact than its table."""
    return float(rounded(value).replace(",", ""))


def _source(measure: Measure, shown: Seen) -> str:
    return f"Source: {lower_first(measure.source)}. As at {day(shown.reading.cohort.as_at)}."

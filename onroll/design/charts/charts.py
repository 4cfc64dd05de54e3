"""What a chart shows, and the Vega-Lite spec of it. Everything is named where it stands: there is no key to look up.

A spec holds rounded figures and the words beside them, laid out in pixels, and nothing else: no address to fetch from,
and no word from a record inside an expression.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from textwrap import wrap
from typing import Any, ClassVar

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH = 700
INK, DIM, BRAND, GRID = "#0b0c0c", "#484949", "#17524f", "#dfe5e4"
DOTTED, DASHED = [2, 4], [9, 5]
# Letters on the narrowest chart, which is 580 pixels wide, are still 12 pixels high.
SIZE, LINE_HEIGHT = 15, 18
# Its own line and three to set it against. With more, the names beside them find no room.
MOST_LEVELS = 3


@dataclass(frozen=True)
class Point:
    """One period or one group: its figure as its `words` round it. None where there is none to show, and words why.

    `going_on`: the period is not over, and what it counts will grow.
    """

    label: str
    value: float | None
    words: str
    going_on: bool = False


@dataclass(frozen=True)
class Level:
    """What the figures are set against: a target, dashed, or what was published, dotted."""

    label: str
    value: float
    words: str
    is_target: bool = False


@dataclass(frozen=True)
class Scale:
    """An axis from its first to its last tick."""

    first: float
    last: float
    step: float

    @property
    def ticks(self) -> list[float]:
        return [round(self.first + self.step * n, 6) for n in range(round((self.last - self.first) / self.step) + 1)]


def scale_for(values: Sequence[float], *, from_0: bool = False, whole: bool = False) -> Scale:
    """An axis that holds these values, with at most six ticks. `whole`: nothing is counted in parts.

    It begins at 0 unless all values are far from it, and never spans less than a fifth of the highest value: what
    changes by little must look like little.
    """
    high = max(values)
    low = min(*values, high * 4 / 5)
    if from_0 or low <= high / 2:
        low = 0
    rough = (high - low or 1) / 5
    power = 10 ** floor(log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough)
    if whole:
        step = max(1, round(step))
    first = floor(low / step + 1e-9) * step
    last = max(ceil(high / step - 1e-9) * step, first + step)
    return Scale(round(first, 6), round(last, 6), step)


@dataclass(frozen=True)
class Chart:
    """What the three kinds of chart share. `before` and `after` stand around each number of the axis: £ or %."""

    points: Sequence[Point]
    levels: Sequence[Level] = ()
    before: str = ""
    after: str = ""
    whole: bool = False
    height: ClassVar[int] = 240

    def __post_init__(self) -> None:
        if len(self.levels) > MOST_LEVELS:
            raise ValueError(f"A chart has at most {MOST_LEVELS} lines to set its figures against.")

    @property
    def has_points(self) -> bool:
        """Whether there are at least two figures: one alone is no picture."""
        return sum(point.value is not None for point in self.points) > 1

    @property
    def scale(self) -> Scale:
        return scale_for(self._values, whole=self.whole, from_0=True)

    @property
    def begins_at(self) -> str:
        """Where the axis begins, in words. Empty where it is 0."""
        return f"{self.before}{self.scale.first:,.10g}{self.after}" if self.scale.first else ""

    @property
    def description(self) -> str:
        """The picture in a sentence or two, for who does not see it."""
        there = [point for point in self.points if point.value is not None]
        said = [f"From {there[0].words} in {there[0].label} to {there[-1].words} in {there[-1].label}."]
        return " ".join([*said, *self._described_levels()])

    def spec(self) -> dict[str, Any]:
        raise NotImplementedError

    @property
    def _values(self) -> list[float]:
        of_points = [point.value for point in self.points if point.value is not None]
        return [*of_points, *(level.value for level in self.levels)]

    def _described_levels(self) -> list[str]:
        said = [f"{level.label}: {level.words}." for level in self.levels]
        missing = [f"{point.label}: {point.words}." for point in self.points if point.value is None]
        return [*said, *missing, "Every number is in the table."]

    def _drawn(self, layers: Sequence[dict[str, Any]], height: int, left: int, right: int, foot: int) -> dict[str, Any]:
        return {
            "$schema": SCHEMA,
            "width": WIDTH - left - right,
            "height": height,
            "autosize": {"type": "none"},
            "padding": {"left": left, "right": right, "top": 24, "bottom": foot},
            "background": None,
            "config": {"view": {"stroke": None}, "text": {"fontSize": SIZE, "fill": INK, "lineHeight": LINE_HEIGHT}},
            "layer": list(layers),
        }


@dataclass(frozen=True)
class _OverTime(Chart):
    """Periods from left to right."""

    left: ClassVar[int] = 56
    right: ClassVar[int] = 128

    @property
    def _y(self) -> dict[str, Any]:
        scale = self.scale
        places = max(0, -floor(log10(scale.step)))
        return {
            "type": "quantitative",
            "scale": {"domain": [scale.first, scale.last], "nice": False, "zero": False},
            "axis": {
                "title": None,
                "values": scale.ticks,
                "labelExpr": f"'{self.before}' + format(datum.value, ',.{places}f') + '{self.after}'",
                "labelFontSize": SIZE,
                "labelColor": DIM,
                "labelPadding": 8,
                "gridColor": GRID,
                "domain": False,
                "ticks": False,
            },
        }

    def _x(self, kind: dict[str, Any]) -> dict[str, Any]:
        places = list(range(len(self.points)))
        return {"field": "place", "type": "ordinal", "scale": {"domain": places, **kind}, "axis": None}

    def _over_time(self, x: dict[str, Any], marks: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The whole chart: lines to set it against, the marks of its own, the names of periods, what is missing."""
        labels = [_wrapped(point.label, 7) for point in self.points]
        names = [{"place": n, "name": label} for n, label in enumerate(labels)]
        missing = [{"place": n, "words": p.words} for n, p in enumerate(self.points) if p.value is None]
        layers = [
            *_levels_across(self.levels, self._y),
            *marks,
            _words(names, "name", x=x, y={"value": self.height + 22}, fill=DIM, size=SIZE - 1),
        ]
        if missing:
            layers.append(_words(missing, "words", x=x, y={"value": self.height - 8}, fill=DIM, size=SIZE - 1))
        lines = max(label.count("\n") for label in labels) + 1
        return self._drawn(layers, self.height, self.left, self.right, 14 + lines * LINE_HEIGHT)

    def _beside(self, own: Point) -> list[dict[str, Any]]:
        """Names to the right of the chart: the last figure at its height, each level as near to its own as fits."""
        named = [(f"{level.label} {level.words}", level.value, False) for level in self.levels]
        if own.value is not None:
            named.append((own.words, own.value, True))
        wanted = sorted((self._y_of(value), _wrapped(words, 15), bold) for words, value, bold in named)
        stays = next((n for n, (_, _, bold) in enumerate(wanted) if bold), 0)
        placed = _apart([(y, LINE_HEIGHT * (words.count("\n") + 1) + 3) for y, words, _ in wanted], stays)
        x, y = {"value": WIDTH - self.left - self.right + 10}, {"field": "y", "type": "quantitative", "scale": None}
        layers = []
        for centre, (_, words, bold) in zip(placed, wanted, strict=True):
            first_line = centre - LINE_HEIGHT / 2 * words.count("\n")
            row = {"words": words, "y": round(first_line, 1)}
            layers.append(_words([row], "words", x=x, y=y, align="left", bold=bold))
        return layers

    def _y_of(self, value: float) -> float:
        scale = self.scale
        return self.height * (1 - (value - scale.first) / (scale.last - scale.first))


@dataclass(frozen=True)
class Line(_OverTime):
    """How a figure went. Where a value is missing, the line has a gap."""

    @property
    def scale(self) -> Scale:
        return scale_for(self._values, whole=self.whole)

    def spec(self) -> dict[str, Any]:
        x = self._x({"type": "point", "padding": 0.3})
        rows = [{"place": n, "value": point.value} for n, point in enumerate(self.points)]
        y = {"field": "value", **self._y}
        there = [(n, point) for n, point in enumerate(self.points) if point.value is not None]
        (n, first), (_, second) = there[0], there[1]
        marks = [
            {
                "data": {"values": rows},
                "mark": {"type": "line", "stroke": BRAND, "strokeWidth": 3, "strokeCap": "butt"},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": [row for row in rows if row["value"] is not None]},
                "mark": {"type": "point", "filled": True, "fill": BRAND, "size": 70, "opacity": 1},
                "encoding": {"x": x, "y": y},
            },
            # On the side of its point to which the line does not go.
            _words(
                [{"place": n, "value": first.value, "words": first.words}],
                "words",
                x=x,
                y=y,
                bold=True,
                dy=20 if (second.value or 0) > (first.value or 0) else -16,
            ),
            *self._beside(self.points[-1]),
        ]
        return self._over_time(x, marks)


@dataclass(frozen=True)
class Columns(_OverTime):
    """What was counted in each period. One that is still going on is drawn as an outline."""

    right: ClassVar[int] = 16

    def spec(self) -> dict[str, Any]:
        x = self._x({"type": "band", "paddingInner": 0.4, "paddingOuter": 0.2})
        y = {"field": "value", **self._y}
        rows = [
            {"place": n, "value": point.value, "words": point.words, "going_on": point.going_on}
            for n, point in enumerate(self.points)
            if point.value is not None
        ]
        over, going_on = [r for r in rows if not r["going_on"]], [r for r in rows if r["going_on"]]
        marks = [
            _bars(over, x, y, {"fill": BRAND}),
            _bars(going_on, x, y, {"fill": "#fff", "stroke": BRAND, "strokeWidth": 3, "strokeDash": DASHED}),
            _words(rows, "words", x=x, y=y, bold=True, dy=-11),
        ]
        return self._over_time(x, marks)


@dataclass(frozen=True)
class Bars(Chart):
    """Groups from top to bottom, each with its figure at the end of its bar."""

    left: ClassVar[int] = 190
    right: ClassVar[int] = 90

    @property
    def description(self) -> str:
        said = [f"{point.label}: {point.words}." for point in self.points if point.value is not None]
        return " ".join([*said, *self._described_levels()])

    def spec(self) -> dict[str, Any]:
        rows: list[dict[str, Any]] = [
            {"place": n, "name": _wrapped(point.label, 25), "value": point.value, "words": point.words}
            for n, point in enumerate(self.points)
        ]
        lines = max(row["name"].count("\n") for row in rows) + 1
        places = list(range(len(rows)))
        band = {"domain": places, "type": "band", "paddingInner": 0.35, "paddingOuter": 0.15}
        y = {"field": "place", "type": "ordinal", "scale": band, "axis": None}
        ends = {"domain": [0, self.scale.last], "nice": False}
        x = {"field": "value", "type": "quantitative", "scale": ends, "axis": None}
        there, missing = [r for r in rows if r["value"] is not None], [r for r in rows if r["value"] is None]
        height = len(rows) * (lines * LINE_HEIGHT + 18)
        layers = [
            *[
                _words([row], "name", x={"value": -12}, y=y, align="right", dy=-9 * row["name"].count("\n"))
                for row in rows
            ],
            _bars(there, x, y, {"fill": BRAND}),
            *self._levels_down(x),
            _words(there, "words", x=x, y=y, align="left", bold=True, dx=8),
            {"data": {"values": [{}]}, "mark": {"type": "rule", "stroke": INK, "strokeWidth": 2}, "encoding": {
                "x": {"value": 0}, "y": {"value": 0}, "y2": {"value": height}}},
        ]  # fmt: skip
        if missing:
            layers.append(_words(missing, "words", x={"value": 8}, y=y, align="left", fill=DIM))
        return self._drawn(layers, height, self.left, self.right, 6)

    def _levels_down(self, x: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for level in self.levels:
            row = [{"value": level.value, "words": f"{level.label} {level.words}"}]
            aside = "right" if level.value > self.scale.last * 0.6 else "left"
            # White below it, so that it is seen across a bar.
            for look in (
                {"stroke": "#fff", "strokeWidth": 6},
                {"stroke": INK, "strokeWidth": 2, "strokeDash": _dash(level)},
            ):
                found.append({"data": {"values": row}, "mark": {"type": "rule", **look}, "encoding": {"x": x}})
            found.append(_words(row, "words", x=x, y={"value": -12}, align=aside))
        return found


def _levels_across(levels: Sequence[Level], y: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "data": {"values": [{"value": level.value}]},
            "mark": {"type": "rule", "stroke": INK, "strokeWidth": 2, "strokeDash": _dash(level)},
            "encoding": {"y": {"field": "value", **y}},
        }
        for level in levels
    ]


def _dash(level: Level) -> list[int]:
    return DASHED if level.is_target else DOTTED


def _bars(rows: Sequence[dict[str, Any]], x: dict[str, Any], y: dict[str, Any], look: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"values": list(rows)}, "mark": {"type": "bar", **look}, "encoding": {"x": x, "y": y}}


def _words(
    rows: Sequence[dict[str, Any]],
    field: str,
    *,
    x: dict[str, Any],
    y: dict[str, Any],
    align: str = "center",
    bold: bool = False,
    fill: str = INK,
    size: int = SIZE,
    dx: int = 0,
    dy: int = 0,
) -> dict[str, Any]:
    """Words at places of the chart, always from its data: an expression would read what it is given."""
    look = {"align": align, "baseline": "middle", "fill": fill, "fontSize": size, "dx": dx, "dy": dy}
    if bold:
        look["fontWeight"] = "bold"
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "text", "lineBreak": "\n", **look},
        "encoding": {"x": x, "y": y, "text": {"field": field, "type": "nominal"}},
    }


def _apart(wanted: Sequence[tuple[float, float]], stays: int) -> list[float]:
    """The middles of names, from top to bottom, so that none covers another; the one that stays pushes the others."""
    placed = [middle for middle, _ in wanted]
    for n in range(stays + 1, len(wanted)):
        placed[n] = max(placed[n], placed[n - 1] + (wanted[n - 1][1] + wanted[n][1]) / 2)
    for n in range(stays - 1, -1, -1):
        placed[n] = min(placed[n], placed[n + 1] - (wanted[n + 1][1] + wanted[n][1]) / 2)
    return placed


def _wrapped(words: str, width: int) -> str:
    return "\n".join(wrap(words, width, break_long_words=False)) or words

"""Running a workload in turn with its yardstick, and saying what came of it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """The middle one of several measurements, and the ends."""

    median: float
    min: float
    max: float

    @classmethod
    def of(cls, measured: Iterable[float]) -> "Spread":
        ordered = sorted(measured)
        return cls(median(ordered), ordered[0], ordered[-1])


@dataclass(frozen=True)
class Result:
    """One line of `onroll bench`. `ratio` is ours by the yardstick, and `goal` the most that it may be."""

    name: str
    ours: Spread
    yardstick: Spread
    ratio: float
    goal: float
    met: bool
    unit: str
    notes: str

    @classmethod
    def of(
        cls,
        name: str,
        ours: Spread,
        yardstick: Spread,
        *,
        goal: float,
        unit: str,
        notes: str,
        ratio: float | None = None,
    ) -> "Result":
        """With the ratio of the two medians, where there is no ratio of pairs."""
        found = ours.median / yardstick.median if ratio is None else ratio
        return cls(name, ours, yardstick, found, goal, found <= goal, unit, notes)


Pair = tuple[Callable[[], object], Callable[[], object]]


def in_turn(pairs: list[Pair]) -> tuple[Spread, Spread, float]:
    """Time ours, the yardstick, ours, the yardstick, and so on: in seconds, and the middle one of the pairs' ratios.

    What else the machine does meanwhile falls on both of a pair alike. The first pair runs once before, to warm up.
    """
    for each in pairs[0]:
        each()
    times = [(_seconds(ours), _seconds(yardstick)) for ours, yardstick in pairs]
    return (
        Spread.of(ours for ours, _ in times),
        Spread.of(yardstick for _, yardstick in times),
        median(ours / yardstick for ours, yardstick in times),
    )


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def table(results: list[Result]) -> str:
    """The same for a person at the terminal."""
    rows = [["", "ours", "from", "to", "yardstick", "from", "to", "ratio", "goal", "met", "unit"]]
    for each in results:
        spreads = (each.ours, each.yardstick)
        numbers = [_said(number) for one in spreads for number in (one.median, one.min, one.max)]
        met = "yes" if each.met else "no"
        rows.append([each.name, *numbers, f"{each.ratio:.2f}", f"{each.goal:g}", met, each.unit])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", *(f"{each.name}: {each.notes}" for each in results)])


def _said(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"

"""Small numbers: what of a figure may leave the circle of those who may see the children behind it.

One rule for every reader outside, so that all of them together learn no more than one of them (SEC-4). The reasons,
and what the rule does not do, are in docs/decisions/0015-small-numbers.md:

1. A number from 1 to the authority's threshold is hidden, and so is a part that leaves so few of its whole, and "none"
   and "all" of a group of fewer than twice the threshold. A percentage goes with its counts.
2. More is hidden until what a reader can work out by subtracting is itself no small number, or the breakdown is
   withheld as a whole. Which wholes are hidden depends on the wholes alone, so that two measures of the same children
   hide the same ones.
3. Outside the circle a measure has one kind of period, its own, and only when it is over; no filters; breakdowns by
   one characteristic out of a short list, none of which lies within another; and one pair of two, whole or not at all.

What is hidden depends on the counts alone, never on who asks or what was asked before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Any)

THRESHOLD = 5

TOO_FEW = "too few"
AS_THE_TOTAL = "as the total"


@dataclass(frozen=True, slots=True)
class Cell:
    """Counts of one group. `whole` is None where the part is all that is counted.

    `children` is how many children stand behind it, where what is counted is not children.
    """

    part: int | Decimal
    whole: int | None = None
    children: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """The same counts as they leave. What is hidden is not there at all."""

    part: int | Decimal | None
    whole: int | None
    hidden: bool


@dataclass(frozen=True)
class Table:
    """A breakdown as it leaves. `why` says why it has no groups, or why the part of each of them is hidden."""

    total: Shown
    groups: dict[Any, Shown]
    why: str = ""


def hide(total: Cell, groups: Mapping[Key, Cell], *, threshold: int = THRESHOLD, counts: bool = True) -> Table:
    """The breakdown of a figure by one characteristic, as it may leave. The groups together are the total.

    `counts` is False where the part is no count of the whole, as with days and pounds: then it is hidden only with
    the whole. A group without anyone in it is left out.
    """
    head = hide_one(total, threshold=threshold, counts=counts)
    there = {key: cell for key, cell in groups.items() if _whole(cell)}
    wholes = set() if len(there) < 2 else _hidden_wholes(there, threshold)
    if wholes is None or (head.hidden and head.whole is None):
        return Table(head, {}, TOO_FEW)
    parts, note = wholes, ""
    if counts and total.whole is not None:
        all_alike = total.part in (0, total.whole)
        parts = set(there) if head.hidden or all_alike else _hidden_parts(there, wholes, threshold)
        note = AS_THE_TOTAL if all_alike and not head.hidden else ""
    return Table(
        head,
        {
            key: Shown(
                part=None if key in parts else cell.part,
                whole=None if key in wholes else cell.whole,
                hidden=key in parts,
            )
            for key, cell in there.items()
        },
        note,
    )


def hide_one(cell: Cell, *, threshold: int = THRESHOLD, counts: bool = True) -> Shown:
    """A figure without a breakdown, as it may leave."""
    if _is_small(_whole(cell), cell, threshold):
        return Shown(None, None, True)
    if counts and cell.whole is not None and _part_is_small(cell, threshold):
        return Shown(None, cell.whole, True)
    return Shown(cell.part, cell.whole, False)


def may_be_crossed(cells: Iterable[Cell], *, threshold: int = THRESHOLD, counts: bool = True) -> bool:
    """Whether a breakdown by two characteristics at once may leave: whole, or else not at all."""
    return not any(hide_one(cell, threshold=threshold, counts=counts).hidden for cell in cells if _whole(cell))


def why_not_outside(
    *,
    own_period: str,
    period: str,
    end: date,
    today: date,
    by: tuple[str, ...] = (),
    filtered: bool = False,
    allowed: frozenset[Key],
    crossing: frozenset[Key] = frozenset(),
) -> str:
    """Why a reading may not leave the circle, in words. Empty when it may, after hiding.

    `own_period` is the measure's kind of period and `period` the one asked for, `end` the first day after it.
    `allowed` are the characteristics by which figures may be broken down outside, `crossing` the one pair by which
    this measure may be crossed there.
    """
    if period != own_period:
        return "Outside the virtual school this figure is given for its own kind of period only."
    if end > today:
        return "Outside the virtual school this figure is given when its period is over."
    if filtered:
        return "Outside the virtual school this figure is given for all its children together."
    if not set(by) <= allowed:
        return "Outside the virtual school this figure is not broken down in this way."
    if len(by) > 1 and frozenset(by) != crossing:
        return "Outside the virtual school this figure is broken down by one thing at a time."
    return ""


def _whole(cell: Cell) -> int | Decimal:
    return cell.part if cell.whole is None else cell.whole


def _is_small(number: int | Decimal, cell: Cell, threshold: int) -> bool:
    return 0 < number <= threshold or (cell.children is not None and 0 < cell.children <= threshold)


def _part_is_small(cell: Cell, threshold: int) -> bool:
    assert cell.whole is not None
    rest = cell.whole - cell.part
    if cell.part == 0 or rest == 0:
        return 0 < cell.whole < 2 * threshold
    return cell.part <= threshold or rest <= threshold


def _hidden_wholes(groups: Mapping[Key, Cell], threshold: int) -> set[Key] | None:
    """The groups whose size is hidden; None when no choice of them is enough.

    A reader can work out how many they have together, and knows that each listed group has at least one and a small
    one at most the threshold: each can still be several numbers. The group that is hidden beside the small ones is the
    last in the list: which one it is tells nothing about its size.
    """
    small = {key for key, cell in groups.items() if _is_small(_whole(cell), cell, threshold)}
    if not small:
        return small
    together = sum(_whole(groups[key]) for key in small)
    if len(small) > 1 and len(small) + threshold <= together < len(small) * threshold:
        return small
    beside = [key for key in groups if key not in small][-1:]
    return small.union(beside) if beside else None


def _hidden_parts(groups: Mapping[Key, Cell], wholes: set[Key], threshold: int) -> set[Key]:
    """The groups whose part is hidden: none, some, or all of them.

    With one part goes that of every group of fewer than ten times the threshold, so that which groups are hidden tells
    nothing of their parts. Even a reader who knows the size of every group learns of those hidden only how many they
    have together. That, and what is left of them, is more than the threshold, and so are those outside the largest.
    """
    small = wholes | {key for key, cell in groups.items() if _part_is_small(cell, threshold)}
    if not small:
        return small
    hidden = wholes | {key for key, cell in groups.items() if (cell.whole or 0) < 10 * threshold}
    sizes = [groups[key].whole or 0 for key in hidden]
    part = sum(groups[key].part for key in hidden)
    enough = min(part, sum(sizes) - part, sum(sizes) - max(sizes, default=0)) > threshold
    return hidden if small <= hidden and enough else set(groups)

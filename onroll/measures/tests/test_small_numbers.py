"""Small numbers: what leaves the circle never lets a hidden number be worked out, by whatever sequence of reports."""

import itertools
import os
from collections import defaultdict
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onroll.measures.small_numbers import (
    AS_THE_TOTAL,
    TOO_FEW,
    Cell,
    Shown,
    hide,
    hide_one,
    may_be_crossed,
    why_not_outside,
)

SEQUENCES = 10_000 if os.environ.get("ONROLL_NIGHTLY") else 60


def parts(table):
    return {key: shown.part for key, shown in table.groups.items()}


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (Cell(3, 40), Shown(None, 40, True)),
        (Cell(5, 40), Shown(None, 40, True)),
        (Cell(6, 40), Shown(6, 40, False)),
        (Cell(37, 40), Shown(None, 40, True)),
        (Cell(0, 40), Shown(0, 40, False)),
        (Cell(40, 40), Shown(40, 40, False)),
        (Cell(0, 9), Shown(None, 9, True)),
        (Cell(9, 9), Shown(None, 9, True)),
        (Cell(0, 10), Shown(0, 10, False)),
        (Cell(2, 4), Shown(None, None, True)),
        (Cell(0, 0), Shown(0, 0, False)),
        (Cell(4), Shown(None, None, True)),
        (Cell(6), Shown(6, None, False)),
        (Cell(12, None, children=3), Shown(None, None, True)),
    ],
)
def test_one_to_five_are_hidden_and_what_leaves_so_few_and_none_and_all_of_a_group_under_ten(cell, shown):
    assert hide_one(cell) == shown


def test_the_threshold_is_the_authoritys():
    assert not hide_one(Cell(6, 40), threshold=5).hidden
    assert hide_one(Cell(6, 40), threshold=9).hidden


def test_a_part_is_hidden_with_those_of_all_groups_of_its_size_so_that_no_subtraction_finds_it():
    table = hide(Cell(99, 220), {"early years": Cell(3, 30), "primary": Cell(60, 150), "post-16": Cell(36, 40)})

    assert parts(table) == {"early years": None, "primary": 60, "post-16": None}
    assert [shown.whole for shown in table.groups.values()] == [30, 150, 40]


def test_a_small_group_takes_the_size_of_another_with_it():
    table = hide(Cell(40, 93), {"F": Cell(1, 3), "M": Cell(39, 90)})

    assert set(table.groups.values()) == {Shown(None, None, True)}
    assert table.total == Shown(40, 93, False)


def test_groups_so_few_that_hiding_them_all_is_not_enough_are_not_listed():
    assert hide(Cell(6, 12), {"A": Cell(1, 1), "B": Cell(4, 8), "C": Cell(1, 3)}).why == ""
    assert hide(Cell(3, 6), {"A": Cell(1, 2), "B": Cell(2, 4)}).why == TOO_FEW


def test_a_breakdown_of_none_is_not_given_for_it_would_say_of_each_small_group_that_it_has_none():
    table = hide(Cell(0, 40), {"F": Cell(0, 8), "M": Cell(0, 32)})

    assert table.total == Shown(0, 40, False)
    assert (parts(table), table.why) == ({"F": None, "M": None}, AS_THE_TOTAL)


def test_days_are_hidden_with_the_few_children_they_are_of():
    table = hide(Cell(900, 50), {"A": Cell(40, 2), "B": Cell(60, 8), "C": Cell(800, 40)}, counts=False)

    assert parts(table) == {"A": None, "B": 60, "C": None}


def test_two_characteristics_at_once_are_given_whole_or_not_at_all():
    assert may_be_crossed([Cell(20, 40), Cell(0, 0), Cell(12, 30)])
    assert not may_be_crossed([Cell(20, 40), Cell(2, 30)])


DAY = date(2026, 11, 4)
CROSSING = frozenset({"sex", "in_authority"})
FINE = {
    "own_period": "month",
    "period": "month",
    "end": date(2026, 11, 1),
    "today": DAY,
    "by": ("sex",),
    "filtered": False,
    "allowed": frozenset({"sex", "phase", "in_authority"}),
}


@pytest.mark.parametrize(
    "other",
    [
        {"period": "week"},
        {"period": "academic_year"},
        {"end": date(2026, 12, 1)},
        {"filtered": True},
        {"by": ("officer",)},
        {"by": ("sex", "phase")},
    ],
)
def test_outside_there_are_no_other_periods_no_filters_and_few_breakdowns(other):
    assert why_not_outside(**FINE) == ""
    assert why_not_outside(**{**FINE, "by": ("sex", "in_authority"), "crossing": CROSSING}) == ""
    assert why_not_outside(**{**FINE, **other})


# The attack. An authority of random children; two measures of the same children; a random sequence of requests. The
# attacker keeps every number of every answer as an equation over the kinds of child there can be, and solves them.

CHARACTERISTICS = {"sex": 2, "in_authority": 2, "phase": 3, "ethnicity": 4}
# Lies within phase, so by subtraction it would give single years away: not offered outside.
NOT_OFFERED = ("year",)
KINDS = [
    (dict(zip(CHARACTERISTICS, values, strict=True)), parts)
    for values in itertools.product(*(range(many) for many in CHARACTERISTICS.values()))
    for parts in itertools.product((False, True), repeat=2)
]
PRIME = 2_147_483_647


class Attacker:
    """What was published of one period: sums over kinds of child, by their places in KINDS."""

    def __init__(self):
        self.equations = set()
        self.none_of = set()
        self.hidden = set()

    def learns(self, part, whole, shown, true):
        """Of one group: which kinds are in its part and in its whole, what was shown of it, and what is so."""
        for kinds, number, is_so in ((part, shown.part, true.part), (whole, shown.whole, true.whole)):
            if number is not None:
                self.equations.add((kinds, number))
            elif true.whole:
                self.hidden.add((kinds, whole, is_so))
        if shown.part == 0:
            self.none_of |= part
        if shown.part is not None and shown.part == shown.whole:
            self.none_of |= whole - part

    def found_out(self):
        """The hidden counts that follow: by exact elimination, where a kind that nobody is of counts for nothing."""
        pivots = []

        def reduced(kinds):
            row = [0 if at in self.none_of else int(at in kinds) for at in range(len(KINDS))]
            for at, pivot in pivots:
                if factor := row[at]:
                    row = [(mine - factor * theirs) % PRIME for mine, theirs in zip(row, pivot, strict=True)]
            return row

        for kinds, _ in self.equations:
            row = reduced(kinds)
            first = next((at for at, value in enumerate(row) if value), None)
            if first is not None:
                inverse = pow(row[first], -1, PRIME)
                pivots.append((first, [value * inverse % PRIME for value in row]))
        return [so for kinds, whole, so in self.hidden if not self._is_told(kinds, whole) and not any(reduced(kinds))]

    def _is_told(self, kinds, whole):
        """What is said of forty children, that none or all of them have something, is said of each of them.

        And a group of two characteristics that holds all of another group is that group.
        """
        if kinds <= self.none_of or (kinds < whole and whole - kinds <= self.none_of):
            return True
        return any(given - self.none_of == kinds - self.none_of for given, _ in self.equations)


def random_children(draw):
    """How many children of a period there are of each kind."""
    weights = [[draw.random() ** 3 for _ in range(many)] for many in CHARACTERISTICS.values()]
    rates = draw.choice([0.0, 0.02, 0.3, 0.5, 0.97, 1.0]), draw.random()
    counts = [0] * len(KINDS)
    places = {(tuple(values.values()), parts): at for at, (values, parts) in enumerate(KINDS)}
    for _ in range(draw.choice([8, 25, 60, 150, 400])):
        values = tuple(draw.choices(range(len(some)), some)[0] for some in weights)
        counts[places[values, tuple(draw.random() < rate for rate in rates)]] += 1
    return counts


def ask(attacker, counts, measure, by, *, period="term", end=DAY, filtered=False):
    """What Onroll answers a reader outside, learnt by the attacker; nothing when it refuses."""
    if why_not_outside(
        own_period="term",
        period=period,
        end=end,
        today=DAY,
        by=by,
        filtered=filtered,
        allowed=frozenset(CHARACTERISTICS),
        crossing=CROSSING if measure == 0 else frozenset(),
    ):
        return

    def kinds_of(key):
        whole = {at for at, (values, _) in enumerate(KINDS) if tuple(values[name] for name in by) == key or not key}
        return frozenset(at for at in whole if KINDS[at][1][measure]), frozenset(whole)

    def cell(key):
        return Cell(*(sum(counts[at] for at in kinds) for kinds in kinds_of(key)))

    keys = list(itertools.product(*(range(CHARACTERISTICS[name]) for name in by))) if by else []
    cells = {key: cell(key) for key in keys}
    nothing = Shown(None, None, True)
    if len(by) == 2:
        crossed = may_be_crossed(cells.values())
        shown = {key: Shown(each.part, each.whole, False) if crossed else nothing for key, each in cells.items()}
        total = hide_one(cell(()))
    else:
        table = hide(cell(()), cells)
        shown, total = table.groups, table.total
    attacker.learns(*kinds_of(()), total, cell(()))
    for key, each in cells.items():
        attacker.learns(*kinds_of(key), shown.get(key, nothing if each.whole else Shown(0, 0, False)), each)


def attack(seed):
    """What one random sequence of reports gives away: the hidden counts that can be worked out."""
    draw = Random(seed)
    counts, attacker = random_children(draw), Attacker()
    for _ in range(draw.randint(3, 12)):
        names = draw.sample([*CHARACTERISTICS, *NOT_OFFERED], draw.randint(0, 2))
        ask(
            attacker,
            counts,
            draw.randrange(2),
            tuple(draw.choice([names, sorted(CROSSING)])),
            period=draw.choice(["term", "term", "month"]),
            end=draw.choice([DAY, DAY, date(2027, 1, 1)]),
            filtered=draw.random() < 0.1,
        )
    return attacker.found_out()


@pytest.mark.proves("SEC-4")
def test_no_sequence_of_reports_gives_a_hidden_number_away_by_subtraction():
    given_away = {seed: found for seed in range(SEQUENCES) if (found := attack(seed))}

    assert given_away == {}


tables = st.lists(
    st.integers(0, 70).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))), min_size=1, max_size=7
)


@given(tables, st.integers(3, 10))
@settings(max_examples=min(SEQUENCES * 5, 2_000), deadline=None)
def test_a_hidden_number_keeps_a_wide_range_even_for_a_reader_who_knows_the_size_of_every_group(pairs, threshold):
    cells = {f"{at}": Cell(*pair) for at, pair in enumerate(pairs)}
    total = Cell(sum(part for part, _ in pairs), sum(whole for _, whole in pairs))

    table = hide(total, cells, threshold=threshold)

    unsized = {key for key, shown in table.groups.items() if shown.whole is None}
    left = sum(cells[key].whole for key in unsized)
    for _ in unsized:
        assert left - (len(unsized) - 1) > threshold
    if table.total.hidden or table.why == AS_THE_TOTAL:
        assert not any(shown.part for shown in table.groups.values())
        return
    hidden = [cells[key] for key, shown in table.groups.items() if shown.part is None]
    part, rest = sum(cell.part for cell in hidden), sum(cell.whole - cell.part for cell in hidden)
    for cell in hidden:
        lowest, highest = max(0, cell.whole - rest), min(cell.whole, part)
        assert highest > lowest
        if not unsized:
            assert highest - lowest >= min(cell.whole, threshold + 1)


@pytest.mark.parametrize("wholes", [(7, 9, 52), (12, 14, 61), (6, 30, 44), (3, 20, 70)])
def test_a_reader_who_knows_the_rule_cannot_tell_one_hidden_part(wholes):
    """Every set of parts that there can be, through the rule: no answer is that of one part of a hidden group only."""
    seen = defaultdict(list)
    for some in itertools.product(*(range(whole + 1) for whole in wholes)):
        cells = {key: Cell(part, whole) for key, part, whole in zip("abc", some, wholes, strict=True)}
        table = hide(Cell(sum(some), sum(wholes)), cells)
        seen[table.total, tuple(parts(table).items()), table.why].append(some)

    for (total, shown, why), worlds in seen.items():
        if total.part is None or why == AS_THE_TOTAL:
            continue
        for at, key in enumerate("abc"):
            if dict(shown).get(key) is None:
                assert len({some[at] for some in worlds}) > 1

"""Chance that repeats: the same seed makes the same people, places and days."""

import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """A stream of chance of its own for each purpose, so that a new line in one does not change all others."""

    def __init__(self, seed: int, purpose: str) -> None:
        super().__init__(f"{seed}/{purpose}")

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.getrandbits(128), version=4)

    def happens(self, probability: float) -> bool:
        return self.random() < probability

    def one_of(self, weights: Mapping[T, float]) -> T:
        """One of the keys, as often as its weight says."""
        return self.choices(list(weights), list(weights.values()))[0]

    def some(self, values: Sequence[T], count: int) -> list[T]:
        """At most `count` of the values, each once."""
        return self.sample(list(values), min(count, len(values)))

    def day(self, first: date, last: date) -> date:
        """A day from the first to the last; the first, where the last lies before it."""
        return first + timedelta(days=self.randint(0, max((last - first).days, 0)))

    def days(self, fewest: int, most: int) -> timedelta:
        return timedelta(days=self.randint(fewest, most))


class Deck:
    """Cards dealt until none is left, then shuffled anew: the shares come out right also among a few hundred."""

    def __init__(self, weights: Mapping[str, int], chance: Chance) -> None:
        self._cards = [card for card, count in weights.items() for _ in range(count)]
        self._chance = chance
        self._left: list[str] = []

    def deal(self) -> str:
        if not self._left:
            self._left = list(self._cards)
            self._chance.shuffle(self._left)
        return self._left.pop()


def years(count: float) -> timedelta:
    return timedelta(days=round(count * 365.25))


def same_day(day: date, year: int) -> date:
    """The day in another year; 28 February where 29 February is missing."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def birthday(born_on: date, age: int) -> date:
    return same_day(born_on, born_on.year + age)

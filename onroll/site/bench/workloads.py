"""The workloads by their names, and what comes of those that were asked for."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date

from . import catalogue, pages
from .running import Result

FEW, MANY = 25, 2_000
# An authority with so many children on the roll, by its key, for as long as the context lasts.
Invented = Callable[[int], AbstractContextManager[int]]


def measured(names: Sequence[str], *, today: date, invented: Invented) -> list[Result]:
    """The results of these workloads, each on invented authorities."""
    few: dict[str, pages.Seen] = {}
    if "W2" in names:
        with invented(FEW) as authority:
            few = pages.seen(authority)
    with invented(MANY) as authority:
        many = pages.seen(authority) if {"W2", "W3"} & set(names) else {}
        workloads: dict[str, Callable[[], list[Result]]] = {
            "M1": lambda: catalogue.run(authority, today=today),
            "W2": lambda: pages.queries(few, many),
            "W3": lambda: pages.weights(many),
        }
        return [result for name in names for result in workloads[name]()]

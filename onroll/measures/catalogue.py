"""The catalogue: every measure there is, by its id and by the plan measures it answers.

The measures of this part are the files of `definitions`; a part above registers its own when it starts.
`not_yet.csv` lists each plan measure that nothing answers yet, with the part that will bring it. It only shrinks.
"""

import csv
import hashlib
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from .measure import Measure

# Made new when the engine itself counts in another way, so that what was kept before can be told apart.
ENGINE = 1


class Catalogue:
    """The measures in the order of their groups and titles."""

    def __init__(self) -> None:
        self._measures: dict[str, Measure] = {}
        self._fingerprints: dict[str, str] = {}

    def register(self, module: ModuleType) -> None:
        """Take in the measures of a definition: a module that has one as MEASURE, or several as MEASURES."""
        fingerprint = hashlib.sha256(f"{ENGINE}\n{inspect.getsource(module)}".encode()).hexdigest()
        for measure in getattr(module, "MEASURES", None) or (module.MEASURE,):
            if measure.id in self._measures and self._fingerprints[measure.id] != fingerprint:
                raise ValueError(f"Two measures have the id {measure.id}.")
            self._measures[measure.id] = measure
            self._fingerprints[measure.id] = fingerprint

    def register_all(self, package: ModuleType) -> None:
        """Take in every definition of a package."""
        for found in pkgutil.iter_modules(package.__path__):
            self.register(importlib.import_module(f"{package.__name__}.{found.name}"))

    def __iter__(self) -> Iterator[Measure]:
        return iter(sorted(self._measures.values(), key=lambda each: (GROUPS.index(each.group), each.title)))

    def find(self, key: str) -> Measure | None:
        """The measure with this id, or the one that answers this plan measure."""
        if key in self._measures:
            return self._measures[key]
        return next((each for each in self if key in each.answers), None)

    def fingerprint(self, measure: Measure) -> str:
        """What tells one wording of a definition from another: a digest of its file."""
        return self._fingerprints[measure.id]


# The groups of the catalogue and of a scorecard, in their order.
GROUPS = ["The roll", "Home and school", "Schools", "Needs", "PEPs", "Records", "The plan"]
CATALOGUE = Catalogue()


@cache
def not_yet() -> dict[str, str]:
    """The plan measures that nothing answers yet: for each the part that will bring it."""
    with (Path(__file__).parent / "not_yet.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["part"] for row in csv.DictReader(file)}

"""What parts above this one show about a school: they fill this at start, and a test lists every entry.

The children at a school and its designated teacher are kept by upper parts. Each says here how many children it
knows at which school, and which panels it adds to the page of a school, both for the person who asks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from onroll.access.actors import Actor

from .models import School

CountChildren = Callable[[Actor, Iterable[int] | None], dict[int, int]]


@dataclass(frozen=True)
class Panel:
    """A panel on the page of a school. `find` gives what its template shows, or None for who may not see it.

    `place` is "main" or "side"; panels stand in the order of their numbers.
    """

    name: str
    order: int
    template_name: str
    find: Callable[[School, Actor], dict[str, Any] | None]
    place: str = "main"


@dataclass(frozen=True)
class FilledPanel:
    """A panel with what it shows to this person."""

    panel: Panel
    values: dict[str, Any]


PANELS: list[Panel] = []
_counters: list[CountChildren] = []


def register_panel(panel: Panel) -> Panel:
    """Add a panel to the page of a school. One of the same name takes the place of the earlier."""
    PANELS[:] = sorted([each for each in PANELS if each.name != panel.name] + [panel], key=lambda each: each.order)
    return panel


def register_children_counter(counter: CountChildren) -> None:
    """Say who counts children at schools. There is one. Without schools named, it answers for every school."""
    _counters[:] = [counter]


def panels_of(school: School, actor: Actor, place: str) -> list[FilledPanel]:
    """What this person is shown of a school by the parts above, in order."""
    found = [(panel, panel.find(school, actor)) for panel in PANELS if panel.place == place]
    return [FilledPanel(panel, values) for panel, values in found if values is not None]


def children_at(actor: Actor, schools: Iterable[int] | None = None) -> dict[int, int]:
    """How many looked-after children of those the actor may see learn at each school today, by the school's key."""
    return _counters[0](actor, schools) if _counters else {}

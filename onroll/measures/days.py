"""What the facts say of each child on one day, worked out once and good for every measure that asks of that day."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from onroll.children.queries import SHORT_BREAKS, Home, continuously_looked_after, homes, starts_care
from onroll.codes.year_groups import SchoolYear, year_group_of

if TYPE_CHECKING:
    from .facts import Episode, Facts, Place

Answer = TypeVar("Answer")


class OfEach(dict[int, Answer]):
    """An answer for each child, worked out when it is first asked for."""

    def __init__(self, work_out: Callable[[int], Answer]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, child: int) -> Answer:
        answer = self[child] = self._work_out(child)
        return answer


class Day:
    """One day of an authority, as its facts have it. What is dated later does not count."""

    def __init__(self, facts: "Facts", day: date) -> None:
        self._facts = facts
        self._day = day
        # The episode of care that holds, short breaks apart: the latest, where a return sent several.
        self.episode = OfEach(self._episode)
        # The episodes that had begun, short breaks apart.
        self.in_care = OfEach(self._in_care)
        # The homes by then, oldest first, and those of them that followed another in the same time in care.
        self.homes = OfEach(self._homes)
        self.moves = OfEach(self._moves)
        # Whether the child was looked after without a break for the twelve months that end with the day.
        self.a_year_in_care = OfEach(self._a_year_in_care)
        self.main_place = OfEach(self._main_place)
        self.year = OfEach(self._year)

    def _episode(self, child: int) -> "Episode | None":
        held = [episode for episode in self.in_care[child] if episode.end is None or episode.end > self._day]
        return held[-1] if held else None

    def _in_care(self, child: int) -> "list[Episode]":
        return [
            episode
            for episode in self._facts.episodes.get(child, ())
            if episode.start <= self._day and episode.legal_status not in SHORT_BREAKS
        ]

    def _homes(self, child: int) -> list[Home]:
        # A light episode has all that is asked of one.
        return homes(cast(Any, self.in_care[child]))

    def _moves(self, child: int) -> list[Home]:
        return [home for home in self.homes[child][1:] if not starts_care(home.episodes[0])]

    def _a_year_in_care(self, child: int) -> bool:
        return continuously_looked_after(cast(Any, self.in_care[child]), self._day)

    def _main_place(self, child: int) -> "Place | None":
        for place in self._facts.places.get(child, ()):
            if place.kind == "main" and place.start <= self._day and (place.end is None or place.end > self._day):
                return place
        return None

    def _year(self, child: int) -> SchoolYear:
        return year_group_of(self._facts.children[child].birth_date, on=self._day)

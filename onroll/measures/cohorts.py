"""Whom a figure is about: the children within an actor's reach, on the roll of a day or of a period.

A measure is given a cohort and never looks for children itself, so it can't count one whom the reader may not have
counted. The reach is the actor's cell in row u of the need-to-know table: the whole authority for those with R, own
children, team or school otherwise. Who was within it on the past day counts, whether or not a link lives today.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Any, cast

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.access.roles import COMMAND_LINE, SCHOOL_STAFF, SYSTEM, VIRTUAL_SCHOOL, Role
from onroll.access.sections import Section, cell, may_read
from onroll.authorities.calendar import Calendar
from onroll.children.models import SchoolPlace
from onroll.children.queries import (
    SHORT_BREAKS,
    Home,
    a_year_before,
    periods_of_care,
)
from onroll.children.visibility import reach, years_before
from onroll.codes.working_days import is_working_day
from onroll.codes.year_groups import LAST_YEAR, Phase, SchoolYear, year_group_of
from onroll.codes.years import Period
from onroll.people.models import Cover

from .days import Day
from .facts import Born, Episode, Facts, Place, Setting, holding

# Whose post alone opens every child of the authority: no figure is hidden from them.
_SEE_EVERY_CHILD = {Role.VSH, Role.DEPUTY_VSH, Role.VS_ADMIN, Role.DATA_OFFICER, COMMAND_LINE, SYSTEM}
# Whose figures are of the whole authority, though they see no child or few of them.
_WHOLE_AUTHORITY = _SEE_EVERY_CHILD | {Role.DIRECTOR, Role.FINANCE, Role.ANALYST, Role.IG}
_OF_THE_TEAM = {Role.SOCIAL_WORKER, Role.TEAM_MANAGER}
# Kinds of place that are an enrolment, the child's own school first. A wait for a place is none.
ENROLLED = ("main", "subsidiary", "ap")
_FIRST_YEAR, _LAST_SCHOOL_YEAR = 0, 11


class Cohort:
    """The children of an actor's reach over a period. `as_at` is the period's last day, the reference date.

    Cohorts of one request share their facts: `over` gives the same cohort for another period.
    """

    def __init__(
        self,
        actor: Actor,
        facts: Facts,
        period: Period,
        only: frozenset[int] | None,
        kept: dict[str, frozenset[int]] | None = None,
    ) -> None:
        self.actor = actor
        self._kept: dict[str, frozenset[int]] = {} if kept is None else kept
        self.facts = facts
        self.period = period
        self.as_at = period.last_day
        self.only = only

    @classmethod
    def for_actor(
        cls, actor: Actor, *, as_at: date, period: Period | None = None, only: Collection[int] | None = None
    ) -> "Cohort":
        """The cohort of this actor on a day, or over a period that ends with that day. `only` narrows it further."""
        scope.require(actor.authority)
        given = period or Period(as_at, as_at + timedelta(days=1))
        return cls(actor, Facts(actor.authority), given, None if only is None else frozenset(only))

    def over(self, period: Period) -> "Cohort":
        """The same actor's cohort over another period."""
        return Cohort(self.actor, self.facts, period, self.only, self._kept)

    def narrowed(self, only: frozenset[int]) -> "Cohort":
        """Of the same cohort these children alone."""
        return Cohort(self.actor, self.facts, self.period, only if self.only is None else self.only & only, self._kept)

    @cached_property
    def _day(self) -> Day:
        return self.facts.on(self.as_at)

    @property
    def calendar(self) -> Calendar:
        return self.facts.calendar

    # Within reach

    @cached_property
    def children(self) -> dict[int, Born]:
        """The children within reach on the reference date, looked after or not, but for those kept from the reader."""
        within = _within_reach(self.actor, self.facts, self.as_at)
        if self.only is not None:
            within = self.only if within is None else within & self.only
        apart = self._of_reader("apart", lambda: self.facts.apart_from(self.actor))
        if within is None and not apart:
            return self.facts.children
        return {
            child: born
            for child, born in self.facts.children.items()
            if (within is None or child in within) and child not in apart
        }

    @property
    def marked(self) -> frozenset[int]:
        """The children of whom a mark keeps from the reader where they live or learn: in no group or list by it."""
        return self._of_reader("marked", lambda: self.facts.marked_for(self.actor))

    def _of_reader(self, what: str, ask: Callable[[], frozenset[int]]) -> frozenset[int]:
        """What is the same for this reader on every day, asked once. From a person alone anything is kept."""
        if not self.actor.is_person and what != "seen":
            return frozenset()
        if what not in self._kept:
            self._kept[what] = ask()
        return self._kept[what]

    def reads(self, sections: Iterable[Section]) -> bool:
        """Whether the reader reads all these sections of a record, as well as the figures."""
        return not self.actor.is_person or all(may_read(self.actor, section) for section in sections)

    def may_open(self, children: Collection[int], *, where: bool) -> bool:
        """Whether a list of just these children may be opened: the reader sees each of them. Where it would tell
        `where` they live or learn, also that no mark keeps that from the reader of any of them.
        """
        return self._seen_today.issuperset(children) and not (where and self.marked.intersection(children))

    @property
    def _seen_today(self) -> frozenset[int]:
        return self._of_reader("seen", lambda: frozenset(reach(self.actor).values_list("pk", flat=True)))

    @property
    def is_of_the_virtual_school(self) -> bool:
        """Whether the reader works in the virtual school, to which confidential published figures are confined."""
        return self.actor.role in (*VIRTUAL_SCHOOL, SYSTEM, COMMAND_LINE)

    @property
    def is_whole(self) -> bool:
        """Whether it is of the whole authority, for a reader who sees every child of it."""
        return self.actor.role in _SEE_EVERY_CHILD and self.actor.cover is None and self.only is None

    def unseen(self, children: Iterable[int]) -> frozenset[int]:
        """Those of these children whom the reader may not see today."""
        if self.actor.role in _SEE_EVERY_CHILD and self.actor.cover is None:
            return frozenset()
        return frozenset(children) - self._seen_today

    def is_open_to_reader(self, children: Iterable[int]) -> bool:
        """Whether the reader may see every one of these children, so that no number about them need be hidden."""
        return not self.unseen(children)

    # On the roll

    @cached_property
    def roll(self) -> dict[int, SchoolYear]:
        """The year group of each child who is on the roll on the reference date."""
        return self.roll_on(self.as_at)

    def roll_on(self, day: date) -> dict[int, SchoolYear]:
        """The year group of each child who was on the roll on a day (looked after, from birth to Year 13)."""
        on = self.facts.on(day)
        in_care = [child for child, born in self.children.items() if born.own and on.episode[child] is not None]
        return {child: on.year[child] for child in in_care if on.year[child].number <= LAST_YEAR}

    @cached_property
    def school_age(self) -> dict[int, SchoolYear]:
        """Of the roll on the reference date, reception to Year 11."""
        return {child: year for child, year in self.roll.items() if year.phase is Phase.SCHOOL_AGE}

    @cached_property
    def school_age_in_period(self) -> set[int]:
        """Children who were on the roll on any day of the period while in reception to Year 11."""
        return self._on_the_roll_in_period(_FIRST_YEAR, _LAST_SCHOOL_YEAR)

    def _on_the_roll_in_period(self, first: int, last: int) -> set[int]:
        found = set()
        for child, born in self.children.items():
            if not born.own:
                continue
            for episode in self.facts.episodes.get(child, ()):
                start = max(episode.start, self.period.start)
                end = min(episode.end or self.period.end, self.period.end)
                if start >= end or episode.legal_status in SHORT_BREAKS:
                    continue
                years = [year_group_of(born.birth_date, on=day).number for day in (start, end - timedelta(days=1))]
                if years[0] <= last and years[1] >= first:
                    found.add(child)
        return found

    # Care

    def episode_of(self, child: int, day: date) -> Episode | None:
        """The episode of care that holds on a day, short breaks apart: the latest, where a return sent several."""
        return self.facts.on(day).episode[child]

    def homes_of(self, child: int) -> list[Home]:
        """The homes the child had by the reference date, oldest first, as `children.queries.homes` gathers them."""
        return self._day.homes[child]

    def homes_in_a_year(self, child: int) -> int:
        """How many homes the child had on any day of the twelve months that end with the reference date."""
        first = self._a_year.start
        return sum(1 for home in self.homes_of(child) if home.end is None or home.end > first)

    def moves_of(self, child: int) -> list[Home]:
        """The homes that followed another in the same time in care, by the reference date, oldest first."""
        return self._day.moves[child]

    def moved_in_a_year(self, child: int) -> bool:
        """Whether the child moved home on any day of the twelve months that end with the reference date."""
        return any(home.start in self._a_year for home in self.moves_of(child))

    @cached_property
    def _a_year(self) -> Period:
        return Period(a_year_before(self.as_at) + timedelta(days=1), self.as_at + timedelta(days=1))

    def in_care_since(self, child: int) -> date | None:
        """The first day of the period of care that goes on, short breaks apart. None: not looked after."""
        if self.episode_of(child, self.as_at) is None:
            return None
        return periods_of_care(cast(Any, self._day.in_care[child]))[-1].start

    def has_been_looked_after_for_a_year(self, child: int) -> bool:
        """Looked after without a break for the twelve months that end on the reference date, short breaks apart."""
        return self._day.a_year_in_care[child]

    # School

    def main_place_of(self, child: int) -> Place | None:
        """The main place of the child on the reference date."""
        return self._day.main_place[child]

    def school_key_of(self, child: int) -> int | None:
        """The key of the child's main school on the reference date."""
        place = self.main_place_of(child)
        return place.school if place is not None else None

    def school_of(self, child: int) -> Setting | None:
        """The child's main school on the reference date."""
        key = self.school_key_of(child)
        return self.facts.schools[key] if key is not None else None

    def school_changes(self, child: int, period: Period) -> list[Place]:
        """The main places that ended in the period otherwise than by normal phase transfer, oldest first.

        Passing with a school to its successor is no change.
        """
        main = [place for place in self.facts.places.get(child, ()) if place.kind == "main"]
        passed_on = {place.start for place in main if place.follows_closure}
        return [
            place
            for place in main
            if place.end is not None
            and place.end in period
            and place.end not in passed_on
            and place.leaving_reason != SchoolPlace.LeavingReason.NORMAL_TRANSFER
        ]

    def school_changes_in_a_year(self, child: int) -> list[Place]:
        """The same in the twelve months that end with the reference date."""
        return self.school_changes(child, self._a_year)

    def enrolment_of(self, child: int) -> Place | None:
        """The child’s enrolment on the reference date: the main place, else a second one or alternative provision."""
        held = [place for place in holding(self.facts.places.get(child, ()), self.as_at) if place.kind in ENROLLED]
        return min(held, key=lambda place: ENROLLED.index(place.kind), default=None)

    def next_school_day(self, day: date) -> date | None:
        """The first school day after this one, by the authority's calendar. None: it holds none within a quarter.

        Where it holds no term at all, the next working day.
        """
        days = (day + timedelta(days=n) for n in range(1, 93))
        is_one = self.calendar.is_school_day if self.calendar.terms else is_working_day
        return next((each for each in days if is_one(each)), None)


def _within_reach(actor: Actor, facts: Facts, day: date) -> frozenset[int] | None:
    """The children whom the actor's figures may be about on a day. None: every child of the authority."""
    if not cell(actor, Section.FIGURES):
        return frozenset()
    own = _linked(actor, facts, day)
    if actor.cover is None or Cover.objects.filter(pk=actor.cover, every_child=True).exists():
        return own
    named = facts.named_in_cover(actor.cover)
    return named if own is None else named & own


def _linked(actor: Actor, facts: Facts, day: date) -> frozenset[int] | None:
    if actor.role in _WHOLE_AUTHORITY or (actor.role == Role.VS_OFFICER and actor.advisers_see_all):
        return None
    if actor.role in SCHOOL_STAFF:
        return frozenset(
            child
            for child, places in facts.places.items()
            if any(place.school == actor.school and place.kind != "awaiting" for place in holding(places, day))
        )
    if actor.role in _OF_THE_TEAM and actor.team is not None:
        return _allocated(actor, facts, day, Role.SOCIAL_WORKER, team=actor.team)
    if actor.role == Role.VS_OFFICER and actor.team is not None:
        return _allocated(actor, facts, day, Role.VS_OFFICER, team=actor.team)
    own = _allocated(actor, facts, day, actor.role)
    if actor.role == Role.EET:
        # Before the 16th birthday there is no leaving care to prepare.
        return frozenset(
            c for c in own if c in facts.children and facts.children[c].birth_date <= years_before(day, 16)
        )
    return own


def _allocated(actor: Actor, facts: Facts, day: date, role: str, *, team: int | None = None) -> frozenset[int]:
    """Children who on this day had somebody in this role: the actor, or anyone of the team."""
    return frozenset(
        child
        for child, allocations in facts.allocations.items()
        for held in holding(allocations, day)
        if held.role == role
        and (held.account == actor.holder or (team is not None and facts.team_of(held.account, role, day) == team))
    )

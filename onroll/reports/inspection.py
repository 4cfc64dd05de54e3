"""The morning an inspector rings: who is on the roll, and which children they would ask about, each with the story.

An inspector picks children from the whole list: those out of education, those who moved often. Each reason to pick
stands in one register, which later parts add to (`register_reason`).
The facts are those that figures are counted from, so that the morning and the scorecard can't differ.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q

from onroll.access.actors import Actor
from onroll.access.can import Can
from onroll.access.sections import Section, may_read
from onroll.authorities.calendar import count_between
from onroll.children.queries import SHORT_BREAKS
from onroll.children.roll_columns import Column, register_column
from onroll.children.roll_filters import VIEWS, View
from onroll.codes.year_groups import is_of_compulsory_school_age
from onroll.codes.years import academic_year, academic_year_of
from onroll.design.tables import Cell
from onroll.design.words import count_of, day, length_of_time
from onroll.measures.cohorts import ENROLLED, Cohort
from onroll.measures.definitions.three_or_more_homes import MANY
from onroll.peps.counted import GRADES, counted, last_complete

VIEW = "inspection"
# The columns of the roll on this morning, as the list of children names them.
COLUMNS = ("year", "school", "pep", "attendance", "days_without")
# And those that tell why a child is picked.
OF_PICKS = ("since", "homes_in_a_year", "school_changes", "sen")
NOT_SHOWN = "–"
# Grades of a personal education plan that an inspector would ask about.
POOR = ("requires_improvement", "inadequate")


@dataclass(frozen=True)
class Reason:
    """Why an inspector would pick a child. `words` says it of one child, and nothing of one whom it does not fit.

    Who may not read one of its `sections` is not told of it.
    """

    key: str
    title: str
    sections: tuple[Section, ...]
    words: Callable[["Morning", int], str]


REASONS: dict[str, Reason] = {}


def register_reason(reason: Reason) -> None:
    """Add a reason for which an inspector would pick a child."""
    REASONS[reason.key] = reason


@dataclass(frozen=True)
class Pick:
    """A child whom an inspector would ask about: for which reason first, all that is said of why, and the story."""

    child: int
    reason: Reason
    why: tuple[str, ...]
    story: str


class Morning:
    """The roll of an actor's reach on a day, as an inspector reads it. A few queries, whatever the number of children.

    Of a child with a mark that keeps their home or school from the reader, no school is named.
    """

    def __init__(self, actor: Actor, *, as_at: date) -> None:
        self.actor = actor
        self.as_at = as_at
        self.cohort = Cohort.for_actor(actor, as_at=as_at)

    @cached_property
    def roll(self) -> frozenset[int]:
        """The children on the roll whom the reader sees today."""
        children = frozenset(self.cohort.roll)
        return children - self.cohort.unseen(children)

    @cached_property
    def picks(self) -> dict[int, Pick]:
        """Those an inspector would pick."""
        return {child: pick for child in self.roll if (pick := self._pick(child)) is not None}

    def _pick(self, child: int) -> Pick | None:
        found = [(reason, words) for reason in REASONS.values() if (words := self._why(reason, child))]
        if not found:
            return None
        return Pick(child, found[0][0], tuple(words for _, words in found), self.story_of(child))

    def _why(self, reason: Reason, child: int) -> str:
        return reason.words(self, child) if self.reads(*reason.sections) else ""

    def reads(self, *sections: Section) -> bool:
        return all(may_read(self.actor, section) for section in sections)

    @cached_property
    def without_a_plan(self) -> frozenset[int]:
        """The children whose first PEP was due and who have no current one, where the authority keeps PEPs here."""
        held = counted(self.cohort)
        due = held.due_a_first_plan(self.cohort) if held.plans else ()
        return frozenset(child for child in due if not held.has_current(child, self.as_at))

    # Days without education

    @cached_property
    def school_days(self) -> list[date]:
        """The school days of this academic year up to the day, that day among them."""
        year = academic_year(academic_year_of(self.as_at))
        return self.cohort.calendar.school_days(year.start, self.cohort.period.end)

    def days_without(self, child: int) -> int | None:
        """The school days of this academic year on which the child was in care, of compulsory school age, and had
        no place at a school or in alternative provision. None: the calendar holds no term of this year.
        """
        if not self.school_days:
            return None
        facts, cohort = self.cohort.facts, self.cohort
        born = facts.children[child].birth_date
        places = [place for place in facts.places.get(child, ()) if place.kind in ENROLLED]
        care = [episode for episode in facts.episodes.get(child, ()) if episode.legal_status not in SHORT_BREAKS]
        # Most have one school all year, so that one look is enough.
        if any(p.start <= self.school_days[0] and (p.end is None or p.end > cohort.as_at) for p in places):
            return 0
        return sum(
            1
            for each in self.school_days
            if not _any_holds(places, each) and _any_holds(care, each) and is_of_compulsory_school_age(born, on=each)
        )

    def without_since(self, child: int) -> date | None:
        """The day from which the child has had no enrolment. None: none was ever recorded, or there is one now."""
        places = [place for place in self.cohort.facts.places.get(child, ()) if place.kind in ENROLLED]
        ends = [place.end for place in places if place.end is not None and place.end <= self.as_at]
        return max(ends, default=None) if self.cohort.enrolment_of(child) is None else None

    # The story

    def story_of(self, child: int) -> str:
        """In care since when, how many homes and schools, what is held now: what the reader may know of it."""
        cohort = self.cohort
        said = [f"{cohort.roll[child].label}."]
        since = cohort.in_care_since(child)
        if since is not None and self.reads(Section.CARE):
            said.append(f"In care for {length_of_time(since, self.as_at)}, since {since:%B %Y}.")
        homes = [home for home in cohort.homes_of(child) if since is not None and home.start >= since]
        if homes and self.reads(Section.PLACEMENT):
            last = f", the last since {day(homes[-1].start)}" if len(homes) > 1 else ""
            said.append(f"{count_of(len(homes), 'home')}{last}.")
        if self.reads(Section.SCHOOL):
            said += self._schools(child)
        if self.reads(Section.SEN) and any(_any_holds([plan], self.as_at) for plan in cohort.facts.ehc_plans[child]):
            said.append("Has an EHC plan.")
        return " ".join(said)

    def _schools(self, child: int) -> list[str]:
        cohort = self.cohort
        past = [place for place in cohort.facts.places.get(child, ()) if place.start <= self.as_at]
        schools = {place.school for place in past if place.kind == "main" and place.school is not None}
        said = [f"{count_of(len(schools), 'school')} so far."] if len(schools) > 1 else []
        place, school = cohort.main_place_of(child), cohort.school_of(child)
        if place is not None and school is not None and child not in cohort.marked:
            said.append(f"At {school.name} since {day(place.start)}.")
        return said


def _any_holds(spells: Collection[Any], on: date) -> bool:
    return any(spell.start <= on and (spell.end is None or spell.end > on) for spell in spells)


# The reasons that the roll, the schools and the plans give


def _out_of_education(morning: Morning, child: int) -> str:
    cohort = morning.cohort
    born = cohort.facts.children[child].birth_date
    if cohort.enrolment_of(child) is not None or not is_of_compulsory_school_age(born, on=morning.as_at):
        return ""
    since = morning.without_since(child)
    if since is None:
        return "Out of education: no school place is recorded"
    days = count_between(morning.school_days, since, cohort.period.end)
    return f"Out of education since {day(since)}" + (f", {count_of(days, 'school day')} of this year" if days else "")


def _many_moves(morning: Morning, child: int) -> str:
    cohort = morning.cohort
    homes, changes = cohort.homes_in_a_year(child), len(cohort.school_changes_in_a_year(child))
    moves = max(homes - 1, 0) + changes
    if homes < MANY and moves < MANY:
        return ""
    schools = f" and {count_of(changes, 'change')} of school" if changes else ""
    return f"{count_of(homes, 'home')}{schools} in twelve months"


def _no_current_plan(morning: Morning, child: int) -> str:
    if child not in morning.without_a_plan:
        return ""
    last = last_complete(counted(morning.cohort).plans.get(child, ()), morning.as_at)
    told = f": the last was complete on {day(last.completed_on)}" if last and last.completed_on else ""
    return f"No current PEP{told}"


def _poor_plan(morning: Morning, child: int) -> str:
    last = last_complete(counted(morning.cohort).plans.get(child, ()), morning.as_at)
    if last is None or last.completed_on is None or last.grade not in POOR:
        return ""
    return f"Last PEP graded “{GRADES[last.grade].lower()}”, {day(last.completed_on)}"


register_reason(Reason("out", "Out of education", (Section.SCHOOL,), _out_of_education))
register_reason(Reason("moves", "Moved often", (Section.PLACEMENT, Section.SCHOOL), _many_moves))
register_reason(Reason("no_plan", "No current PEP", (Section.PEP,), _no_current_plan))
register_reason(Reason("poor_plan", "Last PEP not good enough", (Section.PEP,), _poor_plan))


# What the list of children takes from here, so that it leaves by the same columns for each recipient


def _of_each(
    words: Callable[[Morning, int], str],
) -> Callable[[Actor, Sequence[int], date, dict[str, Any]], dict[int, Cell]]:
    def look_up(actor: Actor, keys: Sequence[int], as_at: date, kept: dict[str, Any]) -> dict[int, Cell]:
        if "morning" not in kept:
            kept["morning"] = Morning(actor, as_at=as_at)
        morning: Morning = kept["morning"]
        shown = morning.roll.intersection(keys)
        return {key: Cell(words(morning, key)) if key in shown else Cell(NOT_SHOWN) for key in keys}

    return look_up


def _days_in_words(morning: Morning, child: int) -> str:
    days = morning.days_without(child)
    return NOT_SHOWN if days is None else f"{days}"


def _homes_in_words(morning: Morning, child: int) -> str:
    return f"{morning.cohort.homes_in_a_year(child)}"


def _changes_in_words(morning: Morning, child: int) -> str:
    return f"{len(morning.cohort.school_changes_in_a_year(child))}"


def _picked(actor: Actor, as_at: date) -> Q:
    return Q(pk__in=Morning(actor, as_at=as_at).picks)


def register() -> None:
    """Give the list of children its columns and its view of this morning."""
    for key, heading, section, words in (
        ("days_without", "Days without education", Section.SCHOOL, _days_in_words),
        ("homes_in_a_year", "Homes in twelve months", Section.PLACEMENT, _homes_in_words),
        ("school_changes", "School changes in twelve months", Section.SCHOOL, _changes_in_words),
    ):
        # They count what happened at every school, and a dash in place of a number would tell of a mark.
        register_column(
            Column(key, heading, section, look_up=_of_each(words), requires=Can.EXPORT_A_LIST, apart=True, numeric=True)
        )
    VIEWS[VIEW] = View(
        "An inspector would ask about", Section.SCHOOL, _picked, counted=False, requires=Can.EXPORT_A_LIST
    )

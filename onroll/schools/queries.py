"""What people ask of the register of schools."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from onroll.access.actors import Actor

from .models import Inspection, School, SchoolLink

# How a link is called where a school was split: it may well go on beside the new one.
SPLIT = "split school"
# A child passes along at most this many schools, so that a ring of links in the register ends.
_STEPS = 10


def in_reach(actor: Actor) -> QuerySet[School]:
    """The national register, and the settings of the actor's own authority."""
    return School.objects.filter(Q(authority__isnull=True) | Q(authority=actor.authority))


def own_settings(actor: Actor) -> QuerySet[School]:
    """The settings that the actor's authority added."""
    return School.objects.filter(authority=actor.authority)


@dataclass(frozen=True)
class Succession:
    """A school that took another's place, and the first day on which it stands for it."""

    school: School
    first_day: date


def succession_of(school: School, on: date) -> list[Succession]:
    """The schools that had taken this one's place by a day, one after the other. Empty while it stands.

    Also empty where no school followed or more than one did: then a person decides where each child goes.
    """
    return successions_of([school], on)[school.pk]


def successor_of(school: School, on: date) -> School | None:
    """The school that stands for this one on a day, at the end of the chain. None where there is none, or no one."""
    steps = succession_of(school, on)
    return steps[-1].school if steps else None


def successions_of(schools: Iterable[School], on: date) -> dict[int, list[Succession]]:
    """For each school, by key, what took its place by a day. As many queries as the longest chain has steps."""
    chains: dict[int, list[Succession]] = {school.pk: [] for school in schools}
    ends = {school.pk: school.pk for school in schools}
    for _ in range(_STEPS):
        nexts = _next_schools(set(ends.values()), on)
        moved = False
        for first, end in list(ends.items()):
            step = nexts.get(end)
            if step and step.school.pk != first and all(step.school.pk != each.school.pk for each in chains[first]):
                chains[first].append(step)
                ends[first] = step.school.pk
                moved = True
            else:
                del ends[first]
        if not moved:
            break
    return chains


def _next_schools(keys: set[int], on: date) -> dict[int, Succession]:
    followed: dict[int, list[Succession]] = {}
    links = SchoolLink.objects.filter(predecessor__in=keys).exclude(words=SPLIT)
    for link in links.select_related("predecessor", "successor").order_by("pk"):
        first_day = _first_day(link)
        if first_day is not None and first_day <= on:
            followed.setdefault(link.predecessor_id, []).append(Succession(link.successor, first_day))
    return {key: steps[0] for key, steps in followed.items() if len(steps) == 1}


def _first_day(link: SchoolLink) -> date | None:
    """The day on which the successor begins to stand for the predecessor.

    The register's own closing day tells best: the successor stands from the next day, so that no day lies between.
    The day of a link is often the day on which it was typed in.
    """
    if link.predecessor.closed_on:
        return link.predecessor.closed_on + timedelta(days=1)
    if link.on:
        return link.on
    return link.successor.opened_on if link.predecessor.is_closed else None


def links_of(school: School) -> tuple[list[SchoolLink], list[SchoolLink]]:
    """The links to the schools before this one, and to those after it. One query."""
    links = list(
        SchoolLink.objects.filter(Q(predecessor=school) | Q(successor=school))
        .select_related("predecessor", "successor")
        .order_by("on", "pk")
    )
    return (
        [link for link in links if link.successor_id == school.pk],
        [link for link in links if link.predecessor_id == school.pk],
    )


def inspections_of(school: School) -> list[Inspection]:
    """Newest first, each with its graded areas. Two queries."""
    return list(Inspection.objects.filter(school=school).prefetch_related("area_grades").order_by("-inspected_on"))


def number_held() -> int:
    """How many schools of the national register are held here."""
    return School.objects.filter(authority__isnull=True).count()

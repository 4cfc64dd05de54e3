"""Word of moves that the virtual school has not taken up yet, for lists and the home page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from onroll.access.actors import Actor
from onroll.design.words import day

from .contradictions import called, start_of_sentence
from .disclosure import HOME, NO_NAMES, SCHOOL, Names, kept_by_mark, may_know_address, named_of
from .models import MoveNotice, PlacementAddress, SchoolPlace


@dataclass(frozen=True)
class Move:
    """A notice in words. Where the child will live stands only for those who read addresses."""

    notice: MoveNotice
    sentence: str
    where: str
    why: str
    told: str

    @property
    def happens_on(self) -> date:
        return self.notice.happens_on


def moves_to_see(actor: Actor) -> list[Move]:
    """The notices about children the actor may see that nobody has seen, the soonest move first. Two queries."""
    notices = MoveNotice.visible_to(actor).filter(seen_on__isnull=True)
    notices = notices.select_related("child", "new_school", "told_by").order_by("happens_on", "id")
    marks = marks_of({notice.child_id for notice in notices}, actor)
    return [in_words(notice, actor, marks=marks[notice.child_id]) for notice in notices]


@dataclass(frozen=True)
class Marks:
    """What stands on where a child lives and learns now: it holds for a home and a school to come as well."""

    home: str = ""
    names: Names = NO_NAMES
    keeps_the_school: bool = False


def marks_of(children: Iterable[int], actor: Actor) -> dict[int, Marks]:
    """The marks of each child for this reader. Three queries."""
    keys = set(children)
    held = PlacementAddress.unscoped.filter(child_id__in=keys, episode__end__isnull=True)
    homes = dict(held.order_by("episode__start").values_list("child_id", "disclosure"))
    names = named_of(keys, HOME, actor)
    places = SchoolPlace.unscoped.filter(kept_by_mark(actor, SCHOOL), child_id__in=keys)
    kept = set(places.values_list("child_id", flat=True))
    return {key: Marks(homes.get(key, ""), names[key], key in kept) for key in keys}


def in_words(notice: MoveNotice, actor: Actor, *, marks: Marks) -> Move:
    """The notice as this reader may know it."""
    what = {"home": "home", "school": "school", "both": "home and school"}[notice.about]
    verb = "moved" if notice.has_happened else "is to move"
    where = [f"School: {notice.new_school.name}" if notice.new_school and not marks.keeps_the_school else ""]
    if notice.new_home and may_know_address(actor, marks.home, marks.names):
        where.append(f"Home: {notice.new_home}")
    by = f" by {notice.told_by.name}" if notice.told_by else ""
    return Move(
        notice=notice,
        sentence=f"{start_of_sentence(called(notice.child))} {verb} {what} on {day(notice.happens_on)}",
        where=". ".join(part for part in where if part),
        why=notice.why,
        told=f"Told on {day(notice.told_on)}{by}",
    )

"""Places at schools and settings: starting, ending, passing to a successor, and the turn of the year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.sections import Section
from onroll.design.words import day
from onroll.history.changes import ThisChange, change, verb
from onroll.schools.models import School

from ..contradictions import (
    overlaps_in_words,
    places_of,
    refuse_if,
    why_not_end,
    why_not_start_place,
    why_not_write,
)
from ..marks import stricter
from ..models import Child, Disclosure, SchoolPlace
from .saving import keep

verb("place.started", "{actor} recorded a school place")
verb("place.ended", "{actor} recorded the end of a school place")
verb("place.hours_changed", "{actor} changed the hours of a school place")
verb("place.confirmed", "{actor} confirmed a school place")
verb("place.awaited", "{actor} recorded that the child waits for a school place")
verb("place.followed_successor", "{actor} passed the children of a closed school to its successor")
verb("place.next_started", "{actor} ended school places and started the next ones")

Kind = SchoolPlace.Kind
LeavingReason = SchoolPlace.LeavingReason


@dataclass(frozen=True, kw_only=True)
class NewPlace:
    """A place at a school or setting, as a person or a list tells of it. Without a school only as a wait for one."""

    child: Child
    school: School | None
    start: date
    kind: str = Kind.MAIN
    end: date | None = None
    hours_per_week: Decimal | None = None
    full_time_hours: Decimal | None = None
    leaving_reason: str = ""
    disclosure: str = Disclosure.ORDINARY
    why_this_school: str = ""


def why_not_start_places(new: Sequence[NewPlace], *, actor: Actor) -> dict[int, str]:
    """For each child whose new place can't start, why. The facts are fetched once for all."""
    held = places_of(place.child for place in new)
    reasons: dict[int, str] = {}
    for place in new:
        reason = (
            why_not_write(place.child, Section.SCHOOL, actor=actor)
            or why_not_start_place(
                place.child,
                school=place.school,
                kind=place.kind,
                start=place.start,
                end=place.end,
                actor=actor,
                among=held[place.child.pk],
            )
            or why_not_hours(place.hours_per_week, place.full_time_hours)
        )
        if reason:
            reasons.setdefault(place.child.pk, reason)
        held[place.child.pk].append(_row(place, "person"))
    return reasons


def why_not_hours(hours_per_week: Decimal | None, full_time_hours: Decimal | None) -> str:
    """Why these hours a week can't be right."""
    for hours in (hours_per_week, full_time_hours):
        if hours is not None and not 0 <= hours <= 60:
            return "Hours a week must be between 0 and 60."
    if hours_per_week is not None and full_time_hours is not None and hours_per_week > full_time_hours:
        return f"The hours are more than full time there, {full_time_hours.normalize():f}."
    return ""


def start_places(new: Sequence[NewPlace], *, actor: Actor, source: str = "person") -> list[SchoolPlace]:
    """Start places, all or none. A wait for a place ends on the day a main place starts."""
    for reason in why_not_start_places(new, actor=actor).values():
        refuse_if(reason)
    about = new[0].child if len(new) == 1 else None
    with overlaps_in_words(), change("place.started", actor=actor, child=about) as this:
        return _start(new, this, source)


def start_place(place: NewPlace, *, actor: Actor, source: str = "person") -> SchoolPlace:
    """Start one child's place."""
    return start_places([place], actor=actor, source=source)[0]


def _start(new: Sequence[NewPlace], this: ThisChange, source: str) -> list[SchoolPlace]:
    starts = {place.child.pk: place.start for place in new if place.kind == Kind.MAIN}
    waits = SchoolPlace.unscoped.filter(child_id__in=starts, kind=Kind.AWAITING, end__isnull=True)
    ended = [wait for wait in waits if wait.start <= starts[wait.child_id]]
    for wait in ended:
        wait.end = starts[wait.child_id]
    this.bulk_update(SchoolPlace, ended, ["end"])
    held = _marks_until_now(place.child.pk for place in new)
    rows = [_row(place, source) for place in new]
    for row in rows:
        row.disclosure = stricter(row.disclosure, held.get(row.child_id, row.disclosure))
    return this.bulk_create(SchoolPlace, rows)


def _marks_until_now(children: Iterable[int]) -> dict[int, str]:
    """The mark on each child's latest place: a new place takes it along, or the address would be told by the school."""
    places = SchoolPlace.unscoped.filter(child_id__in=set(children)).order_by("start", "id")
    return dict(places.values_list("child_id", "disclosure"))


def _row(place: NewPlace, source: str) -> SchoolPlace:
    return SchoolPlace(
        authority_id=place.child.authority_id,
        child=place.child,
        school=place.school,
        kind=place.kind,
        start=place.start,
        end=place.end,
        hours_per_week=place.hours_per_week,
        full_time_hours=place.full_time_hours,
        leaving_reason=place.leaving_reason,
        disclosure=place.disclosure,
        why_this_school=place.why_this_school,
        source=source,
    )


def why_not_change_place(place: SchoolPlace, *, actor: Actor) -> str:
    """Why the actor can't touch this place."""
    if actor.school is not None and place.school_id != actor.school:
        return "You can change places at your own school only."
    return why_not_write(place.child, Section.SCHOOL, actor=actor)


def end_places(places: Sequence[SchoolPlace], *, end: date, leaving_reason: str = "", actor: Actor) -> None:
    """End places, all or none. `end` is the first day on which the child no longer has the place."""
    for place in places:
        refuse_if(why_not_change_place(place, actor=actor) or why_not_end(place, end=end))
    about = places[0].child if len(places) == 1 else None
    with change("place.ended", actor=actor, child=about) as this:
        _end(places, end, leaving_reason, this)


def end_place(
    place: SchoolPlace,
    *,
    end: date,
    leaving_reason: str = "",
    waits: bool = False,
    why_none: str = "",
    actor: Actor,
) -> None:
    """End one place. With `waits` the child then waits for the next one, and `why_none` says why there is none."""
    refuse_if(why_not_change_place(place, actor=actor) or why_not_end(place, end=end))
    with change("place.ended", actor=actor, child=place.child_id) as this:
        _end([place], end, leaving_reason, this)
        if waits:
            wait = NewPlace(child=place.child, school=None, kind=Kind.AWAITING, start=end, why_this_school=why_none)
            this.create(_row(wait, "person"))


def _end(places: Sequence[SchoolPlace], end: date, leaving_reason: str, this: ThisChange) -> None:
    for place in places:
        place.end, place.leaving_reason, place.source = end, leaving_reason, "person"
    this.bulk_update(SchoolPlace, places, ["end", "leaving_reason", "source"])


def change_hours(
    place: SchoolPlace, *, hours_per_week: Decimal | None, full_time_hours: Decimal | None, actor: Actor
) -> None:
    """Change the hours of a place. The place goes on: it is no change of school."""
    refuse_if(why_not_change_place(place, actor=actor) or why_not_hours(hours_per_week, full_time_hours))
    with change("place.hours_changed", actor=actor, child=place.child_id) as this:
        place.hours_per_week, place.full_time_hours = hours_per_week, full_time_hours
        keep(this, place)


def confirm_place(place: SchoolPlace, *, on: date, actor: Actor) -> None:
    """Someone who knows has said that the child still has this place."""
    refuse_if(why_not_change_place(place, actor=actor))
    with change("place.confirmed", actor=actor, child=place.child_id) as this:
        place.confirmed_on = on
        keep(this, place)


def await_place(child: Child, *, start: date, school: School | None = None, why: str = "", actor: Actor) -> SchoolPlace:
    """The child has no school from this day and waits for a place, at a school that may be known already."""
    place = NewPlace(child=child, school=school, kind=Kind.AWAITING, start=start, why_this_school=why)
    for reason in why_not_start_places([place], actor=actor).values():
        refuse_if(reason)
    with change("place.awaited", actor=actor, child=child) as this:
        return this.create(_row(place, "person"))


# A school that closes


def why_not_follow_successor(school: School, successor: School, *, on: date, actor: Actor) -> str:
    """Why the children of this school can't pass to the other on this day."""
    if not can(actor, Can.ACT_ON_MANY):
        return "Your role does not change many children at once."
    if school.pk == successor.pk:
        return "A school does not follow itself."
    if successor.closed_on is not None and successor.closed_on <= on:
        return f"{successor.name} closed on {day(successor.closed_on)}."
    if not places_that_follow(school, on=on, actor=actor).exists():
        return f"No child has a place at {school.name} on or after {day(on)}."
    return ""


def places_that_follow(school: School, *, on: date, actor: Actor) -> Any:
    """The places at a closing school that go on past its last day, of the children whom the actor may see."""
    going_on = Q(end__isnull=True) | Q(end__gt=on)
    return SchoolPlace.visible_to(actor).filter(going_on, school=school).exclude(end=F("start"))


def follow_successor(school: School, *, successor: School, on: date, actor: Actor) -> int:
    """A school closes and its children pass to its successor in one act. Returns how many places passed.

    It is no move, and no child is a day without a place. A place that would only have started later starts there.
    """
    refuse_if(why_not_follow_successor(school, successor, on=on, actor=actor))
    with overlaps_in_words(), change("place.followed_successor", actor=actor) as this:
        places = list(places_that_follow(school, on=on, actor=actor).order_by("id"))
        later = [place for place in places if place.start >= on]
        running = [place for place in places if place.start < on]
        for place in later:
            place.school = successor
        this.bulk_update(SchoolPlace, later, ["school"])
        following = [_following(place, successor, on) for place in running]
        for place in running:
            place.end, place.leaving_reason = on, ""
        this.bulk_update(SchoolPlace, running, ["end", "leaving_reason"])
        this.bulk_create(SchoolPlace, following)
    return len(places)


def _following(place: SchoolPlace, successor: School, on: date) -> SchoolPlace:
    return SchoolPlace(
        authority_id=place.authority_id,
        child_id=place.child_id,
        school=successor,
        kind=place.kind,
        start=on,
        end=place.end,
        hours_per_week=place.hours_per_week,
        full_time_hours=place.full_time_hours,
        leaving_reason=place.leaving_reason,
        disclosure=place.disclosure,
        why_this_school=place.why_this_school,
        follows_closure=True,
        source=place.source,
    )


# The turn of the year


def why_not_end_and_start_next(
    children: Sequence[Child], *, end: date, next_school: School | None, start: date | None, actor: Actor
) -> dict[int, str]:
    """For each child whose main place can't end and give way to the next, why."""
    held = places_of(children)
    reasons: dict[int, str] = {}
    for child in children:
        theirs = _main_place(held[child.pk], end)
        reason = why_not_write(child, Section.SCHOOL, actor=actor)
        if not reason and theirs is None:
            reason = f"No main school place goes on to {day(end)}."
        if not reason and next_school is not None and start is not None:
            if start < end:
                reason = "The next place starts before the present one ends."
            else:
                others = [place for place in held[child.pk] if place != theirs]
                reason = why_not_start_place(
                    child, school=next_school, kind=Kind.MAIN, start=start, actor=actor, among=others
                )
        if reason:
            reasons[child.pk] = reason
    return reasons


def _main_place(places: Iterable[SchoolPlace], end: date) -> SchoolPlace | None:
    """The open main place that can end on this day."""
    return next((p for p in places if p.kind == Kind.MAIN and p.end is None and p.start <= end), None)


def end_places_and_start_next(
    children: Sequence[Child],
    *,
    end: date,
    next_school: School | None = None,
    start: date | None = None,
    leaving_reason: str = LeavingReason.NORMAL_TRANSFER,
    actor: Actor,
) -> None:
    """The turn of the year: the main places of these children end, and the next ones start. All or none."""
    if not can(actor, Can.ACT_ON_MANY):
        refuse_if("Your role does not change many children at once.")
    reasons = why_not_end_and_start_next(children, end=end, next_school=next_school, start=start, actor=actor)
    for reason in reasons.values():
        refuse_if(reason)
    held = places_of(children)
    with overlaps_in_words(), change("place.next_started", actor=actor) as this:
        ending = [place for child in children if (place := _main_place(held[child.pk], end))]
        _end(ending, end, leaving_reason, this)
        if next_school is not None and start is not None:
            _start([NewPlace(child=child, school=next_school, start=start) for child in children], this, "person")

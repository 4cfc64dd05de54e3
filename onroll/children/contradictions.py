"""Rules that answer with a reason.

`why_not_...` says why something cannot be done; the action refuses with the same words. `what_..._leaves` says what a
permitted change would leave behind; a page shows it before saving and asks for a tick. Empty: nothing is against it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.access.roles import AT_THE_HOME, SCHOOL_STAFF
from onroll.access.sections import Section, may_write
from onroll.codes import LEGAL_STATUS, PLACEMENT_PROVIDER, PLACEMENT_TYPE, REASON_CEASED, CodeSet
from onroll.codes.year_groups import age_on
from onroll.design.words import day, listed
from onroll.history.changes import Overlap
from onroll.schools.models import School

from .disclosure import SCHOOL, mark_lets, names_for
from .models import Allocation, CareEpisode, Child, Review, SchoolPlace
from .records import ChildSpell


class Refused(Exception):
    """Something that cannot be done, and why, in words to show."""


def refuse_if(reason: str) -> None:
    """Refuse with the reason, if there is one."""
    if reason:
        raise Refused(reason)


def called(child: Child) -> str:
    """The child's name as it stands inside a sentence."""
    return child.known_as or child.given_name or "this child"


def start_of_sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def belonging_to(name: str) -> str:
    """The name with its 's."""
    return f"{name}'s"


# Who may


def why_not_write(child: Child, *sections: Section, actor: Actor) -> str:
    """Why the actor's role may not change these sections of this record at all."""
    if child.authority_id != actor.authority:
        return "This record belongs to another authority."
    if child.merged_into_id is not None:
        return "This record was joined to another. Change that one."
    for section in sections:
        if not may_write(actor, section):
            return f"Your role does not change this part of the record: {section.title}."
    return ""


# Spells


def overlap(start: date, end: date | None, other_start: date, other_end: date | None) -> bool:
    """Whether two spells share a day. A spell that starts and ends on one day holds on none."""
    one, two = end or date.max, other_end or date.max
    return start < two and other_start < one and start < one and other_start < two


def why_not_dates(child: Child, start: date, end: date | None) -> str:
    """Why a fact about this child can't hold from one day to the other."""
    if start < child.birth_date:
        return f"The start is before {belonging_to(called(child))} date of birth, {day(child.birth_date)}."
    if end is not None and end < start:
        return f"The end is before the start, {day(start)}."
    return ""


def why_not_next(child: Child, held: ChildSpell | None, start: date) -> str:
    """Why the fact that holds now can't give way to a new one on this day."""
    if held is not None and held.start >= start:
        return f"The present entry starts on {day(held.start)}. Enter a later day, or correct that entry instead."
    return why_not_dates(child, start, None)


def why_not_code(code: str, codes: CodeSet[Any], on: date, what: str) -> str:
    """Why this code can't be given on this day."""
    if not code:
        return f"Choose {what}."
    if codes.get(code) is None:
        return f"“{code}” is not a code for {what}."
    if codes.get(code, on=on) is None:
        return f"“{codes[code].label}” could not be given on {day(on)}."
    return ""


# Care


def open_episodes(child: Child) -> list[CareEpisode]:
    """The episodes that have not ended, the oldest first."""
    open_ones = CareEpisode.unscoped.filter(child=child, end__isnull=True)
    return list(open_ones.select_related("placement", "address", "area_facts").order_by("start", "id"))


def why_not_start_care(child: Child, *, start: date, legal_status: str, actor: Actor) -> str:
    """Why this child can't come into care on this day."""
    name = called(child)
    if child.held_as == Child.HeldAs.OTHER_AUTHORITY:
        return (
            f"{start_of_sentence(name)} is looked after by another authority. Add a record of your own for this care."
        )
    if start > actor.today:
        return "The day care starts must be today or earlier."
    if age_on(child.birth_date, on=start) >= 18:
        return f"{start_of_sentence(name)} was 18 or over on {day(start)}."
    episodes = list(CareEpisode.unscoped.filter(child=child).order_by("start", "id"))
    if any(_was_adopted(episode) for episode in episodes):
        return (
            f"{start_of_sentence(name)} left care by adoption. A child who comes back into care after adoption "
            "has a new record, which nothing joins to this one."
        )
    for episode in episodes:
        if episode.end is None:
            return (
                f"{start_of_sentence(name)} has been looked after since {day(episode.start)}. "
                "Record a change of legal status or home instead."
            )
        if episode.end > start:
            return (
                f"{start_of_sentence(name)} was looked after until {day(episode.end)}. "
                "Care can start again from that day on."
            )
    return why_not_dates(child, start, None) or why_not_code(legal_status, LEGAL_STATUS, start, "a legal status")


def _was_adopted(episode: CareEpisode) -> bool:
    reason = REASON_CEASED.get(episode.reason_ceased)
    return reason is not None and reason.is_adoption


def why_not_change_care(child: Child, episodes: Sequence[CareEpisode], *, on: date, actor: Actor) -> str:
    """Why the open episode of this child can't end on this day. `episodes` are the open ones."""
    name = called(child)
    if not episodes:
        return f"{start_of_sentence(name)} is not looked after now. Start care first."
    if len(episodes) > 1:
        return f"{start_of_sentence(name)} has {len(episodes)} open care episodes. Correct or remove all but one first."
    if on > actor.today:
        return "The day must be today or earlier. Tell of a plan with “This child is moving”."
    if on <= episodes[0].start:
        return (
            f"The present episode starts on {day(episodes[0].start)}, and an episode can't start and end on one day. "
            "Enter a later day, or correct that entry instead."
        )
    return ""


def why_not_placement(placement_type: str, provider: str, *, on: date) -> str:
    """Why a kind of home and its provider don't go together."""
    reason = why_not_code(placement_type, PLACEMENT_TYPE, on, "a kind of placement")
    if reason:
        return reason
    kind = PLACEMENT_TYPE[placement_type]
    if kind.provider_required:
        return why_not_code(provider, PLACEMENT_PROVIDER, on, "who provides the placement")
    return f"“{kind.label}” has no provider." if provider else ""


def why_not_reason_ceased(reason_ceased: str) -> str:
    code = REASON_CEASED.get(reason_ceased)
    return "" if code is not None and code.leaves_care else "Choose why care ended."


def what_a_move_leaves(child: Child, episode: CareEpisode, *, placement_type: str) -> list[str]:
    """What a move of home would leave to look at."""
    name, left = called(child), []
    new = PLACEMENT_TYPE.get(placement_type)
    held = PLACEMENT_TYPE.get(episode.placement.placement_type) if hasattr(episode, "placement") else None
    if held is not None and held.is_temporary and new is not None and not new.is_temporary:
        before = _home_before(episode)
        if before is not None and before.placement_type != placement_type:
            was = PLACEMENT_TYPE[before.placement_type].label if before.placement_type in PLACEMENT_TYPE else "another"
            left.append(
                f"The present placement is temporary, and {name} came from: {was}. The statutory return expects "
                f"{name} to go back there before any other move."
            )
    return left


def _home_before(episode: CareEpisode) -> Any:
    earlier = CareEpisode.unscoped.filter(child_id=episode.child_id, end=episode.start).select_related("placement")
    found = earlier.order_by("-start", "-id").first()
    return getattr(found, "placement", None)


def what_ending_care_leaves(child: Child, *, on: date, reason_ceased: str = "") -> list[str]:
    """What goes on when a child's care ends on this day."""
    name, left = called(child), []
    code = REASON_CEASED.get(reason_ceased)
    if code is not None and code.is_adoption:
        return [
            "An adoption order closes this record: from then on nobody sees it here, and you can’t go back to it. "
            f"If the virtual school goes on working with {name}, add a new record, with the new name and numbers. "
            "Nothing joins the two but the sealed register."
        ]
    allocated = Allocation.unscoped.filter(child=child, end__isnull=True).exclude(role__in=AT_THE_HOME)
    allocated = allocated.select_related("account")
    people = sorted({allocation.account.name for allocation in allocated})
    if people:
        left.append(f"{listed(people)} can still see {name}. End their allocations when their work ends.")
    review = Review.unscoped.filter(child=child, held=False, on__gte=on).order_by("on").first()
    if review is not None:
        left.append(f"A care review is planned for {day(review.on)}.")
    return left


# School


def places_of(children: Iterable[Child]) -> dict[int, list[SchoolPlace]]:
    """Every school place of these children with its school, by child, oldest first. One query."""
    found: dict[int, list[SchoolPlace]] = {child.pk: [] for child in children}
    places = SchoolPlace.unscoped.filter(child_id__in=found).select_related("school").order_by("start", "id")
    for place in places:
        found[place.child_id].append(place)
    return found


def why_not_school(school: School | None, *, actor: Actor) -> str:
    """Why the actor can't record a place at this school."""
    if actor.role in SCHOOL_STAFF and (school is None or school.pk != actor.school):
        return "You can record places at your own school only."
    if school is not None and school.authority_id not in (None, actor.authority):
        return "Choose a school from the list."
    return ""


def why_not_start_place(
    child: Child,
    *,
    school: School | None,
    kind: str,
    start: date,
    end: date | None = None,
    actor: Actor,
    among: Sequence[SchoolPlace],
    ignoring: SchoolPlace | None = None,
) -> str:
    """Why this child can't have this place on these days. `among` are the child's places."""
    reason = why_not_dates(child, start, end) or why_not_school(school, actor=actor)
    if reason:
        return reason
    if school is None and kind != SchoolPlace.Kind.AWAITING:
        return "Choose the school."
    if school is not None and school.closed_on is not None and start >= school.closed_on:
        return f"{school.name} closed on {day(school.closed_on)}."
    if actor.role in SCHOOL_STAFF and kind == SchoolPlace.Kind.MAIN and ignoring is None:
        # A refusal, or none, would tell a school whether and when the child has a place at another one.
        return "The virtual school starts a main school place. Tell them from which day the child is yours."
    for other in among:
        itself = ignoring is not None and other.pk == ignoring.pk
        if itself or not overlap(start, end, other.start, other.end):
            continue
        if kind == other.kind == SchoolPlace.Kind.MAIN:
            # Nobody learns from a refusal of a school that is kept from them.
            elsewhere = not knows_place(other, actor)
            where = "at another school" if elsewhere else f"at {other.school} {_from_to(other)}"
            return f"{start_of_sentence(called(child))} has a main school place {where}. End that place first."
        if school is not None and other.school_id == school.pk and kind == other.kind:
            return f"{start_of_sentence(called(child))} has this place at {school.name} already, {_from_to(other)}."
    return ""


def knows_place(place: SchoolPlace, actor: Actor) -> bool:
    """Whether this place may be named to the actor: to a school only its own, to others as its mark says."""
    if actor.role in SCHOOL_STAFF:
        return place.school_id == actor.school
    return mark_lets(actor, place.disclosure, names_for(place.child_id, SCHOOL, place.disclosure, actor))


def _from_to(spell: ChildSpell) -> str:
    if spell.end is None:
        return f"since {day(spell.start)}"
    return f"from {day(spell.start)} to {day(spell.end)}"


def why_not_end(spell: ChildSpell, *, end: date) -> str:
    """Why a spell can't end on this day."""
    if spell.end is not None:
        return f"This ended on {day(spell.end)} already. Correct the entry instead."
    if end < spell.start:
        return f"The end is before the start, {day(spell.start)}."
    return ""


def what_ending_a_place_leaves(
    child: Child, place: SchoolPlace, *, end: date, among: Sequence[SchoolPlace]
) -> list[str]:
    """Whether the child has a main school or a recorded wait on the day the place ends."""
    if place.kind != SchoolPlace.Kind.MAIN:
        return []
    says_why = (SchoolPlace.Kind.MAIN, SchoolPlace.Kind.AWAITING)
    if any(other.pk != place.pk and other.kind in says_why and other.holds_on(end) for other in among):
        return []
    return [
        f"This leaves {called(child)} without a school from {day(end)}. Add the next place, or say why there is none."
    ]


def what_a_place_leaves(
    child: Child, school: School | None, *, kind: str, start: date, among: Sequence[SchoolPlace]
) -> list[str]:
    """What looks odd about a place that may be right all the same."""
    left: list[str] = []
    if school is None:
        return left
    name = called(child)
    age = age_on(child.birth_date, on=start)
    low, high = school.age_low, school.age_high
    if (low is not None and age < low) or (high is not None and age > high):
        ages = f"{low or 0} to {high or 'any'}"
        left.append(f"{start_of_sentence(name)} is {age} on {day(start)}. {school.name} takes ages {ages}.")
    if school.opened_on is not None and start < school.opened_on:
        left.append(f"{school.name} opened on {day(school.opened_on)}, after the place starts.")
    if kind == SchoolPlace.Kind.MAIN:
        ended = [p.end for p in among if p.kind == SchoolPlace.Kind.MAIN and p.end is not None and p.end <= start]
        waits = [p for p in among if p.kind == SchoolPlace.Kind.AWAITING]
        if ended and max(ended) < start and not any(w.holds_on(max(ended)) for w in waits):
            left.append(f"No school is recorded for {name} from {day(max(ended))} to {day(start)}.")
    return left


@contextmanager
def overlaps_in_words() -> Iterator[None]:
    """What the database keeps apart is refused in words, also where two people acted at the same moment."""
    try:
        yield
    except Overlap as error:
        raise Refused(f"{error} Someone else may have changed the record just now. Look at it again.") from error

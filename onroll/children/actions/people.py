"""Who works with a child, from when to when. An allocation is what opens the record to a person."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.design.words import day, lower_first
from onroll.history.changes import ThisChange, change, verb
from onroll.people.models import Post

from ..contradictions import (
    called,
    overlap,
    overlaps_in_words,
    refuse_if,
    start_of_sentence,
    why_not_end,
    why_not_write,
)
from ..models import Allocation, Child
from ..records import ChildSpell
from .saving import keep

verb("people.allocated", "{actor} allocated someone to the child")
verb("people.allocated_many", "{actor} allocated someone to children")
verb("people.allocation_ended", "{actor} ended an allocation")

ALLOCATED = (
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    Role.IRO,
    Role.VS_OFFICER,
    Role.CARER,
    Role.SUPERVISING_SW,
    Role.PERSONAL_ADVISER,
    Role.DIRECTOR,
    Role.EET,
)


def section_of(role: str) -> Section:
    """The section that guards an allocation in this role: who the carers are is a stricter one."""
    return Section.CARER if role == Role.CARER else Section.PROFESSIONALS


def why_not_holder(account: Account, role: str, *, start: date, actor: Actor) -> str:
    """Why this person can't be allocated in this role from this day."""
    if role not in ALLOCATED:
        return "Choose the role."
    posts = Post.objects.filter(account=account, authority_id=actor.authority, role=role)
    if not posts.filter(Q(end__isnull=True) | Q(end__gt=start)).exists() or not account.is_active:
        return f"{account.name} has no post as {lower_first(Role(role).label)} on {day(start)} or later."
    return ""


def why_not_allocate(
    children: Sequence[Child], *, account: Account, role: str, start: date, in_place: bool, actor: Actor
) -> dict[int, str]:
    """For each child to whom this person can't be allocated, why. The facts are fetched once for all."""
    held = _held(children, role)
    holder = why_not_holder(account, role, start=start, actor=actor)
    reasons: dict[int, str] = {}
    for child in children:
        reason = why_not_write(child, section_of(role), actor=actor) or holder
        if not reason and start < child.birth_date:
            reason = "The start is before the date of birth."
        for other in held[child.pk]:
            reason = reason or _why_not_beside(child, other, account, role, start, in_place)
        if reason:
            reasons[child.pk] = reason
    return reasons


def _why_not_beside(child: Child, other: Allocation, account: Account, role: str, start: date, in_place: bool) -> str:
    if not overlap(start, None, other.start, other.end):
        return ""
    words = f"{other.account.name} is {lower_first(Role(role).label)} of {called(child)} {_from(other, start)}."
    if other.account_id == account.pk:
        return words
    gives_way = other.end is None and other.start < start
    if role == Role.SOCIAL_WORKER and not gives_way:
        return f"{words} Enter a later day, or correct that entry."
    if in_place and not gives_way and other.end is None:
        return f"{words} Enter a later day, or leave that allocation as it is."
    return ""


def _from(spell: ChildSpell, on: date) -> str:
    return f"since {day(spell.start)}" if spell.start < on else f"from {day(spell.start)}"


def _held(children: Iterable[Child], role: str) -> dict[int, list[Allocation]]:
    found: dict[int, list[Allocation]] = {child.pk: [] for child in children}
    rows = Allocation.unscoped.filter(child_id__in=found, role=role).select_related("account").order_by("start", "id")
    for row in rows:
        found[row.child_id].append(row)
    return found


def allocate_many(
    children: Sequence[Child],
    *,
    account: Account,
    role: str,
    start: date,
    in_place: bool = True,
    actor: Actor,
    source: str = "person",
) -> list[Allocation]:
    """Allocate one person to each of the children, all or none.

    With `in_place` those who held the role until then end on that day. A child has one social worker at a time, so
    for that role it is always so.
    """
    if len(children) > 1 and not can(actor, Can.ACT_ON_MANY):
        refuse_if("Your role does not change many children at once.")
    in_place = in_place or role == Role.SOCIAL_WORKER
    reasons = why_not_allocate(children, account=account, role=role, start=start, in_place=in_place, actor=actor)
    for child in children:
        reason = reasons.get(child.pk, "")
        refuse_if(reason if len(children) == 1 or not reason else f"{start_of_sentence(called(child))}: {reason}")
    about = children[0] if len(children) == 1 else None
    name = "people.allocated" if about else "people.allocated_many"
    with overlaps_in_words(), change(name, actor=actor, child=about) as this:
        if in_place:
            _end_present_ones(children, role, start, this)
        return this.bulk_create(
            Allocation,
            [
                Allocation(
                    authority_id=child.authority_id,
                    child=child,
                    account=account,
                    role=role,
                    start=start,
                    source=source,
                )
                for child in children
            ],
        )


def _end_present_ones(children: Sequence[Child], role: str, start: date, this: ThisChange) -> None:
    present = Allocation.unscoped.filter(child__in=children, role=role, end__isnull=True, start__lt=start)
    ending = list(present.order_by("id"))
    for allocation in ending:
        allocation.end, allocation.source = start, "person"
    this.bulk_update(Allocation, ending, ["end", "source"])


def allocate(
    child: Child,
    *,
    account: Account,
    role: str,
    start: date,
    in_place: bool = True,
    actor: Actor,
    source: str = "person",
) -> Allocation:
    """Allocate a person to one child."""
    return allocate_many(
        [child], account=account, role=role, start=start, in_place=in_place, actor=actor, source=source
    )[0]


def end_allocation(allocation: Allocation, *, end: date, actor: Actor) -> None:
    """The person's work with the child ends: from this day on the record is closed to them."""
    refuse_if(
        why_not_write(allocation.child, section_of(allocation.role), actor=actor) or why_not_end(allocation, end=end)
    )
    with change("people.allocation_ended", actor=actor, child=allocation.child_id) as this:
        allocation.end = end
        keep(this, allocation)

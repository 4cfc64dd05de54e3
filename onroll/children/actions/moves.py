"""A social worker's word that a child is moving home or school, put before the virtual school."""

from datetime import date

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.sections import Section
from onroll.design.words import day
from onroll.history.changes import change, verb
from onroll.schools.models import School

from ..contradictions import called, refuse_if, why_not_write
from ..models import Child, MoveNotice

verb("move.told", "{actor} told the virtual school of a move")
verb("move.seen", "{actor} saw the notice of a move")

# What a plan far ahead says is a wish, and a move long ago belongs in the record itself.
FARTHEST = 366


def why_not_tell(child: Child, *, about: str, happens_on: date, has_happened: bool, actor: Actor) -> str:
    """Why this word of a move can't be taken."""
    if child.authority_id != actor.authority or child.merged_into_id is not None:
        return "This record belongs elsewhere."
    if not can(actor, Can.TELL_OF_A_MOVE):
        return "Your role does not tell of moves."
    if about not in MoveNotice.About.values:
        return f"Choose what {called(child)} is moving."
    if has_happened and happens_on > actor.today:
        return f"{day(happens_on)} has not come yet. Say that the move is planned."
    if not has_happened and happens_on < actor.today:
        return f"{day(happens_on)} is over. Say that the move has happened."
    if abs((happens_on - actor.today).days) > FARTHEST:
        return "Enter a day within a year of today."
    return ""


def tell_of_a_move(
    child: Child,
    *,
    about: str,
    happens_on: date,
    has_happened: bool,
    why: str = "",
    new_home: str = "",
    new_school: School | None = None,
    actor: Actor,
) -> MoveNotice:
    """Tell the virtual school, before or after the day. It changes no school or home: the virtual school does."""
    refuse_if(why_not_tell(child, about=about, happens_on=happens_on, has_happened=has_happened, actor=actor))
    with change("move.told", actor=actor, child=child) as this:
        return this.create(
            MoveNotice(
                authority_id=child.authority_id,
                child=child,
                about=about,
                happens_on=happens_on,
                has_happened=has_happened,
                why=why.strip(),
                new_home=new_home.strip(),
                new_school=new_school,
                told_by_id=actor.account,
                told_on=actor.today,
            )
        )


def mark_seen(notice: MoveNotice, *, actor: Actor) -> None:
    """Someone of the virtual school has seen the notice and takes it up."""
    refuse_if(
        why_not_write(notice.child, Section.SCHOOL, actor=actor)
        or (f"It was seen on {day(notice.seen_on)}." if notice.seen_on else "")
    )
    with change("move.seen", actor=actor, child=notice.child_id) as this:
        notice.seen_on = actor.today
        this.save(notice)

"""What is done with the people of a meeting: asking them, writing down their replies, and who came.

Who is asked to a meeting that is booked is told at once; who was asked before is told when it is booked. When its day
or time changes a reply counts no more, and everybody is asked again.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from onroll.access.actors import Actor
from onroll.access.sections import Section
from onroll.children.contradictions import Refused, refuse_if, why_not_write
from onroll.history.changes import ThisChange, verb

from ..holding import at_once
from ..meeting_models import MeetingPerson
from ..models import Pep
from ..workflow import WRITTEN_IN, State
from .mails import BEFORE_MEETING, INVITED, MOVED, tell
from .people import Part, Proposed, came_of_part, people_of

verb("pep.people_asked", "{actor} chose the people of a PEP meeting")
verb("pep.invitation_answered", "{actor} said whether somebody comes to a PEP meeting")
verb("pep.who_came", "{actor} wrote down who came to a PEP meeting")

MOST_PEOPLE = 30


def why_not_ask(pep: Pep, *, actor: Actor) -> str:
    """Why this person can't choose the people of the meeting now."""
    if reason := why_not_write(pep.child, Section.PEP, actor=actor):
        return reason
    return "" if State(pep.state) in WRITTEN_IN else f"The plan is {pep.get_state_display().lower()} now."


def choose_people(
    pep: Pep,
    chosen: Sequence[Proposed],
    *,
    named: Sequence[tuple[str, str]] = (),
    taken_off: Collection[int] = (),
    actor: Actor,
) -> int:
    """Ask these people, and take some off the list. `named`: parts and names of people without an account.

    Answers how many were told. Raises Refused where somebody who came is taken off.
    """
    with at_once("pep.people_asked", pep, actor=actor) as this:
        refuse_if(why_not_ask(pep, actor=actor))
        listed = people_of(pep)
        leaving = [each for each in listed if each.pk in taken_off]
        if any(each.attendance for each in leaving):
            raise Refused("Who came to the meeting stays in the list. Correct it under “Who came”.")
        if len(listed) - len(leaving) + len(chosen) + len(named) > MOST_PEOPLE:
            raise Refused(f"A meeting has {MOST_PEOPLE} people at the most. Take somebody off first.")
        for each in leaving:
            this.delete(MeetingPerson.unscoped.filter(pk=each.pk))
        known = {each.account_id for each in listed} - {None}
        new = [_row(pep, each.part, account=each.account) for each in chosen if _is_new(each, known)]
        new += [_row(pep, part, name=name) for part, name in named]
        for person in new:
            person.invited_on = actor.today if _is_to_come(pep) else None
            this.create(person)
        return tell(INVITED, pep, new, today=actor.today) if _is_to_come(pep) else 0


def _is_new(proposal: Proposed, known: Collection[int | None]) -> bool:
    return proposal.account is None or proposal.account.pk not in known


def _row(pep: Pep, part: str, *, account: object = None, name: str = "") -> MeetingPerson:
    keys = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": pep}
    return MeetingPerson(**keys, part=part, account=account, name="" if part == Part.CARER else name.strip())


def _is_to_come(pep: Pep) -> bool:
    return pep.meeting_on is not None and State(pep.state) in BEFORE_MEETING


def follow_booking(this: ThisChange, pep: Pep, *, was: tuple[object, ...], is_first: bool, actor: Actor) -> None:
    """Ask the people of a meeting that was booked, and tell those who were asked that its day, time or mode changed."""
    when_and_how = (pep.meeting_on, pep.meeting_time, pep.meeting_mode)
    if when_and_how == was:
        return
    people = people_of(pep)
    first = [each for each in people if each.invited_on is None]
    again = [each for each in people if each.invited_on is not None]
    moved = when_and_how[:2] != was[:2] and not is_first
    for person in first:
        person.invited_on = actor.today
    for person in again if moved else ():
        person.reply, person.replied_on, person.reminded_on = "", None, None
    for person in (*first, *(again if moved else ())):
        this.save(person, ["invited_on", "reply", "replied_on", "reminded_on"])
    tell(INVITED, pep, first, today=actor.today)
    tell(MOVED, pep, again, today=actor.today)


# Replies


def own_row(pep: Pep, actor: Actor) -> MeetingPerson | None:
    """This person's own place among the people of the meeting; of who stands in for another, the other's."""
    if actor.holder is None:
        return None
    found = MeetingPerson.unscoped.filter(pep=pep, account_id=actor.holder).select_related("account").first()
    return found


def why_not_answer(pep: Pep, person: MeetingPerson | None, *, actor: Actor) -> str:
    """Why this person can't say whether that one comes."""
    if person is None:
        return "You are not asked to this meeting."
    if person.account_id != actor.holder and (reason := why_not_write(pep.child, Section.PEP, actor=actor)):
        return reason
    if not _is_to_come(pep):
        return "There is no meeting to come. If it was held, nobody has to reply any more."
    return ""


def answer(pep: Pep, person: MeetingPerson, reply: str, *, sent_views: bool, actor: Actor) -> None:
    """Write down whether somebody comes, by themselves or for them, and whether they send their views instead."""
    with at_once("pep.invitation_answered", pep, actor=actor) as this:
        person.refresh_from_db()
        refuse_if(why_not_answer(pep, person, actor=actor))
        person.reply, person.replied_on = reply, actor.today
        person.invited_on = person.invited_on or actor.today
        person.sent_views = sent_views and reply == MeetingPerson.Reply.CANNOT
        this.save(person, ["reply", "replied_on", "invited_on", "sent_views"])


# Who came


def why_not_say_who_came(pep: Pep, *, actor: Actor) -> str:
    """Why it can't be said now who came."""
    if pep.held_on is None:
        return "Say first that the meeting was held."
    return why_not_ask(pep, actor=actor)


def note_who_came(
    this: ThisChange, pep: Pep, said: Mapping[int, str], *, named: Sequence[tuple[str, str]] = ()
) -> None:
    """Write down of each of the people whether they came, and who else did. The plan's own columns follow, so that
    figures and files say the same. Call it inside a change that saves the plan.
    """
    people = people_of(pep)
    for person in people:
        if person.pk in said and said[person.pk] != person.attendance:
            person.attendance = said[person.pk]
            this.save(person, ["attendance"])
    for part, name in named:
        person = _row(pep, part, name=name)
        person.attendance = MeetingPerson.Attendance.CAME
        this.create(person)
        people.append(person)
    for part, column in ((Part.YOUNG_PERSON, "young_person_attended"), (Part.VIRTUAL_SCHOOL, "vs_attended")):
        if (came := came_of_part(people, part)) is not None:
            setattr(pep, column, came)


def say_who_came(
    pep: Pep,
    said: Mapping[int, str],
    *,
    named: Sequence[tuple[str, str]] = (),
    next_on: date | None,
    actor: Actor,
) -> None:
    """Correct who came, and keep the day of the next meeting."""
    with at_once("pep.who_came", pep, actor=actor) as this:
        refuse_if(why_not_say_who_came(pep, actor=actor) or why_not_next_on(pep, next_on))
        note_who_came(this, pep, said, named=named)
        pep.next_meeting_on = next_on
        this.save(pep, ["young_person_attended", "vs_attended", "next_meeting_on"])


def why_not_next_on(pep: Pep, next_on: date | None) -> str:
    """Why the next meeting can't be on this day."""
    if next_on is not None and pep.held_on is not None and next_on <= pep.held_on:
        return "The next meeting comes after this one. Choose a later day."
    return ""

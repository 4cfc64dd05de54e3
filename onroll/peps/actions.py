"""What people do with a plan as a whole: book its meeting, hand it in, return it, sign it off, set it aside.

Each act is a row of the table in `workflow`. `why_not` says why it can't be done now, and the act refuses with the same
words; what is to be written before a plan can be handed in stands in `finishing`.
"""

from collections.abc import Mapping
from datetime import date, time

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import DESIGNATED_TEACHERS, Role
from onroll.access.sections import Section
from onroll.children.contradictions import Refused, refuse_if, why_not_write
from onroll.children.models import Allocation
from onroll.children.records import holds_on
from onroll.design.words import day
from onroll.history.changes import ThisChange, verb

from .holding import at_once
from .meeting.acts import follow_booking, note_who_came, why_not_next_on
from .models import Pep, PepAudit, Signature
from .notices import tell_returned, tell_signed_off
from .turns import Who, lead_of
from .workflow import CLOSED, HANDED_IN, SIGNS, Act, State, acts_in

for _act in Act:
    verb(_act.verb, f"{{actor}} {_act.value.words}")
verb("pep.meeting_moved", "{actor} moved the meeting of a PEP")
verb("pep.help_asked", "{actor} said whether the virtual school is needed at the meeting")
verb("pep.signed", "{actor} signed a PEP")

LEAST_REASON = 10
TOO_EARLY = "A plan can be closed as missed from the first day of the next term on. Until then it can still be done."


def why_not(pep: Pep, act: Act, *, actor: Actor) -> str:
    """Why this actor can't do this with the plan as it stands."""
    if reason := why_not_write(pep.child, Section.PEP, actor=actor):
        return reason
    move = act.value
    if actor.role not in move.roles and actor.role != "system":
        return "This is another person’s to do."
    if pep.state not in move.start:
        return f"The plan is {pep.get_state_display().lower()} now. Look at it again."
    return ""


def offered(pep: Pep, actor: Actor) -> list[Act]:
    """The acts that stand as buttons for this actor on this plan, in the order of the table."""
    return [act for act in acts_in(State(pep.state), actor.role) if not why_not(pep, act, actor=actor)]


def book_meeting(
    pep: Pep,
    on: date,
    *,
    at: time | None = None,
    minutes: int = 60,
    mode: str = "",
    place: str = "",
    actor: Actor,
) -> None:
    """Say when the meeting is, how people meet and where. A second booking moves it. Who is asked to it is told.

    Raises Refused where the plan is past its meeting, or the day is none for a meeting of it.
    """
    moves = pep.meeting_on is not None
    with at_once("pep.meeting_moved" if moves else Act.BOOK.verb, pep, actor=actor) as this:
        refuse_if(why_not_write(pep.child, Section.PEP, actor=actor) or why_not_meet_on(pep, on, actor=actor))
        was = (pep.meeting_on, pep.meeting_time, pep.meeting_mode)
        pep.meeting_on, pep.meeting_time, pep.meeting_minutes = on, at, minutes
        pep.meeting_mode, pep.meeting_place = mode, place.strip()
        if pep.state == State.DUE:
            pep.state = State.BOOKED
        booked = ["meeting_on", "meeting_time", "meeting_minutes", "meeting_mode", "meeting_place", "state"]
        this.save(pep, booked)
        follow_booking(this, pep, was=was, is_first=not moves, actor=actor)


def why_not_meet_on(pep: Pep, on: date, *, actor: Actor) -> str:
    """Why the meeting can't be on this day."""
    if pep.state not in (State.DUE, State.BOOKED, State.IN_PREPARATION):
        return "The meeting of this plan was held. Its day can’t be moved."
    if pep.opens_on is not None and on < pep.opens_on:
        return f"The plan opens on {day(pep.opens_on)}. The meeting can’t be before that."
    if on < actor.today:
        return "Choose today or a day to come. If the meeting was held, say so in place of booking it."
    return ""


def ask_for_help(pep: Pep, asked: str, who: Account | None, *, actor: Actor) -> None:
    """Say whether somebody from the virtual school is needed at the meeting, and who goes (R142)."""
    with at_once("pep.help_asked", pep, actor=actor) as this:
        refuse_if(why_not_write(pep.child, Section.PEP, actor=actor))
        refuse_if("The plan is closed. Nobody is needed at its meeting any more." if pep.state in CLOSED else "")
        asks = asked != Pep.Support.NO
        if asked != pep.support_required:
            pep.support_asked_on = actor.today if asks else None
        pep.support_required, pep.support_by = asked, who if asks else None
        this.save(pep, ["support_required", "support_by", "support_asked_on"])


def hold_meeting(
    pep: Pep,
    on: date,
    *,
    young_person_attended: bool,
    vs_attended: bool,
    outside_lessons: bool | None = None,
    people: Mapping[int, str] | None = None,
    mode: str = "",
    next_on: date | None = None,
    actor: Actor,
) -> None:
    """Write down that the meeting was held, on which day and with whom.

    `people`: of each of the people of the meeting, by their keys, whether they came. What it says of the young person
    and of the virtual school goes before the two columns that are counted.
    """
    with at_once(Act.HOLD_MEETING.verb, pep, actor=actor) as this:
        refuse_if(why_not(pep, Act.HOLD_MEETING, actor=actor))
        refuse_if("Choose today or an earlier day: this meeting is still to come." if on > actor.today else "")
        if pep.opens_on is not None and on < pep.opens_on:
            raise Refused(f"The plan opened on {day(pep.opens_on)}. The meeting can’t have been before that.")
        pep.state, pep.meeting_on, pep.held_on = State.HELD, on, on
        pep.started_on = pep.started_on or on
        pep.young_person_attended, pep.vs_attended = young_person_attended, vs_attended
        pep.outside_lessons, pep.meeting_mode = outside_lessons, mode or pep.meeting_mode
        refuse_if(why_not_next_on(pep, next_on))
        pep.next_meeting_on = next_on
        note_who_came(this, pep, people or {})
        came = ["young_person_attended", "vs_attended", "outside_lessons", "meeting_mode", "next_meeting_on"]
        this.save(pep, ["state", "meeting_on", "held_on", "started_on", *came])


def draw_for_audit(pep: Pep, *, actor: Actor) -> None:
    """Take a plan that was handed in into the audit."""
    with at_once(Act.DRAW.verb, pep, actor=actor) as this:
        refuse_if(why_not(pep, Act.DRAW, actor=actor))
        pep.state = State.IN_AUDIT
        this.save(pep, ["state"])
        keys = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": pep}
        this.create(PepAudit(**keys, drawn_on=actor.today, why_drawn="Taken into the audit by hand."))


def give_back(pep: Pep, reason: str, *, actor: Actor) -> None:
    """Return a plan with what has to be put right. Never for what the child or another agency did not do."""
    with at_once(Act.RETURN.verb, pep, actor=actor, reason=reason.strip()) as this:
        refuse_if(why_not(pep, Act.RETURN, actor=actor) or _why_not_reason(reason))
        pep.state, pep.returned_on, pep.return_reason = State.RETURNED, actor.today, reason.strip()
        this.save(pep, ["state", "returned_on", "return_reason"])
        tell_returned(pep, today=actor.today)
        # Who signed, signed what was not yet right.
        this.delete(Signature.unscoped.filter(pep=pep))


def sign_off(pep: Pep, *, without: str = "", actor: Actor) -> None:
    """Accept a plan for the virtual school. `without`: why a signature that is missing can't be had.

    Raises Refused where the school or social care has not signed and no reason is given.
    """
    with at_once(Act.SIGN_OFF.verb, pep, actor=actor, reason=without.strip()) as this:
        refuse_if(why_not(pep, Act.SIGN_OFF, actor=actor))
        signed = set(Signature.unscoped.filter(pep=pep).values_list("signed_as", flat=True))
        missing = {Signature.As.LEAD.value, Signature.As.SOCIAL_WORKER.value} - signed
        if missing and len(without.strip()) < LEAST_REASON:
            names = " and ".join(sorted(Signature.As(each).label.lower() for each in missing))
            raise Refused(f"Not signed by {names}. Wait for it, or say why it can’t be had.")
        accept(this, pep, without.strip(), actor=actor)


def accept(this: ThisChange, pep: Pep, why: str, *, actor: Actor) -> None:
    """Sign a plan off, and tell those who wrote it. `why`: what is to stand beside the virtual school's signature."""
    pep.state, pep.signed_off_on = State.SIGNED_OFF, actor.today
    this.save(pep, ["state", "signed_off_on"])
    this.delete(Signature.unscoped.filter(pep=pep, signed_as=Signature.As.VIRTUAL_SCHOOL))
    this.create(signature_of(pep, Signature.As.VIRTUAL_SCHOOL, why, actor=actor))
    tell_signed_off(pep, today=actor.today)


def sign(pep: Pep, signed_as: Signature.As, *, instead: str = "", actor: Actor) -> None:
    """Agree to a plan that was handed in. `instead`: why in place of the one whose turn it is.

    Raises Refused where somebody signs in place of another and does not say why.
    """
    with at_once("pep.signed", pep, actor=actor) as this:
        refuse_if(why_not_sign(pep, signed_as, actor=actor) or why_not_instead(pep, signed_as, instead, actor=actor))
        this.create(signature_of(pep, signed_as, instead.strip(), actor=actor))


def why_not_sign(pep: Pep, signed_as: Signature.As, *, actor: Actor) -> str:
    """Why this actor can't sign now."""
    if reason := why_not_write(pep.child, Section.PEP, actor=actor):
        return reason
    if pep.state not in HANDED_IN:
        return "The plan is signed once it is handed in."
    if actor.role not in SIGNS[signed_as]:
        return "This is another person’s to sign."
    if Signature.unscoped.filter(pep=pep, signed_as=signed_as).exists():
        return "It is signed already."
    return ""


def why_not_instead(pep: Pep, signed_as: Signature.As, instead: str, *, actor: Actor) -> str:
    """Why a signature in place of somebody else does not count yet: it says no reason."""
    if len(instead.strip()) >= LEAST_REASON or not signs_for_another(pep, signed_as, actor=actor):
        return ""
    return f"You sign in place of somebody else. Say why, in {LEAST_REASON} characters or more."


def signs_for_another(pep: Pep, signed_as: Signature.As, *, actor: Actor) -> bool:
    """Whether it is another's turn to sign: the school's, or that of a social worker whom the child has."""
    if signed_as == Signature.As.LEAD:
        from_school = actor.role in DESIGNATED_TEACHERS
        return from_school is (lead_of(pep) is Who.VIRTUAL_SCHOOL)
    if actor.role != Role.TEAM_MANAGER:
        return False
    now = holds_on(actor.today)
    return Allocation.unscoped.filter(now, child=pep.child_id, role=Role.SOCIAL_WORKER).exists()


def signature_of(pep: Pep, signed_as: Signature.As, instead: str, *, actor: Actor) -> Signature:
    return Signature(
        authority_id=pep.authority_id,
        child_id=pep.child_id,
        pep=pep,
        signed_as=signed_as,
        on=actor.today,
        by_id=actor.account,
        by_name=actor.name,
        instead=instead,
    )


def amend(pep: Pep, reason: str, *, actor: Actor) -> None:
    """Open a plan again after it was signed off. What was signed stays in its history; this is a new edition."""
    with at_once(Act.AMEND.verb, pep, actor=actor, reason=reason.strip()) as this:
        refuse_if(why_not(pep, Act.AMEND, actor=actor) or _why_not_reason(reason))
        pep.state, pep.edition = State.HELD, pep.edition + 1
        this.save(pep, ["state", "edition"])
        this.delete(Signature.unscoped.filter(pep=pep))


def put_on_hold(pep: Pep, reason: str, *, actor: Actor) -> None:
    """Stop asking for a plan while the child is missing. Its date is kept."""
    with at_once(Act.PUT_ON_HOLD.verb, pep, actor=actor, reason=reason.strip()) as this:
        refuse_if(why_not(pep, Act.PUT_ON_HOLD, actor=actor) or _why_not_reason(reason))
        pep.state, pep.closing_reason = State.ON_HOLD, reason.strip()
        this.save(pep, ["state", "closing_reason"])


def take_up(pep: Pep, *, actor: Actor) -> None:
    """Go on with a plan that was on hold, from where it stood."""
    with at_once(Act.TAKE_UP.verb, pep, actor=actor) as this:
        refuse_if(why_not(pep, Act.TAKE_UP, actor=actor))
        if pep.returned_on is not None and pep.signed_off_on is None:
            pep.state = State.RETURNED
        elif pep.held_on is not None:
            pep.state = State.HELD
        elif pep.started_on is not None:
            pep.state = State.IN_PREPARATION
        else:
            pep.state = State.BOOKED if pep.meeting_on else State.DUE
        pep.closing_reason = ""
        this.save(pep, ["state", "closing_reason"])


def exempt(pep: Pep, why: str, reason: str, *, actor: Actor) -> None:
    """Say that no plan is needed, and why. What was written is kept."""
    with at_once(Act.EXEMPT.verb, pep, actor=actor, reason=reason.strip()) as this:
        refuse_if(why_not(pep, Act.EXEMPT, actor=actor) or _why_not_reason(reason))
        pep.state, pep.exempt_reason = State.EXEMPT, why
        pep.closing_reason, pep.closed_on = reason.strip(), actor.today
        this.save(pep, ["state", "exempt_reason", "closing_reason", "closed_on"])


def close_as_missed(pep: Pep, reason: str, *, next_term_began: bool, actor: Actor) -> None:
    """Close a plan that was not done. It stays not done in its term's figures.

    Raises Refused before the first day of the next term: until then it can still be done.
    """
    with at_once(Act.CLOSE_AS_MISSED.verb, pep, actor=actor, reason=reason.strip()) as this:
        refuse_if(why_not(pep, Act.CLOSE_AS_MISSED, actor=actor) or _why_not_reason(reason))
        refuse_if("" if next_term_began else TOO_EARLY)
        pep.state, pep.closing_reason, pep.closed_on = State.MISSED, reason.strip(), actor.today
        this.save(pep, ["state", "closing_reason", "closed_on"])


def _why_not_reason(reason: str) -> str:
    if len(reason.strip()) < LEAST_REASON:
        return f"Give the reason in {LEAST_REASON} characters or more."
    return "" if len(reason) <= 500 else "Give the reason in 500 characters or fewer."

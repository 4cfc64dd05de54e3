"""Who a child is: adding a record, names, numbers, characteristics."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.roles import COMMAND_LINE, SYSTEM, Role
from onroll.access.sections import Section, may_write
from onroll.codes import ETHNICITY, LOCAL_AUTHORITY, OUTSIDE_ENGLAND, SEX, UPN_UNKNOWN
from onroll.codes.uln import tidy_uln, why_not_uln
from onroll.codes.upn import tidy_upn, why_not_form, why_not_upn
from onroll.history.changes import ThisChange, change, verb

from ..closing import why_not_numbers_of_closed
from ..contradictions import refuse_if, why_not_next, why_not_write
from ..matching import left_by_adoption
from ..models import Allocation, Characteristics, CharacteristicSpell, Child, FormerName, Identifiers, Status
from ..searching import search_words_of
from .people import why_not_holder
from .saving import keep
from .spells import start_next

verb("child.added", "{actor} added the child")
verb("child.identity_corrected", "{actor} corrected who the child is")
verb("child.name_changed", "{actor} recorded a change of name")
verb("child.numbers_recorded", "{actor} recorded the child's numbers")
verb("child.characteristics_recorded", "{actor} recorded characteristics")
verb("child.characteristic_changed", "{actor} recorded a characteristic from a day on")
verb("child.status_recorded", "{actor} recorded another status")
verb("child.status_ended", "{actor} recorded the end of another status")

HeldAs = Child.HeldAs
_SEE_EVERYONE = (Role.VSH, Role.DEPUTY_VSH, Role.VS_ADMIN, Role.DATA_OFFICER)

# Those whom the duty does not cover: held only where the law gives a basis, which is written down.
NEEDS_A_BASIS = (Status.Kind.CHILD_IN_NEED, Status.Kind.CHILD_PROTECTION, Status.Kind.KINSHIP)

# What can make a new legal name. An adoption makes a new record instead.
NAME_EVENTS = (
    ("deed", "Deed poll or statutory declaration"),
    ("court", "Court order"),
    ("registration", "Birth registered again"),
    ("marriage", "Marriage or civil partnership"),
)


@dataclass(frozen=True, kw_only=True)
class NewStatus:
    """Why the virtual school holds a child who is not looked after by the authority."""

    kind: str
    start: date
    lawful_basis: str = ""
    other_authority: str = ""
    notified_on: date | None = None
    notified_of: str = ""


def why_not_add_child(
    *, birth_date: date, held_as: str, status: NewStatus | None, child_number: str, upn: str = "", actor: Actor
) -> str:
    """Why a record for this child can't be made."""
    if not can(actor, Can.ADD_CHILD) or not may_write(actor, Section.BASICS):
        return "Your role does not add children."
    if birth_date > actor.today:
        return "The date of birth must be today or earlier."
    if child_number and not gives_numbers(actor):
        return "Your role does not give the authority's number. Leave it empty: it comes with the next list."
    if upn and not may_write(actor, Section.NUMBERS):
        return f"Your role does not change this part of the record: {Section.NUMBERS.title}."
    if child_number and Identifiers.unscoped.filter(authority_id=actor.authority, child_number=child_number).exists():
        return f"The number {child_number} is in use already."
    if held_as == HeldAs.OWN:
        return ""
    if not may_write(actor, Section.OTHER_STATUS):
        return f"Your role does not change this part of the record: {Section.OTHER_STATUS.title}."
    if status is None:
        return "Say why the virtual school holds this child."
    if held_as == HeldAs.OTHER_AUTHORITY and status.kind != Status.Kind.OTHER_AUTHORITY:
        return "Say which authority looks after this child."
    return why_not_status(status, birth_date=birth_date)


def add_child(
    *,
    given_name: str,
    family_name: str,
    birth_date: date,
    known_as: str = "",
    child_number: str = "",
    upn: str = "",
    held_as: str = HeldAs.OWN,
    status: NewStatus | None = None,
    social_worker: Account | None = None,
    actor: Actor,
    source: str = "person",
) -> Child:
    """Make the record of a child. Without a number of the authority it gets one of Onroll's own, until one comes.

    A social worker who adds a child is allocated from today, and so can open the record.
    """
    child_number, upn = child_number.strip(), tidy_upn(upn)
    refuse_if(
        why_not_add_child(
            birth_date=birth_date, held_as=held_as, status=status, child_number=child_number, upn=upn, actor=actor
        )
        or (why_not_form(upn) if upn else "")
        or why_not_numbers_of_closed([upn], actor=actor)
        or (why_not_holder(social_worker, Role.SOCIAL_WORKER, start=actor.today, actor=actor) if social_worker else "")
    )
    child = Child(
        authority_id=actor.authority,
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        known_as=known_as.strip(),
        birth_date=birth_date,
        held_as=held_as,
        source=source,
    )
    child.search_words = search_words_of(child)
    keys: dict[str, Any] = {"authority_id": actor.authority, "child": child, "source": source}
    with change("child.added", actor=actor) as this:
        this.create(child)
        this.create(Identifiers(**keys, child_number=child_number or number_of_our_own(), upn=upn))
        this.create(Characteristics(**keys))
        if status is not None:
            this.create(_status_row(child, status, source))
        if social_worker is not None:
            this.create(Allocation(**keys, account=social_worker, role=Role.SOCIAL_WORKER, start=actor.today))
    return child


def gives_numbers(actor: Actor) -> bool:
    """Whether the actor may give a child the authority's number: who sees every child.

    To anybody else the answer that a number is in use would tell of a child whom they may not know.
    """
    everyone = actor.role in (*_SEE_EVERYONE, COMMAND_LINE, SYSTEM)
    return may_write(actor, Section.NUMBERS) and (
        everyone or (actor.role == Role.VS_OFFICER and actor.advisers_see_all)
    )


def number_of_our_own() -> str:
    """A number for a child whose authority's number is not known yet. It says so by its first letters."""
    return f"ONROLL-{secrets.token_hex(4).upper()}"


def correct_identity(
    child: Child,
    *,
    given_name: str,
    family_name: str,
    known_as: str,
    birth_date: date,
    reason: str,
    actor: Actor,
) -> None:
    """Put right what was wrong from the start. The old words stay in the history, and are no former name."""
    refuse_if(
        why_not_write(child, Section.BASICS, actor=actor)
        or ("The date of birth must be today or earlier." if birth_date > actor.today else "")
        or ("" if reason.strip() else "Say what was wrong.")
    )
    with change("child.identity_corrected", actor=actor, child=child, reason=reason) as this:
        child.birth_date = birth_date
        _name(child, given_name, family_name, known_as, this)


def why_not_change_name(child: Child, *, given_name: str, family_name: str, on: date, event: str, actor: Actor) -> str:
    """Why the name can't change. The legal name changes only by an event in law; a known-as name needs none."""
    reason = why_not_write(child, Section.BASICS, actor=actor)
    if reason:
        return reason
    if on > actor.today:
        return "The day of the change must be today or earlier."
    if on < child.birth_date:
        return "The day of the change is before the date of birth."
    legal_name_stays = (given_name.strip(), family_name.strip()) == (child.given_name, child.family_name)
    if not legal_name_stays and event not in dict(NAME_EVENTS):
        return (
            "Choose what changed the legal name. Without an event in law it stays: a name that is changed early, for "
            "example before an adoption order, ties the new name to the old record wherever it has been sent. A name "
            "that is only used goes under “known as”."
        )
    return ""


def change_name(
    child: Child,
    *,
    given_name: str,
    family_name: str,
    known_as: str,
    on: date,
    event: str = "",
    actor: Actor,
) -> FormerName:
    """The child has a new name from a day on. The name until then is kept as a former name, with its dates."""
    refuse_if(
        why_not_change_name(child, given_name=given_name, family_name=family_name, on=on, event=event, actor=actor)
    )
    earlier = FormerName.unscoped.filter(child=child, end__isnull=False).order_by("-end").first()
    with change("child.name_changed", actor=actor, child=child) as this:
        former = this.create(
            FormerName(
                authority_id=child.authority_id,
                child=child,
                given_name=child.given_name,
                family_name=child.family_name,
                known_as=child.known_as,
                start=earlier.end if earlier else child.birth_date,
                end=on,
                reason=dict(NAME_EVENTS).get(event, "Known by another name"),
            )
        )
        _name(child, given_name, family_name, known_as, this)
    return former


def _name(child: Child, given_name: str, family_name: str, known_as: str, this: ThisChange) -> None:
    child.given_name, child.family_name = given_name.strip(), family_name.strip()
    child.known_as = known_as.strip()
    child.search_words = search_words_of(child)
    keep(this, child)


# Numbers


def why_not_numbers(
    child: Child, *, child_number: str, upn: str, upn_unknown: str, uln: str, former_upn: str, actor: Actor
) -> str:
    """Why these numbers can't be kept. A wrong check letter is no reason: `doubts_about_numbers` says it."""
    reason = why_not_write(child, Section.NUMBERS, actor=actor)
    if reason:
        return reason
    if not child_number.strip():
        return "Enter the authority's number of the child."
    held = Identifiers.unscoped.filter(child=child).first()
    if not gives_numbers(actor) and (held is None or held.child_number != child_number.strip()):
        return "Your role does not change the authority's number. Ask the virtual school."
    taken = Identifiers.unscoped.filter(authority_id=child.authority_id, child_number=child_number.strip())
    if taken.exclude(child=child).exists():
        return f"The number {child_number.strip()} is in use already."
    if upn and upn_unknown:
        return "Give the UPN, or say why there is none, not both."
    if upn_unknown and upn_unknown not in UPN_UNKNOWN:
        return "Choose why there is no UPN."
    for number in (upn, former_upn):
        if number and why_not_form(tidy_upn(number)):
            return why_not_form(tidy_upn(number))
    return why_not_uln(tidy_uln(uln)) if uln else ""


def doubts_about_numbers(child: Child, *, upn: str, former_upn: str = "", actor: Actor) -> list[str]:
    """What looks wrong with numbers that may be right all the same: check letters, and the UPN of another record."""
    doubts = [why_not_upn(tidy_upn(number)) for number in (upn, former_upn) if number]
    if upn:
        # A child who left care by adoption is never tied to a new record, whichever of the two is looked at.
        kept_apart = Child.unscoped.filter(left_by_adoption())
        others = Identifiers.visible_to(actor).filter(upn=tidy_upn(upn)).exclude(child=child)
        others = others.exclude(child__in=kept_apart.values("pk"))
        if others.exists() and not kept_apart.filter(pk=child.pk).exists():
            doubts.append(f"Another record has the UPN {tidy_upn(upn)} too. They may be of one child.")
    return [doubt for doubt in doubts if doubt]


def record_numbers(
    child: Child,
    *,
    child_number: str,
    upn: str = "",
    upn_unknown: str = "",
    uln: str = "",
    former_upn: str = "",
    actor: Actor,
    source: str = "person",
) -> Identifiers:
    """Keep the numbers a child is known by. A UPN that gives way to another becomes the former UPN."""
    refuse_if(
        why_not_numbers(
            child,
            child_number=child_number,
            upn=upn,
            upn_unknown=upn_unknown,
            uln=uln,
            former_upn=former_upn,
            actor=actor,
        )
        or why_not_numbers_of_closed([tidy_upn(upn), tidy_upn(former_upn), tidy_uln(uln)], actor=actor)
    )
    held = Identifiers.unscoped.filter(child=child).first()
    held = held or Identifiers(authority_id=child.authority_id, child=child, source=source)
    upn, former_upn = tidy_upn(upn), tidy_upn(former_upn)
    if upn and held.upn and upn != held.upn and former_upn == held.former_upn:
        former_upn = held.upn
    with change("child.numbers_recorded", actor=actor, child=child) as this:
        held.child_number, held.upn, held.upn_unknown = child_number.strip(), upn, upn_unknown
        held.uln, held.former_upn = tidy_uln(uln), former_upn
        return keep(this, held, source=source)


# Characteristics

CHARACTERISTICS = ("sex", "ethnicity", "first_language", "religion", "uasc", "uasc_until", "disability", "fsm")


def why_not_characteristics(child: Child, values: dict[str, Any], *, actor: Actor) -> str:
    reason = why_not_write(child, Section.CHARACTERISTICS, actor=actor)
    if reason:
        return reason
    for name, codes in (("sex", SEX), ("ethnicity", ETHNICITY)):
        if values.get(name) and values[name] not in codes:
            return f"“{values[name]}” is not a code for {codes.name}."
    if values.get("uasc_until") and not values.get("uasc"):
        return "Say that the child is an unaccompanied asylum-seeking child, or take out the day this ended."
    return ""


def record_characteristics(child: Child, *, actor: Actor, source: str = "person", **values: Any) -> Characteristics:
    """Keep what is known of the child. What is not named stays; empty is not known."""
    assert set(values) <= set(CHARACTERISTICS)
    refuse_if(why_not_characteristics(child, values, actor=actor))
    held = Characteristics.unscoped.filter(child=child).first()
    held = held or Characteristics(authority_id=child.authority_id, child=child, source=source)
    with change("child.characteristics_recorded", actor=actor, child=child) as this:
        for name, value in values.items():
            setattr(held, name, value)
        return keep(this, held, source=source)


def record_characteristic_from(
    child: Child, *, kind: str, value: str, start: date, actor: Actor, source: str = "person"
) -> CharacteristicSpell:
    """English as an additional language, disability or free school meals from a day on: "yes" or "no"."""
    held = CharacteristicSpell.unscoped.filter(child=child, kind=kind, end__isnull=True).order_by("start").last()
    refuse_if(
        why_not_write(child, Section.CHARACTERISTICS, actor=actor)
        or ("" if kind in CharacteristicSpell.Kind.values else "Choose which characteristic.")
        or ("" if value in ("yes", "no") else "Choose yes or no.")
        or why_not_next(child, held, start)
    )
    with change("child.characteristic_changed", actor=actor, child=child) as this:
        return start_next(CharacteristicSpell(kind=kind, value=value, source=source), child, held, start, this)


# Other statuses


def why_not_status(status: NewStatus, *, birth_date: date) -> str:
    """Why this status can't be recorded."""
    if status.kind not in Status.Kind.values:
        return "Choose the status."
    if status.start < birth_date:
        return "The start is before the date of birth."
    if status.kind in NEEDS_A_BASIS and not status.lawful_basis.strip():
        return "Give the lawful basis on which the virtual school holds this."
    known = status.other_authority in LOCAL_AUTHORITY or status.other_authority in OUTSIDE_ENGLAND
    if status.kind == Status.Kind.OTHER_AUTHORITY and not known:
        return "Choose the authority that looks after the child."
    return ""


def record_status(child: Child, *, status: NewStatus, actor: Actor, source: str = "person") -> Status:
    """Another status that the duty covers, or the lawful basis of an enquiry."""
    held = Status.unscoped.filter(child=child, kind=status.kind, end__isnull=True).first()
    refuse_if(
        why_not_write(child, Section.OTHER_STATUS, actor=actor)
        or why_not_status(status, birth_date=child.birth_date)
        or ("This status is recorded already." if held else "")
    )
    with change("child.status_recorded", actor=actor, child=child) as this:
        return this.create(_status_row(child, status, source))


def end_status(status: Status, *, end: date, actor: Actor) -> None:
    """The status no longer holds from this day on."""
    refuse_if(
        why_not_write(status.child, Section.OTHER_STATUS, actor=actor)
        or ("The end is before the start." if end < status.start else "")
    )
    with change("child.status_ended", actor=actor, child=status.child_id) as this:
        status.end = end
        keep(this, status)


def _status_row(child: Child, status: NewStatus, source: str) -> Status:
    return Status(
        authority_id=child.authority_id,
        child=child,
        kind=status.kind,
        start=status.start,
        lawful_basis=status.lawful_basis.strip(),
        other_authority=status.other_authority,
        notified_on=status.notified_on,
        notified_of=status.notified_of.strip(),
        source=source,
    )

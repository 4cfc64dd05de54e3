"""Who must not know where a child lives or learns: setting the mark, naming people and places, loosening by two."""

from datetime import date, datetime
from typing import Any

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.roles import SCHOOL_STAFF
from onroll.access.sections import Section, may_read
from onroll.history.changes import ThisChange, change, verb
from onroll.people.models import Post
from onroll.schools.models import School

from ..contradictions import refuse_if, why_not_write
from ..disclosure import HOME, Names, mark_lets, may_know_area, named_of
from ..guard_models import Disclosure, MarkRequest, Named
from ..marks import loosens, takes_two
from ..models import Child, PlacementAddress, SchoolPlace
from ..who_sees import readers
from .saving import keep

verb("mark.set", "{actor} changed who must not know")
verb("mark.named", "{actor} named someone behind a mark")
verb("mark.unnamed", "{actor} took a name from behind a mark")
verb("mark.loosening_asked", "{actor} asked to let more people know")
verb("mark.loosening_agreed", "{actor} agreed to let more people know")
verb("mark.loosening_refused", "{actor} did not agree to let more people know")

Marked = PlacementAddress | SchoolPlace


def section_of(about: str) -> Section:
    """The section that a mark guards."""
    return Section.ADDRESS if about == HOME else Section.SCHOOL


def marked_now(child: Child, about: str, *, on: date) -> Marked | None:
    """The address where the child lives now, or the place where the child learns: what carries the mark."""
    if about == HOME:
        held = PlacementAddress.unscoped.filter(child=child, episode__end__isnull=True)
        return held.order_by("-episode__start", "-id").first()
    places = SchoolPlace.unscoped.filter(child=child, kind=SchoolPlace.Kind.MAIN).on(on)
    return places.select_related("school").order_by("-start", "-id").first()


def why_not_mark(marked: Marked, about: str, *, actor: Actor) -> str:
    """Why this person can't say who must not know. Who may not know themselves says nothing of it.

    The mark of a school is the social worker's to set, who reads the school and does not write it.
    """
    if not can(actor, Can.SET_MARKS):
        return "Your role does not say who must not know."
    names = named_of([marked.child_id], about, actor)[marked.child_id]
    if not mark_lets(actor, marked.disclosure, names):
        return "Only named people may know this."
    if not may_read(actor, section_of(about)):
        return "Your role does not read this part of the record."
    return why_not_write(marked.child, actor=actor)


def set_mark(marked: Marked, about: str, mark: str, *, reason: str, at: datetime, actor: Actor) -> MarkRequest | None:
    """Change the mark. Loosening a strict one is only asked for here: the answer is the request that someone decides.

    Whoever keeps something to named users is named themselves, or they could not undo it.
    """
    refuse_if(why_not_mark(marked, about, actor=actor))
    refuse_if("" if mark in Disclosure.values else "Choose who must not know.")
    refuse_if("This is the mark already." if mark == marked.disclosure else "")
    if loosens(marked.disclosure, mark) and not reason.strip():
        refuse_if("Say why more people may know.")
    if takes_two(marked.disclosure, mark):
        return _ask(marked, about, mark, reason=reason, at=at, actor=actor)
    with change("mark.set", actor=actor, child=marked.child, reason=reason.strip()) as this:
        marked.disclosure = mark
        keep(this, marked)
        if mark == Disclosure.ONLY_NAMED_USERS and actor.account is not None:
            _name(marked.child, about, actor, this, knows=True, account_id=actor.account)
    return None


def _ask(marked: Marked, about: str, mark: str, *, reason: str, at: datetime, actor: Actor) -> MarkRequest:
    waiting = MarkRequest.unscoped.filter(row=marked.public_id, decided_at__isnull=True)
    refuse_if("Someone has asked for this already, and it waits for a second person." if waiting.exists() else "")
    with change("mark.loosening_asked", actor=actor, child=marked.child) as this:
        return this.create(
            MarkRequest(
                authority_id=marked.authority_id,
                child=marked.child,
                about=about,
                row=marked.public_id,
                was=marked.disclosure,
                asked=mark,
                reason=reason.strip(),
                asked_by_id=actor.account,
                asked_at=at,
            )
        )


def why_not_decide(request: MarkRequest, *, actor: Actor) -> str:
    """Why this person can't decide whether more people may know."""
    if not can(actor, Can.AGREE_TO_LOOSEN) or not may_read(actor, section_of(request.about)):
        return "Your role does not decide who may know."
    if request.asked_by_id == actor.account:
        return "You asked for this. Someone else decides it."
    return "This is decided already." if request.decided_at else ""


def decide(request: MarkRequest, *, agreed: bool, at: datetime, actor: Actor) -> None:
    """A second person agrees, and the mark changes; or does not, and it stays."""
    refuse_if(why_not_decide(request, actor=actor))
    model: Any = PlacementAddress if request.about == HOME else SchoolPlace
    marked = model.unscoped.filter(public_id=request.row, child_id=request.child_id).first()
    if agreed and (marked is None or marked.disclosure != request.was):
        refuse_if("The mark has changed since this was asked. Ask again.")
    name = "mark.loosening_agreed" if agreed else "mark.loosening_refused"
    with change(name, actor=actor, child=request.child_id) as this:
        request.agreed, request.decided_by_id, request.decided_at = agreed, actor.account, at
        this.save(request)
        if agreed:
            marked.disclosure = request.asked
            keep(this, marked)


# Names behind a mark


def name_someone(
    marked: Marked,
    about: str,
    *,
    knows: bool,
    account: Account | None = None,
    school: School | None = None,
    words: str = "",
    actor: Actor,
) -> Named:
    """Name a user who may know, or a user, a school or somebody else who must not."""
    refuse_if(why_not_mark(marked, about, actor=actor))
    if account is None and school is None and not words.strip():
        refuse_if("Choose or enter who.")
    if account is not None and not Post.objects.filter(account=account, authority_id=actor.authority).exists():
        refuse_if(f"{account.name} has no post in this authority.")
    with change("mark.named", actor=actor, child=marked.child) as this:
        return _name(
            marked.child,
            about,
            actor,
            this,
            knows=knows,
            account_id=account.pk if account else None,
            school=school,
            words=words.strip(),
        )


def _name(child: Child, about: str, actor: Actor, this: ThisChange, **who: Any) -> Named:
    key = {name: value for name, value in who.items() if name != "words"}
    same = Named.unscoped.filter(child=child, about=about, end__isnull=True, **key)
    held = None if who.get("words") else same.first()
    return held or this.create(
        Named(authority_id=child.authority_id, child=child, about=about, start=actor.today, **who)
    )


def unname(named: Named, marked: Marked, *, reason: str, actor: Actor) -> None:
    """Take a name from behind the mark. Of someone who must not know it needs a reason: they may know then."""
    refuse_if(why_not_mark(marked, named.about, actor=actor))
    refuse_if("" if reason.strip() else "Say why.")
    with change("mark.unnamed", actor=actor, child=named.child_id, reason=reason.strip()) as this:
        named.end = actor.today
        this.save(named)


# Who would know


def who_would_know(
    marked: Marked, about: str, *, mark: str, names: Names, actor: Actor
) -> dict[Section, dict[int, str]]:
    """Who would come to know what by this change, by section: people by account. Said before it is made.

    Whoever reads the carers and not the address learns of the carers alone, and whoever reads the kind of home learns
    whether it lies in the authority.
    """
    held = named_of([marked.child_id], about, actor)[marked.child_id]
    gained: dict[Section, dict[int, str]] = {}
    for reader in readers(marked.child, actor.today):
        before = _known(reader.actor, about, marked.disclosure, held)
        for section in sorted(_known(reader.actor, about, mark, names) - before, key=list(Section).index):
            gained.setdefault(section, {})[reader.account] = reader.name
    return gained


def _known(person: Actor, about: str, mark: str, names: Names) -> set[Section]:
    """Which sections that the mark guards it leaves open to this person."""
    lets = mark_lets(person, mark, names)
    if about != HOME:
        # A school reads of its own place whatever the mark says, and of no other.
        own = person.role in SCHOOL_STAFF
        return {Section.SCHOOL} if lets and may_read(person, Section.SCHOOL) and not own else set()
    open_ = {section for section in (Section.ADDRESS, Section.CARER) if lets and may_read(person, section)}
    return open_ | ({Section.PLACEMENT} if may_know_area(person, mark, names) else set())

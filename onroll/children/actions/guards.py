"""Emergency openings and their review, and pairs of a person and a child who must not meet here."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.openings import LiveOpening
from onroll.history.changes import ThisChange, change, verb
from onroll.history.models import Entry
from onroll.history.viewing import noted
from onroll.people.models import Post

from ..contradictions import refuse_if
from ..guard_models import LeakKept, MustNotSee, Note, Opening
from ..guards import kept_from
from ..models import Child, Identifiers
from ..reviewing import OPENED, alert

verb("opening.started", "{actor} opened the record in an emergency")
verb("opening.renewed", "{actor} renewed an emergency opening")
verb("opening.ended", "{actor} ended an emergency opening")
verb("opening.reviewed", "{actor} reviewed an emergency opening")
verb("note.written", "{actor} wrote a note in an emergency opening")
verb("leak.kept", "{actor} kept a text that tells something of the address")
verb("must_not_see.declared", "{actor} said that they must not see the record")
verb("must_not_see.set", "{actor} recorded that a person must not see the record")
verb("must_not_see.ended", "{actor} recorded that a person may see the record again")

LASTS = timedelta(hours=2)
MOST_IN_A_DAY = 3
A_DAY = timedelta(hours=24)
LEAST_REASON = 20

# Looking for the child by words that fit nobody is counted as well: an emergency opening is no way to browse (BG-2).
SEARCH = "emergency-search"
MOST_SEARCHES_IN_VAIN = 10


def why_not_open(*, reason: str, at: datetime, actor: Actor) -> str:
    """Why this person can't open a record in an emergency now."""
    if not can(actor, Can.OPEN_IN_EMERGENCY) or actor.account is None or actor.post is None:
        return "Your role does not open records in an emergency."
    if actor.opening is not None:
        return "You have a record open in an emergency. End that opening first."
    if len(reason.strip()) < LEAST_REASON:
        return f"Say what has happened, in {LEAST_REASON} characters or more."
    if openings_in_a_day(actor, at=at) >= MOST_IN_A_DAY:
        return f"You have opened {MOST_IN_A_DAY} records in 24 hours. Ring the virtual school head."
    return ""


def openings_in_a_day(actor: Actor, *, at: datetime) -> int:
    """How many records the person opened in the 24 hours until this moment, in whatever post."""
    return Opening.unscoped.filter(account_id=actor.account, opened_at__gt=at - A_DAY, opened_at__lte=at).count()


def why_not_search(*, at: datetime, actor: Actor) -> str:
    """Why the person can't look for another child to open: too many that did not exist."""
    vain = Entry.objects.filter(actor_id=actor.account, at__gt=at - A_DAY, act=SEARCH, outcome="none").count()
    if vain < MOST_SEARCHES_IN_VAIN:
        return ""
    return f"You have looked {vain} times for a child who is not here. Ring the virtual school head."


def find_to_open(
    *, family_name: str = "", birth_date: date | None = None, upn: str = "", child_number: str = "", actor: Actor
) -> Child | None:
    """The one child of the authority with exactly this surname and date of birth, or this number. None: no one child.

    The search is written down with what came of it, and never with what was typed.
    """
    children = Child.unscoped.filter(kept_from(actor), authority_id=actor.authority, merged_into__isnull=True)
    numbers = Identifiers.unscoped.filter(authority_id=actor.authority)
    if upn.strip():
        found = children.filter(pk__in=numbers.filter(upn=upn.strip().upper()).values("child"))
    elif child_number.strip():
        found = children.filter(pk__in=numbers.filter(child_number__iexact=child_number.strip()).values("child"))
    elif family_name.strip() and birth_date is not None:
        found = children.filter(family_name__iexact=family_name.strip(), birth_date=birth_date)
    else:
        return None
    fitting = list(found[:2])
    only = fitting[0] if len(fitting) == 1 else None
    noted(actor, SEARCH, outcome="found" if only else "none", child=only)
    return only


def open_in_emergency(child: Child, *, why: str, reason: str, at: datetime, actor: Actor) -> Opening:
    """Open one child's record for two hours, read only. Who reviews it is told at once."""
    refuse_if(why_not_open(reason=reason, at=at, actor=actor))
    refuse_if("" if why in Opening.Why.values else "Choose why you open the record.")
    with change("opening.started", actor=actor, child=child) as this:
        _one_at_a_time(actor)
        refuse_if(why_not_open(reason=reason, at=at, actor=actor))
        opening = this.create(
            Opening(
                authority_id=child.authority_id,
                child=child,
                account_id=actor.account,
                post_id=actor.post,
                why=why,
                reason=reason.strip(),
                opened_at=at,
                until=at + LASTS,
            )
        )
        alert(opening, OPENED, on=actor.today)
    return opening


def _one_at_a_time(actor: Actor) -> None:
    """Let the person's next opening wait until this one is written: else two at once would be counted as one."""
    if connection.features.has_select_for_update:
        Account.objects.select_for_update().get(pk=actor.account)


def why_not_renew(opening: LiveOpening | None) -> str:
    """Why the opening in which the person works can't go on for another two hours."""
    if opening is None:
        return "This emergency opening has ended."
    return (
        "An emergency opening is renewed once. Open the record again if it is still needed." if opening.renewed else ""
    )


def renew(*, at: datetime, actor: Actor) -> Opening:
    """Two more hours from this moment, once."""
    refuse_if(why_not_renew(actor.opening))
    with change("opening.renewed", actor=actor, child=_opened(actor).child_id) as this:
        opening = _opened(actor)
        opening.renewed_at, opening.until = at, at + LASTS
        return this.save(opening)


def end_opening(*, at: datetime, actor: Actor) -> Opening:
    """The person is done with the record before the two hours are over."""
    opening = _opened(actor)
    with change("opening.ended", actor=actor, child=opening.child_id) as this:
        opening.until = at
        return this.save(opening)


def write_note(text: str, *, at: datetime, actor: Actor) -> Note:
    """The one thing that an emergency opening writes: a note, for those who read safeguarding notes."""
    opening = _opened(actor)
    refuse_if("" if text.strip() else "Enter the note.")
    with change("note.written", actor=actor, child=opening.child_id) as this:
        return this.create(
            Note(
                authority_id=opening.authority_id,
                child_id=opening.child_id,
                opening=opening,
                written_by_id=actor.account,
                written_at=at,
                text=text.strip(),
            )
        )


def _opened(actor: Actor) -> Opening:
    refuse_if("" if actor.opening else "This emergency opening has ended.")
    assert actor.opening is not None
    return Opening.unscoped.get(pk=actor.opening.id, account_id=actor.account)


def why_not_review(opening: Opening, *, actor: Actor) -> str:
    """Why this person can't say whether the opening was right."""
    if not can(actor, Can.REVIEW_OPENINGS):
        return "Your role does not review emergency openings."
    if opening.account_id == actor.account:
        return "You opened this record. Someone else reviews it."
    return "This opening is reviewed already." if opening.reviewed_at else ""


def review_opening(opening: Opening, *, review: str, words: str, at: datetime, actor: Actor) -> None:
    """Say whether the opening was right. A question and an incident need words."""
    refuse_if(why_not_review(opening, actor=actor))
    refuse_if("" if review in Opening.Review.values else "Choose what you make of it.")
    if review != Opening.Review.RIGHT and not words.strip():
        refuse_if("Say what there is to ask, or what happened.")
    with change("opening.reviewed", actor=actor, child=opening.child_id) as this:
        opening.review, opening.review_words = review, words.strip()
        opening.reviewed_by_id, opening.reviewed_at = actor.account, at
        this.save(opening)


def keep_leak(child: Child, *, where: str, tells: Sequence[str], why: str, actor: Actor) -> LeakKept:
    """A text that tells something of the address stays, and it is written down who said why (ADR-4)."""
    with change("leak.kept", actor=actor, child=child) as this:
        return this.create(
            LeakKept(
                authority_id=child.authority_id,
                child=child,
                where=where[:100],
                tells=", ".join(tells),
                why=why,
                kept_by_id=actor.account,
                kept_at=timezone.now(),
            )
        )


# Who must not see whom


def declare_tie(child: Child, *, tie: str, actor: Actor) -> MustNotSee:
    """The person says that they are too close to this child. From now on the record does not exist for them."""
    refuse_if("" if tie in MustNotSee.Tie.values else "Choose what ties you to the child.")
    assert actor.account is not None
    with change("must_not_see.declared", actor=actor, child=child) as this:
        return _pair(child, actor.account, tie, declared=True, actor=actor, this=this)


def why_not_keep_apart(account: Account | None, *, actor: Actor) -> str:
    """Why this person can't be kept from a child's record here."""
    if not can(actor, Can.KEEP_APART):
        return "Your role does not say who must not see a child's record."
    if account is None or not Post.objects.filter(account=account, authority_id=actor.authority).exists():
        return "Choose the person."
    return ""


def keep_apart(*, account: Account, child_number: str, tie: str, actor: Actor) -> MustNotSee | None:
    """Keep a person from the record of the child with this number.

    None where no record has the number, or the pair is there: an administrator, who sees no child, is told the same.
    """
    refuse_if(why_not_keep_apart(account, actor=actor))
    refuse_if("" if tie in MustNotSee.Tie.values else "Choose what ties them to the child.")
    numbers = Identifiers.unscoped.filter(authority_id=actor.authority, child_number__iexact=child_number.strip())
    child = Child.unscoped.filter(pk__in=numbers.values("child")).select_related("merged_into").first()
    if child is None:
        return None
    child = child.merged_into or child
    with change("must_not_see.set", actor=actor, child=child) as this:
        return _pair(child, account.pk, tie, declared=False, actor=actor, this=this)


def _pair(child: Child, account: int, tie: str, *, declared: bool, actor: Actor, this: ThisChange) -> MustNotSee:
    held = MustNotSee.unscoped.filter(child=child, account_id=account, end__isnull=True).first()
    return held or this.create(
        MustNotSee(
            authority_id=child.authority_id,
            child=child,
            account_id=account,
            tie=tie,
            declared=declared,
            set_by_id=actor.account,
            start=actor.today,
        )
    )


def why_not_end_pair(pair: MustNotSee, *, reason: str, actor: Actor) -> str:
    """Why this person can't say that the other may see the record again. Never about oneself, and never unseen."""
    if not can(actor, Can.KEEP_APART) or pair.authority_id != actor.authority:
        return "Your role does not say who must not see a child's record."
    if pair.account_id == actor.account:
        return "This is about you. Someone else decides it."
    if not Child.visible_to(actor).filter(pk=pair.child_id).exists():
        return "Ask the virtual school head, who sees the record."
    if pair.end is not None:
        return "This has ended already."
    return "" if reason.strip() else "Say why they may see the record again."


def end_pair(pair: MustNotSee, *, reason: str, actor: Actor) -> None:
    """The person may see the record again, as far as their posts and links go."""
    refuse_if(why_not_end_pair(pair, reason=reason, actor=actor))
    with change("must_not_see.ended", actor=actor, child=pair.child_id, reason=reason.strip()) as this:
        pair.end = actor.today
        this.save(pair)

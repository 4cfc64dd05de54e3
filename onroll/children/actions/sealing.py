"""The sealed register: tying a closed record to a new one, and opening one link by two custodians (ID-2, ID-3)."""

import json
from dataclasses import dataclass
from datetime import datetime

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.custodians import (
    CUSTODIANS,
    LEAST_PASSPHRASE,
    WrongPassphrase,
    become_custodian,
    custodians,
    seal,
    unseal,
)
from onroll.access.models import Account
from onroll.history.changes import change, verb

from ..closing import closed_records
from ..contradictions import refuse_if
from ..guard_models import SealedLink, SealedOpening
from ..models import Identifiers

verb("sealed.link_made", "{actor} sealed a link")
verb("sealed.opened", "{actor} opened the sealed register with another custodian")

CHECK_BOTH = "Check both numbers. The first is of a record that an adoption closed, the second of an open one."


@dataclass(frozen=True)
class Found:
    """The two authority's numbers of one sealed link."""

    closed: str
    new: str


def is_custodian(actor: Actor) -> bool:
    """Whether this person is one of the two named custodians, in a post that may be."""
    return can(actor, Can.KEEP_SEALED) and _own_id(actor) in {each.account for each in custodians(actor.authority)}


def _own_id(actor: Actor) -> str:
    return str(Account.objects.values_list("public_id", flat=True).get(pk=actor.account)) if actor.account else ""


def why_not_become_custodian(*, passphrase: str, actor: Actor) -> str:
    """Why this person can't become a custodian."""
    if not can(actor, Can.KEEP_SEALED):
        return "Your role does not keep the sealed register."
    if is_custodian(actor):
        return "You are a custodian already."
    if len(custodians(actor.authority)) >= CUSTODIANS:
        return "There are two custodians."
    return "" if len(passphrase) >= LEAST_PASSPHRASE else f"Use {LEAST_PASSPHRASE} characters or more."


def become(*, passphrase: str, actor: Actor) -> None:
    """The person becomes a named custodian. Without their passphrase nothing sealed from now on opens."""
    refuse_if(why_not_become_custodian(passphrase=passphrase, actor=actor))
    become_custodian(actor.authority, account=_own_id(actor), passphrase=passphrase)


def seal_link(*, closed_number: str, new_number: str, at: datetime, actor: Actor) -> SealedLink:
    """Seal that these two records are of one person. Nothing else in Onroll says so, and neither does the history."""
    refuse_if("" if is_custodian(actor) else "You are not a custodian.")
    refuse_if("" if len(custodians(actor.authority)) == CUSTODIANS else "Two custodians have to be named first.")
    numbers = Identifiers.unscoped.filter(authority_id=actor.authority)
    old = numbers.filter(child_number__iexact=closed_number.strip(), child__in=closed_records(actor.authority)).first()
    new = numbers.filter(child_number__iexact=new_number.strip()).exclude(child__in=closed_records(actor.authority))
    held = new.first()
    refuse_if("" if old is not None and held is not None else CHECK_BOTH)
    assert old is not None
    assert held is not None
    link = json.dumps({"closed": old.child_number, "new": held.child_number})
    # The change names no child: the history must not hold the link either.
    with change("sealed.link_made", actor=actor) as this:
        return this.create(
            SealedLink(authority_id=actor.authority, text=seal(actor.authority, link.encode()), sealed_at=at)
        )


def open_link(
    *, number: str, why: str, reason: str, passphrase: str, other_passphrase: str, at: datetime, actor: Actor
) -> Found | None:
    """The one link that this number stands in, opened by both custodians. What they opened, and why, is on record."""
    refuse_if("" if is_custodian(actor) else "You are not a custodian.")
    refuse_if("" if why in SealedOpening.Why.values else "Choose the lawful reason.")
    refuse_if("" if len(reason.strip()) >= 20 else "Give the reason in 20 characters or more.")
    own = _own_id(actor)
    others = [each.account for each in custodians(actor.authority) if each.account != own]
    refuse_if("" if others else "Two custodians have to be named first.")
    texts = SealedLink.objects.filter(authority_id=actor.authority).values_list("text", flat=True)
    try:
        opened = unseal(actor.authority, texts, {own: passphrase, others[0]: other_passphrase})
    except WrongPassphrase:
        refuse_if("One of the passphrases is wrong.")
    links = [Found(**json.loads(each)) for each in opened]
    found = next((each for each in links if number.strip() in (each.closed, each.new)), None)
    with change("sealed.opened", actor=actor) as this:
        this.create(
            SealedOpening(
                authority_id=actor.authority,
                why=why,
                reason=reason.strip(),
                opened_by_id=actor.account,
                opened_with=Account.objects.get(public_id=others[0]),
                opened_at=at,
                found=found is not None,
            )
        )
    return found

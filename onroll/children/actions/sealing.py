"""The sealed register: what is sealed, opening it by two custodians, and who they are (ID-2, ID-3, ID-5)."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.custodians import (
    CUSTODIANS,
    LEAST_PASSPHRASE,
    WrongPassphrase,
    become_custodian,
    custodians,
    follow,
    get_ready,
    seal,
    unseal,
    waiting,
    with_part_for,
    without_part_for,
)
from onroll.access.models import Account
from onroll.access.sections import Section
from onroll.design.words import day
from onroll.history.changes import change, verb
from onroll.history.viewing import noted

from ..closing import NAME_OF_A_CHILD, OPENED, closed_records
from ..contradictions import refuse_if, why_not_write
from ..guard_models import ClosedNames, SealedLink, SealedOpening
from ..models import Child, Difference, FormerName, Identifiers

verb("sealed.link_made", "{actor} sealed a link")
verb("sealed.names_closed", "{actor} closed the names that a person had before")
verb("sealed.opened", "{actor} opened the sealed register with another custodian")
verb("sealed.closed", "{actor} closed what the sealed register had opened")
verb("sealed.handed_over", "{actor} had somebody follow a custodian of the sealed register")

LEAST_REASON = 20
# How long the closed record can be read, from the opening on.
READ_FOR = timedelta(hours=1)

CHECK_BOTH = "Check both numbers. The first is of a record that an adoption closed, the second of an open one."


@dataclass(frozen=True)
class Found:
    """What the register holds of a number: the closed record and the new one, or the names the person had before.

    Empty is what it does not hold.
    """

    closed: str
    new: str
    names: list[str]
    opening: SealedOpening


def is_custodian(actor: Actor) -> bool:
    """Whether this person is one of the two named custodians, in a post that may be."""
    keepers = {each.account for each in custodians(actor.authority)} if can(actor, Can.KEEP_SEALED) else set()
    return bool(keepers) and _own_id(actor) in keepers


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


def become(*, passphrase: str, actor: Actor) -> str:
    """The person becomes a named custodian. Without their passphrase nothing sealed from now on opens.

    The answer is the words to print: with them the custodian's part can be handed to a follower.
    """
    refuse_if(why_not_become_custodian(passphrase=passphrase, actor=actor))
    return become_custodian(actor.authority, account=_own_id(actor), passphrase=passphrase)


# Following a custodian


def why_not_get_ready(*, passphrase: str, actor: Actor) -> str:
    """Why this person can't get ready to follow a custodian."""
    if not can(actor, Can.KEEP_SEALED):
        return "Your role does not keep the sealed register."
    if len(custodians(actor.authority)) < CUSTODIANS:
        return "A custodian is still to be named. You can become one."
    if _own_id(actor) in {each.account for each in (*custodians(actor.authority), *waiting(actor.authority))}:
        return "You have a key already."
    return "" if len(passphrase) >= LEAST_PASSPHRASE else f"Use {LEAST_PASSPHRASE} characters or more."


def prepare_to_follow(*, passphrase: str, actor: Actor) -> str:
    """The person makes a key of their own, which opens nothing until they follow a custodian. The words to print."""
    refuse_if(why_not_get_ready(passphrase=passphrase, actor=actor))
    return get_ready(actor.authority, account=_own_id(actor), passphrase=passphrase)


def why_not_replace(*, actor: Actor) -> str:
    """Why this person can't have somebody follow a custodian now."""
    if not can(actor, Can.REPLACE_CUSTODIANS):
        return "Your role does not replace custodians."
    if len(custodians(actor.authority)) < CUSTODIANS:
        return "There are no two custodians."
    return "" if waiting(actor.authority) else "Nobody has made a key to follow a custodian."


def replace_custodian(*, leaving: str, secret: str, other_passphrase: str, to: str, actor: Actor) -> None:
    """Somebody follows the custodian `leaving`. There are two custodians before, after and in between.

    It takes the head, the custodian who stays (by passphrase) and the follower (by the key they made, signed in as
    themselves): of these three at least two are different people. `leaving` and `to` are public ids of accounts.
    """
    refuse_if(why_not_replace(actor=actor))
    refuse_if("" if leaving in {each.account for each in custodians(actor.authority)} else "Choose who leaves.")
    refuse_if("" if to in {each.account for each in waiting(actor.authority)} else "Choose who follows.")
    who = {"leaving": leaving, "secret": secret, "staying_passphrase": other_passphrase, "to": to}
    links = list(SealedLink.objects.filter(authority_id=actor.authority).order_by("pk"))
    try:
        texts = with_part_for(actor.authority, [link.text for link in links], **who)
    except WrongPassphrase:
        refuse_if("One of the passphrases is wrong.")
    _write_texts(links, texts, actor)
    follow(actor.authority, leaving=leaving, to=to)
    _write_texts(links, without_part_for(texts, leaving), actor)


def _write_texts(links: list[SealedLink], texts: list[str], actor: Actor) -> None:
    with change("sealed.handed_over", actor=actor) as this:
        for link, text in zip(links, texts, strict=True):
            link.text = text
            this.save(link)


# Links


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


def why_not_close_names(child: Child, *, actor: Actor) -> str:
    """Why the names this person had before can't be closed now."""
    if not is_custodian(actor):
        return "You are not a custodian."
    if len(custodians(actor.authority)) != CUSTODIANS:
        return "Two custodians have to be named first."
    former = FormerName.unscoped.filter(child=child).exists()
    return "" if former else "No former name is recorded. Record the change of name first."


def close_names(child: Child, *, why: str, at: datetime, actor: Actor) -> None:
    """The names that the person had before go into the sealed register, and stand nowhere else from now on."""
    refuse_if(why_not_close_names(child, actor=actor) or why_not_write(child, Section.BASICS, actor=actor))
    former = FormerName.unscoped.filter(child=child).order_by("start", "pk")
    number = Identifiers.unscoped.values_list("child_number", flat=True).get(child=child)
    names = json.dumps({"new": number, "names": [_in_full(each) for each in former]})
    differences = Difference.unscoped.filter(child=child, fact__regex=NAME_OF_A_CHILD)
    with change("sealed.names_closed", actor=actor) as this:
        this.create(SealedLink(authority_id=actor.authority, text=seal(actor.authority, names.encode()), sealed_at=at))
        this.create(ClosedNames(authority_id=actor.authority, child=child, closed_at=at, why=why))
        this.delete(former)
        this.delete(differences)


def _in_full(former: FormerName) -> str:
    known_as = f" (known as {former.known_as})" if former.known_as else ""
    until = f", until {day(former.end)}" if former.end else ""
    return f"{former.given_name} {former.family_name}".strip() + known_as + until


def open_link(
    *, number: str, why: str, reason: str, passphrase: str, other_passphrase: str, at: datetime, actor: Actor
) -> Found | None:
    """The one link that this number stands in, opened by both custodians. What they opened, and why, is on record."""
    opened, other = _together(why, reason, passphrase, other_passphrase, actor=actor)
    number = number.strip()
    held = [each for each in map(json.loads, opened) if number in (each.get("closed"), each["new"])]
    link = next((each for each in held if "closed" in each), {"closed": number, "new": ""})
    names = [name for each in held for name in each.get("names", ())]
    numbers = Identifiers.unscoped.filter(authority_id=actor.authority, child_number__iexact=link["closed"])
    closed = numbers.filter(child__in=closed_records(actor.authority)).select_related("child").first()
    with change("sealed.opened", actor=actor) as this:
        # One at a time: what was open is closed.
        close_openings(actor=actor, at=at)
        opening = this.create(
            SealedOpening(
                authority_id=actor.authority,
                why=why,
                reason=reason.strip(),
                opened_by_id=actor.account,
                opened_with=other,
                opened_at=at,
                found=bool(closed or names),
                record=str(closed.child.public_id) if closed else "",
                until=at + READ_FOR if closed else None,
            )
        )
        noted(actor, OPENED, outcome="done", route=f"children:sealed_open {opening.public_id}")
    if not opening.found:
        return None
    return Found(closed.child_number if closed else "", link["new"] if closed else number, names, opening)


def open_all(*, why: str, reason: str, passphrase: str, other_passphrase: str, at: datetime, actor: Actor) -> None:
    """Both custodians have every closed record go into exchange files, for a stated lawful reason. It is on record."""
    _, other = _together(why, reason, passphrase, other_passphrase, actor=actor)
    with change("sealed.opened", actor=actor) as this:
        opening = this.create(
            SealedOpening(
                authority_id=actor.authority,
                why=why,
                reason=reason.strip(),
                opened_by_id=actor.account,
                opened_with=other,
                opened_at=at,
                found=True,
            )
        )
        noted(actor, OPENED, outcome="done", route=f"exchange {opening.public_id}")


def _together(
    why: str, reason: str, passphrase: str, other_passphrase: str, *, actor: Actor
) -> tuple[list[bytes], Account]:
    """Every sealed text, opened by both custodians with a lawful reason, and who the other custodian is."""
    refuse_if("" if is_custodian(actor) else "You are not a custodian.")
    refuse_if("" if why in SealedOpening.Why.values else "Choose the lawful reason.")
    refuse_if("" if len(reason.strip()) >= LEAST_REASON else f"Give the reason in {LEAST_REASON} characters or more.")
    own = _own_id(actor)
    others = [each.account for each in custodians(actor.authority) if each.account != own]
    refuse_if("" if others else "Two custodians have to be named first.")
    texts = SealedLink.objects.filter(authority_id=actor.authority).values_list("text", flat=True)
    try:
        opened = unseal(actor.authority, texts, {own: passphrase, others[0]: other_passphrase})
    except WrongPassphrase:
        refuse_if("One of the passphrases is wrong.")
    return opened, Account.objects.get(public_id=others[0])


def close_openings(*, actor: Actor, at: datetime) -> None:
    """Close what custodians have open: from now on no closed record can be read."""
    live = list(SealedOpening.objects.filter(authority_id=actor.authority, until__gt=at))
    if live:
        with change("sealed.closed", actor=actor) as this:
            for opening in live:
                opening.until = at
                this.save(opening)

"""The pass that opens a page to somebody without an account: how it is given, what opens it, and what ends it.

It takes a link, of 256 random bits, and a code told face to face. Five wrong codes end it, the first device that gave
the right code is the only one, and nothing but digests is stored. The number before the link's random part says whose
rows to look in, and opens nothing.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.urls import reverse

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.children.contradictions import refuse_if
from onroll.history.changes import change, verb

from ..models import Pep
from ..voice_models import TRIES, Pass, VoicePass, last_day
from ..workflow import CLOSED, State
from .questions import OWN_PAGES, Variant

verb("voice.pass_given", "{actor} gave a young person a pass to their own page")
verb("voice.pass_withdrawn", "{actor} withdrew a young person’s pass")
verb("voice.code_entered", "{actor} entered the code of a page")

Purpose = VoicePass.Purpose
CODE_DIGITS = 6
LINK_BYTES = 32


class Tried(StrEnum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    ELSEWHERE = "elsewhere"
    CLOSED = "closed"


@dataclass(frozen=True)
class Given:
    """A new pass with what is shown once and never again: the address, and the code to say face to face."""

    held: Any
    link: str
    code: str

    @property
    def code_in_words(self) -> str:
        """The code in two groups, as it is read out."""
        return f"{self.code[:3]} {self.code[3:]}"


@dataclass(frozen=True)
class Square:
    """A square code: the outline of its dark squares, each 1 by 1, and the box they are drawn in."""

    outline: str
    box: str


def the_young_person(authority: int, today: date) -> Actor:
    """Who acts on the pages that a young person's pass opens."""
    return Actor.system(authority, today=today, name=VoicePass.holder)


def holder_of(held: Pass, today: date) -> Actor:
    """Who acts on the pages that a pass opens: nobody with an account, and the history says so."""
    return Actor.system(held.authority_id, today=today, name=held.holder)


def digest(kind: str, words: str) -> str:
    """What is stored in place of a link, a code or a device. Keyed, so that short codes can't be worked out from it."""
    key = f"onroll.peps.voice.{kind}.{settings.SECRET_KEY}".encode()
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()


def code_digest(token_hash: str, code: str) -> str:
    """The digest of a code, which is worth nothing with another link. Spaces between its digits say nothing."""
    return digest("code", f"{token_hash}/{''.join(code.split())}")


def why_not_give(pep: Pep, purpose: str = Purpose.SAY) -> str:
    """Why no pass can be given for this plan now."""
    if purpose == Purpose.READ and pep.state != State.SIGNED_OFF:
        return "The plan is not signed off yet. Their page shows what was agreed."
    if purpose == Purpose.SAY and pep.state in CLOSED:
        return "The plan is closed, so there is nothing more to say for it."
    if pep.form == Pep.Form.EARLY_YEARS:
        return "In the early years an adult watches and writes down. There are no pages for the child to fill in."
    return ""


def give_pass(pep: Pep, variant: Variant, *, purpose: str = Purpose.SAY, actor: Actor) -> Given:
    """Give a new pass for a plan. An earlier one of the same plan, for the same purpose, ends.

    Raises Refused where the plan is closed, or not yet signed off for one to read, or has no pages of the child's own.
    """
    refuse_if(why_not_give(pep, purpose))
    if variant not in OWN_PAGES:
        raise ValueError(variant)
    link, code = new_link(pep.authority_id), new_code()
    made = VoicePass(
        authority_id=pep.authority_id,
        child_id=pep.child_id,
        pep=pep,
        purpose=purpose,
        variant=variant.value,
        token_hash=digest("link", link),
        code_hash=code_digest(digest("link", link), code),
        given_by_id=actor.account,
        given_by_name=actor.name,
        given_on=actor.today,
        expires=last_day(actor.today, purpose),
    )
    with change("voice.pass_given", actor=actor, child=pep.child_id) as this:
        for earlier in VoicePass.unscoped.filter(pep=pep, purpose=purpose, ended_on__isnull=True):
            earlier.ended_on, earlier.why = actor.today, VoicePass.Ended.REPLACED
            this.save(earlier, ["ended_on", "why"])
        this.create(made)
    return Given(made, f"{settings.ONROLL_ADDRESS}{reverse('peps:voice_door', args=[link])}", code)


def new_link(authority: int) -> str:
    """What stands in an address and opens a page: whose rows to look in, and 256 random bits."""
    return f"{authority}-{secrets.token_urlsafe(LINK_BYTES)}"


def new_code() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))


def withdraw_pass(pep: Pep, *, purpose: str = Purpose.SAY, actor: Actor) -> int:
    """End whatever pass of the plan is live for this purpose. Answers how many there were."""
    live = list(VoicePass.unscoped.filter(pep=pep, purpose=purpose, ended_on__isnull=True))
    with change("voice.pass_withdrawn", actor=actor, child=pep.child_id) as this:
        for each in live:
            each.ended_on, each.why = actor.today, VoicePass.Ended.WITHDRAWN
            this.save(each, ["ended_on", "why"])
    return len(live)


def authority_in(link: str) -> int | None:
    """The authority whose rows a link points to. Nothing is known of the link by it."""
    number, dash, rest = link.partition("-")
    return int(number) if dash and rest and number.isascii() and number.isdecimal() and len(number) < 10 else None


def pass_of_link(model: type[Pass], link: str) -> Any:
    """The pass that a link is of, in the scope of its authority alone."""
    authority = authority_in(link)
    if authority is None:
        return None
    with scope.in_authority(authority):
        found = model.unscoped.filter(authority_id=authority, token_hash=digest("link", link))
        return found.select_related("pep", "child").first()


def pass_numbered(model: type[Pass], authority: int, key: int) -> Any:
    """The pass that a session holds. Asked within the scope of its authority."""
    return model.unscoped.filter(authority_id=authority, pk=key).select_related("pep", "child").first()


def try_code(held: Pass, code: str, device: str, *, borrowed: bool = False, today: date) -> Tried:
    """Look at a code. A wrong one is counted before anything else is done, and the fifth ends the pass.

    `device` is the secret of the browser that asks: the first that gives the right code is the only one from then on.
    `borrowed`: an adult was signed in on it a moment ago.
    """
    actor = holder_of(held, today)
    with change("voice.code_entered", actor=actor, child=held.child_id) as this:
        # Many tries at once wait for each other here, and get no further than one after the other.
        row: Any = type(held).unscoped.select_for_update(of=("self",)).select_related("pep").get(pk=held.pk)
        if row.is_over(today):
            return Tried.CLOSED
        if row.device_hash and not hmac.compare_digest(row.device_hash, digest("device", device)):
            return Tried.ELSEWHERE
        if not hmac.compare_digest(row.code_hash, code_digest(row.token_hash, code)):
            row.tries += 1
            if row.tries >= TRIES:
                row.ended_on, row.why = today, Pass.Ended.CODES
            this.save(row, ["tries", "ended_on", "why"])
            return Tried.CLOSED if row.ended_on else Tried.WRONG
        row.tries = 0
        row.device_hash = digest("device", device)
        row.opened_on = row.opened_on or today
        changed = ["tries", "device_hash", "opened_on"]
        if borrowed and isinstance(row, VoicePass):
            row.borrowed = True
            changed.append("borrowed")
        this.save(row, changed)
        return Tried.RIGHT


def square_of(link: str) -> Square:
    """The link as a square code for a telephone's camera."""
    # Read in only here: it brings a library of pictures along, which the web server does not hold otherwise.
    import qrcode

    code = qrcode.QRCode(border=0)
    code.add_data(link)
    code.make(fit=True)
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.modules) for x, is_dark in enumerate(row) if is_dark]
    # Cameras look for a white edge of four squares.
    return Square("".join(dark), f"-4 -4 {len(code.modules) + 8} {len(code.modules) + 8}")

"""Documents that show what an update says: added, handed over, taken away. None of them is about a child.

A file is examined, made anew and closed as a document about a child is; whoever sees the plan sees it, and nobody else.
Taken away, its file is gone and its row tells what was there.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.encryption import KeyMissing
from onroll.codes.upn import why_not_upn
from onroll.documents import scanning
from onroll.documents.actions import NO_ROOM, Upload
from onroll.documents.apart import examine_apart
from onroll.documents.filetypes import Examined
from onroll.documents.refusing import NotAccepted
from onroll.history.changes import change, verb

from .actions import Refused, tidy, why_not_update
from .models import PlanDocument, Update
from .storing import FILES

verb("plan.document_added", "{actor} added a document to an update of an action")
verb("plan.document_taken_away", "{actor} took a document of an update away")
verb("plan.document_scanned", "{actor} had a document of an update scanned")

MOST_OF_AN_ACTION = 200 * 1024 * 1024
MOST_A_DAY = 100
_LIKE_A_UPN = re.compile(r"(?<![A-Z0-9])[A-Z][0-9]{11}[0-9A-Z](?![A-Z0-9])", re.IGNORECASE)
_ABOUT_A_CHILD = (
    "It holds a unique pupil number, so it is about a child. A plan is read by people who may not see that child. "
    "Take out what is about a child, or add it to the child’s own record"
)


def why_not_add(update: Update, *, actor: Actor, size: int = 0) -> str:
    """Why the actor can't add a document to this update. Empty if they can."""
    if update.authority_id != actor.authority:
        return "This plan is another authority’s."
    if refused := why_not_update(actor=actor):
        return refused
    own = PlanDocument.objects.filter(authority_id=actor.authority)
    kept = own.filter(update__action=update.action_id, taken_away_on__isnull=True)
    if (kept.aggregate(all=Sum("size"))["all"] or 0) + size > MOST_OF_AN_ACTION:
        return "The documents of one action take 200 MB at most, and these do. Take away what is not needed first."
    start = timezone.make_aware(datetime.combine(actor.today, time()))
    today = own.filter(added_by=actor.account, added_at__gte=start, added_at__lt=start + timedelta(days=1))
    if today.count() >= MOST_A_DAY:
        return f"You added {MOST_A_DAY} files to plans today, the most in a day. Go on tomorrow."
    return ""


def add_document(
    update: Update,
    upload: Upload,
    *,
    title: str,
    actor: Actor,
    examine: Callable[[str, bytes], Examined] = examine_apart,
) -> PlanDocument:
    """Keep a file beside an update. Raises NotAccepted with what is wrong with it, Refused with why it can't be added.

    The file is on the disk before the row that names it. What fails leaves neither.
    """
    _refuse(why_not_add(update, actor=actor))
    examined = examine(upload.name, upload.data)
    said = f"{upload.name}\n{title}\n{examined.words}"
    if any(not why_not_upn(found.upper()) for found in _LIKE_A_UPN.findall(said)):
        raise NotAccepted(_ABOUT_A_CHILD)
    _refuse(why_not_add(update, actor=actor, size=len(examined.data)))
    document = PlanDocument(
        authority_id=actor.authority,
        update=update,
        title=tidy(title),
        type=examined.type,
        size=len(examined.data),
        sha256=hashlib.sha256(examined.data).hexdigest(),
        state=PlanDocument.State.WAITING if scanning.is_configured() else PlanDocument.State.CLEAN,
        added_by_id=actor.account,
        added_at=timezone.now(),
    )
    try:
        FILES.keep(document, examined.data)
        with change("plan.document_added", actor=actor) as this:
            this.create(document)
            _scan_soon(document)
    except BaseException as error:
        FILES.path_of(document.public_id).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Refused(NO_ROOM) from error
        if isinstance(error, KeyMissing):
            raise Refused("The key of this authority is missing. Nothing was saved.") from error
        raise
    return document


def _refuse(reason: str) -> None:
    if reason:
        raise Refused(reason)


def _scan_soon(document: PlanDocument) -> None:
    if document.state == PlanDocument.State.WAITING:
        from .jobs import scan_waiting_documents

        transaction.on_commit(lambda: scan_waiting_documents.enqueue(document.authority_id) and None)


def settle_scan(document: PlanDocument, *, clean: bool, actor: Actor) -> None:
    """Write down the scanner's verdict. A file that it refuses is removed; that it came stays."""
    with change("plan.document_scanned", actor=actor) as this:
        document.state = PlanDocument.State.CLEAN if clean else PlanDocument.State.REFUSED
        this.save(document, ["state"])
        if not clean:
            FILES.forget([document.public_id])


def is_shown(document: PlanDocument, actor: Actor) -> bool:
    """Whether the actor, who sees the plan, is told of it: before the scanner has passed it, its uploader alone."""
    return document.is_clean or (actor.account is not None and document.added_by_id == actor.account)


def why_not_take_away(document: PlanDocument, *, actor: Actor) -> str:
    """Why the actor can't take this document away: those may who added it, and those who keep plans."""
    if document.authority_id != actor.authority:
        return "This plan is another authority’s."
    if document.taken_away_on:
        return "It is taken away already."
    own = actor.account is not None and document.added_by_id == actor.account
    if can(actor, Can.KEEP_PLAN) or (own and can(actor, Can.UPDATE_PLAN)):
        return ""
    return "Ask the virtual school head to take it away."


def take_away(document: PlanDocument, *, actor: Actor) -> None:
    """Delete the file. What it was, who added it and who took it away stays beside the update."""
    _refuse(why_not_take_away(document, actor=actor))
    with change("plan.document_taken_away", actor=actor) as this:
        document.taken_away_on, document.taken_away_by = actor.today, actor.name
        this.save(document, ["taken_away_on", "taken_away_by"])
        FILES.forget([document.public_id])

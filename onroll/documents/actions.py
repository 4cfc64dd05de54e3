"""What people do with documents: add, add a version, choose who sees it, move to the right record, remove."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.encryption import KeyMissing
from onroll.access.roles import LEADS, Role
from onroll.access.sections import Section, may_read
from onroll.children.actions.guards import keep_leak
from onroll.children.contradictions import Refused, refuse_if, why_not_write
from onroll.children.leaks import found_in
from onroll.children.models import Child
from onroll.history.changes import ThisChange, change, verb

from . import scanning, storing
from .apart import examine_apart
from .filetypes import Examined
from .models import SECTIONS, Document, DocumentTrace, DocumentVersion, as_audience
from .queries import readers_of

verb("document.added", "{actor} added a document")
verb("document.version_added", "{actor} added a new version of a document")
verb("document.audience_chosen", "{actor} chose who may see a document")
verb("document.moved", "{actor} moved a document to the record it belongs to")
verb("document.moved_here", "{actor} moved a document here from another record")
verb("document.removed", "{actor} removed a document")
verb("document.scanned", "{actor} had a document scanned")

MOST_OF_A_CHILD = 2 * 1024 * 1024 * 1024
MOST_A_DAY = 500
NO_ROOM = "There is no room to keep the file. Nothing was saved. Tell whoever runs this installation."


@dataclass(frozen=True)
class Upload:
    """A file as it was chosen: its name and its bytes."""

    name: str
    data: bytes


# Adding


def why_not_add(child: Child, part: Section, *, actor: Actor) -> str:
    """Why the actor can't add a document to this part of this record."""
    if part not in SECTIONS:
        return "Choose a part of the record."
    return why_not_write(child, part, actor=actor) or _why_not_more(child, actor)


def _why_not_more(child: Child, actor: Actor, size: int = 0) -> str:
    kept = DocumentVersion.unscoped.filter(child=child).aggregate(all=Sum("size"))["all"] or 0
    if kept + size > MOST_OF_A_CHILD:
        return "The documents of one child take 2 GB at most, and these do. Remove what is not needed first."
    if actor.account is not None:
        start = timezone.make_aware(datetime.combine(actor.today, time()))
        today = DocumentVersion.unscoped.filter(
            added_by=actor.account, added_at__gte=start, added_at__lt=start + timedelta(days=1)
        )
        if today.count() >= MOST_A_DAY:
            return f"You added {MOST_A_DAY} files today, the most in a day. Go on tomorrow."
    return ""


def why_not_audience(part: Section, roles: Collection[Role], *, actor: Actor) -> str:
    """Why this audience can't be chosen for a document of this section."""
    readers = readers_of(part)
    if [role for role in roles if role not in readers]:
        return "Choose among the roles that read this part of the record."
    if roles and actor.role in readers and actor.role not in roles:
        return "Keep your own role among those who may see it."
    return ""


def with_leads(part: Section, roles: Collection[Role]) -> list[Role]:
    """The chosen audience and the heads of the virtual school, who answer for the whole record."""
    return [role for role in readers_of(part) if role in roles or role in LEADS] if roles else []


def add_document(
    child: Child,
    upload: Upload,
    *,
    title: str,
    kind: str,
    part: Section,
    roles: Collection[Role] = (),
    leak_why: str = "",
    once: bool = False,
    actor: Actor,
    examine: Callable[[str, bytes], Examined] = examine_apart,
) -> Document:
    """Keep a file about the child. `roles` are who may see it of those who read the part; none: all of them. With
    `once` a file that the part holds already, as far as the actor sees, is refused.

    Raises NotAccepted with what is wrong with the file, Refused with why it can't be added, and Tells where it says
    something of where the child lives and `leak_why` does not say why that is right.
    """
    refuse_if(why_not_add(child, part, actor=actor) or why_not_audience(part, roles, actor=actor))
    examined = examine(upload.name, upload.data)
    tells = _tells(child, part, (title, upload.name, examined.words), leak_why, actor=actor)
    refuse_if(_why_not_more(child, actor, len(examined.data)))
    document = Document(
        authority_id=child.authority_id,
        child=child,
        part=part.value,
        title=title.strip(),
        kind=kind,
        audience=as_audience(with_leads(part, roles)),
        school_id=actor.school,
        added_by_id=actor.account,
        added_at=timezone.now(),
    )
    version = _version(document, upload, examined, actor=actor, number=1)

    def write() -> None:
        with change("document.added", actor=actor, child=child) as this:
            if once:
                # Two who add the same file at once: the second waits here for the first, and then finds it.
                Child.unscoped.select_for_update().get(pk=child.pk)
                refuse_if(_why_not_twice(child, part, version, actor))
            this.create(document)
            this.create(version)
            _scan_soon(version)
            if tells:
                keep_leak(child, where="Document", tells=tells, why=leak_why, actor=actor)

    _keep([(version, examined.data)], write)
    return document


def _why_not_twice(child: Child, part: Section, version: DocumentVersion, actor: Actor) -> str:
    held = DocumentVersion.of(child, actor).filter(document__part=part.value, sha256=version.sha256)
    refused = DocumentVersion.State.REFUSED
    return "It is in the record already." if held.exclude(state=refused).exists() else ""


class Tells(Exception):
    """A file, or what it is called, tells something of where the child lives: `parts`, in words."""

    def __init__(self, parts: list[str]) -> None:
        super().__init__(", ".join(parts))
        self.parts = parts


# Who reads these may read an address.
_WITH_THE_ADDRESS = (Section.ADDRESS, Section.CARER)


def _tells(child: Child, part: Section, texts: Collection[str], why: str, *, actor: Actor) -> list[str]:
    """What the file tells of where the child lives, to more readers than may know. Raises Tells if nobody says why."""
    tells = [] if part in _WITH_THE_ADDRESS else found_in(texts, child, actor)
    if tells and not why:
        raise Tells(tells)
    return tells


def why_not_add_version(document: Document, *, actor: Actor) -> str:
    """Why the actor can't add a version to this document."""
    return why_not_add(document.child, document.guarded_by, actor=actor)


def add_version(
    document: Document,
    upload: Upload,
    *,
    leak_why: str = "",
    actor: Actor,
    examine: Callable[[str, bytes], Examined] = examine_apart,
) -> DocumentVersion:
    """Keep a newer file in place of the last, which stays as an earlier version. Raises as `add_document` does."""
    refuse_if(why_not_add_version(document, actor=actor))
    examined = examine(upload.name, upload.data)
    part = document.guarded_by
    tells = _tells(document.child, part, (upload.name, examined.words), leak_why, actor=actor)
    refuse_if(_why_not_more(document.child, actor, len(examined.data)))
    version = _version(document, upload, examined, actor=actor, number=0)

    def write() -> None:
        with change("document.version_added", actor=actor, child=document.child) as this:
            # Two who add at once: the second waits for the first, or is refused by the constraint.
            last = DocumentVersion.unscoped.filter(document=document).aggregate(last=Max("number"))["last"]
            version.number = (last or 0) + 1
            this.create(version)
            _scan_soon(version)
            if tells:
                keep_leak(document.child, where="Document", tells=tells, why=leak_why, actor=actor)

    _keep([(version, examined.data)], write)
    return version


def _version(document: Document, upload: Upload, examined: Examined, *, actor: Actor, number: int) -> DocumentVersion:
    return DocumentVersion(
        authority_id=document.authority_id,
        child=document.child,
        document=document,
        number=number,
        file_name=upload.name[:200],
        type=examined.type,
        size=len(examined.data),
        pages=examined.pages,
        sha256=hashlib.sha256(examined.data).hexdigest(),
        state=DocumentVersion.State.WAITING if scanning.is_configured() else DocumentVersion.State.CLEAN,
        added_by_id=actor.account,
        added_at=timezone.now(),
    )


def _keep(files: list[tuple[DocumentVersion, bytes]], write: Callable[[], None]) -> None:
    """Put the files away, then write the rows that name them. What fails leaves neither."""
    try:
        for version, data in files:
            storing.keep(version, data)
        write()
    except BaseException as error:
        for version, _ in files:
            storing.path_of(version.public_id).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Refused(NO_ROOM) from error
        if isinstance(error, KeyMissing):
            raise Refused("The key of this authority is missing. Nothing was saved.") from error
        raise


def _scan_soon(version: DocumentVersion) -> None:
    if version.state == DocumentVersion.State.WAITING:
        from .jobs import scan_waiting_documents

        transaction.on_commit(lambda: scan_waiting_documents.enqueue(version.authority_id) and None)


def settle_scan(version: DocumentVersion, *, clean: bool, actor: Actor) -> None:
    """Write down the scanner's verdict. A file that it refuses is removed; that it came stays."""
    with change("document.scanned", actor=actor, child=version.child_id) as this:
        version.state = DocumentVersion.State.CLEAN if clean else DocumentVersion.State.REFUSED
        this.save(version, ["state"])
        if not clean:
            storing.forget([version.public_id])


# Who sees it


def choose_audience(document: Document, roles: Collection[Role], *, actor: Actor) -> None:
    """Say which of the roles that read the part may see the document. None: all of them."""
    part = document.guarded_by
    refuse_if(why_not_write(document.child, part, actor=actor) or why_not_audience(part, roles, actor=actor))
    with change("document.audience_chosen", actor=actor, child=document.child) as this:
        document.audience = as_audience(with_leads(part, roles))
        this.save(document, ["audience"])


# The wrong record


def why_not_take_away(document: Document, *, actor: Actor) -> str:
    """Why the actor can't move or remove this document: those may who added it, and those who put entries right."""
    refused = why_not_write(document.child, document.guarded_by, actor=actor)
    if refused:
        return refused
    own = actor.account is not None and document.added_by_id == actor.account
    return "" if own or can(actor, Can.REMOVE_AN_ENTRY) else "Ask the virtual school to take it out."


def why_not_move(document: Document, to: Child, *, actor: Actor) -> str:
    """Why the document can't be moved to that record."""
    refused = why_not_take_away(document, actor=actor)
    if refused:
        return refused
    if to.pk == document.child_id:
        return "Choose another child."
    if not Child.visible_to(actor).filter(pk=to.pk).exists() or not may_read(actor, document.guarded_by):
        return "Choose a child you work with."
    return why_not_add(to, document.guarded_by, actor=actor)


def move_document(document: Document, to: Child, *, actor: Actor) -> Document:
    """Put a document on the record it belongs to, with all its versions, and leave a trace that says no more.

    The files are closed anew for their new rows, and the old ones go with the old rows.
    """
    refuse_if(why_not_move(document, to, actor=actor))
    versions: list[Any] = list(DocumentVersion.unscoped.filter(document=document).order_by("number"))
    moved = Document(
        authority_id=to.authority_id,
        child=to,
        **{name: getattr(document, name) for name in ("part", "kind", "audience", "school", "added_by", "added_at")},
        title=str(document.title),
    )
    names = ("number", "type", "size", "pages", "sha256", "state", "added_by", "added_at")
    copies: list[tuple[DocumentVersion, bytes]] = []
    rows = []
    for version in versions:
        row = DocumentVersion(
            authority_id=to.authority_id,
            child=to,
            document=moved,
            **{name: getattr(version, name) for name in names},
            file_name=str(version.file_name),
        )
        rows.append(row)
        if version.state != DocumentVersion.State.REFUSED:
            try:
                copies.append((row, storing.kept(version)))
            except storing.Lost as lost:
                raise Refused(f"{lost} The document can’t be moved.") from lost

    def write() -> None:
        why = DocumentTrace.Why.WRONG_CHILD
        with change("document.moved", actor=actor, child=document.child) as this:
            _take_away(document, versions, DocumentTrace.Act.MOVED, why, this, actor=actor)
            with change("document.moved_here", actor=actor, child=to) as there:
                there.create(moved)
                for row in rows:
                    there.create(row)

    _keep(copies, write)
    return moved


def remove_document(document: Document, *, why: str, actor: Actor) -> None:
    """Remove a document and all its versions, and leave a trace that says why and no more."""
    refuse_if(why_not_take_away(document, actor=actor))
    if why not in DocumentTrace.Why.values:
        raise Refused("Choose why it is removed.")
    versions: list[Any] = list(DocumentVersion.unscoped.filter(document=document))
    with change("document.removed", actor=actor, child=document.child) as this:
        _take_away(document, versions, DocumentTrace.Act.REMOVED, why, this, actor=actor)


def take_back(document: Document, *, actor: Actor) -> None:
    """Somebody without an account takes back, or changes for another, what they added themselves. Leaves a trace."""
    versions: list[Any] = list(DocumentVersion.unscoped.filter(document=document))
    with change("document.removed", actor=actor, child=document.child) as this:
        _take_away(document, versions, DocumentTrace.Act.REMOVED, DocumentTrace.Why.WRONG_FILE, this, actor=actor)


def _take_away(
    document: Document, versions: list[DocumentVersion], act: str, why: str, this: ThisChange, *, actor: Actor
) -> None:
    this.create(
        DocumentTrace(
            authority_id=document.authority_id,
            child=document.child,
            part=document.part,
            act=act,
            why=why,
            added_at=document.added_at,
            on=actor.today,
            by_id=actor.account,
        )
    )
    storing.forget([version.public_id for version in versions])
    this.delete(DocumentVersion.unscoped.filter(document=document))
    this.delete(Document.unscoped.filter(pk=document.pk))

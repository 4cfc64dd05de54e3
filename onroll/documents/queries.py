"""Questions about documents: a child's list, a document's versions, and who may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.can import Can
from onroll.access.roles import Role
from onroll.access.sections import Section, may_write
from onroll.children.models import Allocation, Child
from onroll.children.records import holds_on

from .models import Document, DocumentTrace, DocumentVersion, sections_read_by


@dataclass(frozen=True)
class Listed:
    """A document in a child's list, with the version that the reader sees first."""

    document: Document
    version: DocumentVersion
    versions: int


def readers_of(part: Section) -> list[Role]:
    """The roles that open records and read this section, where they have a link to the child."""
    return [role for role in Role if role in Can.SEE_CHILD.roles and part in sections_read_by(_anyone_as(role))]


def _anyone_as(role: Role) -> Actor:
    return Actor(authority=0, role=role, today=date.min, name="")


def documents_of(child: Child, actor: Actor, *, on: date) -> list[Listed]:
    """The documents about the child that the actor may see and that had come by the end of a day, newest first."""
    until = timezone.make_aware(datetime.combine(on, time.max))
    found = Document.of(child, actor).filter(added_at__lte=until).order_by("-added_at", "-pk")
    documents = {each.pk: each for each in found.select_related("added_by", "school")}
    versions: dict[int, list[DocumentVersion]] = {}
    rows = DocumentVersion.of(child, actor).filter(document__in=documents, added_at__lte=until)
    for version in rows.order_by("number"):
        versions.setdefault(version.document_id, []).append(version)
    return [
        Listed(document, versions[pk][-1], len(versions[pk])) for pk, document in documents.items() if pk in versions
    ]


def versions_of(document: Document, actor: Actor) -> list[DocumentVersion]:
    """The versions that the actor may see, newest first."""
    rows = DocumentVersion.of(document.child, actor).filter(document=document)
    return list(rows.select_related("added_by").order_by("-number"))


def traces_of(child: Child, actor: Actor) -> list[DocumentTrace]:
    """What stood on this record and was taken away, newest first."""
    return list(DocumentTrace.of(child, actor).select_related("by").order_by("-on", "-pk"))


def sections_to_add_to(actor: Actor) -> list[Section]:
    """The parts of a record that the actor may add documents to."""
    return [section for section in sections_read_by(actor) if may_write(actor, section)]


def who_sees(document: Document, actor: Actor) -> list[str]:
    """The roles that may see the document, each with the people who have it with this child, as far as they are told.

    Heads and others whose role reaches every child are told by their role alone.
    """
    roles = document.roles or readers_of(document.guarded_by)
    live = Allocation.of(document.child, actor).filter(holds_on(actor.today), role__in=roles).select_related("account")
    names: dict[str, list[str]] = {}
    for allocation in live.order_by("account__family_name"):
        names.setdefault(allocation.role, []).append(allocation.account.name)
    return in_words(roles, names)


def in_words(roles: Iterable[Role], names: dict[str, list[str]]) -> list[str]:
    """Roles in their own order, each with its people where they are known."""
    words = []
    for role in Role:
        if role in roles:
            people = ", ".join(names.get(role, []))
            words.append(f"{role.label} ({people})" if people else str(role.label))
    return words

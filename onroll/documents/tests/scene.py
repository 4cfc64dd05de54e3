"""Documents for the tests."""

from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.models import Child
from onroll.documents.actions import Upload, add_document
from onroll.documents.examining import examine
from onroll.documents.models import Document, DocumentVersion


def a_document(
    child: Child,
    section: Section = Section.SEN,
    *,
    actor: Actor | None = None,
    title: str = "Autumn report",
    name: str = "report.txt",
    data: bytes = b"Mia reads well.",
    roles: tuple[Role, ...] = (),
    **more: Any,
) -> Document:
    """A document of a section. Without an actor it was added by no person."""
    return add_document(
        child,
        Upload(name, data),
        title=title,
        kind="report",
        part=section,
        roles=roles,
        actor=actor or Actor.system(child.authority_id, today=date(2026, 3, 31)),
        examine=examine,
        **more,
    )


def the_version(document: Document) -> DocumentVersion:
    """The newest version of a document."""
    return DocumentVersion.unscoped.filter(document=document).order_by("number").last()

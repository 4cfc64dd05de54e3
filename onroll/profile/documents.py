"""The page of a child's documents: newest first, with the part and the audience of each, and what was taken away."""

from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from onroll.access.can import Can, can
from onroll.access.sections import Section
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import day, lower_first
from onroll.documents.models import DocumentTrace, DocumentVersion
from onroll.documents.queries import Listed, documents_of, sections_to_add_to, traces_of

from .record import Record


def listed(record: Record) -> list[Listed]:
    """The documents that the reader may see, as the record held them on its day."""
    return documents_of(record.child, record.actor, on=record.day)


def table(record: Record, documents: list[Listed]) -> Table | None:
    """The documents, newest first."""
    if not documents:
        return None
    columns = [
        Column("Document", stacked_label=False),
        Column("Added"),
        Column("Part of the record"),
        Column("Seen by"),
    ]
    return Table(
        caption=f"Documents about {record.child.first_name}, newest first",
        columns=columns,
        rows=[_row(record, each) for each in documents],
    )


def _row(record: Record, each: Listed) -> list[Any]:
    document, version = each.document, each.version
    kind = f"{document.get_kind_display()} · {version.kept_as.words}"
    versions = f" · version {version.number}" if version.number > 1 else ""
    title = Cell(
        document.title,
        href=reverse("documents:document", args=[record.child.public_id, document.public_id]),
        sub=f"{kind}{versions}",
    )
    state: Any = ", ".join(role.label for role in document.roles) or "All who read this part"
    if not version.is_clean:
        waits = version.state == DocumentVersion.State.WAITING
        state = Cell(version.get_state_display(), tag="yellow" if waits else "red")
    by = document.added_by.name if document.added_by else ""
    return [title, Cell(day(localtime(document.added_at).date()), sub=by), document.guarded_by.title, state]


def sections_shown(documents: list[Listed]) -> list[str]:
    """The sections that the list tells of, for the access log."""
    return sorted({Section.BASICS.value, *(each.document.part for each in documents)})


def traces(record: Record) -> list[str]:
    """What is no longer there, in sentences without content."""
    if record.is_past:
        return []
    return [_sentence(trace) for trace in traces_of(record.child, record.actor)]


def _sentence(trace: DocumentTrace) -> str:
    added = day(localtime(trace.added_at).date())
    by = f" by {trace.by.name}" if trace.by else ""
    done, why = (lower_first(words) for words in (trace.get_act_display(), trace.get_why_display()))
    return f"A document of {added} was {done} on {day(trace.on)}{by}: {why}."


def add_url(record: Record) -> str:
    """Where a document is added, for those who may."""
    if record.is_past or not can(record.actor, Can.RECORD_CHANGES) or not sections_to_add_to(record.actor):
        return ""
    return reverse("documents:add", args=[record.child.public_id])

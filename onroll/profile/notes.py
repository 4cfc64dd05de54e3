"""Notes that were written of the child in an emergency opening, for those who read safeguarding notes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate, localtime

from onroll.children.models import Note

from .record import Record


@dataclass(frozen=True)
class NoteWords:
    """A note, who wrote it and when."""

    text: str
    by: str
    at: datetime


def notes_of(record: Record) -> list[NoteWords]:
    """The notes of the child by the day the page speaks for, newest first. One query, for those who may read them."""
    notes = Note.of(record.child, record.actor).select_related("written_by").order_by("-written_at", "-id")
    return [
        NoteWords(str(note.text), note.written_by.name, localtime(note.written_at))
        for note in notes
        if localdate(note.written_at) <= record.day
    ]

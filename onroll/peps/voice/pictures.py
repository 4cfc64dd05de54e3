"""A drawing or a photo that a young person adds to an answer.

It is kept as a document of their views: drawn anew without place, camera and name, looked through by the scanner where
there is one, closed with the authority's key. Whoever may read the answer sees it, once it was found clean.
"""

from dataclasses import dataclass
from typing import Any

from onroll.access.actors import Actor
from onroll.access.sections import Section
from onroll.children.contradictions import Refused
from onroll.documents import storing
from onroll.documents.actions import Upload, add_document, take_back
from onroll.documents.filetypes import LARGEST, MEGABYTE
from onroll.documents.models import Document, DocumentVersion
from onroll.documents.refusing import NotAccepted

from ..voice_models import VoiceAnswer, VoicePass
from .questions import Question

ENDINGS = ("png", "jpg", "jpeg", "heic", "heif")
ACCEPT = "image/png,image/jpeg,image/heic,.heic,.heif"
MOST_PICTURES = 40
TRY_ANOTHER = "We could not use that picture. Try another one: a photo, or a drawing saved as a picture"


@dataclass(frozen=True)
class Picture:
    """A picture as it was chosen: what kind its name says, and its bytes. The rest of its name is left behind."""

    ending: str
    data: bytes


def picture_of(chosen: Any) -> Picture:
    """What was chosen in the box of a form. Raises Refused with what to do where it can't be a picture."""
    if chosen.size > LARGEST:
        raise Refused(f"That picture is too big. Choose one of {LARGEST // MEGABYTE} MB or less")
    ending = str(chosen.name).rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise Refused(TRY_ANOTHER)
    return Picture(ending, chosen.read())


def keep_picture(held: VoicePass, row: VoiceAnswer, question: Question, picture: Picture, *, actor: Actor) -> None:
    """Keep a picture with an answer, in place of one before. The row is not saved here.

    Raises Refused where it is none that can be read, or there are too many.
    """
    if held.pictures >= MOST_PICTURES:
        raise Refused("That is a lot of pictures. Show the next one to the person who gave you this page")
    try:
        made = add_document(
            held.child,
            Upload(f"picture.{picture.ending}", picture.data),
            title=f"Drawing or photo: {question.question}"[:200],
            kind=Document.Kind.OWN,
            part=Section.VIEWS,
            actor=actor,
        )
    except NotAccepted as refusal:
        raise Refused(TRY_ANOTHER) from refusal
    remove_picture(row, actor=actor)
    row.picture = made.public_id
    held.pictures += 1


def remove_picture(row: VoiceAnswer, *, actor: Actor) -> None:
    """Remove the picture of an answer. The row is not saved here."""
    if row.picture is not None:
        found = Document.unscoped.filter(public_id=row.picture, child=row.child_id).select_related("child").first()
        if found is not None:
            take_back(found, actor=actor)
        row.picture = None


def file_of(row: VoiceAnswer) -> tuple[DocumentVersion, bytes] | None:
    """The picture of an answer with its bytes. None: there is none, or the scanner has not looked at it yet."""
    if row.picture is None:
        return None
    found = DocumentVersion.unscoped.filter(
        document__public_id=row.picture, child=row.child_id, state=DocumentVersion.State.CLEAN
    )
    version = found.order_by("-number").first()
    try:
        return (version, storing.kept(version)) if version is not None else None
    except storing.Lost:
        return None

"""Documents about a child, their versions, and the trace of one that was filed on the wrong record.

A document belongs to a section of the record, and to an audience within the readers of that section. Its words are
encrypted whatever its section is, and go with the row: its `lock`, which the history omits, is part of their key. What
the history holds of a document that was moved or removed can then be opened by nobody.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from onroll.access.actors import Actor
from onroll.access.classes import Classes
from onroll.access.encryption import EncryptedTextField
from onroll.access.roles import COMMAND_LINE, SYSTEM, Role
from onroll.access.sections import Section, may_read
from onroll.children.disclosure import HOME, kept_by_mark
from onroll.children.models import PlacementAddress
from onroll.children.records import ChildRecord
from onroll.schools.models import School

from .filetypes import TYPES, Type

# Who has looked, the sealed identity and figures hold no documents.
SECTIONS = tuple(each for each in Section if each not in (Section.LOOKS, Section.SEALED, Section.FIGURES))
# Of these a carer reads what is their own alone, and a document doesn't say whose it is.
_NOT_FOR_CARERS = (Section.PLACEMENT, Section.ADDRESS, Section.CARER)


def sections_read_by(actor: Actor) -> list[Section]:
    """The sections whose documents the actor's role may read."""
    left_out = _NOT_FOR_CARERS if actor.role == Role.CARER else ()
    return [section for section in SECTIONS if may_read(actor, section) and section not in left_out]


def in_reach(actor: Actor, prefix: str = "") -> Q:
    """Documents whose section the actor reads and whose audience the actor is among, whatever their state.

    `prefix` leads from the rows of the query to their document.
    """
    found = Q(**{f"{prefix}part__in": [section.value for section in sections_read_by(actor)]})
    if actor.role == SYSTEM:
        return found
    role = Role.DATA_OFFICER if actor.role == COMMAND_LINE else actor.role
    found &= Q(**{f"{prefix}audience": ""}) | Q(**{f"{prefix}audience__contains": f",{role},"})
    if actor.school is not None:
        # What another school added is its own period's (SEC-1).
        found &= Q(**{f"{prefix}school__isnull": True}) | Q(**{f"{prefix}school": actor.school})
    # A document about the address is as secret as the strictest mark on any of the child's addresses.
    marked = PlacementAddress.unscoped.filter(kept_by_mark(actor, HOME), child=OuterRef("child"))
    return found & (~Q(**{f"{prefix}part": Section.ADDRESS.value}) | ~Q(Exists(marked)))


class Document(ChildRecord):
    """A file about a child, in one or more versions."""

    class Kind(models.TextChoices):
        PLAN = "plan", "Plan or PEP"
        REPORT = "report", "School report"
        ADVICE = "advice", "Assessment or advice"
        LETTER = "letter", "Letter"
        MINUTES = "minutes", "Minutes of a meeting"
        AGREEMENT = "agreement", "Consent or agreement"
        OWN = "own", "The child’s own work or words"
        OTHER = "other", "Something else"

    part = models.CharField("Part of the record", max_length=2)
    title = EncryptedTextField("Title")
    kind = models.CharField("Kind", max_length=10, choices=Kind)
    audience = models.CharField(
        "Who may see it", max_length=500, blank=True, help_text="Roles between commas; empty for all who read the part"
    )
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField("Added")
    lock = models.UUIDField(default=uuid.uuid4, editable=False)

    classes = Classes(section=Section.BASICS, default="P3", fields={"title": "P4"})
    history_omits = ("lock",)

    class Meta(ChildRecord.Meta):
        verbose_name = "document"
        constraints = [models.UniqueConstraint(fields=["public_id"], name="a_document_has_an_id_of_its_own")]

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        # Until one version was found clean, the document is its uploader's alone.
        clean = DocumentVersion.unscoped.filter(document=OuterRef("pk"), state=DocumentVersion.State.CLEAN)
        return in_reach(actor) & (_is_own(actor) | Q(Exists(clean)))

    @property
    def guarded_by(self) -> Section:
        """The section that this document belongs to."""
        return Section(self.part)

    @property
    def roles(self) -> list[Role]:
        """The audience that was chosen. Empty: everyone who reads the section."""
        return [Role(each) for each in self.audience.split(",") if each]


def as_audience(roles: Any) -> str:
    """Roles as they are stored, in their own order."""
    chosen = [role.value for role in Role if role in set(roles)]
    return f",{','.join(chosen)}," if chosen else ""


def _is_own(actor: Actor) -> Q:
    if actor.role == SYSTEM:
        return Q()
    return Q(added_by=actor.account) if actor.account is not None else Q(pk__in=())


class DocumentVersion(ChildRecord):
    """One version of a document: a file in the folder of files, encrypted, under the version's own id."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for the scanner"
        CLEAN = "clean", "Clean"
        REFUSED = "refused", "Refused by the scanner"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("Version")
    file_name = EncryptedTextField("Name of the file")
    type = models.CharField(max_length=5)
    size = models.PositiveIntegerField(help_text="In bytes, as it is kept")
    pages = models.PositiveIntegerField(default=0, help_text="0 where they are not counted")
    sha256 = models.CharField(max_length=64, help_text="Of the file as it is kept")
    state = models.CharField(max_length=8, choices=State)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField("Added")
    lock = models.UUIDField(default=uuid.uuid4, editable=False)

    classes = Classes(section=Section.BASICS, default="P3", fields={"file_name": "P4"})
    history_omits = ("lock",)

    class Meta(ChildRecord.Meta):
        verbose_name = "version of a document"
        verbose_name_plural = "versions of documents"
        indexes = [
            models.Index(fields=["added_by", "added_at"], name="version_of_a_person"),
            models.Index(fields=["state"], condition=Q(state="waiting"), name="version_that_waits"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="a_version_has_an_id_of_its_own"),
            models.UniqueConstraint(fields=["document", "number"], name="a_document_has_one_version_of_a_number"),
        ]

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        return in_reach(actor, "document__") & (_is_own(actor) | Q(state=cls.State.CLEAN))

    @property
    def kept_as(self) -> Type:
        return TYPES[self.type]

    @property
    def is_clean(self) -> bool:
        return self.state == self.State.CLEAN


class DocumentTrace(ChildRecord):
    """That a document stood on this record and is no longer there: what was done, why and by whom, and no content."""

    class Act(models.TextChoices):
        MOVED = "moved", "Moved to the record it belongs to"
        REMOVED = "removed", "Removed"

    class Why(models.TextChoices):
        WRONG_CHILD = "wrong_child", "It is about another child"
        WRONG_PART = "wrong_part", "It belongs to another part of the record"
        NOT_OURS = "not_ours", "It holds what must not be kept here"
        TWICE = "twice", "It was added twice"
        WRONG_FILE = "wrong_file", "The wrong file was chosen"

    part = models.CharField("Part of the record", max_length=2)
    act = models.CharField(max_length=8, choices=Act)
    why = models.CharField(max_length=12, choices=Why)
    added_at = models.DateTimeField("When it had been added")
    on = models.DateField("Day")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    classes = Classes(section=Section.BASICS, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "trace of a document"
        verbose_name_plural = "traces of documents"

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        return Q(part__in=[section.value for section in sections_read_by(actor)])

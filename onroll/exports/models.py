"""One row for each thing that was made to leave: for whom, why, what is in it, who looked it through."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from onroll.access.classes import Classes
from onroll.access.encryption import EncryptedTextField
from onroll.access.sections import Section

from .recipients import recipients

# How long a file is kept, from the moment it was made (EXP-4).
KEPT_FOR = timedelta(days=7)
# What the first of the columns says where the file is the audit of a plan; after it stand its reference and the term.
AUDIT = "audit"


class Export(models.Model):
    """A list, a copy of one child's record or of a plan of theirs, or the whole record, as it left. The file itself is
    kept a week, encrypted.

    What people typed goes with the row: its `lock`, which the history omits, is part of their key.
    """

    class Kind(models.TextChoices):
        LIST = "list", "List"
        COPY = "copy", "Copy of a record"
        WHOLE = "whole", "The whole record"
        PEP = "pep", "Personal education plan"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a second person"
        READY = "ready", "Ready"
        REFUSED = "refused", "Refused by the second person"

    class Format(models.TextChoices):
        XLSX = "xlsx", "Excel (.xlsx)"
        CSV = "csv", "CSV (.csv)"
        PDF = "pdf", "PDF (.pdf)"
        HTML = "html", "A page to print (.html)"
        ZIP = "zip", "Exchange files (.zip)"
        DOCX = "docx", "Word (.docx)"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, help_text="The maker's, when it was made")
    made_at = models.DateTimeField()
    recipient = models.CharField(
        max_length=20, blank=True, help_text="A key of recipients.csv; empty: the whole record"
    )
    reader = EncryptedTextField("Who will read it", blank=True)
    purpose = EncryptedTextField("What it is for")
    narrowing = EncryptedTextField("What the list was narrowed by, or which plan and how much of it", blank=True)
    columns = models.JSONField(default=list, help_text="Keys of columns of a list, letters of sections of a copy")
    sections = models.CharField(max_length=80, blank=True, help_text="Letters of all that is in it, between commas")
    children = models.TextField(help_text="Keys of every child in it, each between commas")
    rows = models.PositiveIntegerField(default=0)
    format = models.CharField(max_length=4, choices=Format)
    sha256 = models.CharField(max_length=64, help_text="Of the file as it left")
    size = models.PositiveIntegerField(help_text="In bytes")
    keep_until = models.DateTimeField()
    removed_at = models.DateTimeField("File removed", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    lock = models.UUIDField(default=uuid.uuid4, editable=False)

    classes = Classes(
        section=None,
        default="P1",
        fields={"reader": "P3", "purpose": "P3", "narrowing": "P3", "children": "P2"},
    )
    history_omits = ("lock",)

    class Meta:
        indexes = [
            models.Index(fields=["authority", "made_by", "made_at"], name="exports_of_a_person"),
            models.Index(fields=["authority"], condition=Q(state="waiting"), name="exports_that_wait"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("made_by")),
                name="nobody_checks_their_own_export",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="an_export_is_checked_by_someone_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def is_of_one_child(self) -> bool:
        return self.kind in (self.Kind.COPY, self.Kind.PEP)

    @property
    def keys(self) -> list[int]:
        """The keys of the children in it."""
        return [int(key) for key in self.children.split(",") if key]

    @property
    def parts(self) -> list[Section]:
        return [Section(letter) for letter in self.sections.split(",") if letter]

    @property
    def for_whom(self) -> str:
        """The recipient in words, with the named reader of a copy."""
        known = recipients().get(self.recipient)
        title = known.title if known else "Whoever moves the whole record to another system"
        return f"{title}: {self.reader}" if self.reader else title

    @property
    def file_name(self) -> str:
        """The name of the file: nothing of a child, and nothing of the recipient. On a plan's nothing of care either:
        a young person keeps it where others see it.
        """
        if self.columns[:1] == [AUDIT]:
            # The naming rule of audits: reference, term of the plan, day.
            _, reference, term = self.columns
            return f"pep-audit-{reference}-{term}-{self.made_at:%Y-%m-%d}.{self.format}"
        if self.kind == self.Kind.PEP:
            return f"plan-{str(self.public_id)[:8]}-{self.made_at:%Y-%m-%d}.{self.format}"
        return f"onroll-{self.kind}-{self.made_at:%Y-%m-%d}.{self.format}"


def as_keys(children: list[int]) -> str:
    """Keys as they are stored: each findable with a comma at either side."""
    return f",{','.join(str(key) for key in children)}," if children else ""

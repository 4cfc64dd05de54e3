"""One row for each file that was loaded or looked at, and one for each thing wrong in it."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from onroll.access.classes import Classes
from onroll.design.words import day

from .problems import Grade

# Above these shares of what is live, or of what is in the file, the page asks twice.
MASS_ENDING = 0.10
MASS_UNMATCHED = 0.05


class Import(models.Model):
    """One load of one feed: what came, what it would do, what it did, and how to take it back.

    The file itself is kept, encrypted, so that what is applied is what was previewed.
    """

    class State(models.TextChoices):
        PREVIEWED = "previewed", "Checked, not applied"
        LEFT = "left", "Left: nothing was changed"
        APPLIED = "applied", "Applied"
        UNDONE = "undone", "Undone"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="imports")
    feed = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWED)

    # [{"name", "rows", "words"}] in the order in which they were read
    files = models.JSONField(default=list)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the files' names and bytes")
    plan_digest = models.CharField(max_length=64, help_text="SHA-256 of what applying would do")
    planned_on = models.DateField(help_text="The day taken as today when it was checked, and again when it is applied")
    seconds = models.FloatField(default=0, help_text="What reading and checking took")

    as_at = models.DateField(null=True, blank=True)
    speaks_from = models.DateField(null=True, blank=True)
    speaks_to = models.DateField(null=True, blank=True)
    speaks_words = models.CharField(max_length=300, blank=True)
    part = models.BooleanField(default=False)
    good_rows = models.BooleanField(default=False)
    confirm_endings = models.BooleanField(default=False)
    own_options = models.JSONField(default=dict)

    # [{"key", "count", "will", "did", "small", "children"}]
    sentences = models.JSONField(default=list)
    summary = models.CharField(max_length=300, blank=True)
    would_change = models.PositiveIntegerField(default=0)
    would_end = models.PositiveIntegerField(default=0)
    share_ended = models.FloatField(default=0)
    share_unmatched = models.FloatField(default=0)
    # {"stops", "left_out", "noted"}
    counts = models.JSONField(default=dict)

    previewed_at = models.DateTimeField()
    previewed_by = models.CharField(max_length=200)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=200, blank=True)
    change = models.ForeignKey("history.Change", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    classes = Classes(section=None, default="P1", fields={"sentences": "P3", "files": "P1", "own_options": "P1"})

    class Meta:
        ordering = ["-previewed_at", "-id"]
        indexes = [models.Index(fields=["authority", "feed", "state"], name="imports_of_a_feed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["previewed", "left"], applied_at__isnull=True)
                | Q(state__in=["applied", "undone"], applied_at__isnull=False),
                name="an_import_has_a_time_of_applying_exactly_when_it_was_applied",
            )
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.public_id}"

    def get_absolute_url(self) -> str:
        return reverse("exchange:import", args=[self.public_id])

    @property
    def what_it_speaks_for(self) -> str:
        """The days it speaks for, in words: empty for a feed that speaks for no period."""
        if self.speaks_from and self.speaks_to:
            return f"{day(self.speaks_from)} to {day(self.speaks_to)}"
        return day(self.as_at) if self.as_at else ""

    @property
    def problem_count(self) -> int:
        return sum(self.counts.values())

    @property
    def asks_twice(self) -> str:
        """Why applying asks a second time, in words: far more ends, or goes unmatched, than in a usual file."""
        reasons = []
        if self.share_ended > MASS_ENDING:
            reasons.append(f"{self.share_ended:.0%} of the children on the roll leave it")
        if self.share_unmatched > MASS_UNMATCHED:
            reasons.append(f"{self.share_unmatched:.0%} of the children in the file match nobody")
        return " and ".join(reasons)

    @property
    def share_ended_words(self) -> str:
        return f"{self.share_ended:.0%}"

    def sentence(self, key: str) -> dict[str, Any] | None:
        return next((sentence for sentence in self.sentences if sentence["key"] == key), None)


class ImportProblem(models.Model):
    """One thing wrong with one place in the file, and what was done about it."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    authority = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=10, choices=Grade)
    kind = models.CharField(max_length=40)
    file = models.CharField(max_length=200)
    line = models.PositiveIntegerField(null=True, blank=True)
    number = models.CharField(
        "Child", max_length=40, blank=True, help_text="The authority's own id, as the file has it"
    )
    field = models.CharField(max_length=60, blank=True)
    wrong = models.CharField("What is wrong", max_length=400)
    done = models.CharField("What we did", max_length=300)

    classes = Classes(section=None, default="P3")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["of", "grade", "kind"], name="problems_of_an_import")]

    def __str__(self) -> str:
        return f"{self.file} {self.line or ''}: {self.wrong}"

    @property
    def outcome(self) -> str:
        """What became of it, in a word or two: a row that stops a load was left out where only good rows went in."""
        return str(Grade.LEFT_OUT.label if self._left_out_with_its_child else self.get_grade_display())

    @property
    def what_we_did(self) -> str:
        if not self._left_out_with_its_child:
            return self.done
        return "Left this child out whole" if self.number else "Left this row out"

    @property
    def _left_out_with_its_child(self) -> bool:
        return self.grade == Grade.STOPS and self.of.good_rows

    @property
    def place(self) -> str:
        """The file and line, as a person would point at them."""
        return f"{self.file} {self.line}" if self.line else self.file


class NamedSchool(models.Model):
    """A school that the authority's own exchange files name: it goes out again in its export, in the words it came."""

    authority = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("schools.School", on_delete=models.PROTECT, related_name="+")
    type_as_sent = models.CharField(max_length=100, blank=True)
    status_as_sent = models.CharField(max_length=60, blank=True)

    classes = Classes(section=None, default="P0")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "school"], name="a_school_is_named_once")]

    def __str__(self) -> str:
        return f"{self.authority_id} names {self.school_id}"


class ColumnMatch(models.Model):
    """Under which heading an authority's own spreadsheet keeps one of our columns: matched once, then remembered."""

    authority = models.ForeignKey("authorities.Authority", on_delete=models.PROTECT, related_name="+")
    feed = models.CharField(max_length=30)
    column = models.CharField(max_length=40)
    heading = models.CharField(max_length=200)

    classes = Classes(section=None, default="P1")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "feed", "column"], name="a_column_is_matched_once")]

    def __str__(self) -> str:
        return f"{self.column} is {self.heading}"

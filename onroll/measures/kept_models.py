"""What is kept of figures: those of closed periods as they were counted, and what people found in a breakdown."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from onroll.access.classes import Classes
from onroll.authorities.models import Authority


class KeptFigure(models.Model):
    """A measure of the whole authority, or of one group of it, for a period that is over, as it was counted once. It is
    never counted again.

    `fingerprint` tells by which wording of the definition. A later reading that differs shows what was corrected.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=60)
    characteristic = models.CharField(max_length=30, blank=True)
    group = models.CharField(max_length=60, blank=True, help_text="Empty: everyone")
    start = models.DateField()
    end = models.DateField(help_text="The first day after")
    part = models.DecimalField(max_digits=14, decimal_places=2)
    whole = models.PositiveIntegerField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64)
    counted_on = models.DateField()

    classes = Classes(section=None, default="P3")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "measure", "start", "end", "characteristic", "group"],
                name="a_figure_of_a_closed_period_is_kept_once",
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")) & Q(counted_on__gte=F("end")),
                name="a_figure_is_kept_when_its_period_is_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.start} to {self.end}"


class Analysis(models.Model):
    """A breakdown that somebody looked into: by what, as at which day, and what they found, in words."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=60)
    by = models.CharField(max_length=60, help_text="The keys of the characteristics, with commas")
    as_at = models.DateField()
    findings = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_on = models.DateField()

    classes = Classes(section=None, default="P3")

    class Meta:
        verbose_name_plural = "analyses"
        ordering = ["-written_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.measure} by {self.by}"

    @property
    def keys(self) -> list[str]:
        return self.by.split(",")

"""Which measures stand on the scorecard of which audience."""

import uuid

from django.db import models

from onroll.access.classes import Classes
from onroll.authorities.models import Authority


class Audience(models.TextChoices):
    """For whom a set of measures is. Each reader's own is of the children their figures are about."""

    VIRTUAL_SCHOOL = "virtual_school", "The virtual school"
    TEAM = "team", "Social work teams, of their own children"
    SCHOOL = "school", "Schools, of their own children"
    SENIOR = "senior", "Senior managers and others without children"
    HOME = "home", "The home page of the heads"


class ScorecardMeasure(models.Model):
    """One measure on the scorecard of an audience. An audience without any has the usual ones."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=14, choices=Audience)
    measure = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()

    classes = Classes(section=None, default="P0")

    class Meta:
        ordering = ["audience", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "audience", "measure"], name="a_measure_stands_once_on_a_scorecard"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} for {self.audience}"

"""What figures are set against: figures that others published, and targets that the authority set itself."""

import uuid
from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from onroll.access.classes import Classes
from onroll.access.models import Account
from onroll.authorities.models import Authority

# What is kept of figures stands in a file of its own, and is part of these models.
from .kept_models import Analysis, KeptFigure  # noqa: F401


class PublishedFigure(models.Model):
    """One published figure, as an authority loaded it: of England, a region, itself or a statistical neighbour.

    The rows are the authority's own, though most are national: whether a figure is confidential, and until when, is a
    term of the licence under which that authority had it, and undoing its load takes nothing from another.

    `value` is exact, or there is none and `marker` says why: never 0. `year` is an academic year (“2024/25”) or one to
    31 March (“2025”). `part` and `whole` are the counts behind the value, where they were published.
    """

    class Level(models.TextChoices):
        ENGLAND = "england", "England"
        REGION = "region", "Region"
        AUTHORITY = "authority", "Local authority"

    class Marker(models.TextChoices):
        CONFIDENTIAL = "c", "hidden, because the numbers are small"
        NOT_AVAILABLE = "x", "not available"
        NOT_APPLICABLE = "z", "not applicable"
        ROUNDS_TO_ZERO = "k", "rounds to zero and is not"
        LOW = "low", "low"
        MISSING = "-", "hidden or not available"

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=60)
    group = models.CharField(max_length=30)
    level = models.CharField(max_length=9, choices=Level)
    place = models.CharField(max_length=40, blank=True, help_text="A region’s name, or an authority’s three digits")
    year = models.CharField(max_length=7)
    value = models.DecimalField(max_digits=20, decimal_places=8, null=True, blank=True)
    marker = models.CharField(max_length=3, choices=Marker, blank=True)
    part = models.DecimalField(max_digits=20, decimal_places=8, null=True, blank=True)
    whole = models.DecimalField(max_digits=20, decimal_places=8, null=True, blank=True)
    provisional = models.BooleanField(default=False)
    confidential_until = models.DateField(
        null=True, blank=True, help_text="The first day on which it may be shown outside"
    )
    release = models.CharField(max_length=100)
    released_on = models.DateField()

    classes = Classes(section=None, default="P0")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "measure", "group", "level", "place", "year"],
                name="one_published_figure_of_a_group_place_and_year",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, marker="") | (Q(value__isnull=True) & ~Q(marker="")),
                name="a_published_figure_has_a_value_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.group}, {self.place or 'England'}, {self.year}"

    def is_confidential(self, on: date) -> bool:
        return self.confidential_until is not None and on < self.confidential_until


class TargetQuerySet(models.QuerySet["Target"]):
    def of(self, authority: int, measure: str, *, on: date) -> "TargetQuerySet":
        """The targets of a measure whose period holds this day, that of everyone first."""
        return self.filter(authority_id=authority, measure=measure, start__lte=on, end__gt=on).order_by(
            "characteristic", "group", "pk"
        )


class Target(models.Model):
    """What the authority wants a figure to be by the end of a period, `[start, end)`: of everyone, or of one group.

    A figure that grows over its period is judged against the same day a year before, or, where they are given, against
    what is expected by the end of the autumn and of the spring term; never against the end of the period.
    """

    class Better(models.TextChoices):
        HIGHER = "higher", "At least this"
        LOWER = "lower", "At most this"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=60)
    period = models.CharField(max_length=40, help_text="Its name, like 2026/27")
    start = models.DateField()
    end = models.DateField(help_text="The first day after")
    characteristic = models.CharField(max_length=30, blank=True)
    group = models.CharField(max_length=60, blank=True)
    value = models.DecimalField(max_digits=12, decimal_places=2)
    better = models.CharField(max_length=6, choices=Better)
    due_on = models.DateField()
    by_autumn = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    by_spring = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    set_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    set_on = models.DateField()

    objects = TargetQuerySet.as_manager()

    classes = Classes(section=None, default="P1")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="the_period_of_a_target_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(characteristic="", group="") | ~Q(characteristic=""),
                name="the_group_of_a_target_is_of_a_characteristic",
            ),
            models.UniqueConstraint(
                fields=["authority", "measure", "start", "end", "characteristic", "group"],
                name="one_target_of_a_measure_group_and_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.period}"

    @property
    def has_profile(self) -> bool:
        return self.by_autumn is not None and self.by_spring is not None

    def expected_by(self, term: str) -> Decimal | None:
        """What the profile expects by the end of this term. None where it has none."""
        return {"autumn": self.by_autumn, "spring": self.by_spring, "summer": self.value}[term]

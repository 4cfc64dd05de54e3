"""Schools and other settings, as the national register or an authority names them."""

import uuid

from django.db import models
from django.db.models import F, Q

from onroll.access.classes import Classes
from onroll.authorities.models import Authority


class School(models.Model):
    """A school or another setting: nursery, college, alternative provider, employer.

    One of the national register has no authority and is shared by all; one that an authority added is its own.
    `la_code` is the authority the setting lies in, as the register says.
    """

    class Phase(models.TextChoices):
        EARLY_YEARS = "early_years", "Early years"
        PRIMARY = "primary", "Primary"
        SECONDARY = "secondary", "Secondary"
        ALL_THROUGH = "all_through", "All-through"
        SPECIAL = "special", "Special"
        PRU = "pru", "Pupil referral unit"
        AP = "ap", "Alternative provision"
        POST16 = "post16", "Post-16"
        OTHER = "other", "Other"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        OPEN_PROPOSED_TO_CLOSE = "open_proposed_to_close", "Open, but proposed to close"
        PROPOSED_TO_OPEN = "proposed_to_open", "Proposed to open"
        CLOSED = "closed", "Closed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    setting_id = models.CharField(max_length=20, help_text="The URN where there is one")
    urn = models.CharField("URN", max_length=6, blank=True)
    laestab = models.CharField("LAESTAB", max_length=7, blank=True, db_index=True)
    ukprn = models.CharField("UKPRN", max_length=8, blank=True)
    name = models.CharField(max_length=200)
    la_code = models.CharField(max_length=3, blank=True, db_index=True)
    phase = models.CharField(max_length=12, choices=Phase, default=Phase.OTHER)
    type_code = models.CharField(max_length=2, blank=True)
    type_words = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=24, choices=Status, default=Status.OPEN)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    street = models.CharField(max_length=120, blank=True)
    locality = models.CharField(max_length=120, blank=True)
    town = models.CharField(max_length=80, blank=True)
    county = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    website = models.CharField(max_length=200, blank=True)
    age_low = models.PositiveSmallIntegerField(null=True, blank=True)
    age_high = models.PositiveSmallIntegerField(null=True, blank=True)
    gender = models.CharField(max_length=20, blank=True)
    trust_name = models.CharField(max_length=200, blank=True)
    easting = models.IntegerField(null=True, blank=True)
    northing = models.IntegerField(null=True, blank=True)
    high_cost = models.BooleanField(null=True, blank=True)
    changed_on = models.DateField(
        null=True, blank=True, help_text="When the register last changed it: an older row changes nothing"
    )
    search_words = models.CharField(max_length=400, blank=True, editable=False)

    classes = Classes(section=None, default="P0")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["setting_id"], condition=Q(authority__isnull=True), name="one_national_school_of_a_setting_id"
            ),
            models.UniqueConstraint(
                fields=["authority", "setting_id"],
                condition=Q(authority__isnull=False),
                name="one_own_setting_of_a_setting_id",
            ),
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True) | Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="a_school_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED


class SchoolLink(models.Model):
    """One school followed another: told by the register from either end, sometimes without a date."""

    predecessor = models.ForeignKey(School, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(School, on_delete=models.PROTECT, related_name="predecessors")
    on = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=100, blank=True, help_text="How the register calls the link")

    classes = Classes(section=None, default="P0")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="a_link_between_two_schools_stands_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="a_school_does_not_follow_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class Inspection(models.Model):
    """An inspection of a school. `overall` is 1 to 4 where one grade was given; grades of areas since November 2025."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="inspections")
    inspected_on = models.DateField()
    overall = models.PositiveSmallIntegerField(null=True, blank=True)
    report = models.CharField(max_length=200, blank=True)

    classes = Classes(section=None, default="P0")

    class Meta:
        ordering = ["-inspected_on"]
        constraints = [
            models.UniqueConstraint(fields=["school", "inspected_on"], name="one_inspection_of_a_school_on_a_day"),
            models.CheckConstraint(
                condition=Q(overall__isnull=True) | Q(overall__range=(1, 4)), name="an_overall_grade_is_1_to_4"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_id} {self.inspected_on}"


class AreaGrade(models.Model):
    """The grade of one area in a report card (since 10 November 2025). Never turned into an overall grade."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="area_grades")
    area = models.CharField(max_length=10)
    grade = models.CharField(max_length=10)

    classes = Classes(section=None, default="P0")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "area"], name="one_grade_of_an_area_in_an_inspection")
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.grade}"

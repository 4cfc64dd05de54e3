"""A local authority, its teams and its calendar."""

import uuid
from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from onroll.access.classes import Classes


class Authority(models.Model):
    """A local authority that runs a virtual school here. What two authorities do differently is a setting of it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=3, unique=True, help_text="The three digits that the national list gives it")
    name = models.CharField(max_length=100)
    region = models.CharField(max_length=60, blank=True)
    live_from = models.DateField(help_text="Clocks and alerts look only at days from this one on")
    demonstration = models.BooleanField(default=False)
    keeps_the_roll = models.BooleanField(
        "The virtual school keeps the roll",
        default=True,
        help_text="The head and advisers may then write addresses, carers and SDQ scores",
    )
    advisers_see_all = models.BooleanField("Advisers see all children", default=False)
    order_of_trust = models.CharField(
        max_length=200,
        default="person;school;list;ssda903;exchange",
        help_text="Where two sources disagree, the record keeps the one that comes first here",
    )
    idle_minutes = models.PositiveSmallIntegerField(
        "Minutes without a page until people are signed out",
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(30)],
        help_text="From 5 to 30. Administrators and information governance are signed out after 15 at the latest",
    )
    sign_in_hours = models.PositiveSmallIntegerField(
        "Hours until people sign in again, however busy they are",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text="From 1 to 12",
    )
    mail_address = models.EmailField(
        "Address that messages come from",
        blank=True,
        help_text="An address of the council. Its e-mail service must allow this server to send for it",
    )
    mail_domains = models.CharField(
        "E-mail domains that one person may invite",
        max_length=500,
        blank=True,
        help_text="Such as ashcombe.gov.uk, with spaces between. An invitation to any other address, unless the school "
        "has named its domain, waits for a second person. Without a list every address is invited at once",
    )
    colour = models.CharField(max_length=7, default="#17524f", help_text="The colour of the bar, as #rrggbb")

    watch_children_an_hour = models.PositiveSmallIntegerField(
        "Children one person opens in an hour",
        default=60,
        help_text="More than this raises an alert about the person",
    )
    watch_times_the_norm = models.PositiveSmallIntegerField(
        "Times a person’s own norm",
        default=3,
        help_text="Opening or exporting more than this many times what the person did on a usual day of the last 30 "
        "days raises an alert",
    )
    watch_refusals = models.PositiveSmallIntegerField(
        "Refusals in ten minutes",
        default=10,
        help_text="This many pages that the person may not see, within ten minutes, raise an alert",
    )
    watch_out_of_hours = models.PositiveSmallIntegerField(
        "Children opened out of hours",
        default=20,
        help_text="More than this in one night or weekend day raises an alert",
    )
    hours_start = models.PositiveSmallIntegerField(
        "First hour of the working day", default=7, help_text="From 0 to 23: earlier looks are out of hours"
    )
    hours_end = models.PositiveSmallIntegerField(
        "Hour at which the working day ends", default=20, help_text="From 1 to 24: later looks are out of hours"
    )

    export_limit = models.PositiveSmallIntegerField(
        "Children who may leave in one file",
        default=30,
        help_text="A list of more children with sensitive facts takes a fresh second step, and with restricted facts "
        "a second person",
    )

    small_number_threshold = models.PositiveSmallIntegerField(
        "Largest number that is hidden outside the virtual school",
        default=5,
        help_text="Published statistics hide 1 to 5. What has to be hidden with them, so that nobody can subtract, "
        "follows from it",
    )
    children_for_a_project = models.PositiveSmallIntegerField(
        "Looked-after children at one school for a project",
        default=5,
        help_text="Schools with this many or more are marked where children are counted by school",
    )
    near_points = models.PositiveSmallIntegerField(
        "Percentage points from the target that count as near",
        default=5,
        help_text="A percentage that misses its target by no more than this is near, and by more is off track",
    )
    near_share = models.PositiveSmallIntegerField(
        "Percent of the target that counts as near",
        default=10,
        help_text="A count, an amount or a number of days that misses its target by no more than this is near",
    )

    tell_schools_within = models.PositiveSmallIntegerField(
        "Working days to tell a school that a looked-after child is on its roll",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="Counted from the day on which the child came there, or came into care",
    )
    mail_to_schools = models.BooleanField(
        "Tell the head teacher and the designated teacher by a message",
        default=True,
        help_text="The message names no child. Otherwise somebody tells them, and writes it down",
    )

    classes = Classes(section=None, default="P0")

    class Meta:
        verbose_name_plural = "authorities"
        constraints = [
            models.CheckConstraint(
                condition=Q(idle_minutes__gte=5, idle_minutes__lte=30, sign_in_hours__gte=1, sign_in_hours__lte=12),
                name="a_sign_in_ends_after_30_minutes_or_12_hours_at_the_latest",
            ),
            models.CheckConstraint(condition=Q(small_number_threshold__gte=5), name="one_to_five_are_always_hidden"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def service_name(self) -> str:
        return f"{self.name} Virtual School"

    def trust(self, source: str) -> int:
        """Where a source stands in the order of trust: a smaller number is trusted more."""
        order = self.order_of_trust.split(";")
        return order.index(source) if source in order else len(order)


class LogoQuerySet(models.QuerySet["Logo"]):
    def of(self, authority: int) -> "Logo | None":
        """The logo that the authority shows, if it has one."""
        return self.filter(authority_id=authority).order_by("-pk").first()


class Logo(models.Model):
    """The picture beside the authority's name on every page. The newest row counts; without one there is no picture.

    Each picture is a row, and so has an address of its own: a browser that keeps one asks for the new one.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    png = models.TextField(help_text="A PNG, as base64")
    width = models.PositiveSmallIntegerField(help_text="In pixels")
    height = models.PositiveSmallIntegerField(help_text="In pixels")

    objects = LogoQuerySet.as_manager()

    classes = Classes(section=None, default="P0")

    def __str__(self) -> str:
        return f"logo of {self.authority}"


class SensitiveKind(models.TextChoices):
    """The kinds of sensitive fact in a return that are read past unless the authority keeps them."""

    HEALTH_CHECKS = "health_checks", "Health checks"
    SUBSTANCE_MISUSE = "substance_misuse", "Substance misuse"
    CONVICTIONS = "convictions", "Convictions"
    ADOPTERS = "adopters", "Adopters’ details"
    MOTHERS_CHILD = "mothers_child", "Mothers and their children"


class KeptFactsQuerySet(models.QuerySet["KeptFacts"]):
    def on(self, day: date) -> "KeptFactsQuerySet":
        """What is kept on this day."""
        return self.filter(Q(end__isnull=True) | Q(end__gt=day), start__lte=day)


class KeptFacts(models.Model):
    """From `start` up to, and not on, `end` the authority keeps one kind of the return's sensitive facts: who said so
    and why. Without such a row the feed reads past them. Ending it takes nothing out of a record.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=SensitiveKind)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500)
    started_by = models.CharField(max_length=150)
    ended_by = models.CharField(max_length=150, blank=True)

    objects = KeptFactsQuerySet.as_manager()

    classes = Classes(section=None, default="P1")

    class Meta:
        verbose_name = "kept kind of sensitive fact"
        verbose_name_plural = "kept kinds of sensitive fact"
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True, ended_by="") | (Q(end__gte=F("start")) & ~Q(ended_by="")),
                name="keeping_sensitive_facts_is_ended_by_someone",
            ),
            models.UniqueConstraint(
                fields=["authority", "kind"],
                condition=Q(end__isnull=True),
                name="one_open_spell_of_keeping_sensitive_facts",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Team(models.Model):
    """A team of the authority's staff: of social workers, or of the virtual school."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=100)

    classes = Classes(section=None, default="P1")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "name"], name="one_team_of_a_name_in_an_authority")]

    def __str__(self) -> str:
        return self.name


class CalendarEntry(models.Model):
    """A term, a break, a holiday or a PEP deadline of the authority: `[start, end)`."""

    class Kind(models.TextChoices):
        TERM = "term", "Term"
        HALF_TERM_BREAK = "half_term_break", "Half-term break"
        SCHOOL_HOLIDAY = "school_holiday", "School holiday"
        PEP_DEADLINE = "pep_deadline", "PEP deadline"

    class Term(models.TextChoices):
        AUTUMN = "autumn", "Autumn"
        SPRING = "spring", "Spring"
        SUMMER = "summer", "Summer"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="calendar")
    kind = models.CharField(max_length=20, choices=Kind)
    academic_year = models.CharField(max_length=7, help_text="Like 2025-26")
    term = models.CharField(max_length=6, choices=Term, blank=True)
    start = models.DateField()
    end = models.DateField(help_text="The first day after")

    classes = Classes(section=None, default="P0")

    class Meta:
        ordering = ["start", "kind"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="a_calendar_entry_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.academic_year} {self.get_term_display()}".strip()

    def holds(self, day: date) -> bool:
        return self.start <= day < self.end


class Postcode(models.Model):
    """One line of the postcode directory that the authority loaded (the national statistics layout).

    Reference data that can be loaded again, so its rows are not recorded in the history; the load itself is.
    """

    postcode = models.CharField(max_length=8, primary_key=True, help_text="Without a space")
    la_code = models.CharField(max_length=3, blank=True, help_text="Empty: a place outside England")
    easting = models.IntegerField(null=True)
    northing = models.IntegerField(null=True)

    classes = Classes(section=None, default="P0")

    def __str__(self) -> str:
        return self.postcode

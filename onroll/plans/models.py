"""Plans, their sections and actions, and what is written down about an action while it is done.

Nothing here is about a child. An action is one record, however many plans it stands in: its updates, ratings,
milestones and meetings are written once and read in each of them.
"""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from onroll.access.classes import Classes
from onroll.authorities.models import Authority
from onroll.documents.filetypes import TYPES, Type
from onroll.documents.models import DocumentVersion


class OfAPlan(models.Model):
    """What every record of a plan has: whose it is, and an id for addresses."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")

    classes = Classes(section=None, default="P1")

    class Meta:
        abstract = True


class Plan(OfAPlan):
    """An improvement plan or work plan, with its heading as printed. It runs `[start, end)`.

    `number` is what files call it. A plan that was begun from last year's says which it follows.
    """

    number = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    service = models.CharField("Service area", max_length=200, blank=True)
    accountable = models.CharField("Accountable officer", max_length=200, blank=True)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True, help_text="The first day after")
    context = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    follows = models.CharField(max_length=60, blank=True, help_text="The number of the plan that it follows")

    class Meta:
        ordering = ["-start", "title"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "number"], name="one_plan_of_a_number_in_an_authority"),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gt=F("start")),
                name="a_plan_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:plan", args=[self.public_id])

    def runs(self, on: date) -> bool:
        """Whether the plan is in force on this day. One without dates always is."""
        return (self.start is None or self.start <= on) and (self.end is None or on < self.end)


class Section(OfAPlan):
    """A heading of the plan under which actions stand: a section, a strand or a theme, in the plan's own order."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)

    class Meta:
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "title"], name="one_section_of_a_title_in_a_plan"),
        ]

    def __str__(self) -> str:
        return self.title


class Goal(OfAPlan):
    """A priority of the plan, or a success criterion. The two are lists side by side, not pairs."""

    class Kind(models.TextChoices):
        PRIORITY = "priority", "Priority"
        CRITERION = "criterion", "Success criterion"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="goals")
    kind = models.CharField(max_length=10, choices=Kind)
    position = models.PositiveSmallIntegerField()
    words = models.TextField()

    class Meta:
        ordering = ["plan", "kind", "position"]

    def __str__(self) -> str:
        return self.words


class Rated(models.TextChoices):
    """The plan's own scale, by which a lead rates an action. It is not the measures' scale, and never mixed with it."""

    OFF_TRACK = "Off Track", "Off Track"
    IN_PROGRESS = "In Progress", "In Progress"
    COMPLETED = "Completed", "Completed"


class Rhythm(models.TextChoices):
    """How often an action comes round, where it does."""

    WEEK = "week", "every week"
    MONTH = "month", "every month"
    HALF_TERM = "half_term", "every half-term"
    TERM = "term", "every term"
    QUARTER = "quarter", "every quarter"
    YEAR = "year", "every year"
    HOLIDAYS = "holidays", "in school holidays"
    FEBRUARY = "february", "in the February half-term and school holidays"
    MEETINGS = "meetings", "as its meetings fall"


class Action(OfAPlan):
    """One thing that somebody does. Its dates stand as printed, and beside them the days made of them.

    It is due by `due_on`, that day included; an ongoing one has no such day. `reported` is the progress that a plan
    printed without a day. `rating` is the latest; `Rating` has when it changed, and `rating_printed` what a plan had
    printed, without a day, before the first of those. `led_to` is a plan that grew out of the work on it, such as the
    one that a working group drew up.
    """

    number = models.CharField(max_length=80)
    words = models.TextField("Action")
    outcome = models.TextField("Anticipated outcome", blank=True)
    measured_by = models.TextField("Performance measures", blank=True)
    start_printed = models.TextField("Start as printed", blank=True)
    end_printed = models.TextField("End as printed", blank=True)
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    ongoing = models.BooleanField(default=False)
    rhythm = models.CharField(max_length=10, choices=Rhythm, blank=True)
    reported = models.TextField("Progress as printed", blank=True)
    rating = models.CharField(max_length=11, choices=Rated, blank=True)
    rating_printed = models.CharField("Rating as printed", max_length=11, choices=Rated, blank=True)
    led_to = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "number"], name="one_action_of_a_number_in_an_authority"),
            models.CheckConstraint(
                condition=Q(ongoing=False) | Q(due_on__isnull=True), name="what_is_ongoing_is_never_due"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def is_late(self, on: date) -> bool:
        """Whether its day has passed and its lead has not called it completed."""
        return self.due_on is not None and self.due_on < on and self.rating != Rated.COMPLETED

    @property
    def when_printed(self) -> str:
        """The plan's own words about when."""
        return " to ".join(each for each in (self.start_printed, self.end_printed) if each)


class Line(OfAPlan):
    """Where an action stands in a plan: under which section, at which place, with which reference."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lines")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="lines")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "action"], name="an_action_stands_once_in_a_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.action}".strip()


class Lead(OfAPlan):
    """Who leads an action: a person with an account here, or a name or a role in words, as printed."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="leads")
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=150)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["action", "position"]

    def __str__(self) -> str:
        return self.words


class BoundMeasure(OfAPlan):
    """A measure that answers an action, by the id that the plan's measures have (W16) or its own name here."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="measures")
    position = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=60)

    class Meta:
        ordering = ["action", "position"]
        constraints = [models.UniqueConstraint(fields=["action", "measure"], name="a_measure_answers_an_action_once")]

    def __str__(self) -> str:
        return self.measure


class Milestone(OfAPlan):
    """A step on the way with a day of its own. Of a contract's end the leads are warned some weeks before."""

    class Kind(models.TextChoices):
        STEP = "step", "A step"
        CONTRACT = "contract", "A step of a contract, procurement or recruitment"
        CONTRACT_END = "contract_end", "The end of a contract"

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    words = models.TextField("Milestone")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.STEP)
    due_on = models.DateField(null=True, blank=True)
    achieved_on = models.DateField(null=True, blank=True)
    warn_weeks = models.PositiveSmallIntegerField("Weeks of warning before", default=0)

    class Meta:
        ordering = ["action", "position"]

    def __str__(self) -> str:
        return self.words


class Meeting(OfAPlan):
    """A meeting about an action: arranged, moved to another day, cancelled or held.

    `first_on` is the day it was first arranged for; a meeting that was moved has another `on`.
    """

    class State(models.TextChoices):
        ARRANGED = "arranged", "Arranged"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="meetings")
    title = models.CharField("What kind of meeting is it?", max_length=200)
    working_group = models.BooleanField("It is a meeting of a working group", default=False)
    on = models.DateField()
    first_on = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.ARRANGED)
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["action", "on"]

    def __str__(self) -> str:
        return self.title

    @property
    def was_moved(self) -> bool:
        return self.on != self.first_on


class NextStep(OfAPlan):
    """What a meeting decided that somebody does next, and by when."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    words = models.CharField("Next step", max_length=500)
    who = models.CharField(max_length=150, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["meeting", "position"]

    def __str__(self) -> str:
        return self.words


class Asked(OfAPlan):
    """Data that an action waits for: what was asked of which colleagues, on which day, and when it was supplied."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="asked")
    item = models.CharField("What data is it?", max_length=200)
    asked_of = models.CharField("Asked of", max_length=150)
    requested_on = models.DateField("Asked on")
    supplied_on = models.DateField("Supplied on", null=True, blank=True)

    class Meta:
        verbose_name_plural = "asked"
        ordering = ["action", "requested_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(supplied_on__isnull=True) | Q(supplied_on__gte=F("requested_on")),
                name="data_is_supplied_after_it_is_asked_for",
            )
        ]

    def __str__(self) -> str:
        return self.item


class Update(OfAPlan):
    """What a lead wrote of the progress, on a day. What was written stays; a later update says more."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="updates")
    on = models.DateField()
    words = models.TextField("What happened")
    by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["action", "-on", "-id"]

    def __str__(self) -> str:
        return self.words


class Evidence(OfAPlan):
    """Where the evidence of an update is kept: its words, and an address on the council's own network or the web."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="evidence")
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200)
    address = models.URLField(max_length=500)

    class Meta:
        ordering = ["update", "position"]

    def __str__(self) -> str:
        return self.words


class PlanDocument(OfAPlan):
    """A file that shows what an update says. It is about no child, and whoever sees the plan may open it.

    The file itself is encrypted, in the folder of files, under the id of this row. Taken away, it is deleted; the row
    stays and says by whom and when.
    """

    State = DocumentVersion.State

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(max_length=120)
    type = models.CharField(max_length=5)
    size = models.PositiveIntegerField(help_text="In bytes, as it is kept")
    sha256 = models.CharField(max_length=64, help_text="Of the file as it is kept")
    state = models.CharField(max_length=8, choices=DocumentVersion.State)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField("Added")
    taken_away_on = models.DateField(null=True, blank=True)
    taken_away_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = "document of a plan"
        verbose_name_plural = "documents of plans"
        ordering = ["update", "added_at", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def kept_as(self) -> Type:
        return TYPES[self.type]

    @property
    def is_clean(self) -> bool:
        return self.state == DocumentVersion.State.CLEAN


class Rating(OfAPlan):
    """A lead gave an action this rating on this day, or took it away. The latest is on the action itself."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="ratings")
    on = models.DateField()
    rating = models.CharField(max_length=11, choices=Rated, blank=True)
    by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["action", "-on", "-id"]

    def __str__(self) -> str:
        return self.rating or "not rated"


class Serves(OfAPlan):
    """What a plan, a goal or an action comes from or serves: an objective, a principle, a duty, an analysis.

    `code` is the duty's or the principle's in the lists of `reference.py`; where it has none the words stand alone.
    """

    class Kind(models.TextChoices):
        OBJECTIVE = "objective", "Corporate objective"
        PRINCIPLE = "principle", "Corporate parenting principle"
        DUTY = "duty", "Statutory duty"
        ANALYSIS = "analysis", "Analysis"

    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.CASCADE, related_name="serves")
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.CASCADE, related_name="serves")
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.CASCADE, related_name="serves")
    kind = models.CharField(max_length=9, choices=Kind)
    code = models.CharField(max_length=10, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "serves"
        ordering = ["kind", "code", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(plan__isnull=False) | Q(goal__isnull=False) | Q(action__isnull=False),
                name="a_plan_a_goal_or_an_action_serves_it",
            )
        ]

    def __str__(self) -> str:
        return self.words or self.code


class DutyAnswer(OfAPlan):
    """On a day somebody said whether the authority meets a statutory duty, and how they know. The latest counts."""

    duty = models.CharField(max_length=10)
    on = models.DateField()
    met = models.BooleanField()
    proof = models.TextField()
    by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["duty", "-on", "-id"]

    def __str__(self) -> str:
        return f"{self.duty} {'met' if self.met else 'not met'}"


class Published(OfAPlan):
    """The plan as it was on the day it was published: its content, kept whole and never changed."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="published")
    on = models.DateField()
    by = models.CharField(max_length=150, blank=True)
    content = models.JSONField()

    class Meta:
        verbose_name_plural = "published plans"
        ordering = ["plan", "-on", "-id"]

    def __str__(self) -> str:
        return f"{self.plan} as published on {self.on}"

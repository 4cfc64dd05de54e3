"""Personal education plans: the plan of one child and term, what was answered in it, its targets and what they cost.

What is counted stands in columns and rows. All other answers are kept per section of the form, encrypted, each row for
one part of the record, so that who may read a row is the question that it is everywhere else.
"""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from onroll.access.actors import Actor
from onroll.access.classes import Classes
from onroll.access.encryption import EncryptedTextField
from onroll.access.sections import Section, has_summary, may_read
from onroll.authorities.models import Authority, CalendarEntry
from onroll.children.records import ChildRecord
from onroll.schools.models import School

from . import clock
from .workflow import CLOSED, WAY, State, lasting

# What the answers of a part may be written for: a section, or a section and those who have its summary.
FOR_SUMMARIES = "+S"


class PepSettings(models.Model):
    """What an authority sets about personal education plans. Days are working days, or school days where it says so;
    empty is off. `start_within` and `complete_within` are the law's: they can be made shorter, never longer.
    """

    class Done(models.TextChoices):
        HELD = "held", "The meeting was held"
        SUBMITTED = "submitted", "The plan was handed in"
        SIGNED_OFF = "signed_off", "The plan was signed off"

    class Convener(models.TextChoices):
        SCHOOL = "designated_teacher", "The school or setting"
        SOCIAL_WORKER = "social_worker", "The social worker"

    class From(models.TextChoices):
        BIRTH = clock.PepFrom.BIRTH.value, "Birth"
        SECOND_BIRTHDAY = clock.PepFrom.SECOND_BIRTHDAY.value, "The second birthday"
        THIRD_BIRTHDAY = clock.PepFrom.THIRD_BIRTHDAY.value, "The third birthday"
        TERM_AFTER_THIRD = clock.PepFrom.TERM_AFTER_THIRD_BIRTHDAY.value, "The term after the third birthday"

    class Rubric(models.TextChoices):
        FOUR_GRADES = "four_grade_2026", "Four grades: outstanding to inadequate"
        RED_AMBER_GREEN = "rag_2026", "Red, amber, green"
        GOLD = "gold_2026", "Gold, green, amber, red"

    class Sample(models.TextChoices):
        COVERAGE = "coverage", "Every school, social worker and child in turn, and then by risk"
        RISK_WEIGHTED = "risk_weighted", "At random, where there is a risk more likely"
        RANDOM = "random", "At random"
        ALL = "all", "Every plan that is handed in"

    class Undrawn(models.TextChoices):
        WHEN_DRAWN = "when_drawn", "As soon as the sample of its month is drawn without it"
        AFTER_DAYS = "after_days", "After the working days below, where it was not drawn by then"
        BY_HAND = "by_hand", "By hand, each plan"

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    start_within = models.PositiveSmallIntegerField(
        "Working days to start the first plan",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="The guidance says 10, from the day of coming into care",
    )
    complete_within = models.PositiveSmallIntegerField(
        "Working days to complete the first plan",
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(20)],
        help_text="The regulations say 20: it has to be ready for the first review",
    )
    count_school_days = models.BooleanField(
        "Count school days for the first plan",
        default=False,
        help_text="In holidays this can be later than the law allows",
    )
    convener = models.CharField(
        "Who books the meeting of a termly plan",
        max_length=18,
        choices=Convener,
        default=Convener.SCHOOL,
        help_text="The first plan’s meeting is always the social worker’s to book",
    )
    done_means = models.CharField("A plan counts as done when", max_length=10, choices=Done, default=Done.SUBMITTED)
    wait_for_social_care = models.BooleanField(
        "A plan is handed in when social care’s part is in too",
        default=True,
        help_text="Otherwise when the school’s is",
    )
    pep_from = models.CharField("Children have plans from", max_length=26, choices=From, default=From.TERM_AFTER_THIRD)
    school_age_form_from_year = models.PositiveSmallIntegerField(
        "Year of the school-age form",
        default=1,
        validators=[MaxValueValidator(1)],
        help_text="1: Reception has the early years form. 0: Reception has the school-age form",
    )
    new_school = models.PositiveSmallIntegerField(
        "School days after a change of school", default=20, null=True, blank=True, validators=[MaxValueValidator(40)]
    )
    placement_move = models.PositiveSmallIntegerField(
        "Working days after a move of home", null=True, blank=True, validators=[MaxValueValidator(40)]
    )
    permanent_exclusion = models.PositiveSmallIntegerField(
        "School days after a permanent exclusion", default=10, null=True, blank=True, validators=[MaxValueValidator(20)]
    )
    repeat_suspension = models.PositiveSmallIntegerField(
        "School days after a second suspension in a term",
        default=10,
        null=True,
        blank=True,
        validators=[MaxValueValidator(20)],
    )
    part_time_timetable = models.PositiveSmallIntegerField(
        "School days after a part-time timetable began",
        default=10,
        null=True,
        blank=True,
        validators=[MaxValueValidator(20)],
    )
    attendance_drop = models.PositiveSmallIntegerField(
        "School days after somebody entered that attendance fell",
        default=10,
        null=True,
        blank=True,
        validators=[MaxValueValidator(20)],
    )
    missing_return = models.PositiveSmallIntegerField(
        "School days after a return from being missing",
        default=10,
        null=True,
        blank=True,
        validators=[MaxValueValidator(20)],
    )
    ehc_plan_final = models.PositiveSmallIntegerField(
        "School days after a final EHC plan",
        null=True,
        blank=True,
        validators=[MaxValueValidator(40)],
        help_text="Empty: it is part of the next plan",
    )
    permanence_decision = models.PositiveSmallIntegerField(
        "School days after a decision on permanence",
        null=True,
        blank=True,
        validators=[MaxValueValidator(40)],
        help_text="Empty: it is part of the next plan",
    )
    last_pep_min_school_days = models.PositiveSmallIntegerField(
        "School days of a term before the 18th birthday that ask for a last plan",
        default=20,
        validators=[MaxValueValidator(60)],
    )
    closing_notice = models.PositiveSmallIntegerField(
        "Working days ahead that a planned end of care asks for a closing plan",
        default=10,
        null=True,
        blank=True,
        validators=[MaxValueValidator(40)],
    )
    short_return_days = models.PositiveSmallIntegerField(
        "Days out of care after which the old plan goes on",
        default=0,
        validators=[MaxValueValidator(28)],
        help_text="Above 0, a return within so many days starts no first plan",
    )
    minimum_notice = models.PositiveSmallIntegerField(
        "Working days that a first plan at the age for plans has at least",
        default=20,
        validators=[MaxValueValidator(40)],
    )
    target_minimum = models.PositiveSmallIntegerField(
        "Targets of a plan", default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    target_minimum_initial = models.PositiveSmallIntegerField(
        "Targets of a first plan", default=2, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )

    propose_before = models.PositiveSmallIntegerField(
        "School days before the due date for the meeting", default=15, validators=[MaxValueValidator(40)]
    )
    parts_before = models.PositiveSmallIntegerField(
        "Working days before the meeting for everyone’s part",
        default=5,
        validators=[MaxValueValidator(20)],
        help_text="In a first plan they are due at the meeting",
    )
    write_up_within = models.PositiveSmallIntegerField(
        "Working days after the meeting to hand the plan in",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="And never after the due date",
    )
    agree_within = models.PositiveSmallIntegerField(
        "Working days for the social worker to agree",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    audit_within = models.PositiveSmallIntegerField(
        "Working days for the quality check", default=10, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    put_right_within = models.PositiveSmallIntegerField(
        "Working days to put a returned plan right",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    tell_within = models.PositiveSmallIntegerField(
        "Working days to tell the young person what was decided",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="From the day the plan is signed off, with the plan on one page",
    )
    soon_within = models.PositiveSmallIntegerField(
        "Working days ahead that a date counts as soon",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    rubric = models.CharField(
        "Rubric of the quality audit",
        max_length=20,
        choices=Rubric,
        default=Rubric.FOUR_GRADES,
        help_text="Audits that are done keep the rubric that they were done by",
    )
    sample = models.CharField(
        "How the plans to audit are drawn", max_length=13, choices=Sample, default=Sample.COVERAGE
    )
    sample_share = models.PositiveSmallIntegerField(
        "Per cent of a month’s plans to audit",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    sample_at_least = models.PositiveSmallIntegerField(
        "Plans to audit in a month at least", default=12, validators=[MaxValueValidator(500)]
    )
    second_share = models.PositiveSmallIntegerField(
        "Per cent of the audited plans that a second person marks too",
        default=10,
        validators=[MaxValueValidator(100)],
    )

    late_to_social_worker = models.PositiveSmallIntegerField(
        "Working days late that a plan shows in the social worker’s list, whoever it waits for",
        default=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    late_to_team_manager = models.PositiveSmallIntegerField(
        "Working days late that it shows in the team manager’s list",
        default=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    late_to_head_teacher = models.PositiveSmallIntegerField(
        "Working days late that it shows in the head teacher’s list",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Empty: it does not",
    )
    late_to_the_heads = models.PositiveSmallIntegerField(
        "Working days late that it is counted on the home page of the virtual school’s heads",
        default=10,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    assessment_scale = models.CharField(
        "Words in which schools assess",
        max_length=500,
        blank=True,
        help_text="From the lowest, with semicolons between them, like: Well below; Below; At; Above. "
        "Empty: schools use their own words",
    )
    undrawn = models.CharField(
        "How a plan is signed off that is not drawn for audit",
        max_length=10,
        choices=Undrawn,
        default=Undrawn.WHEN_DRAWN,
        help_text="Only what school and social care have signed. What was returned or opened again, or says that the "
        "school or the support is not right, is always signed off by hand",
    )
    undrawn_after = models.PositiveSmallIntegerField(
        "Working days after which a plan that is not drawn is signed off",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )

    mail_digest = models.BooleanField("E-mail on Mondays and Thursdays to who has something waiting", default=True)
    mail_invitation = models.BooleanField("E-mail to who is asked to a meeting, and when it moves", default=True)
    remind_before = models.PositiveSmallIntegerField(
        "Working days before a meeting for a reminder to reply",
        default=5,
        validators=[MaxValueValidator(20)],
        help_text="0: none",
    )
    mail_returned = models.BooleanField("E-mail when a plan is returned", default=True)
    mail_signed_off = models.BooleanField("E-mail when a plan is signed off", default=True)

    objects = models.Manager()

    classes = Classes(section=None, default="P0")

    class Meta:
        verbose_name = "settings of PEPs"
        verbose_name_plural = "settings of PEPs"
        constraints = [
            models.CheckConstraint(
                condition=Q(start_within__lte=20, complete_within__lte=20),
                name="a_first_plan_keeps_to_the_days_of_the_law",
            )
        ]

    def __str__(self) -> str:
        return f"settings of PEPs of {self.authority_id}"

    @classmethod
    def of(cls, authority: int) -> "PepSettings":
        """What the authority set, or what holds where it set nothing. The newest row counts. One query."""
        return cls.objects.filter(authority_id=authority).order_by("-pk").first() or cls(authority_id=authority)

    @property
    def scale(self) -> list[str]:
        """The words of the scale, from the lowest."""
        return [each.strip() for each in self.assessment_scale.split(";") if each.strip()]

    def for_the_clock(self) -> clock.Settings:
        """These settings as the clock reads them."""
        names = [name for name in clock.Settings.__dataclass_fields__ if hasattr(self, name)]
        chosen = {name: getattr(self, name) for name in names}
        return clock.Settings(**{**chosen, "pep_from": clock.PepFrom(self.pep_from)})


class CheckerRule(models.Model):
    """What an authority set of one rule of the checker, from a day on. The newest row of a rule counts.

    An empty severity or message is that of the product. What a rule looks for is fixed, and no setting.
    """

    class Severity(models.TextChoices):
        STOP = "stop", "Stops the plan from being handed in"
        WEAK = "weak", "Weak: it stays only with a reason"
        HINT = "hint", "A hint that never counts"

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField("Rule", max_length=4)
    on = models.BooleanField("It is used")
    severity = models.CharField("What it means", max_length=4, choices=Severity, blank=True)
    message = models.CharField("What it says", max_length=300, blank=True)
    set_on = models.DateField("From")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = models.Manager()

    classes = Classes(section=None, default="P0")

    class Meta:
        verbose_name = "setting of a rule of the checker"
        verbose_name_plural = "settings of rules of the checker"
        indexes = [models.Index(fields=["authority", "rule"], name="settings_of_a_rule")]

    def __str__(self) -> str:
        return f"{self.rule}: {'on' if self.on else 'off'}"


class Pep(ChildRecord):
    """One personal education plan. Its row is made on the day it opens and stays, whatever becomes of it.

    `submitted_on` is the first time it was handed in: a plan done in time and returned later stays in time. `why` holds
    the sentences that say by when it is due and what moved the date. `edition` counts amendments after sign-off.
    """

    class Kind(models.TextChoices):
        INITIAL = clock.Kind.INITIAL.value, "First"
        TERMLY = clock.Kind.TERMLY.value, "Termly"
        EVENT = clock.Kind.EVENT.value, "After an event"
        CLOSING = clock.Kind.CLOSING.value, "Last in care"

    class Form(models.TextChoices):
        EARLY_YEARS = clock.Form.EARLY_YEARS.value, "Early years"
        SCHOOL_AGE = clock.Form.SCHOOL_AGE.value, "School age"
        POST_16 = clock.Form.POST_16.value, "Post-16"
        NOT_ON_ROLL = clock.Form.NOT_ON_ROLL.value, "Not on a school’s roll"

    class Exempt(models.TextChoices):
        LEFT_CARE = clock.Exempt.LEFT_CARE.value, "Care ended"
        OVER_18 = clock.Exempt.OVER_18.value, "Reached 18"
        UNDER_AGE = "under_age", "Not yet of the age for plans"
        ABROAD = "abroad", "Lives abroad"
        LATE_ENTRY = "late_entry", "Came into care after the cut-off"
        OTHER = "other", "Another reason"

    class Grade(models.TextChoices):
        OUTSTANDING = "outstanding", "Outstanding"
        GOOD = "good", "Good"
        REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"
        INADEQUATE = "inadequate", "Inadequate"

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", "In person"
        ONLINE = "online", "Online"
        MIXED = "mixed", "Some in person and some online"
        TELEPHONE = "telephone", "By telephone"
        WRITTEN = "written", "No meeting: written review"

    class Support(models.TextChoices):
        NO = "no", "No"
        SCHOOL = "school", "Yes: the school is asking"
        SOCIAL_WORKER = "social_worker", "Yes: the social worker is asking"
        CARER_OR_CHILD = "carer_or_child", "Yes: the carer or young person is asking"
        VIRTUAL_SCHOOL = "virtual_school", "Yes: the virtual school says so"

    number = models.CharField("Number in files", max_length=60, blank=True)
    kind = models.CharField("Kind", max_length=8, choices=Kind)
    form = models.CharField("Form", max_length=11, choices=Form)
    academic_year = models.CharField("School year", max_length=7)
    term = models.CharField("Term", max_length=6, choices=CalendarEntry.Term)
    opens_on = models.DateField("Open from", null=True, blank=True)
    start_by = models.DateField("To be started by", null=True, blank=True)
    due_on = models.DateField("Due", null=True, blank=True)
    why = models.TextField("Why then", blank=True)
    state = models.CharField("State", max_length=14, choices=State, default=State.DUE)
    edition = models.PositiveSmallIntegerField("Edition", default=1)
    started_on = models.DateField("Started", null=True, blank=True)
    meeting_on = models.DateField("Meeting", null=True, blank=True)
    meeting_time = models.TimeField("Time of the meeting", null=True, blank=True)
    meeting_minutes = models.PositiveSmallIntegerField(
        "Planned length",
        default=60,
        validators=[MinValueValidator(15), MaxValueValidator(240)],
        help_text="In minutes",
    )
    meeting_mode = models.CharField("How people meet", max_length=9, choices=Mode, blank=True)
    meeting_place = models.CharField("Where they meet", max_length=200, blank=True)
    next_meeting_on = models.DateField("Next meeting", null=True, blank=True)
    held_on = models.DateField("Meeting held", null=True, blank=True)
    submitted_on = models.DateField("Handed in", null=True, blank=True)
    signed_off_on = models.DateField("Signed off", null=True, blank=True)
    returned_on = models.DateField("Returned", null=True, blank=True)
    return_reason = models.TextField("Why it was returned", blank=True)
    closed_on = models.DateField("Closed without being done", null=True, blank=True)
    exempt_reason = models.CharField("Why no plan is needed", max_length=10, choices=Exempt, blank=True)
    closing_reason = models.CharField("Reason in words", max_length=500, blank=True)
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="School that leads it"
    )
    support_required = models.CharField(
        "Someone from the virtual school is needed", max_length=14, choices=Support, blank=True
    )
    support_asked_on = models.DateField("Someone was asked for", null=True, blank=True)
    support_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Who goes from the virtual school",
    )
    young_person_attended = models.BooleanField("The young person took part", null=True, blank=True)
    voice_recorded = models.BooleanField("The young person’s views are there", null=True, blank=True)
    vs_attended = models.BooleanField("The virtual school came", null=True, blank=True)
    lead_part_on = models.DateField("Education part finished", null=True, blank=True)
    social_worker_part_on = models.DateField("Social worker’s part finished", null=True, blank=True)
    carer_part_on = models.DateField("Carer’s part finished", null=True, blank=True)
    virtual_school_part_on = models.DateField("Virtual school’s part finished", null=True, blank=True)
    sent_to_iro_on = models.DateField("Sent to the reviewing officer", null=True, blank=True)
    grade = models.CharField("Grade", max_length=20, choices=Grade, blank=True)
    outside_lessons = models.BooleanField("The meeting was out of lesson time", null=True, blank=True)
    school_right = models.CharField("The right school", max_length=8, blank=True)
    support_right = models.CharField("The right support", max_length=8, blank=True)
    local_version = models.PositiveIntegerField(
        "Version of the authority’s own questions", null=True, blank=True, help_text="0: there were none as it began"
    )
    told_on = models.DateField("The young person was told what was decided", null=True, blank=True)
    told_by_name = models.CharField("Who told them", max_length=150, blank=True)

    classes = Classes(section=Section.PEP, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "personal education plan"
        indexes = [
            models.Index(fields=["authority", "academic_year", "term"], name="pep_of_a_term"),
            models.Index(fields=["child", "due_on"], name="pep_of_a_child"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="a_pep_has_an_id_of_its_own"),
            models.UniqueConstraint(
                fields=["child", "kind", "academic_year", "term"],
                condition=Q(kind__in=["initial", "termly"]) & ~Q(state="exempt"),
                name="one_pep_of_a_kind_and_term",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed_off") | Q(signed_off_on__isnull=False), name="a_signed_pep_has_its_day"
            ),
            models.CheckConstraint(condition=~Q(state="exempt") | ~Q(exempt_reason=""), name="an_exempt_pep_says_why"),
        ]

    @property
    def term_words(self) -> str:
        """Like "autumn term 2026/27"."""
        return f"{self.get_term_display().lower()} term {self.academic_year.replace('-', '/')}"

    @property
    def title(self) -> str:
        """What the plan is called beside the child's name: "autumn PEP 2026/27"."""
        year = self.academic_year.replace("-", "/")
        term = self.get_term_display().lower()
        words = {
            "initial": f"first PEP, {term}",
            "event": f"PEP after an event, {term}",
            "closing": "last PEP in care,",
        }
        return f"{words.get(self.kind, f'{term} PEP')} {year}"

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    def done_on(self, done_means: str) -> date | None:
        """The day on which it was done, by what the authority counts as done."""
        return {"held": self.held_on, "submitted": self.submitted_on}.get(done_means, self.signed_off_on)

    def is_late(self, on: date) -> bool:
        """Whether it is past its date and neither handed in nor closed, nor on hold."""
        waits = self.is_open and self.state not in (State.ON_HOLD, State.SUBMITTED, State.IN_AUDIT)
        return bool(waits and self.due_on and self.due_on < on and self.submitted_on is None)

    @property
    def place_on_the_way(self) -> int:
        """How far it has come, as a place in `workflow.WAY`. Returned stands where it was written."""
        state = State(self.state)
        if state in WAY:
            return WAY.index(state)
        return WAY.index(State.HELD if state == State.RETURNED else State.DUE)


def open_peps() -> Q:
    """Plans on which somebody still has something to do."""
    return ~Q(state__in=lasting(CLOSED))


class PepAnswers(ChildRecord):
    """What was answered in one section of a plan's form, for one part of the record. A save is a new version.

    `part` is the letter of the need-to-know table whose readers read it, with `+S` where the text was written for those
    who have the summary of that part as well. `confirmed` names the answers carried forward that somebody confirmed.
    """

    pep = models.ForeignKey(Pep, on_delete=models.PROTECT, related_name="+")
    section_key = models.CharField("Section of the form", max_length=40)
    part = models.CharField("Part of the record", max_length=5)
    words = EncryptedTextField("Answers", blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    saved_at = models.DateTimeField("Saved")

    classes = Classes(section=Section.PEP, default="P3", fields={"words": "P4"})

    class Meta(ChildRecord.Meta):
        verbose_name = "answers of a PEP"
        verbose_name_plural = "answers of PEPs"
        constraints = [
            models.UniqueConstraint(fields=["pep", "section_key", "part"], name="a_section_has_one_row_for_a_part")
        ]

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        return Q(part__in=parts_read_by(actor))

    @property
    def answers(self) -> dict[str, Any]:
        """The answers by the keys of their questions."""
        return json.loads(self.words) if self.words else {}

    @answers.setter
    def answers(self, given: dict[str, Any]) -> None:
        self.words = json.dumps(given, ensure_ascii=False, sort_keys=True) if given else ""


def parts_read_by(actor: Actor) -> list[str]:
    """The parts, as answers name them, that the actor's role reads."""
    read = [section.value for section in Section if may_read(actor, section)]
    return [*read, *(f"{section.value}{FOR_SUMMARIES}" for section in Section if has_summary(actor, section))]


class PepSection(ChildRecord):
    """That somebody said a section of a plan is finished. Without a row it is not started or being written."""

    pep = models.ForeignKey(Pep, on_delete=models.PROTECT, related_name="+")
    section_key = models.CharField("Section of the form", max_length=40)
    finished_on = models.DateField("Finished")
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    classes = Classes(section=Section.PEP, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "finished section of a PEP"
        verbose_name_plural = "finished sections of PEPs"
        constraints = [models.UniqueConstraint(fields=["pep", "section_key"], name="a_section_is_finished_once")]


class PepTarget(ChildRecord):
    """A target of a plan: from where to where, by what help, by when; and later how it went.

    `kind` says whether it is for the term or for the year. `change_recorded` is what is done differently after a target
    that was not fully met. `audit_grade` is what the audit said of it. `set_aside` names the checker's rules that
    the writer set aside, each with the reason.
    """

    class Area(models.TextChoices):
        ENGLISH = "english", "English"
        MATHS = "maths", "Mathematics"
        SEMH = "semh", "Social and emotional"
        ATTENDANCE = "attendance", "Attendance"
        ASPIRATION = "aspiration", "Aspiration"
        OTHER = "other", "Something else"

    class Span(models.TextChoices):
        IN_TERM = "in_term", "This term"
        END_OF_YEAR = "end_of_year", "By the end of the year"

    class Outcome(models.TextChoices):
        MET = "met", "Met"
        PARTLY = "partly", "Partly met"
        NOT_MET = "not_met", "Not met"
        STOPPED = "stopped", "Stopped: no longer right"

    class Next(models.TextChoices):
        FINISHED = "finished", "Finished"
        GOES_ON = "goes_on", "Goes on"
        CHANGED = "changed", "Goes on, changed"
        REPLACED = "replaced", "Replaced"

    pep = models.ForeignKey(Pep, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("Number in files", max_length=60, blank=True)
    place = models.PositiveSmallIntegerField("Place in the plan", default=1)
    area = models.CharField("Area", max_length=10, choices=Area)
    need = models.CharField("Need", max_length=60, blank=True)
    intervention = models.CharField("Approach from the bank", max_length=300, blank=True)
    text = models.TextField("Target")
    baseline = models.TextField("Starting point", blank=True)
    success = models.TextField("How we will know", blank=True)
    action = models.TextField("What will be done", blank=True)
    when = models.CharField("When", max_length=200, blank=True)
    where = models.CharField("Where", max_length=200, blank=True)
    how_often = models.CharField("How often and for how long", max_length=200, blank=True)
    owner = models.CharField("Who does it", max_length=200, blank=True)
    due_on = models.DateField("By when", null=True, blank=True)
    kind = models.CharField("For the term or the year", max_length=11, choices=Span, default=Span.IN_TERM)
    ambitious = models.BooleanField("Above the expected path", null=True, blank=True)
    from_voice = models.BooleanField("From what the young person said", null=True, blank=True)
    own_words = models.TextField("In the young person’s words", blank=True)
    set_aside = models.JSONField("Rules set aside", default=dict, blank=True)
    outcome = models.CharField("How it went", max_length=8, choices=Outcome, blank=True)
    evidence = models.TextField("What shows it", blank=True)
    effect = models.TextField("What difference the help made", blank=True)
    next = models.CharField("What now", max_length=8, choices=Next, blank=True)
    change_recorded = models.TextField("What will be done differently", blank=True)
    change_on = models.DateField("Changed", null=True, blank=True)
    reviewed_on = models.DateField("Reviewed", null=True, blank=True)
    audit_grade = models.CharField("Grade at the audit", max_length=20, choices=Pep.Grade, blank=True)

    @property
    def key(self) -> str:
        """By what files and audits name it: its number in files, or its own id."""
        return self.number or str(self.public_id)

    version = models.PositiveIntegerField(default=1)

    classes = Classes(section=Section.PEP, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "target of a PEP"
        verbose_name_plural = "targets of PEPs"
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="a_target_has_an_id_of_its_own"),
            models.CheckConstraint(
                condition=Q(kind="end_of_year") | Q(kind="in_term"), name="a_target_is_for_the_term_or_the_year"
            ),
        ]
        indexes = [models.Index(fields=["pep", "place"], name="target_of_a_pep")]


class MoneyRequest(ChildRecord):
    """Pupil Premium Plus asked for in a plan: how much, for what, for which target. Nothing is decided here: what was
    decided, paid and achieved is what files said of it. A request that came in a file may belong to no plan.
    """

    class Grant(models.TextChoices):
        PUPIL_PREMIUM_PLUS = "ppplus", "Pupil Premium Plus"
        EARLY_YEARS = "eypp", "Early years pupil premium"
        POST_16 = "post16", "Post-16 pupil premium"

    class Fund(models.TextChoices):
        SCHOOL = "school", "The school’s share"
        CENTRAL = "central", "The virtual school’s share"

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        RETURNED = "returned", "Returned"

    class Impact(models.TextChoices):
        MET = "met", "Met"
        PARTLY = "partly", "Partly met"
        NOT_MET = "not_met", "Not met"

    pep = models.ForeignKey(Pep, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    target = models.ForeignKey(PepTarget, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField("Number in files", max_length=60, blank=True)
    category = models.CharField("Category", max_length=200, blank=True)
    requested_on = models.DateField("Asked")
    amount = models.DecimalField("Amount", max_digits=9, decimal_places=2, help_text="In pounds")
    buys = models.TextField("What it will buy", blank=True)
    effect = models.TextField("What it should change", blank=True)
    taken_back_on = models.DateField("Taken back", null=True, blank=True)
    academic_year = models.CharField("School year", max_length=7, blank=True)
    term = models.CharField("Term", max_length=6, choices=CalendarEntry.Term, blank=True)
    financial_year = models.CharField("Financial year", max_length=7, blank=True)
    grant = models.CharField("Grant", max_length=6, choices=Grant, blank=True)
    fund = models.CharField("Fund", max_length=7, choices=Fund, blank=True)
    decided_on = models.DateField("Decided", null=True, blank=True)
    decision = models.CharField("Decision", max_length=8, choices=Decision, blank=True)
    approved_amount = models.DecimalField("Approved", max_digits=9, decimal_places=2, null=True, blank=True)
    paid_on = models.DateField("Paid", null=True, blank=True)
    spent = models.DecimalField("Spent", max_digits=9, decimal_places=2, null=True, blank=True)
    impact = models.CharField("What it changed", max_length=7, choices=Impact, blank=True)
    evidence = models.TextField("What shows it", blank=True)
    fed_back_on = models.DateField("Fed back", null=True, blank=True)

    classes = Classes(section=Section.PUPIL_PREMIUM, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "request for Pupil Premium Plus"
        verbose_name_plural = "requests for Pupil Premium Plus"
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="a_request_has_an_id_of_its_own"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_request_asks_for_money"),
        ]


class Signature(ChildRecord):
    """That somebody agreed to a plan, for whom, and why somebody else did so in their place. A later save undoes it."""

    class As(models.TextChoices):
        LEAD = "lead", "Who led it"
        SOCIAL_WORKER = "social_worker", "Social care"
        VIRTUAL_SCHOOL = "virtual_school", "Virtual school"

    pep = models.ForeignKey(Pep, on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField("For", max_length=14, choices=As)
    on = models.DateField("Day")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField("Who", max_length=150)
    instead = models.CharField("Why in place of another", max_length=500, blank=True)

    classes = Classes(section=Section.PEP, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "signature under a PEP"
        verbose_name_plural = "signatures under PEPs"
        constraints = [models.UniqueConstraint(fields=["pep", "signed_as"], name="a_pep_is_signed_once_for_each")]


class PepAudit(ChildRecord):
    """The quality check of a plan: the ticks that were made, the grade that follows from them, and what was said.

    `why_drawn`: the sentence that says why the sample took this plan. A second marker's audit is a row of its own, with
    `second`; the grade of the plan is that of the first, unless one was agreed: that stands in the first marker's row,
    with the reason, and both markers' grades stay. `changed_ticks` are those that the auditor made or took away against
    the record, each with the reason. `target_grades`: for each target, as files name it, its grade and a note. The
    result is filed for the social care record.
    """

    class Money(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"
        NOT_ASKED = "not_asked", "No money asked for"

    pep = models.ForeignKey(Pep, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("Number in files", max_length=60, blank=True)
    second = models.BooleanField("By a second marker", default=False)
    drawn_on = models.DateField("Drawn", null=True, blank=True)
    why_drawn = models.CharField("Why it was drawn", max_length=300, blank=True)
    audited_on = models.DateField("Audited", null=True, blank=True)
    auditor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    auditor_name = models.CharField("Who audited", max_length=150, blank=True)
    rubric = models.CharField("Rubric", max_length=60, blank=True)
    rubric_version = models.CharField("Version of the rubric", max_length=20, blank=True)
    ticks = models.JSONField("Ticks", default=list, blank=True)
    grades = models.JSONField("Grades of the criteria", default=dict, blank=True)
    grade = models.CharField("Grade", max_length=20, choices=Pep.Grade, blank=True)
    changed_ticks = models.JSONField("Ticks made against the record, with the reason", default=dict, blank=True)
    target_grades = models.JSONField("Grades and notes of targets", default=dict, blank=True)
    agreed_grade = models.CharField("Grade that was agreed", max_length=20, choices=Pep.Grade, blank=True)
    agreed_why = models.CharField("Why that grade", max_length=500, blank=True)
    agreed_on = models.DateField("Agreed", null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreed_by_name = models.CharField("Who agreed it", max_length=150, blank=True)
    strong = models.TextField("What is strong", blank=True)
    to_do = models.TextField("What is next", blank=True)
    feedback = models.JSONField("Feedback by section", default=dict, blank=True)
    pp_use_appropriate = models.CharField("Use of Pupil Premium Plus", max_length=9, choices=Money, blank=True)
    iro_sent_on = models.DateField("Sent to the reviewing officer", null=True, blank=True)
    dt_sent_on = models.DateField("Sent to the designated teacher", null=True, blank=True)
    sw_sent_on = models.DateField("Sent to the social worker", null=True, blank=True)
    copied_to = models.CharField(
        "Copied to, without days", max_length=12, blank=True, help_text="As a file said it: iro, dt and sw"
    )
    filed_on_case_record = models.BooleanField("Filed on the social care record", null=True, blank=True)

    @property
    def reference(self) -> str:
        """By what its file and the list of what is to be filed name it: nothing of the child."""
        return str(self.public_id)[:8]

    classes = Classes(section=Section.PEP, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "audit of a PEP"
        verbose_name_plural = "audits of PEPs"
        indexes = [models.Index(fields=["authority", "audited_on"], name="audit_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="an_audit_has_an_id_of_its_own"),
            models.CheckConstraint(
                condition=Q(audited_on__isnull=False) | Q(grade=""), name="an_audit_has_a_grade_on_its_day"
            ),
            models.CheckConstraint(
                condition=Q(agreed_grade="") | Q(agreed_on__isnull=False) & ~Q(agreed_why=""),
                name="an_agreed_grade_says_when_and_why",
            ),
        ]


from .activity_models import Activity  # noqa: E402, F401
from .contributor_models import Contribution, ContributorLink  # noqa: E402, F401
from .local_models import LocalForm  # noqa: E402, F401
from .meeting_models import MeetingPerson, PepAction  # noqa: E402, F401
from .review_models import PlanInReview  # noqa: E402, F401
from .voice_models import Concern, Share, VoiceAnswer, VoiceOffer, VoicePass  # noqa: E402, F401

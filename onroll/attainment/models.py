"""Results: what was found of a child in a subject, by whom, in which term or year."""

from django.db import models

from onroll.access.classes import Classes
from onroll.access.sections import Section
from onroll.authorities.models import CalendarEntry
from onroll.children.records import ChildRecord
from onroll.schools.models import School


class Result(ChildRecord):
    """One result of a child in one subject. Of stage `termly`: what their teacher judged in that term.

    `value` is in the words of whoever assessed: there is no national scale for the terms. `told_by` says who gave it.
    What was found of one subject at two schools in a term stands twice.
    """

    class Stage(models.TextChoices):
        EYFSP = "eyfsp", "Early years foundation stage profile"
        PHONICS = "phonics", "Phonics check"
        MTC = "mtc", "Multiplication tables check"
        KS1 = "ks1", "Key stage 1"
        KS2 = "ks2", "Key stage 2"
        KS4 = "ks4", "Key stage 4"
        KS5 = "ks5", "Key stage 5"
        TERMLY = "termly", "Teacher’s assessment of a term"

    class Measure(models.TextChoices):
        TEACHER_ASSESSMENT = "teacher_assessment", "Teacher’s assessment"
        SCALED_SCORE = "scaled_score", "Scaled score"
        MARK = "mark", "Mark"
        GRADE = "grade", "Grade"
        GOOD_LEVEL = "gld", "Good level of development"

    class Status(models.TextChoices):
        PROVISIONAL = "provisional", "Provisional"
        FINAL = "final", "Final"
        DISPUTED = "disputed", "Disputed"

    class OnTrack(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_KNOWN = "not_known", "Not known"

    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    academic_year = models.CharField("School year", max_length=7)
    term = models.CharField("Term", max_length=6, choices=CalendarEntry.Term, blank=True)
    stage = models.CharField("Stage", max_length=7, choices=Stage)
    subject = models.CharField("Subject", max_length=100)
    measure = models.CharField("Measure", max_length=18, choices=Measure, blank=True)
    value = models.CharField("Now", max_length=300, blank=True)
    told_by = models.CharField("Who gave it", max_length=60, blank=True)
    status = models.CharField("Status", max_length=11, choices=Status, blank=True)
    on_track = models.CharField("On track", max_length=9, choices=OnTrack, blank=True)
    goal = models.CharField("Goal for the end of the year", max_length=300, blank=True)

    classes = Classes(section=Section.ATTAINMENT, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "result"
        indexes = [
            models.Index(fields=["child", "stage", "academic_year"], name="result_of_a_child"),
            models.Index(fields=["authority", "academic_year", "term"], name="result_of_a_term"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(stage="termly") | ~models.Q(term=""), name="a_termly_result_has_its_term"
            ),
            models.CheckConstraint(condition=~models.Q(subject=""), name="a_result_is_of_a_subject"),
        ]

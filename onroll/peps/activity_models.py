"""What is stored of what young people of 16 and over do: in education, at work, in training, or none of these."""

from datetime import date

from django.db import models
from django.db.models import Q

from onroll.access.classes import Classes
from onroll.access.sections import Section
from onroll.children.records import ChildRecord
from onroll.codes import NCCIS_ACTIVITY

# How long it counts what somebody said of an activity (R075).
MONTHS = 3


def months_before(on: date, months: int) -> date:
    """The same day some months before, or the last of that month where it has no such day."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    for last in (on.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(on.day, last))
        except ValueError:
            continue
    raise AssertionError(on)


def is_old(said_on: date, today: date) -> bool:
    """Whether what was said that day is older than three months: on the day three months on it still holds."""
    return said_on < months_before(today, MONTHS)


class Activity(ChildRecord):
    """What a young person was doing on a day, as somebody said that day: a national activity code, and where.

    `on` is the day on which it was said to be so; `since` the day on which it began, where that is known.
    """

    on = models.DateField("Said on")
    activity = models.CharField("Activity", max_length=4)
    since = models.DateField("Since", null=True, blank=True)
    provider = models.CharField("Where", max_length=200, blank=True)

    classes = Classes(section=Section.SCHOOL, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "activity at 16 and over"
        verbose_name_plural = "activities at 16 and over"
        indexes = [models.Index(fields=["child", "on"], name="activity_of_a_child")]
        constraints = [
            models.UniqueConstraint(fields=["child", "on"], name="one_activity_of_a_child_and_day"),
            models.CheckConstraint(condition=~Q(activity=""), name="an_activity_has_its_code"),
        ]

    @property
    def words(self) -> str:
        """The activity as the national list calls it; a code that it does not know stands as it is."""
        found = NCCIS_ACTIVITY.get(self.activity)
        return found.label if found else self.activity

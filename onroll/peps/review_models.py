"""What is stored of plans in care reviews: whether the plan was looked at."""

from django.conf import settings
from django.db import models

from onroll.access.classes import Classes
from onroll.access.sections import Section
from onroll.children.records import ChildRecord


class PlanInReview(ChildRecord):
    """Whether the plan was looked at in a care review, as somebody who was there says.

    The review is known by its day, so that a corrected list of reviews takes no answer away. `pep`: the plan that was
    current that day; none where there was none.
    """

    on = models.DateField("Day of the review")
    used = models.BooleanField("The plan was looked at")
    pep = models.ForeignKey("peps.Pep", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    said_on = models.DateField("Said on")
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField("Who said it", max_length=150, blank=True)

    classes = Classes(section=Section.OTHER_STATUS, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "plan in a care review"
        verbose_name_plural = "plans in care reviews"
        constraints = [models.UniqueConstraint(fields=["child", "on"], name="a_review_is_answered_for_once")]

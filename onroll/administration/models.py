"""The termly access review: who was asked about, what was answered, by whom and when."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from onroll.access.classes import Classes
from onroll.authorities.models import Authority
from onroll.people.models import Post

TERMS = (("autumn", "Autumn"), ("spring", "Spring"), ("summer", "Summer"))


class AccessReview(models.Model):
    """Once a term the authority asks, post by post, whether people still need their access (LNK-5).

    `due_on` is the last day to answer, twenty working days after the review was opened. What nobody has confirmed by
    then ends.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    academic_year = models.CharField(max_length=7, help_text="Like 2025-26")
    term = models.CharField(max_length=6, choices=TERMS)
    opened_on = models.DateField()
    due_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True, help_text="When what was not confirmed was ended")

    classes = Classes(section=None, default="P1")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "academic_year", "term"], name="one_access_review_a_term"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opened_on")), name="an_access_review_is_due_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_term_display()} {self.academic_year}"


class ReviewedPost(models.Model):
    """One post that a review asks about, and the answer: still right, or not."""

    class Answer(models.TextChoices):
        YES = "yes", "Still right"
        NO = "no", "Not any more"
        LAPSED = "lapsed", "Nobody answered"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="posts")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=6, choices=Answer, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    classes = Classes(section=None, default="P1")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "post"], name="a_review_asks_about_a_post_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="an_answer_in_a_review_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=["yes", "no"]) | Q(answered_by__isnull=False),
                name="an_answer_in_a_review_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.post_id} {self.answer}"

"""What guards a child's record beyond roles and links: who must not see it, and who opened it in an emergency."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from onroll.access.classes import Classes
from onroll.access.encryption import EncryptedTextField
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.people.models import Post

from .records import ChildRecord, ChildSpell, ends_after_it_starts


class MustNotSee(ChildSpell):
    """A person who must not see this child's record, whatever posts they hold: stronger than any role (AWK-1)."""

    class Tie(models.TextChoices):
        PARENT = "parent", "Parent, or a parent’s partner"
        RELATIVE = "relative", "Another relative"
        CARER = "carer", "Carer of the child, or in the carer’s household"
        NEIGHBOUR = "neighbour", "Neighbour or friend of the family"
        OTHER = "other", "Another reason"

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tie = models.CharField("What ties them", max_length=10, choices=Tie)
    declared = models.BooleanField("They said so themselves", default=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    classes = Classes(section=Section.LOOKS, default="P3")

    class Meta(ChildSpell.Meta):
        verbose_name = "person who must not see"
        verbose_name_plural = "people who must not see"
        indexes = [models.Index(fields=["account", "child"], name="must_not_see_of_a_person")]
        constraints = [
            ends_after_it_starts("a_must_not_see"),
            models.UniqueConstraint(
                fields=["account", "child"], condition=Q(end__isnull=True), name="a_person_must_not_see_a_child_once"
            ),
        ]


def opening_reference() -> str:
    """A reference that tells nothing: what a message about an emergency opening may carry."""
    return f"E-{uuid.uuid4().hex[:8].upper()}"


class Opening(ChildRecord):
    """One person's emergency opening of this record: why, from when to when, and what the reviewer made of it."""

    class Why(models.TextChoices):
        MISSING = "missing", "The child is missing"
        HARM = "harm", "The child may come to harm"
        HEALTH = "health", "A medical emergency"
        HOME = "home", "The home has broken down, or nobody answers there"
        COVER = "cover", "Those who work with the child can’t be reached, and it can’t wait"
        OTHER = "other", "Another emergency"

    class Review(models.TextChoices):
        RIGHT = "right", "It was right"
        QUESTION = "question", "There is a question to ask"
        INCIDENT = "incident", "It is an incident"

    reference = models.CharField(max_length=10, default=opening_reference, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    why = models.CharField("Why it was opened", max_length=10, choices=Why)
    reason = EncryptedTextField("The reason in words")
    opened_at = models.DateTimeField()
    until = models.DateTimeField(help_text="From this moment on it is closed")
    renewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review = models.CharField("What the reviewer made of it", max_length=10, choices=Review, blank=True)
    review_words = EncryptedTextField("The review in words", blank=True)

    classes = Classes(section=Section.LOOKS, default="P3", fields={"reason": "P4", "review_words": "P4"})

    class Meta(ChildRecord.Meta):
        verbose_name = "emergency opening"
        indexes = [
            models.Index(fields=["account", "opened_at"], name="opening_of_a_person"),
            models.Index(fields=["authority", "reviewed_at"], name="opening_to_review"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="one_opening_of_a_reference"),
            models.CheckConstraint(condition=Q(until__gte=F("opened_at")), name="an_opening_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(review="", reviewed_at__isnull=True, reviewed_by__isnull=True)
                | (~Q(review="") & Q(reviewed_at__isnull=False, reviewed_by__isnull=False)),
                name="an_opening_is_reviewed_by_someone_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("account")),
                name="nobody_reviews_their_own_opening",
            ),
        ]

    def lives(self, at: datetime) -> bool:
        return self.opened_at <= at < self.until

    @property
    def role(self) -> Any:
        """The role in which it was opened."""
        return Role(self.post.role)


class Note(ChildRecord):
    """A note that someone wrote of the child during an emergency opening, for those who read safeguarding notes."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    text = EncryptedTextField()

    classes = Classes(section=Section.SAFEGUARDING, default="P3", fields={"text": "P4"})

    class Meta(ChildRecord.Meta):
        verbose_name = "note"

"""What guards a child's record beyond roles and links: marks, who must not see it, and emergency openings."""

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
from onroll.authorities.models import Authority
from onroll.people.models import Post
from onroll.schools.models import School

from .records import ChildRecord, ChildSpell, ends_after_it_starts


class Disclosure(models.TextChoices):
    """Who must not learn an address or a school: the mark that travels with it and all that follows from it."""

    ORDINARY = "ordinary", "Ordinary"
    NOT_TO_FAMILY = "not_to_family", "Parents and relatives must not be told"
    NOT_TO_NAMED_PEOPLE = "not_to_named_people", "Named people must not be told"
    NOT_TO_NAMED_PLACES = "not_to_named_places", "Named schools or organisations must not be told"
    ONLY_NAMED_USERS = "only_named_users", "Only named users may know"
    SEALED = "sealed", "Sealed: nobody reads it here"


class Named(ChildSpell):
    """Who stands behind a mark that names someone: a user who may know, or a person or place that must not."""

    class About(models.TextChoices):
        HOME = "home", "Where the child lives"
        SCHOOL = "school", "Where the child learns"

    about = models.CharField(max_length=6, choices=About)
    knows = models.BooleanField("May know")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = EncryptedTextField("Who must not know", blank=True)

    classes = Classes(section=Section.ADDRESS, default="P3", fields={"words": "P4"})

    class Meta(ChildSpell.Meta):
        verbose_name = "person or place behind a mark"
        verbose_name_plural = "people and places behind marks"
        indexes = [models.Index(fields=["child", "about"], name="named_of_a_child")]
        constraints = [
            ends_after_it_starts("a_named"),
            models.CheckConstraint(
                condition=Q(knows=False) | Q(account__isnull=False), name="who_may_know_is_someone_with_an_account"
            ),
        ]


class MarkRequest(ChildRecord):
    """Someone asks to make a strict mark less strict; someone else agrees or says no (ADR-1)."""

    about = models.CharField(max_length=6, choices=Named.About)
    row = models.UUIDField("Which address or place", help_text="The public id of the marked row")
    was = models.CharField("The mark", max_length=20, choices=Disclosure)
    asked = models.CharField("The mark asked for", max_length=20, choices=Disclosure)
    reason = EncryptedTextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True, blank=True)

    classes = Classes(section=Section.ADDRESS, default="P3", fields={"reason": "P4"})

    class Meta(ChildRecord.Meta):
        verbose_name = "request to loosen a mark"
        verbose_name_plural = "requests to loosen a mark"
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="nobody_decides_their_own_request",
            ),
            models.UniqueConstraint(
                fields=["row"], condition=Q(decided_at__isnull=True), name="one_open_request_for_a_mark"
            ),
        ]


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
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

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
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
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


class LeakKept(ChildRecord):
    """A text that tells something of the address was saved all the same, with why it is right. Reported weekly."""

    where = models.CharField("Where it was written", max_length=100)
    tells = models.CharField("What it tells", max_length=200)
    why = EncryptedTextField("Why it is right")
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kept_at = models.DateTimeField()

    classes = Classes(section=Section.LOOKS, default="P3", fields={"why": "P4"})

    class Meta(ChildRecord.Meta):
        verbose_name = "text kept in spite of a warning"
        verbose_name_plural = "texts kept in spite of a warning"


class ClosedNames(ChildRecord):
    """The person has the names they had before closed: they stand in the sealed register and nowhere else (ID-5).

    What the history says of names up to `closed_at` is shown to nobody, and no load changes the name from then on.
    """

    class Why(models.TextChoices):
        ASKED = "asked", "The person asked for it"
        PROTECT = "protect", "The person has to be protected"
        COURT = "court", "A court ordered it"

    closed_at = models.DateTimeField()
    why = models.CharField("Why they are closed", max_length=10, choices=Why)

    classes = Classes(section=Section.SEALED, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "closing of former names"
        verbose_name_plural = "closings of former names"


class SealedLink(models.Model):
    """Which closed record and which new one are of the same person, or which names a person had before (P5).

    It is closed for two custodians together.

    It points at no record, and holds no key that one has: without both passphrases it says nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(help_text="Closed by access.custodians")
    sealed_at = models.DateTimeField()

    classes = Classes(section=None, default="P1", fields={"text": "P5"})

    def __str__(self) -> str:
        return f"sealed link {self.pk}"


class SealedOpening(models.Model):
    """Two custodians opened one link together, for a stated lawful reason. Information governance is told.

    Until `until` they may read the closed record, and no other.
    """

    class Why(models.TextChoices):
        PERSON = "person", "The person asks for their own records"
        COURT = "court", "A court orders it"
        LIFE = "life", "A danger to life or health"
        RETURN = "return", "A duty in law to report it"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    why = models.CharField("The lawful reason", max_length=10, choices=Why)
    reason = EncryptedTextField("The reason in words")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_with = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    found = models.BooleanField("A record was found")
    record = EncryptedTextField("The closed record", blank=True, help_text="Its public id. Nothing of the new one")
    until = models.DateTimeField(null=True, blank=True, help_text="From this moment on the record is closed again")

    classes = Classes(section=None, default="P1", fields={"reason": "P4", "record": "P4"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(opened_by=F("opened_with")), name="nobody_opens_the_sealed_register_alone"
            )
        ]

    def __str__(self) -> str:
        return f"sealed opening {self.pk}"

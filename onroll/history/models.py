"""The tables of the history: changes, events, seals, and the log of who looked.

They point at nothing above them: an authority, a post, a child and a recorded row are plain numbers. Nothing here is
ever updated or deleted, with the one exception that `erasing.py` makes; triggers refuse it (`triggers.py`).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from onroll.access.classes import Classes


class Change(models.Model):
    """One act of one person: who, when, why. Every event belongs to one, and what commits is a change."""

    authority = models.BigIntegerField(help_text="0: the installation itself")
    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    actor_name = models.CharField(
        max_length=100, blank=True, help_text="Of an actor without an account; else for whom the actor stood in"
    )
    role = models.CharField(max_length=30, blank=True)
    post = models.BigIntegerField(null=True)
    child = models.BigIntegerField(null=True, help_text="Empty for work on many children")
    within = models.ForeignKey("self", on_delete=models.DO_NOTHING, null=True, related_name="parts", db_index=False)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    batch = models.TextField(blank=True)
    words_digest = models.CharField(max_length=64, blank=True, help_text="Of reason and batch, once they are erased")
    xact = models.BigIntegerField(null=True, help_text="PostgreSQL: the transaction that made it")

    classes = Classes(section=None, default="P1", fields={"reason": "P3", "batch": "P3"})

    class Meta:
        indexes = [
            models.Index(fields=["actor", "at"], name="change_of_a_person"),
            models.Index(fields=["child", "id"], condition=Q(child__isnull=False), name="change_about_a_child"),
            models.Index(fields=["within"], condition=Q(within__isnull=False), name="change_within_a_change"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"


class Event(models.Model):
    """One row inserted, updated or deleted, as the database wrote it down. Only triggers insert here."""

    # No constraint: the trigger has just proved that the change is there. No index: the seal knows the range.
    change = models.ForeignKey(
        Change, on_delete=models.DO_NOTHING, related_name="events", db_constraint=False, db_index=False
    )
    authority = models.BigIntegerField()
    model = models.SmallIntegerField()
    record = models.BigIntegerField()
    child = models.BigIntegerField(null=True)
    act = models.CharField(max_length=1)
    payload = models.TextField()
    digest = models.CharField(max_length=64, help_text="Of the payload, once it is erased")

    classes = Classes(section=None, default="P2", fields={"payload": "P4"})

    class Meta:
        indexes = [
            models.Index(fields=["child", "id"], condition=Q(child__isnull=False), name="event_of_a_child"),
            models.Index(fields=["record", "id"], condition=Q(child__isnull=True), name="event_of_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.model}:{self.record}"


class Seal(models.Model):
    """What a change held when it was committed, chained to the seal before. The number has no gaps."""

    authority = models.BigIntegerField()
    number = models.BigIntegerField()
    change = models.OneToOneField(Change, on_delete=models.DO_NOTHING, related_name="seal", db_constraint=False)
    first = models.BigIntegerField(null=True, help_text="The change's first event")
    last = models.BigIntegerField(null=True)
    count = models.BigIntegerField()
    content = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    classes = Classes(section=None, default="P0")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "number"], name="one_seal_of_a_number")]

    def __str__(self) -> str:
        return f"{self.authority}/{self.number}"


class Head(models.Model):
    """The last seal of an authority. Copied to another place hourly, so that a cut tail is found."""

    authority = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    classes = Classes(section=None, default="P0")

    def __str__(self) -> str:
        return f"{self.authority}/{self.number}"


class Salt(models.Model):
    """Sixteen random bytes for a child. Without them nobody can guess what an erased payload was."""

    child = models.BigIntegerField(primary_key=True)
    salt = models.CharField(max_length=32)

    classes = Classes(section=None, default="P4")

    def __str__(self) -> str:
        return str(self.child)


class Entry(models.Model):
    """One line of the access log: who looked at what, or was refused. Never a value of the record.

    `authority` 0 is the installation, as for a sign-in. `on_behalf_of` is the account whose cover the actor was,
    `break_glass` the emergency opening, `child` the child whose page it was, `children` those whom a list showed,
    `section` the letters of the sections with commas. `route` is the page, the verb of a
    change, or how someone who signed in proved who they are.
    """

    authority = models.BigIntegerField()
    number = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    actor_name = models.CharField(max_length=100, blank=True, help_text="Where the actor has no account")
    role = models.CharField(max_length=30, blank=True)
    post = models.BigIntegerField(null=True)
    on_behalf_of = models.BigIntegerField(null=True)
    child = models.BigIntegerField(null=True)
    children = models.TextField(blank=True, help_text="For a list: the keys of those shown, with commas")
    section = models.CharField(max_length=60, blank=True)
    act = models.CharField(max_length=30)
    outcome = models.CharField(max_length=30)
    route = models.CharField(max_length=100, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=30, blank=True)
    break_glass = models.BigIntegerField(null=True)
    hash = models.CharField(max_length=64)

    classes = Classes(section=None, default="P2")

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["authority", "number"], name="one_entry_of_a_number")]
        indexes = [
            models.Index(fields=["child", "id"], condition=Q(child__isnull=False), name="entry_about_a_child"),
            models.Index(fields=["actor", "at"], name="entry_of_a_person"),
            models.Index(fields=["authority", "at"], name="entry_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.authority}/{self.number}"


class EntryHead(models.Model):
    """The last entry of an authority's access log."""

    authority = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    classes = Classes(section=None, default="P0")

    def __str__(self) -> str:
        return f"{self.authority}/{self.number}"

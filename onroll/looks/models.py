"""Alerts about who looked: which rule, whose looks, which entries of the access log. Nothing of a child."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from onroll.access.classes import Classes
from onroll.authorities.models import Authority

from .rules import RULES


class Alert(models.Model):
    """Looks that a rule found unusual, for someone to look into. It points at entries of the log by their numbers.

    One person has one open alert of a rule a day: what comes after widens it to later entries.
    """

    class State(models.TextChoices):
        NEW = "new", "To review"
        RIGHT = "right", "Right"
        QUESTION = "question", "A question"
        INCIDENT = "incident", "An incident"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=30, help_text="The key of a rule in `rules.py`")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on = models.DateField()
    raised_at = models.DateTimeField()
    log = models.BigIntegerField(default=0, help_text="The authority whose log holds the entries; 0 is sign-ins")
    first = models.BigIntegerField(null=True, blank=True, help_text="The number of the first entry")
    last = models.BigIntegerField(null=True, blank=True)
    finding = models.CharField(max_length=300, blank=True, help_text="What the log itself was found to be")
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    classes = Classes(section=None, default="P1", fields={"note": "P3"})

    class Meta:
        indexes = [models.Index(fields=["authority", "state", "raised_at"], name="alert_to_review")]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "rule", "account", "on"],
                condition=Q(state="new", account__isnull=False),
                name="one_open_alert_of_a_rule_a_person_and_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="new") ^ Q(reviewed_at__isnull=False), name="an_alert_is_reviewed_exactly_when_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.pk}"

    @property
    def title(self) -> str:
        return RULES[self.rule].title

    @property
    def at_once(self) -> bool:
        return RULES[self.rule].at_once


class Watched(models.Model):
    """How far the rules have read an authority's log. Work of the machine: not part of the record."""

    authority = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()

    classes = Classes(section=None, default="P0")

    def __str__(self) -> str:
        return f"{self.authority}/{self.number}"

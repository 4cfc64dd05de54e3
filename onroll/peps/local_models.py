"""What an authority adds to the forms of plans, version by version."""

from typing import Any

from django.conf import settings
from django.db import models

from onroll.access.classes import Classes
from onroll.authorities.models import Authority

from .forms.local import Declaration


class LocalForm(models.Model):
    """One version of what the authority adds to the forms. A version is never changed: each change is a new one."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("Version")
    made_on = models.DateField("Made")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    what = models.CharField("What changed", max_length=300, blank=True)
    declared = models.JSONField("What it declares", default=dict, blank=True)

    objects = models.Manager()

    classes = Classes(section=None, default="P0")

    class Meta:
        verbose_name = "version of an authority’s own form"
        verbose_name_plural = "versions of authorities’ own forms"
        constraints = [
            models.UniqueConstraint(fields=["authority", "version"], name="a_version_of_a_form_is_made_once"),
            models.CheckConstraint(condition=models.Q(version__gt=0), name="versions_of_a_form_begin_with_one"),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of the form of {self.authority_id}"

    @property
    def declaration(self) -> Declaration:
        return Declaration.read(self.declared)

    @classmethod
    def newest(cls, authority: int) -> "LocalForm | None":
        return cls.objects.filter(authority_id=authority).order_by("-version").first()

    @classmethod
    def for_plan(cls, pep: Any, *, begun: bool) -> "LocalForm | None":
        """The version that a plan is written in: the one it began with, the newest while nothing is written yet."""
        if pep.local_version is not None:
            return cls.objects.filter(authority_id=pep.authority_id, version=pep.local_version).first()
        return None if begun else cls.newest(pep.authority_id)

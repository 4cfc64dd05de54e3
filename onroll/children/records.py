"""What every record about a child is made of: the gate through which people reach it.

There is no `objects`. `visible_to(actor)` is the way in for lists, `of(child, actor)` for what belongs to a child
that was itself reached through the gate. `unscoped` is for the parts that work for the system and not for a person:
the history, imports, measures given a cohort and scheduled jobs.
"""

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.access.classes import Classes
from onroll.access.sections import Section, may_read
from onroll.authorities.models import Authority

if TYPE_CHECKING:
    from .models import Child


class RecordQuerySet(models.QuerySet[Any]):
    """Rows about children."""


class SpellQuerySet(RecordQuerySet):
    """Rows that hold from `start` up to, and not on, `end`."""

    def on(self, day: date) -> Self:
        """The spells that hold on this day."""
        return self.filter(holds_on(day))

    def newest_first(self) -> Self:
        return self.order_by(F("start").desc(nulls_last=True), "-id")


def holds_on(day: date, prefix: str = "") -> Q:
    """A spell that holds on this day: it started by then and has not ended by then."""
    return Q(**{f"{prefix}start__lte": day}) & (Q(**{f"{prefix}end__isnull": True}) | Q(**{f"{prefix}end__gt": day}))


class ChildRecord(models.Model):
    """A row about one child. `authority` is the child's: a row of another authority is refused by the database."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", db_index=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=20, default="person", help_text="Where the fact came from")

    unscoped = RecordQuerySet.as_manager()

    classes: ClassVar[Classes]

    class Meta:
        abstract = True
        default_manager_name = "unscoped"
        base_manager_name = "unscoped"

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @classmethod
    def section(cls) -> Section:
        """The section of the record that this kind of row belongs to."""
        assert cls.classes.section is not None
        return cls.classes.section

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        """Which rows of the section the actor's role reads at all: an own school's only, for a school."""
        return Q()

    @classmethod
    def visible_to(cls, actor: Actor, section: Section | None = None) -> Any:
        """The rows about children that the actor may see today, if the role reads this section."""
        from .visibility import reach

        scope.require(actor.authority)
        if not may_read(actor, section or cls.section()):
            return cls.unscoped.none()
        return cls.unscoped.filter(
            cls.limited_to(actor), authority_id=actor.authority, child__in=reach(actor).values("pk")
        )

    @classmethod
    def of(cls, child: "Child", actor: Actor, *, section: Section | None = None) -> Any:
        """The rows about this child, who was reached through the gate, if the role reads this section."""
        scope.require(actor.authority)
        if child.authority_id != actor.authority or not may_read(actor, section or cls.section()):
            return cls.unscoped.none()
        return cls.unscoped.filter(cls.limited_to(actor), child=child)


class ChildSpell(ChildRecord):
    """A fact about a child that holds from `start` up to, and not on, `end`. No end: it still holds."""

    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    unscoped = SpellQuerySet.as_manager()

    class Meta(ChildRecord.Meta):
        abstract = True

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or self.end > day)


def ends_after_it_starts(what: str) -> models.CheckConstraint:
    """The constraint that a spell does not end before it starts."""
    return models.CheckConstraint(
        condition=Q(end__isnull=True) | Q(end__gte=F("start")), name=f"{what}_ends_after_it_starts"
    )

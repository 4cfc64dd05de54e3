"""Questions about loads: when each feed last came, and what was wrong with one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, QuerySet, Subquery, Window
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.children.models import CareEpisode, Child, Difference, Identifiers
from onroll.children.visibility import reach
from onroll.design.words import count_of

from .engine import FEEDS, Feed
from .models import Import, ImportProblem
from .problems import Grade


@dataclass(frozen=True)
class FeedState:
    """One feed on the Data page: when it last came, and whether that is longer ago than it should be."""

    feed: Feed
    last: Import | None
    today: date

    @property
    def days_old(self) -> int | None:
        if self.last is None or self.last.applied_at is None:
            return None
        return (self.today - timezone.localdate(self.last.applied_at)).days

    @property
    def is_stale(self) -> bool:
        limit = self.feed.stale_after_days
        return limit is not None and self.days_old is not None and self.days_old > limit

    @property
    def age(self) -> str:
        if self.days_old is None:
            return "never"
        return "today" if self.days_old == 0 else f"{count_of(self.days_old, 'day')} ago"


def imports_of(actor: Actor) -> QuerySet[Import]:
    """The loads of the actor's authority, newest first, without what only one load's own page shows."""
    return Import.objects.filter(authority_id=actor.authority).defer("sentences", "files", "own_options")


def feed_states(actor: Actor) -> list[FeedState]:
    """Each feed with its last applied load, in the order of the Data page. One query."""
    applied = Import.objects.filter(authority_id=actor.authority, state=Import.State.APPLIED).order_by()
    newest = applied.values("feed").annotate(newest=Max("pk")).values("newest")
    last = {import_.feed: import_ for import_ in imports_of(actor).filter(pk__in=newest)}
    ordered = sorted((feed for feed in FEEDS.values() if feed.on_pages), key=lambda feed: (feed.order, feed.title))
    return [FeedState(feed, last.get(feed.name), actor.today) for feed in ordered]


def to_settle(actor: Actor) -> int:
    """How many differences between sources wait for a person."""
    return Difference.visible_to(actor).filter(settled_on__isnull=True).count()


def provisional_ends(actor: Actor) -> int:
    """How many children have care that a return only implied had ended: a person has still to give the day."""
    open_ends = CareEpisode.visible_to(actor).filter(provisional_end=True)
    return open_ends.order_by().values("child_id").distinct().count()


@dataclass(frozen=True)
class Alike:
    """Problems of one kind in one load: the first of them, and how many there are."""

    first: ImportProblem
    count: int

    @property
    def more(self) -> str:
        return f"and {self.count - 1:,} more like it" if self.count > 1 else ""


def problems_of(import_: Import, actor: Actor) -> QuerySet[ImportProblem]:
    """What was wrong with a load, but for children of the authority whom the actor may not see."""
    out_of_reach = Child.unscoped.filter(authority_id=import_.authority_id).exclude(pk__in=reach(actor).values("pk"))
    hidden = out_of_reach.filter(merged_into__isnull=True)
    numbers = Identifiers.unscoped.filter(authority_id=import_.authority_id, child__in=hidden).values("child_number")
    return import_.problems.exclude(number__in=numbers)


def alike(import_: Import, actor: Actor) -> list[Alike]:
    """The problems of a load by kind: what stops first, then what was left out, then what was noted. Two queries."""
    kinds = list(
        problems_of(import_, actor)
        .order_by()
        .values("grade", "kind", "field")
        .annotate(count=Count("pk"), first=Min("pk"))
    )
    examples = import_.problems.in_bulk([kind["first"] for kind in kinds])
    order = [grade.value for grade in Grade]
    kinds.sort(key=lambda kind: (order.index(kind["grade"]), -kind["count"], kind["first"]))
    return [Alike(examples[kind["first"]], kind["count"]) for kind in kinds]


def page_of_problems(import_: Import, actor: Actor, *, grade: str, page: int, size: int) -> tuple[list[Any], int]:
    """Some problems of a load and how many there are in all, in one query. Each says in `child_pk` whom it is about."""
    found = problems_of(import_, actor)
    if grade:
        found = found.filter(grade=grade)
    whose = Identifiers.visible_to(actor).filter(child_number=OuterRef("number")).values("child_id")[:1]
    shown = list(found.annotate(in_all=Window(Count("pk")), child_pk=Subquery(whose))[(page - 1) * size : page * size])
    return shown, shown[0].in_all if shown else 0


def children_named(numbers: Iterable[str], actor: Actor) -> dict[str, Child]:
    """The children of these numbers whom the actor may see. A number nobody has yet has no child."""
    held = Identifiers.visible_to(actor).filter(child_number__in=list(numbers)).select_related("child")
    return {row.child_number: row.child for row in held}

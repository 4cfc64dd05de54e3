"""What the steps of a comparison share: the list, the record, the lists before and after, and what is found."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models.functions import Coalesce, Least

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.children.models import (
    Allocation,
    CareEpisode,
    Characteristics,
    Child,
    Difference,
    EpisodePlacement,
    FormerName,
    Identifiers,
    PlacementAddress,
    PlacementArea,
    Review,
    SchoolPlace,
    Status,
)
from onroll.exchange.differences import Trust, as_text, is_empty
from onroll.exchange.feeds.ssda903.holdings import Holding, Holdings
from onroll.exchange.models import Import
from onroll.exchange.plans import Changes, Options
from onroll.exchange.problems import Grade, Problem

from .columns import COLUMNS
from .rows import Listed, WeeklyList

SOURCE = FEED_NAME = "list"
_HEADINGS = {column.key: column.heading for column in COLUMNS}

# A child is written before what is about the child, an episode before its home.
_IN_THIS_ORDER = (
    Child,
    Identifiers,
    Characteristics,
    FormerName,
    CareEpisode,
    EpisodePlacement,
    PlacementAddress,
    PlacementArea,
    Status,
    SchoolPlace,
    Allocation,
    Review,
    Difference,
)


class Comparison:
    """One list beside the record. Nothing is written: `changes` holds what would be."""

    def __init__(self, said: WeeklyList, actor: Actor, options: Options) -> None:
        self.said = said
        self.options = options
        self.given_day = options.as_at is not None
        # The last day that the list speaks for.
        self.on = min(options.as_at or actor.today, actor.today)
        self.authority = Authority.objects.get(pk=actor.authority)
        self.changes = Changes()
        for model in _IN_THIS_ORDER:
            self.changes.creates[model] = []
        self.trust = Trust(self.authority, SOURCE, self.changes, today=actor.today)
        self.problems: list[Problem] = []
        self.holdings = Holdings(self.authority)
        self._in_dispute: dict[tuple[int, str, str, str], set[str]] | None = None
        # The children of the list, each with what is held of it or made of it by this list.
        self.children: list[tuple[Holding, Listed]] = []
        # Numbers of children held already: of whom something changes, and in what.
        self.changed: set[str] = set()
        self.moved: set[str] = set()
        self.new_status: set[str] = set()
        self.new_school: set[str] = set()
        self.reopened: set[str] = set()
        # Children whom the list leaves out, and how many episodes that would end.
        self.missing: set[str] = set()
        self.would_end = 0
        self._read_other_lists()

    def _read_other_lists(self) -> None:
        """What newer lists said already, and who was on earlier ones."""
        lists = (
            Import.objects.filter(authority=self.authority, feed=FEED_NAME, state=Import.State.APPLIED)
            .annotate(spoke_for=Coalesce(Least("as_at", "planned_on"), "planned_on"))
            .order_by("-spoke_for", "-pk")
        )
        newer = list(lists.filter(spoke_for__gt=self.on))
        self.newest = newer[0].spoke_for if newer else None
        whole = [load.spoke_for for load in newer if not load.part]
        # From this day on a newer whole list has had the word on who is looked after.
        self.whole_from: date | None = min(whole, default=None)
        # Children of whom a newer list has spoken, by holding them or by leaving them out.
        self.told_since = {n for load in newer for key in ("listed", "missing") for n in children_of(load, key)}
        self._earlier = lists.filter(spoke_for__lt=self.on)

    def last_listed(self, numbers: Iterable[str]) -> dict[str, date]:
        """The day of the latest earlier list that held each of these children."""
        wanted = set(numbers)
        found: dict[str, date] = {}
        load: Any
        for load in self._earlier.iterator(chunk_size=4) if wanted else ():
            here = wanted & set(children_of(load, "listed"))
            found.update(dict.fromkeys(here, load.spoke_for))
            wanted -= here
            if not wanted:
                break
        return found

    def own(self, child: Child, source: str = SOURCE) -> dict[str, Any]:
        """What every new row about a child has."""
        return {"authority_id": self.authority.pk, "child": child, "source": source}

    def is_older(self, holding: Holding) -> bool:
        """Whether a newer list has spoken of this child already."""
        return bool(holding.numbers & self.told_since)

    def mark(self, holding: Holding, changed: bool = True) -> None:
        """Count a child among those of whom something changes."""
        if changed and not holding.is_new:
            self.changed.add(holding.number)

    def merge(self, holding: Holding, row: Any, values: dict[str, Any], listed: Listed) -> None:
        """Bring a held row up to what the list says. A disagreement that is known already is not told twice."""
        if row is not holding.child:
            row._state.fields_cache["child"] = holding.child
        if not self.trust.is_trusted_over(row.source):
            values = {
                name: value
                for name, value in values.items()
                if is_empty(getattr(row, name)) or not self._is_in_dispute(row, name, value)
            }
        place: dict[str, Any] = {"number": listed.child, "place": (listed.file, listed.line)}
        self.mark(holding, self.trust.merge(row, values, **place, fill_only=self.is_older(holding)))

    def differ(self, holding: Holding, row: Any, name: str, value: Any, listed: Listed) -> None:
        """Leave a fact as it is held, and put what the list says of it in the list of differences."""
        if row.pk is not None and not self._is_in_dispute(row, name, value):
            row._state.fields_cache["child"] = holding.child
            self.trust.differ(row, name, value, number=listed.child, place=(listed.file, listed.line))

    def _is_in_dispute(self, row: Any, name: str, value: Any) -> bool:
        """Whether the same is in the list of differences, or was settled so, about another row of the same kind.

        When an episode is followed by the next, what was disputed of the one is not disputed again of the other.
        """
        if self._in_dispute is None:
            self._in_dispute = defaultdict(set)
            theirs = Difference.unscoped.filter(authority=self.authority, other_source=SOURCE)
            for difference in theirs.exclude(settled_as="other"):
                model, key, field = difference.fact.split(".")
                self._in_dispute[difference.child_id, model, field, str(difference.other)].add(key)
        child = row.pk if isinstance(row, Child) else row.child_id
        known = self._in_dispute.get((child, row._meta.model_name, name, as_text(value)), set())
        return bool(known - {str(row.pk)})

    def tell(self, grade: Grade, kind: str, key: str, listed: Listed, wrong: str, done: str) -> None:
        place = (listed.file, listed.line, listed.child, _HEADINGS[key])
        self.problems.append(Problem(grade, kind, *place, wrong, done))

    def note(self, kind: str, key: str, listed: Listed, wrong: str, done: str = "Kept what the record holds") -> None:
        self.tell(Grade.NOTED, kind, key, listed, wrong, done)


def children_of(load: Import, key: str) -> list[str]:
    sentence = load.sentence(key)
    return sentence["children"] if sentence else []

"""What the steps of a comparison share: the return, the record, and what is found on the way."""

from collections import Counter
from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.authorities.sensitive_facts import kept_on
from onroll.children.models import CareEpisode, Child
from onroll.exchange.differences import Trust
from onroll.exchange.models import Import
from onroll.exchange.plans import Changes, Options
from onroll.exchange.problems import Grade, Problem
from onroll.exchange.writing import new

from . import facts
from .holdings import Holding, Holdings

SOURCE = "ssda903"
FEED_NAME = "ssda903"


class Comparison:
    """One return beside the record. Nothing is written: `changes` holds what would be."""

    def __init__(self, said: facts.Return, actor: Actor, options: Options) -> None:
        self.said = said
        self.options = options
        self.authority = Authority.objects.get(pk=actor.authority)
        self.changes = Changes()
        self.trust = Trust(self.authority, SOURCE, self.changes, today=actor.today)
        self.problems: list[Problem] = []
        # The last day that anything here can be known of.
        self.told_on = min(said.year_end, options.as_at or actor.today)
        self.newer_from = self._next_year_told_already()
        self.holdings = Holdings(self.authority)
        # The sensitive kinds that the authority keeps on the day of the load, and of how many children each is new.
        self.keeps = kept_on(actor.authority, actor.today)
        self.newly_kept: Counter[str] = Counter()
        # Numbers of children held already: of whom something changes, and who move home.
        self.changed: set[str] = set()
        self.moved: set[str] = set()
        # Episodes that this return ends, or takes away, only by leaving them out.
        self.implied: list[tuple[Holding, CareEpisode]] = []

    def _next_year_told_already(self) -> date | None:
        """The first day of the next collection year of which a whole return has been applied already."""
        if self.said.year_start == date.min:
            return None
        return (
            Import.objects.filter(
                authority=self.authority,
                feed=FEED_NAME,
                state=Import.State.APPLIED,
                part=False,
                speaks_from__gt=self.said.year_start,
            )
            .order_by("speaks_from")
            .values_list("speaks_from", flat=True)
            .first()
        )

    def own(self, child: Child) -> dict[str, Any]:
        """What every new row about a child has."""
        return {"authority_id": self.authority.pk, "child": child, "source": SOURCE}

    def mark(self, holding: Holding, changed: bool) -> None:
        """Count a child among those of whom something changes."""
        if changed and not holding.is_new:
            self.changed.add(holding.number)

    def holding_of(self, fact: Any, *, stops: bool = False) -> Holding | None:
        """Whose fact it is. One about a child in neither the return's headers nor the record can't be placed."""
        holding = self.holdings.by_number.get(fact.child)
        if holding is None:
            if stops:
                grade, kind = Grade.STOPS, "no_header"
                wrong = "This child has no header row and is not held, so there is no date of birth"
                done = "Nothing is applied unless you choose to leave this child out"
            else:
                grade, kind = Grade.LEFT_OUT, "unknown_child"
                wrong, done = "This child is in no header row and is not held", "Left this row out"
            self.problems.append(Problem(grade, kind, fact.file, fact.line, fact.child, "CHILD", wrong, done))
        return holding

    def bring(
        self,
        holding: Holding,
        row: Any | None,
        model: Any,
        values: dict[str, Any],
        fact: Any,
        only_new: dict[str, Any] | None = None,
    ) -> None:
        """Bring a held row up to what the return says of it, or make it. `only_new`: values of a new row alone."""
        if row is None:
            self.changes.create(new(model, **self.own(holding.child), **values, **(only_new or {})))
            self.mark(holding, True)
            return
        row._state.fields_cache["child"] = holding.child
        older = self.newer_from is not None
        self.mark(holding, self.trust.merge(row, values, **place_of(holding, fact), fill_only=older))


def place_of(holding: Holding, fact: Any) -> dict[str, Any]:
    """Where a fact was told, for the words of a difference."""
    return {"number": holding.number, "place": (fact.file, fact.line)}

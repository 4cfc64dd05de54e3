"""The page on which two plans of a child stand side by side."""

from typing import Any

from django.http import Http404

from onroll.access.can import Can
from onroll.access.sections import Section
from onroll.children.pages import ChildPage
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.words import day

from .comparing import Section as Compared
from .comparing import earlier, side_by_side, targets_of
from .models import FOR_SUMMARIES, Pep, PepTarget
from .queries import peps_of
from .writing import Writing, part_of


class ComparePage(ChildPage):
    """What a plan says beside what an earlier one said: what changed first, or everything."""

    requires = Can.SEE_CHILD
    section = Section.PEP
    template_name = "peps/compare.html"

    pep: Pep

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.pep = self._plan()

    def _plan(self) -> Pep:
        found = peps_of(self.child, self.actor).filter(public_id=self.kwargs["pep"]).first()
        if found is None:
            raise Http404
        found.child = self.child
        return found

    def shown(self) -> str:
        """The parts of the record that answers of the plan are of, for the access log."""
        questions = Writing(self._plan(), self.actor).answers_read().values()
        read = {part_of(question).removesuffix(FOR_SUMMARIES) for question, _ in questions}
        return ",".join(sorted(read | {self.section.value}))

    def context(self) -> dict[str, Any]:
        others = earlier(self.pep, self.actor)
        asked = self.request.GET.get("with", "")
        other = next((each for each in others if str(each.public_id) == asked), others[0] if others else None)
        found: dict[str, Any] = {**super().context(), "pep": self.pep, "others": others, "other": other}
        if other is None:
            return found
        other.child = self.child
        whole = self.request.GET.get("show") == "all"
        sections = side_by_side(other, self.pep, self.actor)
        changed = sum(each.changed for each in sections)
        table = self._table([each for each in sections if whole or each.changed], other, whole)
        return {**found, "whole": whole, "changed": changed, "table": table, "targets": self._targets(other)}

    def _table(self, sections: list[Compared], other: Pep, whole: bool) -> Table | None:
        """One table, so that the answers stand below one another. None: there is nothing to show."""
        rows: list[Any] = []
        for section in sections:
            rows.append(GroupRow(section.title))
            for pair in section.pairs:
                if whole or pair.is_changed:
                    changed = "Changed" if whole and pair.is_changed else ""
                    said = [" · ".join(lines) or "–" for lines in (pair.before, pair.now)]
                    rows.append([Cell(pair.words, sub=changed), *said])
        return Table("Answers of two plans", self._columns(other), rows) if rows else None

    def _columns(self, other: Pep) -> list[Column]:
        return [
            Column("Question", stacked_label=False),
            Column(other.title[:1].upper() + other.title[1:]),
            Column(self.pep.title[:1].upper() + self.pep.title[1:]),
        ]

    def _targets(self, other: Pep) -> list[tuple[str, Table]]:
        columns = [
            Column("Target", stacked_label=False),
            Column("Starting point"),
            Column("By when"),
            Column("How it went"),
        ]
        found = []
        for plan in (other, self.pep):
            rows = [self._target(each) for each in targets_of(plan)]
            if rows:
                words = f"Targets of {plan.title}"
                found.append((words, Table(words, columns, rows)))
        return found

    @staticmethod
    def _target(each: PepTarget) -> list[Any]:
        return [
            Cell(each.text, sub=each.get_area_display()),
            each.baseline or "–",
            day(each.due_on) if each.due_on else "–",
            Cell(each.get_outcome_display() or "Not reviewed yet", sub=each.evidence),
        ]

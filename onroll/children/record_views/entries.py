"""Pages that put an entry right or take out one that was wrong, and the list of a child's entries."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from onroll.access.can import Can, can
from onroll.access.sections import Section, may_read
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.words import day

from ..actions.entries import (
    KINDS,
    Kind,
    correct_entry,
    remove_entry,
    what_removing_leaves,
    why_not_touch,
)
from ..entries import sentence_of
from ..forms.entries import CorrectForm, RemoveForm
from ..pages import ChildPage
from ..records import ChildRecord, ChildSpell
from .act import ActPage


class EntriesPage(ChildPage):
    """Every entry of a child's record that the reader may put right, by kind, newest first."""

    requires = Can.RECORD_CHANGES
    section = Section.BASICS
    template_name: ClassVar[str] = "children/entries.html"

    def shown(self) -> str:
        kinds = {kind.model.section() for kind in KINDS.values() if self.reads(kind)}
        return ",".join(sorted({self.section.value, *(section.value for section in kinds)}))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows: list[Any] = []
        for kind in KINDS.values():
            entries = [entry for entry in self.entries(kind) if not why_not_touch(entry, actor=self.actor)]
            if entries:
                rows.append(GroupRow(kind.words[:1].upper() + kind.words[1:]))
                rows += [self.row(kind, entry) for entry in entries]
        columns = [Column("Entry", stacked_label=False), Column("Days"), Column("What to do", hidden=True)]
        table = Table(caption=f"Entries of {self.child.first_name}’s record", columns=columns, rows=rows)
        return self.show(table=table if rows else None)

    def entries(self, kind: Kind) -> list[Any]:
        if not self.reads(kind):
            return []
        newest = "-start" if issubclass(kind.model, ChildSpell) else "-on"
        beside = [name for name in ("school", "account") if name in {f.name for f in kind.model._meta.fields}]
        rows = kind.model.of(self.child, self.actor).order_by(newest, "-pk")
        found = list(rows.select_related(*beside) if beside else rows)
        for entry in found:
            entry.child = self.child
        return found

    def reads(self, kind: Kind) -> bool:
        return may_read(self.actor, kind.model.section())

    def row(self, kind: Kind, entry: ChildRecord) -> list[Any]:
        where = [self.child.public_id, kind.name, entry.public_id]
        words = sentence_of(entry)
        correct = Cell(words, href=reverse("children:entry_correct", args=where))
        remove: Any = ""
        if can(self.actor, Can.REMOVE_AN_ENTRY):
            which = format_html('<span class="govuk-visually-hidden">: {}, {}</span>', words, days_of(entry))
            remove = Cell(format_html("Remove{}", which), href=reverse("children:entry_remove", args=where))
        return [correct, days_of(entry), remove]


def days_of(entry: ChildRecord) -> str:
    """From when to when an entry holds, or its day."""
    if not isinstance(entry, ChildSpell):
        return day(getattr(entry, "on", None))
    start = day(entry.start) if entry.start else "Not known"
    return f"{start} to {day(entry.end)}" if entry.end else f"Since {start}"


class EntryPage(ActPage):
    """An act on one entry of any kind. The section is the entry's own."""

    abstract = True
    back_to = "children:entries"

    def open(self, *args: Any, **kwargs: Any) -> None:
        kind = KINDS.get(kwargs["kind"])
        if kind is None:
            raise Http404
        self.kind = kind
        self.section = kind.model.section()  # type: ignore[misc]
        super().open(*args, **kwargs)
        self.entry: Any = self.one_of_the_child(kind.model, kwargs["entry"])
        if why_not_touch(self.entry, actor=self.actor):
            raise Http404

    def held(self) -> list[str]:
        return [f"{sentence_of(self.entry)}. {days_of(self.entry)}."]


class CorrectEntryPage(EntryPage):
    """Where an entry is put right, with what was wrong."""

    requires = Can.RECORD_CHANGES
    title = "Correct an entry"
    form_class = CorrectForm

    def heading(self) -> str:
        return f"Correct this {self.kind.words}"

    def form_options(self) -> dict[str, Any]:
        return {"entry": self.entry, "actor": self.actor}

    def act(self, form: CorrectForm) -> str:
        correct_entry(self.entry, form.values(), reason=form.cleaned_data["wrong"], actor=self.actor)
        return "The entry is corrected. The history shows what it was."


class RemoveEntryPage(EntryPage):
    """Where an entry made by mistake is taken out."""

    requires = Can.REMOVE_AN_ENTRY
    title = "Remove an entry"
    button = "Remove this entry"
    button_kind = "warning"
    form_class = RemoveForm

    def heading(self) -> str:
        return f"Remove this {self.kind.words}"

    def leaves(self, form: RemoveForm) -> list[str]:
        return what_removing_leaves(self.entry)

    def act(self, form: RemoveForm) -> str:
        remove_entry(self.entry, reason=form.cleaned_data["reason"], actor=self.actor)
        return "The entry is removed. The history keeps it."

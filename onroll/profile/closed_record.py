"""The one page that shows a record closed by an adoption: to its two custodians, in an opening of the sealed register.

It is the whole record as it is held, kind by kind, and nothing can be done with it but read. No other page of the
product leads here or shows anything of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.timezone import localtime

from onroll.access.can import Can
from onroll.access.models import Account
from onroll.access.pages import Page
from onroll.access.sections import Section
from onroll.children.actions.sealing import is_custodian
from onroll.children.closing import opened_record
from onroll.children.models import Child
from onroll.children.records import ChildRecord
from onroll.design.tables import Column, Table
from onroll.design.words import day
from onroll.history.viewing import viewed
from onroll.schools.models import School

from .history import CODES, SILENT
from .words import source_words


@dataclass(frozen=True)
class Part:
    """A section of the record with a table for each kind of row in it."""

    section: Section
    tables: list[Table]


class ClosedRecordPage(Page):
    """A closed record, read only, until the opening ends. To everyone but its two custodians it does not exist."""

    requires = Can.KEEP_SEALED
    fresh = True
    template_name: ClassVar[str] = "profile/closed_record.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        found = opened_record(self.actor, kwargs["unsealed"], now=timezone.now())
        if found is None or not is_custodian(self.actor):
            raise Http404
        self.opening, self.child = found

    def context(self) -> dict[str, Any]:
        parts = parts_of(self.child)
        letters = ",".join(part.section.value for part in parts)
        viewed(self.actor, self.child, letters, route=f"profile:closed_record {self.opening.public_id}")
        return {"child": self.child, "opening": self.opening, "until": localtime(self.opening.until), "parts": parts}


def parts_of(child: Child) -> list[Part]:
    """Everything that is held of the child, in the order of the table of need to know. A query for each kind."""
    names = _Names()
    tables: dict[Section, list[Table]] = {Section.BASICS: [_table(Child, [child], names)]}
    for model in _kinds():
        rows = list(model.unscoped.filter(child=child).order_by("pk"))
        if rows:
            tables.setdefault(model.section(), []).append(_table(model, rows, names))
    return [Part(section, tables[section]) for section in Section if section in tables]


def _kinds() -> Iterator[type[ChildRecord]]:
    return (model for model in apps.get_models() if issubclass(model, ChildRecord))


# A row says this of itself only to the machine, or to the page as a whole.
_NOT_TOLD = SILENT | {"merged_into", "held_as", "content", "lock", "sha256"}


def _table(model: type[models.Model], rows: list[Any], names: "_Names") -> Table:
    """The rows with the columns that say something."""
    fields = [field for field in model._meta.concrete_fields if field.name not in _NOT_TOLD]
    told = {field: [names.value(model, field, row) for row in rows] for field in fields}
    kept = [field for field in fields if any(told[field])]
    title = "Who this is" if model is Child else str(model._meta.verbose_name_plural)
    columns = [Column(_capital(str(field.verbose_name)), stacked_label=True) for field in kept]
    cells = [[told[field][at] or "–" for field in kept] for at in range(len(rows))]
    return Table(_capital(title), columns, cells, caption_hidden=False)


class _Names:
    """Values as people read them, with the names of the schools and people they point to."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, int], str] = {}

    def value(self, model: type[models.Model], field: models.Field, row: Any) -> str:
        if isinstance(field, models.ForeignKey):
            return self._name(field.related_model, getattr(row, field.attname))
        value = getattr(row, field.name)
        if value in (None, ""):
            return ""
        if field.name == "source":
            return source_words(value)
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, datetime):
            return f"{day(localtime(value).date())}, {localtime(value):%H:%M}"
        if isinstance(value, date):
            return day(value)
        held = CODES.get((model, field.name))
        if held is not None and (code := held.get(value)) is not None:
            return f"{code.label} ({value})"
        return str(dict(field.flatchoices).get(value, value))

    def _name(self, model: Any, key: int | None) -> str:
        if key is None or model not in (School, Account):
            return ""
        if (model, key) not in self._known:
            self._known[model, key] = model.objects.get(pk=key).name
        return self._known[model, key]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

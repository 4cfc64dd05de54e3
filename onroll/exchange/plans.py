"""What an import will do, worked out before it does it: sentences for people, and the changes to write."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Field, Model

from .problems import Problem
from .writing import insert


@dataclass(frozen=True)
class Options:
    """What the person loading the file chose."""

    as_at: date | None = None
    part: bool = False
    good_rows: bool = False
    confirm_endings: bool = False
    # What a feed remembers of its own, for example which column is which.
    own: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FileRead:
    """One file of the import, and what was made of it."""

    name: str
    rows: int
    words: str


@dataclass
class Checked:
    """A file as it was understood, before the record is looked at. `facts` is the feed's own."""

    facts: Any
    files: list[FileRead] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # The days it speaks for, where it speaks for a period, and how that was found.
    speaks_from: date | None = None
    speaks_to: date | None = None
    speaks_words: str = ""


@dataclass
class Sentence:
    """A number and what it counts, in words. `children` are the authority's own ids of those it counts."""

    key: str
    count: int
    will: str
    did: str
    small: str = ""
    children: list[str] = field(default_factory=list)


class Changes:
    """The rows an import will make, alter and take away. Written model by model, never row by row.

    Models are written in the order in which they were first added to: a child before its episodes.
    """

    def __init__(self) -> None:
        self.creates: dict[type[Model], list[Model]] = defaultdict(list)
        self.updates: dict[type[Model], dict[int, tuple[Model, dict[str, Any]]]] = defaultdict(dict)
        self.deletes: dict[type[Model], list[Model]] = defaultdict(list)

    def create(self, row: Any) -> Any:
        self.creates[type(row)].append(row)
        return row

    def update(self, row: Any, **values: Any) -> bool:
        """Set these values on a held row. Answers whether any of them is new; what is as it was is not written."""
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if changed:
            # Two files may each have read the row: the one that was altered first is the one that is written.
            first, told = self.updates[type(row)].setdefault(row.pk, (row, {}))
            for name, value in changed.items():
                setattr(row, name, value)
                setattr(first, name, value)
            told.update(changed)
        return bool(changed)

    def delete(self, row: Any) -> None:
        self.deletes[type(row)].append(row)

    def __bool__(self) -> bool:
        return any(self.creates.values()) or any(self.updates.values()) or any(self.deletes.values())

    def count(self) -> int:
        return sum(len(rows) for held in (self.creates, self.updates, self.deletes) for rows in held.values())

    def write(self, this: Any) -> None:
        """Write everything under the open change `this`."""
        for model, gone in self.deletes.items():
            this.delete(model._base_manager.filter(pk__in=[row.pk for row in gone]))
        for model, made in self.creates.items():
            insert(model, made)
        for model, altered in self.updates.items():
            same_fields: dict[tuple[str, ...], list[Model]] = defaultdict(list)
            for row, values in altered.values():
                same_fields[tuple(sorted(values))].append(row)
            for names, rows in same_fields.items():
                this.bulk_update(model, rows, list(names))

    def digest(self) -> str:
        """The same for the same changes, whatever keys and random ids new rows are given."""
        total = hashlib.sha256()
        order = {id(row): at for made in self.creates.values() for at, row in enumerate(made)}
        for model, made in self.creates.items():
            total.update(f"{model._meta.label} {len(made)}".encode())
            for column in model._meta.concrete_fields:
                if column.name not in _DRAWN:
                    total.update(repr(_values_told(column, made, order)).encode())
        for model, altered in self.updates.items():
            for pk, (_, values) in sorted(altered.items()):
                total.update(f"{model._meta.label} {pk} {sorted((k, _plain(v)) for k, v in values.items())}".encode())
        for model, gone in self.deletes.items():
            total.update(f"{model._meta.label} {sorted(row.pk for row in gone)}".encode())
        return total.hexdigest()


# Given to a new row by chance or by the database.
_DRAWN = {"id", "public_id"}


def _values_told(field: Field, rows: list[Model], order: dict[int, int]) -> list[Any]:
    """A field's values in new rows. A link to another new row, which has no key yet, is told by that row's place."""
    values = [row.__dict__.get(field.attname) for row in rows]
    if not field.is_relation:
        return values
    return [
        value if value is not None else order.get(id(row._state.fields_cache.get(field.name)))
        for value, row in zip(values, rows, strict=True)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return str(value) if isinstance(value, (str, date)) else value


@dataclass
class Plan:
    """What applying would do to the record as it is now."""

    changes: Changes = field(default_factory=Changes)
    sentences: list[Sentence] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # Endings that the file only implies, by leaving something out: they need a person's word.
    would_end: int = 0
    # How much of what is live would end, and how many of the file's children match nobody: the page then asks twice.
    share_ended: float = 0.0
    share_unmatched: float = 0.0
    # One more sentence under the list, for example how the roll's number changes.
    summary: str = ""
    # What a feed that writes rows outside the record needs to write them.
    extra: Any = None

    def sentence(
        self,
        key: str,
        count: int,
        will: str | tuple[str, str],
        did: str | tuple[str, str],
        small: str = "",
        children: Iterable[str] = (),
    ) -> None:
        """Add a sentence. Words that differ for one and for many are given as both."""
        self.sentences.append(Sentence(key, count, _told(will, count), _told(did, count), small, sorted(children)))

    def digest(self) -> str:
        told = hashlib.sha256(self.changes.digest().encode())
        told.update(repr([(s.key, s.count, s.children) for s in self.sentences]).encode())
        told.update(f"{self.would_end}".encode())
        return told.hexdigest()


def _told(words: str | tuple[str, str], count: int) -> str:
    return words if isinstance(words, str) else words[count != 1]

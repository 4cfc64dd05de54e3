"""What the components are given: small values that a page prepares and a template only prints."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from onroll.design.tables import Cell, Column, Table
from onroll.design.words import day, day_short, length_of_time, percent

# ── lists ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Chip:
    """A saved view or a filter: its words, how many it holds, whether it is the one shown."""

    label: str
    href: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Pages:
    """Which page of a list is shown. `keep` is the rest of the address: view, filters, order."""

    page: int
    size: int
    total: int
    keep: Mapping[str, Any] = field(default_factory=dict)
    what: str = ""
    """What is counted, as after the number: children."""

    @property
    def last(self) -> int:
        return max(-(-self.total // self.size), 1)

    @property
    def words(self) -> str:
        """1 to 50 of 427 children."""
        start = (self.page - 1) * self.size + 1
        shown = f"{start:,} to {min(self.page * self.size, self.total):,} of {self.total:,}"
        return f"{shown} {self.what}".rstrip()

    def address(self, page: int) -> str:
        return f"?{urlencode({**self.keep, 'page': page}, doseq=True)}"

    @property
    def items(self) -> list[dict[str, Any]]:
        """The pages to choose from: the first, the last and those beside this one, with dots between."""
        near = sorted({1, self.last, *range(max(self.page - 1, 1), min(self.page + 1, self.last) + 1)})
        items: list[dict[str, Any]] = []
        before = 0
        for number in near:
            if number - before == 2:
                items.append({"number": before + 1, "href": self.address(before + 1)})
            elif number - before > 2:
                items.append({"ellipsis": True})
            items.append({"number": number, "href": self.address(number), "current": number == self.page})
            before = number
        return items


@dataclass(frozen=True)
class AsAt:
    """The day a list speaks for. Another day than today turns the bar yellow."""

    on: dt.date
    today: dt.date
    count: str = ""
    """What there was on that day: 46 children."""
    days: Sequence[tuple[str, str]] = ()
    """Days worth a link: their words and addresses."""
    keep: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    typed: str = ""
    """What was typed, when it is not a day."""
    back: str = ""
    """The address of the same list today."""

    @property
    def is_past(self) -> bool:
        return self.on != self.today

    @property
    def value(self) -> str:
        return self.typed or f"{self.on:%d/%m/%Y}"

    @property
    def sentence(self) -> str:
        return f"as at {day(self.on)}: changes since are not shown"

    @property
    def kept(self) -> list[tuple[str, Any]]:
        return [
            (name, value)
            for name, values in self.keep.items()
            for value in (values if isinstance(values, list | tuple) else [values])
        ]


# ── a child ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Fact:
    """One fact of a child's header: what it is about, the fact, and what belongs to it on a line below."""

    label: str
    fact: str
    more: Any = ""
    href: str = ""


@dataclass(frozen=True)
class Mark:
    """A disclosure mark, for those who may know of it: what must not happen, and whom to ring."""

    sentence: str
    instruction: str = ""


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class ChildHeader:
    """Who a page is about. Full on the story, slim on the other tabs."""

    name: str
    known_as: str = ""
    line: str = ""
    facts: Sequence[Fact] = ()
    mark: Mark | None = None
    tabs: Sequence[Tab] = ()
    closed: str = ""
    """Why the record is closed, and since when."""
    slim: bool = False
    possessive: str = ""
    """Whose record the row of tabs names: Mia’s."""

    @property
    def record(self) -> str:
        return f"{self.possessive or (self.known_as or self.name.partition(' ')[0]) + '’s'} record"


@dataclass(frozen=True)
class PersonChip:
    """Somebody who works with a child: role, since when, and whether they are away or have left."""

    name: str
    role: str
    since: dt.date | None = None
    away_until: dt.date | None = None
    left_on: dt.date | None = None
    contact: str = ""

    @property
    def initials(self) -> str:
        words = self.name.split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else ""

    @property
    def line(self) -> str:
        parts = [self.role]
        if self.left_on:
            parts.append(f"until {day(self.left_on)}")
        elif self.away_until:
            parts.append(f"away until {day_short(self.away_until)}")
        elif self.since:
            parts.append(f"since {day(self.since)}")
        if self.contact:
            parts.append(self.contact)
        return " · ".join(parts)


@dataclass(frozen=True)
class Entry:
    """One thing that happened, or that is to come."""

    on: dt.date
    text: Any
    by: str = ""
    kind: str = ""
    details: Sequence[Any] = ()
    """What changed, one line each: before and after."""
    until: dt.date | None = None
    to_come: bool = False
    at: str = ""
    """The time of day, where it matters: 14:32."""

    @property
    def words(self) -> str:
        words = f"{day(self.on)} to {day(self.until)}" if self.until else day(self.on)
        return f"{words}, {self.at}" if self.at else words


GROUPED_FROM = 30


@dataclass(frozen=True)
class Timeline:
    """What happened, newest first as given. Over thirty entries stand under their years."""

    entries: Sequence[Entry]
    level: int = 3

    @property
    def groups(self) -> list[tuple[str, list[Entry]]]:
        if len(self.entries) <= GROUPED_FROM:
            return [("", list(self.entries))]
        groups: list[tuple[str, list[Entry]]] = []
        for entry in self.entries:
            year = str(entry.on.year)
            if not groups or groups[-1][0] != year:
                groups.append((year, []))
            groups[-1][1].append(entry)
        return groups


@dataclass(frozen=True)
class SpellRow:
    """A dated fact for a list of spells. `last` is the last day on which it was true."""

    what: Any
    start: dt.date | None
    last: dt.date | None
    more: Sequence[Any] = ()
    gap: bool = False
    """Time that no spell covers: a row of its own, in bold."""
    href: str = ""


def spell_table(
    caption: str, spells: Sequence[SpellRow], *, what: str, today: dt.date, more: Sequence[str] = ()
) -> Table:
    """Earlier and present spells as a table: what, from, to, how long, and what belongs to this kind of fact."""
    columns = [Column(what, stacked_label=False), Column("From"), Column("To"), Column("For")]
    columns += [Column(label) for label in more]
    rows = []
    for spell in spells:
        day_after = spell.last + dt.timedelta(days=1) if spell.last else today
        rows.append(
            [
                Cell(spell.what, href=spell.href, bold=spell.gap),
                day_short(spell.start) or "not known",
                day_short(spell.last) or "now",
                length_of_time(spell.start, day_after, short=True),
                *([*spell.more, *[""] * len(more)][: len(more)]),
            ]
        )
    return Table(caption=caption, columns=columns, rows=rows, caption_hidden=False)


# ── figures ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Figure:
    """A number about a cohort, which opens. Hidden, no data and 0 are three different words."""

    value: str = ""
    href: str = ""
    state: str = "value"
    """value · hidden · no_data · confidential · stale"""
    why: str = ""

    @classmethod
    def of(cls, part: int, whole: int, what: str, *, href: str = "") -> "Figure":
        """64 of 90 PEPs."""
        return cls(value=f"{part:,} of {whole:,} {what}", href=href)

    @property
    def words(self) -> str:
        return {"hidden": "hidden", "no_data": "no data", "confidential": "confidential"}.get(self.state, self.value)


@dataclass(frozen=True)
class Tile:
    """A measure on a home page: its name is the link, part and whole stand below the value."""

    name: str
    href: str
    value: str
    note: str = ""
    trend: Sequence[float] = ()
    target: float | None = None
    rag: str = ""

    @classmethod
    def of(cls, name: str, href: str, part: int, whole: int, what: str, **more: Any) -> "Tile":
        return cls(name, href, percent(part, whole), f"{part:,} of {whole:,} {what}", **more)


# ── data ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ImportSentence:
    """One thing that a file will do, or did: how many, in words, and where to see them."""

    count: int
    text: str
    note: Any = ""
    href: str = ""
    link: str = ""
    problem: bool = False

    @property
    def number(self) -> str:
        return f"{self.count:,}"


@dataclass(frozen=True)
class Side:
    """What one source says of a fact."""

    source: str
    value: str
    since: str = ""
    kept: bool = False
    key: str = ""
    """What is sent when a person decides for this side."""


@dataclass(frozen=True)
class Difference:
    """One fact on which two sources disagree, and the form that settles it."""

    fact: str
    sides: Sequence[Side]
    action: str
    key: str
    child: str = ""
    child_href: str = ""


@dataclass(frozen=True)
class Check:
    """What would be contradicted by saving, or what was checked and is right."""

    text: str
    more: str = ""
    fine: bool = False


@dataclass(frozen=True)
class SummaryRow:
    """A question and its answer, with the link that changes it."""

    key: str
    value: Any
    href: str = ""
    act: str = "Change"

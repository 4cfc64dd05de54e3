"""The access log as people read it: who looked at a child, and which children a person was shown."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.timezone import localdate, localtime

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import COMMAND_LINE, SYSTEM, Role
from onroll.access.sections import Section, may_read
from onroll.children.models import Child
from onroll.design.words import count_of, listed
from onroll.history.models import Entry

from .rules import start_of

# What a look was, as the page can be narrowed to it.
WAYS = {
    "view": "Opened the record",
    "list": "Was shown the child in a list",
    "export": "Took the child out in a file",
    "change": "Changed the record",
    "refused": "Was refused",
    "emergency": "In an emergency opening",
    "cover": "As cover for someone",
}
_SHORT_SECTIONS = {section.value: section.short for section in Section}


def way(entry: Entry) -> str:
    """Which of the ways this look was."""
    if entry.outcome == "refused":
        return "refused"
    return entry.act if entry.act in ("list", "export", "change") else "view"


def sections_in_words(letters: Iterable[str]) -> str:
    """Name and birth, care and school: in the order of the table of need to know."""
    held = set(letters)
    words = listed([words for letter, words in _SHORT_SECTIONS.items() if letter in held])
    return words[:1].upper() + words[1:]


def role_in_words(role: str) -> str:
    return {COMMAND_LINE: "Command line", SYSTEM: "Onroll itself"}.get(role) or dict(Role.choices).get(role, "")


def names_of(accounts: Iterable[int | None]) -> dict[int, Account]:
    return Account.objects.in_bulk({key for key in accounts if key is not None})


def of_the_child(entries: Any, child: int) -> Any:
    """The entries that are about this child, or showed it in a list."""
    shown = Concat(Value(","), F("children"), Value(","), output_field=CharField())
    return entries.alias(shown=shown).filter(Q(child=child) | Q(shown__contains=f",{child},"))


@dataclass
class Looks:
    """The looks of one person at one child on one day, in one post and in one way of being there."""

    day: date
    account: int | None
    name: str
    role: str
    cover_for: int | None
    emergency: bool
    refused: bool
    first: datetime
    last: datetime
    ways: Counter[str] = field(default_factory=Counter)
    sections: set[str] = field(default_factory=set)

    def add(self, entry: Entry) -> None:
        self.first, self.last = min(self.first, entry.at), max(self.last, entry.at)
        self.ways[way(entry)] += 1
        self.sections |= {letter for letter in entry.section.split(",") if letter}

    @property
    def when(self) -> str:
        first, last = (f"{localtime(at):%H:%M}" for at in (self.first, self.last))
        return first if first == last else f"{first} to {last}"

    @property
    def what(self) -> str:
        """Opened 3 pages and shown in 1 list."""
        told = {
            "view": ("opened", "page", ""),
            "change": ("made", "change", ""),
            "list": ("shown in", "list", ""),
            "export": ("taken out in", "file", ""),
            "refused": ("refused", "page", ""),
        }
        words = listed(
            [f"{verb} {count_of(self.ways[each], one)}" for each, (verb, one, _) in told.items() if self.ways[each]]
        )
        return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Choices:
    """What the page is narrowed to. Nothing: everything of the days."""

    start: date
    end: date
    by: str = ""
    part: str = ""
    way: str = ""


class LooksAt:
    """Who has looked at one child, newest first. Two queries whatever the number of looks."""

    def __init__(self, child: Child, choices: Choices) -> None:
        self.child, self.choices = child, choices

    @cached_property
    def _entries(self) -> list[Entry]:
        entries = Entry.objects.filter(
            authority=self.child.authority_id,
            at__gte=start_of(self.choices.start),
            at__lt=start_of(self.choices.end + timedelta(days=1)),
        )
        return list(of_the_child(entries, self.child.pk).order_by("-number"))

    @cached_property
    def _people(self) -> dict[int, Account]:
        return names_of([key for entry in self._entries for key in (entry.actor_id, entry.on_behalf_of)])

    def name(self, account: int | None, otherwise: str = "") -> str:
        found = self._people.get(account or 0)
        return found.name if found else otherwise or "Someone without an account"

    @property
    def people(self) -> list[tuple[str, str]]:
        """Who looked in these days, each with the value by which the page is narrowed."""
        found = {
            _who(self._people, entry): self.name(entry.actor_id, role_in_words(entry.role)) for entry in self._entries
        }
        return sorted(found.items(), key=lambda each: each[1])

    @property
    def parts(self) -> list[tuple[str, str]]:
        letters = {letter for entry in self._entries for letter in entry.section.split(",") if letter}
        return [(key, sections_in_words([key])) for key in _SHORT_SECTIONS if key in letters]

    def _fits(self, entry: Entry) -> bool:
        by, part, chosen = self.choices.by, self.choices.part, self.choices.way
        if by and _who(self._people, entry) != by:
            return False
        if part and part not in entry.section.split(","):
            return False
        if chosen == "emergency":
            return entry.break_glass is not None
        if chosen == "cover":
            return entry.on_behalf_of is not None
        return not chosen or way(entry) == chosen

    @cached_property
    def looks(self) -> list[Looks]:
        """The looks that fit, a row for each person, day and post."""
        found: dict[tuple[Any, ...], Looks] = {}
        for entry in self._entries:
            if not self._fits(entry):
                continue
            day, refused = localdate(entry.at), entry.outcome == "refused"
            emergency = entry.break_glass is not None
            key = (day, entry.actor_id, entry.actor_name, entry.role, entry.on_behalf_of, emergency, refused)
            if key not in found:
                found[key] = Looks(
                    day,
                    entry.actor_id,
                    self.name(entry.actor_id, entry.actor_name),
                    entry.role,
                    entry.on_behalf_of,
                    emergency,
                    refused,
                    entry.at,
                    entry.at,
                )
            found[key].add(entry)
        return list(found.values())


def _who(people: dict[int, Account], entry: Entry) -> str:
    """Who looked, as an address may say it: never a name."""
    found = people.get(entry.actor_id or 0)
    return str(found.public_id) if found else entry.role


@dataclass
class Exposed:
    """One child whom a person was shown: in which sections, how often, from when to when. No account: the product."""

    account: int | None
    child: int
    first: datetime
    last: datetime
    ways: Counter[str] = field(default_factory=Counter)
    sections: set[str] = field(default_factory=set)

    def add(self, entry: Entry) -> None:
        self.first, self.last = min(self.first, entry.at), max(self.last, entry.at)
        self.ways[way(entry)] += 1
        self.sections |= {letter for letter in entry.section.split(",") if letter}


@dataclass(frozen=True)
class Looked:
    """What looks are asked for: of one person, at one page, document or export, or both.

    `route` is the page, `names` what its entries name beside the route (a document, an export), `child` whose it is.
    """

    account: int | None = None
    route: str = ""
    names: str = ""
    child: int | None = None

    def fits(self) -> Q:
        found = Q()
        if self.account is not None:
            found &= Q(actor=self.account)
        if self.names:
            return found & Q(route__contains=self.names)
        if self.route:
            found &= Q(route=self.route) | Q(route__startswith=f"{self.route} ")
        return found & Q(child=self.child) if self.child is not None else found


def exposure(authority: int, looked: Looked, start: datetime, end: datetime) -> list[Exposed]:
    """Every child who was shown so from `start` up to `end`, and to whom, most sections first. One query.

    What was refused showed nothing and is not here.
    """
    entries = Entry.objects.filter(looked.fits(), authority=authority, at__gte=start, at__lt=end)
    found: dict[tuple[int | None, int], Exposed] = {}
    for entry in entries.exclude(outcome="refused").order_by("number").iterator(2000):
        keys = [entry.child] if entry.child is not None else [int(key) for key in entry.children.split(",") if key]
        for key in keys:
            who = entry.actor_id
            found.setdefault((who, key), Exposed(who, key, entry.at, entry.at)).add(entry)
    return sorted(found.values(), key=lambda each: (-len(each.sections), each.first, each.child, each.account or 0))


@dataclass(frozen=True)
class Shown:
    """How one reader sees a child of the log: by name where the child is within reach, else by an opaque reference."""

    key: int
    words: str
    href: str = ""


def as_shown(keys: Iterable[int], actor: Actor) -> dict[int, Shown]:
    """The children of the log as this reader sees them. Two queries."""
    wanted = set(keys)
    named = {c.pk: c for c in Child.visible_to(actor).filter(pk__in=wanted)} if may_read(actor, Section.LOOKS) else {}
    references = Child.unscoped.filter(pk__in=wanted - set(named), authority_id=actor.authority)
    found = {
        pk: Shown(pk, child.sorted_name, reverse("profile:looks", args=[child.public_id]))
        for pk, child in named.items()
    }
    found |= {pk: Shown(pk, reference_of(public_id)) for pk, public_id in references.values_list("pk", "public_id")}
    return found


def reference_of(public_id: Any) -> str:
    """What stands in place of a name: enough to tell records apart, and to open a matter by."""
    return str(public_id)

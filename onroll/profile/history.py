"""What changed in a child's record, in words: who did what, when, and each field before and after.

Only kinds of record whose section the reader may read are here. An encrypted text is not opened: that it changed is
told, and what it is stands on its own page.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.timezone import localtime

from onroll.access.encryption import Ciphertext, EncryptedTextField
from onroll.access.models import Account
from onroll.access.roles import COMMAND_LINE, SYSTEM, Role
from onroll.access.sections import Section, may_write
from onroll.children.closing import names_closed_at
from onroll.children.models import (
    Allocation,
    CareEpisode,
    CareLeaverContact,
    Characteristics,
    Child,
    Disclosure,
    EHCPlan,
    EpisodePlacement,
    FormerName,
    Identifiers,
    MissingEpisode,
    MoveNotice,
    PlacementAddress,
    PlacementArea,
    PreviousPermanence,
    Review,
    SchoolPlace,
    SDQScore,
    SENNeed,
    SENProvision,
    Status,
)
from onroll.codes import (
    CATEGORY_OF_NEED,
    ETHNICITY,
    LEGAL_STATUS,
    LOCAL_AUTHORITY,
    MISSING_TYPE,
    OC3_ACCOMMODATION,
    OC3_ACTIVITY,
    OC3_IN_TOUCH,
    PLACEMENT_PROVIDER,
    PLACEMENT_TYPE,
    PREVIOUS_PERMANENCE,
    REASON_CEASED,
    REASON_NEW,
    REASON_PLACEMENT_CHANGE,
    REVIEW_PARTICIPATION,
    SDQ_REASON,
    SEN_NEED,
    SEN_PROVISION,
    SEX,
    UPN_UNKNOWN,
)
from onroll.codes.code_sets import CodeSet
from onroll.design.values import Entry, Pages
from onroll.design.words import day, lower_first
from onroll.history.models import Event
from onroll.history.reading import Act, FieldChange, Line, acts, numbers_read_by
from onroll.history.recorded import model_numbered
from onroll.schools.models import School

from .record import Record
from .words import PARTS, source_words

PAGE = 25

# What is kept for the machine and says nothing to people.
SILENT = {"id", "public_id", "authority", "child", "episode", "search_words", "made_by_import", "version"}
# What stands in place of a link, a code or a device says nothing to people.
SILENT |= {"token_hash", "code_hash", "device_hash"}

CODES: dict[tuple[type[models.Model], str], CodeSet[Any]] = {
    (CareEpisode, "legal_status"): LEGAL_STATUS,
    (CareEpisode, "reason_new"): REASON_NEW,
    (CareEpisode, "reason_ceased"): REASON_CEASED,
    (CareEpisode, "category_of_need"): CATEGORY_OF_NEED,
    (CareEpisode, "reason_place_change"): REASON_PLACEMENT_CHANGE,
    (EpisodePlacement, "placement_type"): PLACEMENT_TYPE,
    (EpisodePlacement, "provider"): PLACEMENT_PROVIDER,
    (PlacementArea, "la_code"): LOCAL_AUTHORITY,
    (Characteristics, "sex"): SEX,
    (Characteristics, "ethnicity"): ETHNICITY,
    (Identifiers, "upn_unknown"): UPN_UNKNOWN,
    (SENProvision, "value"): SEN_PROVISION,
    (SENNeed, "value"): SEN_NEED,
    (EHCPlan, "la_code"): LOCAL_AUTHORITY,
    (SDQScore, "reason"): SDQ_REASON,
    (Status, "other_authority"): LOCAL_AUTHORITY,
    (Review, "participation"): REVIEW_PARTICIPATION,
    (MissingEpisode, "kind"): MISSING_TYPE,
    (PreviousPermanence, "kind"): PREVIOUS_PERMANENCE,
    (PreviousPermanence, "la_code"): LOCAL_AUTHORITY,
    (CareLeaverContact, "in_touch"): OC3_IN_TOUCH,
    (CareLeaverContact, "activity"): OC3_ACTIVITY,
    (CareLeaverContact, "accommodation"): OC3_ACCOMMODATION,
}

# What stands before a value in a list of them, where the field's own name would be too much.
_SHORTLY = {
    "start": "from",
    "end": "until",
    "on": "on",
    "la_code": "authority",
    "ofsted_urn": "Ofsted’s number",
    "hours_per_week": "hours a week",
    "distance_miles": "miles from the family home",
    "value": "",
    "kind": "",
    "role": "as",
    "account": "",
    "school": "",
    "legal_status": "",
    "placement_type": "",
}

# Where an address is written, and what tells of it.
_OF_THE_ADDRESS = (PlacementAddress, PlacementArea)


@dataclass(frozen=True)
class Choices:
    """What the page can be narrowed to: people who acted and parts of the record, each with its value and words."""

    people: list[tuple[str, str]]
    parts: list[tuple[str, str]]


class History:
    """The history of one record for one reader, newest first."""

    def __init__(self, record: Record, *, by: str = "", part: str = "", page: int = 1) -> None:
        self.record, self.by, self.part, self.page = record, by, part, max(page, 1)

    @cached_property
    def _events(self) -> list[Event]:
        """Every event that the reader may read of, newest first. A child has few: one query fetches them all."""
        events = Event.objects.filter(child=self.record.child.pk, model__in=numbers_read_by(self.record.actor))
        found = list(events.select_related("change__actor").order_by("-pk"))
        removed = {(event.model, event.record) for event in found if event.act == "d"}
        return [event for event in found if self._may_know(event, removed)]

    def _may_know(self, event: Event, removed: set[tuple[int, int]]) -> bool:
        model = model_numbered(event.model)
        if self.record.is_past and localtime(event.change.at).date() > self.record.day:
            return False
        if self._is_of_a_closed_name(model, event, removed):
            return False
        if model is None or (model in _OF_THE_ADDRESS and not self._knows_addresses):
            return False
        if model in (SchoolPlace, MoveNotice) and self.record.keeps_a_place:
            return model is SchoolPlace and event.record in {place.pk for place in self.record.places}
        if model is Allocation and not self._knows_addresses and not self._is_of_a_known_person(event):
            return False
        # An entry that was removed was a mistake: only those who write the section see what it said.
        return (event.model, event.record) not in removed or may_write(self.record.actor, _section(model))

    def _is_of_a_closed_name(self, model: Any, event: Event, removed: set[tuple[int, int]]) -> bool:
        """Whether the event tells of a name that the person had before and had closed."""
        if self._names_closed_at is None:
            return False
        if model is FormerName:
            return (event.model, event.record) in removed
        return model is Child and event.change.at <= self._names_closed_at

    @cached_property
    def _names_closed_at(self) -> datetime | None:
        """Up to when the history of this person's name is closed (ID-5)."""
        return names_closed_at(self.record.child)

    @cached_property
    def _knows_addresses(self) -> bool:
        """Whether the reader may know every address of this child, as its mark stands today."""
        marks = [getattr(episode, "address", None) for episode in self.record.episodes]
        return self.record.knows_marked(Disclosure.ORDINARY) and all(
            self.record.knows_marked(mark.disclosure) for mark in marks if mark is not None
        )

    def _is_of_a_known_person(self, event: Event) -> bool:
        """Whether the event is of an allocation that the reader sees: who the carers are follows the address."""
        return event.record in self._known_allocations

    @cached_property
    def _known_allocations(self) -> set[int]:
        return {fact.pk for fact in self.record.facts("allocation")}

    @cached_property
    def choices(self) -> Choices:
        people = {_who(event): _name(event) for event in self._events}
        parts = {_section(model).value for event in self._events if (model := model_numbered(event.model))}
        return Choices(
            people=sorted(people.items(), key=lambda each: each[1]),
            parts=sorted(((part, _part_words(part)) for part in parts), key=lambda each: each[1]),
        )

    @cached_property
    def _fitting(self) -> list[Event]:
        events = self._events
        if self.by:
            events = [event for event in events if _who(event) == self.by]
        if self.part:
            events = [e for e in events if (m := model_numbered(e.model)) and _section(m).value == self.part]
        return events

    @cached_property
    def pages(self) -> Pages:
        total = len({event.change_id for event in self._fitting})
        keep = {name: value for name, value in (("by", self.by), ("part", self.part)) if value}
        return Pages(min(self.page, max(-(-total // PAGE), 1)), PAGE, total, keep, "changes")

    @cached_property
    def _shown(self) -> list[Act]:
        changes = list(dict.fromkeys(event.change_id for event in self._fitting))
        start = (self.pages.page - 1) * PAGE
        kept = set(changes[start : start + PAGE])
        return acts([event for event in self._fitting if event.change_id in kept], opened=False)

    @property
    def entries(self) -> list[Entry]:
        """One sentence an act, with what it changed."""
        return [self._entry(act) for act in self._shown]

    def _entry(self, act: Act) -> Entry:
        at: datetime = localtime(act.change.at)
        words = act.sentence.replace("the child", self.record.child.first_name)
        role = dict(Role.choices).get(act.change.role, "")
        if act.change.role in (COMMAND_LINE, SYSTEM):
            role = "Command line" if act.change.role == COMMAND_LINE else "Onroll itself"
        by = [part for part in (role, f"Reason: {act.change.reason}" if act.change.reason else "") if part]
        details = [words for line in act.lines for words in self._line(line)]
        return Entry(on=at.date(), at=f"{at:%H:%M}", text=f"{words}.", by=" · ".join(by), details=details)

    def _line(self, line: Line) -> list[str]:
        if line.model is None or line.erased:
            return []
        what = str(line.model._meta.verbose_name)
        fields = [each for each in line.fields if self._tells(line.model, each)]
        if line.act == "u":
            return [f"{_capital(what)}, {lower_first(each.words)}: {self._change(line.model, each)}" for each in fields]
        values = [(each.field, each.after if line.act == "i" else each.before) for each in fields]
        told = ", ".join(words for field, value in values if (words := self._told(line.model, field, value)))
        source = next((value for field, value in values if field.name == "source" and value != "person"), "")
        done = "added" if line.act == "i" else "removed"
        from_where = f" ({lower_first(source_words(source))})" if source else ""
        return [f"{_capital(what)} {done}{f': {told}' if told else ''}{from_where}"]

    def _told(self, model: type[models.Model], field: models.Field, value: Any) -> str:
        """One value of a row that was added or removed: “from 4 January 2022”, “hours per week 25.0”."""
        if value in (None, "", False) or field.name == "source":
            return ""
        name = lower_first(str(field.verbose_name))
        if value is True:
            return name
        words = self._value(model, field, value)
        before = _SHORTLY.get(field.name, name)
        return f"{before} {words}" if before else words

    def _tells(self, model: type[models.Model], each: FieldChange) -> bool:
        """Whether the field says something to people, and to this reader."""
        if each.name in SILENT:
            return False
        classes = model.classes  # type: ignore[attr-defined]
        # A field that is stricter than its table tells of an address.
        return classes.of(each.name) <= _section(model).data_class or self._knows_addresses

    def _change(self, model: type[models.Model], each: FieldChange) -> str:
        if isinstance(each.field, EncryptedTextField):
            return "changed"
        before, after = (self._value(model, each.field, value) or "nothing" for value in (each.before, each.after))
        return f"{before} → {after}"

    def _value(self, model: type[models.Model], field: models.Field, value: Any) -> str:
        """A value as people read it."""
        if value in (None, ""):
            return ""
        if isinstance(value, Ciphertext) or isinstance(field, EncryptedTextField):
            return "recorded"
        if isinstance(field, models.JSONField):
            return "recorded" if value else ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, date):
            return day(value)
        if field.name == "source":
            return lower_first(source_words(value))
        if isinstance(field, models.ForeignKey) and field.related_model not in (School, Account):
            return ""
        if isinstance(field, models.ForeignKey):
            return self._names.get((field.related_model, value), "one that is no longer there")
        held = CODES.get((model, field.name))
        if held is not None and (code := held.get(value)) is not None:
            return code.label
        return str(dict(field.flatchoices).get(value, value))

    @cached_property
    def _names(self) -> dict[tuple[Any, int], str]:
        """The names of the schools and people that the shown acts point to."""
        keys: dict[Any, set[int]] = {School: set(), Account: set()}
        for act in self._shown:
            for line in act.lines:
                for each in line.fields:
                    if isinstance(each.field, models.ForeignKey) and each.field.related_model in keys:
                        keys[each.field.related_model] |= {key for key in (each.before, each.after) if key}
        known = {p.school.pk: p.school.name for p in self.record.places if p.school is not None}
        names: dict[tuple[Any, int], str] = {(School, key): name for key, name in known.items()}
        if unknown := keys[School] - set(known):
            names |= {
                (School, pk): name for pk, name in School.objects.filter(pk__in=unknown).values_list("pk", "name")
            }
        if keys[Account]:
            names |= {(Account, each.pk): each.name for each in Account.objects.filter(pk__in=keys[Account])}
        return names


def _section(model: type[models.Model]) -> Section:
    return model.classes.section  # type: ignore[attr-defined]


def _part_words(part: str) -> str:
    return _capital(PARTS[part])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _who(event: Event) -> str:
    """Who acted, as an address may say it: never a name."""
    return str(event.change.actor.public_id) if event.change.actor else event.change.role


def _name(event: Event) -> str:
    if event.change.actor:
        return event.change.actor.name
    return {COMMAND_LINE: "Command line", SYSTEM: "Onroll itself"}.get(event.change.role, event.change.actor_name)

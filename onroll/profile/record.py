"""What one reader may know of one child, as it held on one day.

Every row comes through the section it belongs to: what the reader has no cell for is not read from the database, so
that no page can show it by mistake. Care alone is read whole for those who have its summary, since the summary follows
from it; `may_read` says which of the two to show. A page asks here and nowhere else. A few queries whatever the length
of the story: the many small dated facts come in one.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, CharField, DateField, F, IntegerField, Q, UUIDField, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.roles import DESIGNATED_TEACHERS, SCHOOL_STAFF, SOCIAL_CARE, VIRTUAL_SCHOOL, Role
from onroll.access.sections import Section, has_summary, may_read, may_write
from onroll.authorities.calendar import Calendar
from onroll.children.disclosure import HOME, SCHOOL, Names, kept_by_mark, may_know_address, may_know_area, names_for
from onroll.children.models import (
    Allocation,
    CareEpisode,
    CareLeaverContact,
    Characteristics,
    CharacteristicSpell,
    Child,
    Difference,
    Disclosure,
    EHCPlan,
    EpisodePlacement,
    FormerName,
    Identifiers,
    MissingEpisode,
    MoveNotice,
    PlacementAddress,
    PreviousPermanence,
    Review,
    SchoolPlace,
    SDQScore,
    SENNeed,
    SENProvision,
    Status,
)
from onroll.children.queries import SHORT_BREAKS, CareFacts, Home, facts_of, homes
from onroll.children.records import ChildRecord, holds_on
from onroll.children.telling import NO_SEN
from onroll.people.models import Post

# The characteristics that a school needs to teach by.
TAUGHT_BY = ("first_language", "disability", "fsm")


@dataclass
class DatedFact:
    """One row about the child, of any kind, as plain values. What `words` and `number` hold depends on the kind."""

    kind: str
    pk: int
    public_id: UUID
    start: date | None
    end: date | None
    source: str
    words: tuple[str, str, str, str]
    number: int | None
    on: date | None

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or self.end > day)


@dataclass(frozen=True)
class Kind:
    """A kind of small fact: where its values stand in its table."""

    model: type[ChildRecord] | type[Post]
    words: tuple[Any, ...] = ()
    number: Any = None
    on: Any = None
    start: str | None = "start"
    end: str | None = "end"
    only: Q | None = None
    # Whether these columns are what the section's summary holds, so that who has only the summary reads them.
    in_summary: bool = False
    # What is put before the virtual school and is not for a school or a carer, whatever section it stands in.
    for_staff: bool = False


# The order of the words is told beside each kind.
KINDS: dict[str, Kind] = {
    # the authority's number, former UPN
    "numbers": Kind(Identifiers, ("child_number", "former_upn"), start=None, end=None),
    # given name, family name, known as, why it changed
    "former_name": Kind(FormerName, ("given_name", "family_name", "known_as", "reason")),
    # UPN, ULN, why there is no UPN: what a school works with
    "school_numbers": Kind(Identifiers, ("upn", "uln", "upn_unknown"), start=None, end=None, in_summary=True),
    # which characteristic, its value: language, disability and meals are what a school teaches by
    "characteristic": Kind(CharacteristicSpell, ("kind", "value"), in_summary=True),
    # code
    "sen": Kind(SENProvision, ("value",)),
    "need": Kind(SENNeed, ("value",)),
    # responsible authority; on: the next annual review
    "ehc_plan": Kind(EHCPlan, ("la_code",), on="review_on"),
    # why there is no score
    "sdq": Kind(SDQScore, ("reason",), number="score"),
    # which status, the other authority, what was told, the lawful basis; on: the day it was told
    "status": Kind(Status, ("kind", "other_authority", "notified_of", "lawful_basis"), on="notified_on"),
    # how the child took part; number: 1 when it was held
    "review": Kind(Review, ("participation",), number=Cast("held", IntegerField()), start="on", end=None),
    "missing": Kind(MissingEpisode, ("kind",)),
    # which permanence, the authority, the day as it was sent
    "permanence": Kind(PreviousPermanence, ("kind", "la_code", "date_as_sent"), start=None, end=None),
    # in touch, activity, accommodation
    "leaver_contact": Kind(CareLeaverContact, ("in_touch", "activity", "accommodation"), start="on", end=None),
    # role, given name, family name, phone
    "allocation": Kind(
        Allocation, ("role", "account__given_name", "account__family_name", "account__phone"), number="account_id"
    ),
    # role, given name, family name, phone
    "school_contact": Kind(Post, ("role", "account__given_name", "account__family_name", "account__phone")),
    # section, fact, the source that was kept, the other
    "difference": Kind(
        Difference,
        ("part", "fact", "kept_source", "other_source"),
        start="noticed_on",
        end=None,
        only=Q(settled_on__isnull=True),
        for_staff=True,
    ),
    # about home or school, the new school, who told; number: 1 when it has happened; on: the day it happens
    "notice": Kind(
        MoveNotice,
        ("about", "new_school__name", Concat("told_by__given_name", Value(" "), "told_by__family_name")),
        number=Cast("has_happened", IntegerField()),
        on="happens_on",
        start="told_on",
        end="seen_on",
        for_staff=True,
    ),
}


class Record:
    """What the actor may know of the child as it held on `day`. The child was reached through the gate."""

    def __init__(self, child: Child, actor: Actor, day: date | None = None) -> None:
        self.child = child
        self.actor = actor
        self.day = day or actor.today
        self._names_behind: dict[str, Names] = {}

    @property
    def is_past(self) -> bool:
        """Whether this is a look back: what changed since is not shown."""
        return self.day < self.actor.today

    def may_read(self, section: Section) -> bool:
        return may_read(self.actor, section)

    def has_summary(self, section: Section) -> bool:
        return has_summary(self.actor, section)

    def may_change(self, section: Section) -> bool:
        """Whether the reader may change this section today. A look back changes nothing."""
        return not self.is_past and can(self.actor, Can.RECORD_CHANGES) and may_write(self.actor, section)

    def act_url(self, route: str, *keys: Any) -> str:
        """The address of an act on one of the child's rows."""
        return reverse(route, args=[self.child.public_id, *keys])

    @cached_property
    def at_a_school(self) -> bool:
        """A school's reader sees its own period only, and of care no more than the summary."""
        return self.actor.role in SCHOOL_STAFF

    @cached_property
    def is_staff(self) -> bool:
        """Whether the reader works for the authority: its virtual school or its social care."""
        return self.actor.role in (*VIRTUAL_SCHOOL, *SOCIAL_CARE)

    # Care and homes

    @cached_property
    def episodes(self) -> list[CareEpisode]:
        """The care episodes with their placements, oldest first. The placement's section is checked by who shows it."""
        if not (self.has_summary(Section.CARE) or self.has_summary(Section.PLACEMENT)):
            return []
        episodes = CareEpisode.unscoped.filter(child=self.child).select_related("placement", "address")
        # Of the address no more than its mark, which what follows from the address must obey.
        episodes = episodes.defer("address__address", "address__postcode", "address__home_postcode")
        return self._as_known(episodes.order_by("start", "id"))

    @cached_property
    def care(self) -> CareFacts:
        """What the episodes say on the day."""
        return facts_of(self.episodes, self.day)

    @cached_property
    def home(self) -> Home | None:
        """The home on the day, where the reader may know of it: for a school no more than its kind."""
        home = self.care.home if self.care.looked_after and self.has_summary(Section.PLACEMENT) else None
        return None if home is not None and self.actor.role == Role.CARER and not self._is_with_them(home) else home

    def _is_with_them(self, home: Home) -> bool:
        """Whether this carer is the carer of this home. One whose allocation outlived a move learns nothing new."""
        own = [f for f in self.on_the_day("allocation") if f.number == self.actor.holder and f.words[0] == Role.CARER]
        return any(fact.start is not None and fact.start >= home.start for fact in own)

    @cached_property
    def homes(self) -> list[Home]:
        """The homes that the reader may know of, oldest first. A carer knows of their own alone."""
        if not self.may_read(Section.PLACEMENT):
            return []
        if self.actor.role == Role.CARER:
            return [self.home] if self.home is not None else []
        return homes(episode for episode in self.care.episodes if not _is_short_break_only(episode, self.care))

    def mark_of(self, home: Home) -> str:
        """The mark on the address of a home. The default is a strict one: an address not yet told is not free."""
        address = getattr(home.latest, "address", None)
        return address.disclosure if address is not None else Disclosure.NOT_TO_FAMILY

    def _names(self, mark: str) -> Names:
        if mark not in self._names_behind:
            self._names_behind[mark] = names_for(self.child.pk, HOME, mark, self.actor)
        return self._names_behind[mark]

    def knows_address_of(self, home: Home) -> bool:
        return self.knows_marked(self.mark_of(home))

    def knows_marked(self, mark: str) -> bool:
        """Whether the reader may know an address of this child that carries this mark."""
        return may_know_address(self.actor, mark, self._names(mark))

    def area_of(self, home: Home) -> str:
        """“in” or “out” where the reader may know it and it is known; else empty."""
        placement = getattr(home.latest, "placement", None)
        if placement is None or placement.area not in (EpisodePlacement.Area.IN, EpisodePlacement.Area.OUT):
            return ""
        mark = self.mark_of(home)
        return placement.area if may_know_area(self.actor, mark, self._names(mark)) else ""

    @cached_property
    def addresses(self) -> dict[int, PlacementAddress]:
        """The addresses of the homes that the reader may know, by their episode, with what is counted from them."""
        found = PlacementAddress.of(self.child, self.actor).select_related("episode__area_facts")
        known = {home.latest.pk for home in self.homes if self.knows_address_of(home)}
        return {address.episode_id: address for address in found.filter(episode__in=known)}

    # School

    @cached_property
    def places(self) -> list[SchoolPlace]:
        """School places and waits, oldest first, with those that are planned. A school sees its own."""
        return self._as_known(place for place in self._all_places if not place.is_kept)

    @cached_property
    def keeps_a_place(self) -> bool:
        """Whether a mark keeps a place of the child from this reader: then what is missing proves nothing."""
        return any(place.is_kept for place in self._all_places)

    @cached_property
    def _all_places(self) -> list[Any]:
        if not self.may_read(Section.SCHOOL):
            return []
        kept = Q(pk__in=()) if self.at_a_school else kept_by_mark(self.actor, SCHOOL)
        places = SchoolPlace.unscoped.filter(SchoolPlace.of_own_school(self.actor), child=self.child)
        places = places.annotate(is_kept=Case(When(kept, then=True), default=False, output_field=BooleanField()))
        return list(places.select_related("school").order_by("start", "id"))

    @cached_property
    def main_places(self) -> list[SchoolPlace]:
        """The main places that have begun, oldest first."""
        return [place for place in self.places if place.kind == SchoolPlace.Kind.MAIN and place.start <= self.day]

    @cached_property
    def place(self) -> SchoolPlace | None:
        """The main place on the day."""
        return next((place for place in reversed(self.main_places) if place.holds_on(self.day)), None)

    @cached_property
    def calendar(self) -> Calendar:
        """The authority's terms and breaks."""
        return Calendar.of(self.child.authority_id)

    # Special educational needs

    @cached_property
    def has_sen(self) -> bool | None:
        """For who reads no more: whether special educational needs are recorded on the day. None: not for them."""
        if self.may_read(Section.SEN) or not self.has_summary(Section.SEN):
            return None
        day = holds_on(self.day)
        provision = SENProvision.unscoped.filter(day, child=self.child).exclude(value=NO_SEN)
        others = (model.unscoped.filter(day, child=self.child) for model in (SENNeed, EHCPlan))
        return any(rows.exists() for rows in (provision, *others))

    # Characteristics

    @cached_property
    def characteristics(self) -> Characteristics | None:
        """What the child is. A school reads what it teaches by, and nothing else is read for it."""
        rows = Characteristics.unscoped.filter(child=self.child)
        if self.may_read(Section.CHARACTERISTICS):
            return rows.first()
        if self.has_summary(Section.CHARACTERISTICS):
            return rows.only(*TAUGHT_BY).first()
        return None

    # The small facts

    def facts(self, kind: str) -> list[DatedFact]:
        """The facts of one kind, oldest first."""
        return self._facts[kind]

    def on_the_day(self, kind: str) -> list[DatedFact]:
        """The facts of one kind that hold on the day."""
        return [fact for fact in self.facts(kind) if fact.holds_on(self.day)]

    @cached_property
    def _facts(self) -> dict[str, list[DatedFact]]:
        found: dict[str, list[DatedFact]] = defaultdict(list)
        queries = [query for name, kind in KINDS.items() if (query := self._query(name, kind)) is not None]
        if not queries:
            return found
        for kind, pk, public_id, start, end, source, *words, number, on in queries[0].union(*queries[1:], all=True):
            fact = DatedFact(kind, pk, public_id, start, end, source, _four(words), number, on)
            if fact.start is not None and fact.start > self.day and self.is_past:
                continue
            if fact.end is not None and fact.end > self.day and self.is_past:
                fact.end = None
            if kind == "notice" and self.keeps_a_place:
                # The mark on a school holds for the school to come as well.
                fact.words = (fact.words[0], "", *fact.words[2:])
            found[kind].append(fact)
        for facts in found.values():
            facts.sort(key=lambda fact: (fact.start or date.min, fact.pk))
        return found

    def _query(self, name: str, kind: Kind) -> Any:
        if issubclass(kind.model, Post):
            rows = self._school_contacts()
        elif kind.for_staff and not self.is_staff:
            return None
        elif kind.in_summary and has_summary(self.actor, kind.model.section()):
            rows = kind.model.unscoped.filter(child=self.child)
        elif may_read(self.actor, kind.model.section()):
            rows = kind.model.of(self.child, self.actor)
        else:
            return None
        if kind.only is not None:
            rows = rows.filter(kind.only)
        words = (*kind.words, *[Value("")] * (4 - len(kind.words)))
        columns = {
            "f_kind": Value(name, output_field=CharField()),
            "f_pk": F("pk"),
            "f_public_id": Cast("public_id", UUIDField()),
            "f_start": _or_null(kind.start, DateField),
            "f_end": _or_null(kind.end, DateField),
            "f_source": F("source"),
            **{f"f_word_{n}": Cast(each, CharField()) for n, each in enumerate(words)},
            "f_number": _or_null(kind.number, IntegerField),
            "f_on": _or_null(kind.on, DateField),
        }
        return rows.order_by().annotate(**columns).values_list(*columns)

    def _school_contacts(self) -> Any:
        """The designated teachers of the schools where the child has a place on the day, as far as the reader knows."""
        schools = SchoolPlace.of(self.child, self.actor).on(self.day).values("school_id")
        posts = Post.objects.live(self.day).filter(authority_id=self.child.authority_id, role__in=DESIGNATED_TEACHERS)
        return posts.filter(school_id__in=schools) if may_read(self.actor, Section.PROFESSIONALS) else posts.none()

    def _as_known(self, spells: Any) -> list[Any]:
        """The spells as they were known on a past day: without what began later, and open where they ended later."""
        if not self.is_past:
            return list(spells)
        known = [spell for spell in spells if spell.start <= self.day]
        for spell in known:
            if spell.end is not None and spell.end > self.day:
                spell.end = None
        return known


def _four(words: list[str | None]) -> tuple[str, str, str, str]:
    one, two, three, four = (word or "" for word in words)
    return one, two, three, four


def _or_null(column: Any, field: Callable[[], Any]) -> Any:
    """A column, or nothing of the same type: a union needs every column typed, also where all of it is empty."""
    if column is None:
        return Cast(Value(None), field())
    return F(column) if isinstance(column, str) else column


def _is_short_break_only(episode: CareEpisode, care: CareFacts) -> bool:
    """A short break is a stay and no home, unless it is all there is."""
    return episode.legal_status in SHORT_BREAKS and any(e.legal_status not in SHORT_BREAKS for e in care.episodes)

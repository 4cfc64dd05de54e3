"""Questions about plans: a child's own, the plans of a term, and what waits for a person.

Each is answered in a number of queries that does not grow with the children.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.roles import DESIGNATED_TEACHERS, LEADS, Role
from onroll.access.sections import Section
from onroll.authorities.calendar import Calendar
from onroll.authorities.models import CalendarEntry
from onroll.children.models import Allocation, Child, SchoolPlace
from onroll.children.records import holds_on
from onroll.codes.working_days import add_working_days
from onroll.codes.years import academic_year_of
from onroll.design.words import count_of

from .clock import lateness
from .contributor_models import ContributorLink
from .meeting import waiting
from .models import Pep, PepSettings, Signature, open_peps
from .turns import TELLING_LAPSES, Turn, Who, carers_turn, passed_up, telling_turn, turns_of
from .voice_models import VoicePass
from .workflow import HANDED_IN, State


def peps_of(child: Child, actor: Actor) -> Any:
    """The plans of a child whom the page reached through the gate, newest first. Who has only the summary of plans
    gets the same rows: their page shows no more of them than the state.
    """
    found = Pep.of(child, actor, section=Section.BASICS).select_related("school", "support_by")
    return found.order_by(F("due_on").desc(nulls_last=True), "-pk")


def signed_by(peps: Iterable[Pep]) -> dict[int, set[str]]:
    """For whom each of these plans is signed. One query."""
    signed: dict[int, set[str]] = defaultdict(set)
    keys = [pep.pk for pep in peps]
    for pep, signed_as in Signature.unscoped.filter(pep__in=keys).values_list("pep_id", "signed_as"):
        signed[pep].add(signed_as)
    return signed


def days_late(pep: Pep, settings: PepSettings, today: date) -> int:
    """Working days by which the plan was done late, or is late by today. 0: in time, or nothing was due."""
    if pep.due_on is None or pep.state in (State.EXEMPT, State.ON_HOLD):
        return 0
    done = pep.done_on(settings.done_means) or (pep.signed_off_on if pep.state == State.SIGNED_OFF else None)
    return lateness(pep.due_on, done or pep.closed_on or today)


# The plans of a term


def this_term(authority: int, today: date) -> tuple[str, str]:
    """The school year and the term of a day, by the authority's calendar; in a holiday that of the term just ended."""
    began = CalendarEntry.objects.filter(
        authority_id=authority, kind=CalendarEntry.Kind.TERM, start__lte=today
    ).order_by("-start")
    term = began.first()
    return (term.academic_year, term.term) if term else (academic_year_of(today), CalendarEntry.Term.AUTUMN.value)


def terms_with_plans(actor: Actor) -> list[tuple[str, str]]:
    """The school years and terms of which there are plans that the actor sees, newest first."""
    found = Pep.visible_to(actor).values_list("academic_year", "term").distinct()
    order = [term.value for term in CalendarEntry.Term]
    return sorted(found, key=lambda pair: (pair[0], order.index(pair[1])), reverse=True)


def plans_of_a_term(actor: Actor, year: str, term: str) -> Any:
    """The plans of a term that the actor sees, with the child, the school and the people beside each. One query."""

    def person(role: Role, what: str = "account__family_name") -> Subquery:
        found = Allocation.unscoped.filter(holds_on(actor.today), child=OuterRef("child"), role=role)
        return Subquery(found.order_by("-start", "-pk").values(what)[:1])

    places = SchoolPlace.unscoped.filter(
        SchoolPlace.limited_to(actor), holds_on(actor.today), child=OuterRef("child"), kind=SchoolPlace.Kind.MAIN
    )
    return (
        Pep.visible_to(actor)
        .filter(academic_year=year, term=term)
        .select_related("child")
        .annotate(
            worker=person(Role.SOCIAL_WORKER),
            worker_key=person(Role.SOCIAL_WORKER, "account__public_id"),
            worker_account=person(Role.SOCIAL_WORKER, "account"),
            officer=person(Role.VS_OFFICER),
            officer_key=person(Role.VS_OFFICER, "account__public_id"),
            officer_account=person(Role.VS_OFFICER, "account"),
            school_key=Subquery(places.values("school__public_id")[:1]),
            school_name=Subquery(places.values("school__name")[:1]),
        )
        .order_by(F("due_on").asc(nulls_last=True), "child__family_name", "child__given_name", "pk")
    )


# What waits for a person

# What is done on a page of its own, and not on that of the plan.
OWN_PAGES = {"told": "peps:voice_told", "contributor": "peps:contributors"}


@dataclass(frozen=True)
class WorkItem:
    """Something that a person has to do with a child's plan, by when, and where."""

    pep: Pep
    turn: Turn
    today: date
    soon: date

    @property
    def child(self) -> Child:
        return self.pep.child

    @property
    def words(self) -> str:
        return self.turn.words

    @property
    def why(self) -> str:
        due = f"{self.pep.title[:1].upper()}{self.pep.title[1:]}"
        told_why = self.pep.state == State.RETURNED and self.turn.who not in (Who.OVERSIGHT, Who.PERSON)
        return f"{due}. {self.pep.return_reason}" if told_why else due

    @property
    def by(self) -> date | None:
        return self.turn.by

    @property
    def days_late(self) -> int:
        """Working days after the day by which it was to be done."""
        return lateness(self.by, self.today) if self.by is not None and self.by < self.today else 0

    @property
    def late_words(self) -> str:
        return f"{count_of(self.days_late, 'working day')} late"

    @property
    def when(self) -> str:
        """Whether it is late, for today, for soon, or for later on."""
        if self.by is None:
            return "later"
        if self.by < self.today:
            return "late"
        if self.by == self.today:
            return "today"
        return "soon" if self.by <= self.soon or self.turn.at_once else "later"

    @property
    def url(self) -> str:
        keys = [self.child.public_id, self.pep.public_id]
        if self.turn.page:
            return reverse(self.turn.page, args=[*keys, *([self.turn.row] if self.turn.row else [])])
        if self.turn.key in OWN_PAGES:
            return reverse(OWN_PAGES[self.turn.key], args=keys)
        # A carer sees no more of a plan than the part that is theirs.
        return (
            reverse("peps:section", args=[*keys, "carer"])
            if self.turn.who is Who.CARER
            else reverse("peps:pep", args=keys)
        )


class Work:
    """What waits for one person with the plans of their children, the latest first."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.today = actor.today

    @cached_property
    def settings(self) -> PepSettings:
        return PepSettings.of(self.actor.authority)

    @cached_property
    def items(self) -> list[WorkItem]:
        """Everything that waits for this person."""
        plans = self._of_a_carer() if self.actor.role == Role.CARER else self._of_plans()
        found = [*plans, *(self._item(pep, turn) for pep, turn in waiting.own(self.actor, lambda: self.settings))]
        return sorted(found, key=lambda item: (item.by or date.max, item.child.family_name, item.child.pk))

    @cached_property
    def _soon(self) -> date:
        return add_working_days(self.today, self.settings.soon_within)

    def _item(self, pep: Pep, turn: Turn) -> WorkItem:
        return WorkItem(pep, turn, self.today, self._soon)

    def _of_plans(self) -> list[WorkItem]:
        mine, after = whose(self.actor), passed_up_after(self.actor, self.settings)
        if not mine and after is None:
            return []
        # Open ones, and those signed off of which the young person is still to be told: one query for both.
        to_tell = Q(state=State.SIGNED_OFF, told_on__isnull=True, signed_off_on__gte=self.today - TELLING_LAPSES)
        peps = self._peps(open_peps() | to_tell)
        found = self._of_open_plans([pep for pep in peps if pep.is_open], mine, after)
        if mine:
            found += self._to_tell([pep for pep in peps if not pep.is_open], mine) + self._asked_by_them(mine)
        return found

    def _of_open_plans(self, peps: list[Pep], mine: tuple[Who, ...], after: int | None) -> list[WorkItem]:
        without_worker = self._without_a_social_worker(peps)
        found = [self._item(pep, turn) for pep, turn in self._around_meetings(peps, mine, without_worker)]
        if not peps:
            return found
        signed, calendar = signed_by(peps), Calendar.of(self.actor.authority)
        for pep in peps:
            turns = turns_of(pep, signed[pep.pk], self.settings, calendar, today=self.today)
            own = [
                turn
                for turn in turns
                if turn.who in mine and (self.actor.role != Role.TEAM_MANAGER or pep.child_id in without_worker)
            ]
            if not any(turn.is_late(self.today) for turn in own) and after is not None:
                waits_for = dict.fromkeys(turn.who for turn in turns)
                if turn := passed_up(pep, waits_for, after, today=self.today):
                    own.append(turn)
            found += [self._item(pep, turn) for turn in own]
        return found

    def _around_meetings(
        self, peps: list[Pep], mine: tuple[Who, ...], without_worker: set[int]
    ) -> list[tuple[Pep, Turn]]:
        if self.actor.role == Role.TEAM_MANAGER:
            # A team manager stands in for a social worker whom the child has not.
            peps = [pep for pep in peps if pep.child_id in without_worker]
        found = waiting.of_plans(peps, mine, self.settings, today=self.today) if peps and mine else []
        told = {pep.pk for pep, turn in found if turn.key == "help"}
        return found + [each for each in waiting.unassigned_help(self.actor) if each[0].pk not in told]

    def _to_tell(self, peps: list[Pep], mine: tuple[Who, ...]) -> list[WorkItem]:
        """The young people to be told what was decided: by who leads their plan, and by who gave them their page."""
        if not peps:
            return []
        gave = VoicePass.unscoped.filter(pep__in=peps, given_by=self.actor.account, purpose=VoicePass.Purpose.SAY)
        own = set(gave.values_list("pep_id", flat=True)) if self.actor.account is not None else set()
        turns = [(pep, telling_turn(pep, self.settings, today=self.today)) for pep in peps]
        return [
            self._item(pep, turn) for pep, turn in turns if turn is not None and (turn.who in mine or pep.pk in own)
        ]

    def _asked_by_them(self, mine: tuple[Who, ...]) -> list[WorkItem]:
        """The people without an account whom this person asked, and who have not answered yet: until the link ends."""
        if self.actor.account is None:
            return []
        live = ContributorLink.visible_to(self.actor).filter(
            given_by=self.actor.account, finished_on__isnull=True, ended_on__isnull=True, expires__gte=self.today
        )
        found = []
        for link in live.select_related("pep__child").order_by("pk"):
            if not link.is_over(self.today):
                turn = Turn(mine[0], "contributor", f"{link.name} was asked for a few lines", link.expires)
                found.append(self._item(link.pep, turn))
        return found

    def _of_a_carer(self) -> list[WorkItem]:
        found = Pep.visible_to(self.actor, Section.BASICS).filter(open_peps()).select_related("child")
        turns = [(pep, carers_turn(pep, self.settings)) for pep in found.order_by("due_on", "pk")]
        return [self._item(pep, turn) for pep, turn in turns if turn is not None]

    def _peps(self, of: Q) -> list[Pep]:
        # A head teacher is told the state of a plan, and that it is late.
        by = Section.BASICS if self.actor.role == Role.HEAD_TEACHER else None
        found = Pep.visible_to(self.actor, by).filter(of).select_related("child")
        if self.actor.role in LEADS:
            # The heads have an adviser's work only where the child has none.
            advised = Allocation.unscoped.filter(holds_on(self.today), role=Role.VS_OFFICER)
            found = found.exclude(child__in=advised.values("child"))
        elif self.actor.role == Role.VS_OFFICER:
            # An adviser may see every child of the authority, and works on the plans of their own.
            own = Allocation.unscoped.filter(holds_on(self.today), role=Role.VS_OFFICER, account_id=self.actor.holder)
            found = found.filter(child__in=own.values("child"))
        return list(found.order_by("due_on", "pk"))

    def _without_a_social_worker(self, peps: Sequence[Pep]) -> set[int]:
        if self.actor.role != Role.TEAM_MANAGER or not peps:
            return set()
        children = {pep.child_id for pep in peps}
        have = Allocation.unscoped.filter(holds_on(self.today), child__in=children, role=Role.SOCIAL_WORKER)
        return children - set(have.values_list("child_id", flat=True))

    @cached_property
    def late_for_the_heads(self) -> int:
        """How many plans are late by as many working days as the heads want to know of. 0 also where that is off."""
        after = self.settings.late_to_the_heads
        if self.actor.role not in LEADS or after is None:
            return 0
        late = Pep.visible_to(self.actor).filter(open_peps(), due_on__lt=self.today)
        late = late.only("due_on", "state", "submitted_on")
        return sum(pep.is_late(self.today) and lateness(pep.due_on, self.today) >= after for pep in late)

    def of(self, *when: str) -> list[tuple[Child, list[WorkItem]]]:
        """The items of these times, child by child."""
        grouped: dict[int, tuple[Child, list[WorkItem]]] = {}
        for item in self.items:
            if item.when in when:
                grouped.setdefault(item.child.pk, (item.child, []))[1].append(item)
        return list(grouped.values())


def passed_up_after(actor: Actor, settings: PepSettings) -> int | None:
    """After how many working days a late plan of another stands in this person's list too. None: never.

    The heads are told how many there are, not one by one: `Work.late_for_the_heads`.
    """
    return {
        Role.SOCIAL_WORKER: settings.late_to_social_worker,
        Role.TEAM_MANAGER: settings.late_to_team_manager,
        Role.HEAD_TEACHER: settings.late_to_head_teacher,
    }.get(Role(actor.role))


def whose(actor: Actor) -> tuple[Who, ...]:
    """Whose turns are this person's."""
    if actor.role in DESIGNATED_TEACHERS:
        return (Who.LEAD,)
    if actor.role in (Role.SOCIAL_WORKER, Role.TEAM_MANAGER):
        return (Who.SOCIAL_WORKER,)
    return (Who.VIRTUAL_SCHOOL,) if actor.role in (*LEADS, Role.VS_OFFICER) else ()


def counts_by_state(peps: Iterable[Pep], settings: PepSettings, today: date) -> dict[str, int]:
    """How many of these plans there are in all, late, handed in and waiting, signed off, and without need."""
    found = {"all": 0, "late": 0, "not_started": 0, "under_way": 0, "waiting": 0, "returned": 0, "signed_off": 0}
    for pep in peps:
        found["all"] += 1
        found[state_group(pep)] = found.get(state_group(pep), 0) + 1
        found["late"] += pep.is_late(today)
    return found


def state_group(pep: Pep) -> str:
    """Under which heading of the tracker a plan is counted."""
    state = State(pep.state)
    if state in HANDED_IN:
        return "waiting"
    if state in (State.DUE, State.BOOKED):
        return "not_started"
    if state in (State.IN_PREPARATION, State.HELD):
        return "under_way"
    return state.value


def narrowed(peps: Iterable[Pep], *, state: str = "", today: date) -> list[Pep]:
    """The plans under one heading of the tracker, the late ones first."""
    found = [pep for pep in peps if not state or state_group(pep) == state or (state == "late" and pep.is_late(today))]
    return sorted(found, key=lambda pep: not pep.is_late(today))


def next_term_began(pep: Pep, today: date) -> bool:
    """Whether a term after that of the plan has begun. One query."""
    terms = CalendarEntry.objects.filter(authority_id=pep.authority_id, kind=CalendarEntry.Kind.TERM)
    own = terms.filter(academic_year=pep.academic_year, term=pep.term).values("start")[:1]
    return terms.filter(start__gt=Subquery(own), start__lte=today).exists()

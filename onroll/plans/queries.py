"""A plan read whole, in a number of queries that does not grow with its actions, and the questions asked of it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.codes.code_sets import CodeSet
from onroll.codes.years import Period
from onroll.design.words import day

from .dates_as_printed import due_dates
from .models import (
    Action,
    BoundMeasure,
    DutyAnswer,
    Goal,
    Lead,
    Line,
    Meeting,
    Milestone,
    Plan,
    Rated,
    Rating,
    Rhythm,
    Section,
    Serves,
    Update,
)
from .reference import DUTIES, PRINCIPLES, Duty
from .school_years import school_years_of

# After so many weeks without an update a plan says so.
QUIET_WEEKS = 6


def plans_of(actor: Actor) -> Any:
    """The plans of the actor's authority."""
    scope.require(actor.authority)
    return Plan.objects.filter(authority_id=actor.authority)


def current_plan(actor: Actor) -> Plan | None:
    """The plan in force today: of several, the one that began last."""
    running = [plan for plan in plans_of(actor) if plan.runs(actor.today)]
    return max(running, key=lambda plan: (plan.start or date.min, plan.pk), default=None)


@dataclass
class ActionRead:
    """One action where it stands in a plan, with all that the plan's pages say of it."""

    line: Line
    action: Action
    leads: list[Lead] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    update: Update | None = None
    serves: list[Serves] = field(default_factory=list)

    @property
    def reference(self) -> str:
        return self.line.reference

    @property
    def leads_words(self) -> str:
        return ", ".join(lead.words for lead in self.leads)

    def is_led_by(self, actor: Actor) -> bool:
        return any(lead.account_id == actor.account for lead in self.leads if lead.account_id)

    def is_late(self, today: date) -> bool:
        return self.action.is_late(today)

    @property
    def when_words(self) -> str:
        """By when, in words: the day it is due, else what the plan printed."""
        if self.action.due_on and not self.action.rhythm:
            return f"by {day(self.action.due_on)}"
        rhythm = Rhythm(self.action.rhythm).label if self.action.rhythm else ""
        if self.action.ongoing:
            since = f"ongoing since {day(self.action.starts_on)}" if self.action.starts_on else "ongoing"
            return f"{rhythm}, {since}" if rhythm else since
        if rhythm:
            return f"{rhythm}, until {day(self.action.due_on)}" if self.action.due_on else rhythm
        return " ".join(self.action.when_printed.split())

    def quiet_weeks(self, plan: Plan, today: date) -> int:
        """For how many whole weeks nobody has written an update, of what is neither finished nor still to begin."""
        if self.action.rating == Rated.COMPLETED:
            return 0
        begun = max((each for each in (plan.start, self.action.starts_on) if each), default=None)
        since = self.update.on if self.update else begun
        weeks = (min(today, plan.end or today) - since).days // 7 if since else 0
        return weeks if weeks >= QUIET_WEEKS else 0


@dataclass
class PlanRead:
    """A plan with its sections in order, the actions of each, and its goals."""

    plan: Plan
    sections: list[tuple[Section, list[ActionRead]]]
    goals: list[Goal]

    @property
    def actions(self) -> list[ActionRead]:
        return [each for _, actions in self.sections for each in actions]

    @property
    def priorities(self) -> list[Goal]:
        return [goal for goal in self.goals if goal.kind == Goal.Kind.PRIORITY]

    @property
    def criteria(self) -> list[Goal]:
        return [goal for goal in self.goals if goal.kind == Goal.Kind.CRITERION]

    def late(self, today: date) -> list[ActionRead]:
        """Past their day and not completed, the longest late first."""
        late = [each for each in self.actions if each.is_late(today)]
        return sorted(late, key=lambda each: each.action.due_on or today)

    def rated(self, rating: str) -> list[ActionRead]:
        return [each for each in self.actions if each.action.rating == rating]

    def by_lead(self) -> list[tuple[str, list[ActionRead]]]:
        """The actions of each lead. Who leads with others is named with each; what nobody leads comes last."""
        found: dict[str, list[ActionRead]] = defaultdict(list)
        for each in self.actions:
            for lead in each.leads:
                found[lead.words].append(each)
        nobody = [each for each in self.actions if not each.leads]
        return [*sorted(found.items()), *([("Nobody yet", nobody)] if nobody else [])]

    def led_by(self, actor: Actor) -> list[ActionRead]:
        return [each for each in self.actions if each.is_led_by(actor)]


def read_plan(plan: Plan) -> PlanRead:
    """The plan whole. Nine queries."""
    lines = list(plan.lines.select_related("action").order_by("position", "pk"))
    actions = {line.action_id: ActionRead(line, line.action) for line in lines}
    _gather(actions)
    by_section: dict[int, list[ActionRead]] = defaultdict(list)
    for line in lines:
        by_section[line.section_id].append(actions[line.action_id])
    sections = [(section, by_section[section.pk]) for section in plan.sections.all()]
    return PlanRead(plan, sections, list(plan.goals.prefetch_related("serves").order_by("kind", "position")))


def read_action(line: Line) -> ActionRead:
    """One action where it stands."""
    found = ActionRead(line, line.action)
    _gather({line.action_id: found})
    return found


def _gather(actions: dict[int, ActionRead]) -> None:
    keys = list(actions)
    for lead in Lead.objects.filter(action__in=keys).order_by("position"):
        actions[lead.action_id].leads.append(lead)
    for bound in BoundMeasure.objects.filter(action__in=keys).order_by("position"):
        actions[bound.action_id].measures.append(bound.measure)
    for milestone in Milestone.objects.filter(action__in=keys).order_by("position"):
        actions[milestone.action_id].milestones.append(milestone)
    for update in Update.objects.filter(action__in=keys).order_by("on", "pk"):
        actions[update.action_id].update = update
    for serves in Serves.objects.filter(action__in=keys).order_by("kind", "code", "pk"):
        assert serves.action_id
        actions[serves.action_id].serves.append(serves)


# Warnings and dates


@dataclass(frozen=True)
class Warned:
    """Something with a day that is near or past: what, of which action, by when."""

    line: Line
    words: str
    due_on: date
    late: bool


def warnings(read: PlanRead, today: date) -> list[Warned]:
    """Milestones past their day and not achieved, and those whose weeks of warning have begun. The earliest first."""
    found = []
    for each in read.actions:
        if each.action.rating == Rated.COMPLETED:
            continue
        for milestone in each.milestones:
            if milestone.achieved_on or not milestone.due_on:
                continue
            late = milestone.due_on < today
            if late or milestone.due_on <= today + timedelta(weeks=milestone.warn_weeks):
                found.append(Warned(each.line, milestone.words, milestone.due_on, late))
    return sorted(found, key=lambda warned: warned.due_on)


def next_due(action: Action, plan: Plan, today: date) -> date | None:
    """The next day by which something that comes round is due. Asks the calendar: one query."""
    if not action.rhythm or not plan.start or not plan.end:
        return None
    days = due_dates(action.rhythm, Period(plan.start, plan.end), school_years_of(plan.authority_id))
    return next((each for each in days if each >= max(today, action.starts_on or today)), None)


# Duties


@dataclass(frozen=True)
class DutyRead:
    """A duty, the latest answer on it, and the actions that serve it."""

    duty: Duty
    answer: DutyAnswer | None
    actions: list[Action]

    @property
    def is_met(self) -> bool:
        return self.answer is not None and self.answer.met


def duties_of(actor: Actor) -> list[DutyRead]:
    """Every duty that the guidance names today. Two queries."""
    scope.require(actor.authority)
    answers: dict[str, DutyAnswer] = {}
    own = {"authority_id": actor.authority}
    for answer in DutyAnswer.objects.filter(**own).order_by("on", "pk"):
        answers[answer.duty] = answer
    serving: dict[str, list[Action]] = defaultdict(list)
    links = Serves.objects.filter(**own, kind=Serves.Kind.DUTY, action__isnull=False).select_related("action")
    for link in links.order_by("action__number"):
        if link.action:
            serving[link.code].append(link.action)
    return [DutyRead(duty, answers.get(duty.code), serving[duty.code]) for duty in DUTIES.on(actor.today)]


def serves_words(serves: Serves) -> str:
    """What is served, in words: the duty's or the principle's, or those that stand there."""
    sets: dict[str, CodeSet[Any]] = {Serves.Kind.DUTY.value: DUTIES, Serves.Kind.PRINCIPLE.value: PRINCIPLES}
    known = sets[serves.kind].get(serves.code) if serves.kind in sets and serves.code else None
    return serves.words or (known.label if known else serves.code)


# What moved


@dataclass(frozen=True)
class Moved:
    """What was written down about an action within some days, in sentences."""

    line: Line
    sentences: list[str]


def what_moved(read: PlanRead, within: Period) -> list[Moved]:
    """Of each action: its ratings, updates, milestones and meetings within the days. Five queries."""
    lines = {each.action.pk: each.line for each in read.actions}
    told: dict[int, list[tuple[date, str]]] = defaultdict(list)
    during = {"on__gte": within.start, "on__lt": within.end, "action__in": list(lines)}
    before: dict[int, str] = {}
    for rating in Rating.objects.filter(action__in=list(lines), on__lt=within.end).order_by("on", "pk"):
        if rating.on >= within.start:
            was = before.get(rating.action_id, "")
            words = rating.rating or "not rated"
            told[rating.action_id].append(
                (rating.on, f"{rating.by} rates it {words}{f', before {was}' if was else ''}.")
            )
        before[rating.action_id] = rating.rating
    for update in Update.objects.filter(**during):
        told[update.action_id].append((update.on, f"{update.by}: {update.words}"))
    for milestone in Milestone.objects.filter(
        action__in=list(lines), achieved_on__gte=within.start, achieved_on__lt=within.end
    ):
        assert milestone.achieved_on
        late = f", due {day(milestone.due_on)}" if milestone.due_on and milestone.due_on < milestone.achieved_on else ""
        told[milestone.action_id].append((milestone.achieved_on, f"Achieved: {milestone.words}{late}."))
    for milestone in Milestone.objects.filter(
        action__in=list(lines), achieved_on__isnull=True, due_on__gte=within.start, due_on__lt=within.end
    ):
        assert milestone.due_on
        told[milestone.action_id].append((milestone.due_on, f"Due by {day(milestone.due_on)}: {milestone.words}."))
    for meeting in Meeting.objects.filter(**during):
        told[meeting.action_id].append((meeting.on, meeting_words(meeting)))
    ordered = sorted(told, key=lambda action: lines[action].position)
    return [Moved(lines[action], [f"{day(on)}. {words}" for on, words in sorted(told[action])]) for action in ordered]


def meeting_words(meeting: Meeting) -> str:
    """PEP working group, arranged for 15 January 2027, moved from 8 January 2027."""
    moved = f", moved from {day(meeting.first_on)}" if meeting.was_moved else ""
    said = {
        Meeting.State.ARRANGED.value: f"arranged for {day(meeting.on)}",
        Meeting.State.HELD.value: f"held on {day(meeting.on)}",
        Meeting.State.CANCELLED.value: f"cancelled, was to be on {day(meeting.on)}",
    }[meeting.state]
    return f"{meeting.title}: {said}{moved}."


# The plan's content, for a report or a copy of the day


def content_of(read: PlanRead) -> dict[str, Any]:
    """The plan as plain values: its heading, goals and sections with their actions, for reports and for publishing."""
    plan = read.plan
    return {
        "title": plan.title,
        "service": plan.service,
        "accountable": plan.accountable,
        "start": plan.start.isoformat() if plan.start else "",
        "end": plan.end.isoformat() if plan.end else "",
        "context": plan.context,
        "notes": plan.notes,
        "priorities": [goal.words for goal in read.priorities],
        "criteria": [goal.words for goal in read.criteria],
        "sections": [
            {"title": section.title, "actions": [_action_content(each) for each in actions]}
            for section, actions in read.sections
        ],
    }


def _action_content(each: ActionRead) -> dict[str, Any]:
    update = each.update
    return {
        "reference": each.reference,
        "action": each.action.words,
        "leads": [lead.words for lead in each.leads],
        "outcome": each.action.outcome,
        "when": each.when_words,
        "measured_by": each.action.measured_by,
        "measures": each.measures,
        "rating": each.action.rating,
        "update": f"{day(update.on)}: {update.words}" if update else each.action.reported,
        "milestones": [
            {"words": m.words, "due": day(m.due_on), "achieved": day(m.achieved_on)} for m in each.milestones
        ],
    }

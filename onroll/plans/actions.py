"""What people do with plans: make one, change it, and write down how its actions are going.

Who may update a plan may not always change it. Text is kept with plain line breaks, without blanks round it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.codes.years import Period
from onroll.history.changes import ThisChange, change, verb

from .dates_as_printed import read
from .models import (
    Action,
    Asked,
    BoundMeasure,
    DutyAnswer,
    Evidence,
    Goal,
    Lead,
    Line,
    Meeting,
    Milestone,
    NextStep,
    OfAPlan,
    Plan,
    Published,
    Rated,
    Rating,
    Section,
    Serves,
    Update,
)
from .reference import DUTIES
from .school_years import school_years_of
from .storing import forget_those_of

verb("plan.made", "{actor} made a plan")
verb("plan.changed", "{actor} changed the heading of a plan")
verb("plan.published", "{actor} published a plan")
verb("plan.goal_kept", "{actor} wrote a priority or a success criterion")
verb("plan.goal_removed", "{actor} took a priority or a success criterion out")
verb("plan.action_added", "{actor} added an action to a plan")
verb("plan.action_changed", "{actor} changed an action of a plan")
verb("plan.action_shared", "{actor} put an action into another plan too")
verb("plan.action_removed", "{actor} took an action out of a plan")
verb("plan.update_written", "{actor} wrote an update of an action")
verb("plan.milestone_kept", "{actor} wrote a milestone of an action")
verb("plan.meeting_kept", "{actor} wrote down a meeting about an action")
verb("plan.step_kept", "{actor} wrote down the next step of a meeting")
verb("plan.asked_kept", "{actor} wrote down which data an action waits for")
verb("plan.duty_answered", "{actor} said whether a statutory duty is met")

UNRATED = ""


class Refused(Exception):
    """An act on a plan that can't be done now, with the reason in words."""


def why_not_keep(*, actor: Actor) -> str:
    """Why the actor can't make or change plans. Empty if they can."""
    return "" if can(actor, Can.KEEP_PLAN) else "Your role does not make or change plans."


def why_not_update(*, actor: Actor) -> str:
    """Why the actor can't write how an action is going. Empty if they can."""
    return "" if can(actor, Can.UPDATE_PLAN) else "Your role does not write updates of a plan."


def _refuse(*reasons: str) -> None:
    for reason in reasons:
        if reason:
            raise Refused(reason)


def _not_ours(record: OfAPlan, actor: Actor) -> str:
    return "" if record.authority_id == actor.authority else "This plan is another authority’s."


def tidy(words: str) -> str:
    """Words as they are stored, so that they go out in a file and come in again as they were."""
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


# Plans


@dataclass(frozen=True)
class Heading:
    """The heading of a plan, and the days it runs: `end` is the first day after."""

    title: str
    service: str = ""
    accountable: str = ""
    start: date | None = None
    end: date | None = None
    context: str = ""
    notes: str = ""
    agreed_on: date | None = None


def make_plan(heading: Heading, *, actor: Actor, follows: str = "", sections: Sequence[str] = ()) -> Plan:
    """An empty plan, or one with headings to write under."""
    _refuse(why_not_keep(actor=actor))
    with change("plan.made", actor=actor) as this:
        plan = _new_plan(heading, follows, actor, this)
        for at, title in enumerate(sections, start=1):
            this.create(Section(authority_id=actor.authority, plan=plan, position=at, title=title))
    return plan


def _new_plan(heading: Heading, follows: str, actor: Actor, this: ThisChange) -> Plan:
    used = set(Plan.objects.filter(authority_id=actor.authority).values_list("number", flat=True))
    base = re.sub(r"[^a-z0-9]+", "-", heading.title.lower()).strip("-")[:50] or "plan"
    number = next(each for each in _numbered(base) if each not in used)
    plan = Plan(authority_id=actor.authority, number=number, follows=follows)
    _fill(plan, heading)
    return this.create(plan)


def _numbered(base: str) -> Iterable[str]:
    yield base
    for at in range(2, 10_000):
        yield f"{base}-{at}"


def _fill(plan: Plan, heading: Heading) -> None:
    for name, value in heading.__dict__.items():
        setattr(plan, name, tidy(value) if isinstance(value, str) else value)


def change_heading(plan: Plan, heading: Heading, *, actor: Actor) -> None:
    _refuse(why_not_keep(actor=actor), _not_ours(plan, actor))
    with change("plan.changed", actor=actor) as this:
        _fill(plan, heading)
        this.save(plan)


def publish(plan: Plan, content: Mapping[str, Any], *, actor: Actor) -> Published:
    """Keep the plan as it is today. What changes later leaves this as it was."""
    _refuse(why_not_keep(actor=actor), _not_ours(plan, actor))
    with change("plan.published", actor=actor) as this:
        return this.create(
            Published(authority_id=actor.authority, plan=plan, on=actor.today, by=actor.name, content=dict(content))
        )


def keep_goal(
    plan: Plan, goal: Goal | None, *, actor: Actor, kind: str, words: str, duties: Sequence[str], analysis: str
) -> Goal:
    """A priority or a success criterion, with the duties it comes from and the analysis behind it."""
    _refuse(why_not_keep(actor=actor), _not_ours(plan, actor))
    with change("plan.goal_kept", actor=actor) as this:
        if goal is None:
            last = plan.goals.filter(kind=kind).aggregate(last=Max("position"))["last"] or 0
            goal = Goal(authority_id=actor.authority, plan=plan, kind=kind, position=last + 1)
        goal.words = tidy(words)
        this.save(goal)
        wanted = [(Serves.Kind.DUTY, code, "") for code in duties]
        wanted += [(Serves.Kind.ANALYSIS, "", tidy(analysis))] if tidy(analysis) else []
        _set_serves(this, {"goal": goal}, wanted)
    return goal


def remove_goal(goal: Goal, *, actor: Actor) -> None:
    _refuse(why_not_keep(actor=actor), _not_ours(goal, actor))
    with change("plan.goal_removed", actor=actor) as this:
        this.delete(goal)


def _set_serves(this: ThisChange, of: dict[str, Any], wanted: Iterable[tuple[str, str, str]]) -> None:
    """Make what the record serves what is wanted, and leave alone what is."""
    wanted = list(wanted)
    ((_, record),) = of.items()
    for held in record.serves.all():
        told = (held.kind, held.code, held.words)
        if told in wanted:
            wanted.remove(told)
        else:
            this.delete(held)
    for kind, code, words in wanted:
        this.create(Serves(authority_id=record.authority_id, **of, kind=kind, code=code, words=words))


# Actions


@dataclass(frozen=True)
class ActionFacts:
    """All that is said of an action when it is written. A lead is a name or a role in words, and an account or none."""

    section: str
    words: str
    reference: str = ""
    outcome: str = ""
    measured_by: str = ""
    start_printed: str = ""
    end_printed: str = ""
    due_on: date | None = None
    leads: Sequence[tuple[str, Account | None]] = ()
    measures: Sequence[str] = ()
    objectives: Sequence[str] = ()
    principles: Sequence[str] = ()
    duties: Sequence[str] = ()
    analysis: str = ""
    led_to: Plan | None = None
    # Links of a kind that the page does not offer stay as they are.
    others: Sequence[tuple[str, str, str]] = field(default=())


def add_action(plan: Plan, facts: ActionFacts, *, actor: Actor) -> Action:
    _refuse(why_not_keep(actor=actor), _not_ours(plan, actor))
    with change("plan.action_added", actor=actor) as this:
        action = Action(authority_id=actor.authority, number=_free_number(plan))
        _write(this, plan, action, facts)
        last = plan.lines.aggregate(last=Max("position"))["last"] or 0
        _put(this, plan, action, facts.section, facts.reference, last + 1)
    return action


def change_action(plan: Plan, line: Line, facts: ActionFacts, *, actor: Actor) -> None:
    """Change an action where it stands in this plan. In another plan it is the same action."""
    _refuse(why_not_keep(actor=actor), _not_ours(plan, actor))
    with change("plan.action_changed", actor=actor) as this:
        _write(this, plan, line.action, facts)
        line.section, line.reference = _section(this, plan, facts.section), tidy(facts.reference)
        this.save(line)


def _free_number(plan: Plan) -> str:
    used = set(Action.objects.filter(authority_id=plan.authority_id).values_list("number", flat=True))
    return next(each for at in range(1, 100_000) if (each := f"{plan.number}-{at:02}") not in used)


def _write(this: ThisChange, plan: Plan, action: Action, facts: ActionFacts) -> None:
    for name in ("words", "outcome", "measured_by", "start_printed", "end_printed"):
        setattr(action, name, tidy(getattr(facts, name)))
    date_by_words(action, plan)
    if facts.due_on:
        action.due_on, action.ongoing = facts.due_on, False
    action.led_to = facts.led_to
    this.save(action)
    _set_rows(this, action.leads.all(), list(facts.leads), lambda row: (row.words, row.account), _lead(action))
    _set_rows(this, action.measures.all(), list(dict.fromkeys(facts.measures)), lambda row: row.measure, _bound(action))
    wanted = [(Serves.Kind.OBJECTIVE, "", tidy(words)) for words in facts.objectives if tidy(words)]
    wanted += [(Serves.Kind.PRINCIPLE, code, "") for code in facts.principles]
    wanted += [(Serves.Kind.DUTY, code, "") for code in facts.duties]
    wanted += [(Serves.Kind.ANALYSIS, "", tidy(facts.analysis))] if tidy(facts.analysis) else []
    _set_serves(this, {"action": action}, [*wanted, *facts.others])


def date_by_words(action: Action, plan: Plan) -> None:
    """Give the action the days that its start and end come to in the plan's year."""
    years = school_years_of(plan.authority_id)
    within = Period(plan.start, plan.end) if plan.start and plan.end else None
    start = read(action.start_printed, within=within, years=years)
    end = read(action.end_printed, within=within, years=years)
    action.starts_on = start.start or (end.start if end.ongoing or end.rhythm else None)
    action.due_on, action.ongoing, action.rhythm = end.due, end.ongoing, end.rhythm or start.rhythm


def due_by_words(action: Action, plan: Plan) -> date | None:
    """The day that an action's own words come to, whatever day it was given."""
    worded = Action(start_printed=action.start_printed, end_printed=action.end_printed)
    date_by_words(worded, plan)
    return worded.due_on


def _set_rows(this: ThisChange, held: Any, wanted: list[Any], told: Any, make: Any) -> None:
    if [told(row) for row in held] != wanted:
        for row in held:
            this.delete(row)
        for at, each in enumerate(wanted, start=1):
            this.create(make(at, each))


def _lead(action: Action) -> Any:
    own = {"authority_id": action.authority_id, "action": action}
    return lambda at, lead: Lead(**own, position=at, words=lead[0], account=lead[1])


def _bound(action: Action) -> Any:
    own = {"authority_id": action.authority_id, "action": action}
    return lambda at, measure: BoundMeasure(**own, position=at, measure=measure)


def _section(this: ThisChange, plan: Plan, title: str) -> Section:
    """The plan's section of this title, made at its end if it is new."""
    title = tidy(title)
    found = plan.sections.filter(title=title).first()
    if found is None:
        last = plan.sections.aggregate(last=Max("position"))["last"] or 0
        found = this.create(Section(authority_id=plan.authority_id, plan=plan, position=last + 1, title=title))
    return found


def _put(this: ThisChange, plan: Plan, action: Action, section: str, reference: str, position: int) -> Line:
    return this.create(
        Line(
            authority_id=plan.authority_id,
            plan=plan,
            section=_section(this, plan, section),
            action=action,
            position=position,
            reference=tidy(reference),
        )
    )


def share(action: Action, plan: Plan, *, section: str, actor: Actor) -> Line:
    """The action stands in another plan too, with the one set of updates."""
    _refuse(why_not_keep(actor=actor), _not_ours(plan, actor), _not_ours(action, actor))
    if plan.lines.filter(action=action).exists():
        raise Refused(f"This action stands in {plan.title} already.")
    with change("plan.action_shared", actor=actor) as this:
        last = plan.lines.aggregate(last=Max("position"))["last"] or 0
        return _put(this, plan, action, section, "", last + 1)


def take_out(line: Line, *, actor: Actor) -> None:
    """The action leaves this plan. One that stood in no other goes with all that was written of it."""
    _refuse(why_not_keep(actor=actor), _not_ours(line, actor))
    with change("plan.action_removed", actor=actor) as this:
        action = line.action
        this.delete(line)
        if not action.lines.exists():
            forget_those_of(action)
            this.delete(action)


# How an action is going


def write_update(
    action: Action,
    *,
    actor: Actor,
    on: date,
    words: str,
    rating: str | None = None,
    evidence: Sequence[tuple[str, str]] = (),
) -> Update | None:
    """What a lead says of the progress on a day, and the rating they give with it. No rating leaves it as it is."""
    _refuse(why_not_update(actor=actor), _not_ours(action, actor))
    if on > actor.today:
        raise Refused("The day of an update is not in the future.")
    with change("plan.update_written", actor=actor) as this:
        update = None
        own = {"authority_id": actor.authority, "action": action, "on": on, "by": actor.name}
        if tidy(words):
            update = this.create(Update(**own, words=tidy(words)))
            for at, (what, address) in enumerate(evidence, start=1):
                of = {"authority_id": actor.authority, "update": update, "position": at}
                # In a file several pieces of evidence stand in one cell, divided by semicolons.
                what, address = tidy(what).replace(";", ","), address.replace(";", "%3B")
                this.create(Evidence(**of, words=what, address=address))
        if rating is not None and rating != action.rating:
            if not action.ratings.exists():
                action.rating_printed = action.rating
            this.create(Rating(**own, rating=rating))
            latest = action.ratings.order_by("-on", "-id").first()
            action.rating = latest.rating if latest else rating
            this.save(action, fields=["rating", "rating_printed"])
    return update


def keep_milestone(action: Action, milestone: Milestone | None, *, actor: Actor, **values: Any) -> Milestone:
    """Write a milestone, or change one: also that it was achieved."""
    _refuse(why_not_update(actor=actor), _not_ours(action, actor))
    if values.get("achieved_on") and values["achieved_on"] > actor.today:
        raise Refused("The day it was achieved is not in the future.")
    with change("plan.milestone_kept", actor=actor) as this:
        if milestone is None:
            last = action.milestones.aggregate(last=Max("position"))["last"] or 0
            milestone = Milestone(authority_id=actor.authority, action=action, position=last + 1)
        for name, value in values.items():
            setattr(milestone, name, tidy(value) if isinstance(value, str) else value)
        return this.save(milestone)


def keep_meeting(
    action: Action,
    meeting: Meeting | None,
    *,
    actor: Actor,
    title: str,
    on: date,
    state: str,
    notes: str = "",
    working_group: bool = False,
) -> Meeting:
    """Arrange a meeting, move it to another day, cancel it, or say that it was held. Its first day stays known."""
    _refuse(why_not_update(actor=actor), _not_ours(action, actor))
    if state == Meeting.State.HELD and on > actor.today:
        raise Refused("A meeting that is still to come has not been held.")
    with change("plan.meeting_kept", actor=actor) as this:
        if meeting is None:
            meeting = Meeting(authority_id=actor.authority, action=action, first_on=on)
        meeting.title, meeting.on, meeting.state = tidy(title), on, state
        meeting.notes, meeting.working_group = tidy(notes), working_group
        return this.save(meeting)


def keep_step(
    meeting: Meeting,
    step: NextStep | None,
    *,
    actor: Actor,
    words: str,
    who: str = "",
    due_on: date | None = None,
    done_on: date | None = None,
) -> NextStep:
    """What the meeting decided that somebody does next; later also that it is done."""
    _refuse(why_not_update(actor=actor), _not_ours(meeting, actor))
    with change("plan.step_kept", actor=actor) as this:
        if step is None:
            last = meeting.steps.aggregate(last=Max("position"))["last"] or 0
            step = NextStep(authority_id=actor.authority, meeting=meeting, position=last + 1)
        step.words, step.who, step.due_on, step.done_on = tidy(words), tidy(who), due_on, done_on
        return this.save(step)


def keep_asked(
    action: Action,
    asked: Asked | None,
    *,
    actor: Actor,
    item: str,
    asked_of: str,
    requested_on: date,
    supplied_on: date | None = None,
) -> Asked:
    """Write down which data was asked of whom and when; later also the day on which it came."""
    _refuse(why_not_update(actor=actor), _not_ours(action, actor))
    if requested_on > actor.today or (supplied_on and supplied_on > actor.today):
        raise Refused("The days on which data was asked for and supplied are not in the future.")
    with change("plan.asked_kept", actor=actor) as this:
        if asked is None:
            asked = Asked(authority_id=actor.authority, action=action)
        asked.item, asked.asked_of = tidy(item).replace("\n", " "), tidy(asked_of)
        asked.requested_on, asked.supplied_on = requested_on, supplied_on
        return this.save(asked)


def answer_duty(duty: str, *, actor: Actor, met: bool, proof: str) -> DutyAnswer:
    """Say today whether a duty is met, and how one knows. Earlier answers stay."""
    _refuse(why_not_keep(actor=actor))
    if duty not in DUTIES:
        raise Refused(f"{duty} is not a duty of the guidance.")
    with change("plan.duty_answered", actor=actor) as this:
        own = {"authority_id": actor.authority, "duty": duty, "on": actor.today, "by": actor.name}
        return this.create(DutyAnswer(**own, met=met, proof=tidy(proof)))


# Another year


def carry_over(plan: Plan, heading: Heading, *, actor: Actor) -> Plan:
    """A new plan with the sections, priorities and unfinished actions of an earlier one.

    An unfinished action is the same one, with its leads, updates and history; it then stands in both plans.
    """
    _refuse(why_not_keep(actor=actor), _not_ours(plan, actor))
    with change("plan.made", actor=actor) as this:
        new = _new_plan(heading, plan.number, actor, this)
        own = {"authority_id": actor.authority, "plan": new}
        sections = {
            old.pk: this.create(Section(**own, position=old.position, title=old.title)) for old in plan.sections.all()
        }
        for goal in plan.goals.prefetch_related("serves"):
            copy = this.create(Goal(**own, kind=goal.kind, position=goal.position, words=goal.words))
            _set_serves(this, {"goal": copy}, [(each.kind, each.code, each.words) for each in goal.serves.all()])
        unfinished = plan.lines.exclude(action__rating=Rated.COMPLETED).select_related("action")
        for line in unfinished:
            place = {"position": line.position, "reference": line.reference}
            this.create(Line(**own, section=sections[line.section_id], action=line.action, **place))
    return new

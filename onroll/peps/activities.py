"""Activities at 16 and over: what young people do, as their plans state it, and whose is missing or old (R075)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.timezone import localtime

from onroll.access.actors import Actor
from onroll.children.models import Child
from onroll.children.queries import on_the_roll
from onroll.codes.year_groups import Phase, year_group_of
from onroll.design.words import day
from onroll.history.changes import ThisChange

from .activity_models import Activity, is_old, months_before
from .forms.declarations import Question
from .forms.values import is_nothing
from .models import Pep, open_peps
from .writing import Writing

# Where the form says that an answer is the activity, and the day on which it began.
ACTIVITY, SINCE = "destination.activity", "destination.on"
STATES = (ACTIVITY, SINCE)


def keep_activity(this: ThisChange, pep: Pep, answers: Mapping[str, Any], *, on: date) -> None:
    """Keep the activity that the plan states as said on this day, within the change that is open. `answers`: by what
    each is promoted to.
    """
    activity, since = answers.get(ACTIVITY), answers.get(SINCE)
    if is_nothing(activity):
        return
    began = date.fromisoformat(since) if isinstance(since, str) and since else None
    row = Activity.unscoped.filter(child=pep.child, on=on).first()
    if row is None:
        keys = {"authority_id": pep.authority_id, "child": pep.child, "on": on}
        this.create(Activity(**keys, activity=activity, since=began))
    elif (row.activity, row.since) != (activity, began):
        row.activity, row.since = str(activity), began
        this.save(row, ["activity", "since"])


def stated(writing: Writing) -> dict[str, Any]:
    """The answers of the plan that state an activity, as they stand, by what each is promoted to."""
    found = {}
    for section in writing.shown:
        for asked in section.asked:
            if asked.row is None and asked.question.promoted_to in STATES:
                found[asked.question.promoted_to] = asked.value
    return found


def asks_for_activity(writing: Writing) -> tuple[str, Question] | None:
    """The section and the question of this plan that ask what the young person does. None: it does not ask."""
    for section in writing.shown:
        for asked in section.asked:
            if asked.question.promoted_to == ACTIVITY:
                return section.section.key, asked.question
    return None


def said_on(writing: Writing, section: str) -> date | None:
    """When it was last said what the young person does: by the record, else by the day of the answer."""
    newest = writing.known.activity
    if newest is not None:
        return newest.on
    rows = [row for row in writing.rows if row.section_key == section]
    return max((localtime(row.saved_at).date() for row in rows), default=None)


def why_not_this_old(writing: Writing) -> tuple[str, str] | None:
    """The section and what to do where the activity that the plan states was said too long ago to hand it in."""
    found = asks_for_activity(writing)
    if found is None or is_nothing(stated(writing).get(ACTIVITY)):
        # That nothing is stated is missing like any answer.
        return None
    section, on = found[0], said_on(writing, found[0])
    if on is not None and not is_old(on, writing.actor.today):
        return None
    last = f"It was last said on {day(on)}, more than three months ago. " if on else ""
    name = writing.pep.child.first_name
    return section, f"{last}Choose again what {name} does now, and save the section"


# Whose is missing or old


@dataclass(frozen=True)
class Unknown:
    """A young person of whom it is not known, or only from long ago, what they do; with the plan that is open."""

    child: Child
    activity: Activity | None
    pep: Pep | None


def unknown(actor: Actor) -> list[Unknown]:
    """The young people of Years 12 and 13 on the roll, of the actor's reach, whose activity is missing or older than
    three months: the missing ones first, then the oldest. Three queries.
    """
    today = actor.today
    newest = Activity.unscoped.filter(child=OuterRef("pk"), on__lte=today).order_by("-on")
    children = Child.visible_to(actor).filter(on_the_roll(today), birth_date__lte=months_before(today, 16 * 12))
    found = [
        child
        for child in children.annotate(activity_key=Subquery(newest.values("pk")[:1]))
        if year_group_of(child.birth_date, on=today).phase is Phase.POST_16
    ]
    rows = Activity.visible_to(actor).in_bulk([each.activity_key for each in found if each.activity_key])
    open_ones = Pep.visible_to(actor).filter(open_peps(), child__in=found).order_by("-due_on")
    plans = {pep.child_id: pep for pep in open_ones}
    unknowns = [
        Unknown(child, rows.get(child.activity_key), plans.get(child.pk))
        for child in found
        if child.activity_key not in rows or is_old(rows[child.activity_key].on, today)
    ]
    return sorted(
        unknowns,
        key=lambda each: (
            each.activity.on if each.activity else date.min,
            each.child.family_name,
            each.child.given_name,
            each.child.pk,
        ),
    )

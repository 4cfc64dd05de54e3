"""Which actions stood in which plan on a day, and how their leads rated them then."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from .models import Action, Lead, Line, Plan, Rating


@dataclass(frozen=True)
class Standing:
    """An action as it stood on a day, in the latest plan it stood in."""

    plan: str
    section: str
    leads: str
    rating: str
    due_on: date | None
    # Whether it only comes round, and the day it is due by is no more than the last one of its plan.
    comes_round: bool = False


def actions_on(authority: int, day: date) -> list[Standing]:
    """Every action of a plan that had begun by the day, once, as it was rated then. Three queries and one of plans.

    A plan is worked on until one that follows it has begun, also when its last day has passed. Before the first rating
    that has a day the one holds that the plan had printed: nobody knows since when, so it does for every day before.
    """
    own = {"authority_id": authority}
    begun = [plan for plan in Plan.objects.filter(**own) if plan.start is None or plan.start <= day]
    followed = {plan.follows for plan in begun}
    at_work = [plan.pk for plan in begun if plan.number not in followed]
    ratings: dict[int, list[Rating]] = defaultdict(list)
    for rating in Rating.objects.filter(**own).order_by("on", "pk"):
        ratings[rating.action_id].append(rating)
    leads: dict[int, list[str]] = defaultdict(list)
    for lead in Lead.objects.filter(**own).order_by("position"):
        leads[lead.action_id].append(lead.words)
    lines = Line.objects.filter(**own, plan__in=at_work).select_related("plan", "section", "action")
    found: dict[int, Standing] = {}
    for line in lines.order_by("plan__start", "plan__pk"):
        action = line.action
        rated = ratings[action.pk]
        then = [each.rating for each in rated if each.on <= day]
        said = then[-1] if then else action.rating_printed if rated else action.rating
        who = "; ".join(leads[action.pk])
        last = line.plan.end - timedelta(days=1) if line.plan.end else None
        round_ = bool(action.rhythm) and action.due_on == last
        found[action.pk] = Standing(line.plan.title, line.section.title, who, said, action.due_on, round_)
    return list(found.values())


def actions_answered_by(authority: int, *measures: str) -> list[Action]:
    """The actions for which a measure is chosen, by any of its ids, with their meetings and milestones."""
    actions = Action.objects.filter(authority_id=authority, measures__measure__in=measures).distinct()
    return list(actions.select_related("led_to").prefetch_related("meetings", "milestones").order_by("number"))

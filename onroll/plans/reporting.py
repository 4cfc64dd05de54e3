"""A plan as a report has it: its own content, and beside each action what the records say for its reader."""

from typing import Any

from onroll.access.actors import Actor
from onroll.codes.years import academic_year

from .judging import points_apart, together
from .measuring import Records
from .models import Plan
from .queries import content_of, plans_of, read_plan


def plan_of_year(actor: Actor, year: str) -> Plan | None:
    """The plan that runs longest in a school year such as 2026-27; of several alike the one that began last."""
    wanted = academic_year(year)

    def days(plan: Plan) -> int:
        start, end = plan.start or wanted.start, plan.end or wanted.end
        return (min(end, wanted.end) - max(start, wanted.start)).days

    running = [plan for plan in plans_of(actor) if days(plan) > 0]
    return max(running, key=lambda plan: (days(plan), plan.start or wanted.start, plan.pk), default=None)


def report_of(plan: Plan, actor: Actor) -> dict[str, Any]:
    """The content of the plan (`queries.content_of`), as plain values. Each action has its figures too.

    `figures` have a title, a value, part and whole, a state and why; `measures_say` is the state of all of them,
    `disagree` whether the lead says another thing, and `late` whether its day has passed.
    """
    read, records = read_plan(plan), Records(actor)
    content = content_of(read)
    actions = [action for section in content["sections"] for action in section["actions"]]
    for each, told in zip(read.actions, actions, strict=True):
        answers = [answer for answer in records.answers(each.measures) if answer.reading is not None]
        states = [records.state(answer) for answer in answers]
        told["figures"] = [
            {
                "title": answer.title,
                "value": answer.value,
                "part_and_whole": answer.part_and_whole,
                "state": state,
                "why": answer.hidden or (judged.why if (judged := records.judged(answer)) else ""),
            }
            for answer, state in zip(answers, states, strict=True)
        ]
        told["measures_say"] = together(states)
        told["disagree"] = points_apart(each.action.rating, told["measures_say"])
        told["late"] = each.is_late(actor.today)
    return {**content, "as_at": actor.today.isoformat(), "by": actor.name}

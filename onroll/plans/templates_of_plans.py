"""Plans to begin from: what two councils' plans set out to do, in words that fit any authority, without names.

Each action comes bound to the measures that answer it.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass

from onroll.access.actors import Actor
from onroll.history.changes import change

from .actions import ActionFacts, Heading, add_action, make_plan
from .models import Plan
from .reference import DATA


@dataclass(frozen=True)
class TemplateAction:
    section: str
    words: str
    measures: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """A plan without names and dates."""

    key: str
    title: str
    actions: tuple[TemplateAction, ...]

    @property
    def sections(self) -> list[str]:
        return list(dict.fromkeys(action.section for action in self.actions))


_TITLES = {
    "work-plan": "a work plan in five sections, from data to training",
    "improvement-plan": "an improvement plan in nine strands, from attendance to partnerships",
}


def _read() -> dict[str, Template]:
    actions: dict[str, list[TemplateAction]] = defaultdict(list)
    with (DATA / "templates.csv").open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            measures = tuple(row["measures"].split(";")) if row["measures"] else ()
            actions[row["template"]].append(TemplateAction(row["section"], row["action"], measures))
    return {key: Template(key, title, tuple(actions[key])) for key, title in _TITLES.items()}


TEMPLATES = _read()


def plan_from(template: Template, heading: Heading, *, actor: Actor) -> Plan:
    """A new plan with the sections and actions of a template, each action still without a lead and a date."""
    with change("plan.made", actor=actor):
        plan = make_plan(heading, actor=actor, sections=template.sections)
        for action in template.actions:
            facts = ActionFacts(section=action.section, words=action.words, measures=action.measures)
            add_action(plan, facts, actor=actor)
    return plan

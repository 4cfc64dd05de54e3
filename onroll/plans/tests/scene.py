"""A small plan to set a scene with."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.authorities.models import Authority
from onroll.children.tests.scene import together, write
from onroll.documents.actions import Upload
from onroll.documents.examining import examine
from onroll.plans.documents import add_document
from onroll.plans.models import (
    Action,
    Asked,
    BoundMeasure,
    Goal,
    Lead,
    Line,
    Meeting,
    Milestone,
    Plan,
    Published,
    Section,
    Update,
)
from onroll.plans.queries import content_of, read_plan


def a_plan(authority: Authority, title: str = "Improvement plan 2026/27", **fields: Any) -> Plan:
    days = {"start": date(2025, 9, 1), "end": date(2026, 9, 1)}
    number = fields.pop("number", title.lower().replace(" ", "-").replace("/", "-"))
    return write(Plan(authority=authority, title=title, number=number, **{**days, **fields}))


def an_action(plan: Plan, words: str = "Read every PEP twice", *, section: str = "PEPs", **fields: Any) -> Line:
    """An action at the end of a plan, under a section that is made where it is new."""
    own = {"authority": plan.authority}
    lead, measures = fields.pop("lead", None), fields.pop("measures", ())
    reference = fields.pop("reference", "")
    at = plan.lines.count() + 1
    held = plan.sections.filter(title=section).first()
    held = held or write(Section(**own, plan=plan, position=plan.sections.count() + 1, title=section))
    action = write(Action(**own, words=words, number=f"{plan.number}-{at}", **fields))
    if lead:
        words_of, account = (lead, None) if isinstance(lead, str) else (lead.name, lead)
        write(Lead(**own, action=action, position=1, words=words_of, account=account))
    for place, measure in enumerate(measures, start=1):
        write(BoundMeasure(**own, action=action, position=place, measure=measure))
    return write(Line(**own, plan=plan, section=held, action=action, position=at, reference=reference))


def a_document(update: Update, title: str = "Minutes", *, name: str = "minutes.txt", data: bytes = b"We met.") -> Any:
    """A document of an update, added by no person with an account here."""
    actor = Actor.command_line(update.authority_id, today=date(2026, 3, 31), user="tester")
    lead = replace(actor, role=Role.VSH)
    return add_document(update, Upload(name, data), title=title, actor=lead, examine=examine)


@together()
def a_whole_plan(authority: Authority, today: date) -> Plan:
    """A plan with one of everything."""
    days = {"start": today - timedelta(days=100), "end": today + timedelta(days=200)}
    plan = a_plan(authority, "The whole plan", **days)
    own = {"authority": authority}
    write(Goal(**own, plan=plan, kind="priority", position=1, words="A PEP that changes something"))
    line = an_action(plan, measures=("W16", "M17"), lead="VHT", reference="1.1", due_on=today - timedelta(days=3))
    on = {"on": today - timedelta(days=9)}
    update = write(Update(**own, action=line.action, words="Half are read", by="Hana Reid", **on))
    a_document(update)
    write(Milestone(**own, action=line.action, position=1, words="Everybody is trained", due_on=today))
    write(Meeting(**own, action=line.action, title="PEP group", first_on=today, on=today + timedelta(days=7)))
    asked = {"item": "PEPs by team", "asked_of": "Business intelligence", "requested_on": today - timedelta(days=20)}
    write(Asked(**own, action=line.action, **asked))
    write(Published(**own, plan=plan, by="Hana Reid", content=content_of(read_plan(plan)), **on))
    return plan

"""Plans: their headings, sections and goals, their actions, and what was written down about each.

`plans.csv` and `plan_actions.csv` begin with the columns of the format. An action's start and end are the plan's own
words, or a day; beside them stand the days made of them. A row without an `action_id` is found again by its section,
reference and words, and given one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Model

from onroll.codes.years import Period
from onroll.exchange.plans import Changes
from onroll.plans.dates_as_printed import AsPrinted, SchoolYears, read
from onroll.plans.models import (
    Action,
    BoundMeasure,
    Goal,
    Lead,
    Line,
    Meeting,
    Plan,
    Rated,
    Rating,
    Rhythm,
    Section,
)
from onroll.plans.school_years import school_years_of

from ..cells import Column, day, one_of, text, whole, yes_no
from .table import DoesNotFit, Held, Holdings, Table

LONGEST = 20_000
# The source of a plan that comes as its own tables, printed, without a history of its ratings.
PRINTED = "plan"
MANY = 1_000


def several(name: str) -> Column:
    """Several words in one cell, with semicolons between."""

    def split(cell: str) -> tuple[str, ...]:
        return tuple(each.strip() for each in cell.split(";")) if cell else ()

    return Column(name, split, lambda values: ";".join(values))


def number(name: str, most: int) -> Column:
    return Column(name, lambda cell: whole(name, 0, most).read(cell) or 0, str)


def alters(*columns: str, **fields: str) -> Callable[[Held, dict[str, Any], Holdings, Changes], None]:
    """Writes these columns to the fields of their names, or to those named, of the held record."""
    names = {**{column: column for column in columns}, **fields}

    def alter(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
        changes.update(held.records[0], **{name: values[column] for column, name in names.items()})

    return alter


@dataclass
class PlanBook:
    """The plans that are held and those that this load adds, by what files call them."""

    years: SchoolYears
    plans: dict[str, Plan] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    sections: dict[tuple[str, str], Section] = field(default_factory=dict)
    goals: dict[tuple[str, str, int], Goal] = field(default_factory=dict)
    meetings: dict[tuple[str, str, date], Meeting] = field(default_factory=dict)

    @classmethod
    def of(cls, authority: int) -> "PlanBook":
        own = {"authority_id": authority}
        book = cls(school_years_of(authority))
        book.plans = {plan.number: plan for plan in Plan.objects.filter(**own)}
        book.actions = {action.number: action for action in Action.objects.filter(**own)}
        sections = Section.objects.filter(**own).select_related("plan")
        book.sections = {(section.plan.number, section.title): section for section in sections}
        goals = Goal.objects.filter(**own).select_related("plan")
        book.goals = {(goal.plan.number, goal.kind, goal.position): goal for goal in goals}
        meetings = Meeting.objects.filter(**own).select_related("action")
        book.meetings = {(each.action.number, each.title, each.on): each for each in meetings}
        return book

    def plan(self, number: str) -> Plan:
        return known_in(self.plans, number, "plan_id", f"{number} is in no row of plans.csv and is not held")

    def action(self, number: str) -> Action:
        return known_in(self.actions, number, "action_id", f"{number} is in no row of plan_actions.csv and is not held")


def known_in(among: dict[Any, Any], key: Any, column: str, words: str) -> Any:
    if key not in among:
        raise DoesNotFit(column, words)
    return among[key]


def book_of(holdings: Holdings) -> PlanBook:
    return holdings.plan_book


# Plans

_HEADING = ("title", "service", "accountable", "start", "end", "context", "notes", "agreed_on", "follows")


def _plans(holdings: Holdings) -> Iterable[Held]:
    for plan in Plan.objects.filter(authority_id=holdings.actor.authority):
        yield Held({"plan_id": plan.number, **{name: getattr(plan, name) for name in _HEADING}}, (plan,))


def _heading(values: dict[str, Any]) -> dict[str, Any]:
    if values["start"] and values["end"] and values["end"] <= values["start"]:
        raise DoesNotFit("end", "is not after the start: it is the first day after")
    return {name: values[name] for name in _HEADING}


def _new_plan(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    plan = Plan(authority_id=holdings.actor.authority, number=values["plan_id"], **_heading(values))
    book_of(holdings).plans[plan.number] = changes.create(plan)


def _alter_plan(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    changes.update(held.records[0], **_heading(values))


PLANS = Table(
    "plans",
    "Plans",
    (
        text("plan_id", 60, needed=True),
        text("title", 200, needed=True),
        text("service", 200),
        text("accountable", 200),
        day("start"),
        day("end"),
        text("context", LONGEST),
        text("notes", LONGEST),
        day("agreed_on"),
        text("follows", 60),
    ),
    ("plan_id",),
    _plans,
    _new_plan,
    _alter_plan,
)


# Their sections and goals


def _sections(holdings: Holdings) -> Iterable[Held]:
    for section in Section.objects.filter(authority_id=holdings.actor.authority).select_related("plan"):
        yield Held({"plan_id": section.plan.number, "position": section.position, "title": section.title}, (section,))


def _new_section(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    book, key = book_of(holdings), (values["plan_id"], values["title"])
    plan = book.plan(values["plan_id"])
    book.sections[key] = changes.create(
        Section(authority_id=plan.authority_id, plan=plan, position=values["position"], title=values["title"])
    )


PLAN_SECTIONS = Table(
    "plan_sections",
    "Sections of plans",
    (text("plan_id", 60, needed=True), number("position", MANY), text("title", 300, needed=True)),
    ("plan_id", "title"),
    _sections,
    _new_section,
    alters("position"),
)


def _goals(holdings: Holdings) -> Iterable[Held]:
    for goal in Goal.objects.filter(authority_id=holdings.actor.authority).select_related("plan"):
        values = {name: getattr(goal, name) for name in ("kind", "position", "words")}
        yield Held({"plan_id": goal.plan.number, **values}, (goal,))


def _new_goal(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    book = book_of(holdings)
    plan = book.plan(values["plan_id"])
    facts = {name: values[name] for name in ("kind", "position", "words")}
    book.goals[plan.number, values["kind"], values["position"]] = changes.create(
        Goal(authority_id=plan.authority_id, plan=plan, **facts)
    )


PLAN_GOALS = Table(
    "plan_goals",
    "Priorities and success criteria",
    (
        text("plan_id", 60, needed=True),
        one_of("kind", Goal.Kind.values, needed=True),
        Column("position", whole("position", 0, MANY).read, str, needed=True),
        text("words", LONGEST, needed=True),
    ),
    ("plan_id", "kind", "position"),
    _goals,
    _new_goal,
    alters("words"),
)


# Their actions

_OF_AN_ACTION = {
    "action": "words",
    "outcome": "outcome",
    "update": "reported",
    "rag": "rating",
    "measured_by": "measured_by",
    "start_on": "starts_on",
    "due_on": "due_on",
    "ongoing": "ongoing",
    "rhythm": "rhythm",
    "rag_printed": "rating_printed",
}


def _by_action(model: type[Model], authority: int, value: str) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    rows: Any = model._default_manager.filter(authority_id=authority).order_by("action", "position")
    for action, each in rows.values_list("action", value):
        found[action] += (each or "",)
    return found


def _lines(holdings: Holdings) -> Iterable[Held]:
    authority = holdings.actor.authority
    leads = _by_action(Lead, authority, "words")
    emails = _by_action(Lead, authority, "account__email")
    measures = _by_action(BoundMeasure, authority, "measure")
    lines = Line.objects.filter(authority_id=authority).select_related("plan", "section", "action__led_to")
    for line in lines:
        action = line.action
        yield Held(
            {
                "plan_id": line.plan.number,
                "section": line.section.title,
                "reference": line.reference,
                "position": line.position,
                "action_id": action.number,
                **{column: getattr(action, name) for column, name in _OF_AN_ACTION.items()},
                "lead": leads[action.pk],
                "lead_emails": emails[action.pk] if any(emails[action.pk]) else (),
                "measures": measures[action.pk],
                "start": action.start_printed,
                "end": action.end_printed,
                "led_to": action.led_to.number if action.led_to else "",
            },
            (line, action),
        )


def _number_and_date(rows: list[dict[str, Any]], holdings: Holdings, changes: Changes) -> None:
    """Give a row the id that it is held under, or a new one, its place, and the days that its words come to."""
    known = {_told(held.values): held.values for held in _lines(holdings)}
    used = set(book_of(holdings).actions) | {values["action_id"] for values in rows}
    for at, values in enumerate(rows, start=1):
        held = known.get(_told(values))
        if not values["action_id"] and values["plan_id"]:
            values["action_id"] = held["action_id"] if held else _free(values["plan_id"], used)
            used.add(values["action_id"])
        if values["position"] is None:
            values["position"] = held["position"] if held else at
        if values["ongoing"] is None:
            found = dates_of(values, holdings)
            values |= {"start_on": found.start, "due_on": found.due, "ongoing": found.ongoing, "rhythm": found.rhythm}


def _told(values: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(values[name] for name in ("plan_id", "section", "reference", "action"))


def _free(plan: str, used: set[str]) -> str:
    number = 1
    while f"{plan}-{number:02}" in used:
        number += 1
    return f"{plan}-{number:02}"


def dates_of(values: dict[str, Any], holdings: Holdings) -> AsPrinted:
    """The days of an action's start and end. A bare day as its end is, as in every spell, the first day after.

    A plan that prints one cell for both has it as the end, and where that says what goes on or comes round, it says
    from when too.
    """
    book = book_of(holdings)
    plan = book.plans.get(values["plan_id"])
    within = Period(plan.start, plan.end) if plan and plan.start and plan.end else None
    start = read(values["start"] or "", within=within, years=book.years)
    end = read(values["end"] or "", within=within, years=book.years)
    due = end.due
    if due and values["end"] == due.isoformat():
        due -= timedelta(days=1)
    if values["start"]:
        return AsPrinted(start.start, due, end.ongoing, end.rhythm or start.rhythm)
    return AsPrinted(end.start if end.ongoing or end.rhythm else None, due, end.ongoing, end.rhythm)


def _facts(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    if values["ongoing"] and values["due_on"]:
        raise DoesNotFit("due_on", "is given, and the action is ongoing")
    led_to = book_of(holdings).plan(values["led_to"]) if values["led_to"] else None
    named = {name: values[column] for column, name in _OF_AN_ACTION.items()}
    return {**named, "start_printed": values["start"], "end_printed": values["end"], "led_to": led_to}


def _new_line(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    book = book_of(holdings)
    plan = book.plan(values["plan_id"])
    action = book.actions.get(values["action_id"])
    if action is None:
        own = {"authority_id": plan.authority_id, "number": values["action_id"]}
        action = changes.create(Action(**own, **_facts(values, holdings)))
        book.actions[values["action_id"]] = action
        _write_leads(action, values, holdings, changes)
        _write_measures(action, values, changes)
    changes.create(
        Line(
            authority_id=plan.authority_id,
            plan=plan,
            section=_section(values, holdings, changes),
            action=action,
            position=values["position"],
            reference=values["reference"],
        )
    )


def _section(values: dict[str, Any], holdings: Holdings, changes: Changes) -> Section:
    """The section of a line. A file that names one only here has it made, after those there are."""
    book, key = book_of(holdings), (values["plan_id"], values["section"])
    if key not in book.sections:
        position = 1 + max((each.position for (plan, _), each in book.sections.items() if plan == key[0]), default=0)
        _new_section({"plan_id": key[0], "title": key[1], "position": position}, holdings, changes)
    return book.sections[key]


def _write_leads(action: Action, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    emails = values["lead_emails"] or ("",) * len(values["lead"])
    if len(emails) != len(values["lead"]):
        raise DoesNotFit("lead_emails", "has not as many addresses as there are leads")
    for at, (words, email) in enumerate(zip(values["lead"], emails, strict=True), start=1):
        account = holdings.account(email) if email else None
        own = {"authority_id": action.authority_id, "action": action, "position": at}
        changes.create(Lead(**own, words=words, account=account))


def _write_measures(action: Action, values: dict[str, Any], changes: Changes) -> None:
    for at, measure in enumerate(dict.fromkeys(values["measures"]), start=1):
        changes.create(BoundMeasure(authority_id=action.authority_id, action=action, position=at, measure=measure))


def _alter_line(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    line, action = held.records
    facts = _facts(values, holdings)
    if (facts["led_to"] and facts["led_to"].pk) == action.led_to_id:
        del facts["led_to"]
    if holdings.source == PRINTED and facts["rating"] != action.rating:
        # What a plan says when it is loaded again is said on that day, and what it had said before stays known.
        if not action.ratings.exists():
            facts["rating_printed"] = action.rating
        said = {"on": holdings.actor.today, "rating": facts["rating"], "by": holdings.actor.name}
        changes.create(Rating(authority_id=action.authority_id, action=action, **said))
    changes.update(action, **facts)
    changes.update(line, position=values["position"], reference=values["reference"])
    if values["section"] != held.values["section"]:
        changes.update(line, section=_section(values, holdings, changes))
    if any(values[name] != held.values[name] for name in ("lead", "lead_emails")):
        for lead in action.leads.all():
            changes.delete(lead)
        _write_leads(action, values, holdings, changes)
    if values["measures"] != held.values["measures"]:
        for measure in action.measures.all():
            changes.delete(measure)
        _write_measures(action, values, changes)


PLAN_ACTIONS = Table(
    "plan_actions",
    "Actions of plans",
    (
        text("plan_id", 60, needed=True),
        text("section", 300),
        text("reference", 40),
        text("action", LONGEST, needed=True),
        several("lead"),
        text("outcome", LONGEST),
        text("start", LONGEST),
        text("end", LONGEST),
        several("measures"),
        text("update", LONGEST),
        one_of("rag", Rated.values),
        text("action_id", 80),
        whole("position", 0, MANY),
        text("measured_by", LONGEST),
        day("start_on"),
        day("due_on"),
        yes_no("ongoing", spelled=True),
        one_of("rhythm", Rhythm.values),
        several("lead_emails"),
        text("led_to", 60),
        one_of("rag_printed", Rated.values),
    ),
    ("plan_id", "action_id"),
    _lines,
    _new_line,
    _alter_line,
    prepare=_number_and_date,
)

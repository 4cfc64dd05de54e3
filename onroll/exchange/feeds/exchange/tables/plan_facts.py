"""What is written down about the actions of plans: updates, ratings, milestones, meetings, links; and duties."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from onroll.exchange.plans import Changes
from onroll.plans.models import (
    Asked,
    DutyAnswer,
    Evidence,
    Goal,
    Meeting,
    Milestone,
    NextStep,
    Rated,
    Rating,
    Serves,
    Update,
)

from ..cells import Column, day, one_of, text, whole, yes_no
from .plans import (
    LONGEST,
    MANY,
    PLAN_ACTIONS,
    PLAN_GOALS,
    PLAN_SECTIONS,
    PLANS,
    alters,
    book_of,
    known_in,
    number,
    several,
)
from .table import DoesNotFit, Held, Holdings, Table

# What was written down about an action


def _of_an_action(
    name: str, title: str, model: type[Model], columns: tuple[Column, ...], key: tuple[str, ...], **fields: str
) -> Table:
    """The table of a model whose rows belong to an action and whose columns are its fields, or those of `fields`."""
    names = {column.name: fields.get(column.name, column.name) for column in columns}

    def held(holdings: Holdings) -> Iterable[Held]:
        rows: Any = model._default_manager.filter(authority_id=holdings.actor.authority).select_related("action")
        for row in rows:
            told = {column: getattr(row, name) for column, name in names.items()}
            yield Held({"action_id": row.action.number, **told}, (row,))

    def make(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
        book = book_of(holdings)
        action = book.action(values["action_id"])
        facts = {name: values[column] for column, name in names.items()}
        row: Any = model(authority_id=action.authority_id, action=action, **facts)
        changes.create(row)
        if isinstance(row, Meeting):
            book.meetings[values["action_id"], row.title, row.on] = row

    def alter(row: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
        changes.update(row.records[0], **{name: values[column] for column, name in names.items()})

    return Table(name, title, (text("action_id", 80, needed=True), *columns), ("action_id", *key), held, make, alter)


PLAN_RATINGS = _of_an_action(
    "plan_ratings",
    "Ratings of actions",
    Rating,
    (day("on", needed=True), one_of("rag", Rated.values), text("by", 150)),
    ("on", "rag"),
    rag="rating",
)
PLAN_MILESTONES = _of_an_action(
    "plan_milestones",
    "Milestones",
    Milestone,
    (
        number("position", MANY),
        text("milestone", LONGEST, needed=True),
        Column("kind", lambda cell: one_of("kind", Milestone.Kind.values).read(cell) or Milestone.Kind.STEP.value),
        day("due_on"),
        day("achieved_on"),
        number("warn_weeks", 104),
    ),
    ("milestone",),
    milestone="words",
)
PLAN_MEETINGS = _of_an_action(
    "plan_meetings",
    "Meetings about actions",
    Meeting,
    (
        text("title", 200, needed=True),
        day("on", needed=True),
        day("first_on", needed=True),
        one_of("state", Meeting.State.values, needed=True),
        yes_no("working_group", empty=False),
        text("notes", LONGEST),
    ),
    ("title", "first_on"),
)
PLAN_ASKED = _of_an_action(
    "plan_asked",
    "Data that actions wait for",
    Asked,
    (
        text("item", 200, needed=True),
        text("asked_of", 150),
        day("requested_on", needed=True),
        day("supplied_on"),
    ),
    ("item", "requested_on"),
)


def _steps(holdings: Holdings) -> Iterable[Held]:
    steps = NextStep.objects.filter(authority_id=holdings.actor.authority).select_related("meeting__action")
    for step in steps:
        about = {"action_id": step.meeting.action.number, "meeting": step.meeting.title, "on": step.meeting.on}
        facts = {name: getattr(step, name) for name in ("position", "who", "due_on", "done_on")}
        yield Held({**about, **facts, "step": step.words}, (step,))


def _new_step(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    key = (values["action_id"], values["meeting"], values["on"])
    meeting = known_in(book_of(holdings).meetings, key, "meeting", "is in no row of plan_meetings.csv and is not held")
    facts = {name: values[name] for name in ("position", "who", "due_on", "done_on")}
    changes.create(NextStep(authority_id=holdings.actor.authority, meeting=meeting, words=values["step"], **facts))


PLAN_STEPS = Table(
    "plan_steps",
    "Next steps of meetings",
    (
        text("action_id", 80, needed=True),
        text("meeting", 200, needed=True),
        day("on", needed=True),
        number("position", MANY),
        text("step", 500, needed=True),
        text("who", 150),
        day("due_on"),
        day("done_on"),
    ),
    ("action_id", "meeting", "on", "position"),
    _steps,
    _new_step,
    alters("who", "due_on", "done_on", step="words"),
)


def _updates(holdings: Holdings) -> Iterable[Held]:
    authority = holdings.actor.authority
    evidence: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for each in Evidence.objects.filter(authority_id=authority).order_by("update", "position"):
        evidence[each.update_id] += (f"{each.words} <{each.address}>",)
    for update in Update.objects.filter(authority_id=authority).select_related("action"):
        facts = {name: getattr(update, name) for name in ("on", "words", "by")}
        yield Held({"action_id": update.action.number, **facts, "evidence": evidence[update.pk]}, (update,))


def _new_update(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    action = book_of(holdings).action(values["action_id"])
    facts = {name: values[name] for name in ("on", "words", "by")}
    _write_evidence(changes.create(Update(authority_id=action.authority_id, action=action, **facts)), values, changes)


def _write_evidence(update: Update, values: dict[str, Any], changes: Changes) -> None:
    for at, each in enumerate(values["evidence"], start=1):
        words, mark, address = each.removesuffix(">").rpartition(" <")
        if not mark or not address.startswith(("https://", "http://")):
            raise DoesNotFit("evidence", "is not like: Minutes <https://example.org/minutes>")
        own = {"authority_id": update.authority_id, "update": update, "position": at}
        changes.create(Evidence(**own, words=words[:200], address=address))


def _alter_update(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    update = held.records[0]
    changes.update(update, by=values["by"])
    if values["evidence"] != held.values["evidence"]:
        for each in update.evidence.all():
            changes.delete(each)
        _write_evidence(update, values, changes)


PLAN_UPDATES = Table(
    "plan_updates",
    "Updates of actions",
    (
        text("action_id", 80, needed=True),
        day("on", needed=True),
        text("words", LONGEST, needed=True),
        text("by", 150),
        several("evidence"),
    ),
    ("action_id", "on", "words"),
    _updates,
    _new_update,
    _alter_update,
)


# What they serve, and the duties


def _links(holdings: Holdings) -> Iterable[Held]:
    links = Serves.objects.filter(authority_id=holdings.actor.authority)
    for link in links.select_related("plan", "goal__plan", "action"):
        plan = link.goal.plan if link.goal else link.plan
        yield Held(
            {
                "plan_id": plan.number if plan else "",
                "goal": link.goal.kind if link.goal else "",
                "goal_position": link.goal.position if link.goal else None,
                "action_id": link.action.number if link.action else "",
                "kind": link.kind,
                "code": link.code,
                "words": link.words,
            },
            (link,),
        )


def _new_link(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    book = book_of(holdings)
    of: dict[str, Any] = {}
    if values["action_id"]:
        of["action"] = book.action(values["action_id"])
    elif values["goal"]:
        key = (values["plan_id"], values["goal"], values["goal_position"])
        of["goal"] = known_in(book.goals, key, "goal", "is in no row of plan_goals.csv and is not held")
    else:
        of["plan"] = book.plan(values["plan_id"])
    facts = {name: values[name] for name in ("kind", "code", "words")}
    changes.create(Serves(authority_id=holdings.actor.authority, **of, **facts))


PLAN_LINKS = Table(
    "plan_links",
    "What plans, goals and actions serve",
    (
        text("plan_id", 60),
        one_of("goal", Goal.Kind.values),
        whole("goal_position", 0, MANY),
        text("action_id", 80),
        one_of("kind", Serves.Kind.values, needed=True),
        text("code", 10),
        text("words", LONGEST),
    ),
    ("plan_id", "goal", "goal_position", "action_id", "kind", "code", "words"),
    _links,
    _new_link,
    lambda held, values, holdings, changes: None,
)


_ANSWER = ("duty", "on", "met", "proof", "by")


def _answers(holdings: Holdings) -> Iterable[Held]:
    for answer in DutyAnswer.objects.filter(authority_id=holdings.actor.authority):
        yield Held({name: getattr(answer, name) for name in _ANSWER}, (answer,))


def _needed_yes_no(name: str) -> Column:
    return Column(name, yes_no(name).read, lambda value: "yes" if value else "no", needed=True)


def _new_answer(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    changes.create(DutyAnswer(authority_id=holdings.actor.authority, **values))


DUTY_ANSWERS = Table(
    "duty_answers",
    "Whether duties are met",
    (
        text("duty", 10, needed=True),
        day("on", needed=True),
        _needed_yes_no("met"),
        text("proof", LONGEST),
        text("by", 150),
    ),
    ("duty", "on", "met"),
    _answers,
    _new_answer,
    alters("proof", "by"),
)

OF_PLANS: list[Table] = [
    PLANS,
    PLAN_SECTIONS,
    PLAN_GOALS,
    PLAN_ACTIONS,
    PLAN_UPDATES,
    PLAN_RATINGS,
    PLAN_MILESTONES,
    PLAN_MEETINGS,
    PLAN_STEPS,
    PLAN_ASKED,
    PLAN_LINKS,
    DUTY_ANSWERS,
]

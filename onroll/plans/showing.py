"""How a plan is laid out on pages: its tables, tags and words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from onroll.design.pictures import rag, sparkline
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.tags import tag
from onroll.design.words import count_of, day_short

from .measuring import Answer, Records
from .models import Action, Line, Plan, Rated
from .queries import ActionRead

# The plan's own scale. It has tags, so that nobody takes it for the shapes by which measures are judged.
COLOURS = {Rated.OFF_TRACK.value: "red", Rated.IN_PROGRESS.value: "blue", Rated.COMPLETED.value: "green", "": "grey"}


def rating_tag(rating: str) -> SafeString:
    return tag(rating or "Not rated", COLOURS[rating])


def address_of(line: Line, plan: Plan) -> str:
    return reverse("plans:action", args=[plan.public_id, line.action.public_id])


def first_line(words: str, most: int = 160) -> str:
    """The first line of an action's words, for a table."""
    line = words.strip().splitlines()[0] if words.strip() else ""
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]} …"


def records_say(answers: Sequence[Answer]) -> SafeString:
    """The figures of an action's measures, a line each, with the way to what stands behind it; how many measures
    have none yet stands last.
    """
    parts = [
        format_html(
            '<b>{}</b>{}: <a class="govuk-link" href="{}">{}</a>',
            each.value,
            f", {each.part_and_whole}" if each.part_and_whole else "",
            reverse("measures:measure", args=[each.measure.id]),
            each.title,
        )
        for each in answers
        if each.reading is not None and each.measure is not None
    ]
    waiting = sum(each.reading is None for each in answers)
    if waiting:
        words = count_of(waiting, "measure is not counted yet", "measures are not counted yet")
        parts.append(format_html('<span class="onroll-dim">{}</span>', words))
    return format_html_join("", '<span class="onroll-plan__figure">{}</span>', ((part,) for part in parts))


def trend_picture(answer: Answer, history: list[tuple[str, Any]]) -> SafeString:
    values = [float(reading.value) for _, reading in history if reading.value is not None]
    return sparkline(values, what=f"{answer.title}, last {len(values)} periods")


def action_cell(each: ActionRead, plan: Plan) -> SafeString:
    """1.1 the action as a link; below it who and by when."""
    cell = Cell(first_line(each.action.words), href=address_of(each.line, plan))
    who = " · ".join(part for part in (each.leads_words or "no lead yet", each.when_words) if part)
    number = format_html("<b>{}</b> ", each.reference) if each.reference else ""
    return format_html('{}{}<span class="onroll-table__sub">{}</span>', number, cell, who)


def update_cell(each: ActionRead, plan: Plan, today: date) -> Cell:
    weeks = each.quiet_weeks(plan, today)
    quiet = f"no update for {count_of(weeks, 'week')}" if weeks else ""
    return Cell(day_short(each.update.on) if each.update else "none", sub=quiet)


def table_of(
    caption: str,
    groups: Sequence[tuple[str, Sequence[ActionRead]]],
    plan: Plan,
    today: date,
    records: Records,
    states: dict[int, str],
) -> Table:
    """Actions as the plan shows them: what the records say, what the lead says, what the measures say.

    Each group of actions stands under its words; a group without words stands by itself.
    """
    columns = [
        Column("Action", stacked_label=False),
        Column("What the records say"),
        Column("Lead says"),
        Column("Measures say"),
        Column("Last update"),
    ]
    rows: list[Any] = []
    for words, actions in groups:
        if words and actions:
            rows.append(GroupRow(words))
        rows += [
            [
                action_cell(each, plan),
                records_say(records.answers(each.measures)) or "–",
                rating_tag(each.action.rating),
                rag(states.get(each.action.pk, "no_data")),
                update_cell(each, plan, today),
            ]
            for each in actions
        ]
    return Table(caption, columns, rows)


def late_words(action: Action, today: date) -> str:
    """3 days late."""
    if not action.due_on or action.due_on >= today:
        return ""
    return f"{count_of((today - action.due_on).days, 'day')} late"

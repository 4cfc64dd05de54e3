"""Pages that show plans: the list, one plan in its views, what moved, one page to print, and as it was published."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.codes.years import Period
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.values import Chip, Entry, Timeline
from onroll.design.words import count_of, day, day_short

from .actions import Refused, publish
from .judging import disagree, states_of
from .measuring import Records
from .models import Plan, Rated
from .queries import (
    ActionRead,
    PlanRead,
    content_of,
    current_plan,
    duties_of,
    plans_of,
    read_plan,
    warnings,
    what_moved,
)
from .showing import address_of, first_line, rating_tag, table_of

SECTION, LEAD, MINE, LATE, OFF_TRACK, DISAGREE, TIMELINE = (
    "section",
    "lead",
    "mine",
    "late",
    "off-track",
    "disagree",
    "timeline",
)


def last_day(plan: Plan) -> date | None:
    return Period(plan.start, plan.end).last_day if plan.start and plan.end else None


def years_words(plan: Plan) -> str:
    """1 September 2026 to 31 August 2027."""
    end = last_day(plan)
    return f"{day(plan.start)} to {day(end)}" if plan.start and end else "no dates yet"


class PlansPage(Page):
    """Every plan of the authority, the one in force first."""

    requires = Can.SEE_PLAN
    template_name = "plans/plans.html"

    def context(self) -> dict[str, Any]:
        plans = list(plans_of(self.actor).order_by("-start", "title"))
        now = current_plan(self.actor)
        rows = [
            [
                Cell(plan.title, href=plan.get_absolute_url(), sub=plan.service),
                years_words(plan),
                plan.accountable or "–",
                Cell("In force", tag="green") if plan.runs(self.actor.today) else "",
            ]
            for plan in sorted(plans, key=lambda plan: plan != now)
        ]
        columns = [Column("Plan", stacked_label=False), Column("Runs"), Column("Accountable"), Column("Now")]
        duties = duties_of(self.actor)
        return {
            "table": Table("Plans", columns, rows) if rows else None,
            "may_keep": can(self.actor, Can.KEEP_PLAN),
            "may_load": can(self.actor, Can.RUN_FEEDS),
            "duties_met": sum(each.is_met for each in duties),
            "duties": len(duties),
        }


class OnePlanPage(Page):
    """A page about one plan of the actor's authority."""

    abstract = True
    plan: Plan

    def open(self, *args: Any, **kwargs: Any) -> None:
        found = plans_of(self.actor).filter(public_id=kwargs["plan"]).first()
        if found is None:
            raise Http404
        self.plan = found

    def context(self) -> dict[str, Any]:
        return {
            "plan": self.plan,
            "plan_url": self.plan.get_absolute_url(),
            "may_keep": can(self.actor, Can.KEEP_PLAN),
            "may_update": can(self.actor, Can.UPDATE_PLAN),
        }

    def to_the_plan(self, notice: str) -> HttpResponse:
        messages.success(self.request, notice)
        return HttpResponseRedirect(self.plan.get_absolute_url())


class PlanPage(OnePlanPage):
    """The plan: what the records say beside each lead's word. By section, by lead, late, off track, in disagreement."""

    requires = Can.SEE_PLAN
    template_name = "plans/plan.html"

    def context(self) -> dict[str, Any]:
        today, read = self.actor.today, read_plan(self.plan)
        records = Records(self.actor)
        states = states_of(read, records)
        apart = disagree(read, states)
        view = self.request.GET.get("view", SECTION)
        lists = {
            MINE: ("Your actions", read.led_by(self.actor)),
            LATE: ("Past their day and not completed", read.late(today)),
            OFF_TRACK: ("Rated off track", read.rated(Rated.OFF_TRACK)),
            DISAGREE: ("Lead and measures disagree", apart),
        }
        groups: list[tuple[str, Sequence[ActionRead]]] = []
        if view in lists:
            groups = [("", lists[view][1])]
        elif view == LEAD:
            groups = [*read.by_lead()]
        elif view != TIMELINE:
            view = SECTION
            groups = [(section.title, actions) for section, actions in read.sections]
        there = any(actions for _, actions in groups)
        caption = lists[view][0] if view in lists else f"Actions of {self.plan.title}"
        table = table_of(caption, groups, self.plan, today, records, states) if there else None
        return {
            **super().context(),
            "read": read,
            "sub": self._sub(read),
            "chips": self._chips(read, view, {key: len(actions) for key, (_, actions) in lists.items()}),
            "view": view,
            "table": table,
            "timeline": self._timeline(read) if view == TIMELINE else None,
            "warnings": [(each, address_of(each.line, self.plan)) for each in warnings(read, today)],
            "duties": (duties := duties_of(self.actor)),
            "duties_met": sum(each.is_met for each in duties),
            "published": list(self.plan.published.all()),
            "month": f"{today:%Y-%m}",
            "month_words": f"{today:%B}",
        }

    def _sub(self, read: PlanRead) -> str:
        counts = [count_of(len(read.sections), "section"), count_of(len(read.actions), "action")]
        if read.priorities:
            counts.insert(0, count_of(len(read.priorities), "priority", "priorities"))
        return f"{', '.join(counts)} · {years_words(self.plan)} · the figures are as at {day(self.actor.today)}"

    def _chips(self, read: PlanRead, view: str, counts: dict[str, int]) -> list[Chip]:
        by = (
            "By priority" if read.plan.title.lower().startswith("improvement") and not read.priorities else "By section"
        )
        wanted = [(SECTION, by), (LEAD, "By lead"), (MINE, "Yours"), (LATE, "Late"), (OFF_TRACK, "Off track")]
        wanted += [(DISAGREE, "Measures and lead disagree"), (TIMELINE, "Timeline")]
        return [
            Chip(
                label, self.plan.get_absolute_url() if key == SECTION else f"?view={key}", counts.get(key), key == view
            )
            for key, label in wanted
            if key != MINE or counts[MINE]
        ]

    def _timeline(self, read: PlanRead) -> Timeline:
        """What falls due and when, milestones among them. What has no day is left to the other views."""
        entries = []
        for each in read.actions:
            done = each.action.rating == Rated.COMPLETED
            if each.action.due_on:
                entries.append((each.action.due_on, each, first_line(each.action.words), "Action", done))
            for milestone in each.milestones:
                if on := milestone.achieved_on or milestone.due_on:
                    entries.append((on, each, milestone.words, "Milestone", bool(milestone.achieved_on)))
        today = self.actor.today
        return Timeline(
            [
                Entry(
                    on,
                    words,
                    by=f"{f'{each.reference} · ' if each.reference else ''}{each.leads_words or 'no lead yet'}"
                    f"{' · done' if done else ' · late' if on < today else ''}",
                    kind=kind,
                    to_come=on >= today,
                )
                for on, each, words, kind, done in sorted(entries, key=lambda entry: entry[0])
            ],
            level=2,
        )


class MovedPage(OnePlanPage):
    """What was written down in one month, in sentences: a digest for the people who read the plan once a month."""

    requires = Can.SEE_PLAN
    template_name = "plans/moved.html"

    def context(self) -> dict[str, Any]:
        today = self.actor.today
        month = _month(self.request.GET.get("month", "")) or today.replace(day=1)
        after = _month_on(month, 1)
        read = read_plan(self.plan)
        moved = what_moved(read, Period(month, after))
        told = {each.line.pk for each in moved}
        return {
            **super().context(),
            "month": f"{month:%B %Y}",
            "moved": [(each, address_of(each.line, self.plan)) for each in moved],
            "nothing": [each for each in read.actions if each.line.pk not in told],
            "before": f"{_month_on(month, -1):%Y-%m}" if month.year > 1 else "",
            "before_words": f"{_month_on(month, -1):%B %Y}",
            "after": f"{after:%Y-%m}" if after <= today else "",
            "after_words": f"{after:%B %Y}",
        }


def _month(text: str) -> date | None:
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if month.year < date.max.year else None


def _month_on(month: date, by: int) -> date:
    years, at = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(max(years, 1), at + 1, 1)


class OnePageToPrint(OnePlanPage):
    """The plan on a page: each action with who, by when, how its lead rates it and what was last said."""

    requires = Can.SEE_PLAN
    template_name = "plans/one_page.html"

    def context(self) -> dict[str, Any]:
        read = read_plan(self.plan)
        rows: list[Any] = []
        for section, actions in read.sections:
            if actions:
                rows += [GroupRow(section.title), *(self._row(each) for each in actions)]
        columns = [
            Column("Action", stacked_label=False),
            Column("Who"),
            Column("By when"),
            Column("Lead says"),
            Column("Last update"),
        ]
        return {
            **super().context(),
            "read": read,
            "years": years_words(self.plan),
            "table": Table(f"Actions of {self.plan.title}", columns, rows) if rows else None,
            "today": self.actor.today,
            "by": self.actor.name,
        }

    @staticmethod
    def _row(each: Any) -> list[Any]:
        number = f"{each.reference} " if each.reference else ""
        said = each.update.words if each.update else each.action.reported
        on = f"{day_short(each.update.on)}: " if each.update else ""
        return [
            f"{number}{first_line(each.action.words)}",
            each.leads_words or "–",
            each.when_words.removeprefix("by ") or "–",
            rating_tag(each.action.rating),
            f"{on}{first_line(said, 200)}" if said else "–",
        ]


class PublishPage(OnePlanPage):
    """Keeps the plan as it is today, after saying what that means."""

    requires = Can.KEEP_PLAN
    template_name = "plans/publish.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            publish(self.plan, content_of(read_plan(self.plan)), actor=self.actor)
        except Refused as why:
            messages.error(request, str(why))
            return HttpResponseRedirect(self.plan.get_absolute_url())
        return self.to_the_plan("The plan is kept as it is today.")


class PublishedPage(OnePlanPage):
    """The plan as it was on the day it was published."""

    requires = Can.SEE_PLAN
    template_name = "plans/published.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        found = self.plan.published.filter(public_id=kwargs["published"]).first()
        if found is None:
            raise Http404
        self.published = found

    def context(self) -> dict[str, Any]:
        content = self.published.content
        columns = [
            Column("Action", stacked_label=False),
            Column("Who"),
            Column("By when"),
            Column("Lead said"),
            Column("Last update"),
        ]
        tables = [
            Table(
                section["title"],
                columns,
                [
                    [
                        f"{each['reference']} {each['action']}".strip(),
                        ", ".join(each["leads"]) or "–",
                        each["when"] or "–",
                        rating_tag(each["rating"]),
                        each["update"] or "–",
                    ]
                    for each in section["actions"]
                ],
                caption_hidden=False,
            )
            for section in content["sections"]
            if section["actions"]
        ]
        return {**super().context(), "published": self.published, "content": content, "tables": tables}


def plans_address() -> str:
    return reverse("plans:plans")

"""Pages on which a plan is kept: a new one, its heading, its goals and actions; and the duties."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.pages import Page
from onroll.access.roles import VIRTUAL_SCHOOL
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import day
from onroll.people.models import Post

from .action_views import OneActionPage
from .actions import (
    add_action,
    answer_duty,
    carry_over,
    change_action,
    change_heading,
    keep_goal,
    make_plan,
    remove_goal,
)
from .forms import EARLIER, TEMPLATE, ActionForm, DutyForm, GoalForm, HeadingForm, NewPlanForm
from .measuring import Records
from .models import DutyAnswer, Goal
from .queries import duties_of, plans_of, read_action
from .reference import DUTIES
from .showing import first_line, records_say
from .templates_of_plans import TEMPLATES, plan_from
from .views import OnePlanPage


class NewPlanPage(Page):
    """A new plan: empty, from a template, or with what an earlier one left unfinished."""

    requires = Can.KEEP_PLAN
    template_name = "plans/new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=NewPlanForm(plans=list(plans_of(self.actor)), initial={"begin": "empty"}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        plans = list(plans_of(self.actor))
        form = NewPlanForm(request.POST, plans=plans)
        if not form.is_valid():
            return self.show(form=form)
        begin, heading = form.cleaned_data["begin"], form.heading
        if begin.startswith(TEMPLATE):
            plan = plan_from(TEMPLATES[begin.removeprefix(TEMPLATE)], heading, actor=self.actor)
        elif begin.startswith(EARLIER):
            earlier = next(each for each in plans if str(each.public_id) == begin.removeprefix(EARLIER))
            plan = carry_over(earlier, heading, actor=self.actor)
        else:
            plan = make_plan(heading, actor=self.actor)
        messages.success(request, f"{plan.title} is begun.")
        return HttpResponseRedirect(plan.get_absolute_url())


class ChangePlanPage(OnePlanPage):
    """Change the heading of a plan and the days it runs."""

    requires = Can.KEEP_PLAN
    template_name = "plans/heading.html"

    def context(self) -> dict[str, Any]:
        goals = list(self.plan.goals.order_by("kind", "position"))
        return {
            **super().context(),
            "priorities": [goal for goal in goals if goal.kind == Goal.Kind.PRIORITY],
            "criteria": [goal for goal in goals if goal.kind == Goal.Kind.CRITERION],
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=HeadingForm(initial=HeadingForm.starting_values(self.plan)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = HeadingForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        change_heading(self.plan, form.heading, actor=self.actor)
        return self.to_the_plan("The heading is saved.")


class GoalPage(OnePlanPage):
    """A priority or a success criterion: write it, change it, take it out."""

    requires = Can.KEEP_PLAN
    template_name = "plans/goal.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.goal = None
        if "goal" in kwargs:
            self.goal = self.plan.goals.filter(public_id=kwargs["goal"]).first()
            if self.goal is None:
                raise Http404

    def context(self) -> dict[str, Any]:
        return {**super().context(), "goal": self.goal}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        start = GoalForm.starting_values(self.goal) if self.goal else {"kind": Goal.Kind.PRIORITY}
        return self.show(form=GoalForm(initial=start, today=self.actor.today))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.goal and request.POST.get("act") == "remove":
            remove_goal(self.goal, actor=self.actor)
            return self.to_the_plan("It is out of the plan.")
        form = GoalForm(request.POST, today=self.actor.today)
        if not form.is_valid():
            return self.show(form=form)
        keep_goal(self.plan, self.goal, actor=self.actor, **form.cleaned_data)
        return self.to_the_plan("The plan is saved.")


def people_of(actor: Any) -> list[Account]:
    """Who works in the virtual school today, by name."""
    posts = Post.objects.filter(authority_id=actor.authority, role__in=VIRTUAL_SCHOOL).live(actor.today)
    accounts = {post.account_id: post.account for post in posts.select_related("account")}
    return sorted(accounts.values(), key=lambda account: account.name)


class AddActionPage(OnePlanPage):
    """A new action of the plan."""

    requires = Can.KEEP_PLAN
    template_name = "plans/write_action.html"

    def _form(self, *args: Any, **kwargs: Any) -> ActionForm:
        others = list(plans_of(self.actor).exclude(pk=self.plan.pk))
        return ActionForm(*args, people=people_of(self.actor), plans=others, today=self.actor.today, **kwargs)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "heading": "Add an action",
            "back": self.plan.get_absolute_url(),
            "back_words": self.plan.title,
            "sections": [section.title for section in self.plan.sections.all()],
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        add_action(self.plan, form.facts, actor=self.actor)
        return self.to_the_plan("The action is in the plan.")


class ChangeActionPage(OneActionPage):
    """Change the words, leads, dates and measures of an action."""

    requires = Can.KEEP_PLAN
    template_name = "plans/write_action.html"

    _form = AddActionPage._form

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "heading": "Change the action",
            "back": self.address,
            "back_words": first_line(self.action.words, 60),
            "sections": [section.title for section in self.plan.sections.all()],
            "others": self.action.lines.count() - 1,
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        start = ActionForm.starting_values(read_action(self.line), self.line.section.title)
        return self.show(form=self._form(initial=start))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        change_action(self.plan, self.line, form.facts, actor=self.actor)
        return self.to_the_action("The action is saved.")


class DutiesPage(Page):
    """What the statutory guidance says must be so: met today or not, and how one knows."""

    requires = Can.SEE_PLAN
    template_name = "plans/duties.html"

    def context(self) -> dict[str, Any]:
        records, may_keep = Records(self.actor), can(self.actor, Can.KEEP_PLAN)
        duties = duties_of(self.actor)
        rows = []
        for each in duties:
            answer = each.answer
            rows.append(
                [
                    Cell(
                        each.duty.label,
                        href=reverse("plans:duty", args=[each.duty.code]) if may_keep else "",
                        sub=f"Actions: {', '.join(first_line(action.words, 60) for action in each.actions)}"
                        if each.actions
                        else "",
                    ),
                    Cell("Met", tag="green")
                    if each.is_met
                    else Cell("Not yet", tag="red")
                    if answer
                    else Cell("Not answered", tag="grey"),
                    Cell(first_line(answer.proof), sub=f"{answer.by}, {day(answer.on)}") if answer else "–",
                    records_say(records.answers(each.duty.measures)) or "–",
                ]
            )
        columns = [
            Column("The duty", stacked_label=False),
            Column("Today"),
            Column("How we know"),
            Column("What the records say"),
        ]
        return {
            "table": Table("Statutory duties", columns, rows),
            "source": DUTIES.source,
            "met": sum(each.is_met for each in duties),
            "count": len(duties),
        }


class DutyPage(Page):
    """Say whether one duty is met, and how one knows. What was said before stays below."""

    requires = Can.KEEP_PLAN
    template_name = "plans/duty.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        duty = DUTIES.on(self.actor.today).get(kwargs["duty"])
        if duty is None:
            raise Http404
        self.duty = duty

    def context(self) -> dict[str, Any]:
        own = {"authority_id": self.actor.authority, "duty": self.duty.code}
        return {
            "duty": self.duty,
            "answers": list(DutyAnswer.objects.filter(**own)),
            "answers_of_records": [
                each for each in Records(self.actor).answers(self.duty.measures) if each.reading is not None
            ],
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=DutyForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DutyForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        typed = form.cleaned_data
        answer_duty(self.duty.code, actor=self.actor, met=typed["met"] == "yes", proof=typed["proof"])
        messages.success(request, "The answer is written down.")
        return HttpResponseRedirect(reverse("plans:duties"))

"""Pages of targets: the list with how each stands today, and the form of one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.design.pictures import rag
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import day_short

from .cohorts import Cohort
from .forms import TargetForm
from .models import Target
from .targets import Refused, new_target, remove_target, set_target, standings


class TargetsPage(Page):
    """The targets of the authority, each with how its figure stands today and why."""

    requires = Can.KEEP_PLAN
    template_name = "measures/targets.html"

    def context(self) -> dict[str, Any]:
        held = Target.objects.filter(authority_id=self.actor.authority).order_by("-end", "measure", "group", "pk")
        rows = [
            [
                Cell(each.measure.title, href=reverse("measures:target", args=[each.target.public_id]), sub=each.whom),
                Cell(each.words, sub=f"by {day_short(each.target.due_on)}"),
                each.target.period,
                Cell(rag(each.judged.state), sub=each.judged.why),
            ]
            for each in standings(held, actor=self.actor)
        ]
        columns = [Column("Figure", stacked_label=False), Column("Target"), Column("Period"), Column("Today")]
        return {"table": Table("Targets", columns, rows) if rows else None}


class TargetPage(Page):
    """One target: set it, change it, take it away."""

    requires = Can.KEEP_PLAN
    template_name = "measures/target.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        if "target" not in kwargs:
            self.target = new_target(self.actor, on=self.actor.today)
            return
        found = Target.objects.filter(authority_id=self.actor.authority, public_id=kwargs["target"]).first()
        if found is None:
            raise Http404
        self.target = found

    def context(self) -> dict[str, Any]:
        return {"held": self.target.pk is not None}

    def _form(self, *args: Any, **kwargs: Any) -> TargetForm:
        return TargetForm(*args, cohort=Cohort.for_actor(self.actor, as_at=self.actor.today), **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self._form(initial=TargetForm.initial_of(self.target)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.target.pk is not None and request.POST.get("act") == "remove":
            remove_target(self.target, actor=self.actor)
            messages.success(request, "The target was taken away.")
            return HttpResponseRedirect(reverse("measures:targets"))
        form = self._form(request.POST)
        if form.is_valid():
            form.put_into(self.target)
            try:
                set_target(self.target, actor=self.actor)
            except Refused as why:
                form.add_error(None, str(why))
            else:
                messages.success(request, "The target was saved.")
                return HttpResponseRedirect(reverse("measures:targets"))
        return self.show(form=form)

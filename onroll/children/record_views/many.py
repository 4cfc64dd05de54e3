"""Acts on several children ticked in a list. The form carries their ids; each is found through the gate again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.design.words import count_of, day
from onroll.history.viewing import listed

from ..actions.people import allocate_many, why_not_allocate
from ..actions.school import end_places_and_start_next, why_not_end_and_start_next
from ..contradictions import Refused
from ..forms.people import AllocateForm
from ..forms.school import NextPlacesForm
from ..models import Child

MOST = 500


class ManyPage(Page):
    """Where several children are allocated to someone, or end their school places and start the next."""

    requires = Can.ACT_ON_MANY
    template_name = "children/many.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('children:roll')}?choose=1")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = request.POST.get("act", "")
        if act not in ("allocate", "places"):
            raise Http404
        self.children = self.ticked(request.POST.getlist("child"))
        if not self.children:
            messages.warning(request, "Tick the children first.")
            return HttpResponseRedirect(f"{reverse('children:roll')}?choose=1")
        listed(self.actor, [child.pk for child in self.children], "children:many")
        typed = request.POST if request.POST.get("step") == "save" else None
        return self.allocate(typed) if act == "allocate" else self.places(typed)

    def ticked(self, public_ids: list[str]) -> list[Child]:
        """The ticked children whom the actor may see, in the order of their names."""
        try:
            wanted = [UUID(public_id) for public_id in public_ids[:MOST]]
        except ValueError:
            raise Http404 from None
        found = Child.visible_to(self.actor).filter(public_id__in=wanted)
        return list(found.order_by("family_name", "given_name", "pk"))

    def allocate(self, typed: Any) -> HttpResponse:
        form = AllocateForm(typed, actor=self.actor, initial={"start": self.actor.today, "in_place": "yes"})
        if typed is None or not form.is_valid():
            return self.ask(form, "allocate", "Allocate someone", "Allocate")
        account, role = form.allocated()
        options = {
            "account": account,
            "role": role,
            "start": form.cleaned_data["start"],
            "in_place": form.cleaned_data["in_place"] == "yes",
        }
        reasons = why_not_allocate(self.children, **options, actor=self.actor)
        if reasons:
            return self.ask(form, "allocate", "Allocate someone", "Allocate", reasons)
        try:
            allocate_many(self.children, **options, actor=self.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.ask(form, "allocate", "Allocate someone", "Allocate")
        return self.done(f"{account.name} is allocated to {self.many()} from {day(options['start'])}.")

    def places(self, typed: Any) -> HttpResponse:
        title, button = "End places and start the next", "End these places"
        form = NextPlacesForm(typed, actor=self.actor)
        if typed is None or not form.is_valid():
            form.show_the_list()
            return self.ask(form, "places", title, button)
        data = form.cleaned_data
        options = {"end": data["end"], "next_school": form.chosen_school, "start": data["start"]}
        reasons = why_not_end_and_start_next(self.children, **options, actor=self.actor)
        if reasons:
            form.show_the_list()
            return self.ask(form, "places", title, button, reasons)
        try:
            end_places_and_start_next(self.children, **options, leaving_reason=data["leaving_reason"], actor=self.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.show_the_list()
            return self.ask(form, "places", title, button)
        said = f"The places of {self.many()} end on {day(data['end'])}."
        if form.chosen_school:
            said += f" The next start at {form.chosen_school} on {day(data['start'])}."
        return self.done(said)

    def ask(self, form: Any, act: str, title: str, button: str, reasons: dict[int, str] | None = None) -> HttpResponse:
        """The form with its children. Those for whom it can't be done stand with the reason, to be left out."""
        if reasons:
            form.add_error(None, f"This can’t be done for {count_of(len(reasons), 'child', 'children')}. Untick them.")
        rows = [(child, (reasons or {}).get(child.pk, "")) for child in self.children]
        return self.show(form=form, act=act, heading=title, button=button, rows=rows, many=self.many())

    def many(self) -> str:
        return count_of(len(self.children), "child", "children")

    def done(self, said: str) -> HttpResponse:
        messages.success(self.request, said)
        return HttpResponseRedirect(reverse("children:roll"))

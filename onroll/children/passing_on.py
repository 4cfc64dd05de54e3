"""The page on which the children of a closed school pass to the school that followed it."""

from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.design.words import count_of
from onroll.history.changes import change
from onroll.schools.models import School
from onroll.schools.queries import Succession, in_reach, succession_of

from .actions.school import follow_successor, places_that_follow
from .contradictions import Refused


class PassOnPage(Page):
    """Where the virtual school says, for all its children at once, that one school has taken another's place."""

    requires = Can.ACT_ON_MANY
    template_name = "children/pass_on.html"

    school: School
    steps: list[Succession]

    def open(self, *args: Any, **kwargs: Any) -> None:
        found = in_reach(self.actor).filter(public_id=kwargs["school"]).first()
        steps = succession_of(found, self.actor.today) if found else []
        if found is None or not steps:
            raise Http404
        self.school, self.steps = found, steps

    def context(self) -> dict[str, Any]:
        places = places_that_follow(self.school, on=self.steps[0].first_day, actor=self.actor)
        return {
            "school": self.school,
            "steps": self.steps,
            "last": self.steps[-1],
            "children": places.values("child").distinct().count(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            passed = pass_along(self.school, self.steps, actor=self.actor)
        except Refused as reason:
            return self.show(problem=str(reason))
        last = self.steps[-1].school
        messages.success(request, f"{count_of(passed, 'place')} passed to {last.name}.")
        return HttpResponseRedirect(reverse("schools:school", args=[last.public_id]))


def pass_along(school: School, steps: list[Succession], *, actor: Actor) -> int:
    """Pass the children of a school to the one that followed it, and on to the next where that has closed too.

    One act, kept whole or not at all. Returns how many places passed from the first school.
    """
    with change("place.followed_successor", actor=actor):
        passed = follow_successor(school, successor=steps[0].school, on=steps[0].first_day, actor=actor)
        for before, after in pairwise(steps):
            if places_that_follow(before.school, on=after.first_day, actor=actor).exists():
                follow_successor(before.school, successor=after.school, on=after.first_day, actor=actor)
    return passed

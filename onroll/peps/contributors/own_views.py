"""The pages of a contributor: the door with its code, and the questions of one section."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onroll.access.can import Can
from onroll.children.contradictions import Refused

from ..contributor_models import ContributorLink
from ..section_forms import SectionForm
from ..voice.own_forms import EnterCodeForm
from ..voice.pass_views import CodeAgain, CodeAsked, Door, PassPage
from .contributing import Wrong, contribute, own_lines

# What may be sent once more beside the code: as many boxes as a section has.
MOST_TYPED, LONGEST_TYPED = 200, 20_000


class ContributePage(PassPage):
    """A page of a contributor."""

    abstract = True
    name = "contribute"
    model = ContributorLink
    code_route = "peps:contribute_code"
    closed_template = "peps/contributors/closed.html"


class _Code(ContributePage, CodeAsked):
    """A page that asks a contributor for the code."""

    abstract = True
    opened = False
    template_name = "peps/contributors/code.html"

    def first(self) -> str:
        return reverse("peps:contribute")

    def looked_at(self) -> tuple[str, str]:
        return "g", "peps:contribute"

    def where_they_were(self, request: HttpRequest) -> HttpResponse:
        """The questions; or, with what was typed before the code was asked for again, as if just sent."""
        if "typed" not in request.POST:
            return HttpResponseRedirect(self.first())
        page = QuestionsPage()
        page.setup(request)
        page.held, page.today, page.by = self.held, self.today, self.by
        return page.post(request)

    def context(self) -> dict[str, Any]:
        return {"typed": typed_in(self.request) if "typed" in self.request.POST else []}


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """What this browser sent, to be sent once more beside the code. Nothing that was stored."""
    left_out = ("csrfmiddlewaretoken", "code", "typed")
    pairs = [(name, value) for name, values in request.POST.lists() for value in values if name not in left_out]
    return [("typed", "yes"), *((name, value[:LONGEST_TYPED]) for name, value in pairs[:MOST_TYPED])]


class ContributeDoor(_Code, Door):
    """Where the link leads: the code is asked for, and with the first answer the link leaves the address."""

    requires = Can.ANYONE


class ContributeCode(_Code, CodeAgain):
    """The code is asked for again: it was wrong, or nothing was asked for half an hour."""

    requires = Can.ANYONE


class QuestionsPage(ContributePage):
    """The questions of the one section, with what this contributor wrote, and nobody else's words."""

    requires = Can.ANYONE
    template_name = "peps/contributors/questions.html"

    def not_open(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What was typed before half an hour went by is not lost: it is kept on the page that asks for the code."""
        if request.method != "POST":
            return super().not_open(request, **kwargs)
        return render(request, "peps/contributors/code.html", {"form": EnterCodeForm(), "typed": typed_in(request)})

    def _form(self, data: Any = None) -> SectionForm:
        lines = own_lines(self.held, self.by)
        return SectionForm(lines, data, offered={}, known_as=self.held.child.first_name)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._shown(self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._shown(form)
        try:
            contribute(self.held, form.answers(), actor=self.by)
        except Wrong as wrong:
            if self.held.ended_on is not None:
                request.session.flush()
                return self.closed()
            for key, said in wrong.answers.items():
                form.add_error(key if key in form.fields else None, said)
            return self._shown(form)
        except Refused:
            return self.closed()
        self.lock(request)
        return render(request, "peps/contributors/thanks.html", {"until": self.held.expires})

    def _shown(self, form: SectionForm) -> HttpResponse:
        return self.show(
            form=form,
            boxes=form.boxes(),
            known_as=self.held.child.first_name,
            wrote=self.held.finished_on,
            asker=self.held.given_by_name,
        )

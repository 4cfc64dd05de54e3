"""Pages for those who ask contributors: whom they asked, a new link and code, the end of one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from onroll.access.can import Can
from onroll.children.contradictions import Refused
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import day_short

from ..contributor_models import ContributorLink
from ..forms.declarations import named
from ..section_views import WritingPage
from ..voice.passes import Given, square_of
from ..voice_models import Pass
from .forms import AskForm
from .links import ask, askable, renew, why_not_ask, withdraw


def state_of(link: ContributorLink, today: Any) -> tuple[str, str]:
    """How far it is with somebody who was asked, in words and as a colour."""
    if link.finished_on is not None:
        return "Answered", "green"
    if link.why == Pass.Ended.CODES:
        return "Closed: tried too often", "red"
    if link.ended_on is not None:
        return link.get_why_display(), "grey"
    if link.is_over(today):
        return "The link has ended", "grey"
    return ("Opened", "blue") if link.opened_on else ("Not opened yet", "yellow")


class ContributorsPage(WritingPage):
    """Who was asked for a few lines to this plan, and how far it is."""

    requires = Can.WRITE_PEPS
    writes = True
    template_name = "peps/contributors/asked.html"

    def context(self) -> dict[str, Any]:
        links = ContributorLink.of(self.child, self.actor).filter(pep=self.pep).order_by("-pk")
        titles = {each.section.key: each.section.title for each in self.writing.shown}
        rows = []
        for link in links:
            link.pep = self.pep
            words, colour = state_of(link, self.actor.today)
            rows.append(
                [
                    Cell(link.name, href=self.url("peps:contributor", link.public_id), sub=link.get_asked_display()),
                    named(titles.get(link.section_key, "A section that is no longer there"), self.child.first_name),
                    Cell(f"{day_short(link.given_on)}, {link.given_by_name}"),
                    Cell(words, tag=colour),
                ]
            )
        columns = [Column("Who", stacked_label=False), Column("Section"), Column("Asked"), Column("State")]
        return {
            **super().context(),
            "pep": self.pep,
            "pep_url": self.url("peps:pep"),
            "table": Table("People asked for a few lines", columns, rows) if rows else None,
            "blocked": why_not_ask(self.pep),
            "ask": self.url("peps:ask_contributor"),
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()


class _ShownOnce(WritingPage):
    """A page that makes a link and a code, and shows them once."""

    abstract = True
    writes = True

    def shown_once(self, given: Given, **context: Any) -> HttpResponse:
        held = given.held
        return self.show(
            **context,
            given=given,
            square=None if held.mailed_to else square_of(given.link),
            mailed_to=str(held.mailed_to),
            until=held.expires,
        )

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "pep": self.pep,
            "back": self.url("peps:contributors"),
            "blocked": why_not_ask(self.pep),
            "given": None,
        }


class AskPage(_ShownOnce):
    """Somebody without an account is asked for a few lines to one section."""

    requires = Can.WRITE_PEPS
    template_name = "peps/contributors/ask.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=AskForm(writing=self.writing))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AskForm(request.POST, writing=self.writing)
        if not form.is_valid():
            return self.show(form=form)
        asked, _, key = form.cleaned_data["what"].partition("/")
        typed = form.cleaned_data
        try:
            given = ask(self.writing, asked, key, name=typed["name"], address=typed["address"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        return self.shown_once(given, form=form)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "nobody": not askable(self.writing)}


class ContributorPage(_ShownOnce):
    """One person who was asked: how far it is, a new link and code, or the end."""

    requires = Can.WRITE_PEPS
    template_name = "peps/contributors/contributor.html"

    link: ContributorLink

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        found = ContributorLink.of(self.child, self.actor).filter(pep=self.pep, public_id=kwargs["link"]).first()
        if found is None:
            raise Http404
        self.link = found
        self.link.pep, self.link.child = self.pep, self.child

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") == "withdraw":
            withdraw(self.link, actor=self.actor)
            messages.success(request, "The link is taken back. Nobody can open it any more.")
            return HttpResponseRedirect(self.url("peps:contributors"))
        try:
            return self.shown_once(renew(self.link, actor=self.actor))
        except Refused as refusal:
            return self.show(error=str(refusal))

    def context(self) -> dict[str, Any]:
        words, colour = state_of(self.link, self.actor.today)
        titles = {each.section.key: each.section.title for each in self.writing.shown}
        return {
            **super().context(),
            "link": self.link,
            "title": named(titles.get(self.link.section_key, ""), self.child.first_name),
            "state": words,
            "colour": colour,
            "live": not self.link.is_over(self.actor.today),
            "renews": self.link.why in ("", Pass.Ended.CODES),
            "section_url": self.url("peps:section", self.link.section_key) if titles else "",
        }

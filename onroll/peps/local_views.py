"""Pages on which an authority keeps its own sections and questions, and says national ones in its own words."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.children.contradictions import Refused
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import day

from .forms.declarations import FilledBy, named
from .forms.local import LocalQuestion, may_be_left_out
from .local_actions import (
    add_question,
    add_section,
    change_question,
    declared_now,
    forms_with,
    national_sections,
    parts_for,
    retire_question,
    say_of_section,
)
from .local_forms import (
    KIND_WORDS,
    LocalQuestionForm,
    LocalSectionForm,
    NationalSectionForm,
    WhereForm,
    part_words,
    sections_to_ask_in,
)
from .models import LocalForm, Pep
from .writing import OWNERS

LATEST_VERSIONS = 10


class OwnQuestionsPage(Page):
    """What the authority adds to the forms of plans, and how that came about."""

    requires = Can.CHANGE_SETTINGS
    template_name = "peps/own_questions.html"
    fresh = True

    def context(self) -> dict[str, Any]:
        said = declared_now(self.actor.authority)
        titles = dict(sections_to_ask_in(said))
        asked = [each for each in said.questions if not each.retired]
        found = LocalForm.objects.filter(authority_id=self.actor.authority).select_related("made_by")
        versions = list(found.order_by("-version")[:LATEST_VERSIONS])
        empty = [each.title for each in said.sections if not said.asked(each.key)]
        return {
            "questions": self._questions(asked, titles) if asked else None,
            "retired": [each for each in said.questions if each.retired],
            "empty_sections": empty,
            "national": self._national(said, titles),
            "versions": [
                f"Version {each.version}, {day(each.made_on)}{f', {each.made_by.name}' if each.made_by else ''}: "
                f"{each.what}"
                for each in versions
            ],
        }

    @staticmethod
    def _questions(asked: list[LocalQuestion], titles: dict[str, str]) -> Table:
        columns = [
            Column("Question", stacked_label=False),
            Column("Section"),
            Column("Who answers"),
            Column("Who reads"),
            Column("Forms"),
        ]
        rows: list[Any] = [
            [
                Cell(
                    each.words,
                    href=reverse("peps:own_question", args=[each.key]),
                    sub=KIND_WORDS[each.kind] + (", has to be answered" if each.required else ""),
                ),
                titles.get(each.section, each.section),
                OWNERS[FilledBy(each.filled_by)],
                part_words(each.part),
                ", ".join(Pep.Form(kind).label for kind in each.forms),
            ]
            for each in asked
        ]
        return Table("Your own questions", columns, rows)

    @staticmethod
    def _national(said: Any, titles: dict[str, str]) -> Table:
        columns = [Column("Section", stacked_label=False), Column("Left out"), Column("In your own words")]
        rows: list[Any] = []
        for key, section in national_sections().items():
            off = sum(each.key in said.off for each in section.questions if may_be_left_out(each))
            own = sum(each.key in said.hints for each in section.questions) + (key in said.titles)
            cell = Cell(titles[key], href=reverse("peps:national_section", args=[key]))
            rows.append([cell, str(off) if off else "–", str(own) if own else "–"])
        return Table("The national sections", columns, rows)


class _FormPage(Page):
    """A page with one form that makes a new version."""

    abstract = True
    template_name = "peps/own_form.html"
    fresh = True
    heading = ""
    button = "Save"

    def form(self, data: Any = None) -> Any:
        raise NotImplementedError

    def act(self, form: Any) -> str:
        """Do it, and say so."""
        raise NotImplementedError

    def where_next(self) -> str:
        return reverse("peps:own_questions")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        try:
            messages.success(request, self.act(form))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        return HttpResponseRedirect(self.where_next())

    def context(self) -> dict[str, Any]:
        return {"heading": self.heading, "button": self.button, "retire": False, "told": ""}


NEXT_PLANS = "Plans that nobody has written in yet have it at once; the others stay as they began."


class OwnSectionPage(_FormPage):
    """A new section."""

    requires = Can.CHANGE_SETTINGS
    heading = "Add a section"
    button = "Add the section"

    def form(self, data: Any = None) -> LocalSectionForm:
        return LocalSectionForm(data)

    def act(self, form: LocalSectionForm) -> str:
        said = form.cleaned_data
        add_section(said["title"], said["filled_by"], said["part"], said["forms"], actor=self.actor)
        return "The section is added. It stands in plans once it has a question."


class NewQuestionPage(_FormPage):
    """A new question: first its section, for that says who can read it and in which forms it can stand."""

    requires = Can.CHANGE_SETTINGS
    heading = "Add a question"
    button = "Add the question"

    def _section(self) -> str:
        asked = self.request.GET.get("section", "")
        return asked if asked in dict(sections_to_ask_in(declared_now(self.actor.authority))) else ""

    def form(self, data: Any = None) -> Any:
        said, section = declared_now(self.actor.authority), self._section()
        if not section:
            return WhereForm(self.request.GET if self.request.GET else None, said=said)
        return _question_form(section, said, data)

    def context(self) -> dict[str, Any]:
        section = self._section()
        title = dict(sections_to_ask_in(declared_now(self.actor.authority))).get(section, "")
        told = f"In the section: {title}. {NEXT_PLANS}" if section else ""
        return {
            **super().context(),
            "told": told,
            "choosing": not section,
            "button": self.button if section else "Continue",
        }

    def act(self, form: Any) -> str:
        if isinstance(form, WhereForm):
            raise Refused("Choose the section first.")
        add_question(form.asked(), actor=self.actor)
        return f"The question is added. {NEXT_PLANS}"


def _question_form(section: str, said: Any, data: Any = None, initial: Any = None) -> LocalQuestionForm:
    own = next((each for each in said.sections if each.key == section), None)
    standing_in = list(own.forms) if own else forms_with(section)
    return LocalQuestionForm(
        data, section=section, parts=parts_for(section, said), standing_in=standing_in, initial=initial
    )


class OwnQuestionPage(_FormPage):
    """An own question: its words changed, or asked no more."""

    requires = Can.CHANGE_SETTINGS
    heading = "Your own question"

    def open(self, *args: Any, **kwargs: Any) -> None:
        self.said = declared_now(self.actor.authority)
        found = next((each for each in self.said.questions if each.key == kwargs["key"] and not each.retired), None)
        if found is None:
            raise Http404
        self.held = found

    def form(self, data: Any = None) -> LocalQuestionForm:
        return _question_form(self.held.section, self.said, data, LocalQuestionForm.initial_of(self.held))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") == "retire":
            retire_question(self.held.key, actor=self.actor)
            messages.success(request, "The question is asked no more. Plans that have it keep it, with its answers.")
            return HttpResponseRedirect(self.where_next())
        return super().post(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        title = dict(sections_to_ask_in(self.said)).get(self.held.section, "")
        return {**super().context(), "retire": True, "told": f"In the section: {title}. {NEXT_PLANS}"}

    def act(self, form: LocalQuestionForm) -> str:
        change_question(form.asked(self.held.key), actor=self.actor)
        return f"The question is changed. {NEXT_PLANS}"


class NationalSectionPage(_FormPage):
    """A national section in the authority's own words, without the optional questions that it does not ask."""

    requires = Can.CHANGE_SETTINGS

    def open(self, *args: Any, **kwargs: Any) -> None:
        found = national_sections().get(kwargs["key"])
        if found is None:
            raise Http404
        self.found = found
        self.heading = named(found.title, "")

    def form(self, data: Any = None) -> NationalSectionForm:
        return NationalSectionForm(data, section=self.found, said=declared_now(self.actor.authority))

    def context(self) -> dict[str, Any]:
        told = f"What is required or counted nationally is always asked. {NEXT_PLANS}"
        return {**super().context(), "told": told}

    def act(self, form: NationalSectionForm) -> str:
        say_of_section(self.found.key, form.cleaned_data["title"], form.hints, form.off, actor=self.actor)
        return f"Saved. {NEXT_PLANS}"

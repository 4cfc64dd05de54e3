"""The pages of a young person: the door with its code, one question a page, the end, and the plan on one page.

Nothing on them names a service, a school, a plan's child or anybody else. They show no navigation, and what was typed
is read again only with the code.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.children.contradictions import Refused
from onroll.documents.views import as_file

from ..printing import one_page
from ..voice_models import LONGEST_WORDS, VoicePass
from ..writing import Writing
from . import saying
from .own_forms import AnswerForm, EnterCodeForm
from .pass_views import CodeAgain, CodeAsked, Door, PassPage
from .passes import Purpose
from .pictures import file_of
from .questions import HELPER, START, Question, Variant

MOST_CHOICES = 30


class OwnPage(PassPage):
    """A page of a young person."""

    abstract = True
    name = "my_page"
    model = VoicePass
    code_route = "peps:voice_code"
    closed_template = "peps/voice/closed.html"
    # What the pass has to be for.
    purpose: ClassVar[str] = Purpose.SAY

    def is_for(self, found: Any) -> bool:
        return not self.opened or found.purpose == self.purpose


class _OwnCode(OwnPage, CodeAsked):
    """A page that asks a young person for the code."""

    abstract = True
    opened = False
    template_name = "peps/voice/code.html"

    def first(self) -> str:
        if self.held.purpose == Purpose.READ:
            return reverse("peps:voice_plan")
        return reverse("peps:voice_question", args=[1])

    def looked_at(self) -> tuple[str, str]:
        return ("g,h", "peps:voice_plan") if self.held.purpose == Purpose.READ else ("h", "peps:voice_question")

    def where_they_were(self, request: HttpRequest) -> HttpResponse:
        """The first part; or, with what was typed before the code was asked for again, that part as if just sent."""
        number = request.POST.get("number", "")
        is_number = number.isascii() and number.isdecimal() and len(number) < 3
        if not is_number or self.held.purpose != Purpose.SAY:
            return HttpResponseRedirect(self.first())
        asked = QuestionPage()
        asked.setup(request, number=int(number))
        asked.held, asked.today, asked.by = self.held, self.today, self.by
        return asked.post(request, number=int(number))

    def context(self) -> dict[str, Any]:
        return {"typed": typed_in(self.request) if "number" in self.request.POST else []}


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """What this browser sent of an answer, to be sent once more beside the code. Nothing that was stored."""
    names = ("number", "chosen", "words", "share")
    return [(name, value[:LONGEST_WORDS]) for name in names for value in request.POST.getlist(name)[:MOST_CHOICES]]


class DoorPage(_OwnCode, Door):
    """Where the link leads: the code is asked for, and with the first answer the link leaves the address."""

    requires = Can.ANYONE


class CodePage(_OwnCode, CodeAgain):
    """The code is asked for again: it was wrong, or nothing was asked for half an hour."""

    requires = Can.ANYONE


class QuestionPage(OwnPage):
    """One question: faces or choices, own words, who can see it, or miss it out."""

    requires = Can.ANYONE
    template_name = "peps/voice/question.html"

    question: Question

    def not_open(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What was typed before half an hour went by is not lost: it is kept on the page that asks for the code."""
        if request.method != "POST":
            return super().not_open(request, **kwargs)
        typed = [("number", str(kwargs["number"])), *typed_in(request)]
        return render(request, "peps/voice/code.html", {"form": EnterCodeForm(), "typed": typed})

    def _prepare(self, number: int) -> HttpResponse | None:
        """Find the question. An address beyond the last one leads to the end."""
        self.questions = saying.questions_for(self.held.pep, Variant(self.held.variant), today=self.today)
        self.number = number
        if not 1 <= number <= len(self.questions):
            return HttpResponseRedirect(reverse("peps:voice_finish"))
        self.question = self.questions[number - 1]
        return None

    def context(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "number": self.number,
            "count": len(self.questions),
            "done": round(90 * self.number / len(self.questions)),
            "before": reverse("peps:voice_question", args=[self.number - 1]) if self.number > 1 else "",
            "after": self._after(),
            "borrowed": self.held.borrowed,
            "picture": reverse("peps:voice_own_picture", args=[self.number]) if self._has_picture() else "",
            "is_start": self.question.key == START,
            "is_young": self.held.variant in (Variant.AGE_5_10, Variant.COMMUNICATION_SUPPORT),
        }

    def _after(self) -> str:
        if self.number == len(self.questions):
            return reverse("peps:voice_finish")
        return reverse("peps:voice_question", args=[self.number + 1])

    def _held(self) -> dict[str, Any]:
        """What they said to this question before, to change it. On a borrowed device it is not shown again."""
        if self.held.borrowed:
            return {}
        own = saying.on_the_pages_of(self.held)
        if self.question.key == HELPER:
            helper = own.exclude(helper="").values_list("helper", flat=True).first()
            return {"chosen": helper or ""}
        row = own.filter(question_key=self.question.key).first()
        if row is None:
            return {}
        said = row.said
        several = self.question.kind == "several"
        return {
            "chosen": list(said.chosen) if several else "".join(said.chosen),
            "words": said.words,
            "share": row.share,
        }

    def _has_picture(self) -> bool:
        """Whether there is a picture with this answer. On a borrowed device it is not said."""
        if self.held.borrowed:
            return False
        own = saying.on_the_pages_of(self.held).filter(question_key=self.question.key, picture__isnull=False)
        return bool(own.exists())

    def _form(self, data: Mapping[str, Any] | None = None, files: Any = None) -> AnswerForm:
        own: dict[str, Any] = {"question": self.question, "variant": Variant(self.held.variant)}
        return AnswerForm(data, files, **own) if data is not None else AnswerForm(initial=self._held(), **own)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._prepare(kwargs["number"]) or self.show(form=self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if elsewhere := self._prepare(kwargs["number"]):
            return elsewhere
        form = self._form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        try:
            self._keep(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        return HttpResponseRedirect(self._after())

    def _keep(self, form: AnswerForm) -> None:
        if self.question.key == HELPER:
            saying.say_who_helped(self.held, "".join(form.said.chosen), actor=self.by)
        elif self.question.key != START:
            saying.answer(
                self.held,
                self.question,
                form.said,
                form.share,
                picture=form.cleaned_data.get("picture"),
                without_picture=form.cleaned_data.get("without_picture", False),
                actor=self.by,
            )


class OwnPicture(OwnPage):
    """The picture that they added to one answer, to see that it is the right one."""

    requires = Can.ANYONE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        questions = saying.questions_for(self.held.pep, Variant(self.held.variant), today=self.today)
        number = kwargs["number"]
        key = questions[number - 1].key if 1 <= number <= len(questions) else ""
        row = saying.on_the_pages_of(self.held).filter(question_key=key).first()
        found = file_of(row) if row is not None and not self.held.borrowed else None
        if found is None:
            return self.closed()
        version, data = found
        return as_file(data, version.kept_as.mime, name=f"picture.{version.type}")


class FinishPage(OwnPage):
    """The end: how much was answered, and that it is done. After that the code is needed to read it again."""

    requires = Can.ANYONE
    template_name = "peps/voice/finish.html"

    def context(self) -> dict[str, Any]:
        pep = self.held.pep
        questions = saying.questions_for(pep, Variant(self.held.variant), today=self.today)
        said = set(saying.on_the_pages_of(self.held).values_list("question_key", flat=True))
        lines = [
            (each.question, reverse("peps:voice_question", args=[at]), each.key in said)
            for at, each in enumerate(questions, 1)
            if each.is_asked_of_adults
        ]
        return {"lines": lines, "answered": sum(is_said for *_, is_said in lines), "count": len(lines)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        saying.finish(self.held, actor=self.by)
        self.lock(request)
        return render(request, "peps/voice/thanks.html")


class PlanPage(OwnPage):
    """The plan on one page, in their words: what they said to everyone, what they will do, who helps and by when."""

    requires = Can.ANYONE
    purpose = Purpose.READ
    template_name = "peps/voice/plan.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = one_page(Writing(self.held.pep, self.by))
        return self.show(known_as=self.held.child.first_name, parts=page.parts, until=self.held.expires)


class HidePage(Page):
    """Away from here at once: the page is locked, and a page that says nothing takes its place."""

    requires = Can.ANYONE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        request.session.flush()
        response = HttpResponseRedirect(reverse("peps:voice_blank"))
        response["Clear-Site-Data"] = '"cache"'
        return response


class BlankPage(Page):
    """A page that says nothing."""

    requires = Can.ANYONE
    template_name = "peps/voice/blank.html"

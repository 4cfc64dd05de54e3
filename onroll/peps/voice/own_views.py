"""The pages of a young person: the door with its code, one question a page, and the end.

Nothing on them names a service, a school, a plan's child or anybody else. They show no navigation, and what was typed
is read again only with the code. Opening the link (GET) changes nothing, because programs that look through messages
open every link; only a form that is sent (POST) does.
"""

import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from onroll.access import guessing, scope
from onroll.access.actors import Actor
from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.access.signing_in import address_of
from onroll.children.contradictions import Refused
from onroll.history.viewing import viewed

from ..voice_models import LONGEST_WORDS, TRIES, VoicePass
from . import saying
from .own_forms import AnswerForm, EnterCodeForm
from .passes import Tried, is_closed, pass_numbered, pass_of_link, the_young_person, try_code
from .questions import HELPER, START, Question, Variant

IN_SESSION = "my_page"
IDLE = timedelta(minutes=30)
DEVICE_DAYS = 41
MOST_CHOICES = 30


def device_cookie() -> str:
    """What the cookie is called that makes a browser the one that opened the page first."""
    return "my-page" if settings.LOOPBACK_ONLY else "__Host-my-page"


class OwnPage(Page):
    """A page of a young person. `opened`: only to somebody who gave the code within the last half hour."""

    abstract = True
    opened: ClassVar[bool] = True
    keeps_words = False

    voice_pass: VoicePass
    by: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        with ExitStack() as self.until_done:
            response = self._answer_young_person(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def _answer_young_person(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.find(request, **kwargs)
        if found is None:
            return self.closed()
        self.voice_pass, self.today = found, timezone.localdate()
        self.until_done.enter_context(scope.in_authority(found.authority_id))
        if is_closed(found, today=self.today):
            return self.closed()
        self.by = the_young_person(found.authority_id, self.today)
        if self.opened and not self.is_open(request):
            return self.not_open(request, **kwargs)
        return super(Page, self).dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def find(self, request: HttpRequest, **kwargs: Any) -> VoicePass | None:
        """The pass that this browser opened, or began to."""
        held = request.session.get(IN_SESSION)
        if not isinstance(held, dict):
            return None
        with scope.in_authority(held["authority"]):
            return pass_numbered(held["authority"], held["pass"])

    def is_open(self, request: HttpRequest) -> bool:
        """Whether the code was given here, and something was asked for within half an hour. Notes that it is now."""
        held, now = request.session[IN_SESSION], timezone.now()
        seen = held.get("seen")
        if seen is None or not 0 <= now.timestamp() - seen < IDLE.total_seconds():
            return False
        request.session[IN_SESSION] = {**held, "seen": now.timestamp()}
        return True

    def not_open(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """To the page that asks for the code."""
        return HttpResponseRedirect(reverse("peps:voice_code"))

    def lock(self, request: HttpRequest) -> None:
        """From here on the code is needed again."""
        request.session[IN_SESSION] = {**request.session[IN_SESSION], "seen": None}

    def closed(self, words: str = "") -> HttpResponse:
        return render(self.request, "peps/voice/closed.html", {"words": words}, status=404)


class CodeAsked(OwnPage):
    """A page that asks for the code."""

    abstract = True
    opened = False
    template_name = "peps/voice/code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.begin(request)
        form, now, address = EnterCodeForm(request.POST), timezone.now(), address_of(request)
        if not form.is_valid():
            return self.asked_again(request, form)
        if not guessing.may_try_from(address, now=now):
            form.add_error("code", "Wait a minute. Then try again")
            return self.asked_again(request, form)
        device = request.COOKIES.get(device_cookie()) or secrets.token_urlsafe(32)
        borrowed = bool(request.session[IN_SESSION].get("borrowed"))
        typed = form.cleaned_data["code"]
        tried = try_code(self.voice_pass, typed, device, borrowed=borrowed, today=self.today)
        if tried is Tried.RIGHT:
            guessing.was_right_from(address)
            return self.let_in(request, device, now.timestamp())
        if tried is Tried.WRONG:
            self.voice_pass.refresh_from_db()
            left = TRIES - self.voice_pass.tries
            form.add_error("code", f"That is not the code. You can try {left} more time{'' if left == 1 else 's'}")
            return self.asked_again(request, form)
        request.session.flush()
        return self.closed(
            "This page was opened on another phone or computer first." if tried is Tried.ELSEWHERE else ""
        )

    def begin(self, request: HttpRequest) -> None:
        """Before a code is looked at."""

    def asked_again(self, request: HttpRequest, form: EnterCodeForm) -> HttpResponse:
        return self.show(form=form)

    def let_in(self, request: HttpRequest, device: str, moment: float) -> HttpResponse:
        # Another session than the one in which the code was asked for.
        request.session.cycle_key()
        request.session[IN_SESSION] = {**request.session[IN_SESSION], "seen": moment}
        viewed(self.by, self.voice_pass.child, "h", route="peps:voice_question")
        response = self.where_they_were(request)
        response.set_cookie(
            device_cookie(),
            device,
            max_age=DEVICE_DAYS * 24 * 60 * 60,
            secure=not settings.LOOPBACK_ONLY,
            httponly=True,
            samesite="Lax",
        )
        return response

    def where_they_were(self, request: HttpRequest) -> HttpResponse:
        """The first part; or, with what was typed before the code was asked for again, that part as if just sent."""
        number = request.POST.get("number", "")
        if not (number.isascii() and number.isdecimal() and len(number) < 3):
            return HttpResponseRedirect(reverse("peps:voice_question", args=[1]))
        asked = QuestionPage()
        asked.setup(request, number=int(number))
        asked.voice_pass, asked.today, asked.by = self.voice_pass, self.today, self.by
        return asked.post(request, number=int(number))

    def context(self) -> dict[str, Any]:
        return {"typed": typed_in(self.request) if "number" in self.request.POST else []}


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """What this browser sent of an answer, to be sent once more beside the code. Nothing that was stored."""
    names = ("number", "chosen", "words", "share")
    return [(name, value[:LONGEST_WORDS]) for name in names for value in request.POST.getlist(name)[:MOST_CHOICES]]


class DoorPage(CodeAsked):
    """Where the link leads: the code is asked for, and with the first answer the link leaves the address."""

    requires = Can.ANYONE

    def find(self, request: HttpRequest, **kwargs: Any) -> VoicePass | None:
        return pass_of_link(kwargs["token"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        response = super().dispatch(request, *args, **kwargs)
        # The link is in the path, so the path is told to nobody. "no-referrer" would also make browsers say that the
        # form comes from nowhere, and it would be refused.
        response["Referrer-Policy"] = "strict-origin"
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=EnterCodeForm(), adult=request.user.is_authenticated)

    def begin(self, request: HttpRequest) -> None:
        """Whoever is signed in on this device is signed out first: the young person gets no page of theirs."""
        borrowed = request.user.is_authenticated
        if borrowed:
            logout(request)
        else:
            request.session.flush()
        held = {
            "authority": self.voice_pass.authority_id,
            "pass": self.voice_pass.pk,
            "seen": None,
            "borrowed": borrowed,
        }
        request.session[IN_SESSION] = held

    def asked_again(self, request: HttpRequest, form: EnterCodeForm) -> HttpResponse:
        request.session[IN_SESSION] = {**request.session[IN_SESSION], "said": form.errors["code"][0]}
        return HttpResponseRedirect(reverse("peps:voice_code"))


class CodePage(CodeAsked):
    """The code is asked for again: it was wrong, or nothing was asked for half an hour."""

    requires = Can.ANYONE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_open(request):
            return HttpResponseRedirect(reverse("peps:voice_question", args=[1]))
        held = dict(request.session[IN_SESSION])
        said = held.pop("said", "")
        if not said:
            return self.show(form=EnterCodeForm())
        request.session[IN_SESSION] = held
        form = EnterCodeForm({"code": ""})
        form.errors.clear()
        form.add_error("code", said)
        return self.show(form=form)


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
        self.questions = saying.questions_for(self.voice_pass.pep, Variant(self.voice_pass.variant), today=self.today)
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
            "borrowed": self.voice_pass.borrowed,
            "is_start": self.question.key == START,
            "is_young": self.voice_pass.variant in (Variant.AGE_5_10, Variant.COMMUNICATION_SUPPORT),
        }

    def _after(self) -> str:
        if self.number == len(self.questions):
            return reverse("peps:voice_finish")
        return reverse("peps:voice_question", args=[self.number + 1])

    def _held(self) -> dict[str, Any]:
        """What they said to this question before, to change it. On a borrowed device it is not shown again."""
        if self.voice_pass.borrowed:
            return {}
        own = saying.on_the_pages_of(self.voice_pass)
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

    def _form(self, data: Mapping[str, Any] | None = None) -> AnswerForm:
        own: dict[str, Any] = {"question": self.question, "variant": Variant(self.voice_pass.variant)}
        return AnswerForm(data, **own) if data is not None else AnswerForm(initial=self._held(), **own)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._prepare(kwargs["number"]) or self.show(form=self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if elsewhere := self._prepare(kwargs["number"]):
            return elsewhere
        form = self._form(request.POST)
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
            saying.say_who_helped(self.voice_pass, "".join(form.said.chosen), actor=self.by)
        elif self.question.key != START:
            saying.answer(self.voice_pass, self.question, form.said, form.share, actor=self.by)


class FinishPage(OwnPage):
    """The end: how much was answered, and that it is done. After that the code is needed to read it again."""

    requires = Can.ANYONE
    template_name = "peps/voice/finish.html"

    def context(self) -> dict[str, Any]:
        pep = self.voice_pass.pep
        questions = saying.questions_for(pep, Variant(self.voice_pass.variant), today=self.today)
        said = set(saying.on_the_pages_of(self.voice_pass).values_list("question_key", flat=True))
        lines = [
            (each.question, reverse("peps:voice_question", args=[at]), each.key in said)
            for at, each in enumerate(questions, 1)
            if each.is_asked_of_adults
        ]
        return {"lines": lines, "answered": sum(is_said for *_, is_said in lines), "count": len(lines)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        saying.finish(self.voice_pass, actor=self.by)
        self.lock(request)
        return render(request, "peps/voice/thanks.html")


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

"""The guard of pages that a pass opens: the door with its code, one device, and half an hour.

Opening the link (GET) changes nothing, because programs that look through messages open every link; only a form that is
sent (POST) does. With the first answer the link leaves the address.
"""

import secrets
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
from onroll.access.pages import Page
from onroll.access.signing_in import address_of
from onroll.history.viewing import viewed

from ..voice_models import TRIES, Pass
from .own_forms import EnterCodeForm
from .passes import Tried, holder_of, pass_numbered, pass_of_link, try_code

IDLE = timedelta(minutes=30)


class PassPage(Page):
    """A page that a pass opens. `opened`: only to somebody who gave the code within the last half hour.

    `name` is what this browser keeps: in its session the pass that it began to open, in a cookie that it was the first.
    """

    abstract = True
    opened: ClassVar[bool] = True
    keeps_words = False
    name: ClassVar[str]
    model: ClassVar[type[Pass]]
    code_route: ClassVar[str]
    closed_template: ClassVar[str]

    held: Any
    by: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        with ExitStack() as self.until_done:
            response = self._answer_the_holder(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def _answer_the_holder(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.find(request, **kwargs)
        if found is None:
            return self.closed()
        self.held, self.today = found, timezone.localdate()
        self.until_done.enter_context(scope.in_authority(found.authority_id))
        if found.is_over(self.today) or not self.is_for(found):
            return self.closed()
        self.by = holder_of(found, self.today)
        if self.opened and not self.is_open(request):
            return self.not_open(request, **kwargs)
        return super(Page, self).dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def find(self, request: HttpRequest, **kwargs: Any) -> Any:
        """The pass that this browser opened, or began to."""
        begun = request.session.get(self.name)
        if not isinstance(begun, dict):
            return None
        with scope.in_authority(begun["authority"]):
            return pass_numbered(self.model, begun["authority"], begun["pass"])

    def is_for(self, found: Any) -> bool:
        """Whether a pass of this kind opens this page."""
        return True

    def is_open(self, request: HttpRequest) -> bool:
        """Whether the code was given here, and something was asked for within half an hour. Notes that it is now."""
        begun, now = request.session[self.name], timezone.now()
        seen = begun.get("seen")
        if seen is None or not 0 <= now.timestamp() - seen < IDLE.total_seconds():
            return False
        request.session[self.name] = {**begun, "seen": now.timestamp()}
        return True

    def not_open(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """To the page that asks for the code."""
        return HttpResponseRedirect(reverse(self.code_route))

    def lock(self, request: HttpRequest) -> None:
        """From here on the code is needed again."""
        request.session[self.name] = {**request.session[self.name], "seen": None}

    def closed(self, words: str = "") -> HttpResponse:
        return render(self.request, self.closed_template, {"words": words}, status=404)

    @classmethod
    def cookie(cls) -> str:
        """What the cookie is called that makes a browser the one that opened the page first."""
        return cls.name.replace("_", "-") if settings.LOOPBACK_ONLY else f"__Host-{cls.name.replace('_', '-')}"

    # What a look is called in the access log

    def looked_at(self) -> tuple[str, str]:
        """The parts of the record that the pass opens, and the page it leads to."""
        raise NotImplementedError


class CodeAsked(PassPage):
    """A page that asks for the code."""

    abstract = True
    opened = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.begin(request)
        form, now, address = EnterCodeForm(request.POST), timezone.now(), address_of(request)
        if not form.is_valid():
            return self.asked_again(request, form)
        if not guessing.may_try_from(address, now=now):
            form.add_error("code", "Wait a minute. Then try again")
            return self.asked_again(request, form)
        device = request.COOKIES.get(self.cookie()) or secrets.token_urlsafe(32)
        borrowed = bool(request.session[self.name].get("borrowed"))
        typed = form.cleaned_data["code"]
        tried = try_code(self.held, typed, device, borrowed=borrowed, today=self.today)
        if tried is Tried.RIGHT:
            guessing.was_right_from(address)
            return self.let_in(request, device, now.timestamp())
        if tried is Tried.WRONG:
            self.held.refresh_from_db()
            left = TRIES - self.held.tries
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
        request.session[self.name] = {**request.session[self.name], "seen": moment}
        sections, route = self.looked_at()
        viewed(self.by, self.held.child, sections, route=route)
        response = self.where_they_were(request)
        response.set_cookie(
            self.cookie(),
            device,
            max_age=((self.held.expires - self.today).days + 1) * 24 * 60 * 60,
            secure=not settings.LOOPBACK_ONLY,
            httponly=True,
            samesite="Lax",
        )
        return response

    def where_they_were(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(self.first())

    def first(self) -> str:
        """The page that the code leads to."""
        raise NotImplementedError


class Door(CodeAsked):
    """Where the link leads: the code is asked for, and with the first answer the link leaves the address."""

    abstract = True

    def find(self, request: HttpRequest, **kwargs: Any) -> Any:
        return pass_of_link(self.model, kwargs["token"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        response = super().dispatch(request, *args, **kwargs)
        # The link is in the path, so the path is told to nobody. "no-referrer" would also make browsers say that the
        # form comes from nowhere, and it would be refused.
        response["Referrer-Policy"] = "strict-origin"
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=EnterCodeForm(), adult=request.user.is_authenticated)

    def begin(self, request: HttpRequest) -> None:
        """Whoever is signed in on this device is signed out first: the holder of the pass gets no page of theirs."""
        borrowed = request.user.is_authenticated
        if borrowed:
            logout(request)
        else:
            request.session.flush()
        request.session[self.name] = {
            "authority": self.held.authority_id,
            "pass": self.held.pk,
            "seen": None,
            "borrowed": borrowed,
        }

    def asked_again(self, request: HttpRequest, form: EnterCodeForm) -> HttpResponse:
        request.session[self.name] = {**request.session[self.name], "said": form.errors["code"][0]}
        return HttpResponseRedirect(reverse(self.code_route))


class CodeAgain(CodeAsked):
    """The code is asked for again: it was wrong, or nothing was asked for half an hour."""

    abstract = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_open(request):
            return HttpResponseRedirect(self.first())
        begun = dict(request.session[self.name])
        said = begun.pop("said", "")
        if not said:
            return self.show(form=EnterCodeForm())
        request.session[self.name] = begun
        form = EnterCodeForm({"code": ""})
        form.errors.clear()
        form.add_error("code", said)
        return self.show(form=form)

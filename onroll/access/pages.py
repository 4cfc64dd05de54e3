"""Every view is a Page, and says in its own class body who it is for, or its module does not import."""

from contextlib import ExitStack
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views import View

from . import scope
from .actors import Actor
from .can import Can, can
from .denials import denied
from .kept_words import keep_words
from .sessions import SignedIn

PAGES: list[type["Page"]] = []


def _asking(request: HttpRequest, page: str, account: int | None, keeps_words: bool) -> HttpResponse:
    """To the page that asks who this is, with the way back."""
    back = request.get_full_path() if request.method == "GET" and request.path != "/" else ""
    if request.method == "POST" and account is not None and keeps_words:
        back = keep_words(request, account)
    where = reverse(page)
    return HttpResponseRedirect(f"{where}?{urlencode({'next': back})}" if back else where)


class Undeclared(TypeError):
    """A page that does not say what it requires."""


class Page(View):
    """A page for people whose role has `requires`. For everyone else it does not exist (404).

    A class that other pages are made from sets `abstract = True` and is not a page itself.
    """

    requires: ClassVar[Can]
    abstract: ClassVar[bool] = True
    template_name: ClassVar[str] = ""
    # Opens only to someone who proved who they are within the last quarter of an hour; others are asked again.
    fresh: ClassVar[bool] = False
    # Whether what was typed here is kept when the sign-in is over, and offered again. Never for passwords.
    keeps_words: ClassVar[bool] = True
    http_method_names = ["get", "post", "head", "options"]

    request: HttpRequest
    actor: Actor

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.abstract = cls.__dict__.get("abstract", False)
        if cls.abstract:
            return
        if not isinstance(cls.__dict__.get("requires"), Can):
            raise Undeclared(f"{cls.__module__}.{cls.__name__} must say what it requires: requires = Can....")
        PAGES.append(cls)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        if self.requires is Can.ANYONE:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]
        actor = getattr(request, "actor", None)
        if actor is None:
            return self.not_signed_in(request)
        self.actor = actor
        with ExitStack() as self.until_done:
            return self._answer(request, *args, **kwargs)

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if not can(self.actor, self.requires):
                raise Http404
            self.open(*args, **kwargs)
            if self.fresh and not self.is_fresh():
                return self.prove_again(request)
            response = super().dispatch(request, *args, **kwargs)
        except Http404:
            denied(
                self.actor,
                request.resolver_match.view_name if request.resolver_match else "",
                child=kwargs.get("child"),
            )
            raise
        patch_cache_control(response, no_store=True, private=True)
        return response  # type: ignore[return-value]

    def not_signed_in(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            held = SignedIn.of(request.session)
            return HttpResponseRedirect(reverse("access:no_post" if held and held.whole else "access:set_up"))
        return _asking(request, "access:sign_in", getattr(request, "timed_out", None), self.keeps_words)

    def is_fresh(self, minutes: int = 15) -> bool:
        """Whether the person proved who they are within these minutes."""
        return self.actor.is_fresh(now=timezone.now(), minutes=minutes)

    def prove_again(self, request: HttpRequest) -> HttpResponse:
        """Off to prove who they are, and back to this page with what they typed."""
        return _asking(request, "access:prove_again", self.actor.account, self.keeps_words)

    def open(self, *args: Any, **kwargs: Any) -> None:
        """Find what the page is about, before any method runs. Raises Http404 for what is out of reach."""

    def act_as(self, actor: Actor) -> None:
        """From here on this request is this actor's: what it shows, writes and logs, and the bar at its top."""
        if actor.authority != self.actor.authority:
            self.until_done.enter_context(scope.in_authority(actor.authority))
        self.actor = actor
        self.request.actor = actor  # type: ignore[attr-defined]

    def context(self) -> dict[str, Any]:
        """What every answer of this page shows."""
        return {}

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        """The page's template, filled with its common context and what is given."""
        return render(self.request, self.template_name, {**self.context(), **context}, status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

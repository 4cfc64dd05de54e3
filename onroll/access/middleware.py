"""Gives each request its actor, worked out once, from the account, the chosen post and the date, and its scope.

Here too a sign-in ends: when it was idle for too long, when it is too old, and when the post it was for has ended.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from . import scope
from .actors import Actor, find_actor
from .kept_open import KeptOpen
from .openings import opening_of
from .roles import Role
from .sessions import SignedIn

POST_IN_SESSION = "post"
# Who reaches the most is asked again sooner.
SHORT_IDLE = {Role.ADMINISTRATOR: 15, Role.IG: 15}
POST_ENDED = "The post you were working in has ended. Sign in again to go on with another."


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        # Whose sign-in is over, where the request came with one: for keeping what they typed.
        request.timed_out = None  # type: ignore[attr-defined]
        with scope.nowhere():
            actor = None
            if not request.path.startswith("/static/") and request.user.is_authenticated:
                actor = recognise(request)
            with scope.in_authority(actor.authority if actor else None):
                request.actor = in_opening(actor, request) if actor else None  # type: ignore[attr-defined]
                response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            # Also what answers a stranger, and what does not exist: nothing is left in a browser that others use.
            patch_cache_control(response, no_store=True, private=True)
        return response


def in_opening(actor: Actor, request: HttpRequest) -> Actor:
    """The actor with the emergency opening that this session works in, if it still lives at this moment."""
    return replace(actor, opening=opening_of(actor, request.session, timezone.now()))


def recognise(request: HttpRequest) -> Actor | None:
    """Who acts in this request, if anyone does. Ends a sign-in that is over."""
    now, session = timezone.now(), request.session
    held = SignedIn.of(session)
    if held is None:
        session.flush()
        request.user = AnonymousUser()
        return None
    post = session.get(POST_IN_SESSION)
    actor = find_actor(request.user, post, timezone.localdate()) if held.whole else None
    idle, whole = timedelta(minutes=idle_minutes(actor)), timedelta(hours=actor.sign_in_hours if actor else 12)
    rests = held.is_over(now=now, idle=idle, whole_length=whole)
    too_old = held.is_over(now=now, idle=whole, whole_length=whole)
    kept = KeptOpen.of(session) if rests and not too_old and actor is not None else None
    if rests and not (kept and kept.holds(request.path, now)):
        # While a page of a meeting is open, what else its browser asks for does not end it.
        if not held.over and not (kept and kept.lives(now)):
            replace(held, over=True).keep_in(session)
        request.timed_out = request.user.pk  # type: ignore[attr-defined]
        request.user = AnonymousUser()
        return None
    if post and actor is None and held.whole:
        session.flush()
        request.user = AnonymousUser()
        messages.info(request, POST_ENDED)
        return None
    if not rests and (used_now := held.noted(now)):
        used_now.keep_in(session)
    if actor is None:
        return None
    if not post:
        session[POST_IN_SESSION] = actor.chosen
    return replace(actor, at=now, verified_at=held.proved_at)


def idle_minutes(actor: Actor | None) -> int:
    """How many minutes without a page end this sign-in."""
    if actor is None:
        return 30
    return min(actor.idle_minutes, SHORT_IDLE.get(Role(actor.role), actor.idle_minutes))

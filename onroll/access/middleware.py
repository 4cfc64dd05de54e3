"""Gives each request its actor, worked out once, from the account, the chosen post and the date, and its scope."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from . import scope
from .actors import Actor, find_actor
from .openings import opening_of

POST_IN_SESSION = "post"


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        with scope.nowhere():
            actor = None
            if request.user.is_authenticated and not request.path.startswith("/static/"):
                actor = find_actor(request.user, request.session.get(POST_IN_SESSION), timezone.localdate())
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

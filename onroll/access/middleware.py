"""Gives each request its actor, worked out once, from the account, the chosen post and the date."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from .actors import find_actor

POST_IN_SESSION = "post"


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        if request.user.is_authenticated and not request.path.startswith("/static/"):
            request.actor = find_actor(  # type: ignore[attr-defined]
                request.user, request.session.get(POST_IN_SESSION), timezone.localdate()
            )
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            # Also what answers a stranger, and what does not exist: nothing is left in a browser that others use.
            patch_cache_control(response, no_store=True, private=True)
        return response

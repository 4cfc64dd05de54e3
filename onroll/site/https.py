"""Away from loopback, nothing is said to a request that did not come over https."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class OnlyHttps:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.LOOPBACK_ONLY and not request.is_secure():
            return HttpResponse("This service answers only over https.\n", status=400, content_type="text/plain")
        return self.get_response(request)

"""What the access log is told of around the pages: where a request came from, who signed in, who was refused."""

import secrets
from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from onroll.access import denials, sign_ins
from onroll.access.actors import Actor
from onroll.access.signing_in import address_of
from onroll.children.models import Child
from onroll.history.viewing import Visit, noted, refused, visiting

_DEVICES = (("iPad", "tablet"), ("Mobile", "phone"), ("Android", "tablet"), ("Mozilla", "computer"))


class Visits:
    """Gives every entry that a request makes its request id, its address and its class of device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        agent = request.headers.get("User-Agent", "")
        device = next((name for word, name in _DEVICES if word in agent), "other")
        address = address_of(request)
        with visiting(Visit(request_id=secrets.token_hex(8), address=address, device=device)):
            return self.get_response(request)


def connect() -> None:
    """Listen to what the access part tells. Called once, at start."""
    denials.listen(_refused)
    sign_ins.listen(_attempted)


def _refused(actor: Actor, route: str, child: UUID | None) -> None:
    # One query whether there is such a child or not. Another authority's child is not the log's to name.
    found = Child.unscoped.filter(public_id=child, authority_id=actor.authority).first() if child else None
    refused(actor, route, child=found)


def _attempted(act: str, outcome: str, account: int | None, by: str) -> None:
    noted(None, act, outcome=outcome, account=account, route=by)

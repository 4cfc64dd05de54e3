"""A refused request is a fact for the access log, which is kept by a higher part: it listens here."""

from collections.abc import Callable
from uuid import UUID

from .actors import Actor

Listener = Callable[[Actor, str, UUID | None], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def denied(actor: Actor, route: str, child: UUID | None = None) -> None:
    """Tell whoever keeps the access log that the actor was refused this route, and which child they asked for.

    `child` is what stood in the address, whether or not there is such a child.
    """
    for listener in _listeners:
        listener(actor, route, child)

"""A refused request is a fact for the access log, which is kept by a higher part: it listens here."""

from collections.abc import Callable

from .actors import Actor

_listeners: list[Callable[[Actor, str], None]] = []


def listen(listener: Callable[[Actor, str], None]) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def denied(actor: Actor, route: str) -> None:
    """Tell whoever keeps the access log that the actor was refused this route."""
    for listener in _listeners:
        listener(actor, route)

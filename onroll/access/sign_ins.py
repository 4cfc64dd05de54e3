"""Every attempt to sign in or out is a fact for the access log, which is kept by a higher part: it listens here."""

from collections.abc import Callable

Listener = Callable[[str, str, int | None, str], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def attempted(act: str, outcome: str, account: int | None, *, by: str = "") -> None:
    """Tell whoever keeps the access log of an attempt, how it ended, and whose it was as far as that is known.

    `by` is how the person proved who they are, such as "password and app".
    """
    for listener in _listeners:
        listener(act, outcome, account, by)

"""The workloads by their names, and what comes of those that were asked for."""

from collections.abc import Callable, Sequence
from datetime import date

from onroll.authorities.models import Authority

from . import catalogue
from .running import Result

WORKLOADS: dict[str, Callable[..., list[Result]]] = {"M1": catalogue.run}


def measured(names: Sequence[str], *, today: date) -> list[Result]:
    """The results of these workloads on the one authority of the installation."""
    authority = Authority.objects.get()
    return [result for name in names for result in WORKLOADS[name](authority.pk, today=today)]

"""The targets that the authority set for its figures. How their periods are called follows from the days."""

from collections.abc import Iterable
from typing import Any

from onroll.codes.years import Period
from onroll.exchange.plans import Changes
from onroll.measures.models import Target
from onroll.measures.targets import period_words

from ..cells import day, number, one_of, text
from .table import DoesNotFit, Held, Holdings, Table

_OF_A_TARGET = ("measure", "start", "end", "characteristic", "group", "value", "better", "due_on", "by_autumn",
                "by_spring", "set_on")  # fmt: skip


def _targets(holdings: Holdings) -> Iterable[Held]:
    for target in Target.objects.filter(authority_id=holdings.actor.authority).select_related("set_by"):
        values = {name: getattr(target, name) for name in _OF_A_TARGET}
        yield Held({**values, "set_by": target.set_by.email if target.set_by else ""}, (target,))


def _fields(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    if values["end"] <= values["start"]:
        raise DoesNotFit("end", "is not after the start: it is the first day after")
    if values["group"] and not values["characteristic"]:
        raise DoesNotFit("group", "has no characteristic of which it is one")
    fields = {name: values[name] for name in _OF_A_TARGET}
    fields["period"] = period_words(Period(values["start"], values["end"]))
    fields["set_by"] = holdings.account(values["set_by"]) if values["set_by"] else None
    return fields


def _new_target(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    changes.create(Target(authority_id=holdings.actor.authority, **_fields(values, holdings)))


def _alter_target(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    changes.update(held.records[0], **_fields(values, holdings))


TARGETS = Table(
    "targets",
    "Targets of figures",
    (
        text("measure", 60, needed=True),
        day("start", needed=True),
        day("end", needed=True),
        text("characteristic", 30),
        text("group", 60),
        number("value", needed=True),
        one_of("better", Target.Better.values, needed=True),
        day("due_on", needed=True),
        number("by_autumn"),
        number("by_spring"),
        text("set_by", 254),
        day("set_on", needed=True),
    ),
    ("measure", "start", "end", "characteristic", "group"),
    _targets,
    _new_target,
    _alter_target,
)

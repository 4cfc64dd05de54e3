"""One plan, changed by one person at a time: who comes second decides on what the first left."""

from collections.abc import Iterator
from contextlib import contextmanager

from onroll.access.actors import Actor
from onroll.history.changes import ThisChange, change

from .models import Pep


@contextmanager
def at_once(verb: str, pep: Pep, *, actor: Actor, reason: str = "") -> Iterator[ThisChange]:
    """A change of this plan, which waits until nobody else changes it. Inside, `pep` is as it stands at this moment, so
    what is asked of it there holds until the change is kept.
    """
    with change(verb, actor=actor, child=pep.child, reason=reason) as this:
        hold(pep)
        yield this


def hold(pep: Pep) -> None:
    """Hold the plan until the open change ends, and bring its columns up to this moment."""
    now = Pep.unscoped.select_for_update(of=("self",)).get(pk=pep.pk)
    for field in Pep._meta.concrete_fields:
        if getattr(pep, field.attname) != (value := getattr(now, field.attname)):
            setattr(pep, field.attname, value)


def not_written(pep: Pep) -> str:
    """What to say where a plan is past being written."""
    return f"The plan is {pep.get_state_display().lower()} now. Its sections are not written any more."

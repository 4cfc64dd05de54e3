"""The stop at a text that tells where a child lives, for every page that saves one (ADR-4).

A promise test goes through all forms with free text: a new one either stops here, or says why it need not.
"""

from typing import Any

from onroll.access.actors import Actor

from ..actions.guards import keep_leak
from ..forms.leaks import LeakForm, free_texts
from ..leaks import found_in
from ..models import Child


def leak_in(form: Any, child: Child, actor: Actor) -> LeakForm:
    """What the texts of this form tell of where the child lives, with the choice. Settled where they tell nothing."""
    return LeakForm(found_in(free_texts(form), child, actor), form.data)


def note_leak(leak: LeakForm, child: Child, *, where: str, actor: Actor) -> None:
    """Write down that a text stays that tells something, if it did."""
    if leak.tells:
        keep_leak(child, where=where, tells=leak.tells, why=leak.why, actor=actor)

"""What people of the meeting agreed to do, outside the targets: written, changed, done or dropped with a reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.sections import Section
from onroll.children.contradictions import refuse_if, why_not_write
from onroll.children.models import Child
from onroll.history.changes import verb

from ..holding import at_once
from ..meeting_models import PepAction, open_actions
from ..models import Pep
from ..saving import begun
from ..workflow import WRITTEN_IN, State
from .people import Names, people_of, proposed

verb("pep.action_kept", "{actor} wrote an action of a PEP")
verb("pep.action_ended", "{actor} said that an action of a PEP is done or dropped")

MOST_ACTIONS = 30
LEAST_REASON = 10


def why_not_write_action(pep: Pep, *, actor: Actor) -> str:
    """Why this person can't write actions of the plan now."""
    if reason := why_not_write(pep.child, Section.PEP, actor=actor):
        return reason
    if State(pep.state) in WRITTEN_IN:
        return ""
    return f"The plan is {pep.get_state_display().lower()} now. Its actions can be ended, and not written any more."


def keep_action(pep: Pep, action: PepAction, given: Mapping[str, Any], *, owner: Account | None, actor: Actor) -> None:
    """Keep an action as it was typed. `owner`: a person with an account; without one the words name who does it."""
    with at_once("pep.action_kept", pep, actor=actor) as this:
        refuse_if(why_not_write_action(pep, actor=actor))
        is_new = action.pk is None
        if is_new:
            held = PepAction.unscoped.filter(pep=pep).count()
            refuse_if(f"A plan has {MOST_ACTIONS} actions at the most." if held >= MOST_ACTIONS else "")
            action.authority_id, action.child_id, action.pep = pep.authority_id, pep.child_id, pep
        else:
            action.refresh_from_db()
            refuse_if("" if action.is_open else "The action has ended. Write a new one.")
        action.what, action.due_on = given["what"].strip(), given["due_on"]
        action.owner, action.owner_words = owner, "" if owner else given["owner_words"].strip()
        this.create(action) if is_new else this.save(action)
        begun(this, pep, actor)


def why_not_end(action: PepAction, *, actor: Actor) -> str:
    """Why this person can't say that the action is done or dropped: it is its owner's, or who writes plans."""
    if not action.is_open:
        return "The action has ended already."
    if action.owner_id is not None and action.owner_id == actor.holder:
        return ""
    return "This action is another person’s." if why_not_write(action.child, Section.PEP, actor=actor) else ""


def end_action(action: PepAction, *, dropped: bool = False, reason: str = "", actor: Actor) -> None:
    """Say that an action is done; or that it is dropped, which takes a reason."""
    reason = reason.strip() if dropped else ""
    with at_once("pep.action_ended", action.pep, actor=actor, reason=reason) as this:
        action.refresh_from_db(fields=["done_on", "dropped_on", "owner"])
        refuse_if(why_not_end(action, actor=actor))
        if dropped:
            short = len(reason) < LEAST_REASON
            refuse_if(f"Say why it is not done, in {LEAST_REASON} characters or more." if short else "")
            action.dropped_on, action.reason = actor.today, reason
        else:
            action.done_on = actor.today
        this.save(action, ["done_on", "dropped_on", "reason"])


def actions_round(pep: Pep) -> list[PepAction]:
    """The actions of a plan, and those of the child's other plans that are still open, the first due first."""
    own = PepAction.unscoped.filter(pep=pep)
    carried = PepAction.unscoped.filter(open_actions(), child=pep.child_id).exclude(pep=pep)
    rows = list((own | carried).select_related("owner", "pep"))
    return sorted(rows, key=lambda each: (not each.is_open, each.due_on or date.max, each.pk))


def owners_for(pep: Pep, names: Names, actor: Actor, *, beside: Account | None = None) -> list[tuple[Account, str]]:
    """Who can own an action: the people of the meeting and round the child who have an account. `beside`: who owns it
    already.
    """
    accounts = [each.account for each in people_of(pep)]
    accounts += [each.account for each in proposed(pep, actor)]
    found = {account.pk: account for account in (*accounts, beside) if account is not None}
    return [(account, names.of_account(account)) for account in found.values()]


def action_of(child: Child, pep: Pep, public_id: Any) -> PepAction | None:
    """An action of this plan, reached through the child."""
    found = PepAction.unscoped.filter(child=child, pep=pep, public_id=public_id).select_related("owner").first()
    if found is not None:
        found.child, found.pep = child, pep
    return found

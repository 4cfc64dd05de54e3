"""A person's own views of the roll: kept by name, without a day and without typed words."""

from django import forms

from onroll.access.actors import Actor
from onroll.design.forms import GovukForm
from onroll.history.changes import change, verb

from .models import SavedView

SAVED = verb("view.saved", "{actor} saved a view of the roll")
DELETED = verb("view.deleted", "{actor} took a saved view away")


class SaveViewForm(GovukForm):
    name = forms.CharField(
        label="What do you call this view?",
        max_length=60,
        error_messages={"required": "Enter a name for this view, like Year 11 out of the authority"},
    )


def save_view(name: str, query: str, *, actor: Actor) -> SavedView:
    """Keep a view under a name. A view of the same name is replaced."""
    assert actor.account is not None
    mine = SavedView.objects.filter(account_id=actor.account, authority_id=actor.authority)
    view = mine.filter(name=name).first() or SavedView(
        authority_id=actor.authority, account_id=actor.account, name=name
    )
    view.query = query[:500]
    with change("view.saved", actor=actor) as this:
        return this.save(view)


def delete_view(view: SavedView, *, actor: Actor) -> None:
    with change("view.deleted", actor=actor) as this:
        this.delete(view)

"""What is asked when a text tells something of an address: take it out, or say why it is right (ADR-4)."""

from collections.abc import Sequence
from typing import Any

from django import forms

from onroll.design.forms import GovukForm, Look
from onroll.design.words import listed

from ..leaks import what_looks_like_an_address

LEAST_WHY = 10


class LeakForm(GovukForm):
    """The choice under a text that tells something of the address. It is there only when there is something."""

    leak = forms.ChoiceField(
        label="What do you want to do?",
        choices=[("out", "I have taken it out of the text"), ("right", "It is right that it stands there")],
        required=False,
        widget=forms.RadioSelect,
    )
    leak_why = forms.CharField(label="Why is it right?", max_length=300, required=False)

    looks = {"leak": Look(reveals={"right": "leak_why"})}
    mark_optional = False

    def __init__(self, tells: Sequence[str], data: Any = None) -> None:
        super().__init__(data)
        self.tells = tells
        self.fields["leak_why"].help_text = "It is written down with your name, and reported weekly"

    @property
    def why(self) -> str:
        """Why the text is right, where that was said in enough words."""
        if self.data.get("leak") != "right":
            return ""
        why = str(self.data.get("leak_why", "")).strip()
        return why if len(why) >= LEAST_WHY else ""

    @property
    def is_settled(self) -> bool:
        return not self.tells or bool(self.why)

    def ask(self) -> None:
        """Ready the form to be shown with what was found."""
        self.full_clean()
        self.add_error("leak", f"The text tells {listed(list(self.tells))}. Take it out, or say why it is right")
        if self.data.get("leak") == "right":
            self.add_error("leak_why", f"Say why it is right, in {LEAST_WHY} characters or more")


def without_address(text: str) -> str:
    """What was typed into a box where no address belongs, whoever's it is. Refused where it looks like one."""
    if tells := what_looks_like_an_address(text):
        raise forms.ValidationError(f"This looks like an address: it tells {listed(tells)}. Leave it out")
    return text


# From this length on a box takes sentences.
SENTENCES = 200
# Boxes whose words go to a place with no more readers than the address, or nowhere.
NO_WIDER = frozenset({"address", "new_home", "school_words"})


def free_texts(form: forms.Form) -> list[str]:
    """What was typed into the form in sentences of one's own. Every box that takes some counts, unless named here.

    A form can name more of its own in `no_wider`.
    """
    left_out = NO_WIDER | getattr(form, "no_wider", frozenset())
    return [
        str(form.cleaned_data.get(name) or "")
        for name, field in form.fields.items()
        if type(field) is forms.CharField and (field.max_length or SENTENCES) >= SENTENCES and name not in left_out
    ]

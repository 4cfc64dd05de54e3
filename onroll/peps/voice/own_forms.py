"""Forms of a young person's own pages: the code, and one question."""

from typing import Any

from django import forms

from onroll.children.contradictions import Refused
from onroll.design.forms import GovukForm, Look

from ..voice_models import LONGEST_WORDS, Said, Share
from .pictures import ACCEPT, TRY_ANOTHER, Picture, picture_of
from .questions import HELPER, Kind, Option, Question, Variant, shares_of

# The face beside each word of a scale of five, and of three, from the happiest.
FACES = {5: ("great", "good", "ok", "not-good", "bad"), 3: ("good", "ok", "not-good")}


class EnterCodeForm(GovukForm):
    """The code that somebody told them."""

    code = forms.CharField(
        label="Type the code you were told",
        max_length=20,
        help_text="6 numbers",
        error_messages={"required": "Type the 6 numbers you were told"},
    )

    looks = {"code": Look(label="m", width=10, inputmode="numeric", autocomplete="one-time-code", spellcheck=False)}


class AnswerForm(forms.Form):
    """One question: its choices, own words, and who can see the answer. Everything may be left out."""

    use_required_attribute = False

    def __init__(self, *args: Any, question: Question, variant: Variant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        self.shares = shares_of(variant) if question.has_readers else {}
        choices = [(each.words, each.words) for each in question.options]
        if question.kind is Kind.SEVERAL:
            self.fields["chosen"] = forms.MultipleChoiceField(
                choices=choices, required=False, error_messages={"invalid_choice": "Choose from the list"}
            )
        elif choices:
            self.fields["chosen"] = forms.ChoiceField(
                choices=choices, required=False, error_messages={"invalid_choice": "Choose from the list"}
            )
        if question.key != HELPER:
            self.fields["words"] = forms.CharField(
                required=False,
                max_length=LONGEST_WORDS,
                error_messages={"max_length": f"That is a lot of words. Write {LONGEST_WORDS:,} letters or fewer"},
            )
        if question.has_readers:
            self.fields["picture"] = forms.FileField(
                required=False, max_length=None, error_messages={"empty": TRY_ANOTHER, "invalid": TRY_ANOTHER}
            )
            self.fields["without_picture"] = forms.BooleanField(required=False)
        if self.shares:
            self.fields["share"] = forms.ChoiceField(
                choices=list(self.shares.items()),
                required=False,
                error_messages={"invalid_choice": "Choose who can see this"},
            )

    def clean_picture(self) -> Picture | None:
        chosen = self.cleaned_data.get("picture")
        try:
            return picture_of(chosen) if chosen else None
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    @property
    def accept(self) -> str:
        """The pictures that a device offers."""
        return ACCEPT

    @property
    def said(self) -> Said:
        """What was said, of a form that is right."""
        chosen = self.cleaned_data.get("chosen") or ()
        return Said(
            tuple(chosen) if isinstance(chosen, list) else (chosen,) if chosen else (),
            self.cleaned_data.get("words", "").strip(),
        )

    @property
    def share(self) -> str:
        """Who can see it. What nobody chose is what the fewest can see."""
        return self.cleaned_data.get("share") or Share.HELPERS.value

    @property
    def options(self) -> list[tuple[Option, bool, str]]:
        """Each choice, whether it is chosen, and its face."""
        held = self["chosen"].value() if "chosen" in self.fields else None
        chosen = held if isinstance(held, list | tuple) else [held] if held else []
        faces = FACES.get(len(self.question.options), ()) if self.question.kind is Kind.FACES else ()
        return [
            (each, each.words in chosen, faces[at] if faces else "") for at, each in enumerate(self.question.options)
        ]

    @property
    def share_options(self) -> list[tuple[str, str, bool]]:
        """Who can be chosen to see it: the choice, its words, whether it is chosen."""
        held = self["share"].value() if self.shares else ""
        return [(key, words, key == (held or Share.HELPERS.value)) for key, words in self.shares.items()]

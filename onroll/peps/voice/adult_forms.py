"""Forms for the adults around a young person's voice."""

from datetime import date
from typing import Any

from django import forms

from onroll.design.forms import GovukDateField, GovukForm, Look

from ..voice_models import LONGEST_WORDS, VoiceAnswer
from .questions import OWN_PAGES, Variant, questions_of, shares_of


class GivePassForm(GovukForm):
    """Which questions the young person gets."""

    variant = forms.ChoiceField(
        label="Which questions?", choices=[(each.value, each.words) for each in OWN_PAGES], widget=forms.RadioSelect
    )


class WriteDownForm(GovukForm):
    """What a young person said or showed, and who may read it."""

    question = forms.ChoiceField(label="Which question did they answer?")
    words = forms.CharField(
        label="What did they say?",
        help_text="Their own words, not better ones",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea,
    )
    given = forms.ChoiceField(label="How did they say it?", widget=forms.RadioSelect)
    share = forms.ChoiceField(
        label="Who did they say may read it?", help_text="Ask them, for each answer", widget=forms.RadioSelect
    )
    said_on = GovukDateField(label="On which day?", asks="the day on which they said it", like="17 11 2026")

    def __init__(self, *args: Any, variant: Variant, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"share": "helpers", "said_on": today})
        super().__init__(*args, **kwargs)
        asked = [(each.key, each.question) for each in questions_of(variant) if each.is_asked_of_adults]
        self.fields["question"].choices = asked  # type: ignore[attr-defined]
        self.fields["share"].choices = list(shares_of(variant).items())  # type: ignore[attr-defined]
        watched = variant is Variant.EARLY_YEARS
        ways = [way for way in VoiceAnswer.Given if way != VoiceAnswer.Given.PAGES]
        kept = [way for way in ways if watched or way != VoiceAnswer.Given.OBSERVED]
        self.fields["given"].choices = [(way.value, way.label) for way in kept]  # type: ignore[attr-defined]


class DeclinedForm(GovukForm):
    """That they did not want to say anything."""

    offered_on = GovukDateField(label="On which day did you ask?", asks="the day on which you asked", like="17 11 2026")
    words = forms.CharField(
        label="What did they say?",
        help_text="Their own words. “No” is enough",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea,
    )


class ToldForm(GovukForm):
    """That they were told what was decided."""

    on = GovukDateField(
        label="On which day did you tell them?", asks="the day on which you told them", like="17 11 2026"
    )


class ReadersForm(GovukForm):
    """Who may read an answer from now on."""

    share = forms.ChoiceField(label="Who may read this answer from now on?", widget=forms.RadioSelect)
    asked = forms.BooleanField(label="They asked for this themselves")

    def __init__(self, *args: Any, variant: Variant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["share"].choices = list(shares_of(variant).items())  # type: ignore[attr-defined]


class OutcomeForm(GovukForm):
    """What came of an answer that needs somebody."""

    outcome = forms.CharField(
        label="What was done, by whom, and when?",
        help_text="Speak with them first, and tell them what happens next",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea,
    )
    told_school = forms.ChoiceField(
        label="Was the school’s safeguarding lead told?",
        help_text="It is your decision. The school is not told by itself",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
    )

    looks = {"told_school": Look(inline=True)}

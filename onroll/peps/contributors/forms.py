"""Forms around contributors: who is asked, and for what."""

from typing import Any

from django import forms

from onroll.design.forms import GovukForm

from ..contributor_models import ContributorLink
from ..forms.declarations import named
from ..writing import Writing
from .links import askable, why_not_mail


class AskForm(GovukForm):
    """Who is asked, for which section, and where the link goes."""

    what = forms.ChoiceField(label="Who is asked, and for which section?", widget=forms.RadioSelect)
    name = forms.CharField(
        label="What are they called?", max_length=80, help_text="As the people of the plan know them: name and post"
    )
    address = forms.CharField(
        label="E-mail address",
        max_length=254,
        required=False,
        help_text="Their own at work. Leave it empty to hand the link over yourself",
    )

    def __init__(self, *args: Any, writing: Writing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.writing = writing
        known_as = writing.pep.child.first_name
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (f"{asked}/{each.section.key}", f"{_LABELS[asked]}: {named(each.section.title, known_as)}")
            for asked, each in askable(writing)
        ]

    def clean_address(self) -> str:
        typed = str(self.cleaned_data["address"]).strip()
        if typed and (why := why_not_mail(typed, self.writing.pep)):
            raise forms.ValidationError(why)
        return typed


_LABELS = dict(ContributorLink.Asked.choices)

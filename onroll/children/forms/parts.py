"""What several forms are made of: choosing a school by words, confirming what a change leaves, lists of codes."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from onroll.access.actors import Actor
from onroll.codes import LOCAL_AUTHORITY, OUTSIDE_ENGLAND, CodeSet
from onroll.codes.postcodes import tidy_postcode, why_not_postcode
from onroll.design.forms import GovukForm, Look
from onroll.schools.models import School
from onroll.schools.queries import in_reach
from onroll.schools.searching import find
from onroll.schools.showing import type_words

from ..models import Disclosure

MOST_SCHOOLS = 12
NOT_CHOSEN = "Choose which school or setting"

Choices = list[tuple[str, str]]

# The marks as answers to "Who must not be told?"
NOT_TOLD: Choices = [(Disclosure.ORDINARY.value, "Nobody: it is not secret"), *Disclosure.choices[1:]]


def chosen(codes: CodeSet[Any], on: date, *, none: str = "Choose one") -> Choices:
    """The codes that can be given on a day, for a select that starts with nothing chosen."""
    return [("", none), *codes.choices(on=on)]


def authorities(actor: Actor, *, none: str = "Not known") -> Choices:
    """The authority itself first, then every other by name, then the places outside England."""
    own = [(actor.authority_code, actor.authority_name)] if actor.authority_code else []
    others = sorted(LOCAL_AUTHORITY.choices(on=actor.today), key=lambda each: each[1])
    return [("", none), *own, *(each for each in others if each not in own), *OUTSIDE_ENGLAND.choices()]


def a_postcode(text: str) -> str:
    """The postcode as it should be written. Raises the error that a form shows."""
    postcode = tidy_postcode(text)
    if postcode and why_not_postcode(postcode):
        raise forms.ValidationError("Enter a full postcode, like SW1A 1AA")
    return postcode


class SchoolForm(GovukForm):
    """A form that asks for a school: words first, then one of those that fit. `school_must` says it can't be left out.

    The page shows the list without an error the first time; what else was typed stays.
    """

    school_words = forms.CharField(
        label="School or setting",
        error_messages={"required": "Enter the name of the school or setting"},
        help_text="Type a name, town, postcode, URN or LAESTAB. You then choose from a list.",
        max_length=100,
        required=False,
    )
    school = forms.ChoiceField(
        label="Which one?",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"required": NOT_CHOSEN, "invalid_choice": NOT_CHOSEN},
    )
    school_shown = forms.CharField(required=False, widget=forms.HiddenInput)

    school_must = True

    looks = {"school_words": Look(label="m", spellcheck=False, autocomplete="off")}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.chosen_school: School | None = None
        self.found: list[School] = []
        self.words_to_show = ""
        # Said at the top of the page: on a phone the list is out of sight.
        self.asks_which = False
        words = self._held("school_words")
        if words:
            answer = find(actor, words)
            self.found = [*answer.exact, *answer.alike][:MOST_SCHOOLS]
        given = self._held("school")
        if given and given not in {str(school.public_id) for school in self.found}:
            self.found = [*self._one(given), *self.found]
        if "school" not in self.fields:
            return
        # Not "optional": words need a choice, and a form that must have a school needs the words.
        self.fields["school_words"].required = self.school_must
        field: Any = self.fields["school"]
        field.required = bool(self.found)
        field.choices = [(str(school.public_id), school.name) for school in self.found]
        self.words_to_show = words if self.found else ""
        hints = {str(school.public_id): where(school) for school in self.found}
        self.looks = {**self.looks, "school": Look(hints=hints, small=len(self.found) > 4)}
        if not self.found:
            self.fields["school"].widget = forms.HiddenInput()

    def _held(self, name: str) -> str:
        source = self.data if self.is_bound else self.initial
        return str(source.get(self.add_prefix(name)) or "").strip()

    def _one(self, public_id: str) -> list[School]:
        try:
            return list(in_reach(self.actor).filter(public_id=public_id))
        except (ValueError, forms.ValidationError):
            return []

    @classmethod
    def starting_with(cls, school: School | None) -> dict[str, str]:
        """What the form shows when a school is known already."""
        if school is None:
            return {}
        return {"school_words": school.name, "school_shown": school.name, "school": str(school.public_id)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        words, given = data.get("school_words", "").strip(), data.get("school", "")
        if not words or "school" in self.errors:
            return data
        if not self.found:
            self.add_error("school_words", f"No school or setting fits “{words}”. Check the spelling, or add it first.")
        elif words != data.get("school_shown", "").strip():
            self.add_error("school", NOT_CHOSEN)
        else:
            self.chosen_school = next(school for school in self.found if str(school.public_id) == given)
        return data

    def show_the_list(self) -> None:
        """Ready the form to be shown again: the list belongs to the words that are there now.

        When the list was not shown before, that nothing is chosen yet is no error.
        """
        was_shown = self._held("school_shown") == self._held("school_words")
        if not was_shown and "school" in self.errors:
            del self.errors["school"]
            self.asks_which = not self.errors
        if self.is_bound and "school_shown" in self.fields:
            data = MultiValueDict(self.data.lists()) if hasattr(self.data, "lists") else MultiValueDict()
            data[self.add_prefix("school_shown")] = self.words_to_show
            if not was_shown and len(self.found) == 1:
                data[self.add_prefix("school")] = str(self.found[0].public_id)
            self.data = data


def where(school: School) -> str:
    """What tells two schools of one name apart."""
    parts = [type_words(school), school.town, school.postcode, f"URN {school.urn}" if school.urn else ""]
    closed = f"closed {school.closed_on:%d/%m/%Y}" if school.closed_on else ""
    return " · ".join(part for part in (*parts, closed) if part)


class ConfirmForm(GovukForm):
    """The tick that what a change leaves behind has been read. It is asked for only when there is something."""

    confirmed = forms.BooleanField(label="This is right. Save it.", required=False)
    told = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, leaves: Sequence[str], data: Any = None) -> None:
        super().__init__(data)
        self.leaves = leaves
        self.mark = hashlib.sha256("\n".join(leaves).encode()).hexdigest()[:16]

    @property
    def is_confirmed(self) -> bool:
        """Whether these very sentences were shown and ticked."""
        return not self.leaves or (self.data.get("confirmed") == "on" and self.data.get("told") == self.mark)

    def ask(self) -> None:
        """Ready the form to be shown with the sentences: the tick starts empty."""
        self.full_clean()
        self.data = MultiValueDict({"told": [self.mark]})
        for sentence in self.leaves:
            self.add_error(None, sentence)
        self.add_error("confirmed", "Tick if this is right, or change what you entered")

"""Forms by which an authority says what it adds to the forms of plans."""

from typing import Any

from django import forms

from onroll.access.sections import Section
from onroll.design.forms import GovukForm, Look

from .forms.declarations import FilledBy, FormSection, named
from .forms.local import ASKED, KINDS, WITH_OPTIONS, Declaration, LocalQuestion, may_be_left_out
from .local_actions import FORMS, PARTS, forms_with, national_sections
from .models import Pep
from .writing import OWNERS

WRITERS = [(each.value, OWNERS[each]) for each in ASKED]
FORM_WORDS = [(kind, Pep.Form(kind).label) for kind in FORMS]
KIND_WORDS = {
    "text": "One line of words",
    "long_text": "Several lines of words",
    "number": "A number",
    "date": "A date",
    "yes_no": "Yes or no",
    "choice": "One of several options",
    "multi_choice": "Any of several options",
}


def part_words(part: str) -> str:
    """Who reads answers of a part of the record, in words."""
    letter, _, summary = part.partition("+")
    words = f"Whoever may read “{Section(letter).title}”"
    return f"{words}, and those who have its summary" if summary else words


class LocalSectionForm(GovukForm):
    """A section of the authority's own."""

    title = forms.CharField(label="Title", max_length=100)
    filled_by = forms.ChoiceField(label="Whose section is it?", choices=WRITERS, widget=forms.RadioSelect)
    part = forms.ChoiceField(
        label="Who reads the answers?",
        choices=[(part, part_words(part)) for part in PARTS],
        widget=forms.RadioSelect,
        help_text="All answers of the section are of this part of the record",
    )
    forms = forms.MultipleChoiceField(
        label="In which forms does it stand?", choices=FORM_WORDS, widget=forms.CheckboxSelectMultiple
    )


def sections_to_ask_in(said: Declaration) -> list[tuple[str, str]]:
    """Own sections first, then the national ones."""
    own = [(each.key, f"{each.title} (your own)") for each in said.sections]
    national = {key: named(said.titles.get(key, each.title), "") for key, each in national_sections().items()}
    # Where two are called the same, the forms that they stand in tell them apart.
    twice = {title for title in national.values() if list(national.values()).count(title) > 1}
    return own + [
        (key, f"{title} ({', '.join(Pep.Form(kind).label for kind in forms_with(key))})" if title in twice else title)
        for key, title in national.items()
    ]


class WhereForm(GovukForm):
    """In which section a new question stands. What can be chosen for it follows from that."""

    section = forms.ChoiceField(label="In which section?", choices=[])

    def __init__(self, *args: Any, said: Declaration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [("", "Choose"), *sections_to_ask_in(said)]  # type: ignore[attr-defined]


class LocalQuestionForm(GovukForm):
    """A question of the authority's own."""

    words = forms.CharField(
        label="Question", max_length=200, help_text="{known_as} stands for the name of the young person"
    )
    hint = forms.CharField(label="Hint below it", max_length=300, required=False)
    kind = forms.ChoiceField(
        label="How is it answered?",
        choices=[(each.value, KIND_WORDS[each.value]) for each in KINDS],
        widget=forms.RadioSelect,
    )
    options = forms.CharField(
        label="Options", required=False, max_length=2000, widget=forms.Textarea, help_text="One a line"
    )
    filled_by = forms.ChoiceField(label="Who answers it?", choices=WRITERS, widget=forms.RadioSelect)
    part = forms.ChoiceField(label="Who reads the answer?", choices=[], widget=forms.RadioSelect)
    required = forms.ChoiceField(
        label="Has it to be answered before the plan is handed in?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
    )
    carried = forms.ChoiceField(
        label="Is the answer carried over to the next plan?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
    )
    forms = forms.MultipleChoiceField(
        label="In which forms does it stand?", choices=[], widget=forms.CheckboxSelectMultiple
    )

    looks = {"required": Look(inline=True), "carried": Look(inline=True), "options": Look(rows=5)}

    def __init__(self, *args: Any, section: str, parts: list[str], standing_in: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        self.fields["part"].choices = [(part, part_words(part)) for part in parts]  # type: ignore[attr-defined]
        chosen = [(kind, words) for kind, words in FORM_WORDS if kind in standing_in]
        self.fields["forms"].choices = chosen  # type: ignore[attr-defined]

    def asked(self, key: str = "") -> LocalQuestion:
        """What was typed, as a question."""
        said = self.cleaned_data
        with_options = said["kind"] in {kind.value for kind in WITH_OPTIONS}
        options = [each.strip() for each in said["options"].splitlines() if each.strip()] if with_options else []
        return LocalQuestion(
            key=key,
            section=self.section,
            words=said["words"].strip(),
            hint=said["hint"].strip(),
            kind=said["kind"],
            options=tuple(options),
            filled_by=FilledBy(said["filled_by"]).value,
            part=said["part"],
            required=said["required"] == "yes",
            carried=said["carried"] == "yes",
            forms=tuple(said["forms"]),
        )

    @staticmethod
    def initial_of(held: LocalQuestion) -> dict[str, Any]:
        return {
            "words": held.words,
            "hint": held.hint,
            "kind": held.kind,
            "options": "\n".join(held.options),
            "filled_by": held.filled_by,
            "part": held.part,
            "required": "yes" if held.required else "no",
            "carried": "yes" if held.carried else "no",
            "forms": list(held.forms),
        }


class NationalSectionForm(GovukForm):
    """The title of a national section, the hints of its questions, and which optional ones are asked."""

    mark_optional = False

    def __init__(self, *args: Any, section: FormSection, said: Declaration, **kwargs: Any) -> None:
        self.section = section
        super().__init__(*args, **kwargs)
        self.fields["title"] = forms.CharField(
            label="Title", max_length=100, initial=said.titles.get(section.key, section.title)
        )
        optional = [each for each in section.questions if may_be_left_out(each)]
        if optional:
            self.fields["asked"] = forms.MultipleChoiceField(
                label="Optional questions that are asked",
                required=False,
                choices=[(each.key, named(each.words, "the young person")) for each in optional],
                initial=[each.key for each in optional if each.key not in said.off],
                widget=forms.CheckboxSelectMultiple,
            )
        for each in section.questions:
            if not each.kind.is_list:
                self.fields[f"hint-{each.key}"] = forms.CharField(
                    label=f"Hint for “{named(each.words, 'the young person')}”",
                    required=False,
                    max_length=300,
                    initial=said.hints.get(each.key, each.hint),
                )

    @property
    def off(self) -> set[str]:
        optional = {each.key for each in self.section.questions if may_be_left_out(each)}
        return optional - set(self.cleaned_data.get("asked", optional))

    @property
    def hints(self) -> dict[str, str]:
        return {
            name.removeprefix("hint-"): words for name, words in self.cleaned_data.items() if name.startswith("hint-")
        }

"""Forms about documents: the file and what it is, who may see it, which record it belongs to, why it is removed."""

from typing import Any

from django import forms

from onroll.access.actors import Actor
from onroll.access.roles import LEADS, Role
from onroll.access.sections import Section
from onroll.children.models import Child
from onroll.children.searching import find
from onroll.codes.year_groups import year_group_of
from onroll.design.forms import GovukForm, Look

from .actions import Upload
from .filetypes import ALLOWED, LARGEST
from .models import Document, DocumentTrace
from .queries import readers_of, sections_to_add_to

EVERYONE, SOME = "everyone", "some"
MOST_CHILDREN = 12
ACCEPT = ".pdf,.docx,.xlsx,.odt,.ods,.png,.jpg,.jpeg,.heic,.heif,.txt,.csv"
_NO_FILE = "Choose the file"
_WHICH = "Choose which child it is about"


class FileForm(GovukForm):
    """A file to add. Its bytes are read once, when it is not too large."""

    file = forms.FileField(
        label="Choose the file",
        help_text=f"{ALLOWED}. 20 MB at most.",
        error_messages={
            "required": _NO_FILE,
            "empty": "The file is empty. Check that it was saved",
            "missing": _NO_FILE,
        },
        max_length=None,
    )

    looks = {"file": Look(label="m", accept=ACCEPT)}

    def clean_file(self) -> Upload:
        given = self.cleaned_data["file"]
        if given.size > LARGEST:
            raise forms.ValidationError("The file must be 20 MB or smaller. Make it smaller, or split it")
        return Upload(printable(given.name), given.read())


def printable(name: str) -> str:
    """The file's own name, without any folder and without what can't be seen."""
    last = (name or "file").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-150:] or "file"


class AudienceForm(GovukForm):
    """Who may see a document: everyone who reads the part, or some roles of those."""

    who = forms.ChoiceField(
        label="Who may see it?",
        choices=[(EVERYONE, "Everyone who works with the child and reads this part"), (SOME, "Only some of them")],
        widget=forms.RadioSelect,
        initial=EVERYONE,
        error_messages={"required": "Choose who may see it"},
    )
    roles = forms.MultipleChoiceField(
        label="Which roles?",
        help_text="The heads of the virtual school see every document of a part that they read.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    # The roles are asked for only when some are to be chosen: then they are needed.
    mark_optional = False
    looks = {"who": Look(label="m", reveals={SOME: "roles"}), "roles": Look(small=True)}

    def __init__(self, *args: Any, actor: Actor, parts: list[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.parts = actor, parts
        readers = {role for part in parts for role in readers_of(part)}
        field: Any = self.fields["roles"]
        field.choices = [(role.value, role.label) for role in Role if role in readers and role not in LEADS]

    def part(self) -> Section | None:
        """The section that the document belongs to."""
        return self.parts[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        part = self.part()
        if data.get("who") == SOME and part is not None and "roles" not in self.errors:
            self._check_roles(part, [Role(each) for each in data.get("roles", [])])
        return data

    def _check_roles(self, part: Section, roles: list[Role]) -> None:
        readers = readers_of(part)
        outside = [role.label for role in roles if role not in readers]
        if not roles:
            self.add_error("roles", "Choose which roles may see it")
        elif outside:
            words = f"{', '.join(outside)} can’t read this part. Take the tick away, or choose another part"
            self.add_error("roles", words)
        elif self.actor.role in readers and self.actor.role not in (*roles, *LEADS):
            self.add_error("roles", "Keep your own role among those who may see it")

    def audience(self) -> list[Role]:
        """The roles that were chosen. Empty: everyone who reads the part."""
        if self.cleaned_data["who"] == EVERYONE:
            return []
        chosen = [Role(each) for each in self.cleaned_data["roles"]]
        return [*chosen, *(role for role in LEADS if role == self.actor.role)]


class AddForm(AudienceForm, FileForm):
    """A new document."""

    title = forms.CharField(
        label="What is it?",
        help_text="A few words that others will know it by, such as “Autumn report, Year 6”.",
        max_length=120,
        error_messages={"required": "Enter what it is"},
    )
    kind = forms.ChoiceField(
        label="What kind of document is it?",
        choices=[("", "Choose one"), *Document.Kind.choices],
        error_messages={"required": "Choose what kind of document it is"},
    )
    section = forms.ChoiceField(
        label="Which part of the record does it belong to?",
        help_text="Only people who read this part can see it.",
        error_messages={"required": "Choose the part of the record it belongs to"},
    )

    field_order = ["file", "title", "kind", "section", "who", "roles"]
    looks = {
        **FileForm.looks,
        **AudienceForm.looks,
        "title": Look(label="m", spellcheck=True),
        "kind": Look(label="m"),
        "section": Look(label="m"),
    }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, parts=sections_to_add_to(actor), **kwargs)
        field: Any = self.fields["section"]
        field.choices = [("", "Choose one"), *((part.value, part.title) for part in self.parts)]

    def part(self) -> Section | None:
        given = self.cleaned_data.get("section")
        return Section(given) if given else None


class MoveForm(GovukForm):
    """Which child a document is about: words first, then one of those that fit."""

    words = forms.CharField(
        label="Which child is it about?",
        help_text="Type a name or number. You then choose from the children you work with.",
        max_length=100,
        error_messages={"required": "Enter the child’s name or number"},
    )
    child = forms.ChoiceField(
        label="Which one?",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"required": _WHICH, "invalid_choice": _WHICH},
    )

    looks = {"words": Look(label="m", spellcheck=False, autocomplete="off"), "child": Look(small=True)}

    def __init__(self, *args: Any, actor: Actor, leave_out: Child, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_which = False
        words = str(self.data.get("words") or "").strip() if self.is_bound else ""
        answer = find(actor, words, limit=MOST_CHILDREN) if words else None
        exact = [*answer.exact, *answer.alike] if answer else []
        self.found = {str(child.public_id): child for child in exact if child.pk != leave_out.pk}
        if self.found:
            field: Any = self.fields["child"]
            field.required = True
            field.choices = [
                (key, f"{child.name}, {year_group_of(child.birth_date, on=actor.today).label}")
                for key, child in self.found.items()
            ]
        else:
            self.fields["child"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("words") and not self.found:
            self.add_error("words", "No child you work with fits. Check the spelling, or use the number")
        elif self.found and not self.data.get("child"):
            # The list was not there yet: that nothing is chosen is no mistake.
            self.asks_which = True
        return data

    def chosen(self) -> Child:
        return self.found[self.cleaned_data["child"]]


class RemoveForm(GovukForm):
    """Why a document is removed. Of fixed reasons, so that what is left says nothing of what it held."""

    why = forms.ChoiceField(
        label="Why is it removed?",
        help_text="That a document was here, this reason, the day and your name stay on the record.",
        choices=DocumentTrace.Why.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why it is removed"},
    )

    looks = {"why": Look(label="m")}

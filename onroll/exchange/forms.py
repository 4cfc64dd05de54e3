"""Forms of loading a file: what is asked for before it is checked, and before it is applied."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from onroll.design.forms import GovukDateField, GovukForm, Look, SeveralFilesInput

from .engine import Feed
from .models import Import
from .problems import Grade
from .reading import Upload


class SeveralFilesField(forms.FileField):
    """One or more files. Their bytes are read once."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        # An empty file is the feed's to speak about: a return holds some.
        return [Upload(_name(file), file.read()) for file in given]


def _name(file: UploadedFile) -> str:
    """The file's own name, without any folder and without what can't be printed."""
    last = (file.name or "file").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[:150] or "file"


class ChooseFilesForm(GovukForm):
    """The files of one feed, and what the person knows about them."""

    uploads = SeveralFilesField(
        label="Choose the files, or one zip of them",
        error_messages={"required": "Choose at least one file"},
    )
    as_at = GovukDateField(
        label="What is the last day the files speak for?",
        required=False,
    )
    part = forms.BooleanField(label="These files are only a part: add and update, and end nothing", required=False)
    match = forms.BooleanField(label="Let me say first which heading is which column", required=False)

    def __init__(self, *args: Any, feed: Feed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].help_text = f"{feed.kinds}, 50 MB at most. Nothing is changed until you apply."
        self.fields["as_at"].help_text = f"Leave it empty to go by {feed.as_at_otherwise}."
        if not feed.has_as_at:
            del self.fields["as_at"]
        if not feed.may_be_part:
            del self.fields["part"]
        if not feed.matched_columns:
            del self.fields["match"]


class MatchForm(GovukForm):
    """Under which heading of the officer's own spreadsheet each of our columns stands."""

    def __init__(self, *args: Any, feed: Feed, headings: list[str], matched: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.feed = feed
        self.headings = list(dict.fromkeys(heading[:200] for heading in headings if heading))[:200]
        for column in feed.matched_columns:
            known = next((heading for heading in self.headings if column.is_called(heading)), "")
            held = matched.get(column.key, "")
            self.fields[column.key] = forms.ChoiceField(
                label=column.heading,
                help_text=column.hint,
                choices=[
                    ("", "Choose a heading" if column.needed else "Not in this file"),
                    *((heading, heading) for heading in self.headings),
                ],
                required=column.needed,
                initial=held if held in self.headings else known,
                error_messages={"required": f"Choose the heading of: {column.heading}"},
            )

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for column in self.feed.matched_columns:
            heading = chosen.get(column.key)
            if heading and heading in taken:
                self.add_error(column.key, f"“{heading}” is chosen for {taken[heading]} too. Choose another heading")
            elif heading:
                taken[heading] = column.heading
        return chosen

    def matches(self) -> dict[str, str]:
        """What is to be remembered: every column that stands under a heading."""
        return {key: heading for key, heading in self.cleaned_data.items() if heading}


class ApplyForm(GovukForm):
    """What must be said before a load is applied: nothing, where it ends nothing and no row stops it."""

    good_rows = forms.BooleanField(required=True)
    confirm_endings = forms.BooleanField(required=True)
    sure = forms.BooleanField(required=True)

    looks = {name: Look(small=True) for name in ("good_rows", "confirm_endings", "sure")}

    def __init__(self, *args: Any, import_: Import, feed: Feed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {
            "good_rows": (
                bool(import_.counts.get(Grade.STOPS)) and feed.may_leave_bad_rows,
                "Apply the good rows, and leave out the children with a row that stops",
                "Tick to leave out the children with a row that stops, or mend the files",
            ),
            "confirm_endings": (
                bool(import_.would_end),
                "End what these files leave out. I have looked at the children above",
                "Tick to end what these files leave out, or load them again as a part",
            ),
            "sure": (
                bool(import_.asks_twice),
                f"I am sure, though {import_.asks_twice}",
                f"Tick to say that you are sure, though {import_.asks_twice}",
            ),
        }
        for name, (is_asked, label, refusal) in asked.items():
            if is_asked:
                self.fields[name].label = label
                self.fields[name].error_messages["required"] = refusal
            else:
                del self.fields[name]

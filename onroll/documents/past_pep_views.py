"""The page on which many documents of past PEPs are added at once."""

from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.access.sections import Section
from onroll.design.forms import GovukForm, Look, SeveralFilesInput
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import count_of
from onroll.history.viewing import listed

from . import scanning
from .actions import Upload
from .filetypes import ALLOWED, MEGABYTE
from .forms import ACCEPT, printable
from .past_peps import MOST_FILES, Outcome, add_past_peps, may_add_past_peps

# What one request may hold in memory, as for a load of files.
MOST_BYTES = 50 * MEGABYTE


class SeveralFilesField(forms.FileField):
    """Up to forty files, read once."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(given) > MOST_FILES:
            raise forms.ValidationError(
                f"You chose {len(given)} files. Choose {MOST_FILES} at most, and add the rest next"
            )
        if sum(file.size for file in given) > MOST_BYTES:
            raise forms.ValidationError("The files are larger than 50 MB together. Choose fewer, and add the rest next")
        return [Upload(printable(file.name), file.read()) for file in given]


class PastPepsForm(GovukForm):
    """The files."""

    uploads = SeveralFilesField(
        label="Choose the files",
        help_text=f"{ALLOWED}. {MOST_FILES} files at most, 20 MB each, 50 MB together.",
        error_messages={"required": "Choose at least one file"},
    )

    looks = {"uploads": Look(label="m", accept=ACCEPT)}


class PastPepsPage(Page):
    """Where documents of past PEPs are added to the records of their children, each found by the name of its file."""

    requires = Can.RECORD_CHANGES
    template_name: ClassVar[str] = "documents/past_peps.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        if not may_add_past_peps(self.actor):
            raise Http404

    def context(self) -> dict[str, Any]:
        from_data = can(self.actor, Can.SEE_DATA)
        return {
            "back": reverse("exchange:data" if from_data else "peps:tracker"),
            "back_words": "Data" if from_data else "PEPs",
            "rules_open": True,
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=PastPepsForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PastPepsForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        found = add_past_peps(form.cleaned_data["uploads"], actor=self.actor)
        named = sorted({outcome.child.pk for outcome in found if outcome.child is not None})
        listed(self.actor, named, "documents:past_peps", section=Section.PEP)
        added = [outcome for outcome in found if outcome.document is not None]
        left = [outcome for outcome in found if outcome.document is None]
        return self.show(
            form=PastPepsForm(),
            answered=True,
            rules_open=bool(left),
            says=f"{count_of(len(added), 'file')} added, {len(left)} not added",
            added=_table("Added", "Document", added) if added else None,
            left=_table("Not added", "Why, and what to do", left) if left else None,
            waits=bool(added) and scanning.is_configured(),
        )


def _table(caption: str, last: str, outcomes: list[Outcome]) -> Table:
    columns = [Column("File", stacked_label=False), Column("Child"), Column(last)]
    return Table(caption, columns, [_row(outcome) for outcome in outcomes])


def _row(outcome: Outcome) -> list[Any]:
    child, document = outcome.child, outcome.document
    if child is None:
        return [outcome.name, "–", f"{outcome.why_not}."]
    record = Cell(child.name, href=reverse("profile:documents", args=[child.public_id]))
    if document is None:
        return [outcome.name, record, f"{outcome.why_not}."]
    page = reverse("documents:document", args=[child.public_id, document.public_id])
    return [outcome.name, record, Cell(str(document.title), href=page)]

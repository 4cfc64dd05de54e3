"""Blank forms of plans, to write in by hand or in Word before they are typed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.design import pdfs
from onroll.design.tables import Cell, Column, Table
from onroll.design.word_files import WORD, docx_of

from .models import LocalForm
from .printing import BLANK_FORMS, blank_parts, blank_title

KINDS = {"pdf": "application/pdf", "docx": WORD}
TOLD = ("Once written in, it holds a child’s information: keep it locked away.", "Reference of the plan:")


class BlankFormsPage(Page):
    """The forms of plans without a child, as PDF and as Word."""

    requires = Can.WRITE_PEPS
    template_name = "peps/blank_forms.html"

    def context(self) -> dict[str, Any]:
        rows = [
            [
                blank_title(key),
                *(Cell(words, href=reverse("peps:blank_form", args=[key, kind])) for kind, words in _WORDS.items()),
            ]
            for key in BLANK_FORMS
        ]
        columns = [Column("Form", stacked_label=False), Column("To print"), Column("To type in")]
        return {"table": Table("Blank forms", columns, rows)}


_WORDS = {"pdf": "PDF", "docx": "Word"}


class BlankFormFile(Page):
    """One blank form as a file. It holds nothing of any child."""

    requires = Can.WRITE_PEPS

    def get(self, request: HttpRequest, form: str, kind: str) -> HttpResponse:  # type: ignore[override]
        if form not in BLANK_FORMS or kind not in KINDS:
            raise Http404
        title, parts = blank_title(form), blank_parts(form, LocalForm.newest(self.actor.authority))
        made = pdfs.made if kind == "pdf" else docx_of
        return HttpResponse(
            made(title, TOLD, title, parts),
            content_type=KINDS[kind],
            headers={
                "Content-Disposition": f'attachment; filename="blank-{form.replace("_", "-")}.{kind}"',
                "Content-Security-Policy": "sandbox; default-src 'none'",
            },
        )

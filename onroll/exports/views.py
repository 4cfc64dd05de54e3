"""Pages of what leaves: make a list, a copy or the whole record; one's own exports; the second person's check."""

import base64
import hashlib
import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.access.sections import Section
from onroll.children.contradictions import Refused
from onroll.children.pages import ChildPage
from onroll.children.roll_columns import USUAL
from onroll.children.roll_filters import Choice, people_round
from onroll.children.views import kept_words, sorted_keys
from onroll.design.spreadsheets import XLSX
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import SummaryRow
from onroll.design.word_files import WORD
from onroll.design.words import count_of, day, day_short
from onroll.history.viewing import listed
from onroll.profile.record import Record

from . import storing
from .actions import (
    check,
    make_copy,
    make_list,
    make_whole,
    out_of_reach,
    to_check,
    why_not_check,
    why_not_take,
)
from .checking import Highlighter, limit_of, needs_fresh, text_of
from .copies import sections_of
from .forms import CheckForm, CopyForm, ListForm, RecipientForm, WholeForm
from .models import Export
from .recipients import COPY, LIST, OWN_TEAM, Recipient, recipients_of

# How far back the page of one's own exports goes.
SHOWN_FOR = timedelta(days=90)
COLOURS = {"waiting": "yellow", "ready": "green", "refused": "red"}
TYPES = {
    Export.Format.XLSX: XLSX,
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.PDF: "application/pdf",
    Export.Format.HTML: "text/html; charset=utf-8",
    Export.Format.ZIP: "application/zip",
    Export.Format.DOCX: WORD,
}


def _address(export: Export, route: str = "export") -> str:
    return reverse(f"exports:{route}", args=[export.public_id])


class ExportsPage(Page):
    """What the reader took out, with what can still be downloaded, and what waits for them as the second person."""

    requires = Can.SEE_EXPORTS
    template_name: ClassVar[str] = "exports/exports.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        held = Export.objects.filter(authority=self.actor.authority).select_related("made_by", "checked_by")
        own = list(held.filter(made_by=self.actor.account, made_at__gt=now - SHOWN_FOR).order_by("-made_at", "-pk"))
        waits = to_check(self.actor, now=now)
        return self.show(
            own=_own_table(own, out_of_reach(own, actor=self.actor), now) if own else None,
            to_check=_to_check_table(waits) if waits else None,
            may_list=can(self.actor, Can.EXPORT_A_LIST),
            may_take_whole=can(self.actor, Can.EXPORT_THE_RECORD),
        )


def _own_table(exports: Collection[Export], closed: Collection[int], now: Any) -> Table:
    rows = []
    for export in exports:
        kept = export.removed_at is None and export.keep_until > now
        state = Cell(export.get_state_display(), tag=COLOURS[export.state])
        if export.state != Export.State.REFUSED and not kept:
            state = Cell("No longer kept", tag="grey")
        elif export.pk in closed:
            state = Cell("No longer open to you", tag="grey")
        elif export.state == Export.State.READY:
            until = localtime(export.keep_until)
            state = Cell(
                "Download", href=_address(export, "file"), sub=f"until {until:%H:%M}, {day_short(until.date())}"
            )
        rows.append(
            [
                Cell(export.get_kind_display(), href=_address(export), sub=export.for_whom),
                count_of(len(export.keys), "child", "children"),
                day_short(localtime(export.made_at).date()),
                state,
            ]
        )
    columns = [Column("What", stacked_label=False), Column("Of"), Column("Made"), Column("The file")]
    return Table("What you took out", columns, rows)


def _to_check_table(exports: Collection[Export]) -> Table:
    rows = [
        [
            Cell(export.get_kind_display(), href=_address(export, "check"), sub=export.for_whom),
            count_of(len(export.keys), "child", "children"),
            Cell(export.made_by.name, sub=day_short(localtime(export.made_at).date())),
        ]
        for export in exports
    ]
    columns = [Column("What", stacked_label=False), Column("Of"), Column("Made by")]
    return Table("For you to check", columns, rows)


class ListPage(Page):
    """Where a list of children is made to leave: for whom first, then what they may have."""

    requires = Can.EXPORT_A_LIST
    template_name: ClassVar[str] = "exports/list.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        query = self.request.GET
        words = kept_words(self.request, query.get("found", ""))
        self.choice = Choice.from_address(query, today=self.actor.today, words=words)
        offered = recipients_of(LIST)
        self.recipient = offered.get(query.get("for", ""), offered[OWN_TEAM])
        self.offered = self.recipient.columns_for(self.actor)

    def context(self) -> dict[str, Any]:
        keep = [(name, value) for name, values in self.request.GET.lists() if name != "for" for value in values]
        self.keys = sorted_keys(self.actor, self.choice, [])
        return {
            "recipient": self.recipient,
            "recipients": RecipientForm(recipients_of(LIST), self.recipient.key),
            "keep": keep,
            "many": count_of(len(self.keys), "child", "children"),
            "none": not self.keys,
            "limit": limit_of(self.actor),
            "over": len(self.keys) > limit_of(self.actor),
            "as_at": self.choice.as_at,
            "here": self.request.get_full_path(),
            "back": reverse("children:roll")
            + self.choice.address(self.actor.today, key=self.request.GET.get("found", "")),
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = self.choice.columns or USUAL
        initial = {"columns": [column.key for column in self.offered if column.key in wanted]}
        return self.show(form=ListForm(initial=initial, offered=self.offered, recipient=self.recipient))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ListForm(request.POST, offered=self.offered, recipient=self.recipient)
        if not form.is_valid():
            return self.show(form=form)
        columns = form.chosen()
        keys = sorted_keys(self.actor, self.choice, columns)
        sections = {column.section for column in columns}
        if needs_fresh(len(keys), sections, actor=self.actor) and not self.is_fresh():
            return self.prove_again(request)
        try:
            export = make_list(
                self.choice,
                self.recipient,
                columns,
                purpose=form.cleaned_data["purpose"],
                format=form.cleaned_data["format"],
                people=people_round(self.actor, self.choice.as_at),
                actor=self.actor,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        return HttpResponseRedirect(told_as_made(request, export))


def told_as_made(request: HttpRequest, export: Export) -> str:
    """Say what was made, and where to go on."""
    if export.state == Export.State.WAITING:
        messages.warning(request, "Made. It waits until a second person has looked through it.")
    else:
        messages.success(request, "The file is made. It is kept for seven days.")
    return _address(export)


class CopyPage(ChildPage):
    """Where a copy of a child's record is made for a named reader."""

    requires = Can.MAKE_A_COPY
    section = Section.BASICS
    template_name: ClassVar[str] = "exports/copy.html"
    recipient: Recipient | None

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.recipient = recipients_of(COPY).get(self.request.GET.get("for", ""))
        self.record = Record(self.child, self.actor)

    def context(self) -> dict[str, Any]:
        chosen = self.recipient.key if self.recipient else ""
        return {
            **super().context(),
            "recipient": self.recipient,
            "recipients": RecipientForm(recipients_of(COPY), chosen),
            "here": self.request.get_full_path(),
            "back": reverse("profile:story", args=[self.child.public_id]),
        }

    def form_for(self, recipient: Recipient, data: Any = None) -> CopyForm:
        return CopyForm(data, offered=sections_of(self.record, recipient), child=self.child, actor=self.actor)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.form_for(self.recipient) if self.recipient else None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.recipient is None:
            return self.show(form=None)
        form = self.form_for(self.recipient, request.POST)
        if not form.is_valid():
            return self.show(form=form)
        try:
            export = make_copy(
                self.record,
                self.recipient,
                form.chosen(),
                reader=form.cleaned_data["reader"],
                purpose=form.cleaned_data["purpose"],
                format=form.cleaned_data["format"],
                actor=self.actor,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        return HttpResponseRedirect(told_as_made(request, export))


class WholePage(Page):
    """Where the data officer takes the whole record out as exchange files. A second person always checks."""

    requires = Can.EXPORT_THE_RECORD
    fresh = True
    template_name: ClassVar[str] = "exports/whole.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=WholeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = WholeForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        try:
            export = make_whole(purpose=form.cleaned_data["purpose"], actor=self.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        return HttpResponseRedirect(told_as_made(request, export))


class _OneExport(Page):
    """A page about one export. For who may not have it, it does not exist."""

    abstract = True
    export: Export

    def open(self, *args: Any, **kwargs: Any) -> None:
        held = Export.objects.filter(authority=self.actor.authority).select_related("made_by", "checked_by")
        found = held.filter(public_id=kwargs["export"]).first()
        if found is None:
            raise Http404
        self.export = found
        if self.why_not():
            raise Http404

    def why_not(self) -> str:
        raise NotImplementedError

    def file(self) -> bytes:
        try:
            return storing.kept(self.export)
        except storing.Lost as lost:
            raise Http404 from lost

    def note(self, act: str) -> None:
        """Write down whom this showed, before it is shown."""
        export = self.export
        listed(self.actor, export.keys, f"exports:{act} {export.public_id}", act=act, section=export.sections)

    def context(self) -> dict[str, Any]:
        export = self.export
        at = localtime(export.made_at)
        narrowed = "Which plan" if export.kind == Export.Kind.PEP else "Narrowed to"
        facts = [
            SummaryRow("For", export.for_whom),
            SummaryRow("What it is for", export.purpose),
            SummaryRow("Made by", f"{export.made_by.name}, {day(at.date())} at {at:%H:%M}"),
            SummaryRow("Holds", f"{count_of(len(export.keys), 'child', 'children')}"),
            *([SummaryRow(narrowed, export.narrowing)] if export.narrowing else []),
            SummaryRow("Kind of file", export.get_format_display()),
        ]
        if export.checked_by and export.checked_at:
            said = "agreed" if export.state == Export.State.READY else "said no"
            on = day(localtime(export.checked_at).date())
            facts.append(SummaryRow("Second person", f"{export.checked_by.name} {said} on {on}"))
        return {"export": export, "facts": facts}

    def lines(self) -> Table:
        """What is in the file, read back from the file, with addresses, surnames and places pointed out."""
        highlighter = Highlighter(self.export.keys)
        read = text_of(self.export, self.file())
        width = max(len(line) for line in read)
        rows = [[Marked(highlighter.pieces(cell)) for cell in [*line, *[""] * (width - len(line))]] for line in read]
        columns = [Column(f"Column {number}", hidden=True, stacked_label=False) for number in range(1, width + 1)]
        return Table("What will leave", columns, rows, stacked="")


class Marked:
    """Text in pieces, drawn with what is pointed out in it."""

    def __init__(self, pieces: list[Any]) -> None:
        self.pieces = pieces

    def __html__(self) -> str:
        return format_html_join(
            "",
            "{}",
            (
                (
                    format_html(
                        '<mark><span class="govuk-visually-hidden">{}: </span>{}</mark>', piece.kind, piece.text
                    )
                    if piece.kind
                    else piece.text,
                )
                for piece in self.pieces
            ),
        )

    __str__ = __html__


class ExportPage(_OneExport):
    """One's own export: what it is, and while it is kept the file. Of a copy also what is in it."""

    requires = Can.SEE_EXPORTS
    template_name: ClassVar[str] = "exports/export.html"

    def why_not(self) -> str:
        return "" if self.export.made_by_id == self.actor.account else "Someone else made this."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        export, now = self.export, timezone.now()
        why_not = why_not_take(export, actor=self.actor, now=now)
        is_kept = export.removed_at is None and export.keep_until > now
        is_copy = export.is_of_one_child
        lines = None
        if is_copy and is_kept and not out_of_reach([export], actor=self.actor):
            self.note("view")
            lines = self.lines()
        return self.show(
            why_not=why_not,
            lines=lines,
            file="" if why_not else _address(export, "file"),
            printed=_address(export, "print") if not why_not and export.format == Export.Format.HTML else "",
            kept_until=localtime(export.keep_until),
        )


class FilePage(_OneExport):
    """The file itself. Each time it is asked for, the links of today decide (ACC-4), and the log has an entry."""

    requires = Can.SEE_EXPORTS

    def why_not(self) -> str:
        return why_not_take(self.export, actor=self.actor, now=timezone.now())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        data = self.file()
        self.note("download")
        answer = HttpResponse(data, content_type=TYPES[Export.Format(self.export.format)])
        answer["Content-Disposition"] = f'attachment; filename="{self.export.file_name}"'
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
        return answer


class PrintPage(_OneExport):
    """The copy as a page to print: exactly the file, shown. Its style is allowed by its digest and nothing else is."""

    requires = Can.SEE_EXPORTS

    def why_not(self) -> str:
        if self.export.format != Export.Format.HTML:
            return "Only a page is printed from here."
        return why_not_take(self.export, actor=self.actor, now=timezone.now())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        data = self.file()
        self.note("print")
        style = re.search(rb"<style>(.*?)</style>", data, re.DOTALL)
        assert style is not None
        digest = base64.b64encode(hashlib.sha256(style.group(1)).digest()).decode()
        answer = HttpResponse(data, content_type=TYPES[Export.Format.HTML])
        answer["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'; "
            "form-action 'none'; object-src 'none'"
        )
        return answer


class CheckPage(_OneExport):
    """Where a second person reads what is about to leave, and agrees or says no."""

    requires = Can.SEE_EXPORTS
    template_name: ClassVar[str] = "exports/check.html"

    def why_not(self) -> str:
        return why_not_check(self.export, actor=self.actor, now=timezone.now())

    def context(self) -> dict[str, Any]:
        lines = self.lines()
        self.note("view")
        return {**super().context(), "lines": lines}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=CheckForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CheckForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        agrees = form.cleaned_data["agrees"] == "yes"
        check(self.export, agrees=agrees, actor=self.actor)
        messages.success(request, "You agreed. It can leave now." if agrees else "You said no. The file is deleted.")
        return HttpResponseRedirect(reverse("exports:exports"))

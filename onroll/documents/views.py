"""Pages about documents. Each is found through its child, and each look, preview and download is in the access log."""

from typing import Any, ClassVar
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localtime

from onroll.access.can import Can, can
from onroll.access.sections import may_write
from onroll.children.contradictions import Refused
from onroll.children.forms.leaks import LeakForm
from onroll.children.pages import ChildPage
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import Pages, SummaryRow
from onroll.design.words import count_of, day

from . import scanning, storing
from .actions import (
    Tells,
    add_document,
    add_version,
    choose_audience,
    move_document,
    remove_document,
    why_not_add_version,
    why_not_take_away,
)
from .apart import picture_apart
from .forms import EVERYONE, SOME, AddForm, AudienceForm, FileForm, MoveForm, RemoveForm
from .models import Document, DocumentVersion
from .queries import sections_to_add_to, versions_of, who_sees
from .refusing import NotAccepted

# Of a text no more than this is shown on the page. The whole is in the file.
MOST_LETTERS = 20_000
DRAWN = ("pdf", "png", "jpg")
READ = ("txt", "csv")
STATE_COLOURS = {
    DocumentVersion.State.WAITING: "yellow",
    DocumentVersion.State.CLEAN: "",
    DocumentVersion.State.REFUSED: "red",
}
# A file is never shown in the product's own origin: it is handed over, and may do nothing if it is shown after all.
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def size_words(size: int) -> str:
    """A size in bytes as people say it."""
    if size < 1024 * 1024:
        return f"{max(round(size / 1024), 1)} KB"
    return f"{size / 1024 / 1024:.1f} MB"


class FormPage(ChildPage):
    """A page of one form about a child's documents."""

    abstract = True
    writes = True
    template_name: ClassVar[str] = "documents/form.html"
    heading: ClassVar[str]
    button: ClassVar[str] = "Save"
    button_kind: ClassVar[str] = ""

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        raise NotImplementedError

    def act(self, form: Any, leak_why: str) -> HttpResponse:
        """Do it. `leak_why`: why a text is right that tells something of where the child lives."""
        raise NotImplementedError

    def back(self) -> str:
        raise NotImplementedError

    def held(self) -> list[str]:
        """What is to be known before, in sentences."""
        return []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.make_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show_again(form)
        leak = LeakForm((), request.POST)
        try:
            return self.act(form, leak.why)
        except Tells as told:
            leak.tells = told.parts
            leak.ask()
            return self.show(form=form, leak=leak, again="Choose the file again before you save.")
        except NotAccepted as refusal:
            form.add_error("file", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        return self.show_again(form)

    def show_again(self, form: forms.Form) -> HttpResponse:
        return self.show(form=form)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "heading": self.heading,
            "button": self.button,
            "button_kind": self.button_kind,
            "back": self.back(),
            "held": self.held(),
        }


class AddPage(FormPage):
    """Where a document about the child is added."""

    requires = Can.RECORD_CHANGES
    heading = "Add a document"
    button = "Add the document"

    def _may_open(self) -> bool:
        return bool(sections_to_add_to(self.actor))

    def make_form(self, data: Any = None, files: Any = None) -> AddForm:
        return AddForm(data, files, actor=self.actor)

    def back(self) -> str:
        return reverse("profile:documents", args=[self.child.public_id])

    def act(self, form: AddForm, leak_why: str) -> HttpResponse:
        given, part = form.cleaned_data, form.part()
        assert part is not None
        document = add_document(
            self.child,
            given["file"],
            title=given["title"],
            kind=given["kind"],
            part=part,
            roles=form.audience(),
            leak_why=leak_why,
            actor=self.actor,
        )
        waits = scanning.is_configured()
        messages.success(
            self.request,
            "The document is added. Others see it once the scanner has looked at it." if waits else "Document added.",
        )
        return HttpResponseRedirect(reverse("documents:document", args=[self.child.public_id, document.public_id]))


class _OneDocument(ChildPage):
    """A page about one document, found through its child. Its section is the document's own."""

    abstract = True
    document: Document

    def _may_open(self) -> bool:
        found = Document.of(self.child, self.actor).filter(public_id=self.kwargs["document"])
        document = found.select_related("added_by").first()
        if document is None:
            return False
        document.child = self.child
        self.document, self.section = document, document.guarded_by  # type: ignore[misc]
        return not self.writes or may_write(self.actor, self.section)

    def logged_as(self) -> str:
        return f"{super().logged_as()} {self.document.public_id}"

    def url(self, route: str, *more: Any) -> str:
        return reverse(route, args=[self.child.public_id, self.document.public_id, *more])

    def context(self) -> dict[str, Any]:
        return {**super().context(), "document": self.document}


class _OneVersion(_OneDocument):
    """The file of one version."""

    abstract = True
    version: DocumentVersion

    def _may_open(self) -> bool:
        if not super()._may_open():
            return False
        found = DocumentVersion.of(self.child, self.actor).filter(document=self.document)
        version = found.filter(public_id=self.kwargs["version"]).first()
        # What the scanner has not passed is handed to nobody, its uploader included.
        if version is None or not version.is_clean:
            return False
        self.version = version
        return True

    def file(self) -> bytes:
        try:
            return storing.kept(self.version)
        except storing.Lost as lost:
            raise Http404 from lost


class DocumentPage(_OneDocument):
    """One document: what it is, who may see it, a preview, and its versions."""

    requires = Can.SEE_CHILD
    template_name: ClassVar[str] = "documents/document.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        versions = versions_of(self.document, self.actor)
        newest = next((version for version in versions if version.is_clean), None)
        waits = any(version.state == DocumentVersion.State.WAITING for version in versions)
        refused = any(version.state == DocumentVersion.State.REFUSED for version in versions)
        may_change = can(self.actor, Can.RECORD_CHANGES) and may_write(self.actor, self.section)
        return self.show(
            facts=self.facts(newest or versions[0]),
            newest=newest,
            download=self.url("documents:download", newest.public_id) if newest else "",
            size=size_words(newest.size) if newest else "",
            preview=self.preview(newest) if newest else {},
            versions=self.table(versions) if len(versions) > 1 else None,
            audience=who_sees(self.document, self.actor),
            everyone=not self.document.audience,
            waits=waits,
            refused=refused,
            scanner_down=scanning.why_down() if waits else "",
            acts=self.acts() if may_change else [],
            change_audience=self.url("documents:audience") if may_change else "",
            back=reverse("profile:documents", args=[self.child.public_id]),
        )

    def facts(self, version: DocumentVersion) -> list[SummaryRow]:
        document = self.document
        by = f", {document.added_by.name}" if document.added_by else ""
        pages = f", {count_of(version.pages, 'page')}" if version.pages else ""
        return [
            SummaryRow("Kind", document.get_kind_display()),
            SummaryRow("Part of the record", self.section.title),
            SummaryRow("Added", f"{day(localtime(document.added_at).date())}{by}"),
            SummaryRow("File", f"{version.kept_as.words}, {size_words(version.size)}{pages}"),
        ]

    def preview(self, version: DocumentVersion) -> dict[str, Any]:
        """What is shown of the file on the page: pictures of its pages, or its text."""
        if version.type in DRAWN:
            last = max(version.pages, 1)
            asked = self.request.GET.get("page", "")
            page = min(max(int(asked), 1), last) if asked.isdecimal() and len(asked) < 6 else 1
            return {
                "src": self.url("documents:preview", version.public_id, page),
                "alt": f"Page {page} of {last}" if last > 1 else "The document as a picture",
                "pages": Pages(page, 1, last, what="pages") if last > 1 else None,
            }
        if version.type in READ:
            try:
                text = storing.kept(version).decode()
            except storing.Lost:
                return {"lost": True}
            return {"text": text[:MOST_LETTERS], "cut": len(text) > MOST_LETTERS}
        return {}

    def table(self, versions: list[DocumentVersion]) -> Table:
        return Table(
            caption="Versions, newest first",
            columns=[Column("Version"), Column("Added"), Column("File"), Column("State")],
            rows=[self.row(version) for version in versions],
        )

    def row(self, version: DocumentVersion) -> list[Any]:
        by = version.added_by.name if version.added_by else ""
        file = self.url("documents:download", version.public_id) if version.is_clean else ""
        return [
            Cell(f"Version {version.number}", href=file),
            Cell(day(localtime(version.added_at).date()), sub=by),
            f"{version.kept_as.words}, {size_words(version.size)}",
            Cell(version.get_state_display(), tag=STATE_COLOURS[DocumentVersion.State(version.state)]),
        ]

    def acts(self) -> list[tuple[str, str]]:
        acts = []
        if not why_not_add_version(self.document, actor=self.actor):
            acts.append(("Add a new version", self.url("documents:add_version")))
        if not why_not_take_away(self.document, actor=self.actor):
            acts.append(("Move to another child", self.url("documents:move")))
            acts.append(("Remove", self.url("documents:remove")))
        return acts


class DownloadPage(_OneVersion):
    """The file itself, handed over to be opened in the reader's own program."""

    requires = Can.SEE_CHILD
    act_shown = "download"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return as_file(self.file(), self.version.kept_as.mime, name=f"document.{self.version.type}")


class PreviewPage(_OneVersion):
    """A picture of one page of the file, drawn anew each time. Pictures and PDFs have one."""

    requires = Can.SEE_CHILD
    act_shown = "preview"

    def _may_open(self) -> bool:
        return super()._may_open() and self.version.type in DRAWN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            picture = picture_apart(self.version.type, self.file(), kwargs["page"])
        except NotAccepted as refusal:
            raise Http404 from refusal
        return as_file(picture, "image/png", name="page.png")


def as_file(data: bytes, type: str, *, name: str) -> HttpResponse:
    """An answer that hands a file over, of a fixed type, to be shown nowhere and kept nowhere on the way."""
    answer = HttpResponse(data, content_type=type)
    answer["Content-Disposition"] = f'attachment; filename="{quote(name)}"'
    answer["Content-Security-Policy"] = FILE_POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


class _DocumentFormPage(FormPage, _OneDocument):
    """A form about one document."""

    abstract = True

    def back(self) -> str:
        return self.url("documents:document")

    def held(self) -> list[str]:
        added = day(localtime(self.document.added_at).date())
        return [f"{self.document.title}. {self.document.get_kind_display()}, added {added}."]

    def done(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return HttpResponseRedirect(self.back())


class AddVersionPage(_DocumentFormPage):
    """Where a newer version takes the place of the last."""

    requires = Can.RECORD_CHANGES
    heading = "Add a new version"
    button = "Add the version"

    def make_form(self, data: Any = None, files: Any = None) -> FileForm:
        return FileForm(data, files)

    def held(self) -> list[str]:
        return [*super().held(), "The versions before it stay."]

    def act(self, form: FileForm, leak_why: str) -> HttpResponse:
        add_version(self.document, form.cleaned_data["file"], leak_why=leak_why, actor=self.actor)
        waits = scanning.is_configured()
        return self.done(
            "Version added. Others see it once the scanner has looked at it." if waits else "Version added."
        )


class AudiencePage(_DocumentFormPage):
    """Where it is chosen who may see a document, of those who read its part."""

    requires = Can.RECORD_CHANGES
    heading = "Who may see this document?"

    def make_form(self, data: Any = None, files: Any = None) -> AudienceForm:
        roles = [role.value for role in self.document.roles]
        initial = {"who": SOME if roles else EVERYONE, "roles": roles}
        return AudienceForm(data, actor=self.actor, parts=[self.section], initial=initial)

    def held(self) -> list[str]:
        return [*super().held(), f"Now: {', '.join(who_sees(self.document, self.actor))}."]

    def act(self, form: AudienceForm, leak_why: str) -> HttpResponse:
        choose_audience(self.document, form.audience(), actor=self.actor)
        return self.done(f"Saved. It is seen by: {', '.join(who_sees(self.document, self.actor))}.")


class MovePage(_DocumentFormPage):
    """Where a document that was filed on the wrong child is put right."""

    requires = Can.RECORD_CHANGES
    heading = "Move to the right child"
    button = "Move the document"

    def _may_open(self) -> bool:
        return super()._may_open() and not why_not_take_away(self.document, actor=self.actor)

    def make_form(self, data: Any = None, files: Any = None) -> MoveForm:
        return MoveForm(data, actor=self.actor, leave_out=self.child)

    def held(self) -> list[str]:
        return [
            *super().held(),
            "Every version moves. On this record stays that a document was moved, by whom and when, and nothing of it.",
        ]

    def show_again(self, form: Any) -> HttpResponse:
        if form.asks_which:
            form.errors.pop("child", None)
        return self.show(form=form)

    def act(self, form: MoveForm, leak_why: str) -> HttpResponse:
        to = form.chosen()
        moved = move_document(self.document, to, actor=self.actor)
        messages.success(self.request, "The document is moved to this record.")
        return HttpResponseRedirect(reverse("documents:document", args=[to.public_id, moved.public_id]))


class RemovePage(_DocumentFormPage):
    """Where a document that should not be on the record is taken out, with every version."""

    requires = Can.RECORD_CHANGES
    heading = "Remove this document"
    button = "Remove the document"
    button_kind = "warning"

    def _may_open(self) -> bool:
        return super()._may_open() and not why_not_take_away(self.document, actor=self.actor)

    def make_form(self, data: Any = None, files: Any = None) -> RemoveForm:
        return RemoveForm(data)

    def held(self) -> list[str]:
        return [*super().held(), "The file and every version of it are deleted. This can’t be undone."]

    def act(self, form: RemoveForm, leak_why: str) -> HttpResponse:
        remove_document(self.document, why=form.cleaned_data["why"], actor=self.actor)
        messages.success(self.request, "The document is removed.")
        return HttpResponseRedirect(reverse("profile:documents", args=[self.child.public_id]))

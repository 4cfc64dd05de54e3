"""Pages about the documents of an action's updates: add one, have it handed over, take it away."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from onroll.access.can import Can
from onroll.documents import scanning
from onroll.documents.refusing import NotAccepted
from onroll.documents.views import as_file
from onroll.history.viewing import noted

from .action_views import OneActionPage
from .actions import Refused
from .documents import add_document, take_away, why_not_take_away
from .forms import PlanDocumentForm
from .models import PlanDocument
from .storing import FILES, Lost


class AddDocumentPage(OneActionPage):
    """Add a document to an update, having read what must not be in it."""

    requires = Can.UPDATE_PLAN
    template_name = "plans/add_document.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        found = self.action.updates.filter(public_id=kwargs["update"]).first()
        if found is None:
            raise Http404
        self.update = found

    def context(self) -> dict[str, Any]:
        return {**super().context(), "update": self.update}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=PlanDocumentForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PlanDocumentForm(request.POST, request.FILES)
        if form.is_valid():
            typed = form.cleaned_data
            try:
                add_document(self.update, typed["file"], title=typed["title"], actor=self.actor)
            except NotAccepted as why:
                form.add_error("file", str(why))
            except Refused as why:
                form.add_error(None, str(why))
            else:
                waits = " Others see it once the scanner has looked at it." if scanning.is_configured() else ""
                return self.to_the_action(f"The document is added.{waits}")
        return self.show(form=form)


class _OneDocumentPage(OneActionPage):
    """A page about one document of the action that was not taken away."""

    abstract = True
    document: PlanDocument

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        held = PlanDocument.objects.filter(update__action=self.action, taken_away_on__isnull=True)
        found = held.filter(public_id=kwargs["document"]).first()
        if found is None:
            raise Http404
        self.document = found


class DocumentPage(_OneDocumentPage):
    """The file itself, handed over to be opened in the reader's own program."""

    requires = Can.SEE_PLAN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # What the scanner has not passed is handed to nobody, its uploader included.
        if not self.document.is_clean:
            raise Http404
        try:
            data = FILES.kept(self.document)
        except Lost as lost:
            raise Http404 from lost
        # A file that leaves is logged, though it is about no child.
        noted(self.actor, "report", route=f"plans:document {self.document.public_id}", outcome="made")
        return as_file(data, self.document.kept_as.mime, name=f"document.{self.document.type}")


class TakeDocumentAwayPage(_OneDocumentPage):
    """Take a document away, after saying what stays."""

    requires = Can.UPDATE_PLAN
    template_name = "plans/take_document_away.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        if why_not_take_away(self.document, actor=self.actor):
            raise Http404

    def context(self) -> dict[str, Any]:
        return {**super().context(), "document": self.document}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        take_away(self.document, actor=self.actor)
        return self.to_the_action("The document is taken away.")

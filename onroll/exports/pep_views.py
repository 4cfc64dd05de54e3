"""Where a personal education plan is put on paper for a named reader."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read
from onroll.children.contradictions import Refused
from onroll.children.models import Allocation, Review
from onroll.children.pages import ChildPage
from onroll.children.records import holds_on
from onroll.design.words import day, listed
from onroll.peps.models import Pep
from onroll.peps.printing import Holds, one_page
from onroll.peps.writing import Writing

from .audit_papers import make_audit_paper, why_not_audit_paper
from .forms import PlanCopyForm, RecipientForm
from .models import Export
from .pep_copies import make_plan_copy, offered_to
from .recipients import CARE_REVIEW, CHILD, PEP, Recipient, recipients_of
from .views import told_as_made


class _OfAPlan(ChildPage):
    """A page about one plan of the child, for who reads plans."""

    abstract = True
    section = Section.PEP
    pep: Pep

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        found = Pep.of(self.child, self.actor).filter(public_id=kwargs["pep"]).first()
        if found is None:
            raise Http404
        found.child = self.child
        self.pep = found


class AuditPaperPage(_OfAPlan):
    """The audit of a plan as one file, made and handed over with one press of a button."""

    requires = Can.MAKE_A_COPY

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        if why_not_audit_paper(self.pep, actor=self.actor):
            raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self._audit())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.POST.get("format", "")
        format = Export.Format.DOCX if asked == Export.Format.DOCX else Export.Format.PDF
        try:
            export = make_audit_paper(self.pep, format=format, actor=self.actor)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(self._audit())
        if export.state == Export.State.READY:
            return HttpResponseRedirect(reverse("exports:file", args=[export.public_id]))
        return HttpResponseRedirect(told_as_made(request, export))

    def _audit(self) -> str:
        return reverse("peps:audit", args=[self.child.public_id, self.pep.public_id])


class PlanCopyPage(_OfAPlan):
    """Where a plan is put on paper: the whole of it, a summary, a cover page for the care review, or a page to keep."""

    requires = Can.MAKE_A_COPY
    template_name: ClassVar[str] = "exports/pep_copy.html"

    recipient: Recipient | None

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.recipient = recipients_of(PEP).get(self.request.GET.get("for", ""))

    def context(self) -> dict[str, Any]:
        chosen = self.recipient.key if self.recipient else ""
        return {
            **super().context(),
            "pep": self.pep,
            "recipient": self.recipient,
            "recipients": RecipientForm(recipients_of(PEP), chosen),
            "left_out": self._left_out(),
            "here": self.request.get_full_path(),
            "back": reverse("peps:pep", args=[self.child.public_id, self.pep.public_id]),
        }

    def _left_out(self) -> str:
        """What the young person's page leaves out, so that its maker can have it said in other words."""
        if self.recipient is None or self.recipient.key != CHILD:
            return ""
        return listed(one_page(Writing(self.pep, self.actor)).left_out)

    def _form(self, recipient: Recipient, data: Any = None, **more: Any) -> PlanCopyForm:
        return PlanCopyForm(data, offered=offered_to(recipient), child=self.child, actor=self.actor, **more)

    def _known(self, recipient: Recipient) -> dict[str, str]:
        """What the record knows of the reader: the care review's day and its officer, or the young person's name."""
        if recipient.key == CHILD:
            return {"reader": self.child.first_name, "purpose": "Their own page to keep"}
        if recipient.key != CARE_REVIEW:
            return {}
        officers = Allocation.of(self.child, self.actor).filter(holds_on(self.actor.today), role=Role.IRO)
        officer = officers.select_related("account").first()
        known = {"reader": f"{officer.account.name}, reviewing officer" if officer else ""}
        if may_read(self.actor, Section.OTHER_STATUS):
            coming = Review.of(self.child, self.actor).filter(on__gte=self.actor.today).order_by("on").first()
            known["purpose"] = f"The care review on {day(coming.on)}" if coming else "The next care review"
        return known

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.recipient is None:
            return self.show(form=None)
        return self.show(form=self._form(self.recipient, initial=self._known(self.recipient)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.recipient is None:
            return self.show(form=None)
        form = self._form(self.recipient, request.POST)
        if not form.is_valid():
            return self.show(form=form)
        try:
            export = make_plan_copy(
                self.pep,
                self.recipient,
                Holds(form.cleaned_data["holds"]),
                reader=form.cleaned_data["reader"],
                purpose=form.cleaned_data["purpose"],
                format=form.cleaned_data["format"],
                actor=self.actor,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        return HttpResponseRedirect(told_as_made(request, export))

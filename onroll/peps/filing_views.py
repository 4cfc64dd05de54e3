"""The list of audits that are to be filed on the social care record, ticked by whoever files them, many at once.

Practice support files what it does not read: the list names the child, the plan and the audit's reference, by which
its file is named, and says nothing of what is in it.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.access.sections import Section
from onroll.authorities.models import Authority
from onroll.design.values import Pages
from onroll.design.words import count_of
from onroll.history.viewing import listed

from .audit_actions import file_audits, to_file
from .models import Pep, PepAudit

PAGE_SIZE = 50


def audits_to_file(actor: Actor) -> list[PepAudit]:
    """One audit of each plan whose result is not on the social care record, the oldest first. Two queries.

    What is older than the authority's first day here is history, and nobody is asked for it.
    """
    since = Authority.objects.values_list("live_from", flat=True).get(pk=actor.authority)
    rows = PepAudit.visible_to(actor, Section.BASICS).filter(to_file(), pep__in=Pep.visible_to(actor, Section.BASICS))
    if since is not None:
        rows = rows.filter(audited_on__gte=since)
    found: dict[int, PepAudit] = {}
    for audit in rows.select_related("pep", "child").order_by("audited_on", "second", "pk"):
        found.setdefault(audit.pep_id, audit)
    return list(found.values())


class AuditsToFilePage(Page):
    """Audits that are done and not on the social care record."""

    requires = Can.FILE_AUDITS
    template_name = "peps/audits_to_file.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        self.audits = audits_to_file(self.actor)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ticked = set(request.POST.getlist("filed"))
        peps = []
        for audit in self.audits:
            if audit.reference in ticked:
                audit.pep.child = audit.child
                peps.append(audit.pep)
        if not peps:
            return self.show(error="Tick the audits that you filed")
        filed = file_audits(peps, actor=self.actor)
        messages.success(request, f"Written down: {count_of(filed, 'audit')} filed on the social care record.")
        return HttpResponseRedirect(reverse("peps:to_file"))

    def context(self) -> dict[str, Any]:
        asked = self.request.GET.get("page", "")
        page = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
        pages = Pages(max(page, 1), PAGE_SIZE, len(self.audits), what="audits")
        shown = self.audits[(pages.page - 1) * PAGE_SIZE : pages.page * PAGE_SIZE]
        listed(self.actor, [audit.child_id for audit in shown], "peps:to_file", section=Section.BASICS)
        return {"audits": shown, "pages": pages, "many": count_of(len(self.audits), "audit"), "error": ""}

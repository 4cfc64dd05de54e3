"""Pages of the sealed register: who its custodians are, sealing a link, and opening one together."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from onroll.access.can import Can
from onroll.access.custodians import CUSTODIANS, custodians
from onroll.access.models import Account
from onroll.access.pages import Page
from onroll.design.forms import GovukForm
from onroll.design.tables import Column, Table

from ..actions.sealing import become, is_custodian, open_link, seal_link, why_not_become_custodian
from ..contradictions import Refused
from ..forms.sealing import CustodianForm, SealForm, UnsealForm
from ..guard_models import SealedLink, SealedOpening


class SealedPage(Page):
    """What the sealed register is, who keeps it, and every time it was opened."""

    requires = Can.KEEP_SEALED
    template_name = "children/sealed.html"

    def context(self) -> dict[str, Any]:
        authority = self.actor.authority
        named = custodians(authority)
        openings = SealedOpening.objects.filter(authority_id=authority).select_related("opened_by", "opened_with")
        rows = [
            [
                f"{localtime(each.opened_at):%-d %b %Y, %H:%M}",
                f"{each.opened_by.name} and {each.opened_with.name}",
                f"{each.get_why_display()}: {each.reason}",
                "One link" if each.found else "Nothing",
            ]
            for each in openings.order_by("-opened_at")
        ]
        heads = [Column("When"), Column("Who"), Column("Why"), Column("What was found")]
        accounts = Account.objects.filter(public_id__in=[each.account for each in named])
        return {
            "custodians": [account.name for account in accounts.order_by("family_name", "given_name")],
            "complete": len(named) == CUSTODIANS,
            "is_custodian": is_custodian(self.actor),
            "may_become": not is_custodian(self.actor) and len(named) < CUSTODIANS,
            "count": SealedLink.objects.filter(authority_id=authority).count(),
            "openings": Table("Openings of the sealed register", heads, rows, caption_hidden=False) if rows else None,
        }


class SealedFormPage(Page):
    """A form of the sealed register."""

    abstract = True
    fresh = True
    template_name = "children/sealed_form.html"
    form_class: type[GovukForm]
    heading: str
    words: str
    button: str

    def context(self) -> dict[str, Any]:
        return {"heading": self.heading, "words": self.words, "button": self.button, "back": reverse("children:sealed")}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.form_class())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        try:
            return self.act(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)

    def act(self, form: Any) -> HttpResponse:
        raise NotImplementedError

    def done(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return HttpResponseRedirect(reverse("children:sealed"))


class CustodianPage(SealedFormPage):
    """Where a person becomes one of the two custodians."""

    requires = Can.KEEP_SEALED
    form_class = CustodianForm
    heading = "Become a custodian"
    words = "What is sealed from now on opens only with your passphrase and that of the other custodian."
    button = "Become a custodian"

    def open(self, *args: Any, **kwargs: Any) -> None:
        if why_not_become_custodian(passphrase="x" * 99, actor=self.actor):
            raise Http404

    def act(self, form: CustodianForm) -> HttpResponse:
        become(passphrase=form.cleaned_data["passphrase"], actor=self.actor)
        return self.done("You are a custodian of the sealed register.")


class CustodiansOnly(SealedFormPage):
    """A page that exists for the two custodians."""

    abstract = True

    def open(self, *args: Any, **kwargs: Any) -> None:
        if not is_custodian(self.actor):
            raise Http404


class SealPage(CustodiansOnly):
    """Where a link between a closed record and a new one is sealed."""

    requires = Can.KEEP_SEALED
    form_class = SealForm
    heading = "Seal a link"
    words = "Nothing else in Onroll will say that these two records are of one person."
    button = "Seal this link"

    def act(self, form: SealForm) -> HttpResponse:
        seal_link(**form.cleaned_data, at=timezone.now(), actor=self.actor)
        return self.done("The link is sealed.")


class UnsealPage(CustodiansOnly):
    """Where both custodians open one link together. The answer is shown once."""

    requires = Can.KEEP_SEALED
    form_class = UnsealForm
    heading = "Open a link together"
    words = "Both custodians type their passphrase. Who opened it and why is reported to information governance."
    button = "Open this link"

    def act(self, form: UnsealForm) -> HttpResponse:
        found = open_link(**form.cleaned_data, at=timezone.now(), actor=self.actor)
        self.template_name = "children/sealed_found.html"  # type: ignore[misc]
        return self.show(found=found)

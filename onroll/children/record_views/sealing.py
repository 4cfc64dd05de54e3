"""Pages of the sealed register: who its custodians are, sealing a link, opening one together, and closing it again."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from onroll.access.can import Can, can
from onroll.access.custodians import CUSTODIANS, Custodian, custodians, waiting
from onroll.access.models import Account
from onroll.access.pages import Page
from onroll.access.sections import Section
from onroll.design.forms import GovukForm
from onroll.design.tables import Column, Table

from ..actions.sealing import (
    become,
    close_names,
    close_openings,
    is_custodian,
    open_link,
    prepare_to_follow,
    replace_custodian,
    seal_link,
    why_not_become_custodian,
    why_not_close_names,
    why_not_get_ready,
    why_not_replace,
)
from ..contradictions import Refused
from ..forms.sealing import CloseNamesForm, CustodianForm, HandOverForm, SealForm, UnsealForm
from ..guard_models import SealedLink, SealedOpening
from .act import ActPage


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
                "A record" if each.found else "Nothing",
            ]
            for each in openings.order_by("-opened_at")
        ]
        heads = [Column("When"), Column("Who"), Column("Why"), Column("What was found")]
        now = timezone.now()
        live = openings.filter(until__gt=now).filter(
            Q(opened_by=self.actor.account) | Q(opened_with=self.actor.account)
        )
        return {
            "custodians": _names(named),
            "waiting": _names(waiting(authority)),
            "live": live.first() if is_custodian(self.actor) else None,
            "may_get_ready": not why_not_get_ready(passphrase="x" * 99, actor=self.actor),
            "may_replace": can(self.actor, Can.REPLACE_CUSTODIANS) and not why_not_replace(actor=self.actor),
            "complete": len(named) == CUSTODIANS,
            "is_custodian": is_custodian(self.actor),
            "may_become": not is_custodian(self.actor) and len(named) < CUSTODIANS,
            "count": SealedLink.objects.filter(authority_id=authority).count(),
            "openings": Table("Openings of the sealed register", heads, rows, caption_hidden=False) if rows else None,
        }


def _names(held: list[Custodian]) -> list[str]:
    accounts = Account.objects.filter(public_id__in=[each.account for each in held])
    return [account.name for account in accounts.order_by("family_name", "given_name")]


class SealedFormPage(Page):
    """A form of the sealed register."""

    abstract = True
    fresh = True
    # A passphrase is kept nowhere.
    keeps_words = False
    template_name = "children/sealed_form.html"
    form_class: type[GovukForm]
    heading: str
    words: str
    button: str

    def context(self) -> dict[str, Any]:
        return {"heading": self.heading, "words": self.words, "button": self.button, "back": reverse("children:sealed")}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.make_form())

    def make_form(self, data: Any = None) -> Any:
        return self.form_class(data)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        try:
            return self.act(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)

    def act(self, form: Any) -> HttpResponse:
        raise NotImplementedError

    def printed(self, words: str) -> HttpResponse:
        """The words that hand a custodian's part to a follower. Shown once, and kept nowhere."""
        self.template_name = "children/sealed_words.html"  # type: ignore[misc]
        return self.show(printed=words)

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
        return self.printed(become(passphrase=form.cleaned_data["passphrase"], actor=self.actor))


class FollowPage(SealedFormPage):
    """Where a person makes a key of their own, to follow one of the two custodians."""

    requires = Can.KEEP_SEALED
    form_class = CustodianForm
    heading = "Get ready to follow a custodian"
    words = (
        "You make a key with a passphrase of your own. It opens nothing until the virtual school head has you follow."
    )
    button = "Make my key"

    def open(self, *args: Any, **kwargs: Any) -> None:
        if why_not_get_ready(passphrase="x" * 99, actor=self.actor):
            raise Http404

    def act(self, form: CustodianForm) -> HttpResponse:
        return self.printed(prepare_to_follow(passphrase=form.cleaned_data["passphrase"], actor=self.actor))


class HandOverPage(SealedFormPage):
    """Where the virtual school head has somebody follow a custodian. Both custodians' words are asked for."""

    requires = Can.REPLACE_CUSTODIANS
    form_class = HandOverForm
    heading = "Replace a custodian"
    words = "Every sealed link is closed anew for the one who follows. Whoever leaves opens nothing from then on."
    button = "Replace this custodian"

    def open(self, *args: Any, **kwargs: Any) -> None:
        if why_not_replace(actor=self.actor):
            raise Http404

    def make_form(self, data: Any = None) -> HandOverForm:
        return HandOverForm(data, authority=self.actor.authority)

    def act(self, form: HandOverForm) -> HttpResponse:
        replace_custodian(**form.cleaned_data, actor=self.actor)
        return self.done("The custodian is replaced.")


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
    heading = "Open a closed record together"
    words = (
        "Both custodians type their passphrase. You can read the closed record for one hour. Who opened it and why, "
        "and every look at it, is reported to information governance."
    )
    button = "Open this record"

    def act(self, form: UnsealForm) -> HttpResponse:
        found = open_link(**form.cleaned_data, at=timezone.now(), actor=self.actor)
        self.template_name = "children/sealed_found.html"  # type: ignore[misc]
        return self.show(found=found)


class CloseNamesPage(ActPage):
    """Where a custodian closes the names that a person had before, who wants or needs it."""

    requires = Can.KEEP_SEALED
    section = Section.BASICS
    also_writes = (Section.NUMBERS,)
    fresh = True
    title = "Close former names"
    form_class = CloseNamesForm
    button = "Close these names"
    button_kind = "warning"
    done = "The former names are closed. Two custodians can open them in the sealed register."

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        if not is_custodian(self.actor):
            raise Http404

    def held(self) -> list[str]:
        return [
            "The former names leave the record, its history and every list, and go into the sealed register.",
            "Files that were made with this record before can’t be downloaded any more.",
            "What stands in documents and in free text is not changed. Look through them.",
        ]

    def blocked(self) -> str:
        return why_not_close_names(self.child, actor=self.actor)

    def act(self, form: CloseNamesForm) -> None:
        close_names(self.child, why=form.cleaned_data["why"], at=timezone.now(), actor=self.actor)


class CloseSealedPage(Page):
    """Where a custodian closes what is open before its hour is over."""

    requires = Can.KEEP_SEALED
    http_method_names = ["post"]

    def open(self, *args: Any, **kwargs: Any) -> None:
        if not is_custodian(self.actor):
            raise Http404

    def post(self, request: HttpRequest) -> HttpResponse:
        close_openings(actor=self.actor, at=timezone.now())
        messages.success(request, "The record is closed.")
        return HttpResponseRedirect(reverse("children:sealed"))

"""A person's own e-mail address: the one they sign in with, which is recorded like everything of their account."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from onroll.access import mails, scope
from onroll.access.account_views import AccountPage
from onroll.access.actors import Actor, actors_of
from onroll.access.can import Can
from onroll.access.encryption import INSTALLATION
from onroll.access.forms import NewEmailForm
from onroll.access.models import Account
from onroll.access.sessions import end_sign_ins
from onroll.access.sign_ins import attempted
from onroll.history.changes import change, verb

from .actions import wait_after_change, waiting_after_change

verb("account.address_changed", "{actor} changed the e-mail address they sign in with")

NEW_ADDRESS_LASTS = 60 * 60
new_address = TimestampSigner(salt="onroll.people.new_address")


def own_actor(account: Account) -> Actor:
    """The person, acting on their own account: in their first post, or in none."""
    today = timezone.localdate()
    actors = actors_of(account, today)
    if actors:
        return actors[0]
    return Actor(authority=INSTALLATION, role="", today=today, name=account.name, account=account.pk)


class EmailPage(AccountPage):
    """Changes the address that a person signs in with, once the new one has been proved to be theirs."""

    requires = Can.ANYONE
    template_name = "people/email.html"
    fresh = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=NewEmailForm())

    def context(self) -> dict[str, Any]:
        return {"account": self.account}

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewEmailForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        new = form.cleaned_data["email"]
        # An address that has an account gets nothing, and this page does not say so: it would tell who has one.
        if not Account.objects.filter(email__iexact=new).exists():
            path = reverse("people:confirm_email", args=[new_address.sign_object([self.account.pk, self.email, new])])
            mails.send(
                "address_change", to=self.account, authority=mails.authority_of(self.account), path=path, address=new
            )
        return self.show(done=new)

    @property
    def email(self) -> str:
        return self.account.email


class ConfirmEmailPage(AccountPage):
    """Opened from the message to the new address, by the person who is signed in."""

    requires = Can.ANYONE
    template_name = "people/confirm_email.html"

    def context(self) -> dict[str, Any]:
        try:
            account, old, new = new_address.unsign_object(self.kwargs["token"], max_age=NEW_ADDRESS_LASTS)
        except BadSignature:
            raise Http404 from None
        if (account, old) != (self.account.pk, self.account.email):
            raise Http404
        waits = [
            actor.authority_name for actor in self.authorities() if waiting_after_change(self.account, new, actor=actor)
        ]
        return {"new": new, "old": old, "waits": waits}

    def authorities(self) -> Iterator[Actor]:
        """The person in each authority they work for, in its scope."""
        seen: set[int] = set()
        for actor in actors_of(self.account, timezone.localdate()):
            if actor.authority not in seen:
                seen.add(actor.authority)
                with scope.in_authority(actor.authority):
                    yield actor

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        addresses = self.context()
        if Account.objects.filter(email__iexact=addresses["new"]).exists():
            raise Http404
        me, authority = own_actor(self.account), mails.authority_of(self.account)
        # Each authority's change is its own. If the last one fails, what waits is confirmed under the old address.
        for actor in self.authorities():
            wait_after_change(self.account, addresses["new"], actor=actor)
        # What the request calls its user is a stand-in that can't be saved.
        account = Account.objects.get(pk=self.account.pk)
        with change("account.address_changed", actor=me) as this:
            account.email = addresses["new"]
            this.save(account, ["email"])
            mails.send("address_changed", to=account, authority=authority, address=addresses["old"])
            end_sign_ins(account, but=request.session.session_key)
            attempted("address_changed", "done", account.pk)
        messages.success(request, "Your e-mail address is changed. Use the new one to sign in.")
        return HttpResponseRedirect(reverse("access:account"))

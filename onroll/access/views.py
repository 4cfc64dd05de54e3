"""Signing in and out: the pages for someone who is not signed in yet."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone

from . import factors, guessing, mails, signing_in, single_sign_on
from .can import Can
from .forms import ChoosePasswordForm, CodeForm, EmailForm, SignInForm
from .models import Account
from .pages import Page
from .sessions import end_sign_ins
from .sign_ins import attempted
from .tokens import Links, invitations, resets

# One answer for every wrong pair, so that it cannot be found out which addresses have an account. It says what
# happens after several, because it may be happening.
NO_MATCH = "That e-mail and password do not match. After 5 wrong tries wait a minute, after more up to 15."
WRONG_CODE = "That code is not right, or was used before. After 5 wrong tries wait a minute, after more up to 15."
WRONG_PASSKEY = "That passkey did not work. Try again, or sign in with your password."
SSO_NEXT = "after_single_sign_on"


def providers() -> dict[str, single_sign_on.Provider]:
    return single_sign_on.read_providers(settings.SINGLE_SIGN_ON)


def provider_links(next_page: str = "") -> list[tuple[single_sign_on.Provider, str]]:
    """Each provider, and the address that leads to it."""
    query = f"?{urlencode({'next': next_page})}" if next_page else ""
    return [(provider, reverse("access:sso", args=[provider.name]) + query) for provider in providers().values()]


class SignInPage(Page):
    """Where a person proves who they are."""

    requires = Can.ANYONE
    template_name = "access/sign_in.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect("/")
        return self.show(
            form=SignInForm(),
            next=signing_in.own_path(request.GET.get("next", "")),
            again=request.GET.get("again") == "1",
            refused=request.GET.get("refused") == "1",
        )

    def context(self) -> dict[str, Any]:
        asked = self.request.POST.get("next") or self.request.GET.get("next", "")
        return {
            "providers": provider_links(signing_in.own_path(asked)),
            "timed_out": getattr(self.request, "timed_out", None),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        next_page = signing_in.own_path(request.POST.get("next", ""))
        if answer := request.POST.get("passkey"):
            return self.by_passkey(request, answer, next_page)
        form = SignInForm(request.POST)
        if form.is_valid():
            email, password = form.cleaned_data["email"], form.cleaned_data["password"]
            account = signing_in.try_password(request, email, password)
            if account is not None:
                return signing_in.begin(request, account, next_page)
            form.add_error(None, NO_MATCH)
        return self.show(form=form, next=next_page)

    def by_passkey(self, request: HttpRequest, answer: str, next_page: str) -> HttpResponse:
        """A passkey that asked for a finger, a face or a PIN is two factors in one."""
        address = signing_in.address_of(request)
        account = None
        if guessing.may_try_from(address, now=timezone.now()):
            account = factors.passkey_owner(answer)
        if account is not None and factors.prove_passkey(account, answer):
            guessing.was_right_from(address)
            return signing_in.enter(request, account, next_page=next_page)
        attempted("sign_in", "refused", account.pk if account else None)
        form = SignInForm({"email": ""})
        form.errors.clear()
        form.add_error(None, WRONG_PASSKEY)
        return self.show(form=form, next=next_page)


class PasskeyQuestionPage(Page):
    """What the browser needs to prove a passkey, for the script of the pages that take one."""

    requires = Can.ANYONE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        account: Any = request.user if request.user.is_authenticated else None
        if account is None:
            account, _ = signing_in.waiting_for(request, now=timezone.now())
        return JsonResponse(factors.begin_proof(account))


class ProviderPage(Page):
    """A page about one provider of single sign-on. Abstract. A provider that is not set up does not exist."""

    abstract = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        provider = providers().get(kwargs["name"])
        if provider is None:
            raise Http404
        self.provider = provider
        return super().dispatch(request, *args, **kwargs)

    def refused(self, request: HttpRequest) -> HttpResponse:
        attempted("sign_in", "refused", None)
        return HttpResponseRedirect(f"{reverse('access:sign_in')}?refused=1")


class SingleSignOnPage(ProviderPage):
    """Off to the provider. A link and not a form: browsers follow no form to another's address."""

    requires = Can.ANYONE
    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.session[SSO_NEXT] = signing_in.own_path(request.GET.get("next", ""))
        try:
            return single_sign_on.ask(request, self.provider)
        except single_sign_on.NotVouchedFor:
            return self.refused(request)


class SingleSignOnBackPage(ProviderPage):
    """Back from the provider: in, or to our own second step where it asked for none."""

    requires = Can.ANYONE
    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        next_page = request.session.get(SSO_NEXT, "")
        try:
            account, second = single_sign_on.answered(request, self.provider)
        except single_sign_on.NotVouchedFor:
            return self.refused(request)
        if second:
            return signing_in.enter(request, account, next_page=next_page)
        return signing_in.begin(request, account, next_page)


class SecondStepPage(Page):
    """After a right password: the code or the passkey."""

    requires = Can.ANYONE
    template_name = "access/second_step.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        account, self.next_page = signing_in.waiting_for(request, now=timezone.now())
        if account is None:
            return HttpResponseRedirect(f"{reverse('access:sign_in')}?again=1")
        self.account = account
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        kinds = factors.kinds_of(self.account)
        return {"has_app": factors.APP in kinds, "has_passkey": factors.PASSKEY in kinds}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        answer = request.POST.get("passkey")
        form = CodeForm(request.POST)
        if answer:
            right = factors.prove_passkey(self.account, answer)
        elif form.is_valid():
            right = signing_in.try_code(self.account, form.cleaned_data["code"])
        else:
            return self.show(form=form)
        if right:
            return signing_in.enter(request, self.account, next_page=self.next_page)
        attempted("second_step", "refused", self.account.pk)
        if not signing_in.another_try(request):
            return HttpResponseRedirect(f"{reverse('access:sign_in')}?again=1")
        form.errors.clear()
        form.add_error(None if answer else "code", WRONG_PASSKEY if answer else WRONG_CODE)
        return self.show(form=form)


class SignOutPage(Page):
    """Ends the sign-in. What was open can't be read again with the back button."""

    requires = Can.ANYONE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            attempted("sign_out", "done", request.user.pk)
        logout(request)
        response = HttpResponseRedirect("/sign-in")
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class NoPostPage(Page):
    """For someone who signed in and holds no post today: says whom to ask."""

    requires = Can.ANYONE
    template_name = "access/no_post.html"


class LostFactorPage(Page):
    """For someone who has lost their phone or key: what to do, and whom to ask."""

    requires = Can.ANYONE
    template_name = "access/lost_factor.html"


class ForgottenPage(Page):
    """Asks for a link to choose a new password. Says the same whether there is an account or not."""

    requires = Can.ANYONE
    template_name = "access/forgotten.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=EmailForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EmailForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        now, email = timezone.now(), form.cleaned_data["email"]
        key = guessing.reset_key(email)
        if guessing.may_try_from(signing_in.address_of(request), now=now) and guessing.may_try(key, now=now):
            account = Account.objects.filter(email__iexact=email, is_active=True).first()
            # Someone who never opened their invitation gets another of those, from whoever invites them.
            if account is not None and account.has_usable_password():
                path = reverse("access:new_password", args=[account.public_id, resets.make_token(account)])
                mails.send("password_reset", to=account, authority=mails.authority_of(account), path=path)
                attempted("password_reset_asked", "done", account.pk)
        return self.show(done=True)


class LinkPage(Page):
    """A page that a link in a message opens. Abstract: says which kind of link."""

    abstract = True
    links: Links

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        account = Account.objects.filter(public_id=kwargs["account_id"], is_active=True).first()
        if account is None or not self.links.check_token(account, kwargs["token"]):
            raise Http404
        self.account, self.token = account, kwargs["token"]
        response = super().dispatch(request, *args, **kwargs)
        # The token is in the path, so the path is told to nobody. "no-referrer" would also make browsers say that the
        # form comes from nowhere, and it would be refused.
        response["Referrer-Policy"] = "strict-origin"
        response["Cache-Control"] = "no-store"
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=ChoosePasswordForm(account=self.account))

    def context(self) -> dict[str, Any]:
        return {"account": self.account}

    def choose(self, password: str) -> None:
        """Keep the new password, and end every sign-in that the old one made."""
        self.account.set_password(password)
        # The digest is not part of the recorded history, so this write names no change.
        Account.objects.filter(pk=self.account.pk).update(password=self.account.password)
        end_sign_ins(self.account)
        attempted("password_chosen", "done", self.account.pk)


class NewPasswordPage(LinkPage):
    """Opened by someone who forgot their password, from a message. It signs nobody in: the second step comes still."""

    requires = Can.ANYONE
    template_name = "access/new_password.html"
    links = resets

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ChoosePasswordForm(request.POST, account=self.account)
        if not form.is_valid():
            return self.show(form=form)
        self.choose(form.cleaned_data["password"])
        mails.send("password_changed", to=self.account, authority=mails.authority_of(self.account))
        return signing_in.begin(request, self.account)


class InvitationPage(LinkPage):
    """Opened once, by the person an account was made for: who invites them, for what, and a password to choose."""

    requires = Can.ANYONE
    template_name = "access/invitation.html"
    links = invitations

    def context(self) -> dict[str, Any]:
        from .actors import actors_of

        today = timezone.localdate()
        return {
            "account": self.account,
            "posts": actors_of(self.account, today),
            "until": invitations.lapses_on(self.token),
            "providers": provider_links(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ChoosePasswordForm(request.POST, account=self.account)
        if not form.is_valid():
            return self.show(form=form)
        self.choose(form.cleaned_data["password"])
        return signing_in.begin(request, self.account)

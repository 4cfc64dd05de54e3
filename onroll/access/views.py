"""Signing in and out, and the page a first link opens."""

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from .can import Can
from .forms import ChoosePasswordForm, SignInForm
from .models import Account
from .pages import Page
from .sign_ins import attempted

# One answer for every wrong pair, so that it cannot be found out which addresses have an account.
NO_MATCH = "That e-mail and password do not match."

invitations = PasswordResetTokenGenerator()
invitations.key_salt = "onroll.access.invitation"


class SignInPage(Page):
    """Where a person proves who they are."""

    requires = Can.ANYONE
    template_name = "access/sign_in.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect("/")
        return self.show(form=SignInForm(), next=self._next(request.GET.get("next", "")))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SignInForm(request.POST)
        next_page = self._next(request.POST.get("next", ""))
        if form.is_valid():
            account = authenticate(request, username=form.cleaned_data["email"], password=form.cleaned_data["password"])
            if account is not None:
                login(request, account)
                attempted("sign_in", "done", account.pk)
                return HttpResponseRedirect(next_page or "/")
            named = Account.objects.filter(email__iexact=form.cleaned_data["email"]).values_list("pk", flat=True)
            attempted("sign_in", "refused", named.first())
            form.add_error(None, NO_MATCH)
        return self.show(form=form, next=next_page)

    def _next(self, address: str) -> str:
        """The page to return to, if it is one of ours."""
        return address if address.startswith("/") and url_has_allowed_host_and_scheme(address, None) else ""


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


class InvitationPage(Page):
    """Opened once, by the person an account was made for, to choose a password."""

    requires = Can.ANYONE
    template_name = "access/invitation.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        account = Account.objects.filter(public_id=kwargs["account_id"], is_active=True).first()
        if account is None or not invitations.check_token(account, kwargs["token"]):
            raise Http404
        self.account = account
        response = super().dispatch(request, *args, **kwargs)
        # The token is in the path, so the path is told to nobody. "no-referrer" would also make browsers say that the
        # form comes from nowhere, and it would be refused.
        response["Referrer-Policy"] = "strict-origin"
        response["Cache-Control"] = "no-store"
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=ChoosePasswordForm(account=self.account), account=self.account)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ChoosePasswordForm(request.POST, account=self.account)
        if not form.is_valid():
            return self.show(form=form, account=self.account)
        self.account.set_password(form.cleaned_data["password"])
        # The digest is not part of the recorded history, so this write names no change.
        Account.objects.filter(pk=self.account.pk).update(password=self.account.password)
        login(request, self.account, backend="django.contrib.auth.backends.ModelBackend")
        attempted("password_chosen", "done", self.account.pk)
        return HttpResponseRedirect("/")

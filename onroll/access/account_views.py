"""A person's own sign-in: the second steps they have, their password and address, and where they are signed in."""

import json
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from . import factors, mails, signing_in
from .can import Can
from .forms import ChoosePasswordForm, CodeForm, PasskeyNameForm, PasswordForm
from .models import Account, KeptWords, Session
from .pages import Page
from .sessions import SignedIn, end_sign_ins, sign_ins_of
from .sign_ins import attempted
from .views import NO_MATCH, WRONG_CODE, WRONG_PASSKEY

NEW_SECRET = "new_app_secret"  # noqa: S105 -- the name of a place in the session
FRESH = 15 * 60


class AccountPage(Page):
    """A page about the sign-in of the person who asks. They need no post for it, only to be signed in.

    With `half_way`, also for someone who has no second step yet. With `fresh`, only soon after proving who they are.
    """

    abstract = True
    half_way: ClassVar[bool] = False
    keeps_words = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        held = SignedIn.of(request.session)
        if not request.user.is_authenticated or held is None or not (held.whole or self.half_way):
            return self.not_signed_in(request)
        self.held = held
        self.account: Account = request.user  # type: ignore[assignment]
        if self.fresh and timezone.now().timestamp() - held.proved >= FRESH:
            back = {"next": request.path} if request.method == "GET" else {"next": reverse("access:account")}
            return HttpResponseRedirect(f"{reverse('access:prove_again')}?{urlencode(back)}")
        return super().dispatch(request, *args, **kwargs)

    def changed(self, kind: str) -> None:
        """Tell the person by message, and end their other sign-ins."""
        mails.send(kind, to=self.account, authority=mails.authority_of(self.account), path=reverse("access:account"))
        attempted(kind, "done", self.account.pk)
        end_sign_ins(self.account, but=self.request.session.session_key)

    def second_step_added(self) -> HttpResponse:
        """A new second step was proved: the sign-in is whole, and goes on under a new id."""
        first = not self.held.whole
        signing_in.proved_again(self.request, whole=True)
        self.changed("factor_changed")
        if factors.CODES not in factors.kinds_of(self.account):
            return HttpResponseRedirect(reverse("access:codes"))
        messages.success(self.request, "Your second step is set up.")
        return HttpResponseRedirect(signing_in.first_page(self.account) if first else reverse("access:account"))


class OwnSignInPage(AccountPage):
    """How a person signs in, in one list."""

    requires = Can.ANYONE
    template_name = "access/account.html"

    def context(self) -> dict[str, Any]:
        return {
            "account": self.account,
            "factors": factors.factors_of(self.account),
            "sign_ins": len(sign_ins_of(self.account)),
            "has_password": self.account.has_usable_password(),
        }


class SetUpPage(AccountPage):
    """The first thing after the first password: which second step to use."""

    requires = Can.ANYONE
    template_name = "access/set_up.html"
    half_way = True

    def context(self) -> dict[str, Any]:
        return {"paper": signing_in.may_use_paper_alone(self.account)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.held.whole and factors.kinds_of(self.account):
            return HttpResponseRedirect(reverse("access:account"))
        return self.show()


class AppPage(AccountPage):
    """Sets up an app that shows a new code every half minute."""

    requires = Can.ANYONE
    template_name = "access/app.html"
    half_way = True
    fresh = True

    def context(self) -> dict[str, Any]:
        secret = self.request.session.get(NEW_SECRET)
        if secret is None:
            secret = self.request.session[NEW_SECRET] = factors.new_app_secret()
        groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        picture = factors.picture_of(factors.app_address(self.account, secret))
        # The library draws it from squares; no word of anybody's is in it.
        return {"secret": groups, "picture": mark_safe(picture)}  # noqa: S308

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.form())

    def form(self, data: Any = None) -> CodeForm:
        return CodeForm(data, label="Code that the app shows now", hint="6 figures. It changes every 30 seconds")

    def post(self, request: HttpRequest) -> HttpResponse:
        form, secret = self.form(request.POST), request.session.get(NEW_SECRET, "")
        if form.is_valid():
            with transaction.atomic():
                if secret and factors.add_app(self.account, secret, form.cleaned_data["code"]):
                    del request.session[NEW_SECRET]
                    return self.second_step_added()
            form.add_error("code", "That is not the code the app shows now. Wait for the next one and enter that")
        return self.show(form=form)


class PasskeyPage(AccountPage):
    """Makes a passkey: a finger, a face, a PIN or a key in place of codes."""

    requires = Can.ANYONE
    template_name = "access/passkey.html"
    half_way = True
    fresh = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=PasskeyNameForm(initial={"name": signing_in.device_of(request)}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasskeyNameForm(request.POST)
        if form.is_valid():
            answer = request.POST.get("passkey", "")
            if answer and factors.add_passkey(self.account, answer, form.cleaned_data["name"]):
                return self.second_step_added()
            form.add_error(None, "The passkey was not made. Try again, or set up an app instead.")
        return self.show(form=form)


class NewPasskeyPage(AccountPage):
    """What the browser needs to make a passkey, for the script of that page."""

    requires = Can.ANYONE
    half_way = True
    fresh = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(factors.begin_passkey(self.account))


class CodesPage(AccountPage):
    """Ten codes to print, for the day the phone is lost. Shown once, when they are made."""

    requires = Can.ANYONE
    template_name = "access/codes.html"
    half_way = True
    fresh = True

    def context(self) -> dict[str, Any]:
        kinds = factors.kinds_of(self.account)
        return {
            "alone": not kinds - {factors.CODES},
            "has_codes": factors.CODES in kinds,
            "account": self.account,
            "may": bool(kinds - {factors.CODES}) or signing_in.may_use_paper_alone(self.account),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.context()["may"]:
            raise Http404
        with transaction.atomic():
            codes = factors.new_codes(self.account)
            signing_in.proved_again(request, whole=True)
            self.changed("factor_changed")
        return self.show(codes=codes, on=timezone.localdate(), onward=signing_in.first_page(self.account))


class RemoveFactorPage(AccountPage):
    """Removes a second step. The last one can't be removed, only replaced."""

    requires = Can.ANYONE
    fresh = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = request.POST.get("factor", "")
        with transaction.atomic():
            held = factors.factors_of(self.account)
            chosen = next((factor for factor in held if str(factor.id) == wanted), None)
            if chosen is None:
                raise Http404
            if reason := self.why_not(chosen, held):
                messages.warning(request, reason)
            else:
                factors.remove(self.account, chosen.id)
                self.changed("factor_changed")
                messages.success(request, "Removed. You are signed out everywhere else.")
        return HttpResponseRedirect(reverse("access:account"))

    def why_not(self, chosen: factors.Factor, held: list[factors.Factor]) -> str:
        """Why it can't be removed, in words. Empty if it can."""
        left = [factor for factor in held if factor.id != chosen.id]
        enough = [factor for factor in left if factor.kind != factors.CODES]
        if enough or (left and signing_in.may_use_paper_alone(self.account)):
            return ""
        return "This is your only second step. Set up another one first."


class PasswordPage(AccountPage):
    """Changes the password. Every other sign-in of the person ends."""

    requires = Can.ANYONE
    template_name = "access/password.html"
    fresh = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=ChoosePasswordForm(account=self.account))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ChoosePasswordForm(request.POST, account=self.account)
        if not form.is_valid():
            return self.show(form=form)
        self.account.set_password(form.cleaned_data["password"])
        with transaction.atomic():
            # The digest is not part of the recorded history, so this write names no change.
            Account.objects.filter(pk=self.account.pk).update(password=self.account.password)
            update_session_auth_hash(request, self.account)
            signing_in.proved_again(request)
            self.changed("password_changed")
        messages.success(request, "Your password is changed. You are signed out everywhere else.")
        return HttpResponseRedirect(reverse("access:account"))


class SignInsPage(AccountPage):
    """Where the person is signed in now, and the way to end it."""

    requires = Can.ANYONE
    template_name = "access/sign_ins.html"

    def context(self) -> dict[str, Any]:
        here = self.request.session.session_key
        return {"sign_ins": [(row, known, row.session_key == here) for row, known in sign_ins_of(self.account)]}

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("end") == "all":
            end_sign_ins(self.account, but=request.session.session_key)
            messages.success(request, "You are signed out everywhere else.")
        else:
            rows = Session.objects.filter(account=self.account, public_id=_uuid(request.POST.get("end", "")))
            if not rows.exclude(session_key=request.session.session_key).delete()[0]:
                raise Http404
            messages.success(request, "That sign-in has ended.")
        attempted("sign_ins_ended", "done", self.account.pk)
        return HttpResponseRedirect(reverse("access:sign_ins"))


class ProveAgainPage(AccountPage):
    """Asks who this is once more, before something that matters. Then back to where they were."""

    requires = Can.ANYONE
    template_name = "access/prove_again.html"

    def context(self) -> dict[str, Any]:
        kinds = factors.kinds_of(self.account)
        asked = self.request.POST.get("next") or self.request.GET.get("next", "")
        return {
            "next": signing_in.own_path(asked),
            "by_code": bool(kinds & {factors.APP, factors.CODES}),
            "has_passkey": factors.PASSKEY in kinds,
            "by_password": not kinds,
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.form())

    def form(self, data: Any = None) -> CodeForm | PasswordForm:
        return CodeForm(data) if factors.kinds_of(self.account) else PasswordForm(data)

    def post(self, request: HttpRequest) -> HttpResponse:
        form, answer = self.form(request.POST), request.POST.get("passkey")
        if answer:
            right = factors.prove_passkey(self.account, answer)
        elif not form.is_valid():
            return self.show(form=form)
        elif isinstance(form, CodeForm):
            right = bool(signing_in.try_code(self.account, form.cleaned_data["code"]))
        else:
            right = signing_in.try_password(request, self.account.email, form.cleaned_data["password"]) is not None
        if right:
            signing_in.proved_again(request)
            attempted("proved_again", "done", self.account.pk)
            return HttpResponseRedirect(self.context()["next"] or reverse("access:account"))
        attempted("proved_again", "refused", self.account.pk)
        form.errors.clear()
        if answer:
            form.add_error(None, WRONG_PASSKEY)
        else:
            form.add_error(None, WRONG_CODE if isinstance(form, CodeForm) else NO_MATCH)
        return self.show(form=form)


class StayPage(AccountPage):
    """Being asked for is all it takes to stay signed in."""

    requires = Can.ANYONE
    half_way = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=204)


class WordsPage(AccountPage):
    """What the person typed when their sign-in was over: to send now, or to throw away."""

    requires = Can.ANYONE
    template_name = "access/words.html"

    def context(self) -> dict[str, Any]:
        kept = KeptWords.objects.filter(account=self.account, public_id=self.kwargs["words"]).first()
        if kept is None:
            raise Http404
        held = json.loads(kept.words)
        return {"kept": kept, **held, "shown": [value for _, value in held["fields"] if len(value) > 2]}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        path = self.context()["path"]
        KeptWords.objects.filter(account=self.account, public_id=self.kwargs["words"]).delete()
        return HttpResponseRedirect(signing_in.own_path(path) or "/")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None

"""The steps of signing in: a password or a passkey, then the second factor, then in.

Who gave a right password is not signed in yet: the session remembers for ten minutes whose second factor it waits for.
Someone who has no second factor is let in as far as the pages that set one up.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from . import factors, guessing
from .actors import actors_of
from .models import Account
from .roles import SCHOOL_STAFF, Role
from .sessions import SignedIn
from .sign_ins import attempted

BACKEND = "django.contrib.auth.backends.ModelBackend"
WAITING = "waiting_for_second_step"
WAITS = timedelta(minutes=10)
# Whose second factor may be codes on paper alone.
MAY_USE_PAPER = (*SCHOOL_STAFF, Role.CARER)

_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"))
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


def address_of(request: HttpRequest) -> str:
    """Where the request came from. Behind a proxy, the proxy's own word for it: the last it added."""
    if settings.BEHIND_PROXY and (told := request.headers.get("X-Forwarded-For", "")):
        return told.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def device_of(request: HttpRequest) -> str:
    """The kind of device in words its owner knows: "Firefox on Windows"."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for word, name in _BROWSERS if word in agent), "A browser")
    system = next((name for word, name in _SYSTEMS if word in agent), "Linux" if "Linux" in agent else "")
    return f"{browser} on {system}" if system else browser


def own_path(address: str) -> str:
    """The address if it is a page of ours, else nothing."""
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, None)
    return address if ours else ""


# The first step


def try_password(request: HttpRequest, email: str, password: str) -> Account | None:
    """The account that this pair opens. Wrong, unknown, ended and too soon take the same work and look the same."""
    now, address = timezone.now(), address_of(request)
    key = guessing.account_key(email)
    may = guessing.may_try_from(address, now=now) and guessing.may_try(key, now=now)
    # Looked at in any case, so that a try that comes too soon takes the same work; and then not asked what it said.
    opens = authenticate(request, username=email, password=password)
    account = opens if may else None
    if account is None:
        named = Account.objects.filter(email__iexact=email).values_list("pk", flat=True).first()
        attempted("sign_in", "refused", named)
        return None
    guessing.was_right(key)
    guessing.was_right_from(address)
    return account  # type: ignore[return-value]


def begin(request: HttpRequest, account: Account, next_page: str = "") -> HttpResponse:
    """After the first step: on to the second, to setting one up, or in."""
    if factors.kinds_of(account):
        request.session.flush()
        request.session[WAITING] = {"account": account.pk, "at": timezone.now().timestamp(), "next": next_page}
        return HttpResponseRedirect(reverse("access:second_step"))
    return enter(request, account, by="password", next_page=next_page, whole=goes_without_second(account))


def goes_without_second(account: Account) -> bool:
    """Only in a demonstration that answers on this computer alone. Every page says so."""
    actors = actors_of(account, timezone.localdate())
    return settings.LOOPBACK_ONLY and bool(actors) and all(actor.demonstration for actor in actors)


def may_use_paper_alone(account: Account) -> bool:
    actors = actors_of(account, timezone.localdate())
    return bool(actors) and all(actor.role in MAY_USE_PAPER for actor in actors)


# The second step


def waiting_for(request: HttpRequest, *, now: datetime) -> tuple[Account | None, str]:
    """Whose second step this browser is at, and the page they wanted."""
    held: dict[str, Any] = request.session.get(WAITING) or {}
    if not held or now.timestamp() - held["at"] > WAITS.total_seconds():
        return None, ""
    return Account.objects.filter(pk=held["account"], is_active=True).first(), held["next"]


def try_code(account: Account, code: str) -> str:
    """Where the code is from, "app" or "paper", if it is this person's and new; else empty. Counted as guessing is."""
    if not guessing.may_try(guessing.factor_key(account.pk), now=timezone.now()):
        return ""
    by = "app" if factors.prove_app(account, code) else "paper" if factors.prove_code(account, code) else ""
    if by:
        guessing.was_right(guessing.factor_key(account.pk))
    return by


def another_try(request: HttpRequest) -> bool:
    """Count a wrong second step. False when this challenge has had its five: the first step comes again."""
    held = request.session[WAITING]
    held["wrong"] = held.get("wrong", 0) + 1
    request.session[WAITING] = held
    if held["wrong"] < guessing.TRIES:
        return True
    request.session.flush()
    return False


# In


def enter(request: HttpRequest, account: Account, *, by: str, next_page: str = "", whole: bool = True) -> HttpResponse:
    """Sign in: a new session, in which nothing is left of the one before. `by` is what the person proved it with."""
    now = timezone.now().timestamp()
    request.session.flush()
    login(request, account, backend=BACKEND)
    SignedIn(
        public_id=str(uuid4()),
        began=now,
        seen=now,
        proved=now,
        whole=whole,
        device=device_of(request),
        address=address_of(request),
    ).keep_in(request.session)
    attempted("sign_in", "done" if whole else "half", account.pk, by=by)
    if not whole:
        return HttpResponseRedirect(reverse("access:set_up"))
    return HttpResponseRedirect(first_page(account, next_page))


def first_page(account: Account, next_page: str = "") -> str:
    """Where a person goes who is in: to choose among several posts, else to the page they wanted."""
    if len(actors_of(account, timezone.localdate())) > 1 and not next_page:
        return reverse("people:posts")
    return next_page or "/"


def proved_again(request: HttpRequest, *, whole: bool | None = None) -> None:
    """The person has just proved who they are. The session goes on under a new id."""
    held = SignedIn.of(request.session)
    assert held is not None
    now = timezone.now().timestamp()
    changed = {"proved": now, "seen": now} | ({} if whole is None else {"whole": whole})
    request.session.cycle_key()
    SignedIn(**{**held.__dict__, **changed}).keep_in(request.session)

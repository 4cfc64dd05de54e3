"""An error page gives a reference that stands in the log too, and nothing of what went wrong."""

import re
import sys
from pathlib import Path

import django
import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest
from django.test import Client
from django.urls import path
from django.utils.html import strip_tags

from onroll.site.urls import handler400, handler500, urlpatterns

CANARY = "Canaryzqz SELECT secret FROM children"
ERRORS = {
    "400": BadRequest(CANARY),
    "suspicious": SuspiciousOperation(CANARY),
    "413": RequestDataTooBig(CANARY),
    "404": Http404(CANARY),
    "500": RuntimeError(CANARY),
    "503": OperationalError(CANARY),
}
# Also what nobody should learn about how it is made.
TOLD_NOWHERE = re.compile(
    rf"Canary|SELECT|Traceback|Error\b|Exception|onroll/|\.py\b|site-packages|Django|Python|SQLite|PostgreSQL|granian"
    rf"|{re.escape(django.__version__)}|{sys.version_info.major}\.{sys.version_info.minor}\.|{re.escape(str(Path.home()))}"
    r"|asked-for|broken/",
    re.IGNORECASE,
)
REFERENCE = re.compile(r"\b[2-9A-HJ-NP-Z]{4} [2-9A-HJ-NP-Z]{4}\b")

__all__ = ["handler400", "handler500"]


def broken(request: HttpRequest, kind: str):
    raise ERRORS[kind]


urlpatterns = [*urlpatterns, path("broken/<kind>", broken, name="broken")]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def told(answer) -> str:
    """Everything the answer says: its head, and its page without the addresses of its parts."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.items() if name != "Content-Security-Policy")
    return head + re.sub(r'(href|src|data-govuk|action)="[^"]*"', "", answer.content.decode())


@pytest.mark.proves("PLT-8")
@pytest.mark.parametrize(
    ("kind", "status"), [("400", 400), ("suspicious", 400), ("413", 400), ("500", 500), ("503", 503)]
)
def test_an_error_page_gives_a_reference_and_nothing_else(kind, status, caplog):
    answer = Client(raise_request_exception=False).get(f"/broken/{kind}?asked-for=1")

    assert answer.status_code == status
    assert not TOLD_NOWHERE.search(told(answer))
    (reference,) = set(REFERENCE.findall(strip_tags(told(answer))))
    assert any(reference in record.getMessage() for record in caplog.records)
    assert ("Retry-After" in answer) is (kind == "503")


@pytest.mark.proves("PLT-8")
def test_a_form_without_its_token_gives_a_reference_and_nothing_else(caplog):
    answer = Client(enforce_csrf_checks=True).post("/sign-in?asked-for=1", {"email": "asked-for@example.org"})

    assert answer.status_code == 403
    assert not TOLD_NOWHERE.search(told(answer))
    (reference,) = set(REFERENCE.findall(strip_tags(told(answer))))
    assert any(reference in record.getMessage() for record in caplog.records)


@pytest.mark.proves("PLT-8")
def test_a_page_that_is_not_found_says_nothing_and_always_the_same():
    client = Client(raise_request_exception=False)
    answer, other = client.get("/broken/404?asked-for=1"), client.get("/nothing/here")

    assert (answer.status_code, other.status_code) == (404, 404)
    assert not TOLD_NOWHERE.search(told(answer))
    assert not REFERENCE.search(strip_tags(told(answer)))
    assert answer.content == other.content


def test_two_errors_have_two_references():
    client = Client(raise_request_exception=False)
    pages = [client.get("/broken/500").text for _ in range(2)]

    assert REFERENCE.search(pages[0])[0] != REFERENCE.search(pages[1])[0]

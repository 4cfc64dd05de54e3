"""Signing in with a council's account, against a real provider that runs beside the test."""

import socket
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlparse

import pytest
import requests
from django.test import Client

from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.single_sign_on import Provider, read_providers
from onroll.children.tests.scene import a_person, an_authority, write

from .scene import can_sign_in, code_of


@pytest.fixture(scope="module")
def issuer():
    """A provider of OpenID Connect in a process of its own, with its own keys."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as provider:
        for _ in range(300):
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=2).raise_for_status()
                break
            except requests.RequestException:
                time.sleep(0.2)
        yield address
        provider.terminate()


@pytest.fixture
def council(db, issuer, settings, tmp_path, monkeypatch):
    """The provider as an operator sets it up."""
    monkeypatch.setenv("ONROLL_SSO_SECRET_COUNCIL", "told to this server and to the provider alone")
    path = tmp_path / "providers.toml"

    def set_up(**changed):
        told = {"issuer": issuer, "more": "", **changed}
        path.write_text(
            f'[council]\nwho = "Council staff"\nwords = "Continue with Ashcombe Council"\nissuer = "{told["issuer"]}"\n'
            f'client_id = "onroll"\ndomains = ["ashcombe.example"]\nsecond_factor = ["mfa"]\n{told["more"]}'
        )
        settings.SINGLE_SIGN_ON = str(path)

    set_up()
    return set_up


@pytest.fixture
def head(db) -> Account:
    account = a_person(an_authority(), Role.VSH, "Helen Marsh")[0]
    account.email = "helen.marsh@ashcombe.example"
    return write(account)


def vouch(issuer: str, who: str, **claims) -> None:
    """Tell the provider who this is."""
    claims = {"email": who, "email_verified": True} | claims
    requests.put(f"{issuer}/users/{quote(who)}", json=claims, timeout=10).raise_for_status()


def go(client: Client, email: str, *, path: str = "/sign-in/with/council", tamper: str = ""):
    """There and back again, as a browser goes. Answers what the product says to who comes back."""
    away = client.get(path, headers={"host": "127.0.0.1"}).headers["Location"]
    answer = requests.post(away, data={"sub": email}, allow_redirects=False, timeout=10)
    back = urlparse(answer.headers["Location"])
    query = back.query.replace("state=", "state=x") if tamper == "state" else back.query
    return client.get(f"{back.path}?{query}", headers={"host": "127.0.0.1"})


def test_the_browser_is_sent_with_state_nonce_and_a_challenge(council):
    away = parse_qs(urlparse(Client().get("/sign-in/with/council").headers["Location"]).query)

    assert away["code_challenge_method"] == ["S256"]
    assert min(len(away[name][0]) for name in ("state", "nonce", "code_challenge")) >= 16


@pytest.mark.proves("AUT-1")
def test_who_the_council_vouches_for_with_its_second_factor_is_in(council, issuer, head):
    vouch(issuer, head.email, amr=["pwd", "mfa"])
    client = Client()

    assert go(client, head.email, path="/sign-in/with/council?next=/schools").headers["Location"] == "/schools"
    assert client.get("/").status_code == 200


@pytest.mark.proves("AUT-1")
def test_without_the_councils_second_factor_ours_is_asked_for(council, issuer, head):
    vouch(issuer, head.email, amr=["pwd"])
    assert go(Client(), head.email).headers["Location"] == "/account/second-step"

    secret, client = can_sign_in(head), Client()
    assert go(client, head.email).headers["Location"] == "/sign-in/second-step"
    assert client.get("/").status_code == 302
    assert client.post("/sign-in/second-step", {"code": code_of(secret)}).headers["Location"] == "/"


@pytest.mark.proves("AUT-1")
@pytest.mark.parametrize(
    ("email", "claims"),
    [
        ("stranger@ashcombe.example", {}),
        ("helen.marsh@ashcombe.example", {"email_verified": False}),
        ("helen.marsh@ashcombe.example", {"email_verified": "true"}),
        ("sub-of-somebody", {"email": "helen.marsh@elsewhere.example"}),
        ("no-address", {"email": ""}),
    ],
)
def test_who_is_not_invited_or_not_vouched_for_gets_no_account(council, issuer, head, email, claims):
    vouch(issuer, email, amr=["mfa"], **claims)
    before, client = Account.objects.count(), Client()

    assert go(client, email).headers["Location"] == "/sign-in?refused=1"
    assert client.get("/").status_code == 302
    assert Account.objects.count() == before


def test_an_answer_to_a_question_that_was_not_asked_is_refused(council, issuer, head):
    vouch(issuer, head.email, amr=["mfa"])

    assert go(Client(), head.email, tamper="state").headers["Location"] == "/sign-in?refused=1"
    # An answer that another browser asked for.
    away = Client().get("/sign-in/with/council").headers["Location"]
    answer = requests.post(away, data={"sub": head.email}, allow_redirects=False, timeout=10)
    back = urlparse(answer.headers["Location"])
    assert Client().get(f"{back.path}?{back.query}").headers["Location"] == "/sign-in?refused=1"


def test_a_server_that_passes_on_what_another_issuer_says_is_refused(council, issuer, tmp_path):
    told = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).text
    (tmp_path / ".well-known").mkdir()
    (tmp_path / ".well-known" / "openid-configuration").write_text(told)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=tmp_path)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        council(issuer=f"http://127.0.0.1:{server.server_port}")

        answer = Client().get("/sign-in/with/council")
        server.shutdown()

    assert answer.headers["Location"] == "/sign-in?refused=1"


def test_a_provider_that_does_not_answer_is_said_and_others_still_sign_in(council, head):
    council(issuer="http://127.0.0.1:9")

    assert Client().get("/sign-in/with/council").headers["Location"] == "/sign-in?refused=1"
    assert "Continue with Ashcombe Council" in Client().get("/sign-in").text
    assert Client().get("/sign-in/with/nobody").status_code == 404


def test_the_secret_of_a_provider_comes_from_the_environment(council, settings):
    held = read_providers(settings.SINGLE_SIGN_ON, {"ONROLL_SSO_SECRET_COUNCIL": "s3cret"})

    assert held["council"].secret == "s3cret"


def test_a_provider_vouches_for_its_own_domains_alone():
    provider = Provider("c", "w", "w", "https://i.example", "id", ("ashcombe.example",), vouches_for_domains=True)

    assert provider.verified_email({"email": "jo@ashcombe.example"}) == "jo@ashcombe.example"
    assert provider.verified_email({"email": "jo@ashcombe.example.evil.example"}) == ""
    assert provider.verified_email({"email": "jo@ashcombe.example", "email_verified": False}) == ""
    assert provider.asked_for_second_factor({"acr": "mfa"})
    assert not provider.asked_for_second_factor({"amr": ["pwd"], "acr": "1"})

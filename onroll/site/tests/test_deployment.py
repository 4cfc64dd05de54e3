"""`onroll check` says what is wrong with an installation before people sign in, and what to do about it."""

import importlib
import json
from argparse import Namespace
from collections import namedtuple
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from onroll.site import command_line, deployment, fit_secrets, wsgi
from onroll.site.installation import Refused

pytestmark = [pytest.mark.django_db]

KEY = "x8Kq2nVb7LwTz4Rf9YcHs6JmEd3GpAu5QiXoWvZkNtSyCjBhFa"
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.ONROLL_HOME = tmp_path
    settings.KEYS_FOLDER = tmp_path / "keys"
    settings.KEYS_FOLDER.mkdir(mode=0o700)
    settings.FILES_FOLDER = tmp_path / "files"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.SECRET_KEY = KEY
    settings.ALLOWED_HOSTS = ["onroll.example"]
    return settings


def told(check: deployment.Check) -> str:
    return " ".join(check())


def test_an_installation_as_it_is_made_has_no_problem():
    """What the framework says of the settings is asked of a real installation, in test_command_line."""
    # The walls are asked about in test_walls: here the test itself looks past them.
    own = [each for each in deployment.PROBLEMS if each not in (deployment.framework, deployment.database_walls)]

    assert [words for check in own for words in check()] == []


@pytest.mark.proves("PLT-6")
def test_what_would_show_the_record_is_a_problem(installation):
    installation.DEBUG = True
    installation.INSTALLED_APPS = [*installation.INSTALLED_APPS, "django.contrib.admin"]
    installation.ALLOWED_HOSTS = ["*"]
    installation.FILES_FOLDER = installation.STATIC_ROOT / "files"

    assert "Debugging is on" in told(deployment.debugging)
    assert "admin site" in told(deployment.debugging)
    assert "any name is answered" in told(deployment.hosts)
    assert "handed out to anyone" in told(deployment.files_apart)


@pytest.mark.proves("PLT-4", "PLT-6")
@pytest.mark.parametrize("secret", ["change-me", "a" * 60])
def test_a_short_or_plain_secret_is_a_problem(installation, secret):
    installation.SECRET_KEY = secret

    assert "too short or too plain" in told(deployment.secrets)


@pytest.mark.proves("PLT-4")
def test_a_secret_that_serves_two_uses_is_a_problem(installation):
    ring = {"current": "a", "keys": {"a": installation.SECRET_KEY}}
    (installation.KEYS_FOLDER / "authority-1.json").write_text(json.dumps(ring))

    assert "serves two uses" in told(deployment.secrets)


@pytest.fixture
def fit(installation, monkeypatch):
    """Every kind of secret, each fit."""
    (installation.KEYS_FOLDER / "authority-1.json").write_text(json.dumps({"current": "a", "keys": {"a": "k" + KEY}}))
    # The custodians' file beside the rings is of another shape.
    (installation.KEYS_FOLDER / "sealed-authority-1.json").write_text("[]")
    installation.EMAIL_HOST_PASSWORD = "fgh7-quiet-lantern-3"
    providers = installation.KEYS_FOLDER.parent / "providers.toml"
    providers.write_text(
        '[council]\nwho = "Staff"\nwords = "Go on"\nissuer = "https://id.example"\nclient_id = "1"\n'
        'domains = ["a.example"]'
    )
    installation.SINGLE_SIGN_ON = str(providers)
    monkeypatch.setenv("ONROLL_SSO_SECRET_COUNCIL", "rtz8-brown-harbour-5")
    monkeypatch.setenv("DATABASE_URL", "postgresql://web:vbn2-green-orchard-9@localhost/onroll")
    return installation


def test_fit_secrets_are_let_pass(fit):
    assert fit_secrets.why_unfit() == []
    fit_secrets.refuse_unfit()


@pytest.mark.proves("PLT-4")
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda fit, env: setattr(fit, "SECRET_KEY", "django-insecure-" + KEY), "signing secret .* from an example"),
        (lambda fit, env: setattr(fit, "SECRET_KEY", KEY[:49]), "signing secret .* at least 50"),
        (lambda fit, env: setattr(fit, "EMAIL_HOST_PASSWORD", "Change-Me-Please-1"), "mail server .* example"),
        (lambda fit, env: setattr(fit, "EMAIL_HOST_PASSWORD", "rtz8-brown-harbour-5"), "two uses: .*mail.*“council”"),
        (lambda fit, env: env.setenv("ONROLL_SSO_SECRET_COUNCIL", "short"), "“council” .* too short"),
        (
            lambda fit, env: env.setenv("DATABASE_URL", "postgresql://web:postgres@db.example/onroll"),
            "DATABASE_URL is too",
        ),
        (
            lambda fit, env: (fit.KEYS_FOLDER / "authority-2.json").write_text(
                (fit.KEYS_FOLDER / "authority-1.json").read_text()
            ),
            "two uses: .*authority-1.json and .*authority-2.json",
        ),
    ],
)
def test_with_a_default_short_or_repeated_secret_nothing_starts(fit, monkeypatch, spoil, words):
    spoil(fit, monkeypatch)

    with pytest.raises(ImproperlyConfigured, match=f"does not start: .*{words}"):
        fit_secrets.refuse_unfit()
    with pytest.raises(Refused, match=words):
        command_line.start(Namespace(port=1))
    with pytest.raises(ImproperlyConfigured):
        importlib.reload(wsgi)
    assert "brown-harbour" not in told(deployment.secrets)


def test_keys_that_others_can_look_at_are_a_problem(installation):
    installation.KEYS_FOLDER.chmod(0o755)

    assert "chmod 700" in told(deployment.secrets)


@pytest.mark.proves("PLT-6", "REL-9")
def test_a_backup_that_is_too_old_is_a_problem_and_none_is_advice():
    assert "No backup was made yet" in told(deployment.no_backup_yet)
    assert told(deployment.backups) == ""

    deployment.note_of_backup().write_text((timezone.now() - timedelta(hours=27)).isoformat())

    assert told(deployment.no_backup_yet) == ""
    assert "The last backup was made on" in told(deployment.backups)


@pytest.mark.proves("PLT-6", "REL-6")
@pytest.mark.parametrize(("free", "problem", "advice"), [(5, True, False), (15, False, True), (50, False, False)])
def test_room_on_the_disk_is_advised_and_then_demanded(monkeypatch, free, problem, advice):
    monkeypatch.setattr(deployment.shutil, "disk_usage", lambda path: Usage(100, 100 - free, free))

    assert bool(told(deployment.disk)) is problem
    assert bool(told(deployment.little_room)) is advice


@pytest.mark.proves("PLT-6")
def test_heads_that_cannot_be_kept_are_a_problem(monkeypatch, tmp_path):
    monkeypatch.setenv("ONROLL_HEADS", str(tmp_path / "nowhere" / "heads.jsonl"))

    assert "cannot be written" in told(deployment.heads_are_kept)


def test_heads_beside_the_database_are_advice(monkeypatch, tmp_path_factory):
    assert "Set ONROLL_HEADS" in told(deployment.heads_elsewhere)

    monkeypatch.setenv("ONROLL_HEADS", str(tmp_path_factory.mktemp("elsewhere") / "heads.jsonl"))

    assert told(deployment.heads_elsewhere) == ""


@pytest.mark.proves("PLT-6")
def test_mail_without_encryption_is_a_problem_but_on_this_machine(installation):
    installation.MAIL_IS_SET_UP, installation.EMAIL_USE_TLS = True, False
    installation.EMAIL_HOST = "mail.example"
    assert "without encryption" in told(deployment.mail_server)

    installation.EMAIL_HOST = "127.0.0.1"
    assert told(deployment.mail_server) == ""
    installation.EMAIL_HOST, installation.EMAIL_USE_TLS = "mail.example", True
    assert told(deployment.mail_server) == ""


def test_no_mail_server_is_advice(installation):
    assert "No mail server" in told(deployment.no_mail)


@pytest.mark.proves("PLT-6")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIDDLEWARE", ["django.contrib.sessions.middleware.SessionMiddleware"]),
        ("MFA_SUPPORTED_TYPES", ["recovery_codes"]),
        ("MFA_ADAPTER", "allauth.mfa.adapter.DefaultMFAAdapter"),
    ],
)
def test_second_factors_that_are_off_are_a_problem(installation, name, value):
    assert told(deployment.second_factors) == ""

    setattr(installation, name, value)

    assert told(deployment.second_factors)


@pytest.mark.proves("PLT-6")
def test_a_clock_that_was_set_back_is_a_problem(tmp_path):
    line = {"at": (timezone.now() + timedelta(hours=1)).isoformat(), "history": {}, "log": {}}
    (tmp_path / "heads.jsonl").write_text(json.dumps(line) + "\n")

    assert "Set it by NTP" in told(deployment.clock)


@pytest.mark.postgresql
@pytest.mark.proves("PLT-6")
@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("postgresql://web@db.example/onroll", True),
        ("postgresql://web@db.example/onroll?sslmode=require", True),
        ("postgresql://web@db.example/onroll?sslmode=verify-full", False),
        ("postgresql://web@localhost/onroll", False),
        ("postgresql://web@%2Frun%2Fpostgresql/onroll", False),
    ],
)
def test_an_open_way_to_the_database_is_a_problem(monkeypatch, address, problem):
    monkeypatch.setenv("DATABASE_URL", address)

    assert bool(told(deployment.database_connection)) is problem

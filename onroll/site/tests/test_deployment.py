"""`onroll check` says what is wrong with an installation before people sign in, and what to do about it."""

import json
from collections import namedtuple
from datetime import timedelta

import pytest
from django.utils import timezone

from onroll.site import deployment

pytestmark = [pytest.mark.django_db]

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.ONROLL_HOME = tmp_path
    settings.KEYS_FOLDER = tmp_path / "keys"
    settings.KEYS_FOLDER.mkdir(mode=0o700)
    settings.FILES_FOLDER = tmp_path / "files"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.SECRET_KEY = "x8Kq2nVb7LwTz4Rf9YcHs6JmEd3GpAu5QiXoWvZkNtSyCjBhFa"
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

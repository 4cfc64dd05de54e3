"""What `onroll check` looks at before an installation serves people: one function for each thing that can be wrong.

A problem must be put right first. Advice is told and stops nothing: it is for the people who run the machine.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import connection
from django.utils import timezone

from onroll.documents import scanning
from onroll.history import walls

from . import fit_secrets, heads

OLDEST_BACKUP = timedelta(hours=26)
CLOCKS_APART = timedelta(seconds=5)
# Shares of the disk that are left.
LITTLE_ROOM, NO_ROOM = 0.20, 0.10
LOCAL = ("", "localhost", "127.0.0.1", "::1")

Check = Callable[[], Iterator[str]]


def problems() -> list[str]:
    """Everything that must be put right before people sign in. Empty when there is nothing."""
    return [words for check in PROBLEMS for words in check()]


def advice() -> list[str]:
    """What the people who run the machine should know or arrange."""
    return [words for check in ADVICE for words in check()]


def framework() -> Iterator[str]:
    for message in run_checks(include_deployment_checks=True):
        if message.level >= WARNING and not message.is_silenced():
            yield f"{message.msg} ({message.id})"


def debugging() -> Iterator[str]:
    if settings.DEBUG:
        yield "Debugging is on: an error page would show the record. Turn DEBUG off."
    if "django.contrib.admin" in settings.INSTALLED_APPS:
        yield "The framework's admin site is installed. It goes round the gate: take it out."


def secrets() -> Iterator[str]:
    yield from fit_secrets.why_unfit()
    if settings.KEYS_FOLDER.stat().st_mode & 0o077:
        yield f"Others on this machine can look into {settings.KEYS_FOLDER}. Close it with: chmod 700"


def files_apart() -> Iterator[str]:
    if settings.FILES_FOLDER.is_relative_to(settings.STATIC_ROOT):
        yield "Uploaded files lie among the static files, which are handed out to anyone. Move ONROLL_HOME."


def hosts() -> Iterator[str]:
    if "*" in settings.ALLOWED_HOSTS:
        yield "ONROLL_HOSTS is *, so any name is answered. Name the hosts of this installation."


def database_connection() -> Iterator[str]:
    """Whoever listens on the way to the database would read the record."""
    if connection.vendor != "postgresql":
        return
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    mode = parse_qs(url.query).get("sslmode", [""])[0]
    host = unquote(url.hostname or "")
    # A name that begins with a slash is a socket on this machine.
    if host not in LOCAL and not host.startswith("/") and mode not in ("verify-ca", "verify-full"):
        yield "The way to the database is not proved to be encrypted. Add ?sslmode=verify-full to DATABASE_URL."


def database_walls() -> Iterator[str]:
    """The web role may neither own the tables nor see past the walls between authorities."""
    yield from walls.why_not()


def mail_server() -> Iterator[str]:
    """Links to accounts are in the messages. On this machine itself nobody listens on the way."""
    if settings.MAIL_IS_SET_UP and not settings.EMAIL_USE_TLS and settings.EMAIL_HOST not in LOCAL:
        yield "Messages go to the mail server without encryption, and links are in them. Take out ONROLL_MAIL_TLS."


def second_factors() -> Iterator[str]:
    """What asks for the second factor, and what keeps its secrets, is in the settings."""
    if "onroll.access.middleware.ActorMiddleware" not in settings.MIDDLEWARE:
        yield "Nothing asks for a second factor. Put onroll.access.middleware.ActorMiddleware back into MIDDLEWARE."
    if not {"totp", "webauthn"} <= set(settings.MFA_SUPPORTED_TYPES):
        yield "Apps that show codes or passkeys are off. Put totp and webauthn back into MFA_SUPPORTED_TYPES."
    if settings.MFA_ADAPTER != "onroll.access.secrets_at_rest.FactorAdapter":
        yield "The secrets of second factors would not be encrypted. Put MFA_ADAPTER back as it was."


def scanner() -> Iterator[str]:
    if down := scanning.why_down():
        yield f"{down} Documents wait, each seen by its uploader alone. ONROLL_SCANNER names it."


def clock() -> Iterator[str]:
    kept = heads.last_kept_at()
    if kept is not None and kept - timezone.now() > CLOCKS_APART:
        yield f"The clock of this machine is behind what was written at {kept:%d %B %Y, %H:%M}. Set it by NTP."
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - timezone.now())
    if apart > CLOCKS_APART:
        yield f"The clocks of this machine and of the database are {apart.seconds} seconds apart. Set both by NTP."


def disk() -> Iterator[str]:
    if room_left() < NO_ROOM:
        yield f"Less than {NO_ROOM:.0%} of the disk under {settings.ONROLL_HOME} is free. Make room."


def backups() -> Iterator[str]:
    last = last_backup()
    if last is None:
        return
    if timezone.now() - last > OLDEST_BACKUP:
        yield f"The last backup was made on {last:%d %B %Y at %H:%M}. Make one every day: onroll backup FILE"


def heads_are_kept() -> Iterator[str]:
    place = heads.place()
    if not os.access(place if place.exists() else place.parent, os.W_OK):
        yield f"The heads of the history cannot be written to {place}. Make it writable, or set ONROLL_HEADS."


def little_room() -> Iterator[str]:
    if NO_ROOM <= room_left() < LITTLE_ROOM:
        yield f"Less than {LITTLE_ROOM:.0%} of the disk under {settings.ONROLL_HOME} is free."


def no_backup_yet() -> Iterator[str]:
    if last_backup() is None:
        yield "No backup was made yet. Make one every day, and keep it on another machine: onroll backup FILE"


def no_scanner() -> Iterator[str]:
    if not scanning.is_configured():
        yield "No malware scanner is named (ONROLL_SCANNER). Documents are kept after Onroll’s own checks alone."


def no_mail() -> Iterator[str]:
    if not settings.MAIL_IS_SET_UP:
        yield "No mail server is named (ONROLL_MAIL_HOST). Messages wait, also invitations and links to new passwords."


def heads_elsewhere() -> Iterator[str]:
    if heads.place().is_relative_to(settings.ONROLL_HOME):
        yield (
            "The heads of the history lie beside the database, where who can rewrite the one can rewrite the other. "
            "Set ONROLL_HEADS to a file on another machine that this one may only add to."
        )


def room_left() -> float:
    usage = shutil.disk_usage(settings.ONROLL_HOME)
    return usage.free / usage.total


def last_backup() -> datetime | None:
    """When the last backup was made, as `backup` noted it."""
    note = note_of_backup()
    return datetime.fromisoformat(note.read_text()) if note.exists() else None


def note_of_backup() -> Path:
    return Path(settings.ONROLL_HOME) / "last-backup"


PROBLEMS: list[Check] = [
    framework,
    debugging,
    secrets,
    files_apart,
    hosts,
    database_connection,
    database_walls,
    mail_server,
    second_factors,
    scanner,
    clock,
    disk,
    backups,
    heads_are_kept,
]
ADVICE: list[Check] = [little_room, no_backup_yet, no_scanner, no_mail, heads_elsewhere]

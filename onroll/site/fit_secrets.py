"""Secrets that are none: one that everybody knows, one that can be guessed, one that serves two uses.

With such a secret Onroll does not start, on whatever way it is served: `onroll start` and the web application refuse.
"""

import json
import os
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from onroll.access.single_sign_on import read_providers

# Django's own advice for a signing key.
SHORTEST_SIGNING = 50
# A secret that another service gave out: shorter ones can be tried out.
SHORTEST = 12
# What stands in examples, in the documentation of others and in people's first try.
EXAMPLES = ("changeme", "insecure", "example", "password", "default", "yoursecret")


def secrets_by_use() -> dict[str, str]:
    """Every secret of this installation by what it is for. Those that are not set are left out."""
    found = {"the signing secret (ONROLL_SECRET_KEY)": settings.SECRET_KEY}
    found["the password of the mail server (ONROLL_MAIL_PASSWORD)"] = settings.EMAIL_HOST_PASSWORD
    for name, provider in read_providers(settings.SINGLE_SIGN_ON).items():
        found[f"the secret of the sign-in “{name}” (ONROLL_SSO_SECRET_{name.upper()})"] = provider.secret
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        found[f"the database password in {name}"] = unquote(urlsplit(os.environ.get(name, "")).password or "")
    for path, ring in rings().items():
        for key, value in ring["keys"].items():
            found[f"the key {key} of {path}"] = value
    return {use: secret for use, secret in found.items() if secret}


def rings() -> dict[str, dict[str, Any]]:
    """The key rings of this installation, by the names of their files."""
    paths = sorted(settings.KEYS_FOLDER.glob("authority-*.json"))
    return {path.name: json.loads(path.read_text()) for path in paths}


def why_unfit() -> list[str]:
    """What is wrong with the secrets and what to do, naming their uses and never a secret. Empty if nothing is."""
    found, wrong = secrets_by_use(), []
    for use, secret in found.items():
        shortest = SHORTEST_SIGNING if secret == settings.SECRET_KEY else SHORTEST
        if len(secret) < shortest or len(set(secret)) < 5:
            wrong.append(f"{_first(use)} is too short or too plain. Use at least {shortest} random characters.")
        elif any(word in secret.lower().replace("-", "").replace("_", "") for word in EXAMPLES):
            wrong.append(f"{_first(use)} is taken from an example. Make one of random characters.")
    uses: dict[str, list[str]] = {}
    for use, secret in found.items():
        uses.setdefault(secret, []).append(use)
    for same in uses.values():
        if len(same) > 1:
            wrong.append(f"One secret serves two uses: {' and '.join(same)}. Make a new one for each.")
    return wrong


def refuse_unfit() -> None:
    """Raise unless every secret is one."""
    if wrong := why_unfit():
        raise ImproperlyConfigured("Onroll does not start: " + " ".join(wrong))


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]

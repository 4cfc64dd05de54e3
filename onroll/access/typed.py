"""What a person typed to search or filter stays on the server: the address of the answer carries an opaque key."""

import secrets
from typing import Any

from django.http import HttpRequest

# Enough for the tabs a person has open; the oldest go first.
KEPT = 20


def keep(request: HttpRequest, kind: str, typed: Any) -> str:
    """Keep what was typed in this person's session, and give the key that an address may carry."""
    kept = list(request.session.get(f"typed_{kind}", {}).items())
    key = secrets.token_urlsafe(9)
    request.session[f"typed_{kind}"] = dict([*kept[1 - KEPT :], (key, typed)])
    return key


def kept(request: HttpRequest, kind: str, key: str) -> Any:
    """What was kept under this key of this person's session. None for a key of another."""
    return request.session.get(f"typed_{kind}", {}).get(key)

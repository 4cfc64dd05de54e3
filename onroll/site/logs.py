"""Technical logs tell what went wrong, and of no child: an id becomes a keyed hash, and a value is left out."""

import hmac
import logging
import re

from django.conf import settings

_ID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
# What PostgreSQL adds to an error: the row that failed, with all its values.
_ROW = re.compile(r"^(DETAIL|CONTEXT|Key|Failing row).*$", re.MULTILINE)


class NoChildren(logging.Formatter):
    """Writes a log line without ids and rows. The same id has the same hash, so that a trail can be followed."""

    def format(self, record: logging.LogRecord) -> str:
        return _ROW.sub(r"\1: left out", _ID.sub(_hashed, super().format(record)))


def _hashed(found: re.Match[str]) -> str:
    key = f"logs:{settings.SECRET_KEY}".encode()
    return "id-" + hmac.new(key, found[0].lower().encode(), "sha256").hexdigest()[:12]

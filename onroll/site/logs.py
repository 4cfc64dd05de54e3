"""Technical logs tell what went wrong, and of no child: an id becomes a keyed hash, and a value is left out.

What is left out: ids, one-time links, questions in addresses, e-mail addresses, pupil numbers, the rows that a database
quotes, and whatever an error puts in quotation marks, which may be what somebody typed. A message stays on its line.
"""

import hmac
import logging
import re
from typing import Any

from django.conf import settings

_ID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
# What PostgreSQL adds to an error: the row that failed, with all its values.
_ROW = re.compile(r"^(DETAIL|CONTEXT|Key|Failing row).*$", re.MULTILINE)
# The last word of a one-time link: long, with digits.
_TOKEN = re.compile(r"(?<=/)(?=[^/\s]*\d)[\w:=-]{20,}")
_QUESTION = re.compile(r"(/\S*?)\?\S+")
_E_MAIL = re.compile(r"[^\s<>'\"]+@[^\s<>'\"]+\.\w+")
_UPN = re.compile(r"\b[A-Z]\d{11}[0-9A-Z]\b")
# The names of tables and constraints stay: they are ours.
_QUOTED = re.compile(r"(?<!constraint )(?<!column )(?<!relation )(?<!table )(['\"“‘])(?:(?!\1).)*['\"”’]")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


class NoChildren(logging.Formatter):
    """Writes a log line without ids and values. The same id has the same hash, so that a trail can be followed."""

    def format(self, record: logging.LogRecord) -> str:
        return _ROW.sub(r"\1: left out", _without_values(super().format(record)))

    def formatMessage(self, record: logging.LogRecord) -> str:
        # Else what is typed into an address could write lines of its own.
        return _BREAKS.sub(" ", super().formatMessage(record))

    def formatException(self, ei: Any) -> str:
        """The traceback: whatever the error quotes is left out. The lines of code in it are ours and stay."""
        lines = super().formatException(ei).split("\n")
        return "\n".join(line if line.startswith((" ", "Traceback")) else _QUOTED.sub("…", line) for line in lines)


def _without_values(text: str) -> str:
    text = _TOKEN.sub("left-out", _QUESTION.sub(r"\1", _ID.sub(_hashed, text)))
    return _UPN.sub("a number", _E_MAIL.sub("an address", text))


def _hashed(found: re.Match[str]) -> str:
    key = f"logs:{settings.SECRET_KEY}".encode()
    return "id-" + hmac.new(key, found[0].lower().encode(), "sha256").hexdigest()[:12]

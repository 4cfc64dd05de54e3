"""Plain text and CSV: read in the encoding it came in, kept as UTF-8."""

import csv
import io
import re

from .refusing import Kept, NotAccepted

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ACTIVE = re.compile(r"\s*(<!doctype|<html|<svg|<\?xml|<script|<\?php|<!entity|#!|<body|<iframe)", re.IGNORECASE)
# A number or a phone number may begin with a sign. What else does is a formula to a spreadsheet program.
_SIGNED = re.compile(r"[+\-][\d\s().,/%£:-]*")


def decoded(data: bytes) -> str | None:
    """The text, if it is one: UTF-8, UTF-16 with its mark, or Windows-1252."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _UNPRINTABLE.search(text) else text
    return None


def is_active(data: bytes) -> bool:
    """Whether the text is a web page or a script, which some programs would run."""
    return bool(_ACTIVE.match(decoded(data) or ""))


def accept_txt(data: bytes) -> Kept:
    return Kept(_text(data).encode())


def accept_csv(data: bytes) -> Kept:
    text = _text(data)
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            for cell in row:
                if _is_formula(cell):
                    raise NotAccepted(
                        "It holds formulas, which can run on the reader’s computer. Save it with values only"
                    )
    except csv.Error as error:
        raise NotAccepted("It can’t be read as CSV. Open it, and save it again as CSV UTF-8") from error
    return Kept(text.encode())


def _text(data: bytes) -> str:
    text = decoded(data)
    assert text is not None
    return text


def _is_formula(cell: str) -> bool:
    words = cell.strip()
    if words.startswith(("=", "@")):
        return True
    return words.startswith(("+", "-")) and not _SIGNED.fullmatch(words) and not words.startswith(("- ", "--"))

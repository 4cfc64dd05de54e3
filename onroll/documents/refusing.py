"""Why a file can't be added, in words for the person who chose it; and what is handed on when it can."""

from typing import NamedTuple


class NotAccepted(Exception):
    """The file can't be added. Says why, and what to do."""


class Kept(NamedTuple):
    """The bytes that may be kept, and how many pages they are, where that is known."""

    data: bytes
    pages: int = 0

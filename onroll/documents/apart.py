"""Reads strangers' files in a process of its own, with little memory and time, no secrets and nowhere to write.

What a file makes a library do there, even to fall over, ends with that process and becomes a refusal in words.
"""

from collections.abc import Callable
from typing import Any

from onroll.access import limited

from .filetypes import Examined
from .refusing import NotAccepted

LIMITS = limited.Limits(seconds=60, memory=1024 * 1024 * 1024)
TOO_MUCH = "The file took too much time or memory to check. Open it, and save or print it again as PDF"


def examine_apart(name: str, data: bytes) -> Examined:
    """The file as it may be kept. Raises NotAccepted with why not, and what to do."""
    said, answer = _ask({"do": "examine", "name": name}, data)
    return Examined(said["type"], answer, said["pages"], said["words"])


def picture_apart(type: str, data: bytes, page: int) -> bytes:
    """A PNG of one page, counted from 1. Raises NotAccepted where there is none."""
    return _ask({"do": "draw", "type": type, "page": page}, data)[1]


def _ask(wanted: dict[str, Any], data: bytes) -> limited.Answer:
    try:
        said, answer = limited.ask("onroll.documents.apart", wanted, data, LIMITS)
    except limited.Stopped as stopped:
        raise NotAccepted(TOO_MUCH) from stopped
    if "refused" in said:
        raise NotAccepted(said["refused"])
    return said, answer


def _work() -> Callable[[dict[str, Any], bytes], limited.Answer]:
    # What reads strangers' files is loaded here and nowhere else.
    from .examining import examine
    from .previewing import picture_of

    def work(wanted: dict[str, Any], data: bytes) -> limited.Answer:
        try:
            if wanted["do"] == "draw":
                return {}, picture_of(wanted["type"], data, wanted["page"])
            kept = examine(wanted["name"], data)
            return {"type": kept.type, "pages": kept.pages, "words": kept.words}, kept.data
        except NotAccepted as refusal:
            return {"refused": str(refusal)}, b""

    return work


if __name__ == "__main__":
    limited.serve(_work)

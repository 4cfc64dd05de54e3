"""Reads strangers' files in a process of its own, with little memory and time, no secrets and nowhere to write.

    python -m onroll.documents.apart        a line of JSON and the file in, a line of JSON and the answer out

What a file makes a library do there, even to fall over, ends with that process and becomes a refusal in words.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from .filetypes import Examined
from .refusing import NotAccepted

SECONDS = 60
MEMORY = 1024 * 1024 * 1024
TOO_MUCH = "The file took too much time or memory to check. Open it, and save or print it again as PDF"


def examine_apart(name: str, data: bytes) -> Examined:
    """The file as it may be kept. Raises NotAccepted with why not, and what to do."""
    said, answer = _ask({"do": "examine", "name": name}, data)
    return Examined(said["type"], answer, said["pages"], said["words"])


def picture_apart(type: str, data: bytes, page: int) -> bytes:
    """A PNG of one page, counted from 1. Raises NotAccepted where there is none."""
    return _ask({"do": "draw", "type": type, "page": page}, data)[1]


def _ask(wanted: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    sent = json.dumps(wanted).encode() + b"\n" + data
    # The keys, the database and the session of who started us are not handed on.
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(Path(__file__).parents[2])}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "onroll.documents.apart"],
            input=sent,
            capture_output=True,
            timeout=SECONDS,
            env=environment,
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        raise NotAccepted(TOO_MUCH) from error
    head, _, answer = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise NotAccepted(TOO_MUCH)
    said = json.loads(head)
    if "refused" in said:
        raise NotAccepted(said["refused"])
    return said, answer


def main() -> None:
    import resource

    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(limit, (value, value))
    # What reads strangers' files is loaded here and nowhere else.
    from .examining import examine
    from .previewing import picture_of

    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    wanted = json.loads(head)
    try:
        if wanted["do"] == "draw":
            said, answer = {}, picture_of(wanted["type"], data, wanted["page"])
        else:
            kept = examine(wanted["name"], data)
            said, answer = {"type": kept.type, "pages": kept.pages, "words": kept.words}, kept.data
    except NotAccepted as refusal:
        said, answer = {"refused": str(refusal)}, b""
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + answer)


if __name__ == "__main__":
    main()

"""Work on what strangers made is done in a process of its own: little memory and time, no secrets, nowhere to write.

    python -m onroll.documents.apart SECONDS BYTES    a line of JSON and a file in, a line of JSON and an answer out

What a file makes a library do there, even to fall over, ends with that process. The part that reads the file has a
module that calls `serve`, and asks it with `ask`. Nothing of Django is needed here.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What one piece of work may take: seconds of the clock and of the processor, and bytes of memory."""

    seconds: float = 60
    memory: int = 1024 * 1024 * 1024


class Stopped(Exception):
    """The work took too much, or fell over. There is no answer."""


Answer = tuple[dict[str, Any], bytes]


def ask(module: str, wanted: dict[str, Any], data: bytes, limits: Limits) -> Answer:
    """What the module answers, in a process of its own. Raises Stopped where it gives none within the limits."""
    sent = json.dumps(wanted).encode() + b"\n" + data
    # The keys, the database and the session of who started us are not handed on.
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(Path(__file__).parents[2])}
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, str(limits.seconds), str(limits.memory)],
            input=sent,
            capture_output=True,
            timeout=limits.seconds,
            env=environment,
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        raise Stopped from error
    head, _, answer = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise Stopped
    return json.loads(head), answer


def serve(do: Callable[[], Callable[[dict[str, Any], bytes], Answer]]) -> None:
    """Take the limits upon this process, then load what does the work, and answer the one question."""
    import resource

    seconds, memory = float(sys.argv[1]), int(sys.argv[2])
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(limit, (value, value))
    work = do()
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    said, answer = work(json.loads(head), data)
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + answer)

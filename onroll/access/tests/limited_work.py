"""Work that takes too much, for the test of the limits: each is asked for by its name."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from onroll.access import limited


def _work() -> Callable[[dict[str, Any], bytes], limited.Answer]:
    def work(wanted: dict[str, Any], data: bytes) -> limited.Answer:
        match wanted["do"]:
            case "answer":
                return {"names": sorted(os.environ)}, data[::-1]
            case "grow":
                return {}, b"".join(bytes(1 << 20) for _ in range(1 << 20))
            case "spin":
                while True:
                    pass
            case "sleep":
                time.sleep(60)
            case "write":
                Path(wanted["to"]).write_bytes(b"words")
            case "open":
                return {}, b"%d" % len([socket.socket() for _ in range(100)])
            case "crash":
                os.abort()
        return {}, b""

    return work


if __name__ == "__main__":
    limited.serve(_work)

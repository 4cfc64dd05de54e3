"""The malware scanner that the installation names, if it names one: a clamd socket or a command.

    ONROLL_SCANNER=clamd:///run/clamav/clamd.ctl      clamd on this machine
    ONROLL_SCANNER=clamd://scanner.example:3310       clamd on another
    ONROLL_SCANNER=command:/usr/bin/clamscan -        reads the file, exits 0 when clean and 1 when not

It is a second look. What may come in at all is decided by Onroll's own checks, which need no scanner.
"""

import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 60
CHUNK = 1024 * 1024


class ScannerDown(Exception):
    """The scanner gave no verdict."""


def is_configured() -> bool:
    return bool(settings.SCANNER)


def is_clean(data: bytes) -> bool:
    """The scanner's verdict. Raises ScannerDown when there is none."""
    kind, _, place = settings.SCANNER.partition(":")
    if kind == "clamd":
        answer = _clamd(b"zINSTREAM\0", data)
        if answer.endswith("OK"):
            return True
        if answer.endswith("FOUND"):
            return False
        raise ScannerDown(answer)
    if kind == "command":
        return _command(shlex.split(place), data)
    raise ScannerDown("ONROLL_SCANNER is neither clamd:// nor command:")


def why_down() -> str:
    """Why the scanner can't be used now, in words. Empty where it answers, and where none is configured."""
    if not is_configured():
        return ""
    try:
        kind, _, place = settings.SCANNER.partition(":")
        if kind == "clamd":
            return "" if _clamd(b"zPING\0", None, seconds=2) == "PONG" else "The scanner does not answer as clamd does."
        if kind == "command":
            words = shlex.split(place)
            return "" if words and shutil.which(words[0]) else "The command of the scanner is not on this machine."
        return "ONROLL_SCANNER is neither clamd:// nor command:."
    except (ScannerDown, ValueError):
        return "The scanner does not answer."


def _clamd(command: bytes, data: bytes | None, *, seconds: float = SECONDS) -> str:
    try:
        with _connection(seconds) as clamd:
            clamd.sendall(command)
            if data is not None:
                for start in range(0, len(data), CHUNK):
                    part = data[start : start + CHUNK]
                    clamd.sendall(len(part).to_bytes(4) + part)
                clamd.sendall(bytes(4))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < 4096:
                more = clamd.recv(4096)
                if not more:
                    break
                answer += more
    except OSError as error:
        raise ScannerDown(str(error)) from error
    return answer.rstrip(b"\0").decode(errors="replace").strip()


@contextmanager
def _connection(seconds: float) -> Iterator[socket.socket]:
    place = urlsplit(settings.SCANNER)
    if place.hostname:
        with socket.create_connection((place.hostname, place.port or 3310), timeout=seconds) as connected:
            yield connected
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connected:
        connected.settimeout(seconds)
        connected.connect(place.path)
        yield connected


def _command(words: list[str], data: bytes) -> bool:
    try:
        done = subprocess.run(words, input=data, capture_output=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScannerDown(str(error)) from error
    if done.returncode not in (0, 1):
        raise ScannerDown(f"The command ended with {done.returncode}.")
    return done.returncode == 0

"""Runs the web server and the background jobs together: one command starts both, one Ctrl-C stops both."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from .installation import Refused

# `start` answers on its own machine alone, over plain http. What stands in front elsewhere: docs/decisions/0007.
LOOPBACK = "127.0.0.1"
STARTS_WITHIN = 60
STOPS_WITHIN = 15

WEB_SERVER = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", LOOPBACK, "--no-ws"]
WEB_SERVER += ["--workers", "1", "--blocking-threads", "4", "--log-level", "warning", "onroll.site.wsgi:application"]
BACKGROUND_JOBS = [sys.executable, "-m", "onroll.site.jobs"]


def serve(port: int, *, when_ready: Callable[[str], None]) -> None:
    """Serve on loopback until interrupted. Calls `when_ready` with the address once pages answer."""
    refuse_a_port_in_use(port)
    # Links lead to where pages answer, unless somebody said where that is.
    here = {"ONROLL_ADDRESS": f"http://{LOOPBACK}:{port}"}
    environment = here | os.environ | {"ONROLL_LOOPBACK": "1"}
    stop = threading.Event()

    def interrupted(signum: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    # Sessions of their own, so that Ctrl-C reaches them once, from here.
    start: dict[str, Any] = {"env": environment, "start_new_session": True}
    # What answers pages never knows the role that owns the tables.
    for_web = {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}
    web = subprocess.Popen([*WEB_SERVER, "--port", str(port)], **{**start, "env": for_web})
    jobs = subprocess.Popen(BACKGROUND_JOBS, **start)
    threading.Thread(target=call_when_answering, args=(port, when_ready, stop), daemon=True).start()
    try:
        while not stop.wait(0.5):
            if web.poll() is not None:
                raise Refused(f"The web server ended by itself, with code {web.returncode}.")
            if jobs.poll() is not None:
                # Pages are worth more than jobs: serve on, and try again.
                stop.wait(5)
                jobs = subprocess.Popen(BACKGROUND_JOBS, **start)
    finally:
        stop.set()
        end(web, jobs)


def end(*processes: subprocess.Popen) -> None:
    """Ask the processes to finish what they are doing, and wait for them."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def refuse_a_port_in_use(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((LOOPBACK, port))
        except OSError as error:
            others = f"make run PORT={port + 1}, or onroll start --port {port + 1}"
            raise Refused(f"Port {port} is in use. Stop what uses it, or choose another: {others}") from error


def call_when_answering(port: int, when_ready: Callable[[str], None], stop: threading.Event) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and not stop.is_set():
        try:
            connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
            connection.request("GET", "/sign-in")
            connection.getresponse().read()
        except OSError:
            stop.wait(0.1)
        else:
            when_ready(f"http://{LOOPBACK}:{port}")
            return

"""Runs the web server and the background jobs together: one command starts both, one Ctrl-C stops both."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from .installation import Refused

# Until people sign in with a second factor, nobody reaches Onroll but from its own machine.
LOOPBACK = "127.0.0.1"
STARTS_WITHIN = 60


def serve(port: int, *, when_ready: Callable[[str], None]) -> None:
    """Serve on loopback until interrupted. Calls `when_ready` with the address once pages answer."""
    refuse_a_port_in_use(port)
    # The processes started from here read the settings afresh.
    os.environ["ONROLL_LOOPBACK"] = "1"
    server = Granian(
        "onroll.site.wsgi:application",
        address=LOOPBACK,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=1,
        blocking_threads=4,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )
    jobs = BackgroundJobs()
    jobs.start()
    threading.Thread(target=call_when_answering, args=(port, when_ready), daemon=True).start()
    try:
        server.serve()
    finally:
        jobs.stop()


def refuse_a_port_in_use(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((LOOPBACK, port))
        except OSError as error:
            raise Refused(f"Port {port} is in use. Stop what uses it, or choose another: --port {port + 1}") from error


def call_when_answering(port: int, when_ready: Callable[[str], None]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
            connection.request("GET", "/sign-in")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            when_ready(f"http://{LOOPBACK}:{port}")
            return


class BackgroundJobs:
    """The process of the background jobs, started again if it ends on its own."""

    PAUSE = 5

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        threading.Thread(target=self._keep_running, daemon=True).start()

    def _keep_running(self) -> None:
        while not self.stopping.is_set():
            # A session of its own, so that Ctrl-C reaches it once, through `stop`.
            self.process = subprocess.Popen([sys.executable, "-m", "onroll.site.jobs"], start_new_session=True)
            self.process.wait()
            self.stopping.wait(self.PAUSE)

    def stop(self) -> None:
        self.stopping.set()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()

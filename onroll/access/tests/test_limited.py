"""The process that reads strangers' files really stops: at its memory, its processor time, its clock."""

import resource
import subprocess
import sys
import time

import pytest

from onroll.access.limited import Limits, Stopped, ask

WORK = "onroll.access.tests.limited_work"
MEGABYTE = 1024 * 1024
FEW = Limits(seconds=1.5, memory=256 * MEGABYTE)


def test_what_is_asked_is_answered_by_a_process_that_knows_no_secret(monkeypatch):
    monkeypatch.setenv("ONROLL_KEY", "zqsecret")

    said, answer = ask(WORK, {"do": "answer"}, b"abc", Limits(seconds=30))

    assert answer == b"cba"
    assert set(said["names"]) <= {"PATH", "PYTHONPATH", "LC_CTYPE"}


@pytest.mark.proves("UPL-4")
@pytest.mark.parametrize("does", ["grow", "spin", "sleep", "open", "crash"])
def test_what_takes_too_much_is_stopped_soon(does):
    began = time.monotonic()

    with pytest.raises(Stopped):
        ask(WORK, {"do": does}, b"", FEW)

    assert time.monotonic() - began < 5


@pytest.mark.proves("UPL-4")
def test_it_can_write_no_file(tmp_path):
    with pytest.raises(Stopped):
        ask(WORK, {"do": "write", "to": str(tmp_path / "a")}, b"", FEW)

    assert not (tmp_path / "a").exists() or not (tmp_path / "a").read_bytes()


@pytest.mark.proves("UPL-4")
def test_the_processor_time_is_limited_also_when_nobody_watches_the_clock():
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime

    done = subprocess.run([sys.executable, "-m", WORK, "0", str(FEW.memory)], input=b'{"do":"spin"}\n', timeout=60)

    assert done.returncode < 0
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - used < 3

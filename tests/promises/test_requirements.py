"""What Onroll installs is named with its hash and never with an address, so that any registry can serve it."""

import re
from pathlib import Path

import pytest

LOCKS = sorted((Path(__file__).resolve().parents[2] / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
@pytest.mark.proves("PLT-7")
def test_a_lock_holds_versions_and_hashes_and_no_address(lock):
    text = lock.read_text()
    requirements = re.findall(r"^\S+==\S+.*(?:\n {4}--hash=.*)*", text, re.MULTILINE)

    assert requirements
    assert all("--hash=sha256:" in requirement for requirement in requirements)
    assert not re.search(r"://|--index-url|--find-links|^/| @ ", text, re.MULTILINE)


def test_development_installs_the_same_versions_as_running():
    base, dev = ({line.split()[0] for line in lock.read_text().splitlines() if "==" in line} for lock in LOCKS[:2])

    assert base <= dev

"""What Onroll installs is named with its hash and never with an address, so that any registry can serve it."""

import json
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


@pytest.mark.proves("PLT-7")
def test_the_bill_of_materials_names_every_package_that_runs_with_its_version():
    """That it is fresh is one of the checks, as of every generated page."""
    bill = json.loads((LOCKS[0].parents[1] / "docs" / "generated" / "sbom.cdx.json").read_text())
    named = {f"{each['name']}=={each['version']}" for each in bill["components"]}
    installed = re.findall(r"^(\S+?)(?:\[\S*\])?==(\S+)", LOCKS[0].read_text(), re.MULTILINE)

    assert {f"{name.lower()}=={version}" for name, version in installed} <= named
    assert {ref for each in bill["dependencies"] for ref in each["dependsOn"]} == {
        each["bom-ref"] for each in bill["components"]
    }
    assert "pkg:npm/govuk-frontend@" in str(bill)

"""A backup holds everything but the keys, and comes back whole or not at all."""

import json
import shutil
import tarfile

import pytest

from onroll.site.backup import hold_files

pytestmark = pytest.mark.django_db


def key_rings(home):
    return {path.name: json.loads(path.read_text()) for path in (home / "keys").glob("authority-*.json")}


def test_a_backup_comes_back_in_an_empty_installation_with_its_keys(backed_up, empty, register):
    made = empty.data("restore", backed_up.backup, "--keys", backed_up.keys)

    assert made["authorities"] == ["336"]
    assert empty.data("verify")["whole"]
    assert empty.data("check")["ready"]
    assert key_rings(empty.home) == key_rings(backed_up.home)
    assert files(empty.home) == files(backed_up.home) != {}
    # It goes on as if nothing had happened: the same file again changes nothing.
    again = empty.data("import", "gias", register, "--authority", "336")
    assert [s["count"] for s in again["sentences"] if s["key"] == "new"] in ([], [0])


def test_a_backup_names_the_keys_it_needs_and_holds_none(backed_up):
    (ring,) = key_rings(backed_up.home).values()
    with tarfile.open(backed_up.backup) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
        content = b"".join(archive.extractfile(member).read() for member in archive if member.isfile())

    assert list(manifest["keys"].values()) == [sorted(ring["keys"])]
    assert not any(key.encode() in content for key in ring["keys"].values())
    assert (backed_up.backup.stat().st_mode & 0o777, backed_up.keys.stat().st_mode & 0o777) == (0o600, 0o600)


@pytest.mark.proves("PLT-4")
def test_a_new_key_is_named_by_the_next_backup_and_the_old_one_too(backed_up, empty):
    (before,) = key_rings(backed_up.home).values()

    made = backed_up.data("keys", "rotate", "--authority", "336")
    later, keys = backed_up.home / "later.tar.gz", backed_up.home / "later.keys"
    backed_up.done("backup", later, "--keys", keys)

    assert made["current"] not in before["keys"]
    assert set(before["keys"]) < set(made["keys"])
    assert made["current"] in empty.refused("restore", later, "--keys", backed_up.keys)
    empty.done("restore", later, "--keys", keys)
    assert key_rings(empty.home) == key_rings(backed_up.home)
    assert empty.data("verify")["whole"]


def test_a_file_that_goes_or_changes_while_a_backup_is_made_stays_as_it_was_held(settings, tmp_path):
    settings.FILES_FOLDER = tmp_path / "files"
    (settings.FILES_FOLDER / "documents").mkdir(parents=True)
    goes, changes, unfinished = (settings.FILES_FOLDER / "documents" / name for name in ("a", "b", ".c.part"))
    for path in (goes, changes, unfinished):
        path.write_text("before")

    held = hold_files(tmp_path / "held")
    goes.unlink()
    newer = changes.with_name(".b.part")
    newer.write_text("after")
    newer.replace(changes)

    assert {name: path.read_text() for name, path in held.items()} == {"documents/a": "before", "documents/b": "before"}


def test_a_backup_does_not_come_back_without_its_keys(backed_up, empty):
    without = empty.refused("restore", backed_up.backup)
    backed_up.keys.write_text("{}")
    with_others = empty.refused("restore", backed_up.backup, "--keys", backed_up.keys)

    (ring,) = key_rings(backed_up.home).values()
    assert all(key_id in without and key_id in with_others for key_id in ring["keys"])
    assert "onroll init" in empty.refused("roll", "--authority", "336")


@pytest.mark.sqlite
def test_a_backup_comes_back_beside_keys_that_are_there_already(backed_up, empty):
    shutil.copytree(backed_up.home / "keys", empty.home / "keys", dirs_exist_ok=True)

    empty.done("restore", backed_up.backup)

    assert empty.data("check")["ready"]


def test_a_backup_does_not_replace_what_is_there(backed_up):
    assert "There is data here already" in backed_up.refused("restore", backed_up.backup, "--keys", backed_up.keys)
    assert "exists already" in backed_up.refused("backup", backed_up.backup)


@pytest.mark.sqlite
def test_a_damaged_backup_is_refused_before_anything_is_touched(backed_up, empty):
    whole = backed_up.backup.read_bytes()
    middle = len(whole) // 2
    turned = (
        whole[:2000] + bytes([whole[2000] ^ 255]) + whole[2001:],
        whole[:middle] + bytes(64) + whole[middle + 64 :],
    )
    for damaged in (whole[:middle], *turned, b"not one"):
        backed_up.backup.write_bytes(damaged)

        empty.refused("restore", backed_up.backup, "--keys", backed_up.keys)

    assert "onroll init" in empty.refused("roll", "--authority", "336")


def files(home):
    return {path.name: path.read_bytes() for path in (home / "files").rglob("*") if path.is_file()}

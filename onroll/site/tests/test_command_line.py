"""What an operator and a data officer do from a terminal."""

import subprocess
import sys

import pytest

from onroll.site import command_line

# What differs between the databases is proved by test_backup.py.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_help_is_given_without_loading_the_product():
    script = (
        "import sys; from onroll.site import command_line; command_line.parser().format_help();"
        "sys.exit('django' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


@pytest.mark.parametrize("words", [[], ["frobnicate"], ["init"], ["roll", "--authority", "336", "--as-at", "soon"]])
def test_wrong_usage_exits_with_2(words):
    with pytest.raises(SystemExit) as exit_:
        command_line.main(words)

    assert exit_.value.code == 2


def test_an_authority_is_set_up_by_its_code_once(empty):
    made = empty.data("init", "--authority", "336")
    again = empty.refused("init", "--authority", "336")
    unknown = empty.refused("init", "--authority", "000")

    assert made == {"authority": "336", "name": "Wolverhampton", "region": "West Midlands"}
    assert "set up already" in again
    assert "not the code of a local authority" in unknown
    assert empty.data("check")["ready"]


def test_commands_before_anything_is_set_up_say_what_to_do(empty, prepared):
    assert "onroll init" in empty.refused("roll", "--authority", "336")
    assert "onroll init" in empty.refused("check")
    assert "onroll demo" in prepared.refused("start")
    assert "nothing to back up" in prepared.refused("backup", prepared.home / "backup")


def test_a_real_installation_cannot_become_a_demonstration(installation):
    assert "can't become a demonstration" in installation.refused("demo")


@pytest.mark.proves("AUT-7")
def test_the_first_person_is_invited_with_a_link(installation):
    invite = ("invite", "Jo.Bright@wolverhampton.example", "--role", "data_officer", "--authority", "336")

    invited = installation.data(*invite)

    assert invited["link"].startswith("http://127.0.0.1:8000/welcome/")
    assert ":8411/welcome/" in installation.data(*invite, "--port", 8411)["link"]
    assert "There is no role boss" in installation.refused(*invite[:2], "--role", "boss", "--authority", "336")
    assert "not an e-mail" in installation.refused("invite", "jo", "--role", "vsh", "--authority", "336")
    partner = installation.refused("invite", "ep@x.example", "--role", "ep", "--authority", "336")
    assert "adds the agreement under “Sharing agreements”" in partner
    assert "school" in installation.refused(
        "invite", "j@x.example", "--role", "designated_teacher", "--authority", "336"
    )


def test_a_file_is_checked_then_loaded_then_undone(installation, register):
    load = ("import", "gias", register, "--authority", "336")

    checked = installation.data(*load, "--check")
    loaded = installation.data(*load)
    again = installation.data(*load)
    undone = installation.data("undo", loaded["import"])

    assert checked["state"] == "previewed"
    assert [s["count"] for s in checked["sentences"] if s["key"] == "new"] == [1]
    assert (loaded["state"], undone["state"]) == ("applied", "undone")
    assert [s["count"] for s in again["sentences"] if s["key"] == "new"] in ([], [0])
    assert "undone" in installation.refused("undo", loaded["import"])
    assert installation.data("verify") == {"whole": True, "findings": []}


def test_an_import_that_cannot_be_done_says_why(installation, tmp_path, register):
    unknown_feed = installation.onroll("import", "gossip", register, "--authority", "336")

    assert unknown_feed.returncode == 2
    assert "ssda903" in unknown_feed.stderr
    assert "no file or folder" in installation.refused("import", "gias", tmp_path / "none.csv", "--authority", "336")
    assert "not set up here" in installation.refused("import", "gias", register, "--authority", "330")
    assert "no import" in installation.refused("undo", "6f1c9e0e-0000-4000-8000-000000000000")


def test_a_person_loads_files_only_if_their_post_does(installation, register):
    for email, role in (("officer@w.example", "data_officer"), ("carer@w.example", "carer")):
        installation.done("invite", email, "--role", role, "--authority", "336")
    load = ("import", "gias", register, "--authority", "336", "--as")

    loaded = installation.data(*load, "officer@w.example")

    assert loaded["state"] == "applied"
    assert "Your role" in installation.refused(*load, "carer@w.example")
    assert "holds no post" in installation.refused(*load, "stranger@w.example")


def test_the_roll_is_printed_as_the_contract_says(installation):
    roll = installation.data("roll", "--authority", "336", "--as-at", "2018-03-31")

    assert roll == {
        "as_at": "2018-03-31",
        "count": 0,
        "by_phase": {"early_years": 0, "school_age": 0, "post16": 0},
        "children": [],
        "short_breaks": 0,
    }


def test_the_whole_record_is_written_out_for_its_owner_alone(installation, tmp_path):
    installation.done("invite", "money@w.example", "--role", "finance", "--authority", "336")
    export = ("export", "exchange", tmp_path / "out", "--authority", "336")

    written = installation.data(*export)

    assert {"authority.csv", "children.csv"} <= set(written["files"])
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert "Your role" in installation.refused(*export, "--as", "money@w.example")


def test_the_roll_is_not_told_to_a_role_that_does_not_see_childrens_numbers(installation):
    installation.done("invite", "money@w.example", "--role", "finance", "--authority", "336")

    assert "Your role" in installation.refused("roll", "--authority", "336", "--as", "money@w.example")

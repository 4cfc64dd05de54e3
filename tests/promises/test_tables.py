"""The tables that an installation has are those that Django makes of the migrations, step by step."""

import sqlite3
import subprocess
import sys

import pytest

from tests.prepared import CHECKOUT, PREPARE, SQLITE, environment_of, prepared_home

SLOWLY = (
    "import contextlib; from onroll.history.management.commands import migrate; "
    "migrate.each_model_by_itself = contextlib.nullcontext; "
)


@pytest.mark.nightly
@pytest.mark.sqlite
def test_to_make_only_the_changed_model_anew_leads_to_the_same_tables(tmp_path):
    environment = environment_of(tmp_path, "") | {"DJANGO_SETTINGS_MODULE": "onroll.site.settings"}
    begin = "import django; django.setup(); "
    command = [sys.executable, "-c", begin + SLOWLY + PREPARE.removeprefix(begin)]
    subprocess.run(command, cwd=CHECKOUT, env=environment, check=True)

    assert tables_of(prepared_home() / SQLITE) == tables_of(tmp_path / SQLITE) != []


def tables_of(database) -> list[tuple]:
    with sqlite3.connect(database) as opened:
        return opened.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()

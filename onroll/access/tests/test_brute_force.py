"""Guessing from many places at once: four processes, fifty addresses, one account."""

import os
import subprocess
import sys
import time

import pytest
from django.db import connection

from onroll.access.guessing import TRIES
from onroll.access.roles import Role
from onroll.children.tests.scene import a_person, an_authority

from .scene import PASSWORD, can_sign_in

NIGHTLY = os.environ.get("ONROLL_NIGHTLY") == "1"
PROCESSES, ALL_TRIES = 4, 10_000 if NIGHTLY else 200

# The right password is among the guesses again and again, but never among the first that are looked at.
GUESS = """
import sys
import django
django.setup()
from django.conf import settings
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
from django.test import Client
email, right, process, tries = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
client = Client(SERVER_NAME="localhost")
got_in = 0
for n in range(tries):
    guess = right if n >= 20 and n % 3 == 0 else f"guess-number-{process}-{n}"
    address = f"192.0.2.{(process * tries + n) % 50 + 1}"
    answer = client.post("/sign-in", {"email": email, "password": guess}, REMOTE_ADDR=address)
    got_in += answer.status_code != 200
print(got_in)
"""


@pytest.mark.proves("AUT-3")
def test_ten_thousand_guesses_from_fifty_addresses_by_four_processes_never_get_in(tmp_path, transactional_db):
    head = a_person(an_authority(), Role.VSH, "Helen Marsh")[0]
    can_sign_in(head)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "onroll.site.settings",
        "ONROLL_HOME": str(tmp_path),
        "ONROLL_SECRET_KEY": "the same in every process of this test, and nowhere else",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "onroll.sqlite3")])
    else:
        base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        environment["DATABASE_URL"] = f"{base}/{connection.settings_dict['NAME']}"

    def start(*words: str) -> subprocess.Popen:
        command = [sys.executable, "-W", "ignore", "-c", *words]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    began, each = time.monotonic(), ALL_TRIES // PROCESSES
    running = [start(GUESS, head.email, PASSWORD, str(number), str(each)) for number in range(PROCESSES)]
    said = [process.communicate(timeout=900 if NIGHTLY else 240) for process in running]
    minutes = (time.monotonic() - began) / 60

    assert [out.strip() for out, _ in said] == ["0"] * PROCESSES, said
    # Five at once, then one at the end of each wait of at least a minute.
    looked_at = int(start(LOOKED_AT, head.email).communicate(timeout=60)[0])
    assert TRIES <= looked_at <= TRIES + minutes + 1


LOOKED_AT = """
import sys
import django
django.setup()
from onroll.access.guessing import account_key
from onroll.access.models import Guesses
print(Guesses.objects.get(key=account_key(sys.argv[1])).wrong)
"""

"""One command starts the web server and the background jobs, and stops them."""

import argparse
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from onroll.access.models import Mail
from onroll.access.roles import Role
from onroll.children.tests.scene import a_person, an_authority
from onroll.history.viewing import listed
from onroll.looks.models import Alert
from onroll.site import command_line, heads, jobs
from onroll.site.regular_jobs import verify_history

pytestmark = pytest.mark.django_db


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def get(host, port, path):
    connection = http.client.HTTPConnection(host, port, timeout=20)
    connection.request("GET", path)
    return connection.getresponse()


def test_pages_answer_on_loopback_until_the_command_is_stopped(installation):
    link = installation.data("invite", "jo@w.example", "--role", "vsh", "--authority", "336")["link"]
    port = free_port()
    command = [sys.executable, "-m", "onroll.site.command_line", "start", "--port", str(port)]

    with subprocess.Popen(
        command, env=installation.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as started:
        try:
            said = started.stdout.readline()
            by_number = get("127.0.0.1", port, "/sign-in")
            by_name = get("localhost", port, re.sub(r"^http://[^/]*", "", link))
            signed_out = get("127.0.0.1", port, "/")
            in_use = installation.refused("start", "--port", port)
        finally:
            began = time.monotonic()
            started.send_signal(signal.SIGINT)
            started.wait(timeout=30)

    assert said.startswith(f"Onroll is at http://127.0.0.1:{port}")
    assert (by_number.status, by_name.status, signed_out.status) == (200, 200, 302)
    # Plain http on loopback: no name that browsers keep for https, and no promise of it.
    assert "__Host-" not in str(by_number.headers)
    assert "Strict-Transport-Security" not in by_number.headers
    assert f"Port {port} is in use" in in_use
    assert started.returncode == 0
    assert time.monotonic() - began < 20
    with pytest.raises(ConnectionRefusedError):
        get("127.0.0.1", port, "/sign-in")


def test_away_from_loopback_only_https_is_answered(client, settings):
    settings.LOOPBACK_ONLY = False

    refused = client.get("/sign-in")
    answered = client.get("/sign-in", secure=True)

    assert refused.status_code == 400
    assert answered.status_code == 200


def test_a_regular_job_is_queued_when_it_is_due_and_not_before():
    now = datetime(2026, 3, 31, 9, tzinfo=UTC)
    every = {job.name for job in jobs.REGULAR}

    first = jobs.queue_what_is_due(now=now)
    at_once = jobs.queue_what_is_due(now=DBTaskResult.objects.latest("enqueued_at").enqueued_at)
    later = jobs.queue_what_is_due(now=DBTaskResult.objects.latest("enqueued_at").enqueued_at + timedelta(hours=1))

    assert set(first) == every
    assert at_once == []
    assert later == [job.name for job in jobs.REGULAR if job.every <= timedelta(hours=1)]
    assert "verify_history" not in later


def test_heads_are_kept_outside_the_database_and_found_again(settings, tmp_path):
    settings.ONROLL_HOME = tmp_path

    assert heads.last_kept() == heads.Kept({}, {})
    heads.keep(now=datetime(2026, 3, 31, tzinfo=UTC))

    assert heads.last_kept() == heads.Kept(heads.heads(), heads.log_heads())
    assert heads.place().stat().st_mode & 0o777 == 0o600
    assert heads.verify_all() == []


@pytest.mark.sqlite
@pytest.mark.proves("LOG-4", "LOG-7")
@pytest.mark.parametrize("by", ["the command", "the nightly job"])
def test_a_log_that_was_cut_is_told_to_the_head_and_to_information_governance(settings, tmp_path, capsys, by):
    settings.ONROLL_HOME = tmp_path
    ashcombe = an_authority()
    told = {a_person(ashcombe, role)[0] for role in (Role.VSH, Role.IG)}
    _, officer = a_person(ashcombe, Role.DATA_OFFICER)
    listed(officer, [1, 2], "children:roll")
    heads.keep(now=datetime(2026, 3, 31, tzinfo=UTC))
    line = json.loads(heads.place().read_text())
    line["log"][str(ashcombe.pk)][0] += 5
    heads.place().write_text(json.dumps(line))

    if by == "the command":
        assert command_line.verify(argparse.Namespace(json=True)) == command_line.REFUSED
    else:
        assert verify_history.call()

    alert = Alert.objects.get(authority=ashcombe, rule="log_altered")
    assert "Access log" in alert.finding
    assert {mail.to for mail in Mail.objects.all()} == told

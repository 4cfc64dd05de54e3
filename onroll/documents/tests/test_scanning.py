"""The scanner: a server that speaks clamd's words on a socket, and a command. Both are real, and small."""

import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.documents import scanning, storing
from onroll.documents.jobs import scan_waiting_documents
from onroll.documents.models import Document, DocumentVersion

from .scene import a_document, the_version

pytestmark = pytest.mark.django_db


def read(connected: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        data += connected.recv(length - len(data))
    return data


def answer(connected: socket.socket) -> None:
    command = b""
    while not command.endswith(b"\0"):
        command += connected.recv(1)
    if command == b"zPING\0":
        connected.sendall(b"PONG\0")
        return
    data = b""
    while length := int.from_bytes(read(connected, 4)):
        data += read(connected, length)
    connected.sendall(b"stream: Test.Harmful FOUND\0" if b"harmful" in data else b"stream: OK\0")


@pytest.fixture
def clamd(tmp_path, settings):
    place = tmp_path / "clamd"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()
        ended = False

        def serve() -> None:
            while True:
                connected, _ = server.accept()
                with connected:
                    if ended:
                        return
                    answer(connected)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        settings.SCANNER = f"clamd://{place}"
        yield place
        ended = True
        with socket.socket(socket.AF_UNIX) as last:
            last.connect(str(place))
        thread.join(timeout=5)


def as_(actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account))
    return client


def page_of(document) -> str:
    return reverse("documents:document", args=[document.child.public_id, document.public_id])


@pytest.mark.proves("UPL-3")
def test_a_document_is_its_uploaders_alone_until_the_scanner_has_looked(cast, clamd):
    document = a_document(cast.mia, actor=cast.head)

    assert "Waiting for the scanner" in as_(cast.head).get(page_of(document)).content.decode()
    assert as_(cast.data_officer).get(page_of(document)).status_code == 404
    version = the_version(document)
    file = reverse("documents:download", args=[cast.mia.public_id, document.public_id, version.public_id])
    assert as_(cast.head).get(file).status_code == 404, "nobody is handed what was not looked at"

    assert scan_waiting_documents.call(cast.ashcombe.pk) == 1

    assert as_(cast.data_officer).get(page_of(document)).status_code == 200
    assert as_(cast.head).get(file).status_code == 200


@pytest.mark.proves("UPL-3")
def test_what_the_scanner_refuses_is_deleted_and_its_uploader_is_told(cast, clamd, django_capture_on_commit_callbacks):
    document = a_document(cast.mia, actor=cast.head, data=b"harmful words")

    with django_capture_on_commit_callbacks(execute=True):
        scan_waiting_documents.call(cast.ashcombe.pk)

    version = the_version(document)
    assert version.state == DocumentVersion.State.REFUSED
    assert not storing.path_of(version.public_id).exists()
    assert "found something harmful" in as_(cast.head).get(page_of(document)).content.decode()
    assert as_(cast.data_officer).get(page_of(document)).status_code == 404


@pytest.mark.proves("UPL-3")
def test_while_the_scanner_is_down_a_document_waits_and_says_so(cast, settings):
    settings.SCANNER = "clamd:///nowhere/clamd"
    document = a_document(cast.mia, actor=cast.head)

    assert scan_waiting_documents.call(cast.ashcombe.pk) == 0

    assert the_version(document).state == DocumentVersion.State.WAITING
    page = as_(cast.head).get(page_of(document)).content.decode()
    assert "The scanner does not answer." in page
    assert "is looked at as soon as the scanner answers" in page


def test_the_version_before_stays_for_others_while_a_new_one_waits(cast, settings):
    document = a_document(cast.mia, actor=cast.head, data=b"first words")
    settings.SCANNER = "clamd:///nowhere/clamd"
    from onroll.documents.actions import Upload, add_version
    from onroll.documents.examining import examine

    add_version(document, Upload("b.txt", b"second words"), actor=cast.head, examine=examine)

    officer = replace(cast.data_officer, role=Role.DATA_OFFICER)
    assert Document.of(cast.mia, officer).get() == document
    assert [version.number for version in DocumentVersion.of(cast.mia, officer)] == [1]
    assert DocumentVersion.of(cast.mia, cast.head).count() == 2


@pytest.mark.parametrize(("ends", "verdict"), [("exit 0", True), ("exit 1", False)])
def test_a_command_says_clean_or_not_by_how_it_ends(tmp_path: Path, settings, ends, verdict):
    command = tmp_path / "scan"
    command.write_text(f"#!/bin/sh\ncat > /dev/null\n{ends}\n")
    command.chmod(0o700)
    settings.SCANNER = f"command:{command} -"

    assert scanning.is_clean(b"words") is verdict
    assert scanning.why_down() == ""


@pytest.mark.parametrize(
    "scanner", ["command:/nowhere/scan", "command:/bin/sh -c 'exit 2'", "ftp://x", "clamd://127.0.0.1:9"]
)
def test_what_gives_no_verdict_is_never_clean(settings, scanner):
    settings.SCANNER = scanner

    with pytest.raises(scanning.ScannerDown):
        scanning.is_clean(b"words")

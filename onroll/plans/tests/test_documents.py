"""Documents as evidence of an update: who adds and opens them, what is refused, what stays when one is taken away."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.encryption import add_key
from onroll.access.roles import Role
from onroll.children.tests.scene import a_person, an_authority, write
from onroll.codes.upn import check_letter
from onroll.documents import scanning
from onroll.documents.apart import examine_apart
from onroll.history.models import Change, Entry
from onroll.plans import documents, storing
from onroll.plans.actions import take_out
from onroll.plans.jobs import scan_waiting_documents
from onroll.plans.models import PlanDocument, Update
from onroll.plans.tests.scene import a_document, a_plan, an_action

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
BODY = "100000000001"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_FOLDER = tmp_path


@pytest.fixture
def ashcombe(db):
    return an_authority()


@pytest.fixture
def head(client, ashcombe):
    account, _ = a_person(ashcombe, Role.VSH, "Hana Reid")
    client.force_login(account)
    return account


@pytest.fixture
def update(ashcombe):
    line = an_action(a_plan(ashcombe))
    return write(Update(authority=ashcombe, action=line.action, on=TODAY, words="Half are read", by="Hana Reid"))


def address(name: str, written: Update, /, **more) -> str:
    line = written.action.lines.get()
    return reverse(f"plans:{name}", args=[line.plan.public_id, line.action.public_id, *more.values()])


def adding(client, update: Update, name: str = "minutes.txt", data: bytes = b"We met and agreed.", title="Minutes"):
    file = SimpleUploadedFile(name, data)
    return client.post(
        address("document_new", update, update=update.public_id), {"title": title, "file": file}, follow=True
    )


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_lead_adds_a_document_to_an_update_and_whoever_sees_the_plan_opens_it(client, head, update, ashcombe):
    asked = text(client.get(address("document_new", update, update=update.public_id)))
    page = adding(client, update)

    document = PlanDocument.objects.get()
    assert "Do not add anything that names a child" in asked
    assert "The document is added." in text(page)
    assert "Minutes</a> (Text, 1 KB)" in text(page)
    assert Change.objects.filter(verb="plan.document_added", actor=head).exists()
    adviser, _ = a_person(ashcombe, Role.VS_OFFICER)
    client.force_login(adviser)
    file = client.get(address("document", update, document=document.public_id))
    assert Entry.objects.get(act="report").route == f"plans:document {document.public_id}"
    assert file.content == b"We met and agreed."
    assert file["Content-Disposition"] == 'attachment; filename="document.txt"'
    assert "sandbox" in file["Content-Security-Policy"]


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.FINANCE, Role.DIRECTOR, Role.CARER])
def test_who_does_not_see_the_plan_does_not_find_its_document(client, update, ashcombe, role):
    document = a_document(update)
    account, _ = a_person(ashcombe, role)
    client.force_login(account)

    assert client.get(address("document", update, document=document.public_id)).status_code == 404
    assert client.get(address("document_new", update, update=update.public_id)).status_code == 404


def test_a_document_of_another_authority_or_another_action_does_not_exist(client, head, update, ashcombe):
    castlebury = an_authority("998", "Castlebury")
    theirs = an_action(a_plan(castlebury, "Theirs"))
    of_theirs = a_document(write(Update(authority=castlebury, action=theirs.action, on=TODAY, words="x")))
    elsewhere = write(
        Update(authority=ashcombe, action=an_action(a_plan(ashcombe, "Other")).action, on=TODAY, words="x")
    )
    own = a_document(update)

    assert client.get(address("document", of_theirs.update, document=of_theirs.public_id)).status_code == 404
    assert client.get(address("document", update, document=of_theirs.public_id)).status_code == 404
    assert client.get(address("document", elsewhere, document=own.public_id)).status_code == 404
    assert client.get(address("document", update, document=own.public_id)).status_code == 200


def test_the_file_is_kept_closed_and_opens_after_a_change_of_keys(update, ashcombe):
    document = a_document(update, data=b"We met in confidence.")
    path = storing.FILES.path_of(document.public_id)

    assert b"confidence" not in path.read_bytes()
    before = path.read_bytes()
    add_key(ashcombe.pk)
    assert storing.close_again(ashcombe.pk) == 1
    assert path.read_bytes() != before
    assert storing.FILES.kept(document) == b"We met in confidence."


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("run.exe", b"MZ", "It is a program"),
        ("minutes.pdf", b"We met", "The name says PDF"),
        ("list.csv", f"upn\n{check_letter(BODY)}{BODY}\n".encode(), "It holds a unique pupil number"),
        ("list.txt", f"of_{check_letter(BODY)}{BODY}_only".lower().encode(), "It holds a unique pupil number"),
        ("empty.txt", b"", "The file is empty"),
    ],
)
def test_what_may_not_be_kept_is_refused_in_words_and_leaves_nothing(client, head, update, name, data, why):
    page = adding(client, update, name, data)

    assert why in text(page)
    assert not PlanDocument.objects.exists()
    assert not storing.FILES.folder().exists() or not list(storing.FILES.folder().iterdir())


def test_it_is_examined_apart_from_the_keys():
    assert documents.add_document.__kwdefaults__["examine"] is examine_apart


def test_an_action_and_a_person_have_limits(client, head, update, monkeypatch):
    monkeypatch.setattr(documents, "MOST_OF_AN_ACTION", 30)
    assert "The document is added." in text(adding(client, update))
    assert "200 MB at most" in text(adding(client, update))
    monkeypatch.setattr(documents, "MOST_OF_AN_ACTION", 3_000)
    monkeypatch.setattr(documents, "MOST_A_DAY", 1)
    assert "the most in a day" in text(adding(client, update))
    assert PlanDocument.objects.count() == 1


def test_a_document_taken_away_is_gone_and_that_it_was_there_stays(
    client, head, update, django_capture_on_commit_callbacks
):
    document = a_document(update, "Minutes of May")
    asked = client.get(address("document_take_away", update, document=document.public_id))

    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(address("document_take_away", update, document=document.public_id), follow=True)

    assert "The file is deleted" in text(asked)
    assert "Minutes of May: taken away on" in text(page)
    assert "by Hana Reid" in text(page)
    assert not storing.FILES.path_of(document.public_id).exists()
    assert client.get(address("document", update, document=document.public_id)).status_code == 404
    assert client.post(address("document_take_away", update, document=document.public_id)).status_code == 404


def test_a_colleague_takes_away_what_is_their_own_alone(client, update, ashcombe):
    of_others = a_document(update)
    adviser, _ = a_person(ashcombe, Role.VS_OFFICER)
    client.force_login(adviser)
    adding(client, update, title="Own notes")
    own = PlanDocument.objects.get(title="Own notes")

    assert client.get(address("document_take_away", update, document=of_others.public_id)).status_code == 404
    assert client.post(address("document_take_away", update, document=of_others.public_id)).status_code == 404
    assert client.get(address("document_take_away", update, document=own.public_id)).status_code == 200


def test_what_waits_for_the_scanner_is_its_uploaders_alone_and_opened_by_nobody(
    client, head, update, ashcombe, settings
):
    settings.SCANNER = "command:/bin/true"
    page = adding(client, update, title="Second reading")
    document = PlanDocument.objects.get()
    adviser, _ = a_person(ashcombe, Role.VS_OFFICER)

    assert "Others see it once the scanner has looked at it." in text(page)
    assert "waiting for the scanner" in text(page)
    assert client.get(address("document", update, document=document.public_id)).status_code == 404
    client.force_login(adviser)
    action = address("action", update)
    assert "Second reading" not in text(client.get(action))
    assert scan_waiting_documents.call(ashcombe.pk) == 1
    assert "Second reading" in text(client.get(action))


def test_what_the_scanner_refuses_is_removed(update, ashcombe, settings, django_capture_on_commit_callbacks):
    settings.SCANNER = "command:/bin/false"
    document = a_document(update)

    with django_capture_on_commit_callbacks(execute=True):
        scan_waiting_documents.call(ashcombe.pk)

    document.refresh_from_db()
    assert scanning.is_configured()
    assert document.state == PlanDocument.State.REFUSED
    assert not storing.FILES.path_of(document.public_id).exists()


def test_the_files_of_an_action_go_with_it(update, ashcombe, django_capture_on_commit_callbacks):
    document = a_document(update)

    with django_capture_on_commit_callbacks(execute=True):
        take_out(update.action.lines.get(), actor=a_head(ashcombe))

    assert not PlanDocument.objects.exists()
    assert not storing.FILES.path_of(document.public_id).exists()


def a_head(authority):
    return replace(Actor.command_line(authority.pk, today=TODAY, user="tester"), role=Role.VSH)


def test_a_file_that_no_row_names_goes_after_a_day(update):
    document = a_document(update)
    stray = storing.FILES.path_of(update.public_id)
    stray.write_text("left")
    later = stray.stat().st_mtime + timedelta(days=2).total_seconds()

    assert storing.clear_strays(now=stray.stat().st_mtime) == 0
    assert storing.clear_strays(now=later) == 1
    assert storing.FILES.path_of(document.public_id).exists()
    assert not stray.exists()

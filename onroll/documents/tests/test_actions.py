"""Adding, versions, audiences, and putting right what was filed on the wrong child. What fails leaves nothing."""

import errno
import json
import os
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from onroll.access import sealed_files
from onroll.access.encryption import Ciphertext, add_key, current_key, decrypt_bytes
from onroll.access.roles import Role
from onroll.access.sealed_files import LEFT_FOR
from onroll.access.sections import Section
from onroll.children.actions.merging import merge_children, split_children
from onroll.children.contradictions import Refused
from onroll.children.models import Disclosure, PlacementAddress
from onroll.children.tests.scene import a_child, a_person, a_place, an_allocation, an_episode, write
from onroll.documents import actions, storing
from onroll.documents.actions import (
    Upload,
    add_version,
    choose_audience,
    move_document,
    remove_document,
)
from onroll.documents.examining import examine
from onroll.documents.models import Document, DocumentTrace, DocumentVersion
from onroll.documents.queries import documents_of, readers_of
from onroll.documents.refusing import NotAccepted
from onroll.history.erasing import dispose
from onroll.history.models import Event
from onroll.history.reading import of_record

from .scene import a_document, the_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def linked(cast):
    """Mia with her social worker and her school."""
    an_allocation(cast.mia, cast.sam, Role.SOCIAL_WORKER)
    a_place(cast.mia, cast.hillside)
    return cast


@pytest.fixture
def kept(django_capture_on_commit_callbacks):
    """Files go when a change is kept. Inside a test's own transaction that must be said: `with kept(): …`."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def sees(actor, document):
    return Document.of(document.child, actor).filter(pk=document.pk).exists()


def files():
    return sorted(path.name for path in storing.folder().glob("*"))


def test_a_document_is_kept_encrypted_under_a_random_name(linked):
    before = set(files())

    document = a_document(linked.mia, actor=linked.head, data=b"zqwords about Mia", name="zqname.txt", title="zqtitle")

    version = the_version(document)
    (name,) = set(files()) - before
    assert name == f"{version.public_id}.sealed"
    assert b"zqwords" not in storing.path_of(version.public_id).read_bytes()
    assert storing.path_of(version.public_id).stat().st_mode & 0o077 == 0
    assert storing.kept(version) == b"zqwords about Mia"
    stored = "".join(str(event.payload) for event in Event.objects.all())
    assert "zqtitle" not in stored
    assert "zqname" not in stored


@pytest.mark.proves("PLT-5")
def test_a_file_put_in_the_place_of_another_does_not_open(linked):
    one, two = (the_version(a_document(linked.mia, actor=linked.head, data=word)) for word in (b"one", b"two"))

    os.replace(storing.path_of(one.public_id), storing.path_of(two.public_id))

    with pytest.raises(storing.Lost):
        storing.kept(two)


def test_who_does_not_write_the_part_adds_nothing_to_it(linked):
    with pytest.raises(Refused, match="does not change this part"):
        a_document(linked.mia, Section.SEN, actor=linked.social_worker)
    with pytest.raises(Refused):
        a_document(linked.mia, Section.SEN, actor=linked.iro)


def test_a_newer_version_stands_first_and_the_earlier_stays(linked):
    document = a_document(linked.mia, actor=linked.head, data=b"first")

    add_version(document, Upload("b.txt", b"second"), actor=linked.head, examine=examine)

    (listed,) = documents_of(linked.mia, linked.head, on=timezone.localdate())
    assert (listed.version.number, listed.versions) == (2, 2)
    held = DocumentVersion.unscoped.filter(document=document).order_by("number")
    assert [storing.kept(version) for version in held] == [b"first", b"second"]


# Who sees it


@pytest.mark.proves("ACC-3")
@pytest.mark.parametrize("section", [Section.SEN, Section.HEALTH, Section.SCHOOL, Section.CARE, Section.CONTACT])
def test_each_role_sees_a_document_when_it_reads_the_part_and_is_of_the_audience(linked, section):
    """Every role against every audience of one role, and against the open one."""
    everyone = a_document(linked.mia, section)
    chosen = {role: a_document(linked.mia, section, roles=(role,)) for role in readers_of(section)}
    for role in (*Role,):
        if role not in (Role.VSH, Role.DEPUTY_VSH, Role.VS_ADMIN, Role.DATA_OFFICER, Role.IRO, Role.SOCIAL_WORKER):
            continue
        actor = replace(linked.head, role=role, account=linked.sam.pk)
        reads = role in readers_of(section)
        assert sees(actor, everyone) == reads, role
        for audience, document in chosen.items():
            leads = role in (Role.VSH, Role.DEPUTY_VSH)
            assert sees(actor, document) == (reads and (leads or role == audience)), (role, audience)


def test_an_audience_is_of_those_who_read_the_part(linked):
    with pytest.raises(Refused, match="roles that read"):
        a_document(linked.mia, Section.HEALTH, actor=linked.head, roles=(Role.DESIGNATED_TEACHER,))
    with pytest.raises(Refused, match="your own role"):
        a_document(linked.mia, Section.SEN, actor=linked.data_officer, roles=(Role.IRO,))


def test_narrowing_the_audience_ends_what_others_see(linked):
    document = a_document(linked.mia, Section.SEN, actor=linked.head)
    assert sees(linked.teacher, document)

    choose_audience(document, [Role.VSH, Role.IRO], actor=linked.head)

    assert not sees(linked.teacher, document)
    assert sees(linked.head, document)
    assert [act.change.verb for act in of_record(document)] == ["document.audience_chosen", "document.added"]


def test_a_school_does_not_see_what_another_school_added(linked):
    fernhill = a_person(linked.ashcombe, Role.DESIGNATED_TEACHER, "Una Wren", school=linked.fernhill)[1]
    a_place(linked.mia, linked.fernhill, timezone.localdate(), kind="subsidiary")
    theirs = a_document(linked.mia, Section.SEN, actor=linked.teacher)
    authority = a_document(linked.mia, Section.SEN, actor=linked.head)

    assert sees(linked.teacher, theirs)
    assert not sees(fernhill, theirs)
    assert sees(fernhill, authority)


@pytest.mark.proves("ADR-2")
def test_a_document_about_a_secret_address_is_for_those_who_may_know_it(linked):
    episode = an_episode(linked.mia)
    document = a_document(linked.mia, Section.ADDRESS, actor=linked.social_worker)
    assert sees(linked.head, document)

    keys = {"authority": linked.ashcombe, "child": linked.mia, "episode": episode}
    write(PlacementAddress(**keys, address="1 Elm Close", disclosure=Disclosure.ONLY_NAMED_USERS))

    assert not sees(linked.head, document)
    assert sees(linked.social_worker, document)


# Limits


@pytest.mark.proves("UPL-1")
def test_a_child_has_2_gb_and_a_person_500_files_a_day(linked, monkeypatch):
    monkeypatch.setattr(actions, "MOST_OF_A_CHILD", 20)
    with pytest.raises(Refused, match="2 GB"):
        a_document(linked.mia, actor=linked.head, data=b"more than twenty bytes of words")
    monkeypatch.setattr(actions, "MOST_OF_A_CHILD", 1000)
    monkeypatch.setattr(actions, "MOST_A_DAY", 2)
    head = replace(linked.head, today=timezone.localdate())
    a_document(linked.mia, actor=head)
    document = a_document(linked.mia, actor=head)
    with pytest.raises(Refused, match="most in a day"):
        add_version(document, Upload("a.txt", b"more"), actor=head, examine=examine)
    # Tomorrow, and for another person, the count begins again.
    a_document(linked.mia, actor=replace(head, today=head.today + timedelta(days=1)))
    a_document(linked.mia, actor=replace(linked.data_officer, today=head.today))


# Nothing by halves


def test_a_refused_file_leaves_nothing(linked):
    before = files()
    with pytest.raises(NotAccepted):
        a_document(linked.mia, actor=linked.head, name="a.txt", data=b"<html>")
    assert files() == before
    assert not Document.unscoped.exists()


@pytest.mark.proves("UPL-2")
def test_a_full_disk_leaves_nothing_and_says_so(linked, monkeypatch):
    before = files()

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sealed_files.os, "fsync", full)

    with pytest.raises(Refused, match="no room"):
        a_document(linked.mia, actor=linked.head)
    assert files() == before
    assert not Document.unscoped.exists()


def test_a_change_that_is_not_kept_leaves_no_file(linked, monkeypatch):
    before = files()
    monkeypatch.setattr(actions, "_scan_soon", lambda version: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        a_document(linked.mia, actor=linked.head)

    assert files() == before
    assert not DocumentVersion.unscoped.exists()


def test_a_removal_that_is_not_kept_leaves_the_file(linked, kept, monkeypatch):
    document = a_document(linked.mia, actor=linked.head)
    version = the_version(document)
    monkeypatch.setattr(actions.ThisChange, "delete", lambda this, records: 1 / 0)

    with kept(), pytest.raises(ZeroDivisionError):
        remove_document(document, why="twice", actor=linked.head)

    assert storing.kept(version) == b"Mia reads well."


def test_a_file_that_no_row_names_is_cleared_after_a_day(linked):
    version = the_version(a_document(linked.mia, actor=linked.head))
    stray = storing.folder() / "00000000-0000-4000-8000-000000000000.sealed"
    half = storing.folder() / ".x.sealed.12345678.part"
    stray.write_text("left")
    half.write_text("left")

    assert storing.clear_strays(now=time.time()) == 0
    storing.clear_strays(now=time.time() + 2 * LEFT_FOR)

    assert not stray.exists()
    assert not half.exists()
    assert storing.kept(version) == b"Mia reads well."


# The wrong record


@pytest.mark.proves("ID-6")
def test_a_document_on_the_wrong_child_moves_and_leaves_a_trace_without_content(linked, kept):
    noah = a_child(linked.ashcombe, "Noah Birch")
    document = a_document(linked.mia, actor=linked.head, title="zqtitle", data=b"about Noah")
    add_version(document, Upload("b.txt", b"more of Noah"), actor=linked.head, examine=examine)
    old = list(DocumentVersion.unscoped.filter(document=document))

    with kept():
        moved = move_document(document, noah, actor=linked.head)

    assert not Document.unscoped.filter(child=linked.mia).exists()
    assert not any(storing.path_of(version.public_id).exists() for version in old)
    assert moved.title == "zqtitle"
    versions = DocumentVersion.unscoped.filter(document=moved).order_by("number")
    assert [storing.kept(version) for version in versions] == [b"about Noah", b"more of Noah"]
    trace = DocumentTrace.unscoped.get(child=linked.mia)
    assert (trace.act, trace.why, trace.part, trace.by_id) == ("moved", "wrong_child", "j", linked.head.account)
    # The record where it stood says neither what it was nor whose it is.
    told = "".join(event.payload for event in Event.objects.filter(child=linked.mia.pk).order_by("-pk"))
    assert str(noah.public_id) not in told
    assert str(moved.public_id) not in told


@pytest.mark.proves("ID-6")
def test_what_the_history_holds_of_a_removed_document_can_be_opened_by_nobody(linked):
    """Its lock was part of the key, was never in the history, and is gone with the row."""
    document = a_document(linked.mia, actor=linked.head, title="zqtitle")
    lock, public_id = document.lock, document.public_id
    remove_document(document, why="not_ours", actor=linked.head)

    (event,) = [each for each in Event.objects.filter(child=linked.mia.pk, act="d") if '"title"' in each.payload]
    stored = Ciphertext(json.loads(event.payload)["title"])
    binding = f"documents.document.title:{linked.ashcombe.pk}:{public_id}"
    assert str(lock) not in "".join(each.payload for each in Event.objects.all())
    assert decrypt_bytes(stored, authority=linked.ashcombe.pk, bound_to=binding, use=f"lock:{lock}") == b"zqtitle"
    with pytest.raises(ValueError, match="altered"):
        decrypt_bytes(stored, authority=linked.ashcombe.pk, bound_to=binding)
    assert "zqtitle" not in str(of_record(document))


def test_a_document_moves_only_to_a_child_whom_the_mover_sees(linked):
    noah = a_child(linked.ashcombe, "Noah Birch")
    document = a_document(linked.mia, Section.CARE, actor=linked.social_worker)

    with pytest.raises(Refused, match="a child you work with"):
        move_document(document, noah, actor=linked.social_worker)

    an_allocation(noah, linked.sam, Role.SOCIAL_WORKER)
    move_document(document, noah, actor=linked.social_worker)


def test_only_who_added_it_or_puts_entries_right_takes_a_document_away(linked):
    document = a_document(linked.mia, Section.SEN, actor=linked.head)

    with pytest.raises(Refused, match="Ask the virtual school"):
        remove_document(document, why="twice", actor=linked.teacher)

    own = a_document(linked.mia, Section.SEN, actor=linked.teacher)
    remove_document(own, why="twice", actor=linked.teacher)
    remove_document(document, why="twice", actor=linked.data_officer)
    assert not Document.unscoped.exists()


def test_documents_go_with_a_record_that_is_joined_and_come_back_when_it_is_parted(linked):
    second = a_child(linked.ashcombe, "Mia Dorson")
    document = a_document(second, actor=linked.head, title="Letter")

    merge_children(linked.mia, second, actor=linked.head)

    joined = Document.of(linked.mia, linked.head).get()
    assert joined.title == "Letter"
    assert storing.kept(the_version(document)) == b"Mia reads well."

    second.refresh_from_db()
    split_children(second, actor=linked.head)
    assert Document.unscoped.get(pk=document.pk).child_id == second.pk


def test_erasing_a_child_reaches_the_files(linked, kept):
    version = the_version(a_document(linked.mia, actor=linked.head))
    noah = a_child(linked.ashcombe, "Noah Birch")
    other = the_version(a_document(noah, actor=linked.head))

    with kept():
        dispose([linked.mia.pk], actor=linked.head, reason="Kept long enough")

    assert not storing.path_of(version.public_id).exists()
    assert storing.kept(other) == b"Mia reads well."


# Keys


@pytest.mark.proves("PLT-4")
def test_a_new_key_closes_what_is_new_and_the_old_ones_go_on_opening(linked):
    first = a_document(linked.mia, actor=linked.head, title="before")
    old = current_key(linked.ashcombe.pk)

    new = add_key(linked.ashcombe.pk)

    second = a_document(linked.mia, actor=linked.head, title="after")
    assert current_key(linked.ashcombe.pk) == new != old
    for document, key in ((first, old), (second, new)):
        again = Document.unscoped.get(pk=document.pk)
        assert again.__dict__["title"].split(".")[1] == key
        assert again.title in ("before", "after")
    assert storing.close_again(linked.ashcombe.pk) == 1
    assert storing.close_again(linked.ashcombe.pk) == 0
    for document in (first, second):
        sealed = storing.path_of(the_version(document).public_id).read_text()
        assert sealed.split(".")[1] == new
        assert storing.kept(the_version(document)) == b"Mia reads well."

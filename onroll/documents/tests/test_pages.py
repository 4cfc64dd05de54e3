"""The pages of documents, as the people who use them see them."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.tests.scene import a_child, a_person, a_place, a_school, an_allocation, an_authority, together
from onroll.documents import storing
from onroll.documents.models import Document, DocumentTrace, DocumentVersion
from onroll.history.models import Entry

from .files import a_pdf, a_picture
from .scene import a_document, the_version

pytestmark = pytest.mark.django_db
WRITERS = {"who": "everyone", "kind": "report", "section": "j", "title": "Autumn report"}


@pytest.fixture
@together()
def scene():
    ashcombe, hillside = an_authority(), a_school("Hillside")
    mia, noah = a_child(ashcombe), a_child(ashcombe, "Noah Birch")
    head, _ = a_person(ashcombe, Role.VSH, "Hana Reid")
    teacher, _ = a_person(ashcombe, Role.DESIGNATED_TEACHER, "Tess Boyle", school=hillside)
    sam, _ = a_person(ashcombe, Role.SOCIAL_WORKER)
    a_place(mia, hillside)
    an_allocation(mia, sam, Role.SOCIAL_WORKER)
    return SimpleNamespace(mia=mia, noah=noah, head=as_(head), teacher=as_(teacher), worker=as_(sam), head_account=head)


def as_(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def url(route, child, *more):
    return reverse(
        route, args=[child.public_id, *(each.public_id if hasattr(each, "public_id") else each for each in more)]
    )


def add(client, child, name="report.txt", data=b"Mia reads well.", **given):
    typed = {**WRITERS, **given, "file": SimpleUploadedFile(name, data)}
    return client.post(url("documents:add", child), typed)


def text(answer):
    return answer.content.decode()


def test_a_document_is_added_listed_and_read(scene):
    assert "No documents yet" in text(scene.head.get(url("profile:documents", scene.mia)))

    answer = add(scene.head, scene.mia)

    document = Document.unscoped.get()
    assert answer.headers["Location"] == url("documents:document", scene.mia, document)
    listed = text(scene.head.get(url("profile:documents", scene.mia)))
    page = text(scene.head.get(answer.headers["Location"]))
    assert "Autumn report" in listed
    assert "Mia reads well." in page
    assert "Social worker (Sam Doyle)" in page


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.docm", b"PK\x03\x04", "Save it without macros"),
        ("a.pdf", b"MZ\x90\x00", "Programs are never kept"),
        ("a.txt", b"", "Check that it was saved"),
        ("a.txt", b"a" * (20 * 1024 * 1024 + 1), "must be 20 MB or smaller"),
    ],
)
def test_a_refused_file_says_why_beside_the_box_and_keeps_what_was_typed(scene, name, data, words):
    answer = add(scene.head, scene.mia, name=name, data=data)

    assert words in text(answer)
    assert 'value="Autumn report"' in text(answer)
    assert not Document.unscoped.exists()


def test_what_is_missing_is_asked_for(scene):
    answer = text(scene.head.post(url("documents:add", scene.mia), {"who": "some"}))

    for words in ("Choose the file", "Enter what it is", "Choose what kind", "Choose the part of the record"):
        assert words in answer


def test_a_role_outside_the_part_is_named(scene):
    answer = text(add(scene.head, scene.mia, section="k", who="some", roles=["designated_teacher"]))

    assert "Designated teacher can’t read this part" in answer
    assert not Document.unscoped.exists()


@pytest.mark.proves("UPL-2")
@pytest.mark.parametrize(
    ("name", "data"), [("a.pdf", a_pdf(pages=2)), ("a.png", a_picture()), ("a.txt", b"<b>words</b>")]
)
def test_a_file_is_handed_over_and_shown_nowhere(scene, name, data):
    add(scene.head, scene.mia, name=name, data=data)
    document = Document.unscoped.get()

    answer = scene.head.get(url("documents:download", scene.mia, document, the_version(document)))

    assert answer.headers["Content-Disposition"] == f'attachment; filename="document.{name[2:]}"'
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "html" not in answer.headers["Content-Type"]
    # What it says is on the page as words, not as markup.
    assert "<b>words</b>" not in text(scene.head.get(url("documents:document", scene.mia, document)))


def test_a_pdf_is_shown_as_pictures_of_its_pages(scene):
    document = a_document(scene.mia, name="a.pdf", data=a_pdf(pages=2))
    version = the_version(document)

    page = text(scene.head.get(url("documents:document", scene.mia, document) + "?page=2"))
    second = scene.head.get(url("documents:preview", scene.mia, document, version, 2))

    assert url("documents:preview", scene.mia, document, version, 2) in page
    assert second.content.startswith(b"\x89PNG")
    assert second.headers["Content-Security-Policy"].startswith("sandbox")
    assert scene.head.get(url("documents:preview", scene.mia, document, version, 3)).status_code == 404


@pytest.mark.proves("LOG-1")
def test_each_look_and_each_download_is_in_the_access_log(scene):
    document = a_document(scene.mia)
    version = the_version(document)

    scene.head.get(url("profile:documents", scene.mia))
    scene.head.get(url("documents:document", scene.mia, document))
    scene.head.get(url("documents:download", scene.mia, document, version))

    entries = Entry.objects.filter(child=scene.mia.pk, actor=scene.head_account).order_by("number")
    looks = [(entry.act, entry.section, entry.route) for entry in entries]
    assert looks == [
        ("view", "a,j", "profile:documents"),
        ("view", "j", f"documents:document {document.public_id}"),
        ("download", "j", f"documents:download {document.public_id}"),
    ]


@pytest.mark.proves("ACC-3")
def test_a_document_is_found_through_its_own_child_alone(scene):
    document, other = a_document(scene.mia), a_document(scene.noah)
    version, theirs = the_version(document), the_version(other)

    for client in (scene.head, scene.teacher):
        assert client.get(url("documents:document", scene.noah, document)).status_code == 404
        assert client.get(url("documents:download", scene.mia, document, theirs)).status_code == 404
        assert client.get(url("documents:download", scene.noah, other, version)).status_code == 404
    assert scene.teacher.get(url("documents:download", scene.mia, document, version)).status_code == 200
    assert scene.teacher.get(url("documents:download", scene.noah, other, theirs)).status_code == 404


def test_the_end_of_a_place_ends_the_download(scene):
    from onroll.children.models import SchoolPlace
    from onroll.children.tests.scene import write

    document = a_document(scene.mia)
    file = url("documents:download", scene.mia, document, the_version(document))
    assert scene.teacher.get(file).status_code == 200

    place = SchoolPlace.unscoped.get(child=scene.mia)
    place.end = timezone.localdate()
    write(place)

    assert scene.teacher.get(file).status_code == 404


def test_the_audience_is_changed_and_told(scene):
    document = a_document(scene.mia)
    page = url("documents:audience", scene.mia, document)
    assert "Social worker (Sam Doyle)" in text(scene.head.get(page))

    answer = scene.head.post(page, {"who": "some", "roles": ["social_worker"]}, follow=True)

    assert "It is seen by: Virtual school head, Deputy virtual school head, Social worker (Sam Doyle)" in text(answer)
    assert scene.teacher.get(url("documents:document", scene.mia, document)).status_code == 404
    assert scene.worker.get(url("documents:document", scene.mia, document)).status_code == 200


def test_a_new_version_is_added(scene):
    document = a_document(scene.mia, data=b"first words")

    scene.head.post(
        url("documents:add_version", scene.mia, document), {"file": SimpleUploadedFile("b.txt", b"second words")}
    )

    page = text(scene.head.get(url("documents:document", scene.mia, document)))
    assert "second words" in page
    assert "Version 1" in page


def test_a_document_is_moved_by_words_and_then_a_choice(scene):
    document = a_document(scene.mia, title="About Noah")
    page = url("documents:move", scene.mia, document)

    asked = text(scene.head.post(page, {"words": "Birch"}))
    assert "Say below which child you mean" in asked
    assert "There is a problem" not in asked
    nobody = text(scene.head.post(page, {"words": "Zebedee"}))
    assert "No child you work with fits" in nobody
    done = scene.head.post(page, {"words": "Birch", "child": str(scene.noah.public_id)})

    moved = Document.unscoped.get()
    assert done.headers["Location"] == url("documents:document", scene.noah, moved)
    here = text(scene.head.get(url("profile:documents", scene.mia)))
    assert "was moved to the record it belongs to on" in here
    assert "About Noah" not in here
    assert scene.teacher.get(page).status_code == 404


def test_a_document_is_removed_with_a_reason(scene):
    document = a_document(scene.mia, title="zqtitle")
    page = url("documents:remove", scene.mia, document)
    assert "Choose why it is removed" in text(scene.head.post(page, {}))

    answer = scene.head.post(page, {"why": "not_ours"}, follow=True)

    assert "zqtitle" not in text(answer)
    assert "it holds what must not be kept here" in text(answer)
    assert DocumentTrace.unscoped.get().why == "not_ours"


def test_a_file_that_is_lost_is_told_and_not_an_error(scene):
    document = a_document(scene.mia)
    version = the_version(document)
    storing.path_of(version.public_id).unlink()

    assert "The file is not there" in text(scene.head.get(url("documents:document", scene.mia, document)))
    assert scene.head.get(url("documents:download", scene.mia, document, version)).status_code == 404


@pytest.mark.parametrize("many", [1, 12])
def test_the_list_asks_the_same_questions_however_many_there_are(scene, many, django_assert_max_num_queries):
    for number in range(many):
        a_document(scene.mia, (Section.SEN, Section.CARE)[number % 2], title=f"Document {number}")

    with django_assert_max_num_queries(30):
        scene.head.get(url("profile:documents", scene.mia))
    assert DocumentVersion.unscoped.count() == many

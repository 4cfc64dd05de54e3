"""Many documents of past PEPs at once: whose each is and of which term, what is added, and what is not."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from onroll.access.roles import Role
from onroll.authorities.models import CalendarEntry
from onroll.children.models import Disclosure, Identifiers, PlacementAddress
from onroll.children.tests.scene import (
    a_child,
    a_person,
    a_place,
    a_school,
    an_allocation,
    an_authority,
    an_episode,
    together,
    write,
)
from onroll.documents import past_peps, scanning
from onroll.documents.actions import Upload
from onroll.documents.examining import examine
from onroll.documents.models import Document, DocumentVersion
from onroll.documents.past_peps import add_past_peps, match, read_name
from onroll.history.models import Entry

from .files import a_docx, a_pdf

pytestmark = pytest.mark.django_db
UPN = "A801200001001"
PAGE = "documents:past_peps"


@pytest.fixture
@together()
def scene():
    ashcombe, hillside = an_authority(), a_school("Hillside")
    mia = a_child(ashcombe, number="00417")
    noah = a_child(ashcombe, "Noah Birch", number="LC-88-2")
    ada = a_child(ashcombe, "Ada Stone", number="00555")
    numbers = Identifiers.unscoped.get(child=noah)
    numbers.upn = UPN
    write(numbers)
    a_place(mia, hillside)
    head, head_actor = a_person(ashcombe, Role.VSH, "Hana Reid")
    sam, sam_actor = a_person(ashcombe, Role.SOCIAL_WORKER)
    teacher, _ = a_person(ashcombe, Role.DESIGNATED_TEACHER, "Tess Boyle", school=hillside)
    support, _ = a_person(ashcombe, Role.VS_ADMIN, "Vera Lane")
    for child in (mia, noah):
        an_allocation(child, sam, Role.SOCIAL_WORKER)
    return SimpleNamespace(
        ashcombe=ashcombe, mia=mia, noah=noah, ada=ada, head=head_actor, sam=sam_actor,
        accounts={"head": head, "sam": sam, "teacher": teacher, "support": support},
    )  # fmt: skip


def client_of(scene, who):
    client = Client()
    client.force_login(scene.accounts[who])
    return client


def add(actor, *files):
    return add_past_peps([Upload(name, data) for name, data in files], actor=actor, examine=examine)


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("00417 PEP autumn 2025-26.pdf", "PEP, autumn 2025/26"),
        ("PEP_00417_Aut_202526.docx", "PEP, autumn 2025/26"),
        ("2025-2026.SPRING.00417.txt", "PEP, spring 2025/26"),
        ("(00417) sum 2025_26 final v2.pdf", "PEP, summer 2025/26"),
        ("00417-autumn-2025-26-12.11.2025.pdf", "PEP, autumn 2025/26, 12 November 2025"),
        ("00417 autumn 2025-26 2025-11-12.pdf", "PEP, autumn 2025/26, 12 November 2025"),
        # The date of birth is in no school year of a plan, and its 2014-05 is no school year.
        ("00417 born 2014-05-06 autumn 2025-26.pdf", "PEP, autumn 2025/26"),
        ("00417 2011-12-05 autumn 2025-26.pdf", "PEP, autumn 2025/26"),
    ],
)
def test_a_name_says_whose_the_plan_is_and_of_which_term(scene, name, title):
    (found,) = match([name], scene.head)

    assert (found.child, found.title, found.why_not) == (scene.mia, title, "")


@pytest.mark.parametrize(
    "name", [f"{UPN} spr 2025-26.pdf", f"pep {UPN.lower()}_spr_2025-26.pdf", "LC-88-2_spr_2025-26.pdf"]
)
def test_a_upn_says_it_too_and_a_number_may_hold_a_hyphen(scene, name):
    assert match([name], scene.head)[0].child == scene.noah


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("PEP autumn 2025-26.pdf", past_peps.WHOSE),
        ("100417 autumn 2025-26.pdf", past_peps.WHOSE),
        ("00417b autumn 2025-26.pdf", past_peps.WHOSE),
        (f"00417 {UPN} autumn 2025-26.pdf", past_peps.WHICH_CHILD),
        ("00417 autumn.pdf", past_peps.WHICH_YEAR),
        ("00417 autumn 2025-27.pdf", past_peps.WHICH_YEAR),
        ("00417 autumn 2024-25 2025-26.pdf", past_peps.WHICH_YEAR),
        ("00417 2025-26.pdf", past_peps.WHICH_TERM),
        ("00417 autumn spring 2025-26.pdf", past_peps.WHICH_TERM),
        ("00417 T3 2025-26.pdf", past_peps.NO_SUCH_TERM),
    ],
)
def test_what_is_not_certain_is_not_added_and_says_why(scene, name, why):
    (outcome,) = add(scene.head, (name, b"Words"))

    assert (outcome.document, outcome.why_not) == (None, why)
    assert not Document.unscoped.exists()


def test_one_of_six_terms_is_read_where_the_calendar_has_six(scene):
    with together() as this:
        for at, term in enumerate(("autumn", "autumn", "spring", "spring", "summer", "summer")):
            keys = {"authority": scene.ashcombe, "kind": "term", "academic_year": "2025-26", "term": term}
            begins = date(2025 + (at > 1), (9, 11, 1, 3, 4, 6)[at], 3)
            this.create(CalendarEntry(**keys, start=begins, end=begins.replace(day=28)))

    assert match(["00417 T3 2025-26.pdf"], scene.head)[0].title == "PEP, spring 2025/26"
    assert match(["00417 T3 2024-25.pdf"], scene.head)[0].why_not == past_peps.NO_SUCH_TERM


def test_a_day_and_a_year_are_no_numbers_of_children():
    read = read_name("PEP 2025-26 12.11.2025 7 00417.pdf")

    assert (read.years, read.days) == ({"2025-26"}, {date(2025, 11, 12)})
    assert read.numbers == {"00417", "7 00417"}


def test_each_file_is_added_as_a_document_of_the_plan_and_the_others_leave_nothing(scene):
    outcomes = add(
        scene.head,
        ("00417 autumn 2025-26.pdf", a_pdf()),
        (f"{UPN} spr 2025-26.docx", a_docx()),
        ("00417 summer 2025-26.zip", b"PK\x03\x04"),
        ("00417 summer 2025-26.txt", b""),
    )

    first, second, archive, empty = outcomes
    assert (first.document.child, str(first.document.title)) == (scene.mia, "PEP, autumn 2025/26")
    assert (first.document.part, first.document.kind, first.document.audience) == ("g", "plan", "")
    assert first.document.added_by_id == scene.accounts["head"].pk
    assert second.document.child == scene.noah
    assert archive.why_not == "It is an archive. Take the files out and add them one by one"
    assert "The file is empty" in empty.why_not
    assert Document.unscoped.count() == DocumentVersion.unscoped.count() == 2


@pytest.mark.parametrize(("name", "data"), [("a.pdf", a_pdf()), ("a.docx", a_docx()), ("a.txt", b"Words")])
def test_the_same_file_again_is_not_added_twice_whatever_its_name(scene, name, data):
    ending = name[1:]
    add(scene.head, (f"00417 autumn 2025-26{ending}", data))

    again, other = add(scene.head, (f"00417 copy aut 2025-26{ending}", data), (f"{UPN} autumn 2025-26{ending}", data))

    assert (again.document, again.why_not) == (None, "It is in the record already")
    assert other.document.child == scene.noah


@pytest.mark.proves("ACC-3")
def test_a_number_of_a_child_out_of_reach_is_answered_as_one_of_nobody(scene):
    """Noah and Mia are the worker's. Ada is not, and 00556 is nobody's."""
    names = [
        f"{number} {rest}" for number in ("00555", "00556") for rest in ("autumn 2025-26.txt", "no term.txt", "x.exe")
    ]
    client = client_of(scene, "sam")

    pages = []
    for half in (names[:3], names[3:]):
        answer = client.post(reverse(PAGE), {"uploads": [SimpleUploadedFile(name, b"Words") for name in half]})
        pages.append(text(answer).replace("00556", "00555").split("<main")[1].split("<form")[0])
    assert pages[0] == pages[1]
    assert pages[0].count(past_peps.WHOSE) == 3
    # One of a child in reach beside one of a child who is not: that there is a second child is not told.
    (both,) = add(scene.sam, ("00417 00555 autumn 2025-26.txt", b"Words"))
    assert both.document.child == scene.mia
    assert not Document.unscoped.filter(child=scene.ada).exists()
    assert not Entry.objects.filter(child=scene.ada.pk).exists()
    assert not Entry.objects.filter(children__contains=str(scene.ada.pk)).exists()


@pytest.mark.parametrize("who", ["teacher", "support"])
def test_the_page_is_not_there_for_who_may_not(scene, who):
    """A teacher does not find children by their numbers; support staff write no plans."""
    client = client_of(scene, who)

    assert client.get(reverse(PAGE)).status_code == 404
    file = SimpleUploadedFile("00417 autumn 2025-26.txt", b"Words")
    assert client.post(reverse(PAGE), {"uploads": [file]}).status_code == 404
    assert not Document.unscoped.exists()


def test_the_page_names_what_was_added_and_what_not_and_the_log_whom_it_showed(scene):
    client = client_of(scene, "head")
    files = [
        SimpleUploadedFile("00417 autumn 2025-26.txt", b"Mia's plan"),
        SimpleUploadedFile("LC-88 autumn 2025-26.txt", b"Whose?"),
        SimpleUploadedFile(f"{UPN} autumn.txt", b"When?"),
    ]

    page = text(client.post(reverse(PAGE), {"uploads": files}))

    document = Document.unscoped.get()
    assert "1 file added, 2 not added" in page
    assert reverse("documents:document", args=[scene.mia.public_id, document.public_id]) in page
    assert past_peps.WHICH_YEAR in page
    entry = Entry.objects.get(route=PAGE)
    assert (entry.act, entry.section, entry.children) == ("list", "g", f"{scene.mia.pk},{scene.noah.pk}")


def test_a_file_waits_for_the_scanner_as_one_that_was_added_by_itself(scene, monkeypatch):
    monkeypatch.setattr(scanning, "is_clean", lambda data: (_ for _ in ()).throw(scanning.ScannerDown()))
    client = client_of(scene, "head")
    with override_settings(SCANNER="clamd:///nowhere"):
        page = text(
            client.post(reverse(PAGE), {"uploads": [SimpleUploadedFile("00417 autumn 2025-26.txt", b"Mia's plan")]})
        )

    version = DocumentVersion.unscoped.get()
    assert version.state == "waiting"
    assert "once the scanner has looked at them" in page
    assert not Document.visible_to(scene.sam).exists()


@pytest.mark.proves("ADR-4")
def test_a_file_that_tells_where_a_marked_child_lives_is_not_added(scene):
    episode = an_episode(scene.mia)
    keys = {"authority_id": scene.ashcombe.pk, "child": scene.mia, "episode": episode}
    write(PlacementAddress(**keys, address="24 Mill Lane, Ashcombe", postcode="AS1 4QQ",
                           disclosure=Disclosure.NOT_TO_FAMILY))  # fmt: skip

    (outcome,) = add(scene.head, ("00417 autumn 2025-26.txt", b"She lives at 24 Mill Lane"))

    assert outcome.why_not.startswith("It tells the house and the street. Add it in the record")
    assert not Document.unscoped.exists()


def test_too_many_files_and_none_are_told_above_the_box(scene, monkeypatch):
    client = client_of(scene, "head")
    monkeypatch.setattr("onroll.documents.past_pep_views.MOST_FILES", 2)
    monkeypatch.setattr("onroll.documents.past_pep_views.MOST_BYTES", 10)
    name = "00417 autumn 2025-26.txt"

    assert "Choose at least one file" in text(client.post(reverse(PAGE), {}))
    three = {"uploads": [SimpleUploadedFile(name, b"a") for _ in range(3)]}
    assert "You chose 3 files. Choose 2 at most" in text(client.post(reverse(PAGE), three))
    large = {"uploads": [SimpleUploadedFile(name, b"a" * 11)]}
    assert "larger than 50 MB together" in text(client.post(reverse(PAGE), large))
    assert not Document.unscoped.exists()


def test_forty_names_are_matched_in_two_queries(scene, django_assert_max_num_queries):
    names = [f"{number} autumn 20{year}-{year + 1}.pdf" for number in ("00417", UPN) for year in range(10, 30)]

    with django_assert_max_num_queries(2):
        assert all(found.title for found in match(names, scene.head))

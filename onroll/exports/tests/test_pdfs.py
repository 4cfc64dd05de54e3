"""A copy as a PDF: read back by other programs than the one that made it."""

import io

import pikepdf
import pypdfium2
import pytest
from django.urls import reverse

from onroll.children.models import Disclosure
from onroll.children.tests.scene import write
from onroll.design import pdfs
from onroll.exports import storing
from onroll.exports.actions import stamp_of
from onroll.exports.copies import HEADINGS, TITLE, parts_of, sections_of
from onroll.exports.models import Export
from onroll.exports.recipients import recipients
from onroll.profile.record import Record

from .test_copies import READER, address_of, make


def pdf_of(rows, *, lines=("A",), foot="foot") -> bytes:
    return pdfs.made(TITLE, lines, foot, [pdfs.Part("School", HEADINGS, rows, (38, 62), labelled=True)])


def words_on(pages) -> list[list[str]]:
    return [page.get_textpage().get_text_range().split() for page in pages]


@pytest.mark.proves("EXP-1", "EXP-4")
def test_what_a_pdf_holds_is_the_permitted_facts_and_who_when_for_whom_and_nothing_else(cast):
    actor, school = cast.actor("head"), recipients()["school"]
    record = Record(cast.mia, actor)
    sections = sections_of(record, school)
    export = make(cast, "school", sections=[section.value for section in sections], format="pdf")
    parts = parts_of(record, school, sections)
    stamp = stamp_of(export, school, actor=actor)

    (page,) = words_on(pypdfium2.PdfDocument(storing.kept(export)))

    facts = [word for part in parts for row in part.rows for words in row for word in words.split()]
    titles = [word for part in parts for word in f"{part.title} {' '.join(HEADINGS)}".split()]
    told = [*" ".join(stamp.lines).split(), *stamp.foot.split(), *["·", "Page", "1", "of", "1"], *TITLE.split()]
    assert sorted(page) == sorted([*facts, *titles, *told])
    assert {"Mia", "Dawson", "Hillside", "Gail"} <= set(page)
    raw = storing.kept(export)
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        streams = b"".join(each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream))
    for words in (b"Mill Lane", b"AB12", b"Boyle", b"00417"):
        assert words not in raw + streams


@pytest.mark.proves("EXP-4")
def test_who_when_and_for_whom_stand_on_each_page_of_a_long_copy():
    rows = [(f"Question {number}", "An answer of some length. " * 4) for number in range(80)]

    pdf = pdf_of(rows, lines=["Made by Hana Reid"], foot=f"Made by Hana Reid · On 3 March 2026 · For {READER}")

    pages = words_on(pypdfium2.PdfDocument(pdf))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"· For {READER} · Page {number} of {len(pages)}" in " ".join(page)


@pytest.mark.proves("EXP-1")
def test_a_pdf_has_a_title_a_language_headings_and_tables_for_a_screen_reader_and_no_author_or_time():
    pdf = pikepdf.open(io.BytesIO(pdf_of([("Name", "Hillside")])))

    kinds = {str(each.get("/S")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each}
    assert str(pdf.Root.Lang) == "en-GB"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.docinfo["/Title"] == "Copy of a record"
    assert {"/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD"} <= kinds
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes()
    assert set(pdf.docinfo) == {"/Title", "/Creator"}
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(pdf.Root)


def test_what_a_record_says_is_never_a_command_to_what_sets_the_page():
    words = '#read("/etc/passwd") #sys.version *bold* $x^2$ = Title // gone \\ `raw` <label> @ref'

    pdf = pdf_of([(words, words)], lines=[words], foot=words)

    assert " ".join(pdfs.text_of(pdf)).count("/etc/passwd") == 4
    assert "root:" not in " ".join(pdfs.text_of(pdf))
    assert pdf == pdf_of([(words, words)], lines=[words], foot=words)


def test_a_letter_that_no_font_has_is_a_refusal_that_says_what_to_do(cast):
    cast.mia.given_name = "李"
    write(cast.mia)
    address = reverse("exports:copy", args=[cast.mia.public_id]) + "?for=school"
    typed = {"reader": READER, "sections": ["a"], "purpose": "The review on Tuesday", "format": "pdf"}

    answer = cast.client("head").post(address, typed)

    assert "Choose a page to print" in answer.content.decode()
    assert not Export.objects.exists()


@pytest.mark.proves("EXP-2")
def test_the_second_person_reads_the_text_of_the_pdf_itself(cast):
    cast.place.disclosure = Disclosure.NOT_TO_FAMILY
    write(cast.place)
    export = make(cast, format="pdf")

    shown = cast.client("deputy").get(address_of(export, "check")).content.decode()

    assert '<mark><span class="govuk-visually-hidden">surname: </span>Dawson</mark>' in shown
    assert "Hillside" not in shown
    assert cast.client("head").get(address_of(export, "print")).status_code == 404


def test_the_file_is_handed_over_as_a_pdf_and_not_shown_as_a_page(cast):
    export = make(cast, format="pdf")

    answer = cast.client("head").get(address_of(export, "file"))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].endswith('.pdf"')
    assert answer.content.startswith(b"%PDF-1.7")
    assert cast.client("head").get(address_of(export, "print")).status_code == 404

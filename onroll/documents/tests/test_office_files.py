"""Files as an office program really writes them, made with LibreOffice 7.4 for these tests. No words in them are real.

Their properties, pictures and hidden parts hold one invented word, so that it can be looked for afterwards.
"""

import io
import zipfile
from pathlib import Path

import pytest

from onroll.documents.examining import examine
from onroll.documents.refusing import NotAccepted

from .files import MARK, a_docx, a_picture, a_zip, an_opendocument, relationships, workbook_parts
from .test_examining import everything_in

FOLDER = Path(__file__).parent / "office"
WELCOME = ["report.docx", "report.odt", "report.pdf", "picture.docx", "marks.xlsx", "marks.ods", "chart.ods"]
REFUSED = {
    "comment": "holds comments",
    "tracked": "tracked changes",
    "object": "another file inside",
    "macros": "macros",
    "hidden-text": "hidden text",
    "hidden-section": "hidden text",
    "hidden-sheet": "hidden sheets",
    "hidden-row": "hidden rows",
    "hidden-column": "hidden columns",
    "fetches": "fetches something from elsewhere",
    "outside": "fetches something from elsewhere|formula",
    "remote-picture": "fetches something from elsewhere",
}
ALL = sorted(path.name for path in FOLDER.iterdir())


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.proves("UPL-1", "ADR-7")
@pytest.mark.parametrize("name", WELCOME)
def test_an_ordinary_office_file_comes_in_without_its_properties(name):
    came = (FOLDER / name).read_bytes()

    kept = examine(name, came).data

    assert MARK.encode() in everything_in(came)
    assert MARK.encode() not in everything_in(kept)
    # What its reader sees is as it was, part by part.
    if not name.endswith(".pdf"):
        seen = ("word/document.xml", "xl/worksheets/sheet1.xml", "content.xml")
        same = [part for part in seen if part in parts_of(came)]
        assert same
        assert all(parts_of(kept)[part] == parts_of(came)[part] for part in same)


@pytest.mark.proves("UPL-1", "ADR-7")
@pytest.mark.parametrize("name", [name for name in ALL if name not in WELCOME])
def test_an_office_file_with_more_than_is_seen_is_refused_with_what_to_do(name):
    with pytest.raises(NotAccepted, match=REFUSED[name.rsplit(".", 1)[0]]):
        examine(name, (FOLDER / name).read_bytes())


def test_a_small_picture_of_an_earlier_first_page_is_left_out():
    thumbnail = '<Relationship Id="t" Type="http://x/2006/relationships/metadata/thumbnail" Target="docProps/t.jpeg"/>'
    main = '<Relationship Id="r1" Type="http://x/officeDocument" Target="word/document.xml"/>'
    word = a_docx(docProps__thumbnail_dot_jpeg=a_picture("JPEG"), _rels___dot_rels=relationships(thumbnail, main))
    text = an_opendocument(Thumbnails__thumbnail_dot_png="x")

    kept = parts_of(examine("a.docx", word).data)

    assert "docProps/thumbnail.jpeg" not in kept
    assert b"thumbnail" not in kept["_rels/.rels"]
    assert b"word/document.xml" in kept["_rels/.rels"]
    assert "Thumbnails/thumbnail.png" not in parts_of(examine("a.odt", text).data)


def test_the_names_of_those_who_once_changed_it_are_left_out():
    word = a_docx(word__people_dot_xml=f"<people><person author='{MARK}'/></people>")
    book = a_zip(
        workbook_parts() | {"xl/persons/person.xml": f"<personList><person displayName='{MARK}'/></personList>"}
    )

    assert MARK.encode() not in everything_in(examine("a.docx", word).data)
    assert MARK.encode() not in everything_in(examine("a.xlsx", book).data)


def sheet(body: str) -> bytes:
    return a_zip(workbook_parts() | {"xl/worksheets/sheet1.xml": f"<worksheet>{body}</worksheet>"})


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xlsx", a_zip(workbook_parts() | {"xl/pivotCache/pivotCacheRecords1.xml": "<a/>"}), "pivot table"),
        ("a.xlsx", sheet('<sheetData><row><c r="A1"><f>_xlfn.IMAGE("x")</f><v>1</v></c></row></sheetData>'), "formula"),
        ("a.xlsx", sheet("<sheetData><row><c r=\"A1\"><f>cmd|'/c calc'!A0</f></c></row></sheetData>"), "formula"),
        ("a.odt", an_opendocument('<table:table table:name="x"><table:table-source/></table:table>'), "elsewhere"),
    ],
)
def test_a_file_that_reaches_beyond_itself_is_refused(name, data, words):
    with pytest.raises(NotAccepted, match=words):
        examine(name, data)


def test_an_empty_hidden_column_and_a_link_to_follow_are_no_reason_to_refuse():
    book = sheet(
        '<cols><col min="3" max="16384" hidden="1"/></cols><sheetData><row><c r="A1"><f>HYPERLINK("https://www.gov.uk")'
        '</f><v>a</v></c><c r="D1" s="2"/></row><row hidden="1"><c r="A2"/></row></sheetData>'
    )

    assert examine("a.xlsx", book).type == "xlsx"

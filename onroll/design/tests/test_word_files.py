"""A paper as a Word document, read by another reader than its maker: as the parts of a zip."""

import io
import zipfile

import pytest
from lxml import etree

from onroll.design.word_files import docx_bytes
from onroll.documents.examining import examine

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADINGS = ("Measure", "Now", "Before")
EVIL = "=1+1 {{ password }} <w:p/> <script> & “DDEAUTO c:\\x” {% include %}"
NO_LETTERS = "a\x00b\x0bc\x1fd\ud800e\uffff"


def made(rows=(("PEPs on time", "71.1%", "68.0%"),), title="Scorecard, 12 November 2026"):
    return docx_bytes(title, ["Ashcombe Virtual School", "Made by Helen Okafor"], HEADINGS, (3, 1, 1), [("PEPs", rows)])


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return etree.fromstring(parts.read(name))


def text_of(element):
    return "".join(element.itertext())


def test_a_paper_has_its_headings_and_a_table_with_a_heading_row_on_every_page():
    body = part(made(), "word/document.xml")

    styled = {style.get(f"{W}val"): text_of(style.getparent().getparent()) for style in body.iter(f"{W}pStyle")}
    assert styled == {"Heading1": "Scorecard, 12 November 2026", "Heading2": "PEPs"}
    heading, row = body.iter(f"{W}tr")
    assert heading.find(f"{W}trPr/{W}tblHeader") is not None
    assert row.find(f"{W}trPr/{W}tblHeader") is None
    assert [text_of(cell) for cell in heading.iter(f"{W}tc")] == list(HEADINGS)
    assert [text_of(cell) for cell in row.iter(f"{W}tc")] == ["PEPs on time", "71.1%", "68.0%"]
    assert body.find(f".//{W}tblCaption").get(f"{W}val") == "PEPs"


def test_whose_it_is_and_which_page_stand_at_the_foot():
    foot = part(made(), "word/footer1.xml")

    assert "Ashcombe Virtual School · Made by Helen Okafor · Page " in text_of(foot)
    assert [field.get(f"{W}instr") for field in foot.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]


def test_its_language_is_british_english_in_every_style():
    languages = {value for each in part(made(), "word/styles.xml").iter(f"{W}lang") for value in each.attrib.values()}

    assert languages == {"en-GB"}
    assert "en-GB" in text_of(part(made(), "docProps/core.xml"))


def test_its_properties_name_no_person_and_no_time():
    properties = part(made(), "docProps/core.xml")

    said = {etree.QName(each).localname: each.text for each in properties if each.text}
    assert said == {
        "title": "Scorecard, 12 November 2026",
        "language": "en-GB",
        "revision": "1",
        "created": "2000-01-01T00:00:00Z",
        "modified": "2000-01-01T00:00:00Z",
    }
    assert made() == made()


def test_what_is_typed_stays_text():
    data = made([(EVIL, NO_LETTERS, "two\nlines")], title=EVIL)

    body = part(data, "word/document.xml")
    assert [text_of(cell) for cell in body.iter(f"{W}tc")][3:5] == [EVIL, "a b c d e "]
    assert not list(body.iter(f"{W}fldSimple", f"{W}instrText", f"{W}hyperlink", f"{W}altChunk", f"{W}object"))


def test_it_points_nowhere_and_is_taken_by_the_examination_of_strangers_files():
    data = made([(EVIL, "https://example.org", "x")])

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = parts.namelist()
        links = b"".join(parts.read(name) for name in names if name.endswith(".rels"))
    assert b"TargetMode" not in links
    assert not [name for name in names if name.endswith((".bin", ".jpeg", ".docm")) or "customXml" in name]
    assert examine("paper.docx", data).type == "docx"


@pytest.mark.parametrize("rows", [0, 300])
def test_a_table_may_be_empty_or_long(rows):
    body = part(made([("a", "b", "c")] * rows), "word/document.xml")

    assert len(list(body.iter(f"{W}tr"))) == rows + 1

"""What may come in, what is taken out of it, and what is refused with which words. No file here was anyone's."""

import io
import os
import random
import subprocess
import sys
import zipfile

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from onroll.access import limited
from onroll.access.limited import Limits
from onroll.documents import apart
from onroll.documents.apart import examine_apart
from onroll.documents.examining import examine
from onroll.documents.filetypes import LARGEST, TYPES, Examined
from onroll.documents.refusing import NotAccepted

from .files import (
    MARK,
    a_docx,
    a_link_out,
    a_pdf,
    a_picture,
    a_zip,
    an_opendocument,
    opendocument_parts,
    word_parts,
    workbook_parts,
)

WELCOME = {
    "report.pdf": a_pdf(pages=2),
    "report.docx": a_docx(),
    "marks.xlsx": a_zip(workbook_parts()),
    "report.odt": an_opendocument(),
    "marks.ods": an_opendocument(kind="spreadsheet"),
    "drawing.png": a_picture(hidden=True),
    "drawing.JPG": a_picture("JPEG", hidden=True),
    "drawing.heic": a_picture("HEIF"),
    "words.txt": "I like maths – a lot.".encode("cp1252"),
    "marks.csv": b"name,mark\nMaths,+4\nArt,-2.5\n",
}


def everything_in(data: bytes) -> bytes:
    """The bytes of a file, and of the parts of one that is a zip."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return data + b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.proves("UPL-1", "ADR-7")
@pytest.mark.parametrize("name", WELCOME)
def test_what_is_allowed_comes_in_without_what_was_hidden_in_it(name):
    kept = examine(name, WELCOME[name])

    assert kept.type in TYPES
    assert MARK.encode() not in everything_in(kept.data)
    # What was kept would be taken again, and nothing more be taken out of it.
    again = examine(f"again.{kept.type}", kept.data)
    assert again.type == kept.type


def test_the_hidden_words_were_there_to_be_found():
    found = [name for name, data in WELCOME.items() if MARK.encode() in everything_in(data)]

    assert {"report.pdf", "report.docx", "marks.xlsx", "report.odt", "drawing.png", "drawing.JPG"} <= set(found)


def test_a_heic_becomes_a_jpeg_and_a_text_becomes_utf8():
    assert examine("drawing.heic", WELCOME["drawing.heic"]).type == "jpg"
    assert examine("words.txt", WELCOME["words.txt"]).data.decode() == "I like maths – a lot."
    assert examine("report.pdf", WELCOME["report.pdf"]).pages == 2


def test_a_picture_is_turned_as_the_camera_said():
    exif = Image.Exif()
    exif[274] = 6
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG", exif=exif)

    kept = examine("a.jpg", out.getvalue())

    assert Image.open(io.BytesIO(kept.data)).size == (40, 60)


def test_an_earlier_state_of_a_pdf_is_not_kept():
    """What was taken off a page may still stand in the file behind it."""
    first = a_pdf(change=with_contents(b"(zqsecret) Tj"), compress_streams=False)
    with pikepdf.open(io.BytesIO(first)) as pdf:
        number, size = pdf.pages[0].Contents.objgen[0], int(pdf.trailer.Size)
        root, before = pdf.Root.objgen[0], first.rindex(b"startxref") + 10
    at = len(first)
    later = b"%d 0 obj\n<</Length 9>>\nstream\n(open) Tj\nendstream\nendobj\n" % number
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %d 0 R/Prev %d>>\n" % (
        number,
        at,
        size,
        root,
        int(first[before:].split()[0]),
    )
    data = first + later + table + b"startxref\n%d\n%%%%EOF\n" % (at + len(later))

    kept = examine("a.pdf", data).data

    assert b"zqsecret" in data
    assert b"zqsecret" not in kept
    assert b"(open) Tj" in kept


# Refused


def with_contents(words: bytes):
    return lambda pdf: pdf.pages[0].obj.__setitem__("/Contents", Stream(pdf, words))


def act_on_opening(action):
    return lambda pdf: pdf.Root.__setitem__("/OpenAction", pdf.make_indirect(action(pdf)))


def with_a_mark(subtype: str):
    def change(pdf):
        mark = Dictionary(Type=Name.Annot, Subtype=Name(subtype), Rect=Array([0, 0, 9, 9]), Contents=String("see me"))
        pdf.pages[0].obj["/Annots"] = Array([pdf.make_indirect(mark)])

    return change


def with_a_file_inside(pdf):
    pdf.attachments["secret.txt"] = pikepdf.AttachedFileSpec(pdf, b"words", filename="secret.txt")


def script(pdf):
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def deep_script(pdf):
    pdf.pages[0].obj["/AA"] = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


def renamed(data: bytes, old: str, new: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return a_zip({(new if name == old else name): archive.read(name) for name in archive.namelist()})


def with_a_password() -> bytes:
    return a_pdf(encryption=pikepdf.Encryption(owner="o", user="u"))


def only_protected() -> bytes:
    return a_pdf(encryption=pikepdf.Encryption(owner="o", user=""))


def an_encrypted_zip() -> bytes:
    data = bytearray(a_docx())
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    return bytes(data)


def a_bomb() -> bytes:
    return a_zip(word_parts() | {"word/media/image2.png": bytes(50 * 1024 * 1024)})


def many_parts() -> bytes:
    return a_zip(word_parts() | {f"word/p{number}.xml": "<a/>" for number in range(1100)})


W = 'w:author="Pat Example"'
HOSTILE = {
    # the name, the content, and words of the refusal
    "nothing": ("a.pdf", b"", "empty"),
    "too large": ("a.txt", b"a" * (LARGEST + 1), "20 MB"),
    "no ending": ("report", b"words", "type of file"),
    "web page": ("a.html", b"<html></html>", "web page"),
    "web page as text": ("a.txt", b"\xef\xbb\xbf  <!DOCTYPE html><p>", "web page or a script"),
    "svg as text": ("a.txt", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "web page or a script"),
    "xml": ("a.xml", b"<?xml version='1.0'?><a/>", "web page"),
    "shell script as text": ("a.txt", b"#!/bin/sh\nrm -rf /", "web page or a script"),
    "script": ("a.js", b"alert(1)", "program"),
    "program": ("a.exe", b"MZ\x90\x00", "program"),
    "program as pdf": ("a.pdf", b"MZ\x90\x00\x03", "program"),
    "two endings": ("report.pdf.exe", b"MZ\x90", "program"),
    "archive": ("a.zip", a_zip({"a.txt": "a"}), "archive"),
    "archive as pdf": ("a.pdf", a_zip({"a.txt": "a"}), "archive"),
    "archive as docx": ("a.docx", a_zip({"a.txt": "a"}), "damaged"),
    "old word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "older format"),
    "old word as docx": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password, or in an older format"),
    "rtf": ("a.rtf", b"{\\rtf1}", "older format"),
    "gif": ("a.gif", b"GIF89a", "PNG or JPEG"),
    "gif as png": ("a.png", b"GIF89a" + bytes(30), "something else"),
    "png as jpeg": ("a.jpg", a_picture(), "holds a PNG"),
    "pdf as word": ("a.docx", a_pdf(), "holds a PDF"),
    "word as excel": ("a.xlsx", a_docx(), "don’t agree"),
    "ods as odt": ("a.odt", an_opendocument(kind="spreadsheet"), "don’t agree"),
    "picture and zip": ("a.png", a_picture() + a_zip({"a": "b"}), "two kinds"),
    "pdf and zip": ("a.pdf", a_pdf() + a_zip({"a": "b"}), "two kinds"),
    "picture and pdf": (
        "a.jpg",
        a_picture("JPEG")[:2] + b"\xff\xfe\x00\x09%PDF-1.7"[:11] + a_picture("JPEG")[2:],
        "two kinds",
    ),
    "words before a pdf": ("a.pdf", b"<html>" + a_pdf(), "something else"),
    "unprintable text": ("a.txt", b"a\x00b", "something else"),
    "csv formula": ("a.csv", b"name,mark\n\"=cmd|' /C calc'!A0\",1\n", "formulas"),
    "csv formula with a sign": ("a.csv", b"-2+3+cmd|' /C calc'!A0,1\n", "formulas"),
    "broken png": ("a.png", a_picture()[:60], "damaged"),
    "broken pdf": ("a.pdf", b"%PDF-1.7\nnothing", "damaged"),
    "huge picture": ("a.png", a_picture(size=(5000, 4001)), "20 million"),
    "pdf with a password": ("a.pdf", with_a_password(), "password"),
    "protected pdf": ("a.pdf", only_protected(), "protected"),
    "pdf script": ("a.pdf", a_pdf(change=act_on_opening(script)), "a script"),
    "pdf script on a page": ("a.pdf", a_pdf(change=deep_script), "a script"),
    "pdf starts a program": (
        "a.pdf",
        a_pdf(change=act_on_opening(lambda pdf: Dictionary(S=Name.Launch, F=String("calc.exe")))),
        "starts programs",
    ),
    "pdf sends a form": (
        "a.pdf",
        a_pdf(change=act_on_opening(lambda pdf: Dictionary(S=Name.SubmitForm, F=String("https://example.org")))),
        "sends answers",
    ),
    "pdf with a file inside": ("a.pdf", a_pdf(change=with_a_file_inside), "other files"),
    "pdf with an active form": (
        "a.pdf",
        a_pdf(change=lambda pdf: pdf.Root.__setitem__("/AcroForm", Dictionary(XFA=Array([])))),
        "active form",
    ),
    "pdf with a comment": ("a.pdf", a_pdf(change=with_a_mark("/Text")), "comments"),
    "pdf with a highlight": ("a.pdf", a_pdf(change=with_a_mark("/Highlight")), "comments"),
    "pdf with film": ("a.pdf", a_pdf(change=with_a_mark("/Screen")), "film"),
    "macro ending": ("a.docm", a_docx(), "macros"),
    "macros in a docx": ("a.docx", a_docx(word__vbaProject_dot_bin=b"x"), "macros"),
    "macro type in a docx": (
        "a.docx",
        a_docx()
        and a_zip(word_parts() | {"[Content_Types].xml": "<Types>application/vnd.ms-word.macroEnabled</Types>"}),
        "macros",
    ),
    "object in a docx": ("a.docx", a_docx(word__embeddings__oleObject1_dot_bin=b"x"), "another file inside"),
    "document in a docx": ("a.docx", a_docx(word__extra_dot_docx=a_docx()), "another file inside"),
    "web page in a docx": ("a.docx", a_docx(word__afchunk_dot_htm="<html/>"), "another file inside"),
    "remote template": (
        "a.docx",
        a_docx(word___rels__settings_dot_xml_dot_rels=a_link_out("attachedTemplate")),
        "elsewhere",
    ),
    "remote picture": ("a.docx", a_docx(word___rels__document_dot_xml_dot_rels=a_link_out("image")), "elsewhere"),
    "dde field": ("a.docx", a_docx('<w:p><w:fldSimple w:instr=" DDEAUTO c:\\\\x "/></w:p>'), "elsewhere"),
    "split dde field": (
        "a.docx",
        a_docx("<w:p><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO x</w:instrText></w:r></w:p>"),
        "elsewhere",
    ),
    "comment in a docx": (
        "a.docx",
        a_docx(
            word__comments_dot_xml='<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:comment {W}/></w:comments>"
        ),
        "comments",
    ),
    "inserted words": ("a.docx", a_docx(f"<w:p><w:ins {W}><w:r/></w:ins></w:p>"), "tracked changes"),
    "deleted words": ("a.docx", a_docx(f"<w:p><w:del {W}><w:r/></w:del></w:p>"), "tracked changes"),
    "docx with entities": (
        "a.docx",
        a_docx() and a_zip(word_parts() | {"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "damaged",
    ),
    "docx that is no xml": ("a.docx", a_zip(word_parts() | {"word/document.xml": "<w:document"}), "damaged"),
    "docx with a password": ("a.docx", an_encrypted_zip(), "password"),
    "zip bomb": ("a.docx", a_bomb(), "far more than its size"),
    "many parts": ("a.docx", many_parts(), "1,000 parts"),
    "path out of the zip": ("a.docx", renamed(a_docx(), "docProps/app.xml", "../../app.xml"), "damaged"),
    "macro sheet": ("a.xlsx", a_zip(workbook_parts() | {"xl/macrosheets/sheet1.xml": "<a/>"}), "macros"),
    "outside workbook": (
        "a.xlsx",
        a_zip(workbook_parts() | {"xl/externalLinks/externalLink1.xml": "<a/>"}),
        "elsewhere",
    ),
    "data connection": ("a.xlsx", a_zip(workbook_parts() | {"xl/connections.xml": "<a/>"}), "elsewhere"),
    "comment in a sheet": ("a.xlsx", a_zip(workbook_parts() | {"xl/comments1.xml": "<a/>"}), "comments"),
    "talk in a sheet": ("a.xlsx", a_zip(workbook_parts() | {"xl/threadedComments/t1.xml": "<a/>"}), "comments"),
    "tracked sheet": ("a.xlsx", a_zip(workbook_parts() | {"xl/revisions/r1.xml": "<a/>"}), "tracked changes"),
    "comment in an odt": ("a.odt", an_opendocument("<office:annotation/>"), "comments"),
    "tracked odt": (
        "a.odt",
        an_opendocument("<text:tracked-changes><text:changed-region/></text:tracked-changes>"),
        "tracked changes",
    ),
    "macros in an odt": ("a.odt", an_opendocument(Basic__Standard__m_xml="<a/>"), "macros"),
    "event in an odt": ("a.odt", an_opendocument("<script:event-listener/>"), "macros"),
    "object in an odt": ("a.odt", an_opendocument("<draw:object-ole/>"), "another file inside"),
    "remote picture in an odt": (
        "a.odt",
        an_opendocument('<draw:image xlink:href="https://example.org/x.png"/>'),
        "elsewhere",
    ),
    "locked odt": (
        "a.odt",
        a_zip(opendocument_parts() | {"META-INF/manifest.xml": "<a><encryption-data/></a>"}),
        "password",
    ),
}


@pytest.mark.proves("UPL-1", "ADR-7")
@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_not_allowed_is_refused_with_why(what):
    name, data, words = HOSTILE[what]

    with pytest.raises(NotAccepted) as refusal:
        examine(name, data)

    assert words in str(refusal.value)


def test_links_in_a_word_document_are_no_reason_to_refuse_it():
    links = {"word/_rels/document.xml.rels": a_link_out("hyperlink")}

    assert examine("a.docx", a_zip(word_parts() | links)).type == "docx"


# In a process of its own


def test_the_process_apart_says_the_same():
    kept = examine_apart("report.pdf", WELCOME["report.pdf"])

    assert (kept.type, kept.pages) == ("pdf", 2)
    with pytest.raises(NotAccepted, match="macros"):
        examine_apart("a.docm", b"PK")


def test_a_file_that_takes_too_long_is_a_refusal(monkeypatch):
    monkeypatch.setattr(apart, "LIMITS", Limits(seconds=0.01))

    with pytest.raises(NotAccepted, match="too much time"):
        examine_apart("report.pdf", WELCOME["report.pdf"])


def test_what_reads_strangers_files_is_not_loaded_where_the_keys_are():
    loaded = "import django, sys; django.setup(); import onroll.site.urls; print(*sys.modules)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "onroll.site.settings_for_tests"}

    found = subprocess.run([sys.executable, "-c", loaded], env=environment, capture_output=True, text=True, check=True)

    modules = set(found.stdout.split())
    assert "onroll.documents.views" in modules
    assert not modules & {"pikepdf", "PIL", "pillow_heif", "pypdfium2"}


def test_the_process_apart_is_told_no_secrets(monkeypatch):
    """Neither where the keys are nor which database there is: it reads what strangers made."""
    given = {}
    monkeypatch.setattr(limited.subprocess, "run", lambda *words, **options: given.update(options) or 1 / 0)

    with pytest.raises(ZeroDivisionError):
        examine_apart("a.txt", b"words")

    assert set(given["env"]) == {"PATH", "PYTHONPATH"}


# Mutated files


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with bits turned, a piece cut out, doubled, or written over."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        if not changed:
            break
        at = chance.randrange(len(changed))
        kind = chance.randrange(6)
        piece = chance.randint(1, min(200, len(changed)))
        if kind <= 1:
            changed[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            del changed[at : at + piece]
        elif kind == 3:
            changed[at:at] = changed[at : at + piece]
        elif kind == 4:
            changed[at : at + piece] = bytes([chance.choice((0, 255, 0x41))]) * piece
        else:
            del changed[at:]
    return bytes(changed)


def unlike(count: int, seed: int) -> list[str]:
    """What each of so many mutated files did that is neither coming in nor being refused in words."""
    chance, wrong = random.Random(seed), []
    files = list(WELCOME.items()) + [(name, data) for name, data, _ in HOSTILE.values() if len(data) < 100_000]
    for number in range(count):
        name, data = chance.choice(files)
        try:
            kept = examine(name, mutated(data, chance))
            assert isinstance(kept, Examined)
        except NotAccepted as refusal:
            if len(str(refusal)) < 10:
                wrong.append(f"{number} {name}: {refusal}")
        except Exception as error:
            wrong.append(f"{number} {name}: {error!r}")
    return wrong


@pytest.mark.proves("UPL-1")
def test_no_mutated_file_is_an_error():
    assert unlike(300, seed=1) == []


@pytest.mark.nightly
def test_no_mutated_file_of_ten_thousand_is_an_error():
    assert unlike(10_000, seed=int(os.environ.get("ONROLL_SEED", "2"))) == []

"""Nothing that is uploaded can exhaust the machine, reach outside, or be read as what it is not."""

import io
import zipfile

import pytest

from onroll.access import limited
from onroll.design.spreadsheets import xlsx_bytes
from onroll.exchange import workbooks
from onroll.exchange.problems import Unreadable
from onroll.exchange.reading import Clock, Limits, Upload, elements, gather, read_csv, unpacked
from onroll.exchange.sheets import read_sheet


def a_zip(files: dict[str, bytes], **options) -> Upload:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data, **options)
    return Upload("return.zip", packed.getvalue())


def test_a_zip_gives_its_files_without_their_folders():
    packed = a_zip({"903/header.csv": b"a,b\n", "../../escape.csv": b"c\n", "__MACOSX/._x": b"", "d\\e.csv": b"f\n"})

    assert unpacked([packed]) == [
        Upload("header.csv", b"a,b\n"),
        Upload("escape.csv", b"c\n"),
        Upload("e.csv", b"f\n"),
    ]


def test_a_folder_and_a_list_of_files_give_the_same(tmp_path):
    (tmp_path / "b.csv").write_bytes(b"1\n")
    (tmp_path / "a.csv").write_bytes(b"2\n")
    (tmp_path / ".hidden").write_bytes(b"3\n")

    assert gather([tmp_path]) == gather([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert [upload.name for upload in gather([tmp_path])] == ["a.csv", "b.csv"]
    with pytest.raises(Unreadable, match=r"no file or folder called c\.csv"):
        gather([tmp_path / "c.csv"])


def a_link() -> Upload:
    info = zipfile.ZipInfo("header.csv")
    info.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return Upload("return.zip", packed.getvalue())


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (lambda: a_zip({"big.csv": b"0" * 3_000_000}), "unpacks to far more than it should hold"),
        (lambda: a_zip({f"{n}.csv": b"a" for n in range(1001)}), "holds more than 1,000 files"),
        (lambda: a_zip({"inner.zip": a_zip({"a.csv": b"a"}).data}), "inner.zip is a zip inside return.zip"),
        (a_link, "header.csv in return.zip is a link to another file"),
        (lambda: Upload("return.zip", b"PK\x03\x04 not a zip"), "return.zip is damaged"),
        (lambda: Upload("return.zip", a_zip({"a.csv": b"abc" * 400}).data[:60]), "return.zip is damaged"),
        (lambda: Upload("big.csv", b"0" * (50 * 1024 * 1024 + 1)), "larger than 50 MB"),
    ],
)
@pytest.mark.proves("UPL-4")
def test_what_is_too_much_or_no_zip_is_refused_in_words(upload, words):
    with pytest.raises(Unreadable, match=words):
        unpacked([upload()])


def test_rows_columns_and_cells_have_limits():
    few = Limits(rows=2, columns=3, cell=10)

    with pytest.raises(Unreadable, match="more than 2 rows"):
        read_csv(Upload("a.csv", b"a\n1\n2\n3\n"), few)
    with pytest.raises(Unreadable, match="more than 3 columns"):
        read_csv(Upload("a.csv", b"a,b,c,d\n"), few)
    with pytest.raises(Unreadable, match=r"a.csv line 2 can't be read as CSV \(field larger"):
        read_csv(Upload("a.csv", b"a\n" + b"x" * 11), few)


def test_a_reading_that_takes_too_long_is_stopped():
    clock = Clock(0)
    rows = b"a\n" + b"1\n" * 5000

    with pytest.raises(Unreadable, match="took too long"):
        read_csv(Upload("a.csv", rows), clock=clock)


def test_lines_are_counted_as_an_editor_counts_them():
    sheet = read_csv(Upload("a.csv", b'name,note\r\n\r\nMia,"two\r\nlines"\r\nNoah,\r\n'))

    assert sheet.rows == [(3, ["Mia", "two\r\nlines"]), (5, ["Noah", ""])]
    assert sheet.encoding == "plain ASCII"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"a,\xc3\xa9\n", "UTF-8"),
        (b"\xef\xbb\xbfa,b\n", "UTF-8 with a byte order mark"),
        (b"a,\xe9\n", "Windows-1252"),
        ("a,é\n".encode("utf-16"), "UTF-16"),
        (b"a;b\n", "plain ASCII, separated by semicolons"),
        (b"a\tb\n", "plain ASCII, separated by tabs"),
    ],
)
def test_the_encoding_is_found_and_said(data, encoding):
    assert read_csv(Upload("a.csv", data)).encoding == encoding


@pytest.mark.proves("UPL-4")
def test_xml_opens_no_entity_and_reaches_nowhere():
    bomb = b'<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><r><CHILD>&b;</CHILD></r>'
    outside = b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r><CHILD/></r>'

    for data in (bomb, outside):
        with pytest.raises(Unreadable, match="document type"):
            list(elements(Upload("a.xml", data), "CHILD"))
    nested = b"<r>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</r>"
    with pytest.raises(Unreadable):
        list(elements(Upload("a.xml", nested), "CHILD"))


@pytest.mark.proves("UPL-4")
def test_one_child_in_xml_is_not_gathered_without_end():
    wide = b"<r><CHILD>" + b"<a/>" * 60_000 + b"</CHILD></r>"
    many = b"<r>" + b"<CHILD><a/></CHILD>" * 40_000 + b"</r>"

    with pytest.raises(Unreadable, match="more in one child"):
        list(elements(Upload("a.xml", wide), "CHILD"))
    assert sum(1 for _ in elements(Upload("a.xml", many), "CHILD")) == 40_000
    with pytest.raises(Unreadable, match="took too long"):
        list(elements(Upload("a.xml", many), "CHILD", Clock(0)))


@pytest.mark.proves("UPL-4")
def test_a_workbook_is_read_in_a_process_that_is_stopped(monkeypatch):
    book = Upload("list.xlsx", xlsx_bytes("List", ["Name", "Born"], [["Mia", "x" * 20]] * 3))
    assert read_sheet(book).rows[0] == (2, ["Mia", "x" * 20])

    for few in (limited.Limits(seconds=0.05), limited.Limits(memory=16 * 1024 * 1024)):
        monkeypatch.setattr(workbooks, "LIMITS", few)
        with pytest.raises(Unreadable, match="too much time or memory"):
            read_sheet(book)


def test_kinds_are_known_by_their_bytes():
    kinds = [
        Upload("a.csv", data).kind
        for data in (
            b"",
            b"\xef\xbb\xbf\r\n",
            b"a,b",
            b"<?xml?>",
            b"PK\x03\x04x",
            b"\xd0\xcf\x11\xe0",
            b"\xff\xfe<\x00",
        )
    ]

    assert kinds == ["empty", "empty", "csv", "xml", "zip", "xls", "xml"]

"""Small files that unpack to more than a machine has: each is soon a refusal in words, and nothing falls over."""

import io
import time
import zlib
from dataclasses import replace

import pytest
from PIL import Image

from onroll.access.limited import Limits
from onroll.documents import apart
from onroll.documents.apart import TOO_MUCH, examine_apart
from onroll.documents.refusing import NotAccepted

from .files import a_docx, a_pdf, a_picture, a_zip, word_parts

MEGABYTE = 1024 * 1024
FEW = Limits(seconds=3, memory=256 * MEGABYTE)


def a_pdf_of(*objects: bytes) -> bytes:
    """A PDF without a table of its objects: whoever reads it finds them by looking."""
    numbered = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + numbered + b"trailer\n<</Size 9/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


def twice_packed(size: int) -> bytes:
    return zlib.compress(zlib.compress(bytes(size), 1), 9)


def endless_pages() -> bytes:
    """A tree of pages whose branch is its own root."""
    return a_pdf_of(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[2 0 R 2 0 R]>>")


def a_pdf_that_unpacks() -> bytes:
    packed = twice_packed(200 * MEGABYTE)
    objects = b"<</Type/ObjStm/N 1/First 5/Filter[/FlateDecode/FlateDecode]/Length %d>>\nstream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    body = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 3 0 R>>\nendobj\n"
    at = len(body)
    body += b"4 0 obj\n" + objects + b"\nendobj\n"
    start = len(body)
    rows = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + bytes([index])
        for kind, place, index in ((0, 0, 0), (1, 9, 0), (0, 0, 0), (2, 4, 0), (1, at, 0), (1, start, 0))
    )
    table = zlib.compress(rows)
    body += b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % len(table)
    return body + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def a_picture_bomb() -> bytes:
    """A picture just within the most pixels, which is drawn in more memory than there is here."""
    out = io.BytesIO()
    Image.new("RGBA", (5000, 3999)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def a_word_bomb() -> bytes:
    """Within what each part and the whole may unpack to, and more to read than there is time for."""
    return a_zip(word_parts() | {f"word/p{number}.xml": f"<a>{'<a/>' * 24_000}</a>" for number in range(900)})


BOMBS = {
    "a.docx": a_word_bomb,
    "a.png": a_picture_bomb,
    "a.pdf": a_pdf_that_unpacks,
    "pages.pdf": endless_pages,
}


def test_ordinary_files_come_in_with_as_little_memory(monkeypatch):
    monkeypatch.setattr(apart, "LIMITS", replace(FEW, seconds=60))

    assert examine_apart("a.pdf", a_pdf()).pages == 1
    assert examine_apart("a.docx", a_docx()).type == "docx"
    assert examine_apart("a.png", a_picture()).type == "png"


@pytest.mark.proves("UPL-1")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_refusal_within_the_limits(name, monkeypatch):
    monkeypatch.setattr(apart, "LIMITS", FEW)
    data = BOMBS[name]()
    assert len(data) < 2 * MEGABYTE
    began = time.monotonic()

    with pytest.raises(NotAccepted) as refusal:
        examine_apart(name, data)

    assert str(refusal.value) == TOO_MUCH or "can’t be read" in str(refusal.value)
    assert time.monotonic() - began < 5

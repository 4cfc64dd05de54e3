"""PDFs are written anew from what can be reached in them: no earlier state, no properties, nothing that acts."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from . import pictures
from .refusing import Kept, NotAccepted

MOST_PAGES = 2000
_AGAIN = "Print it to PDF, and add the print"

# Keys and kinds of action that make a PDF do more than be read.
_ACTIVE_KEYS = {
    "/JS": "a script",
    "/JavaScript": "a script",
    "/EmbeddedFiles": "other files inside it",
    "/EmbeddedFile": "other files inside it",
    "/EF": "other files inside it",
    "/RichMedia": "sound or film",
    "/RichMediaContent": "sound or film",
    "/XFA": "an active form",
    "/Collection": "other files inside it",
}
_ACTIVE_KINDS = {
    "/JavaScript": "a script",
    "/Launch": "a command that starts programs",
    "/EmbeddedFile": "other files inside it",
    "/SubmitForm": "a form that sends answers away",
    "/ImportData": "a command that fetches data",
    "/GoToR": "a link that opens another file",
    "/GoToE": "a link that opens another file",
    "/Rendition": "sound or film",
    "/Sound": "sound or film",
    "/Movie": "sound or film",
    "/RichMedia": "sound or film",
    "/Screen": "sound or film",
    "/3D": "a moving model",
    "/FileAttachment": "other files inside it",
}
_COMMENTS = {"/Text", "/Popup", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Caret"}
# What tells of people and times beside what is on the page.
_PROPERTIES = ("/Metadata", "/PieceInfo", "/LastModified", "/LastModifiedDate", "/Info")
_OF_A_MARK = ("/T", "/M", "/CreationDate", "/NM", "/RC", "/Subj")


def accept(data: bytes) -> Kept:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _written_anew(pdf)
    except NotAccepted:
        raise
    except pikepdf.PasswordError as error:
        raise NotAccepted(f"It is protected with a password. {_AGAIN} without one") from error
    # qpdf and its binding raise many kinds of error for a broken file.
    except Exception as error:
        raise NotAccepted(f"The PDF can’t be read. It may be damaged. {_AGAIN}") from error


def _written_anew(pdf: pikepdf.Pdf) -> Kept:
    if pdf.is_encrypted:
        raise NotAccepted(f"It is protected. {_AGAIN} without protection")
    pages = len(pdf.pages)
    if not 0 < pages <= MOST_PAGES:
        raise NotAccepted("It has no pages" if not pages else f"It has more than {MOST_PAGES:,} pages. Split it")
    for thing in pdf.objects:
        for inner in _dictionaries(thing):
            _refuse_active(inner)
            _strip(inner)
        if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            raw = thing.read_raw_bytes()
            bare = pictures.bare_jpeg(raw)
            if bare != raw:
                thing.write(bare, filter=pikepdf.Name.DCTDecode)
    if "/OpenAction" in pdf.Root and isinstance(pdf.Root.OpenAction, pikepdf.Dictionary):
        del pdf.Root["/OpenAction"]
    del pdf.docinfo
    out = io.BytesIO()
    pdf.save(
        out,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
    )
    return Kept(out.getvalue(), pages)


def _dictionaries(thing: Any) -> Iterator[Any]:
    """The dictionary of an object, and those that stand inside it. What it only refers to is an object of its own."""
    waiting = [(thing, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > 100:
            raise NotAccepted(f"It is built in too many layers. {_AGAIN}")
        inner: list[Any] = []
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            inner = [value for _, value in each.items()]
            yield each
        elif isinstance(each, pikepdf.Array):
            inner = list(each)  # type: ignore[call-overload]
        waiting += [
            (value, depth + 1) for value in inner if isinstance(value, pikepdf.Object) and not value.is_indirect
        ]


def _refuse_active(found: Any) -> None:
    for key, words in _ACTIVE_KEYS.items():
        if key in found:
            raise NotAccepted(f"It holds {words}. {_AGAIN}")
    for key in ("/S", "/Subtype", "/Type"):
        kind = found.get(key)
        if not isinstance(kind, pikepdf.Name):
            continue
        if str(kind) in _ACTIVE_KINDS:
            raise NotAccepted(f"It holds {_ACTIVE_KINDS[str(kind)]}. {_AGAIN}")
        if key == "/Subtype" and str(kind) in _COMMENTS and "/Rect" in found:
            raise NotAccepted(f"It holds comments. Take them out, or {_AGAIN[:1].lower()}{_AGAIN[1:]}")


def _strip(found: Any) -> None:
    for key in _PROPERTIES:
        if key in found:
            del found[key]
    if "/AA" in found:
        del found["/AA"]
    if "/Rect" in found and found.get("/Subtype") not in ("/Widget", "/Link"):
        for key in _OF_A_MARK:
            if key in found:
                del found[key]

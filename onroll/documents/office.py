"""Word, Excel and OpenDocument files: a zip of parts, each looked at, and packed anew without properties.

Comments, tracked changes, hidden parts and files inside are not taken out for people, because that would change what
they say. They are refused, with what to do.
"""

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator

from lxml import etree

from . import pictures, unseen
from .refusing import Kept, NotAccepted

MOST_MEMBERS = 1000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100
_BROKEN = "The file can’t be read. It may be damaged: open it, save it again and choose the new file"
_MACROS = "It holds macros, which run on the reader’s computer. Save it without macros"
_INSIDE = "It holds another file inside it. Take that out, or save it as PDF"
_OUTSIDE = "It fetches something from elsewhere when it is opened. Save it as PDF"
_COMMENTS = "It holds comments. Take them out (Review, Delete all comments), or save it as PDF without them"
_TRACKED = "It holds tracked changes. Accept or reject them all (Review), and save it again"

# What may be packed in such a file. Anything else is a file inside a file.
_ENDINGS = {
    "xml",
    "rels",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "emf",
    "wmf",
    "tif",
    "tiff",
    "bmp",
    "vml",
    "ttf",
    "odttf",
    "otf",
}
_ENDINGS |= {"rdf", "svm"}
_PRINTER = re.compile(r"xl/printerSettings/printerSettings\d+\.bin")
_PICTURE_ENDINGS = {"jpg": pictures.bare_jpeg, "jpeg": pictures.bare_jpeg, "png": pictures.bare_png}

Parts = dict[str, bytes]


def accept_docx(data: bytes) -> Kept:
    return _accept_ooxml(data, "word/document.xml")


def accept_xlsx(data: bytes) -> Kept:
    return _accept_ooxml(data, "xl/workbook.xml")


def accept_odt(data: bytes) -> Kept:
    return _accept_opendocument(data, b"application/vnd.oasis.opendocument.text")


def accept_ods(data: bytes) -> Kept:
    return _accept_opendocument(data, b"application/vnd.oasis.opendocument.spreadsheet")


# The zip itself


def unpacked(data: bytes) -> Parts:
    """Every part by its name, in order, within the limits. Refused where it is more than a plain zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            _refuse_members(archive, members, len(data))
            return {info.filename: _read(archive, info) for info in members}
    except NotAccepted:
        raise
    # Python's zip reader raises many kinds of error for a broken file, and zlib its own.
    except Exception as error:
        raise NotAccepted(_BROKEN) from error


def _refuse_members(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], size: int) -> None:
    names = [info.filename for info in members]
    if len(members) > MOST_MEMBERS or sum(info.file_size for info in members) > MOST_UNPACKED:
        raise NotAccepted("It unpacks to more than 200 MB or 1,000 parts. Save it as PDF")
    if any(info.file_size > MOST_RATIO * max(info.compress_size, 1000) for info in members):
        raise NotAccepted("It unpacks to far more than its size. Save it as PDF")
    if any(info.flag_bits & 0x1 for info in members):
        raise NotAccepted("It is protected with a password. Save it without one")
    bad_name = any(
        name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name or "\0" in name for name in names
    )
    links = any(stat.S_ISLNK(info.external_attr >> 16) for info in members)
    doubled = len({name.lower() for name in names}) != len(names)
    if bad_name or links or doubled or archive.comment or (members and min(i.header_offset for i in members) != 0):
        raise NotAccepted(_BROKEN)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as member:
        data = member.read(info.file_size + 1)
    if len(data) != info.file_size:
        raise NotAccepted(_BROKEN)
    return data


def packed(parts: Parts, *, stored: tuple[str, ...] = ()) -> bytes:
    """The parts as a new zip: no comments, no times, no fields of its maker."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def elements(data: bytes) -> Iterator[tuple[str, etree._Element]]:
    """Every element of a part with its name, without the address of its vocabulary. No document type is allowed."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise NotAccepted(_BROKEN)
    try:
        reading = etree.iterparse(
            io.BytesIO(data), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        for _, element in reading:
            if isinstance(element.tag, str):
                yield etree.QName(element).localname, element
            element.clear(keep_tail=False)
            while element.getprevious() is not None and element.getparent() is not None:
                del element.getparent()[0]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAccepted(_BROKEN) from error


def _refuse_endings(parts: Parts, allowed: Callable[[str], bool]) -> None:
    for name in parts:
        ending = name.rsplit(".", 1)[-1].lower() if "." in name.rsplit("/", 1)[-1] else ""
        if ending not in _ENDINGS and not allowed(name):
            raise NotAccepted(_INSIDE)


def _bare_pictures(parts: Parts) -> None:
    for name, data in parts.items():
        strip = _PICTURE_ENDINGS.get(name.rsplit(".", 1)[-1].lower())
        if strip is not None and data[:3] in (b"\xff\xd8\xff", b"\x89PN"):
            parts[name] = strip(data)


# Word and Excel

_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp="http://schemas.openxml'
    b'formats.org/package/2006/metadata/core-properties"/>'
)
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/extended-properties"/>'
)
_CUSTOM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/custom-properties"/>'
)
# Who commented or changed something once, also when it is all settled.
_PEOPLE = b'<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>'
_PERSONS = b'<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"/>'
_EMPTY = {
    "docprops/core.xml": _CORE,
    "docprops/app.xml": _APP,
    "docprops/custom.xml": _CUSTOM,
    "word/people.xml": _PEOPLE,
    "xl/persons/person.xml": _PERSONS,
}
_LABELS = b'<properties xmlns="http://schemas.microsoft.com/office/2006/metadata/properties"/>'
# A small picture of the first page, as some program last drew it.
_THUMBNAIL = re.compile(rb"<Relationship\b[^>]*/metadata/thumbnail\"[^>]*/>")
_PATH = re.compile(rb"<x15ac:absPath\b[^>]*?/>|<fileSharing\b[^>]*?/>")

_TRACKED_IN_WORD = {"ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "tblPrChange", "sectPrChange"}
_TRACKED_IN_WORD |= {"cellIns", "cellDel", "cellMerge", "trPrChange", "tcPrChange", "numberingChange"}
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# Fields by which Word runs a program or takes in another file.
_FIELDS = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE)\b")


def _accept_ooxml(data: bytes, main: str) -> Kept:
    parts = unpacked(data)
    lower = [name.lower() for name in parts]
    if any("vbaproject" in name or "vbadata" in name or "/macrosheets/" in name for name in lower):
        raise NotAccepted(_MACROS)
    if "[Content_Types].xml" not in parts or main not in parts:
        other = "word/document.xml" in parts or "xl/workbook.xml" in parts or "ppt/presentation.xml" in parts
        raise NotAccepted(
            "The name and the content don’t agree. Give the file the ending that it was saved with"
            if other
            else _BROKEN
        )
    if re.search(
        rb"macroEnabled|vnd\.ms-office\.vbaProject|ms-excel\.(macrosheet|intlmacrosheet)", parts["[Content_Types].xml"]
    ):
        raise NotAccepted(_MACROS)
    if any("/embeddings/" in name or "/activex/" in name or "/ctrlprops/" in name for name in lower):
        raise NotAccepted(_INSIDE)
    if any(
        "/externallinks/" in name or name.endswith(("/connections.xml",)) or "/querytables/" in name for name in lower
    ):
        raise NotAccepted(_OUTSIDE)
    if any("/threadedcomments/" in name or re.search(r"xl/(.*/)?comments\d*\.xml$", name) for name in lower):
        raise NotAccepted(_COMMENTS)
    if any("/revisions/" in name for name in lower):
        raise NotAccepted(_TRACKED)
    unseen.refuse_pivots(lower)
    _refuse_endings(parts, lambda name: _PRINTER.fullmatch(name) is not None)
    for name, content in parts.items():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            _refuse_in_part(name.lower(), content)
    for name in parts:
        if name.lower() in _EMPTY:
            parts[name] = _EMPTY[name.lower()]
        elif name.startswith("customXml/") and b"schemas.microsoft.com/office/2006/metadata" in parts[name]:
            if "item" in name and "itemProps" not in name:
                parts[name] = _LABELS
        elif name == "xl/workbook.xml":
            parts[name] = _PATH.sub(b"", parts[name])
    for name in [name for name in parts if name.lower().startswith("docprops/thumbnail.")]:
        del parts[name]
        parts["_rels/.rels"] = _THUMBNAIL.sub(b"", parts.get("_rels/.rels", b""))
    _bare_pictures(parts)
    return Kept(packed(parts))


def _refuse_in_part(name: str, content: bytes) -> None:
    if name.endswith(".rels"):
        for tag, element in elements(content):
            outside = element.get("TargetMode", "").lower() == "external"
            if tag == "Relationship" and outside and not element.get("Type", "").endswith("/hyperlink"):
                raise NotAccepted(_OUTSIDE)
        return
    is_word = name.startswith("word/")
    part = unseen.WordPart() if is_word else unseen.ExcelPart()
    fields = ""
    for tag, element in elements(content):
        part.saw(tag, element)
        if not is_word:
            if tag in ("ddeLink", "oleLink", "webPublishItem"):
                raise NotAccepted(_OUTSIDE)
            continue
        if tag == "comment" and name.startswith("word/comments"):
            raise NotAccepted(_COMMENTS)
        if tag in _TRACKED_IN_WORD and element.tag.startswith(f"{{{_W}}}"):
            raise NotAccepted(_TRACKED)
        if tag in ("altChunk", "object", "OLEObject", "control"):
            raise NotAccepted(_INSIDE)
        if tag == "instrText":
            fields += element.text or ""
        elif tag == "fldSimple":
            fields += f" {element.get(f'{{{_W}}}instr', '')} "
    if _FIELDS.search(fields):
        raise NotAccepted(_OUTSIDE)


# OpenDocument

_META = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:'
    b'xmlns:office:1.0" office:version="1.3"><office:meta/></office:document-meta>'
)
# The printer and the database of whoever saved it.
_MACHINE = re.compile(rb"(<config:config-item config:name=\"(?:Printer|CurrentDatabase)[^>]*>)[^<]*(?=</)")
_BODY = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}body"
_HREF = "{http://www.w3.org/1999/xlink}href"


def _accept_opendocument(data: bytes, mime: bytes) -> Kept:
    parts = unpacked(data)
    if "mimetype" not in parts or "content.xml" not in parts:
        raise NotAccepted(_BROKEN)
    if parts["mimetype"].strip() != mime:
        raise NotAccepted("The name and the content don’t agree. Give the file the ending that it was saved with")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise NotAccepted("It is protected with a password. Save it without one")
    if any("/Basic/" in f"/{name}" or "/Scripts/" in f"/{name}" for name in parts):
        raise NotAccepted(_MACROS)
    for name, content in parts.items():
        if name.endswith((".xml", ".rdf")):
            _refuse_in_opendocument(content, is_inner="/" in name)
    # A chart is a folder of XML, its picture beside it has no ending; an object of another program is one file.
    _refuse_endings(
        parts,
        lambda name: (
            name in ("mimetype", "layout-cache") or name.startswith(("ObjectReplacements/", "Configurations2/"))
        ),
    )
    for name in parts:
        if name.rsplit("/", 1)[-1] == "meta.xml":
            parts[name] = _META
        elif name.rsplit("/", 1)[-1] == "settings.xml":
            parts[name] = _MACHINE.sub(rb"\1", parts[name])
    if parts.pop("Thumbnails/thumbnail.png", None) is not None:
        listed = parts.get("META-INF/manifest.xml", b"")
        parts["META-INF/manifest.xml"] = re.sub(rb"<[^<>]*Thumbnails/thumbnail\.png[^<>]*/>", b"", listed)
    _bare_pictures(parts)
    first = {"mimetype": parts.pop("mimetype")}
    return Kept(packed(first | parts, stored=("mimetype",)))


def _refuse_in_opendocument(content: bytes, *, is_inner: bool) -> None:
    part = unseen.OpenDocumentPart()
    for tag, element in elements(content):
        part.saw(tag, element)
        if tag == "annotation":
            raise NotAccepted(_COMMENTS)
        if tag in ("changed-region", "cell-content-change", "insertion", "deletion", "movement"):
            raise NotAccepted(_TRACKED)
        if tag in ("script", "event-listener", "applet", "plugin"):
            raise NotAccepted(_MACROS)
        above = element.getparent()
        # A chart or a formula inside is a picture to its reader; a text or a sheet holds more than is seen.
        if tag == "object-ole" or (
            is_inner and above is not None and above.tag == _BODY and tag not in ("chart", "formula")
        ):
            raise NotAccepted(_INSIDE)
        if tag in ("dde-source", "dde-link", "dde-connection-decl", "table-source", "cell-range-source"):
            raise NotAccepted(_OUTSIDE)
        target = element.get(_HREF, "")
        if target and tag not in ("a",) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\.\./", target):
            raise NotAccepted(_OUTSIDE)

"""What may be added as a document. The name and the content must agree, and nothing active or hidden comes in.

Pure functions from bytes to bytes: what is kept is made anew from what came, without the properties, comments and
places that a person did not mean to give (security requirements UPL-1, ADR-7). They run in a process of their own
(`apart.py`), because they read what a stranger made.
"""

from . import office, pdfs, pictures, texts
from .filetypes import ALLOWED, LARGEST, TYPES, Examined
from .refusing import NotAccepted
from .words import words_of

_BY_ENDING = {
    **{name: name for name in ("pdf", "docx", "xlsx", "odt", "ods", "png", "txt", "csv")},
    **dict.fromkeys(("jpg", "jpeg"), "jpg"),
    **dict.fromkeys(("heic", "heif"), "heic"),
}
_HANDLERS = {
    "pdf": pdfs.accept,
    "docx": office.accept_docx,
    "xlsx": office.accept_xlsx,
    "odt": office.accept_odt,
    "ods": office.accept_ods,
    "png": pictures.accept_png,
    "jpg": pictures.accept_jpeg,
    "heic": pictures.accept_heic,
    "txt": texts.accept_txt,
    "csv": texts.accept_csv,
}
_WORDS = {**{name: type.words for name, type in TYPES.items()}, "heic": "HEIC picture"}

# Endings that get more help than the list of what is allowed.
_REFUSED_ENDINGS = {
    **dict.fromkeys(
        ("docm", "dotm", "xlsm", "xltm", "xlam", "pptm"),
        "It can hold macros, which run on the reader’s computer. Save it without macros, as .docx or .xlsx",
    ),
    **dict.fromkeys(
        ("doc", "dot", "xls", "xlt", "ppt", "msg", "pub", "rtf"),
        "It is in an older format that can hide programs. Save it as .docx, .xlsx or PDF",
    ),
    **dict.fromkeys(
        ("zip", "7z", "rar", "gz", "tgz", "tar", "bz2", "xz", "iso", "cab"),
        "It is an archive. Take the files out and add them one by one",
    ),
    **dict.fromkeys(("html", "htm", "xhtml", "mht", "svg", "xml"), "It is a web page. Print it to PDF"),
    **dict.fromkeys(("pages", "numbers", "key"), "Export it as PDF, .docx or .xlsx"),
    **dict.fromkeys(("pptx", "odp"), "Slides can’t be added as they are. Save them as PDF"),
    **dict.fromkeys(
        ("exe", "com", "scr", "msi", "bat", "cmd", "ps1", "vbs", "js", "jse", "wsf", "hta", "jar", "lnk", "sh", "py"),
        "It is a program. Programs are never kept in a record",
    ),
    **dict.fromkeys(
        ("gif", "bmp", "tif", "tiff", "webp", "avif"), "Pictures are kept as PNG or JPEG. Save it as one of these"
    ),
}

# How a content is known, by its first bytes.
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"GIF8", "gif"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "rtf"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"mif1", b"msf1", b"heif")
_ZIPS = ("docx", "xlsx", "odt", "ods")


def examine(name: str, data: bytes) -> Examined:
    """The file as it may be kept. Raises NotAccepted with why not, and what to do."""
    if not data:
        raise NotAccepted("The file is empty. Check that it was saved, and choose it again")
    if len(data) > LARGEST:
        raise NotAccepted("The file is larger than 20 MB. Make it smaller, or split it")
    ending = ending_of(name)
    if ending not in _BY_ENDING:
        raise NotAccepted(_REFUSED_ENDINGS.get(ending, f"This type of file can’t be added. Choose {ALLOWED}"))
    wanted = _BY_ENDING[ending]
    found = content_of(data)
    fits = found == wanted or (found == "zip" and wanted in _ZIPS) or (found == "text" and wanted in ("txt", "csv"))
    if not fits:
        raise NotAccepted(_does_not_fit(wanted, found))
    refuse_two_in_one(data, found)
    kept = _HANDLERS[wanted](data)
    type = "jpg" if wanted == "heic" else wanted
    if len(kept.data) > LARGEST:
        raise NotAccepted("The file is larger than 20 MB once it is unpacked. Make it smaller, or split it")
    try:
        words = words_of(type, kept.data)
    # pdfium and lxml raise many kinds of error. What can't be looked through is not kept unseen.
    except Exception as error:
        raise NotAccepted("Its text can’t be read. Open it, and save or print it again as PDF") from error
    return Examined(type, kept.data, kept.pages, words)


def ending_of(name: str) -> str:
    """What stands behind the last dot of a file's name, in small letters."""
    return name.rsplit(".", 1)[-1].strip().lower() if "." in name else ""


def content_of(data: bytes) -> str:
    """What the content is, whatever the name says. “text” where nothing else fits and it can be read."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "heic"
    return "text" if texts.decoded(data) is not None else "unknown"


def refuse_two_in_one(data: bytes, found: str) -> None:
    """Refuse what is two types at once: each program that opens it would see another file."""
    tail = data[-(64 * 1024 + 22) :]
    two = (
        (found != "zip" and b"PK\x05\x06" in tail)
        or (found != "pdf" and b"%PDF-" in data[:1024] and found != "text")
        or (found == "text" and texts.is_active(data))
    )
    if two and found == "text":
        raise NotAccepted("It holds a web page or a script, not plain text. Save the words alone as .txt")
    if two:
        raise NotAccepted("It holds two kinds of file in one. Open it, and save or print it again as PDF")


def _does_not_fit(wanted: str, found: str) -> str:
    says = f"The name says {_WORDS[wanted]}"
    if found == "ole" and wanted in _ZIPS:
        return "It is protected with a password, or in an older format. Save it without a password, as .docx or .xlsx"
    if found in _WORDS:
        return f"{says}, but it holds a {_WORDS[found]}. Give it the right ending, or save it again"
    if found == "program":
        return "It is a program. Programs are never kept in a record"
    if found in ("zip", "archive"):
        return f"{says}, but it holds an archive. Take the files out and add them one by one"
    return f"{says}, but its content is something else or damaged. Open it, save it again and choose the new file"

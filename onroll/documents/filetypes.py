"""The types of document there are, and how large one may be. What reads them is loaded only apart."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
ALLOWED = "PDF, Word (.docx), Excel (.xlsx), OpenDocument (.odt, .ods), PNG, JPEG, HEIC, text (.txt) or CSV"


@dataclass(frozen=True)
class Type:
    """A type of document: how it is served and what people call it."""

    name: str
    words: str
    mime: str


TYPES = {
    each.name: each
    for each in (
        Type("pdf", "PDF", "application/pdf"),
        Type("docx", "Word document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        Type("xlsx", "Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Type("odt", "OpenDocument text", "application/vnd.oasis.opendocument.text"),
        Type("ods", "OpenDocument spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
        Type("png", "PNG picture", "image/png"),
        Type("jpg", "JPEG picture", "image/jpeg"),
        Type("txt", "Text", "text/plain; charset=utf-8"),
        Type("csv", "CSV", "text/csv; charset=utf-8"),
    )
}


@dataclass(frozen=True)
class Examined:
    """A file that may be kept: its type, and its bytes as they are kept. `pages` is counted of a PDF alone.

    `words` is its text, as far as it can be read. It is looked through and not kept.
    """

    type: str
    data: bytes
    pages: int = 0
    words: str = ""

"""The words of a file, as far as they can be read: what is looked through for an address before it is kept (ADR-4).

Of a picture, and of a PDF that is one, there are none. Runs only where strangers' files are read, apart.
"""

from typing import Any

import pypdfium2
from lxml import etree

from .office import unpacked

# Longer texts are looked through as far as this, in letters.
MOST = 1_000_000
# After these the words that follow are of another line; in place of those stands a gap.
_LINES = frozenset({"p", "h", "si", "row", "tr", "tc", "table-cell", "table-row", "c", "is"})
_GAPS = frozenset({"tab", "br", "s", "cr", "line-break"})
# In a sheet this is a number, or the place of a text that stands elsewhere.
_NO_WORDS = frozenset({"v", "f"})


def words_of(type: str, data: bytes) -> str:
    """The text of a file that was examined and is kept as `type`. Empty where there is none."""
    if type in ("txt", "csv"):
        return data.decode()[:MOST]
    if type == "pdf":
        return _of_pdf(data)
    if type in ("docx", "xlsx", "odt", "ods"):
        return _of_office(data)
    return ""


def _of_pdf(data: bytes) -> str:
    found: list[str] = []
    pdf = pypdfium2.PdfDocument(data)
    for page in pdf:
        found.append(page.get_textpage().get_text_range())
        if sum(map(len, found)) > MOST:
            break
    return "\n".join(found)[:MOST]


def _of_office(data: bytes) -> str:
    found = _Collector()
    for name, part in unpacked(data).items():
        if name.endswith(".xml"):
            etree.fromstring(part, etree.XMLParser(target=found, resolve_entities=False, no_network=True))
    return "".join(found.words)[:MOST]


class _Collector:
    """Gathers the text of XML as it is read, so that a large part is never held as a tree."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.letters = 0
        self.inside = ""

    def start(self, tag: Any, attributes: Any) -> None:
        self.inside = etree.QName(tag).localname
        if self.inside in _GAPS:
            self.words.append(" ")

    def end(self, tag: Any) -> None:
        self.inside = ""
        if etree.QName(tag).localname in _LINES:
            self.words.append("\n")

    def data(self, data: Any) -> None:
        if self.inside not in _NO_WORDS and self.letters < MOST:
            self.words.append(data)
            self.letters += len(data)

    def comment(self, text: Any) -> None:
        """A remark in the XML is no word of the text."""

    def close(self) -> None:
        self.words.append("\n")

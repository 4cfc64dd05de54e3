"""What an office file holds beyond what its reader sees: hidden text, sheets, rows and columns; formulas that fetch.

Each class reads the elements of one part as they end, in order, and refuses with what to do.
"""

import re
from typing import Any

from lxml import etree

from .refusing import NotAccepted

_HIDDEN = "It holds hidden {}. Show what is hidden and delete what is not needed, or save it as PDF"
_FETCHES = "It holds a formula that fetches something from elsewhere. Keep its value only, or save it as PDF"
_PIVOT = "It holds a pivot table, which keeps the rows it was made from. Paste its values, or save it as PDF"
_FUNCTIONS = re.compile(r"\b(WEBSERVICE|DDE|RTD|IMAGE|CALL|REGISTER(\.ID)?|EXEC|FOPEN)\s*\(", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?<=['\[\"])(file|https?|ftp|smb|dav)s?:|\w\s*\|\s*'", re.IGNORECASE)
_NO = ("0", "false", "off")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


def refuse_pivots(names: list[str]) -> None:
    """Refuse a workbook that carries the rows behind a pivot table. `names`: its parts, in small letters."""
    if any("/pivotcache/" in name for name in names):
        raise NotAccepted(_PIVOT)


def refuse_formula(formula: str) -> None:
    """Refuse a formula that would read from another file or address when the workbook is opened."""
    # A link that a person follows is no fetching.
    words = re.sub(r'\bHYPERLINK\s*\(\s*"[^"]*"', "", formula, flags=re.IGNORECASE)
    if _FUNCTIONS.search(words) or _ELSEWHERE.search(words):
        raise NotAccepted(_FETCHES)


class WordPart:
    """The body of a Word document, a header, a note. What is hidden by a paragraph's own mark has no letters."""

    def __init__(self) -> None:
        self.run_is_hidden = False

    def saw(self, tag: str, element: Any) -> None:
        if tag == "vanish" and element.get(f"{_WORD}val", "") not in _NO:
            above = element.getparent().getparent()
            self.run_is_hidden |= above is not None and above.tag == f"{_WORD}r"
        elif tag == "t" and self.run_is_hidden and (element.text or "").strip():
            raise NotAccepted(_HIDDEN.format("text"))
        elif tag == "r":
            self.run_is_hidden = False


class ExcelPart:
    """A workbook or one of its sheets."""

    def __init__(self) -> None:
        self.hidden_columns: list[range] = []

    def saw(self, tag: str, element: Any) -> None:
        if tag == "sheet" and element.get("state", "visible") != "visible":
            raise NotAccepted(_HIDDEN.format("sheets"))
        if tag == "col" and element.get("hidden", "0") not in _NO:
            self.hidden_columns.append(range(_whole(element.get("min")), _whole(element.get("max")) + 1))
        elif tag == "c" and len(element):
            if element.getparent().get("hidden", "0") not in _NO:
                raise NotAccepted(_HIDDEN.format("rows"))
            column = column_number(element.get("r", ""))
            if any(column in hidden for hidden in self.hidden_columns):
                raise NotAccepted(_HIDDEN.format("columns"))
        elif tag in ("f", "definedName", "formula", "formula1", "formula2"):
            refuse_formula(element.text or "")


class OpenDocumentPart:
    """The content or the styles of an OpenDocument file."""

    def __init__(self) -> None:
        self.hidden_styles: set[str] = set()
        self.hidden_columns: list[range] = []
        self.columns = self.cell = 0

    def saw(self, tag: str, element: Any) -> None:
        for name, value in element.attrib.items():
            if etree.QName(name).localname in ("formula", "condition", "expression"):
                refuse_formula(str(value))
        if tag in ("hidden-text", "hidden-paragraph") or (tag == "section" and _is(element, f"{_TEXT}display", "none")):
            raise NotAccepted(_HIDDEN.format("text"))
        if tag in ("text-properties", "table-properties"):
            style = element.getparent().get(f"{_STYLE}name", "")
            if _is(element, f"{_TEXT}display", "none") or _is(element, f"{_TABLE}display", "false"):
                self.hidden_styles.add(style)
        elif tag in ("span", "p", "h") and element.get(f"{_TEXT}style-name") in self.hidden_styles:
            raise NotAccepted(_HIDDEN.format("text"))
        elif tag == "table":
            if element.get(f"{_TABLE}style-name") in self.hidden_styles:
                raise NotAccepted(_HIDDEN.format("sheets"))
            self.hidden_columns, self.columns = [], 0
        elif tag == "table-column":
            after = self.columns + _whole(element.get(f"{_TABLE}number-columns-repeated", "1"))
            if _is_away(element):
                self.hidden_columns.append(range(self.columns, after))
            self.columns = after
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell(element)
        elif tag == "table-row":
            self.cell = 0

    def _cell(self, element: Any) -> None:
        first, self.cell = self.cell, self.cell + _whole(element.get(f"{_TABLE}number-columns-repeated", "1"))
        if f"{_OFFICE}value-type" not in element.attrib:
            return
        if _is_away(element.getparent()):
            raise NotAccepted(_HIDDEN.format("rows"))
        if any(hidden.start < self.cell and first < hidden.stop for hidden in self.hidden_columns):
            raise NotAccepted(_HIDDEN.format("columns"))


def column_number(address: str) -> int:
    """Which column a cell of Excel stands in, counted from 1. B3 is in 2."""
    number = 0
    for letter in address.upper():
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _is(element: Any, name: str, value: str) -> bool:
    return element.get(name) == value


def _is_away(element: Any) -> bool:
    return element.get(f"{_TABLE}visibility", "visible") != "visible"


def _whole(words: str | None) -> int:
    return int(words) if words and words.isdecimal() and len(words) < 10 else 0

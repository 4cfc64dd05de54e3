"""A paper as a PDF that meets PDF/UA-1: a title, a language, headings and tables that a screen reader can follow.

Typst sets it in a process of its own, from a template that stands beside this file. What it says comes to the template
as data, never as markup; it reads no other file and nothing from a network.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from onroll.access import limited

LIMITS = limited.Limits(seconds=30, memory=2 * 1024 * 1024 * 1024)
FOLDER = Path(__file__).parent / "typesetting"


class CannotBeShown(Exception):
    """A letter in it is in none of the fonts."""


@dataclass(frozen=True)
class Part:
    """A part of a paper: its title, paragraphs, and a table. `widths` are the columns' shares of the page.

    With `labelled` the first column says what stands in the others, and is printed lighter. Without headings there is
    no table.
    """

    title: str
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    widths: Sequence[int] = ()
    labelled: bool = False
    text: Sequence[str] = ()


def made(title: str, lines: Sequence[str], foot: str, parts: Sequence[Part], *, wide: bool = False) -> bytes:
    """The PDF: title, first lines, what stands at the foot of each page, and its parts. `wide`: on pages turned round.

    Raises CannotBeShown, and Stopped where none could be made within the limits.
    """
    told = {"title": title, "lines": list(lines), "foot": foot, "wide": wide, "parts": [asdict(part) for part in parts]}
    said, pdf = limited.ask("onroll.design.pdfs", {"do": "make"}, json.dumps(told).encode(), LIMITS)
    if "refused" in said:
        raise CannotBeShown(said["refused"])
    return pdf


def text_of(pdf: bytes) -> list[str]:
    """The lines of text on its pages, as another reader than its maker finds them."""
    return json.loads(limited.ask("onroll.design.pdfs", {"do": "read"}, pdf, LIMITS)[1])


def _work() -> Callable[[dict[str, Any], bytes], limited.Answer]:
    def make(told: bytes) -> limited.Answer:
        import typst

        try:
            pdf = typst.compile(
                str(FOLDER / "paper.typ"),
                root=str(FOLDER),
                font_paths=[str(FOLDER / "fonts")],
                ignore_system_fonts=True,
                sys_inputs={"told": told.decode()},
                format="pdf",
                pdf_standards="ua-1",
            )
        except typst.TypstError as error:
            return {"refused": str(error)[:200]}, b""
        return {}, pdf

    def read(pdf: bytes) -> limited.Answer:
        import pypdfium2

        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
        lines = [line.strip() for page in pages for line in page.splitlines()]
        return {}, json.dumps([line for line in lines if line]).encode()

    return lambda wanted, data: make(data) if wanted["do"] == "make" else read(data)


if __name__ == "__main__":
    limited.serve(_work)

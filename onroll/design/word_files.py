"""A paper as a Word document, for who goes on writing in it: headings, and tables whose heading row is one.

It holds what is seen and nothing else: no name of a person and no time in its properties, no macro, no link, no
picture, no template from elsewhere. Every text is text: nothing in it is read as a field or as markup. The same paper
gives the same bytes.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from .pdfs import Part
from .words import legible

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT, GREY = "Arial", "B1B4B6"
# What the empty document of the library brings along, and nobody asked for.
_BROUGHT_ALONG = ("/thumbnail", "/customXml", "/extended-properties", "/stylesWithEffects")
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def docx_bytes(
    title: str,
    lines: Sequence[str],
    headings: Sequence[str],
    widths: Sequence[int],
    groups: Sequence[tuple[str, Sequence[Sequence[str]]]],
) -> bytes:
    """The paper, on pages turned round: title, first lines, and a table under each heading.

    `widths` share out the page. The lines stand at the foot of each page too.
    """
    parts = [Part(group, headings, rows, widths) for group, rows in groups]
    return docx_of(title, lines, " · ".join(lines), parts, wide=True)


def docx_of(title: str, lines: Sequence[str], foot: str, parts: Sequence[Part], *, wide: bool = False) -> bytes:
    """The same paper as `pdfs.made` sets: title, first lines, what stands at the foot of each page, and its parts."""
    # Read in only here: most processes write no Word documents.
    from docx import Document

    document = Document()
    _prepare(document, title, wide)
    _foot(document.sections[0], foot)
    document.add_heading(legible(title), 1)
    for line in lines:
        document.add_paragraph(legible(line))
    for part in parts:
        document.add_heading(legible(part.title), 2)
        for words in part.text:
            document.add_paragraph(legible(words))
        if part.headings:
            _table(document, part.title, part.headings, part.widths, part.rows)
    file = io.BytesIO()
    document.save(file)
    return _without_time(file.getvalue())


def text_of(data: bytes) -> list[list[str]]:
    """What is in a document, line by line and each row of a table as its cells, with what stands at the foot."""
    from docx import Document
    from docx.table import Table

    document = Document(io.BytesIO(data))
    found: list[list[str]] = []
    for block in document.iter_inner_content():
        rows = [[cell.text for cell in row.cells] for row in block.rows] if isinstance(block, Table) else [[block.text]]
        found += [row for row in rows if any(row)]
    return [*found, *([line.text] for line in document.sections[0].footer.paragraphs)]


def _prepare(document: Any, title: str, wide: bool) -> None:
    """Properties, language, letters and the page."""
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    about = document.core_properties
    about.title, about.language = legible(title), "en-GB"
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.created = about.modified = datetime(2000, 1, 1)  # noqa: DTZ001 - the library takes it as UTC
    for part in (document.part.package, document.part):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(_BROUGHT_ALONG):
                del part.rels[key]

    for language in document.styles.element.iter(qn("w:lang")):
        for name in list(language.attrib):
            language.set(name, "en-GB")
    for name, size in (("Normal", 10), ("Heading 1", 20), ("Heading 2", 14)):
        style = document.styles[name]
        style.font.size, style.font.color.rgb = Pt(size), RGBColor(0x0B, 0x0C, 0x0C)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()
        for letters in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{letters}"), FONT)
    document.styles["Normal"].paragraph_format.space_after = Pt(2)

    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = (Cm(29.7), Cm(21)) if wide else (Cm(21), Cm(29.7))
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(1.8)


def _foot(page: Any, words: str) -> None:
    """Whose paper it is, and which page of how many."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = page.footer.paragraphs[0]
    paragraph.add_run(f"{legible(words)} · Page ")
    for field, after in (("PAGE", " of "), ("NUMPAGES", "")):
        number = OxmlElement("w:fldSimple")
        number.set(qn("w:instr"), field)
        paragraph._p.append(number)
        paragraph.add_run(after)


def _table(
    document: Any, caption: str, headings: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]
) -> None:
    """A table whose first row is its heading, also on the next page, and whose first column names each row."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    page = document.sections[0]
    room = page.page_width - page.left_margin - page.right_margin
    table = document.add_table(rows=len(rows) + 1, cols=len(headings))
    table.autofit = False
    named = OxmlElement("w:tblCaption")
    named.set(qn("w:val"), legible(caption))
    table._tbl.tblPr.append(named)
    lines = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("color", GREY)):
            line.set(qn(f"w:{name}"), value)
        lines.append(line)
    table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(lines)
    shares = [round(room * width / sum(widths)) for width in widths]
    for column, share in zip(table.columns, shares, strict=True):
        column.width = share
    for number, (row, words) in enumerate(zip(table.rows, [headings, *rows], strict=True)):
        about = row._tr.get_or_add_trPr()
        about.append(OxmlElement("w:cantSplit"))
        if number == 0:
            about.append(OxmlElement("w:tblHeader"))
        for cell, text, share in zip(row.cells, words, shares, strict=True):
            cell.width = share
            run = cell.paragraphs[0].add_run(legible(text))
            run.bold = number == 0


def _without_time(data: bytes) -> bytes:
    """The same parts in a zip that tells of no time."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            kept.writestr(zipfile.ZipInfo(name, _NO_TIME), made.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()

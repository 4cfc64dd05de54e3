"""Files for the tests, made here: what people add, and what an attacker would."""

import io
import zipfile

import pikepdf
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

MARK = "zqhidden"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def a_picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), *, hidden: bool = False) -> bytes:
    """A picture. With `hidden` it tells where it was taken and by whom, in EXIF and in a comment."""
    out = io.BytesIO()
    options: dict = {}
    if hidden:
        exif = Image.Exif()
        exif[Base.Artist] = MARK
        exif.get_ifd(IFD.GPSInfo)[GPS.GPSDateStamp] = MARK
        options["exif"] = exif.tobytes()
        if kind == "JPEG":
            options["comment"] = MARK.encode()
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    Image.new("RGB", size, (30, 90, 80)).save(out, kind, **options)
    return out.getvalue()


def a_pdf(*, pages: int = 1, change=None, **options) -> bytes:
    """A PDF of empty pages with properties. `change` does something to it before it is saved."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(300, 400))
    pdf.docinfo["/Author"] = MARK
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = MARK
    if change is not None:
        change(pdf)
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def a_pdf_that_says(words: str) -> bytes:
    """A PDF of one page with these words on it."""

    def write(pdf: pikepdf.Pdf) -> None:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        pdf.pages[0].Contents = pdf.make_stream(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())

    return a_pdf(change=write)


def a_zip(parts: dict[str, str | bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def relationships(*rows: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def a_link_out(kind: str) -> str:
    """A part's tie to something elsewhere."""
    return relationships(
        f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="https://example.org/x" TargetMode="External"/>'
    )


def _core() -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:creator>{MARK}</dc:creator></cp:coreProperties>"
    )


def word_parts(body: str = "<w:p><w:r><w:t>Autumn report</w:t></w:r></w:p>") -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": relationships(
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        ),
        "docProps/core.xml": _core(),
        "docProps/app.xml": f"<Properties><Company>{MARK}</Company></Properties>",
        "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
        "word/media/image1.jpeg": a_picture("JPEG", hidden=True),
    }


def a_docx(body: str | None = None, **more: str | bytes) -> bytes:
    parts = word_parts(body) if body is not None else word_parts()
    return a_zip(parts | {name.replace("__", "/").replace("_dot_", "."): data for name, data in more.items()})


def workbook_parts() -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": relationships(
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "docProps/core.xml": _core(),
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac">'
        f'<x15ac:absPath url="C:\\Users\\{MARK}\\"/><sheets/></workbook>',
        "xl/worksheets/sheet1.xml": "<worksheet><sheetData/></worksheet>",
    }


def opendocument_parts(body: str = "<text:p>Autumn report</text:p>", kind: str = "text") -> dict[str, str | bytes]:
    names = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "text", "table", "draw", "script")
    )
    return {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f'<office:document-content{names} xmlns:xlink="http://www.w3.org/1999/xlink"><office:body>{body}'
        "</office:body></office:document-content>",
        "meta.xml": f"<office:document-meta{names}><office:meta>{MARK}</office:meta></office:document-meta>",
        "META-INF/manifest.xml": "<manifest/>",
    }


def an_opendocument(body: str = "<text:p>Autumn report</text:p>", kind: str = "text", **more: str) -> bytes:
    parts = opendocument_parts(body, kind)
    return a_zip(
        parts | {name.replace("__", "/").replace("_dot_", "."): data for name, data in more.items()},
        stored=("mimetype",),
    )

"""Pictures of a document's pages, made each time someone looks and never kept: there is no copy to forget."""

import io

import pypdfium2
from PIL import Image

from .refusing import NotAccepted

WIDTH = 1000
_NO_PICTURE = "No picture can be made of this page."


def picture_of(type: str, data: bytes, page: int) -> bytes:
    """A PNG of one page, counted from 1, or of a picture made smaller. Raises NotAccepted where there is none."""
    try:
        drawn = _pdf_page(data, page) if type == "pdf" else _smaller(data)
    except NotAccepted:
        raise
    # pdfium and Pillow raise many kinds of error for what they can't draw.
    except Exception as error:
        raise NotAccepted(_NO_PICTURE) from error
    out = io.BytesIO()
    drawn.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _pdf_page(data: bytes, number: int) -> Image.Image:
    pdf = pypdfium2.PdfDocument(data)
    if not 1 <= number <= len(pdf):
        raise NotAccepted(_NO_PICTURE)
    page = pdf[number - 1]
    width, height = page.get_size()
    # A page of another shape is made to fit: a strip a mile long would fill the memory.
    scale = min(WIDTH / max(width, 1), 2 * WIDTH / max(height, 1), 4)
    return page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")


def _smaller(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as opened:
        opened.thumbnail((WIDTH, 2 * WIDTH))
        return opened.convert("RGBA" if opened.has_transparency_data else "RGB")

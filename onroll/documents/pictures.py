"""Pictures are drawn anew, so that nothing but what the eye sees comes in: no place, no camera, no hidden file."""

import io
import zlib
from collections.abc import Iterable

from PIL import Image, ImageOps

from .refusing import Kept, NotAccepted

MOST_PIXELS = 20_000_000
_BROKEN = "The picture can’t be read. It may be damaged: open it, save it again and choose the new file"


def accept_png(data: bytes) -> Kept:
    return Kept(_redrawn(data, ["PNG"], "PNG"))


def accept_jpeg(data: bytes) -> Kept:
    return Kept(_redrawn(data, ["JPEG"], "JPEG"))


def accept_heic(data: bytes) -> Kept:
    import pillow_heif

    pillow_heif.register_heif_opener()
    return Kept(_redrawn(data, ["HEIF"], "JPEG"))


def _redrawn(data: bytes, formats: Iterable[str], to: str) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=list(formats)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAccepted("The picture has more than 20 million pixels. Make it smaller, and choose it again")
            opened.load()
            picture = ImageOps.exif_transpose(opened)
            plain = Image.frombytes("RGB", (1, 1), bytes(3))
            if to == "PNG" and (picture.has_transparency_data or picture.mode in ("LA", "RGBA")):
                plain = picture.convert("RGBA")
            else:
                plain = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    except NotAccepted:
        raise
    # Pillow's readers raise what their formats bring: none of it is more than "can't be read".
    except Exception as error:
        raise NotAccepted(_BROKEN) from error
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    out = io.BytesIO()
    clean.save(out, to, **({"quality": 88} if to == "JPEG" else {"compress_level": 6}))
    return out.getvalue()


# Pictures inside other documents keep every pixel and lose what was written beside them.


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG without EXIF, XMP, IPTC and comments. One that can't be read so is left as it is."""
    kept, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker == 0xDA or length < 2:
            break
        # APP0 (size), APP2 (colours) and APP14 (colours) belong to the picture.
        if not (0xE1 <= marker <= 0xEF and marker not in (0xE2, 0xEE)) and marker != 0xFE:
            kept += data[at : at + 2 + length]
        at += 2 + length
    return bytes(kept + data[at:])


_OF_A_PNG = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"iCCP", b"bKGD", b"pHYs", b"sBIT")


def bare_png(data: bytes) -> bytes:
    """A PNG without the words, times and places written beside the picture. What follows its end is left out."""
    kept, at = bytearray(data[:8]), 8
    while at + 12 <= len(data):
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        whole = data[at : at + 12 + length]
        if name in _OF_A_PNG and len(whole) == 12 + length and zlib.crc32(whole[4:-4]) == int.from_bytes(whole[-4:]):
            kept += whole
        at += 12 + length
        if name == b"IEND":
            break
    return bytes(kept)

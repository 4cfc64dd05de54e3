"""From a path or an upload to rows of text: what may be read, how much of it, and in which encoding.

Nothing here knows what the rows mean. Whatever is wrong with a file as a file is `Unreadable`, in words.
"""

import csv
import io
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lxml import etree

from .problems import Unreadable


@dataclass(frozen=True)
class Limits:
    """How much one import may hold, so that no file can exhaust the machine."""

    bytes: int = 50 * 1024 * 1024
    unpacked: int = 200 * 1024 * 1024
    members: int = 1_000
    ratio: int = 100
    rows: int = 200_000
    columns: int = 500
    cell: int = 32_768
    # Parts of one child in XML: a child is held in memory until its end.
    parts: int = 50_000
    seconds: float = 60.0


@dataclass(frozen=True)
class Upload:
    """One file as it came: its name without any folder, and its bytes."""

    name: str
    data: bytes

    @property
    def kind(self) -> str:
        """What the bytes are, whatever the name says: zip, xlsx, xls, xml, empty or csv."""
        start = self.data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
        if not start and not self.data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
            return "empty"
        if self.data.startswith(b"PK\x03\x04"):
            return "xlsx" if b"[Content_Types].xml" in self.data[:4096] or b"xl/" in self.data[-4096:] else "zip"
        if self.data.startswith(b"\xd0\xcf\x11\xe0"):
            return "xls"
        if start.startswith(b"<") or self.data[:4] in (b"\xff\xfe<\x00", b"\xfe\xff\x00<"):
            return "xml"
        return "csv"


@dataclass
class Sheet:
    """The rows of one file, each with the line it began on."""

    name: str
    encoding: str
    headings: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


class Clock:
    """Stops a reading that takes longer than any real file needs."""

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds

    def check(self) -> None:
        if time.monotonic() > self.ends:
            raise Unreadable("This took too long to read, and was stopped. Load the files in smaller parts.")


def gather(paths: Iterable[Path], limits: Limits | None = None) -> list[Upload]:
    """The files of a folder, a zip, or a list of either, in order of name. Folders inside are not entered."""
    limits = limits or Limits()
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(item for item in path.iterdir() if item.is_file() and not item.name.startswith("."))
        elif path.is_file():
            files.append(path)
        else:
            raise Unreadable(f"There is no file or folder called {path.name}.")
    if not files:
        raise Unreadable("There is no file to read here.")
    too_big = sum(path.stat().st_size for path in files)
    if too_big > limits.bytes:
        raise Unreadable(f"These files are larger than {limits.bytes // 1024 // 1024} MB. Load them in parts.")
    return unpacked([Upload(path.name, path.read_bytes()) for path in files], limits)


def unpacked(uploads: Iterable[Upload], limits: Limits | None = None) -> list[Upload]:
    """The uploads with every zip replaced by what it holds. A zip inside a zip is refused."""
    limits = limits or Limits()
    uploads = list(uploads)
    if sum(len(upload.data) for upload in uploads) > limits.bytes:
        raise Unreadable(f"These files are larger than {limits.bytes // 1024 // 1024} MB. Load them in parts.")
    found: list[Upload] = []
    for upload in uploads:
        found += _members(upload, limits) if upload.kind == "zip" else [upload]
    if len(found) > limits.members:
        raise Unreadable(f"There are more than {limits.members:,} files here. Load only those of this feed.")
    return found


def _members(upload: Upload, limits: Limits) -> Iterator[Upload]:
    """The files in a zip, each read no further than the limits allow, whatever its directory claims."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(upload.data))
        members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise Unreadable(f"{upload.name} is damaged: it can't be opened as a zip. Make it again.") from error
    if len(members) > limits.members:
        raise Unreadable(f"{upload.name} holds more than {limits.members:,} files. Zip only those of this feed.")
    room = min(limits.unpacked, max(len(upload.data), 1) * limits.ratio)
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/")).name
        if not name or name.startswith("."):
            continue
        if member.flag_bits & 0x1:
            raise Unreadable(f"{upload.name} is locked with a password. Make it again without one.")
        if (member.external_attr >> 16) & 0o170000 == 0o120000:
            raise Unreadable(f"{name} in {upload.name} is a link to another file. Put the file itself in the zip.")
        try:
            with archive.open(member) as file:
                data = file.read(room + 1)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RuntimeError) as error:
            raise Unreadable(f"{name} in {upload.name} is damaged. Make the zip again.") from error
        except Exception as error:  # a damaged stream raises the decompressor's own errors, which share no base
            raise Unreadable(f"{name} in {upload.name} can't be unpacked. Make the zip again.") from error
        room -= len(data)
        if room < 0:
            raise Unreadable(f"{upload.name} unpacks to far more than it should hold, so it was not read.")
        inner = Upload(name, data)
        if inner.kind == "zip":
            raise Unreadable(f"{name} is a zip inside {upload.name}. Put the files themselves in one zip.")
        yield inner


def decoded(upload: Upload) -> tuple[str, str]:
    """The text of a file, and the encoding it was in, in words."""
    data = upload.data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError as error:
            raise Unreadable(f"{upload.name} says it is UTF-16 and is not. Save it as CSV UTF-8.") from error
    if b"\x00" in data:
        raise Unreadable(f"{upload.name} holds bytes that no text has. Save it again as CSV UTF-8.")
    try:
        if data.startswith(b"\xef\xbb\xbf"):
            return data.decode("utf-8-sig"), "UTF-8 with a byte order mark"
        return data.decode("utf-8"), "plain ASCII" if data.isascii() else "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            f"{upload.name} line {line} has a character in no encoding we know. Save it as CSV UTF-8."
        ) from error


_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def read_csv(upload: Upload, limits: Limits | None = None, clock: Clock | None = None) -> Sheet:
    """The headings and rows of a CSV file. Cells are text, stripped, and keep their leading zeros.

    Rows with nothing in them are passed over. Short rows are filled with empty cells; what a row has beyond the
    headings stays, for the feed to speak about.
    """
    limits, clock = limits or Limits(), clock or Clock((limits or Limits()).seconds)
    if upload.kind in ("xlsx", "xls"):
        raise Unreadable(f"{upload.name} is an Excel workbook. Save each sheet as CSV UTF-8 and load those.")
    text, encoding = decoded(upload)
    first_line = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first_line.count)
    if separator != "," and first_line.count(separator):
        encoding = f"{encoding}, separated by {_SEPARATORS[separator]}"
    csv.field_size_limit(limits.cell)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator if separator in first_line else ",", strict=True
    )
    sheet: Sheet | None = None
    width = 0
    try:
        began = 1
        for cells in reader:
            line, began = began, reader.line_num + 1
            if not any(cells):
                continue
            cells = [cell.strip() for cell in cells]
            if sheet is None:
                width = len(cells)
                if width > limits.columns:
                    raise Unreadable(f"{upload.name} has more than {limits.columns} columns. Is it the right file?")
                sheet = Sheet(upload.name, encoding, cells)
                continue
            if len(cells) < width:
                cells += [""] * (width - len(cells))
            sheet.rows.append((line, cells))
            if len(sheet.rows) > limits.rows:
                raise Unreadable(f"{upload.name} has more than {limits.rows:,} rows. Load it in parts.")
            if not len(sheet.rows) & 4095:
                clock.check()
    except csv.Error as error:
        raise Unreadable(
            f"{upload.name} line {reader.line_num} can't be read as CSV ({error}). Look for a stray quotation mark."
        ) from error
    return sheet or Sheet(upload.name, encoding, [])


def elements(upload: Upload, tag: str, clock: Clock | None = None) -> Iterator[etree._Element]:
    """Each element called `tag` just below the root of an XML file, emptied when the caller has had it.

    Only elements and text are read: a file with a document type is refused, and no entity is opened.
    """
    clock, most = clock or Clock(Limits().seconds), Limits().parts
    parser = etree.iterparse(
        io.BytesIO(upload.data),
        events=("start", "end"),
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = count = parts = 0
    try:
        for event, element in parser:
            if event == "start":
                if depth == 0 and element.getroottree().docinfo.doctype:
                    raise Unreadable(f"{upload.name} has a document type (DOCTYPE), which we do not open. Remove it.")
                depth, count, parts = depth + 1, count + 1, parts + 1
                if not count & 1023:
                    clock.check()
                if parts > most:
                    raise Unreadable(f"{upload.name} has more in one child than any child has. Make the file again.")
                continue
            depth -= 1
            if depth == 1:
                if element.tag == tag:
                    yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
                parts = 0
    except etree.XMLSyntaxError as error:
        raise Unreadable(
            f"{upload.name} line {error.lineno} can't be read as XML ({error.msg}). Make the file again."
        ) from error

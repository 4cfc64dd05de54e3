"""Tables as files: what is seen and nothing else, and no cell that a spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from django.http import HttpResponse

# A spreadsheet takes a cell that starts so for a formula; the full-width forms too. (OWASP ASVS V1.2.10)
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(value: Any) -> str:
    """The value as text of a CSV cell: with an apostrophe before it where a spreadsheet would take it for a formula."""
    text = value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, above: Iterable[Sequence[Any]] = ()) -> bytes:
    """The table as CSV, UTF-8 with a byte order mark, as spreadsheet programs expect it. `above` stands over it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([harmless(value) for value in row] for row in above)
    writer.writerow([harmless(heading) for heading in headings])
    writer.writerows([harmless(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def xlsx_bytes(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, above: Sequence[Sequence[str]] = ()
) -> bytes:
    """The table as one sheet of an Excel workbook: text as text, days as days, whole numbers as numbers.

    `above` are lines of text over it, which also stand at the foot of each printed page, as far as there is room.
    The same table gives the same bytes: the workbook names no author and no time.
    """
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = workbook.add_worksheet("".join(c for c in title if c not in "[]:*?/\\")[:31])
    workbook.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
    bold, day = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "dd/mm/yyyy"})
    for number, lines in enumerate(above):
        for column, value in enumerate(lines):
            sheet.write_string(number, column, value)
    top = len(above)
    sheet.write_row(top, 0, headings, bold)
    sheet.freeze_panes(top + 1, 0)
    for number, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)  # type: ignore[arg-type]
            elif isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(value))
    sheet.autofit(max_width=400)
    if above:
        # An ampersand begins a code of the footer, and more than 255 characters are refused.
        foot = " · ".join(line[0] for line in above[:3])[:120].replace("&", "&&")
        sheet.set_footer(f"&L{foot}&RPage &P of &N")
    workbook.close()
    return file.getvalue()


def as_csv(name: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """An answer that hands the table over as a CSV file. `title` has no place in it."""
    return _file(f"{name}.csv", "text/csv; charset=utf-8", csv_bytes(headings, rows))


def as_xlsx(name: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """An answer that hands the table over as an Excel workbook."""
    return _file(f"{name}.xlsx", XLSX, xlsx_bytes(title, headings, rows))


def _file(name: str, kind: str, data: bytes) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )

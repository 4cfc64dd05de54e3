"""Exchange files out: what was brought in or typed, row for row, and nothing that the product works out itself."""

import csv
import io
import os
import zipfile
from pathlib import Path

from onroll.access.actors import Actor
from onroll.children.closing import closed_records
from onroll.history.changes import change, verb

from .tables import TABLES
from .tables.table import Holdings, Table

EXPORTED = verb("exchange.exported", "{actor} wrote the exchange files of the whole authority")


def as_text(table: Table, holdings: Holdings) -> str:
    """One file: its header and its rows, in the order of its columns from the first on."""
    rows = sorted([column.write(each.values[column.name]) for column in table.columns] for each in table.held(holdings))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows(rows)
    return out.getvalue()


def _leave_out_closed(holdings: Holdings) -> None:
    for child in closed_records(holdings.actor.authority):
        holdings.numbers.pop(child, None)


def export(folder: Path, *, actor: Actor, with_closed: bool = False) -> list[Path]:
    """Write every file of the format into `folder`, readable by its owner alone. The act is in the history.

    Records that an adoption closed are in them only where both custodians have said so (`actions.sealing.open_all`).
    These files are for machines: cells are as held, without the guard that files for spreadsheets have.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    holdings = Holdings.of(actor)
    if not with_closed:
        _leave_out_closed(holdings)
    written = []
    with change("exchange.exported", actor=actor):
        for table in TABLES:
            path = folder / table.file
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(as_text(table, holdings))
            written.append(path)
    return written


def as_zip(*, actor: Actor) -> bytes:
    """Every file of the format in one zip, the same bytes for the same record. The act is in the history."""
    holdings = Holdings.of(actor)
    _leave_out_closed(holdings)
    packed = io.BytesIO()
    with change("exchange.exported", actor=actor), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in TABLES:
            archive.writestr(zipfile.ZipInfo(table.file), as_text(table, holdings), zipfile.ZIP_DEFLATED)
    return packed.getvalue()

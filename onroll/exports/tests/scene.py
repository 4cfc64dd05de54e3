"""What the tests of exports are set up with."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from onroll.access.models import Account
from onroll.children.models import Child
from onroll.children.tests.scene import write
from onroll.exports import storing
from onroll.exports.models import Export, as_keys

PAGE = "<!doctype html><html lang='en'><head><title>Copy</title><style>p{{}}</style></head><body><main><h1>{}</h1>"


def a_copy(child: Child, by: Account, *, name: str = "", **fields: Any) -> Export:
    """A copy of the child's record, as it was made by this person a minute ago, with its file."""
    at = timezone.now() - timedelta(minutes=1)
    data = f"{PAGE.format(name or child.name)}</main></body></html>".encode()
    made: dict[str, Any] = {
        "authority_id": child.authority_id,
        "kind": Export.Kind.COPY,
        "state": Export.State.READY,
        "made_by": by,
        "role": "vsh",
        "made_at": at,
        "keep_until": at + timedelta(days=7),
        "recipient": "school",
        "reader": "Pat Oakes, designated teacher",
        "purpose": "To plan the first week",
        "columns": ["a"],
        "sections": "a",
        "children": as_keys([child.pk]),
        "format": Export.Format.HTML,
        "sha256": "0" * 64,
        "size": len(data),
    }
    export = Export(**made | fields)
    storing.keep(export, data)
    return write(export)

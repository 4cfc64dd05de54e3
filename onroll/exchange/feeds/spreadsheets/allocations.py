"""The spreadsheet of who works with whom."""

from typing import Any

from onroll.access.roles import Role
from onroll.exchange.feeds.exchange.tables.identity import ALLOCATIONS as TABLE
from onroll.exchange.feeds.exchange.tables.table import DoesNotFit, Holdings
from onroll.exchange.sheets import SheetColumn

from .cells import CHILD, END, START, coded, words
from .mapped import mapped_feed

_ROLES = dict(Role.choices)


def person_called(cell: str, holdings: Holdings) -> str:
    """The e-mail of the person a cell means: an e-mail, or a name that only one person has."""
    if "@" in cell:
        return holdings.account(cell).email
    wanted = " ".join(cell.replace(",", " ").lower().split())
    turned = " ".join(reversed(wanted.split(" ", 1))) if " " in wanted else wanted
    found = {
        account.email
        for account in holdings.accounts.values()
        if " ".join(account.name.lower().split()) in (wanted, turned)
    }
    if len(found) == 1:
        return found.pop()
    if found:
        raise DoesNotFit("Person", "More than one person has this name: give the e-mail address")
    raise DoesNotFit("Person", "No one of this name has a post here: add the person first, or give the e-mail address")


def _values(row: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    return {
        "child_id": row["child_id"],
        "email": person_called(row["person"], holdings),
        "role": row["role"],
        "start": row["start"],
        "end": row["end"],
    }


ALLOCATIONS = mapped_feed(
    "allocations",
    "Allocations",
    "A spreadsheet of who works with each child: social workers, managers, reviewing officers, advisers, carers.",
    [
        CHILD,
        SheetColumn(
            "person",
            "Person",
            words(254),
            ("email", "e-mail", "worker", "allocated worker", "name", "social worker"),
            needed=True,
            hint="An e-mail address, or a name that only one person has",
        ),
        SheetColumn("role", "Role", coded(_ROLES, "a role"), ("post", "type of worker"), needed=True),
        START,
        END,
    ],
    TABLE,
    _values,
    source="list",
    order=21,
)

"""The spreadsheet of designated teachers, school by school."""

from typing import Any

from onroll.access.roles import Role
from onroll.exchange.feeds.exchange.tables.authority import PEOPLE
from onroll.exchange.feeds.exchange.tables.table import DoesNotFit, Holdings
from onroll.exchange.sheets import SheetColumn

from .cells import END, START, coded, setting_of, words
from .mapped import mapped_feed

_ROLES = {role.value: role.label for role in (Role.DESIGNATED_TEACHER, Role.DEPUTY_DT)}


def _values(row: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    if "@" not in row["email"]:
        raise DoesNotFit("E-mail", "This is not an e-mail address, and without one the teacher can't sign in")
    return {
        "email": row["email"],
        "given_name": row["given_name"],
        "family_name": row["family_name"],
        "role": row["role"] or Role.DESIGNATED_TEACHER.value,
        "team": "",
        "setting_id": setting_of(row["school"], holdings),
        "start": row["start"],
        "end": row["end"],
    }


TEACHERS = mapped_feed(
    "teachers",
    "Designated teachers",
    "A spreadsheet of designated teachers and their deputies: one row for each post at a school.",
    [
        SheetColumn("school", "School", words(200), ("urn", "school name", "school urn", "laestab"), needed=True),
        SheetColumn("given_name", "Given name", words(100), ("first name", "forename"), needed=True),
        SheetColumn("family_name", "Family name", words(100), ("surname", "last name"), needed=True),
        SheetColumn("email", "E-mail", words(254), ("email", "email address", "e-mail address"), needed=True),
        SheetColumn("role", "Role", coded(_ROLES, "a role at a school")),
        START,
        END,
    ],
    PEOPLE,
    _values,
    source="list",
    order=23,
)

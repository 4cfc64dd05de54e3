"""The spreadsheet of school places."""

from typing import Any

from onroll.children.models import Disclosure, SchoolPlace
from onroll.exchange.feeds.exchange.tables.school_places import SCHOOL_PLACES
from onroll.exchange.feeds.exchange.tables.table import Holdings
from onroll.exchange.sheets import SheetColumn

from .cells import CHILD, END, START, coded, hours, setting_of, words
from .mapped import mapped_feed

_KINDS = dict(SchoolPlace.Kind.choices)
_REASONS = dict(SchoolPlace.LeavingReason.choices)


def _values(row: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    return {
        "child_id": row["child_id"],
        "setting_id": setting_of(row["school"], holdings) if row["school"] else "",
        "start": row["start"],
        "end": row["end"],
        "kind": row["kind"] or SchoolPlace.Kind.MAIN.value,
        "hours_per_week": row["hours_per_week"],
        "full_time_hours": row["full_time_hours"],
        "leaving_reason": row["leaving_reason"],
        "disclosure": Disclosure.ORDINARY.value,
        "why_this_school": row["why_this_school"],
        "confirmed_on": None,
        "follows_closure": False,
    }


PLACES = mapped_feed(
    "places",
    "School places",
    "A spreadsheet of where children learn: one row for each place, with its start and its end.",
    [
        CHILD,
        SheetColumn(
            "school",
            "School",
            words(200),
            ("urn", "school urn", "setting", "school name", "establishment", "laestab", "setting id"),
            hint="URN, LAESTAB, or the name where only one open school has it",
        ),
        START,
        END,
        SheetColumn("kind", "Kind of place", coded(_KINDS, "a kind of place"), ("kind", "type of place", "enrolment")),
        SheetColumn("hours_per_week", "Hours a week", hours, ("hours", "hours offered", "weekly hours")),
        SheetColumn("full_time_hours", "Full-time hours", hours, ("full time is",)),
        SheetColumn("leaving_reason", "Reason for leaving", coded(_REASONS, "a reason for leaving")),
        SheetColumn("why_this_school", "Why this school", words(500)),
    ],
    SCHOOL_PLACES,
    _values,
    source="school",
    order=20,
)

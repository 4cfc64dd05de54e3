"""results.csv and destinations.csv: what was found of a child in a subject, and what young people of 16 and over do.

The columns of the format, then those that came later.
"""

from onroll.attainment.models import Result
from onroll.authorities.models import CalendarEntry
from onroll.codes import NCCIS_ACTIVITY
from onroll.peps.models import Activity

from ..cells import code, day, one_of, text
from .peps import year
from .table import DoesNotFit, Held, Holdings, facts_of_a_child


def _refuse(held: Held | None, values: dict[str, object], holdings: Holdings) -> None:
    if values["stage"] == Result.Stage.TERMLY and not values["term"]:
        raise DoesNotFit("term", "is empty, and the stage is termly: give the term")


RESULTS = facts_of_a_child(
    "results",
    "Results",
    Result,
    (
        text("child_id", 20, needed=True),
        text("setting_id", 20),
        year("academic_year", needed=True),
        one_of("term", CalendarEntry.Term.values),
        one_of("stage", Result.Stage.values, needed=True),
        text("subject", 100, needed=True),
        one_of("measure", Result.Measure.values),
        text("value", 300),
        text("source", 60),
        one_of("status", Result.Status.values),
        one_of("on_track", Result.OnTrack.values),
        text("goal", 300),
    ),
    key=("child_id", "setting_id", "academic_year", "term", "stage", "subject", "measure"),
    fields={"setting_id": "school", "source": "told_by"},
    refuse=_refuse,
)

DESTINATIONS = facts_of_a_child(
    "destinations",
    "Activities at 16 and over",
    Activity,
    (
        text("child_id", 20, needed=True),
        day("on", needed=True),
        code("activity", NCCIS_ACTIVITY, needed=True),
        text("provider", 200),
        day("since"),
    ),
)

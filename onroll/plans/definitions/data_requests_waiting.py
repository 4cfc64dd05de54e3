"""Days that a request for data within the council has waited.

For each request written down by an action of a plan: the days from that on which the data was asked for to that on
which it was supplied, or to the reference date where it was not. The first day counts, the last does not.

Worked example, on 2026-03-31:

    PEP completion by team: asked 2026-03-01; supplied 2026-03-11 -> 10
    Attendance by school: asked 2026-03-21 -> 10
    Settings of the youngest: asked 2026-03-30; supplied 2026-04-20 -> 1
    Results of the summer: asked 2026-04-01 -> left out
    all: 21 of 3
"""

from collections.abc import Iterator

from onroll.access.can import Can
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..models import Asked


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each request that was made by the reference date: the days it had waited by then."""
    for asked in Asked.objects.filter(authority_id=cohort.actor.authority, requested_on__lte=cohort.as_at):
        came = asked.supplied_on if asked.supplied_on and asked.supplied_on <= cohort.as_at else None
        days = ((came or cohort.as_at) - asked.requested_on).days
        own = {"item": asked.item, "state": "closed" if came else "open", "asked_of": asked.asked_of}
        yield Row(None, days, own=own)


MEASURE = Measure(
    id="data-requests-waiting",
    title="Days that requests for data within the council have waited",
    part="Days from asking to supply, or to the reference date where the data has not come",
    whole="Requests made by the reference date",
    unit=Unit.DAYS,
    period=PeriodKind.MONTH,
    source="Plans",
    of="requests",
    better="lower",
    group="The plan",
    answers=("W24",),
    own={"item": "Data asked for", "state": "Open or closed", "asked_of": "Asked of"},
    own_words={"item": {}, "state": {"open": "Open", "closed": "Closed"}, "asked_of": {}},
    requires=Can.SEE_PLAN,
    rows=rows,
)

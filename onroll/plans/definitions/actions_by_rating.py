"""Actions of the plan by the rating that their leads gave them.

Each action of a plan at work on the reference date is counted once, under the rating it had on that day: off track, in
progress, completed, or not rated.

Worked example, on 2026-03-31:

    Read every PEP twice: rated Off Track 2026-01-10; rated In Progress 2026-03-02 -> 1
    Ring schools on the first day: rated Completed 2026-02-01 -> 1
    Pay within ten days: rated Completed 2026-04-01 -> 1
    Keep a list of children without a place: due 2026-02-28 -> 1
    Meet every month: begins 2026-04-06 -> left out
    all: 4
"""

from collections.abc import Iterator

from onroll.access.can import Can
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..models import Rated
from ..standing import actions_on

NOT_RATED = "not_rated"
OWN = {"rating": "Rating", "section": "Section", "lead": "Responsible officer", "plan": "Plan"}
RATINGS = {
    Rated.OFF_TRACK.value: "Off Track",
    Rated.IN_PROGRESS.value: "In Progress",
    Rated.COMPLETED.value: "Completed",
}
OWN_WORDS = {"rating": {**RATINGS, NOT_RATED: "Not rated"}, "section": {}, "lead": {"": "Nobody yet"}, "plan": {}}


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each action at work on the reference date."""
    for each in actions_on(cohort.actor.authority, cohort.as_at):
        own = {"rating": each.rating or NOT_RATED, "section": each.section, "lead": each.leads, "plan": each.plan}
        yield Row(None, 1, own=own)


MEASURE = Measure(
    id="actions-by-rating",
    title="Actions of the plan by rating",
    part="Actions of the plans at work, by the rating they had on the reference date",
    whole="",
    unit=Unit.COUNT,
    period=PeriodKind.MONTH,
    source="Plans",
    of="actions",
    group="The plan",
    answers=("W98",),
    beside=("actions-past-their-end",),
    own=OWN,
    own_words=OWN_WORDS,
    requires=Can.SEE_PLAN,
    rows=rows,
)

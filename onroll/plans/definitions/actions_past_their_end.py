"""Actions of the plan whose end has passed and which are not completed.

An action is past its end when the month of its due date has ended before the reference date. One that goes on, has no
date, or comes round (termly, weekly) without an end of its own never is: the plan proposes no month for it.

Worked example, on 2026-03-31:

    Read every PEP twice: due 2026-02-28; rated In Progress 2026-03-02 -> 1
    Ring schools on the first day: due 2026-02-28; rated Completed 2026-02-01 -> left out
    Pay within ten days: due 2026-02-28; rated Completed 2026-04-01 -> 1
    Keep a list of children without a place: due 2026-03-15 -> left out
    Meet every month: due 2026-01-31; begins 2026-04-06 -> left out
    Hold a forum every term: due 2026-02-28; rhythm term; ends 2026-03-01 -> left out
    all: 2
"""

from collections.abc import Iterator
from datetime import date, timedelta

from onroll.access.can import Can
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..models import Rated
from ..standing import actions_on
from .actions_by_rating import OWN, OWN_WORDS


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each action whose month has ended and which was not completed on the reference date."""
    for each in actions_on(cohort.actor.authority, cohort.as_at):
        if each.due_on is None or each.comes_round or each.rating == Rated.COMPLETED:
            continue
        if _end_of_month(each.due_on) < cohort.as_at:
            yield Row(None, 1, own={"section": each.section, "lead": each.leads, "plan": each.plan})


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


MEASURE = Measure(
    id="actions-past-their-end",
    title="Actions of the plan past their end and not completed",
    part="Actions whose month of ending is over and which are not rated completed",
    whole="",
    unit=Unit.COUNT,
    period=PeriodKind.MONTH,
    source="Plans",
    of="actions",
    better="lower",
    group="The plan",
    answers=("W99",),
    beside=("actions-by-rating",),
    own={key: words for key, words in OWN.items() if key != "rating"},
    own_words={key: words for key, words in OWN_WORDS.items() if key != "rating"},
    requires=Can.SEE_PLAN,
    rows=rows,
)

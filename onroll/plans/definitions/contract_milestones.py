"""Milestones of a contract met in time.

Yes for a milestone that was achieved on or before the day it was due. One whose day is not over and which is not
achieved says nothing yet, nor does one without a day. The end of a contract is a day to be warned of, and no
milestone. Which contract it is about, the plan says itself: that of the action for which this measure is chosen.
Together they are met if each one is.

Worked example, on 2026-03-31:

    Extension signed: contract due 2025-09-21; achieved 2025-09-21 -> yes
    Specification agreed: contract due 2025-11-30; achieved 2025-12-01 -> no
    Tender published: contract due 2026-03-30 -> no
    New service in use: contract due 2026-04-30; achieved 2026-04-02 -> left out
    Handover: contract due 2026-03-31 -> left out
    Price agreed early: contract due 2026-06-30; achieved 2026-03-31 -> yes
    Present contract ends: contract_end due 2026-01-31 -> left out
    Everybody is told: step due 2026-01-31 -> left out
    Another service: contract due 2026-01-31; another measure -> left out
    all: no
"""

from collections.abc import Iterator

from onroll.access.can import Can
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..models import Milestone
from ..standing import actions_answered_by

ID, ANSWERS = "contract-milestones-met", "M80"


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each milestone of a contract that was achieved or whose day is over: 1 if it was achieved in time."""
    for action in actions_answered_by(cohort.actor.authority, ID, ANSWERS):
        for milestone in action.milestones.all():
            due, achieved = milestone.due_on, milestone.achieved_on
            if milestone.kind != Milestone.Kind.CONTRACT or due is None:
                continue
            if achieved is not None and achieved > cohort.as_at:
                achieved = None
            if achieved is not None or due < cohort.as_at:
                own = {"milestone": milestone.words, "action": action.words}
                yield Row(None, int(achieved is not None and achieved <= due), own=own)


MEASURE = Measure(
    id=ID,
    title="Milestones of the contract met in time",
    part="Whether each milestone of the contract was achieved on or before the day it was due",
    whole="",
    unit=Unit.YES_NO,
    period=PeriodKind.ACADEMIC_YEAR,
    source="Plans",
    of="milestones",
    better="higher",
    group="The plan",
    answers=(ANSWERS,),
    own={"milestone": "Milestone", "action": "Action"},
    own_words={"milestone": {}, "action": {}},
    note="It is about the contracts of the actions of the plan that it is chosen for.",
    requires=Can.SEE_PLAN,
    rows=rows,
)

"""An improvement plan agreed by the working group.

Yes when the plan that grew out of the action was agreed by the reference date and its working group has met at least
once by then. Which action it is about, the plan says itself: the one that this measure is chosen for. Where it is
chosen for several, each must say yes.

Worked example, on 2026-03-31:

    PEPs at sixteen: group held 2026-02-03; led to a plan agreed 2026-03-20 -> yes
    PEPs of the youngest: group held 2026-02-03; led to a plan agreed 2026-04-20 -> no
    Attendance: group cancelled 2025-12-08; led to a plan agreed 2026-03-20 -> no
    Moves of school: group held 2026-04-02; led to a plan agreed 2026-03-20 -> no
    Carers: group held 2026-02-03; led to a plan without a day -> no
    Training: group held 2026-02-03; another measure; led to a plan agreed 2026-03-20 -> left out
    all: no
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.can import Can
from onroll.codes.years import academic_year, academic_year_of
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..models import Action, Meeting
from ..standing import actions_answered_by

ID, ANSWERS = "plan-agreed-by-a-working-group", "W21"
STATES = {str(code): str(words) for code, words in Meeting.State.choices}


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each action that this measure is chosen for: 1 if its group has met and its plan is agreed."""
    actions = actions_answered_by(cohort.actor.authority, ID, ANSWERS)
    for action in actions:
        met = any(meeting.state == Meeting.State.HELD for meeting in _of_groups(action, cohort))
        plan = action.led_to
        agreed = plan is not None and plan.agreed_on is not None and plan.agreed_on <= cohort.as_at
        yield Row(None, int(met and agreed), own={"action": action.words})
    if not actions:
        yield Row(None, 0, own={"action": "No action"})


def meeting_rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each meeting of those working groups in the academic year. One to come is arranged or cancelled."""
    year = academic_year(academic_year_of(cohort.as_at))
    for action in actions_answered_by(cohort.actor.authority, ID, ANSWERS):
        for meeting in action.meetings.all():
            if meeting.working_group and meeting.on in year:
                to_come = meeting.on > cohort.as_at and meeting.state == Meeting.State.HELD
                state = Meeting.State.ARRANGED.value if to_come else meeting.state
                yield Row(None, 1, own={"meeting": state, "action": action.words})


def _of_groups(action: Action, cohort: Cohort) -> list[Meeting]:
    """The meetings of a working group on the action whose day had come."""
    return [each for each in action.meetings.all() if each.working_group and each.on <= cohort.as_at]


MEASURE = Measure(
    id=ID,
    title="Improvement plan agreed by the working group",
    part="Whether the working group has met and the plan that grew out of its work is agreed",
    whole="",
    unit=Unit.YES_NO,
    period=PeriodKind.ACADEMIC_YEAR,
    source="Plans",
    of="plans",
    better="higher",
    group="The plan",
    answers=(ANSWERS,),
    beside=("meetings-of-the-working-group",),
    own={"action": "Action"},
    own_words={"action": {}},
    note="It is about the actions of the plan that it is chosen for.",
    requires=Can.SEE_PLAN,
    rows=rows,
)
MEETINGS = replace(
    MEASURE,
    id="meetings-of-the-working-group",
    title="Meetings of the working group",
    part="Meetings of the working group in the academic year, those to come too",
    unit=Unit.COUNT,
    of="meetings",
    better="",
    answers=(),
    beside=(ID,),
    own={"meeting": "What became of it", "action": "Action"},
    own_words={"meeting": STATES, "action": {}},
    rows=meeting_rows,
)
MEASURES = (MEASURE, MEETINGS)

"""The states of a personal education plan and what leads from one to another: the only list of them.

"Late" and "not yet" are worked out from days and never stored. Not started, being written and finished are states of a
section, not of the plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.db import models

from onroll.access.roles import DESIGNATED_TEACHERS, LEADS, Role


class State(models.TextChoices):
    """How far a plan has come."""

    DUE = "due", "Due"
    BOOKED = "booked", "Meeting booked"
    IN_PREPARATION = "in_preparation", "In preparation"
    HELD = "held", "Meeting held"
    SUBMITTED = "submitted", "Submitted"
    IN_AUDIT = "in_audit", "In audit"
    RETURNED = "returned", "Returned"
    SIGNED_OFF = "signed_off", "Signed off"
    EXEMPT = "exempt", "Exempt"
    ON_HOLD = "on_hold", "On hold"
    MISSED = "missed", "Missed"


# The way that a plan goes, in its order; the other states lie aside.
WAY = (
    State.DUE,
    State.BOOKED,
    State.IN_PREPARATION,
    State.HELD,
    State.SUBMITTED,
    State.IN_AUDIT,
    State.SIGNED_OFF,
)
BEFORE_SUBMISSION = (State.DUE, State.BOOKED, State.IN_PREPARATION, State.HELD)
# In these the people whose sections they are write.
WRITTEN_IN = (*BEFORE_SUBMISSION, State.RETURNED)
HANDED_IN = (State.SUBMITTED, State.IN_AUDIT)
# In these nobody has anything more to do.
CLOSED = (State.SIGNED_OFF, State.EXEMPT, State.MISSED)
OPEN = tuple(state for state in State if state not in CLOSED)

THE_VIRTUAL_SCHOOL = (*LEADS, Role.VS_OFFICER)
# Who leads the education part: the setting, or the virtual school for a child without one.
LEADERS = (*DESIGNATED_TEACHERS, *THE_VIRTUAL_SCHOOL)
SOCIAL_WORKERS = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
WRITERS = (*LEADERS, *SOCIAL_WORKERS)


# For whom a person of each role signs. Where no social worker is allocated it is the team manager's turn.
SIGNS: dict[str, tuple[Role, ...]] = {
    "lead": (*DESIGNATED_TEACHERS, *THE_VIRTUAL_SCHOOL),
    "social_worker": SOCIAL_WORKERS,
    "virtual_school": THE_VIRTUAL_SCHOOL,
}


@dataclass(frozen=True)
class Move:
    """One row of the table: from which states, to which, whose act it is, and whether a reason has to be given."""

    words: str
    button: str
    start: tuple[State, ...]
    to: State
    roles: tuple[Role, ...]
    needs_reason: bool = False
    # Done by a rule or in the course of another act, and never a button of its own.
    by_itself: bool = False


class Act(Enum):
    """What can be done with a plan as a whole."""

    BOOK = Move("booked the meeting", "Book the meeting", (State.DUE,), State.BOOKED, WRITERS, by_itself=True)
    BEGIN = Move("began to write", "Begin", (State.DUE, State.BOOKED), State.IN_PREPARATION, WRITERS, by_itself=True)
    HOLD_MEETING = Move(
        "wrote down that the meeting was held",
        "The meeting was held",
        (State.DUE, State.BOOKED, State.IN_PREPARATION),
        State.HELD,
        WRITERS,
    )
    SUBMIT = Move(
        "handed the plan in", "Send to the virtual school", (State.HELD, State.RETURNED), State.SUBMITTED, LEADERS
    )
    DRAW = Move("drew the plan for audit", "Audit this plan", (State.SUBMITTED,), State.IN_AUDIT, THE_VIRTUAL_SCHOOL)
    RETURN = Move("returned the plan", "Return it", HANDED_IN, State.RETURNED, THE_VIRTUAL_SCHOOL, needs_reason=True)
    SIGN_OFF = Move("signed the plan off", "Sign off", HANDED_IN, State.SIGNED_OFF, THE_VIRTUAL_SCHOOL)
    AMEND = Move(
        "opened the plan to amend it",
        "Amend",
        (State.SIGNED_OFF,),
        State.HELD,
        THE_VIRTUAL_SCHOOL,
        needs_reason=True,
    )
    PUT_ON_HOLD = Move(
        "put the plan on hold",
        "Put on hold",
        (*BEFORE_SUBMISSION, State.RETURNED),
        State.ON_HOLD,
        LEADS,
        needs_reason=True,
    )
    TAKE_UP = Move("took the plan up again", "Take it up again", (State.ON_HOLD,), State.IN_PREPARATION, LEADS)
    EXEMPT = Move(
        "said that no plan is needed",
        "No plan is needed",
        (*BEFORE_SUBMISSION, State.RETURNED, State.ON_HOLD),
        State.EXEMPT,
        THE_VIRTUAL_SCHOOL,
        needs_reason=True,
    )
    CLOSE_AS_MISSED = Move(
        "closed the plan as missed",
        "Close as missed",
        (*BEFORE_SUBMISSION, State.RETURNED, State.ON_HOLD),
        State.MISSED,
        THE_VIRTUAL_SCHOOL,
        needs_reason=True,
    )

    @property
    def verb(self) -> str:
        """What the history calls it."""
        return f"pep.{self.name.lower()}"


def acts_in(state: State, role: str) -> list[Act]:
    """What this role can do with a plan in this state, in the order of the table."""
    return [act for act in Act if state in act.value.start and role in act.value.roles and not act.value.by_itself]


def lasting(states: Iterable[State]) -> list[str]:
    """States as the database holds them."""
    return [state.value for state in states]

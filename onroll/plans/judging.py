"""What the measures of an action say together, and where that and the lead's own rating point apart.

The two scales are never made into one: a lead's “In Progress” is no claim about a figure. They point apart
where the figures are off track and the lead does not say so, or the lead says off track and every figure is on track.
"""

from .measuring import Records
from .models import Rated
from .queries import ActionRead, PlanRead

ON, NEAR, OFF, NO_DATA = "on_track", "near", "off_track", "no_data"
# The worst of several counts: an action is on track only when each of its figures is.
_WORST_FIRST = (OFF, NEAR, ON)


def together(states: list[str]) -> str:
    """The state of several measures: the worst of those that have one."""
    return next((state for state in _WORST_FIRST if state in states), NO_DATA)


def states_of(read: PlanRead, records: Records) -> dict[int, str]:
    """What the measures of each action say, by the action."""
    return {
        each.action.pk: together([records.state(answer) for answer in records.answers(each.measures)])
        for each in read.actions
    }


def points_apart(rating: str, state: str) -> bool:
    return (rating, state) in {(Rated.COMPLETED, OFF), (Rated.IN_PROGRESS, OFF), (Rated.OFF_TRACK, ON)}


def disagree(read: PlanRead, states: dict[int, str]) -> list[ActionRead]:
    """The actions of which lead and measures say different things."""
    return [each for each in read.actions if points_apart(each.action.rating, states.get(each.action.pk, NO_DATA))]

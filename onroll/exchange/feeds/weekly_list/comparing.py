"""What a whole-roll list would change in the record as it is.

A list speaks for one day. A child is known by number. What differs from the record began on the day that the list
gives, else on the list's day. A child on the roll whom the list leaves out would get a provisional end. Of a child of
whom a newer list has spoken already, an older one fills only what is empty.
"""

from typing import Any

from onroll.access.actors import Actor
from onroll.exchange.plans import Changes, Checked, Options, Plan

from .care import compare_care
from .children import compare_children
from .comparison import Comparison
from .missing import find_missing
from .people import compare_people
from .reviews import compare_reviews
from .schools import compare_schools
from .telling import tell


def plan(checked: Checked, *, actor: Actor, options: Options) -> Plan:
    """Compare a checked list with the record, and say what would change. Reads only."""
    comparison = Comparison(checked.facts, actor, options)
    before = comparison.holdings.on_the_roll(comparison.on)
    compare_children(comparison)
    compare_care(comparison)
    compare_schools(comparison)
    compare_people(comparison)
    compare_reviews(comparison)
    find_missing(comparison, before)
    return tell(comparison, before)


def write(plan: Plan, *, actor: Actor, this: Any) -> None:
    """What ends is written before what begins, so that a child never has two main schools on the way."""
    ends, beginnings = Changes(), Changes()
    ends.updates, beginnings.creates = plan.changes.updates, plan.changes.creates
    ends.write(this)
    beginnings.write(this)

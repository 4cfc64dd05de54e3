"""What a return would change in the record as it is: the plan that the preview tells and applying carries out.

A return speaks for its collection year. A child is known by number, an episode by child and first day: what a return
shares with an earlier one is updated, never doubled. What lay before the year is not taken away. An older return that
comes after a newer one fills what is empty and never reopens what the newer closed.
"""

from onroll.access.actors import Actor
from onroll.exchange.plans import Checked, Options, Plan

from .children import compare_children
from .comparison import Comparison
from .episodes import compare_episodes, find_implied_endings
from .sensitive import compare_sensitive_facts
from .side_files import compare_side_files
from .telling import tell


def plan(checked: Checked, *, actor: Actor, options: Options) -> Plan:
    """Compare a checked return with the record, and say what would change. Reads only."""
    comparison = Comparison(checked.facts, actor, options)
    before = comparison.holdings.on_the_roll(comparison.told_on)
    compare_children(comparison)
    compare_episodes(comparison)
    find_implied_endings(comparison)
    compare_side_files(comparison)
    compare_sensitive_facts(comparison)
    return tell(comparison, before)

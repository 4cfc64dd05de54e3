"""The checker: what is weak in a target or in a plan as a whole, and how to mend it, by stated rules alone.

No language model and no score (domain `pep/target-checks.md`). The same rules give the writer's hints, the self-check
before a plan is submitted, and ticks of the audit. An authority may turn a rule on or off, and change its severity, its
message and the lists of words; what a rule looks for is fixed, and has a version.

Until an authority says otherwise, eight of the 26 rules of a target are on: no measure, no date, a date outside the
plan's time, no starting point, nobody named, last term's words, money without a measure, and an address or a number.
Beside them stands T26, which guards another child and is no advice; it fires only where the names of others are given.
The rules of the plan as a whole are all on.
"""

from collections.abc import Sequence

from onroll.peps.targets.plan_rules import PLAN_RULES, Plan, ReadPlan
from onroll.peps.targets.rules import HINT, Finding, Settings, findings
from onroll.peps.targets.target_rules import RULES, Read, Target

EIGHT = frozenset({"T01", "T02", "T03", "T04", "T06", "T12", "T16", "T25"})
GUARDS_ANOTHER_CHILD = "T26"
_OF_PLANS = frozenset(rule.id for rule in PLAN_RULES)

DEFAULTS = Settings(on=EIGHT | {GUARDS_ANOTHER_CHILD} | _OF_PLANS)
ALL_RULES = Settings(on=frozenset(rule.id for rule in RULES) | _OF_PLANS)


def check_target(target: Target, settings: Settings = DEFAULTS) -> list[Finding]:
    """What is weak in a target, in the order of the rules."""
    return findings(RULES, Read(target, settings), settings)


def check_plan(plan: Plan, settings: Settings = DEFAULTS) -> list[Finding]:
    """What is weak in a plan beside its targets, in the order of the rules."""
    return findings(PLAN_RULES, ReadPlan(plan, settings), settings)


def is_weak(found: Sequence[Finding]) -> bool:
    """Whether it counts as weak: by any stop or weak rule. A hint never counts."""
    return any(finding.severity is not HINT for finding in found)

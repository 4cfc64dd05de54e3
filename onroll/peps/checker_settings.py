"""What an authority sets of the checker: which rules are used, what each means, and what it says to the writer.

What a rule looks for is the product's and has a version. Two rules guard somebody, and are always used and always stop:
an address or telephone number in a target, and the name of another child.
"""

import re
from dataclasses import dataclass
from typing import Any

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.children.contradictions import Refused, refuse_if
from onroll.history.changes import change, verb

from .models import CheckerRule
from .targets.checker import DEFAULTS
from .targets.plan_rules import PLAN_RULES
from .targets.rules import Rule, Settings, Severity
from .targets.target_rules import RULES

verb("pep.checker_rule_set", "{actor} set a rule of the checker of targets")

GUARDS = frozenset({"T25", "T26"})
LONGEST = 300
_IN_BRACES = re.compile(r"\{[^{}]*\}")


def all_rules() -> dict[str, Rule[Any]]:
    """Every rule by its id: those of a target, then those of the plan as a whole."""
    rules: list[Rule[Any]] = [*RULES, *PLAN_RULES]
    return {rule.id: rule for rule in rules}


@dataclass(frozen=True)
class Chosen:
    """A rule as it stands for an authority. `changed`: it is not as the product has it."""

    rule: Rule[Any]
    on: bool
    severity: Severity
    message: str
    changed: bool

    @property
    def guards(self) -> bool:
        return self.rule.id in GUARDS


def chosen_rules(authority: int) -> list[Chosen]:
    """Every rule as it stands now. One query."""
    newest = {row.rule: row for row in CheckerRule.objects.filter(authority_id=authority).order_by("pk")}
    found = []
    for rule in all_rules().values():
        row = newest.get(rule.id)
        on = (rule.id in DEFAULTS.on) if row is None else row.on
        severity = Severity(row.severity) if row is not None and row.severity else rule.severity
        message = row.message if row is not None and row.message else rule.message
        if rule.id in GUARDS:
            on, severity = True, rule.severity
        same = (rule.id in DEFAULTS.on, rule.severity, rule.message)
        found.append(Chosen(rule, on, severity, message, changed=(on, severity, message) != same))
    return found


def checker_settings(authority: int) -> Settings:
    """The checker as the authority set it, without what a plan and the calendar bring. One query."""
    rules = chosen_rules(authority)
    return Settings(
        on=frozenset(each.rule.id for each in rules if each.on),
        severities={each.rule.id: each.severity for each in rules},
        messages={each.rule.id: each.message for each in rules},
    )


def why_not_message(rule: Rule[Any], message: str) -> str:
    """Why a rule can't say this. In braces stands only what the rule itself names."""
    if len(message) > LONGEST:
        return f"Use {LONGEST} characters or fewer."
    known = set(_IN_BRACES.findall(rule.message))
    unknown = [each for each in _IN_BRACES.findall(message) if each not in known]
    if not unknown:
        return ""
    may = (
        f"In braces this rule knows {', '.join(sorted(known))} alone."
        if known
        else "This rule names nothing in braces."
    )
    return f"Take out {unknown[0]}. {may}"


def set_rule(key: str, *, on: bool, severity: str, message: str, actor: Actor) -> None:
    """Set a rule from today on. An empty severity or message is that of the product."""
    refuse_if("" if can(actor, Can.CHANGE_SETTINGS) else "Your role does not set the checker.")
    rule = all_rules().get(key)
    if rule is None:
        raise Refused("There is no such rule.")
    if key in GUARDS and (not on or severity not in ("", rule.severity)):
        raise Refused("This rule guards a child, and is always used. Its words can be changed.")
    words = message.strip()
    refuse_if(why_not_message(rule, words))
    row = CheckerRule(
        authority_id=actor.authority,
        rule=key,
        on=on,
        severity="" if severity == rule.severity else severity,
        message="" if words == rule.message else words,
        set_on=actor.today,
        set_by_id=actor.account,
    )
    with change("pep.checker_rule_set", actor=actor) as this:
        this.create(row)

"""A rule of the checker, what it finds, and what an authority may set: shared by rules of targets and of plans."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from onroll.peps.targets.reading import WORDS, Words

# Of what the rules look for. A finding says by which version it was made, so that an old one can still be understood.
VERSION = 1

Subject = TypeVar("Subject")


class Severity(StrEnum):
    """What a finding means: a stop can't be submitted, what is weak needs a reason to stay, a hint never counts."""

    STOP = "stop"
    WEAK = "weak"
    HINT = "hint"


STOP, WEAK, HINT = Severity.STOP, Severity.WEAK, Severity.HINT


@dataclass(frozen=True)
class Rule(Generic[Subject]):
    """What is looked for, and what is said. `fires` answers whether, or with the words that made it fire."""

    id: str
    severity: Severity
    looks_for: str
    fires: Callable[[Subject], bool | str]
    message: str


@dataclass(frozen=True)
class Finding:
    """One rule that fired. `phrase`: the words that made it fire, or that its message names."""

    rule: str
    severity: Severity
    message: str
    phrase: str = ""
    version: int = VERSION


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an authority sets: which rules are on, and what differs from the tables of rules.

    `is_school_day` is the calendar's; without it no day is called wrong. `guide_amount` is in pounds for one plan's
    term; without it no sum is high. A message may name what was found in braces, as the one it replaces does.
    """

    on: frozenset[str]
    severities: Mapping[str, Severity] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)
    words: Words = WORDS
    is_school_day: Callable[[date], bool] | None = None
    target_minimum: int = 3
    target_minimum_initial: int = 2
    guide_amount: Decimal | int | None = None


# The names in braces that a message may have. A rule finds one thing, so each message names one.
_NAMED = re.compile(r"\{(?:phrase|initials|name|n|area|known_as|amount)\}")


def findings(rules: Iterable[Rule[Subject]], subject: Subject, settings: Settings) -> list[Finding]:
    """What the rules that are on find, in their order."""
    found = []
    for rule in rules:
        if rule.id in settings.on and (fired := rule.fires(subject)):
            phrase = fired.strip() if isinstance(fired, str) else ""
            message = _NAMED.sub(lambda _, said=phrase: said, settings.messages.get(rule.id, rule.message))
            severity = settings.severities.get(rule.id, rule.severity)
            found.append(Finding(rule.id, severity, message, phrase))
    return found

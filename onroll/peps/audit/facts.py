"""Conditions over named facts, as declarations state them: `sen_provision in K|E`, `targets>=target_minimum`.

A condition is comparisons joined by ` and ` or by ` or `, never by both; `always` is the condition that leaves nothing
out. Its answer is yes, no, or not known: a fact that is not held is never taken for a no. What the facts that are held
decide alone is decided.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

# What the record says, by the keys of facts. A key that is absent, or None: not held.
Facts = Mapping[str, object]


class BadDeclaration(ValueError):
    """What is wrong with a declaration, in words for the person who wrote it."""


class FactKind(StrEnum):
    """What a fact is: True or False; a whole number; or one of its values."""

    YES_NO = "yes_no"
    NUMBER = "number"
    WORD = "word"


@dataclass(frozen=True)
class Fact:
    """Something that the record can say of a plan. `values` are those of a word."""

    key: str
    kind: FactKind
    words: str
    values: tuple[str, ...] = ()

    def of(self, facts: Facts) -> object:
        """What is held; None if nothing is. A value of another kind is a mistake of the part that gives it."""
        value = facts.get(self.key)
        if value is None:
            return None
        right = {
            FactKind.YES_NO: isinstance(value, bool),
            FactKind.NUMBER: isinstance(value, int | Fraction) and not isinstance(value, bool),
            FactKind.WORD: value in self.values,
        }
        if not right[self.kind]:
            raise ValueError(f"{value!r} is no {self.kind} for the fact {self.key}.")
        return value


@dataclass(frozen=True)
class Comparison:
    """A fact beside a value, or beside another fact."""

    fact: Fact
    sign: str
    values: tuple[object, ...] = ()
    other: Fact | None = None

    def holds(self, facts: Facts) -> bool | None:
        left = self.fact.of(facts)
        right = self.values[0] if self.other is None else self.other.of(facts)
        if left is None or right is None:
            return None
        match self.sign:
            case "=" | "in":
                return left == right if self.other else left in self.values
            case "!=":
                return left != right
        return self._is_so(Fraction(str(left)), Fraction(str(right)))

    def _is_so(self, left: Fraction, right: Fraction) -> bool:
        match self.sign:
            case ">":
                return left > right
            case "<":
                return left < right
            case ">=":
                return left >= right
        return left <= right

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,) if self.other is None else (self.fact, self.other)


@dataclass(frozen=True)
class Condition:
    """Comparisons of which all, or any, are to hold. Without any it always holds."""

    comparisons: tuple[Comparison, ...] = ()
    any_is_enough: bool = False

    def holds(self, facts: Facts) -> bool | None:
        """Whether it holds. None: what is held does not decide it."""
        answers = [each.holds(facts) for each in self.comparisons]
        return any_of(answers) if self.any_is_enough else all_of(answers)

    def leaves_out(self, facts: Facts) -> bool:
        """Whether the record says that it does not hold."""
        return self.holds(facts) is False

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(fact for each in self.comparisons for fact in each.facts)


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """Yes if all are; no if one is no; else not known."""
    given = list(answers)
    return False if False in given else None if None in given else True


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Yes if one is; no if all are no; else not known."""
    given = list(answers)
    return True if True in given else None if None in given else False


ALWAYS = "always"
_COMPARISON = re.compile(r"(\w+)(>=|<=|!=|=|>|<| in )([\w|]+)")


def condition(text: str, known: Mapping[str, Fact]) -> Condition:
    """The condition that a declaration states, over facts that are known."""
    if text == ALWAYS:
        return Condition()
    if " and " in text and " or " in text:
        raise BadDeclaration(f"“{text}” joins by “and” and by “or”. Use one of them.")
    any_is_enough = " or " in text
    parts = text.split(" or " if any_is_enough else " and ")
    return Condition(tuple(_comparison(part, known) for part in parts), any_is_enough)


def _comparison(text: str, known: Mapping[str, Fact]) -> Comparison:
    found = _COMPARISON.fullmatch(text)
    if found is None:
        raise BadDeclaration(f"“{text}” is no comparison. Write a fact, a sign and a value, such as targets>=3.")
    key, sign, right = found[1], found[2].strip(), found[3]
    if key not in known:
        raise BadDeclaration(f"“{text}” asks for {key}, which is no fact that is known.")
    fact = known[key]
    if sign not in ("=", "!=", "in") and fact.kind is not FactKind.NUMBER:
        raise BadDeclaration(f"“{text}” compares {key} by size, and it is no number.")
    if fact.kind is FactKind.NUMBER and right in known:
        if known[right].kind is not FactKind.NUMBER:
            raise BadDeclaration(f"“{text}” compares two facts that are not both numbers.")
        if sign == "in":
            raise BadDeclaration(f"“{text}” looks for a fact in another. Use a sign such as “>=”.")
        return Comparison(fact, sign, other=known[right])
    values = right.split("|")
    if sign != "in" and len(values) > 1:
        raise BadDeclaration(f"“{text}” gives several values. Use “in”.")
    return Comparison(fact, sign, tuple(_value(each, fact, text) for each in values))


def _value(text: str, fact: Fact, whole: str) -> object:
    values: dict[str, object] = {each: each for each in fact.values}
    if fact.kind is FactKind.YES_NO:
        values = {"yes": True, "no": False}
    if fact.kind is FactKind.NUMBER and text.isascii() and text.isdecimal():
        return int(text)
    if text not in values:
        raise BadDeclaration(f"“{whole}” compares {fact.key} with {text}, which is no value of it.")
    return values[text]

"""The little language in which a form says when a question is asked: `age>=4`, or `eal=yes and term!=summer`.

A comparison is a key, one of `=`, `!=`, `>`, `<`, `>=`, `<=` or ` in `, and a value (after ` in ` several, between
bars). Comparisons are joined by ` and ` or by ` or `, never by both, and there are no brackets. A key is a fact of the
child or another question of the form; `list[].part` is a part of the same row. A value goes on until the next
comparison begins, so it may hold spaces, commas, colons, and "and" and "or".

What is not known decides nothing: a comparison with a fact that is not held, or with a question without an answer, is
false, also with `!=`. An answer of several ticks equals each of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from operator import ge, gt, le, lt
from typing import Any

_KEY = r"[a-z][a-z0-9_]*(?:\[\]\.[a-z0-9_]+)?"
_OPERATOR = r"!=|>=|<=|=|>|<| in "
_COMPARISON = re.compile(rf"({_KEY})({_OPERATOR})([^\s=<>!].*)")
_JOINT = re.compile(rf" (and|or) (?={_KEY}(?:{_OPERATOR}))")
_ORDERS = {">": gt, "<": lt, ">=": ge, "<=": le}


class NotACondition(ValueError):
    """What was written cannot be read as a condition. Says so in a sentence."""


@dataclass(frozen=True)
class Comparison:
    """One fact or answer against one value, or with ` in ` against several."""

    key: str
    operator: str
    values: tuple[str, ...]

    @property
    def comparisons(self) -> "tuple[Comparison, ...]":
        return (self,)

    def holds(self, known: Mapping[str, Any]) -> bool:
        said = _said(known.get(self.key))
        if order := _ORDERS.get(self.operator):
            limit = Decimal(self.values[0])
            return any(number is not None and order(number, limit) for number in map(_number, said))
        agrees = any(each in self.values for each in said)
        return bool(said) and not agrees if self.operator == "!=" else agrees

    def __str__(self) -> str:
        return f"{self.key}{self.operator}{'|'.join(self.values)}"


@dataclass(frozen=True)
class AllOf:
    """Holds if every comparison does; of none, always."""

    comparisons: tuple[Comparison, ...]

    def holds(self, known: Mapping[str, Any]) -> bool:
        return all(each.holds(known) for each in self.comparisons)

    def __str__(self) -> str:
        return " and ".join(map(str, self.comparisons))


@dataclass(frozen=True)
class AnyOf:
    """Holds if one comparison does; of none, never."""

    comparisons: tuple[Comparison, ...]

    def holds(self, known: Mapping[str, Any]) -> bool:
        return any(each.holds(known) for each in self.comparisons)

    def __str__(self) -> str:
        return " or ".join(map(str, self.comparisons))


Condition = Comparison | AllOf | AnyOf
ALWAYS = AllOf(())
NEVER = AnyOf(())


def parse(text: str) -> Condition:
    """The condition that is written here. Nothing written: always."""
    if not text.strip():
        return ALWAYS
    first, *rest = _JOINT.split(text)
    joints, comparisons = set(rest[::2]), tuple(_comparison(each) for each in (first, *rest[1::2]))
    if not joints:
        return comparisons[0]
    if len(joints) > 1:
        raise NotACondition(f"“{text}” joins with “and” and with “or”; a condition has only one of them.")
    return AllOf(comparisons) if joints == {"and"} else AnyOf(comparisons)


def _comparison(text: str) -> Comparison:
    found = _COMPARISON.fullmatch(text.strip())
    if found is None:
        raise NotACondition(f"“{text}” is no comparison of a fact or a question with a value.")
    key, operator, value = found.groups()
    values = tuple(each.strip() for each in value.split("|")) if operator == " in " else (value,)
    if not all(values):
        raise NotACondition(f"“{text}” has nothing between two bars.")
    if operator in _ORDERS and _number(value) is None:
        raise NotACondition(f"“{text}” asks for more or less than “{value}”, which is no number.")
    return Comparison(key, operator, values)


def _said(value: Any) -> list[str]:
    """What a fact or an answer says, in words: nothing if it is not held, several of several ticks."""
    match value:
        case bool():
            return ["yes" if value else "no"]
        case str():
            return [str(value)] if value.strip() else []
        case int() | float() | Decimal():
            return [str(value)]
        case list() | tuple():
            return [words for each in value if not isinstance(each, list | tuple) for words in _said(each)]
    return []


def _number(words: str) -> Decimal | None:
    try:
        number = Decimal(words)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None

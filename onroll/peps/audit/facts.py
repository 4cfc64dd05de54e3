"""What a rubric asks of the record: facts that it declares, and conditions over them such as `sen_provision in K|E`.

The language is that of the forms (`forms/conditions.py`), with `always` for what leaves nothing out; the answer is yes,
no, or not known. A form asks nothing where it does not know; an audit never takes a fact that is not held for a no.
What the facts that are held decide alone is decided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from onroll.peps.forms import conditions

# What the record says, by the keys of facts. A key that is absent, or None: not held.
Facts = Mapping[str, object]
ALWAYS = "always"


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
        right = {
            FactKind.YES_NO: isinstance(value, bool),
            FactKind.NUMBER: isinstance(value, int) and not isinstance(value, bool),
            FactKind.WORD: value in self.values,
        }
        if value is not None and not right[self.kind]:
            raise ValueError(f"{value!r} is no {self.kind} for the fact {self.key}.")
        return value

    def can_be(self, text: str) -> bool:
        """Whether a condition may compare it with this."""
        if self.kind is FactKind.NUMBER:
            # As a number is written when it is compared: 07 would equal nothing.
            return text.isascii() and text.isdecimal() and text == str(int(text))
        return text in (("yes", "no") if self.kind is FactKind.YES_NO else self.values)


@dataclass(frozen=True)
class Condition:
    """A condition as it was read, and the facts of its comparisons in their order."""

    read: conditions.Condition
    facts: tuple[Fact, ...]

    def holds(self, facts: Facts) -> bool | None:
        """Whether it holds. None: what is held does not decide it."""
        answers = [
            None if fact.of(facts) is None else comparison.holds(facts)
            for fact, comparison in zip(self.facts, self.read.comparisons, strict=True)
        ]
        return any_of(answers) if isinstance(self.read, conditions.AnyOf) else all_of(answers)

    def leaves_out(self, facts: Facts) -> bool:
        """Whether the record says that it does not hold."""
        return self.holds(facts) is False


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """Yes if all are; no if one is no; else not known."""
    given = list(answers)
    return False if False in given else None if None in given else True


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Yes if one is; no if all are no; else not known."""
    given = list(answers)
    return True if True in given else None if None in given else False


def condition(text: str, known: Mapping[str, Fact]) -> Condition:
    """The condition that a declaration states, over facts that are known."""
    if text == ALWAYS:
        return Condition(conditions.ALWAYS, ())
    try:
        read = conditions.parse(text)
    except conditions.NotACondition as wrong:
        raise BadDeclaration(str(wrong)) from wrong
    if not read.comparisons:
        raise BadDeclaration("A condition is empty. Write “always” for what leaves nothing out.")
    return Condition(read, tuple(_fact(each, known) for each in read.comparisons))


def _fact(comparison: conditions.Comparison, known: Mapping[str, Fact]) -> Fact:
    if comparison.key not in known:
        raise BadDeclaration(f"“{comparison}” asks for {comparison.key}, which is no fact that is known.")
    fact = known[comparison.key]
    if comparison.operator not in ("=", "!=", " in ") and fact.kind is not FactKind.NUMBER:
        raise BadDeclaration(f"“{comparison}” compares {fact.key} by size, and it is no number.")
    for each in comparison.values:
        if not fact.can_be(each):
            raise BadDeclaration(f"“{comparison}” compares {fact.key} with {each}, which is no value of it.")
    return fact

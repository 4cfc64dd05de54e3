"""A form as it stands in one plan: what is asked of whom, what is missing, and how much of it is done.

Everything is worked out from the form, the facts of the child, and the answers; nothing is kept here.
"""

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .declarations import FilledBy, Form, FormSection, Kind, Question, words
from .values import check_value, is_nothing

Values = Mapping[str, Any]


# Where an answer comes from


class Origin(StrEnum):
    GIVEN = "given"
    RECORD = "record"
    CARRIED = "carried"


@dataclass(frozen=True)
class Standing:
    """An answer as it stands, and where it comes from."""

    value: Any
    origin: Origin


def standing(form: Form, given: Values, *, previous: Values, from_record: Values) -> dict[str, Standing]:
    """The answers as they stand, by key: what was given in this plan; else what the record holds today; else what the
    last plan said, of a question that is carried forward and still has that answer.

    What was given as nothing stays nothing: somebody took it out.
    """
    found = {}
    for question in form.questions():
        key = question.key
        if key in given:
            found[key] = Standing(given[key], Origin.GIVEN)
        elif question.prefilled_from and not is_nothing(from_record.get(key)):
            found[key] = Standing(from_record[key], Origin.RECORD)
        elif question.carried_forward and not is_nothing(old := previous.get(key)) and not check_value(question, old):
            found[key] = Standing(old, Origin.CARRIED)
    return found


def values_of(standing: Mapping[str, Standing]) -> dict[str, Any]:
    return {key: each.value for key, each in standing.items()}


# What is asked


@dataclass(frozen=True)
class Asked:
    """A question that is asked in this plan, with its answer. `row`: of a list, which card it is on, from 0.

    `least`: how many rows the answer needs, of a list.
    """

    question: Question
    value: Any
    required: bool
    row: int | None = None
    least: int = 1

    @property
    def is_answered(self) -> bool:
        if self.question.kind.is_list:
            return len(_rows(self.value)) >= self.least
        return not is_nothing(self.value)

    @property
    def is_missing(self) -> bool:
        return self.required and not self.is_answered


@dataclass(frozen=True)
class ShownSection:
    """A section that this plan has, with the questions that it asks."""

    section: FormSection
    asked: tuple[Asked, ...]

    @property
    def owner(self) -> FilledBy:
        return self.section.filled_by

    def of(self, filled_by: FilledBy) -> tuple[Asked, ...]:
        """What one person answers here: in a section of theirs, or in another's."""
        return tuple(each for each in self.asked if each.question.filled_by is filled_by)


def shown(form: Form, facts: Values, answers: Values) -> list[ShownSection]:
    """The sections that this plan has, in order, each with the questions asked in it, a list before its cards.

    A condition sees the facts, and the answers to the questions before it that are asked: an answer that was left
    behind by a question no longer asked decides nothing. How many rows a list needs is a fact named as its setting.
    """
    known = ChainMap({}, dict(facts))
    found = []
    for section in form.sections:
        if section.shown_when.holds(known):
            asked = [
                each
                for question in section.questions
                if question.shown_when.holds(known)
                for each in _asked(question, answers, known)
            ]
            if asked:
                found.append(ShownSection(section, tuple(asked)))
    return found


def _asked(question: Question, answers: Values, known: ChainMap[str, Any]) -> list[Asked]:
    value = answers.get(question.key)
    known[question.key] = value
    least = known.get(question.limits.setting)
    least = question.limits.least if least is None else least
    found = [Asked(question, value, question.required.holds(known), least=least)]
    names = {part.name for part in question.parts}
    for number, row in enumerate(_rows(value) if question.parts else []):
        # What the row holds beside its answers are facts of it.
        here = known.new_child({f"{question.card}[].{name}": held for name, held in row.items() if name not in names})
        for part in question.parts:
            if part.shown_when.holds(here):
                here[part.key] = row.get(part.name)
                found.append(Asked(part, row.get(part.name), part.required.holds(here), number))
    return found


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


# What is missing, and how far it is


@dataclass(frozen=True)
class Missing:
    """A required answer that is not there. `words`: what to say to the person who is to give it.

    `too_few`: rows there are, but fewer than is usual.
    """

    asked: Asked
    section: FormSection
    words: str
    too_few: bool = False


def missing(sections: Iterable[ShownSection], known_as: str) -> list[Missing]:
    """The required questions without an answer, in the order of the form, each with what to say."""
    return [
        Missing(each, shown.section, _what_to_say(each, known_as), too_few=bool(_rows(each.value)))
        for shown in sections
        for each in shown.asked
        if each.is_missing
    ]


_TO_DO = {
    Kind.YES_NO: "Choose yes or no for",
    Kind.CHOICE: "Choose an answer to",
    Kind.MULTI_CHOICE: "Choose one or more answers to",
    Kind.DATE: "Enter the date for",
    Kind.NUMBER: "Enter a number for",
    Kind.PERSON: "Name the person for",
    Kind.SCHOOL: "Choose the school for",
    Kind.FILE: "Add the file for",
    Kind.TABLE: "Add a line to",
    Kind.VOICE: "Add what was said to",
}


def _what_to_say(asked: Asked, known_as: str) -> str:
    question = asked.question
    quoted = f"“{words(question, known_as)}”"
    if question.kind.is_list:
        to_add = asked.least - len(_rows(asked.value))
        return f"Add {to_add} {'more ' if _rows(asked.value) else ''}to {quoted}"
    to_do = f"{_TO_DO.get(question.kind, 'Answer')} {quoted}"
    if asked.row is None:
        return to_do
    card = question.key.partition("[].")[0].capitalize()
    return f"{card} {asked.row + 1}: {to_do[0].lower()}{to_do[1:]}"


@dataclass(frozen=True)
class Meter:
    """How many of the required answers there are."""

    answered: int
    required: int

    @property
    def is_full(self) -> bool:
        return self.answered == self.required


def meter(asked: Iterable[Asked]) -> Meter:
    """How far a section is, or what one person answers in it."""
    required = [each for each in asked if each.required]
    return Meter(sum(each.is_answered for each in required), len(required))


def active_answers(
    sections: Iterable[ShownSection], by: FilledBy, *, after_a_plan: bool = True, not_held: Collection[str] = ()
) -> list[Asked]:
    """The answers that this person has to give themselves: asked of them, required, neither carried forward nor filled
    from the record. A part of a list counts once a row, the list itself not at all.

    `after_a_plan`: there is one to carry answers forward from.
    `not_held`: fields of the record that hold nothing yet; a question filled from these alone is theirs to answer.
    """
    return [
        each
        for shown in sections
        for each in shown.of(by)
        if each.required
        and not each.question.kind.is_list
        and not (each.question.carried_forward and after_a_plan)
        and all(source in not_held for source in each.question.sources)
    ]

"""The questions that a young person is asked, by age and way of speaking, as data.

The rows are `data/voice.csv`; who may be chosen to read an answer is `data/shares.csv`. Choices are separated by
semicolons; a sign before the words of a choice is drawn and is no part of the answer. `asked_when` names what must be
so for a question to be asked at all. The words on the young person's pages never say care, or who looks after them.
"""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
START, HELPER = "start", "helper"


class Variant(StrEnum):
    """Whose questions: by age, or by how somebody speaks. In the early years an adult watches and writes."""

    EARLY_YEARS = "early_years_observed"
    AGE_5_10 = "age_5_10"
    AGE_11_15 = "age_11_15"
    AGE_16_PLUS = "age_16_plus"
    COMMUNICATION_SUPPORT = "communication_support"

    @property
    def words(self) -> str:
        return {
            "early_years_observed": "Early years: an adult watches and writes",
            "age_5_10": "Questions for 5 to 10",
            "age_11_15": "Questions for 11 to 15",
            "age_16_plus": "Questions for 16 and over",
            "communication_support": "Few words and pictures, for any age",
        }[self.value]


# What a young person fills in on pages of their own.
OWN_PAGES = tuple(variant for variant in Variant if variant is not Variant.EARLY_YEARS)


class Kind(StrEnum):
    """How a question is answered. Words can be added to every answer."""

    INFO = "info"
    WORDS = "words"
    FACES = "faces"
    ONE = "one"
    SEVERAL = "several"


@dataclass(frozen=True)
class Option:
    """One choice: the words that are kept as the answer, and the sign drawn before them."""

    words: str
    sign: str = ""


@dataclass(frozen=True)
class Question:
    """One question. `adult_must` is what adults do with an answer, for them to read; `feeds` the questions of the
    plan that it helps to answer; `one_page` how it begins on the plan in the child's own words.
    """

    key: str
    theme: str
    question: str
    help: str
    kind: Kind
    options: tuple[Option, ...]
    asked_when: str
    not_safe: frozenset[str]
    adult_must: str
    one_page: str
    feeds: tuple[str, ...]

    @property
    def is_asked_of_adults(self) -> bool:
        """Whether somebody can write an answer down for the young person."""
        return self.kind is not Kind.INFO and self.key != HELPER

    @property
    def has_readers(self) -> bool:
        """Whether the young person chooses who reads the answer."""
        return self.is_asked_of_adults


@cache
def questions_of(variant: Variant) -> tuple[Question, ...]:
    """All questions of a variant in their order; who helped is asked last."""
    with (DATA / "voice.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_question(row) for row in csv.DictReader(file) if row["variant"] == variant)


def asked(variant: Variant, facts: Collection[str] = ()) -> list[Question]:
    """The questions that are asked of somebody of whom these facts hold."""
    return [each for each in questions_of(variant) if not each.asked_when or each.asked_when in facts]


@cache
def shares_of(variant: Variant) -> dict[str, str]:
    """Who can be chosen to read an answer: the choice as it is kept, and its words on this variant's pages."""
    with (DATA / "shares.csv").open(encoding="utf-8", newline="") as file:
        return {row["share"]: row["words"] for row in csv.DictReader(file) if row["variant"] == variant}


def question_named(variant: str, key: str) -> Question | None:
    """The question that an answer was given to, also one that is no longer asked. None: the variant has none such."""
    return next((each for each in questions_of(Variant(variant)) if each.key == key), None)


def variant_for(birth_date: date, *, early_years: bool, on: date) -> Variant:
    """The variant for somebody of this age; the early years' by the form of the plan, which lasts through Reception."""
    if early_years:
        return Variant.EARLY_YEARS
    age = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    if age < 11:
        return Variant.AGE_5_10
    return Variant.AGE_11_15 if age < 16 else Variant.AGE_16_PLUS


def _question(row: dict[str, str]) -> Question:
    return Question(
        key=row["key"],
        theme=row["theme"],
        question=row["question"],
        help=row["help"],
        kind=Kind(row["kind"]),
        options=tuple(_option(each) for each in _list(row["options"])),
        asked_when=row["asked_when"],
        not_safe=frozenset(_list(row["concern_options"])),
        adult_must=row["adult_must"],
        one_page=row["one_page"],
        feeds=tuple(_list(row["feeds"])),
    )


def _list(cell: str) -> list[str]:
    return [each.strip() for each in cell.split(";") if each.strip()]


def _option(words: str) -> Option:
    sign, _, rest = words.partition(" ")
    drawn = bool(rest) and not any(letter.isalnum() for letter in sign)
    return Option(rest, sign) if drawn else Option(words)

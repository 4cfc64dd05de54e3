"""Reading what somebody wrote in a target: its measures, its phrases, its values, and how alike two targets are.

By stated rules and lists of words alone (domain `pep/target-checks.md`, “Reading the text”). Every repeat in a pattern
is bounded, so that the work grows with the length of a text and no faster, whatever was typed.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
PIECE = 100

_PLAIN = str.maketrans(
    dict.fromkeys("‘’‚‛′", "'") | dict.fromkeys("“”„‟", '"') | dict.fromkeys("‐‒–—―−", "-"),
)


def fold(text: str) -> str:
    """The text as it is compared where capitals count: quotes and dashes plain, one space between words."""
    plain = " ".join(_composed(word) for word in text.split())
    return " ".join(plain.translate(_PLAIN).split())


def _composed(word: str) -> str:
    """A word in Unicode's form NFKC. A long one in pieces: the time for a run of accents grows with its square."""
    return "".join(unicodedata.normalize("NFKC", word[at : at + PIECE]) for at in range(0, len(word), PIECE))


def norm(text: str) -> str:
    """The text as it is compared where capitals do not count."""
    return fold(text).lower()


def _as_listed(phrase: str) -> str:
    """A phrase of a list, as it is looked for. One that ends in a space is found only before another word."""
    return norm(phrase) + (" " if phrase.endswith(" ") else "")


@dataclass(frozen=True)
class Words:
    """The lists of words, as the file `data/target_words.json` or an authority's own edition of it gives them."""

    generic_owner: tuple[str, ...]
    empty_words: tuple[str, ...]
    vague_phrases: tuple[str, ...]
    adult_action_patterns: tuple[str, ...]
    generic_what: tuple[str, ...]
    generic_money: tuple[str, ...]
    money_not_for: tuple[str, ...]
    deficit_words: tuple[str, ...]
    absolutes: tuple[str, ...]
    negative_patterns: tuple[str, ...]
    positive_alternatives: tuple[str, ...]
    lower_is_better: tuple[str, ...]
    scale_words: tuple[str, ...]
    observable_phrases: tuple[str, ...]
    number_words: tuple[str, ...]
    area_words: dict[str, tuple[str, ...]]
    acronyms_allowed: tuple[str, ...]
    stopwords: tuple[str, ...]
    months: tuple[str, ...]

    @classmethod
    def of(cls, lists: dict[str, Any]) -> "Words":
        """The lists by their names. What has no place here, such as the edition, is left aside."""
        given: dict[str, Any] = {}
        for name in (each.name for each in fields(cls)):
            entries = lists[name]
            if name == "area_words":
                given[name] = {area: tuple(map(_as_listed, words)) for area, words in entries.items()}
            elif name == "acronyms_allowed":
                given[name] = tuple(map(fold, entries))
            else:
                given[name] = tuple(map(_as_listed, entries))
        return cls(**given)

    @cached_property
    def dates(self) -> re.Pattern[str]:
        """What has digits and measures nothing: days, months, years, year groups, sets, and one to one."""
        month = "|".join(re.escape(each) for each in sorted(self.months, key=len, reverse=True)) or "(?!)"
        year = r"(?:19|20)\d\d"
        return re.compile(
            rf"""
            \b(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?[ ](?:of[ ])?(?:{month})\b(?:[ ]{year}\b)?
            | \b(?:{month})[ ]{year}\b
            | \b\d{{1,2}}([/.])\d{{1,2}}\1(?:\d{{4}}|\d\d)\b
            | \b{year}\b
            | \b(?:year|yr|y|key[ ]stage|ks|set|class|room|phase|stage)[ ]?\d{{1,2}}\b
            | (?<![\w.])1(?::|-|[ ]to[ ])1(?!\w|\.\d)
            """,
            re.VERBOSE,
        )


WORDS = Words.of(json.loads((DATA / "target_words.json").read_text(encoding="utf-8")))


def strip_dates(text: str, words: Words = WORDS) -> str:
    """A normed text without the digits that measure nothing, so that “Year 4” and “18 July” are no measures."""
    return words.dates.sub(" ", text)


def where(text: str, phrase: str) -> int:
    """Where a phrase first stands in the text as whole words, or -1."""
    at = text.find(phrase)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(phrase) : at + len(phrase) + 1]
        if not (_is_of_a_word(before) or (_is_of_a_word(after) and not phrase.endswith(" "))):
            return at
        at = text.find(phrase, at + 1)
    return -1


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def phrases(text: str, listed: Iterable[str]) -> list[str]:
    """The phrases of a list that stand in the text as whole words, as they come, the longest first at one place."""
    places = {phrase: where(text, phrase) for phrase in listed if phrase}
    found = (phrase for phrase, at in places.items() if at >= 0)
    return sorted(found, key=lambda phrase: (places[phrase], -len(phrase)))


_GRADE_LETTER = re.compile(r"\bgrade [a-g]\b")
_DIGIT = re.compile(r"\d")
_FROM_TO = re.compile(r"\bfrom (.{1,60}?) to (.{1,60})")


def is_measure(stripped: str, words: Words = WORDS) -> bool:
    """Whether a normed text without dates names something that can be counted, graded or seen."""
    return bool(
        _DIGIT.search(stripped)
        or _GRADE_LETTER.search(stripped)
        or phrases(stripped, (*words.number_words, *words.scale_words, *words.observable_phrases))
    )


def measure(text: str, words: Words = WORDS) -> bool:
    """Whether a text as typed names something that can be counted, graded or seen."""
    return is_measure(strip_dates(norm(text), words), words)


def from_to(text: str, words: Words = WORDS) -> tuple[str, str] | None:
    """The X and the Y of the first “from X to Y”, if both are measures."""
    found = _FROM_TO.search(strip_dates(norm(text), words))
    if found is None or not all(is_measure(part, words) for part in found.groups()):
        return None
    return found[1], found[2]


@dataclass(frozen=True)
class Value:
    """A number and what it counts. An age counts months, a ratio lies between 0 and 1 as a rule."""

    kind: str
    number: float

    def compares_with(self, other: "Value | None") -> bool:
        return other is not None and self.kind == other.kind


_NUMBER = r"(?<![\d.])(?<!\d,)(\d{1,3}(?:,\d{3}){1,3}|\d{1,9})((?:\.\d{1,9})?)"
_AGE = re.compile(
    r"(?<![\d.,])(\d{1,3}) ?(?:y|yrs?|years?) ?(?:and )?(\d{1,3}) ?(?:m|mths?|months?)\b",
)
_PERCENT = re.compile(rf"{_NUMBER} ?(?:%|per ?cent\b)")
_RATIO = re.compile(rf"{_NUMBER} ?(?:/|(?:out )?of (?:(?:the|his|her|their) )?) ?{_NUMBER}")
_GRADE = re.compile(r"\bgrade (\d{1,9})\b")
_COUNT = re.compile(rf"{_NUMBER}(?: {{1,9}}|-)?([^\W\d_]{{1,5}})")


def value(text: str, words: Words = WORDS) -> Value | None:
    """The value of a text: the first that it has of an age, a percentage, a ratio, a grade, and a number of things."""
    return value_in(strip_dates(norm(text), words))


def value_in(stripped: str) -> Value | None:
    """The value of a normed text without dates."""
    if not _DIGIT.search(stripped):
        return None
    if age := _AGE.search(stripped):
        return Value("age", 12 * int(age[1]) + int(age[2]))
    if percent := _PERCENT.search(stripped):
        return Value("pct", _number(percent[1], percent[2]))
    for ratio in _RATIO.finditer(stripped):
        if whole := _number(ratio[3], ratio[4]):
            return Value("ratio", _number(ratio[1], ratio[2]) / whole)
    if grade := _GRADE.search(stripped):
        return Value("grade", int(grade[1]))
    if count := _COUNT.search(stripped):
        return Value(f"num:{count[3]}", _number(count[1], count[2]))
    return None


def _number(whole: str, part: str) -> float:
    return float(whole.replace(",", "") + part)


def empty(text: str, words: Words = WORDS) -> bool:
    """Whether a field says nothing, in so many words or in none."""
    said = norm(text)
    return not said or said in words.empty_words


_TOKEN = re.compile(r"\d{1,60}(?:\.\d{1,9})?\w{0,60}|\w{1,60}(?:'\w{1,60})?")


def tokens(text: str, known_as: str = "", words: Words = WORDS) -> frozenset[str]:
    """The words and numbers by which two targets are compared: without dates, the small words and the child's name."""
    left_out = {*words.stopwords, *_TOKEN.findall(norm(known_as))}
    found = _TOKEN.findall(strip_dates(norm(text), words))
    return frozenset(token for token in found if token.removesuffix("'s") not in left_out)


def without_numbers(found: frozenset[str]) -> frozenset[str]:
    return frozenset(token for token in found if not _DIGIT.search(token))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """How alike two sets of words are, from 0 to 1. Two empty ones are not alike: nothing was said."""
    together = one | other
    return len(one & other) / len(together) if together else 0.0


# Privacy: what must never stand in a target. Looked for in folded text, in capitals and small letters alike; “Y4 3rd”
# and “B2 3pm” have the shape of a postcode, and are none.
_POSTCODE = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d(?!(?:st|nd|rd|th|am|pm)\b)[A-Za-z]{2}\b")
# Ten or eleven digits from the leading 0, or from +44 that stands for it. A day such as 05-06-2026 is no number.
_TELEPHONE = re.compile(
    r"(?<!\d)0[1-9](?!\d?[ -]\d\d[ -]\d{4}\b)(?:[ ()-]{0,3}\d){8,9}(?!\d)|\+44(?:[ ()-]{0,3}\d){10,11}(?!\d)",
    re.ASCII,
)
_EMAIL = re.compile(r"[\w.+-]@\w[\w-]{0,62}\.\w")


def has_address_or_number(text: str) -> bool:
    """Whether a UK postcode, a telephone number or an e-mail address stands in the text."""
    folded = fold(text)
    return any(pattern.search(folded) for pattern in (_POSTCODE, _TELEPHONE, _EMAIL))


_INITIALS = re.compile(r"\b([A-Z]{2,6})s?\b")


def initials(text: str, words: Words = WORDS) -> list[str]:
    """Two to six capitals that are not known to everybody, as they come."""
    return [found[1] for found in _INITIALS.finditer(fold(text)) if found[1] not in words.acronyms_allowed]

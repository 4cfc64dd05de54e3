"""Documents of past PEPs, many at once: each finds its child and term by the name of its file.

The name holds, each as a word of its own, the child's number or UPN, the school year and the term:

    00417 PEP autumn 2025-26.pdf
    A801200001001_2025-2026_Spr_12.02.2026.docx

What is not found for certain is not kept. A number of a child out of the reader's reach is a number of nobody.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.sections import Section, may_read
from onroll.authorities.calendar import Calendar
from onroll.authorities.models import CalendarEntry
from onroll.children.contradictions import Refused
from onroll.children.models import Child, Identifiers
from onroll.codes.years import academic_year, school_years_in
from onroll.design.words import day as day_words
from onroll.design.words import listed as listed_words

from .actions import Tells, Upload, add_document
from .apart import examine_apart
from .filetypes import Examined
from .models import Document
from .queries import sections_to_add_to
from .refusing import NotAccepted

MOST_FILES = 40
# Shorter ones stand in names by chance: the number of a copy, a page, a day.
SHORTEST_NUMBER = 3
# A plan of the summer may be held after the holidays.
LATE = timedelta(days=60)

WHOSE = "No child you work with has a number that stands in this name. Check the number, or add the file in the record"
WHICH_CHILD = "The name holds the numbers of more than one child. Leave one in it"
WHICH_YEAR = "The name does not say one school year. Write it like 2025-26"
WHICH_TERM = "The name does not say one term. Write autumn, spring or summer"
NO_SUCH_TERM = "The calendar here does not have six terms. Write autumn, spring or summer"

_TERMS = {
    name: term
    for term in CalendarEntry.Term
    for name in (term.value, {"autumn": "aut", "spring": "spr", "summer": "sum"}[term.value])
}
_TERM = re.compile(rf"(?<![a-z])(?:{'|'.join(_TERMS)})(?![a-z])", re.IGNORECASE)
_ONE_OF_SIX = re.compile(r"(?<![a-z0-9])(?:t|term[ _-]?)([1-6])(?![a-z0-9])", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+(?:[\W_][^\W_]+)*")
_DAYS = (
    re.compile(r"(?<![a-z0-9])(?P<y>\d{4})([-._])(?P<m>\d{2})\2(?P<d>\d{2})(?![a-z0-9])", re.IGNORECASE),
    re.compile(r"(?<![a-z0-9])(?P<d>\d{1,2})([-._])(?P<m>\d{1,2})\2(?P<y>\d{4})(?![a-z0-9])", re.IGNORECASE),
)


def may_add_past_peps(actor: Actor) -> bool:
    """Whether this person adds documents to the section of PEPs and finds children by their numbers."""
    by_number = may_read(actor, Section.NUMBERS)
    return can(actor, Can.RECORD_CHANGES) and by_number and Section.PEP in sections_to_add_to(actor)


# The name of a file


@dataclass(frozen=True)
class Named:
    """What the name of a file says, before anybody looks for the child."""

    name: str
    # Each word, and each two or three with what stands between them, that can be a number.
    numbers: frozenset[str]
    years: frozenset[str]
    terms: frozenset[str]
    one_of_six: frozenset[int]
    days: frozenset[date]


def read_name(name: str) -> Named:
    """Read the name of a file. What is a day or a school year is no number of a child, and a day is no year."""
    left = name.rsplit(".", 1)[0]
    days = set()
    for pattern in _DAYS:
        for match in pattern.finditer(left):
            try:
                days.add(date(int(match["y"]), int(match["m"]), int(match["d"])))
            except ValueError:
                continue
            left = _without(left, match)
    years = school_years_in(left)
    for _, match in years:
        left = _without(left, match)
    return Named(
        name,
        numbers=frozenset(_numbers_in(left)),
        years=frozenset(label for label, _ in years),
        terms=frozenset(_TERMS[found.lower()] for found in _TERM.findall(left)),
        one_of_six=frozenset(int(found) for found in _ONE_OF_SIX.findall(left)),
        days=frozenset(days),
    )


def _without(text: str, match: re.Match[str]) -> str:
    """The text with blanks where the match stands, so that what stands after it keeps its place."""
    return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]


def _numbers_in(text: str) -> Iterable[str]:
    """Each word, and two or three that one sign parts: a number may hold a hyphen."""
    for found in _WORDS.finditer(text):
        words = re.split(r"([\W_])", found[0])
        for first in range(0, len(words), 2):
            for last in range(first, min(first + 6, len(words)), 2):
                word = "".join(words[first : last + 1])
                if len(word) >= SHORTEST_NUMBER and any(letter.isdecimal() for letter in word):
                    yield word


# Whose it is, and of which term


@dataclass(frozen=True)
class Matched:
    """The child and the term that a file is of. `why_not` says what is missing; without a child it says no more."""

    child: Child | None = None
    title: str = ""
    why_not: str = ""


def match(names: Sequence[str], actor: Actor) -> list[Matched]:
    """Whose and of which term each file is, by its name. Two queries, whatever their number."""
    read = [read_name(name) for name in names]
    children = _children_by_number({number for each in read for number in each.numbers}, actor)
    calendar = Calendar.of(actor.authority)
    return [_matched(each, children, calendar) for each in read]


def _children_by_number(numbers: set[str], actor: Actor) -> dict[str, dict[int, Child]]:
    """The children in the actor's reach of these numbers, by the number in capitals. One query."""
    spelled = {form for number in numbers for form in (number, number.upper(), number.lower())}
    by_one = Q(child_number__in=spelled) | Q(upn__in=spelled) | Q(former_upn__in=spelled)
    found: dict[str, dict[int, Child]] = defaultdict(dict)
    for row in Identifiers.visible_to(actor).filter(by_one).select_related("child"):
        for number in filter(None, (row.child_number, row.upn, row.former_upn)):
            found[number.upper()][row.child_id] = row.child
    return found


def _matched(named: Named, children: dict[str, dict[int, Child]], calendar: Calendar) -> Matched:
    whose: dict[int, Child] = {}
    for number in named.numbers:
        whose |= children.get(number.upper(), {})
    if len(whose) != 1:
        return Matched(why_not=WHICH_CHILD if whose else WHOSE)
    child = next(iter(whose.values()))
    if len(named.years) != 1:
        return Matched(child, why_not=WHICH_YEAR)
    year = next(iter(named.years))
    terms = set(named.terms)
    if not terms and named.one_of_six:
        six = sorted((each for each in calendar.terms if each.academic_year == year), key=lambda each: each.start)
        if len(six) != 6:
            return Matched(child, why_not=NO_SUCH_TERM)
        terms = {six[number - 1].term for number in named.one_of_six}
    if len(terms) != 1 or not all(terms):
        return Matched(child, why_not=WHICH_TERM)
    title = f"PEP, {next(iter(terms))} {year.replace('-', '/')}"
    of_year = academic_year(year)
    # A date of birth stands in names too: the day of the plan is one in its school year.
    days = [day for day in named.days if of_year.start <= day < of_year.end + LATE]
    return Matched(child, f"{title}, {day_words(days[0])}" if len(days) == 1 else title)


# Adding


@dataclass(frozen=True)
class Outcome:
    """What became of one file: the document that holds it, or why it was not added and what to do."""

    name: str
    child: Child | None = None
    document: Document | None = None
    why_not: str = ""


def add_past_peps(
    files: Iterable[Upload], *, actor: Actor, examine: Callable[[str, bytes], Examined] = examine_apart
) -> list[Outcome]:
    """Add each file that is of one child and term to that child's record. Of the others nothing is kept."""
    files = list(files)
    matched = match([file.name for file in files], actor)
    return [_add(file, found, actor, examine) for file, found in zip(files, matched, strict=True)]


def _add(file: Upload, found: Matched, actor: Actor, examine: Callable[[str, bytes], Examined]) -> Outcome:
    if found.child is None or found.why_not:
        return Outcome(file.name, found.child, why_not=found.why_not)
    try:
        document = add_document(
            found.child,
            file,
            title=found.title,
            kind=Document.Kind.PLAN,
            part=Section.PEP,
            once=True,
            actor=actor,
            examine=examine,
        )
    except Tells as told:
        why = f"It tells {listed_words(told.parts)}. Add it in the record, where you can say why that is right"
        return Outcome(file.name, found.child, why_not=why)
    except (NotAccepted, Refused) as refusal:
        return Outcome(file.name, found.child, why_not=str(refusal).rstrip("."))
    return Outcome(file.name, found.child, document)

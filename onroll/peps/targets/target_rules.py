"""What makes a target weak: the 26 rules, in the order in which they are told (domain `pep/target-checks.md`).

Each is a row of `RULES`: its severity until an authority changes it, what it looks for, when it fires, and what it says
to the writer. A rule that can't be judged yet, because a date or a list was not given, does not fire.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from onroll.codes.years import academic_year, academic_year_of
from onroll.peps.targets import reading
from onroll.peps.targets.bank import Area
from onroll.peps.targets.reading import WORDS, Value, Words, norm, phrases
from onroll.peps.targets.rules import HINT, STOP, WEAK, Rule, Settings

# Days around the meeting and the next plan within which a target's date makes sense, and days of a month as counted.
MARGIN = timedelta(days=14)
DAYS_OF_A_MONTH = 30.4
FEWEST_WORDS, MOST_WORDS = 6, 45
SAME_WORDS, SAME_TARGET = 0.8, 0.6
BIG_GAIN_IN_ATTENDANCE, BIG_GAIN_IN_GRADES = 15, 2


class Kind(StrEnum):
    IN_TERM = "in_term"
    END_OF_YEAR = "end_of_year"


class Outcome(StrEnum):
    """How a target went."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A target of the last plan: how it went, and what is done differently since. No outcome yet is None."""

    text: str = ""
    outcome: Outcome | None = None
    change: str = ""

    @property
    def was_not_met(self) -> bool:
        return self.outcome in (Outcome.PARTLY, Outcome.NOT_MET)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A target as it stands, half-written or whole. `money` is in pounds.

    `other_names` are the known-as names of other children whom the writer can see, without those that are also the
    child's own or an adult's in this plan.
    """

    text: str = ""
    baseline: str = ""
    success: str = ""
    what: str = ""
    when: str = ""
    where: str = ""
    who: str = ""
    how_often: str = ""
    meeting_on: date | None = None
    due_on: date | None = None
    next_pep_due: date | None = None
    kind: Kind = Kind.IN_TERM
    area: str = Area.OTHER
    need: str = ""
    money: Decimal | int = 0
    money_for: str = ""
    previous_text: str = ""
    previous_outcome: Outcome | None = None
    previous_change: str = ""
    known_as: str = ""
    other_names: Sequence[str] = ()

    def following(self, earlier: Sequence[Earlier], words: Words = WORDS) -> "Target":
        """The target beside the most alike of the last plan's, the first of those equally alike."""
        own = reading.tokens(self.text, self.known_as, words)

        def alike(each: Earlier) -> float:
            return reading.jaccard(own, reading.tokens(each.text, self.known_as, words))

        if not earlier:
            return self
        last = max(earlier, key=alike)
        return replace(self, previous_text=last.text, previous_outcome=last.outcome, previous_change=last.change)


class Read:
    """A target with its texts read once for all rules."""

    def __init__(self, target: Target, settings: Settings) -> None:
        self.target = target
        self.settings = settings
        self.words = settings.words
        self.text = norm(target.text)
        self.success = norm(target.success)

    @cached_property
    def stripped(self) -> str:
        return reading.strip_dates(self.text, self.words)

    @cached_property
    def measured(self) -> bool:
        return reading.is_measure(self.stripped, self.words)

    @cached_property
    def success_measured(self) -> bool:
        return reading.measure(self.success, self.words)

    @cached_property
    def no_measure(self) -> bool:
        return not self.measured and not self.success_measured

    @cached_property
    def from_to(self) -> tuple[str, str] | None:
        return reading.from_to(self.text, self.words)

    @cached_property
    def start_and_goal(self) -> tuple[Value, Value] | None:
        """The baseline and the goal as values, if they compare."""
        if self.from_to is not None:
            start, goal = map(reading.value_in, self.from_to)
        else:
            start = reading.value(self.target.baseline, self.words)
            goal = reading.value(self.success, self.words)
            if start is None or not start.compares_with(goal):
                goal = reading.value_in(self.stripped)
        return (start, goal) if start is not None and goal is not None and start.compares_with(goal) else None

    @cached_property
    def tokens(self) -> frozenset[str]:
        return reading.tokens(self.text, self.target.known_as, self.words)

    @cached_property
    def previous_tokens(self) -> frozenset[str]:
        return reading.tokens(self.target.previous_text, self.target.known_as, self.words)

    @cached_property
    def length(self) -> int:
        """How many words the text has. A dash between them is none."""
        return sum(any(map(str.isalnum, word)) for word in self.text.split())

    def empty(self, text: str) -> bool:
        return reading.empty(text, self.words)

    def found(self, listed: Sequence[str]) -> str:
        """The first phrase of a list in the text, or nothing."""
        return next(iter(phrases(self.text, listed)), "")


# What each rule looks for. The answer is whether it fires, or the words that made it fire.


def _outside_the_time(read: Read) -> bool:
    target = read.target
    if target.due_on is None:
        return False
    if target.meeting_on is not None and target.due_on < target.meeting_on + MARGIN:
        return True
    if target.kind is Kind.END_OF_YEAR:
        return (
            target.meeting_on is not None
            and target.due_on > academic_year(academic_year_of(target.meeting_on)).last_day
        )
    return target.next_pep_due is not None and target.due_on > target.next_pep_due + MARGIN


NOW = ("currently", "at present", "at the moment", "so far", "now")


def _no_starting_point(read: Read) -> bool:
    if not read.empty(read.target.baseline) or read.from_to is not None:
        return False
    return not (read.found(NOW) and read.measured)


def _no_better_than_the_start(read: Read) -> bool:
    if read.start_and_goal is None:
        return False
    start, goal = read.start_and_goal
    if phrases(read.text, read.words.lower_is_better) or phrases(read.success, read.words.lower_is_better):
        return goal.number >= start.number
    return goal.number <= start.number


_BETWEEN_AREAS = re.compile(r"\b(?:and|as well as|plus)\b|[,;]")


def _two_areas(read: Read) -> bool:
    """Whether two parts of the text each tell of an area, and of none in common."""
    there = {area: phrases(read.stripped, listed) for area, listed in read.words.area_words.items()}
    different = {
        frozenset(area for area, listed in there.items() if phrases(part, listed))
        for part in _BETWEEN_AREAS.split(read.stripped)
    } - {frozenset()}
    return any(one.isdisjoint(other) for one in different for other in different)


def _unchanged_after_not_met(read: Read) -> bool:
    target = read.target
    if target.previous_outcome not in (Outcome.PARTLY, Outcome.NOT_MET) or not read.empty(target.previous_change):
        return False
    words, previous = map(reading.without_numbers, (read.tokens, read.previous_tokens))
    return reading.jaccard(words, previous) >= SAME_TARGET


_HOW_OFTEN = re.compile(
    r"\d|\b(?:once|twice|daily|weekly|every|each|three times|four times|termly"
    r"|(?:a|per) (?:day|week|fortnight|month|half[- ]term|term|lesson|session))\b|\bfortnight"
)


def _only_a_label(read: Read) -> bool:
    what = norm(read.target.what)
    return read.empty(what) or what.removesuffix(".").rstrip() in read.words.generic_what


def _money_for_nothing_named(read: Read) -> bool:
    bought = norm(read.target.money_for)
    if not read.target.money > 0:
        return False
    return not bought or bought in read.words.generic_money or bool(phrases(bought, read.words.money_not_for))


def _words_that_wound(read: Read) -> str:
    texts = (read.text, norm(read.target.baseline), norm(read.target.what))
    return next((found for text in texts for found in phrases(text, read.words.deficit_words)), "")


def _only_what_stops(read: Read) -> str:
    return "" if read.found(read.words.positive_alternatives) else read.found(read.words.negative_patterns)


def _step_too_small_or_big(read: Read) -> bool:
    if read.start_and_goal is None:
        return False
    start, goal = read.start_and_goal
    gain, target = goal.number - start.number, read.target
    if gain <= 0:
        return False
    if goal.kind == "age":
        if target.meeting_on is None or target.due_on is None:
            return False
        months = (target.due_on - target.meeting_on).days / DAYS_OF_A_MONTH
        return gain < months / 2 or gain > 4 * months
    if goal.kind == "pct":
        return target.area == Area.ATTENDANCE and gain > BIG_GAIN_IN_ATTENDANCE
    return goal.kind == "grade" and gain > BIG_GAIN_IN_GRADES


def _address_or_number(read: Read) -> bool:
    """Whether one is there, and not which: a finding may be kept where the address may not."""
    target = read.target
    texts = (target.text, target.baseline, target.what, target.success, target.money_for)
    return any(map(reading.has_address_or_number, texts))


def _other_name(read: Read) -> str:
    """The first name of another child in the text, as it is written: “Will” is a name where “will” is none."""
    names = (reading.fold(name) for name in read.target.other_names)
    return next(iter(phrases(reading.fold(read.target.text), tuple(names))), "")


def _no_school_day(read: Read) -> bool:
    due_on, is_school_day = read.target.due_on, read.settings.is_school_day
    return due_on is not None and is_school_day is not None and not is_school_day(due_on)


RULES: tuple[Rule[Read], ...] = (
    Rule(
        "T01",
        WEAK,
        "no number or observable end",
        lambda read: read.no_measure,
        "How will everyone see that it is done? Add a number, a score, or something you could watch happen.",
    ),
    Rule(
        "T02",
        STOP,
        "no date",
        lambda read: read.target.due_on is None,
        "By when? Choose a date; the next PEP is proposed.",
    ),
    Rule(
        "T03",
        WEAK,
        "date outside the time",
        _outside_the_time,
        "This date is outside the time of the plan. In-term targets end at the next PEP.",
    ),
    Rule(
        "T04",
        WEAK,
        "no starting point",
        _no_starting_point,
        'Where does the child start? Write "from ... to ..." or fill the starting point.',
    ),
    Rule(
        "T05",
        WEAK,
        "goal not better than start",
        _no_better_than_the_start,
        "The goal is no better than the starting point.",
    ),
    Rule(
        "T06",
        WEAK,
        "nobody named",
        lambda read: norm(read.target.who) in ("", *read.words.generic_owner),
        "Name one person who will do it.",
    ),
    Rule(
        "T07",
        WEAK,
        "vague verb and nothing to see",
        lambda read: read.no_measure and read.found(read.words.vague_phrases),
        '"{phrase}" alone cannot be checked. Say what the child will do, how much, how often.',
    ),
    Rule(
        "T08",
        WEAK,
        "too short",
        lambda read: read.length < FEWEST_WORDS,
        "Say what, how much and from where in one sentence.",
    ),
    Rule(
        "T09",
        HINT,
        "too long",
        lambda read: read.length > MOST_WORDS,
        "Could a child say this in one breath?",
    ),
    Rule(
        "T10",
        WEAK,
        "two areas in one",
        _two_areas,
        "This holds two targets. Make two, or choose one.",
    ),
    Rule(
        "T11",
        WEAK,
        "help, not a result",
        lambda read: read.found(read.words.adult_action_patterns),
        'This says what adults will do. Put that under "What will be done"; here say what the child will achieve.',
    ),
    Rule(
        "T12",
        WEAK,
        "the same as last time",
        lambda read: reading.jaccard(read.tokens, read.previous_tokens) >= SAME_WORDS,
        "These are last term's words. What is different now?",
    ),
    Rule(
        "T13",
        WEAK,
        "not met, nothing changed",
        _unchanged_after_not_met,
        "Last time this was not met. Say what you will do differently.",
    ),
    Rule(
        "T14",
        WEAK,
        "no how often",
        lambda read: not _HOW_OFTEN.search(norm(read.target.how_often)),
        "How often, and for how long each time?",
    ),
    Rule(
        "T15",
        WEAK,
        "the help is only a label",
        _only_a_label,
        "What exactly will happen in those minutes? Choose from the bank or describe it.",
    ),
    Rule(
        "T16",
        WEAK,
        "money without a measure",
        lambda read: read.target.money > 0 and not read.success_measured,
        "Money needs a way to see what it did. Add a measure.",
    ),
    Rule(
        "T17",
        WEAK,
        "money too general, or not allowed",
        _money_for_nothing_named,
        "Say what it buys. The grant cannot pay for what is already owed (for example transport, uniform, EHC plan"
        " provision).",
    ),
    Rule(
        "T18",
        HINT,
        "no need chosen",
        lambda read: read.empty(read.target.need),
        "Which need is this for?",
    ),
    Rule(
        "T19",
        HINT,
        "words that wound",
        _words_that_wound,
        "The child will read this. Say what is hard and what helps.",
    ),
    Rule(
        "T20",
        HINT,
        "initials",
        lambda read: next(iter(reading.initials(read.target.text, read.words)), ""),
        'Write "{initials}" in words.',
    ),
    Rule(
        "T21",
        HINT,
        "only what stops",
        _only_what_stops,
        "What will the child do instead?",
    ),
    Rule(
        "T22",
        HINT,
        "all or nothing",
        lambda read: read.found(read.words.absolutes),
        'One bad day would fail this. Try "4 days out of 5".',
    ),
    Rule(
        "T23",
        HINT,
        "step too small or too big",
        _step_too_small_or_big,
        "This is a very small (or very big) step for the time. Is it right?",
    ),
    Rule(
        "T24",
        HINT,
        "not a school day",
        _no_school_day,
        "That day is not a school day.",
    ),
    Rule(
        "T25",
        STOP,
        "address, telephone, e-mail",
        _address_or_number,
        "Take out the address or number. Targets are read by many people.",
    ),
    Rule(
        "T26",
        STOP,
        "another child's name",
        _other_name,
        "Is this {name}'s target? Check that you are in the right plan.",
    ),
)

"""What a measure is: its words, and one function that gives a row for each child or thing it counts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from onroll.access.can import Can
from onroll.access.sections import Section

from .periods import PeriodKind

if TYPE_CHECKING:
    from .cohorts import Cohort

NOTHING_OF_ITS_OWN: Mapping[str, str] = {}


class Unit(StrEnum):
    """What a value is, and so how it comes from part and whole."""

    # 100 times the part by the whole.
    PERCENT = "percent"
    # The part; there is no whole.
    COUNT = "count"
    LIST = "list"
    POUNDS = "pounds"
    # 1 for yes, 0 for no: yes if every row says so. Without a row there is nothing to say.
    YES_NO = "yes-no"
    # The part by the whole: the mean of one length a row.
    DAYS = "days"

    @property
    def has_whole(self) -> bool:
        return self in (Unit.PERCENT, Unit.DAYS)


class Row(NamedTuple):
    """One child, or one thing about a child or of nobody, and what it adds to part and whole.

    `own` says where the row stands in the measure's own dimensions, by their keys: a rating, a section of a plan.
    """

    child: int | None
    part: int | Decimal
    whole: int = 1
    own: Mapping[str, str] = NOTHING_OF_ITS_OWN


@dataclass(frozen=True)
class Measure:
    """A figure: `part` of `whole` in words, and the rows they are added up from.

    `answers` are the plan measures (plan-measures.csv) whose words it answers in full; `beside` the ids of measures to
    show with it. `better` is "higher", "lower" or "" where neither is. `of` is what is counted, for “64 of 90 PEPs”.
    `own` are dimensions that its rows bring along, and their words; `own_words` the words of their values.
    `accumulates` holds of what grows from the first day of its period: it is set against the same day a year before.
    """

    id: str
    title: str
    part: str
    whole: str
    unit: Unit
    period: PeriodKind
    source: str
    rows: "Callable[[Cohort], Iterable[Row]]"
    of: str = "children"
    better: str = ""
    group: str = "The roll"
    answers: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    note: str = ""
    # The sections of the record that it tells of, where children are named behind it.
    sections: tuple[Section, ...] = (Section.BASICS,)
    # Whether it tells where the children behind it live or learn, which a mark may keep from the reader.
    tells_where: bool = False
    # The act without which there is no such figure at all.
    requires: Can | None = None
    own: Mapping[str, str] = field(default_factory=dict)
    own_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    accumulates: bool = False
    # A list is shown by this dimension, the longest first; groups of this many or more are marked, with these words.
    listed_by: str = ""
    marked_from: "Callable[[Cohort], int] | None" = None
    mark_words: str = ""
    # What the published statistics call the same figure: the key by which comparators are found.
    comparator: str = ""
    # The characteristic by whose groups it is kept too when its period is over.
    kept_by: str = ""

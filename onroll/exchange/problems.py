"""What is wrong with a file, in words for the person who will mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices


class Grade(TextChoices):
    """How much a problem matters to the load."""

    STOPS = "stops", "Stops the load"
    LEFT_OUT = "left_out", "Left out"
    NOTED = "noted", "Noted"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place: where, what, and what was done about it.

    `kind` groups problems that are alike. Neither text ever holds an address, a postcode or a score: the list of
    problems travels further than the record does.
    """

    grade: Grade
    kind: str
    file: str
    line: int | None
    child: str
    field: str
    wrong: str
    done: str


class BadValue(ValueError):
    """A cell that cannot be read, with the reason in words."""


class Unreadable(Exception):
    """A file that cannot be read at all: which one, where, and what to do. Nothing is kept of it."""


class Refused(Exception):
    """An import that can't be applied or undone now, with the reason in words."""


def stopped_children(problems: Iterable[Problem]) -> set[str]:
    """The children with a row that stops: left out whole when only the good rows are applied."""
    return {problem.child for problem in problems if problem.grade is Grade.STOPS and problem.child}

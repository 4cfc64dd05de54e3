"""Questions about a child's results: those of a term, and those of the terms before."""

from collections.abc import Iterable
from dataclasses import dataclass

from onroll.authorities.models import CalendarEntry
from onroll.children.models import Child

from .models import Result

_ORDER = {term.value: place for place, term in enumerate(CalendarEntry.Term)}


@dataclass(frozen=True, order=True)
class TermOfYear:
    """A term of a school year. The later one is greater."""

    academic_year: str
    place: int

    @classmethod
    def of(cls, academic_year: str, term: str) -> "TermOfYear":
        return cls(academic_year, _ORDER[term])

    @property
    def words(self) -> str:
        """Like "autumn 2026/27"."""
        term = list(CalendarEntry.Term)[self.place]
        return f"{term.label.lower()} {self.academic_year.replace('-', '/')}"


def termly(child: Child) -> list[Result]:
    """The teachers' assessments of a child whom the caller reached through the gate, the newest term first, by subject.

    One query.
    """
    rows = Result.unscoped.filter(child=child, stage=Result.Stage.TERMLY)
    return sorted(rows, key=lambda row: (_newest_first(row), row.subject.casefold(), row.pk))


def _newest_first(row: Result) -> tuple[int, int]:
    when = TermOfYear.of(row.academic_year, row.term)
    return -int(when.academic_year[:4]), -when.place


def of_term(rows: Iterable[Result], when: TermOfYear) -> list[Result]:
    """Those of one term."""
    return [row for row in rows if TermOfYear.of(row.academic_year, row.term) == when]


def terms_before(rows: Iterable[Result], when: TermOfYear, *, most: int) -> list[TermOfYear]:
    """The newest terms before one of which something is held, the newest first."""
    held = {TermOfYear.of(row.academic_year, row.term) for row in rows}
    return sorted((each for each in held if each < when), reverse=True)[:most]

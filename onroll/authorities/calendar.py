"""School days of the authority's calendar: weekdays in a term, not in a break or holiday, not a bank holiday."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from onroll.codes.working_days import is_working_day

from .models import CalendarEntry


@dataclass(frozen=True)
class Calendar:
    """The terms and breaks of an authority, read once. A day outside every term it holds is no school day."""

    entries: tuple[CalendarEntry, ...]

    @classmethod
    def of(cls, authority_id: int) -> "Calendar":
        """The calendar of an authority. One query."""
        return cls(tuple(CalendarEntry.objects.filter(authority_id=authority_id)))

    @property
    def terms(self) -> list[CalendarEntry]:
        return [entry for entry in self.entries if entry.kind == CalendarEntry.Kind.TERM]

    def term_on(self, day: date) -> CalendarEntry | None:
        """The term that holds this day."""
        return next((term for term in self.terms if term.holds(day)), None)

    def is_school_day(self, day: date) -> bool:
        if not is_working_day(day) or self.term_on(day) is None:
            return False
        breaks = (CalendarEntry.Kind.HALF_TERM_BREAK, CalendarEntry.Kind.SCHOOL_HOLIDAY)
        return not any(entry.holds(day) for entry in self.entries if entry.kind in breaks)

    def school_days(self, start: date, end: date) -> list[date]:
        """The school days from `start` up to, and not on, `end`."""
        days = (start + timedelta(days=n) for n in range(max((end - start).days, 0)))
        return [day for day in days if self.is_school_day(day)]


def count_between(days: list[date], start: date, end: date) -> int:
    """How many of these ordered days lie from `start` up to, and not on, `end`."""
    return bisect_right(days, end - timedelta(days=1)) - bisect_left(days, start)

"""What the authority's calendar says of terms, breaks and holidays, for reading dates as plans print them."""

from onroll.authorities.models import CalendarEntry
from onroll.codes.years import Period

from .dates_as_printed import SchoolYears


def school_years_of(authority: int) -> SchoolYears:
    """One query."""
    terms, breaks, holidays = [], [], []
    for entry in CalendarEntry.objects.filter(authority_id=authority):
        period = Period(entry.start, entry.end)
        if entry.kind == CalendarEntry.Kind.TERM:
            terms.append((entry.academic_year, entry.term, period))
        elif entry.kind == CalendarEntry.Kind.HALF_TERM_BREAK:
            breaks.append((entry.academic_year, entry.term, period))
        elif entry.kind == CalendarEntry.Kind.SCHOOL_HOLIDAY:
            holidays.append(period)
    return SchoolYears(tuple(terms), tuple(breaks), tuple(holidays))

"""The authority's calendar on its own: calendar.csv of the exchange format, whatever the file is called."""

from onroll.exchange.engine import Feed

from .loading import check, plan

FEED = Feed(
    name="calendar",
    title="Calendar",
    words="Terms, half-term breaks, holidays and PEP deadlines, as calendar.csv of the exchange format.",
    check=check,
    plan=plan,
    columns=(
        ("calendar.csv", "kind", "term, half_term_break, school_holiday or pep_deadline"),
        ("calendar.csv", "academic_year", "Like 2025-26"),
        ("calendar.csv", "term", "autumn, spring, summer, or empty"),
        ("calendar.csv", "start", "The first day, like 2025-09-01"),
        ("calendar.csv", "end", "The first day after"),
    ),
    order=60,
)

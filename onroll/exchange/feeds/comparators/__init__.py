"""Published statistics, to set figures against: the files of the Department for Education's releases, and a plain one.

A file is known by its headings. Figures of England, of the authority, its region and its statistical neighbours are
kept, and what is loaded later takes the place of what an earlier release said.
"""

from onroll.exchange.engine import Feed

from .layouts import COLUMNS
from .loading import check, plan

FEED = Feed(
    name="comparators",
    title="Published statistics",
    words="Figures of England, your region, your statistical neighbours and your authority, as the Department for "
    "Education publishes them. Give the day of the release, so that a newer one takes the place of an older.",
    check=check,
    plan=plan,
    columns=COLUMNS,
    has_as_at=True,
    order=70,
)

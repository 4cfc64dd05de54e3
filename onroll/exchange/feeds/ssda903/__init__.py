"""The return of children looked after (SSDA903): CSV or XML, any part of it, of any year from 2016-17 on.

`reading` gets rows from the files, `checking` turns them into facts or problems, `comparing` plans what they change.
"""

from onroll.exchange.engine import Feed

from .checking import check
from .comparing import plan
from .comparison import FEED_NAME
from .tables import columns_in_words

FEED = Feed(
    name=FEED_NAME,
    title="Return of children looked after (SSDA903)",
    words="Who is looked after, under which legal status and in which placement, for a year from 1 April to 31 March.",
    check=check,
    plan=plan,
    columns=tuple(columns_in_words()),
    kinds="CSV, XML or zip",
    as_at_otherwise="the latest first day of an episode",
    may_be_part=True,
    may_leave_bad_rows=True,
    has_as_at=True,
    stale_after_days=400,
    order=10,
)

"""The weekly list of the whole roll: who is looked after today, where, with whom and at which school.

`rows` turns the sheet into children or problems; `comparing` plans what they change in the record.
"""

from onroll.exchange.engine import Feed

from .columns import COLUMNS
from .comparing import plan, write
from .rows import check

FEED = Feed(
    name="list",
    title="Weekly list of looked-after children",
    words="The whole roll as one sheet (such as the Annex A list): it keeps the roll live between yearly returns.",
    check=check,
    plan=plan,
    write=write,
    columns=tuple(("Weekly list", column.heading, column.hint) for column in COLUMNS),
    matched_columns=COLUMNS,
    kinds="Excel, CSV or zip",
    may_be_part=True,
    has_as_at=True,
    stale_after_days=7,
    order=15,
)

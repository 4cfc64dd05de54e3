"""The national register of schools: establishments of any year's layout, and which school followed which.

Columns are found by their headings, never by their place. A school that a file does not hold stays as it is: the
register is loaded in parts and keeps closed schools.
"""

from onroll.exchange.engine import Feed

from .columns import COLUMNS, LINK_COLUMNS
from .compare import plan
from .rows import check

FEED = Feed(
    name="gias",
    title="Register of schools",
    words="Schools and what became of them, from Get Information about Schools or the school performance tables.",
    check=check,
    plan=plan,
    columns=tuple(
        (file, " or ".join(column.headings), column.words)
        for file, columns in (("Schools", COLUMNS), ("Links", LINK_COLUMNS))
        for column in columns
    ),
    stale_after_days=92,
    order=40,
)

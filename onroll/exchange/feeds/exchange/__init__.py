"""The exchange format, version 1: everything an authority holds, as plain files, in and out without loss.

`tables/` says for each file what its columns are, how they are held and how a row is made; `loading` reads the files
and works out what they would change; `exporting` writes them. One declaration serves both ways.
"""

from onroll.exchange.engine import Feed

from .loading import check, plan

FEED = Feed(
    name="exchange",
    title="Exchange format",
    words="Everything Onroll holds about an authority, as a folder of CSV files. For moving between installations.",
    check=check,
    plan=plan,
    order=90,
    on_pages=False,
)

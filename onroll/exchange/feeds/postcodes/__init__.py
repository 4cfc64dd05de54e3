"""The postcode directory, in the layout of the national statistics: which authority a postcode lies in, and where.

It is loaded in parts, an area at a time, as it is published. Where a home lies is then worked out again for every
address whose authority no source named. The directory itself can be loaded again at any time and is not in the
history; what it changes in the record is, and can be undone.
"""

from onroll.exchange.engine import Feed

from .loading import check, plan, write

FEED = Feed(
    name="postcodes",
    title="Postcode directory",
    words="Which authority a postcode lies in, and where. Load the files of the areas where your children live.",
    check=check,
    plan=plan,
    write=write,
    order=80,
)

"""What the return does not bring, from the spreadsheets people keep: places, allocations, needs, teachers, targets.

Each feed is the exchange format's table of the same facts, read through columns that the officer matches once.
"""

from .allocations import ALLOCATIONS
from .needs import NEEDS
from .school_places import PLACES
from .targets import TARGETS
from .teachers import TEACHERS

FEEDS = [PLACES, ALLOCATIONS, NEEDS, TEACHERS, TARGETS]

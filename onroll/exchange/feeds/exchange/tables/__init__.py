"""The files of the format, in the order in which they are read: what a row points to comes before it."""

from .authority import AUTHORITY, CALENDAR, INSPECTIONS, PEOPLE, SCHOOLS
from .care import CARE_EPISODES, CARE_LEAVER_CONTACTS, MISSING, PREVIOUS_PERMANENCE, REVIEWS, STATUSES
from .identity import ALLOCATIONS, CHILDREN, NAMES
from .needs import NEEDS
from .school_places import SCHOOL_PLACES

TABLES = [
    AUTHORITY,
    CALENDAR,
    SCHOOLS,
    INSPECTIONS,
    PEOPLE,
    CHILDREN,
    CARE_EPISODES,
    ALLOCATIONS,
    NEEDS,
    SCHOOL_PLACES,
    NAMES,
    STATUSES,
    REVIEWS,
    MISSING,
    PREVIOUS_PERMANENCE,
    CARE_LEAVER_CONTACTS,
]

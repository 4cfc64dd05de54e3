"""The files of the format, in the order in which they are read: what a row points to comes before it."""

from .authority import AUTHORITY, CALENDAR, INSPECTIONS, PEOPLE, POST_REVIEWS, SCHOOLS, SHARING_AGREEMENTS
from .care import CARE_EPISODES, CARE_LEAVER_CONTACTS, MISSING, PREVIOUS_PERMANENCE, REVIEWS, STATUSES
from .guards import LINKS_CLOSED, NAMED, SERVICE_CASES, SETTINGS_TOLD, YOUNG_ADULT_AGREEMENTS
from .identity import ALLOCATIONS, CHILDREN, NAMES
from .needs import NEEDS
from .peps import OF_PEPS
from .plan_facts import OF_PLANS
from .results import DESTINATIONS, RESULTS
from .school_places import SCHOOL_PLACES
from .targets import TARGETS

TABLES = [
    AUTHORITY,
    CALENDAR,
    SCHOOLS,
    INSPECTIONS,
    SHARING_AGREEMENTS,
    PEOPLE,
    POST_REVIEWS,
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
    LINKS_CLOSED,
    NAMED,
    SERVICE_CASES,
    YOUNG_ADULT_AGREEMENTS,
    SETTINGS_TOLD,
    RESULTS,
    DESTINATIONS,
    *OF_PEPS,
    *OF_PLANS,
    TARGETS,
]
